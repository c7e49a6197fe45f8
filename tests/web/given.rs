//! What is there before a test begins, made by the same actions as people use.
//! `given::enquiry().named("Amira Rahman").received("2025-03-01").visited("2025-03-09").create(&app).await`

#![allow(dead_code, reason = "a builder says everything that a test could want; not every test wants it")]

use hearth::domain::actor::Actor;
use hearth::domain::day::Day;
use hearth::domain::fostering::FosteringType;
use hearth::domain::household::{Answer, Applicant};
use hearth::domain::ids::{EnquiryId, HouseholdId, UserId};
use hearth::domain::instant::Instant;
use hearth::domain::ledger::{Attribute, AttributeName, Fact, Facts, Milestone};
use hearth::domain::milestone::{MilestoneKind, MilestoneResult};
use hearth::domain::note::NoteKind;
use hearth::domain::pause::{InTouch, Pause, PauseReason};
use hearth::domain::reason::ReasonCode;
use hearth::features::enquiries::{self, NewEnquiry, NewNote, Of};
use hearth::features::households::NewHousehold;
use hearth::features::pipeline;

use crate::support::TestApp;

/// Received on 1 October 2025 by a household of one, and nothing else, unless more is said.
pub fn enquiry() -> Enquiry {
    Enquiry {
        reference: None,
        known: None,
        household: NewHousehold::default(),
        begins: vec![],
        attributes: vec![],
        later: vec![],
        notes: vec![],
        restricted_to: None,
        recorded_at: None,
    }
}

#[derive(Clone)]
#[must_use]
pub struct Enquiry {
    reference: Option<String>,
    known: Option<HouseholdId>,
    household: NewHousehold,
    begins: Vec<Milestone>,
    attributes: Vec<Attribute>,
    later: Vec<Fact>,
    notes: Vec<NewNote>,
    restricted_to: Option<Vec<UserId>>,
    recorded_at: Option<Instant>,
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

impl Enquiry {
    pub fn reference(mut self, reference: &str) -> Enquiry {
        self.reference = Some(reference.to_owned());
        self
    }

    /// Another approach by a household that is there already.
    pub fn of(mut self, household: HouseholdId) -> Enquiry {
        self.known = Some(household);
        self
    }

    /// One more applicant; what follows about telephone and e-mail is theirs.
    pub fn named(mut self, name: &str) -> Enquiry {
        self.household.applicants.push(Applicant { name: name.to_owned(), ..Applicant::default() });
        self
    }

    pub fn phone(mut self, phone: &str) -> Enquiry {
        self.last_applicant().phone = Some(phone.to_owned());
        self
    }

    pub fn email(mut self, email: &str) -> Enquiry {
        self.last_applicant().email = Some(email.to_owned());
        self
    }

    pub fn address(mut self, address: &str) -> Enquiry {
        self.household.address = Some(address.to_owned());
        self
    }

    pub fn postcode(mut self, postcode: &str) -> Enquiry {
        self.household.postcode = Some(postcode.to_owned());
        self
    }

    pub fn consent(mut self, answer: Answer) -> Enquiry {
        self.household.consent_to_contact = answer;
        self
    }

    pub fn received(self, on: &str) -> Enquiry {
        self.begins(MilestoneKind::EnquiryReceived, on)
    }

    pub fn enquired(self, on: &str) -> Enquiry {
        self.begins(MilestoneKind::Enquired, on)
    }

    pub fn contacted(self, on: &str) -> Enquiry {
        self.milestone(MilestoneKind::FirstContact, on)
    }

    pub fn visited(self, on: &str) -> Enquiry {
        self.milestone(MilestoneKind::InitialVisit, on)
    }

    pub fn applied(self, on: &str) -> Enquiry {
        self.milestone(MilestoneKind::ApplicationReceived, on)
    }

    /// Stage 1 begins.
    pub fn stage_1(self, on: &str) -> Enquiry {
        self.milestone(MilestoneKind::AssessmentStarted, on)
    }

    pub fn stage_1_outcome(self, on: &str) -> Enquiry {
        self.fact(Fact::Milestone(
            Milestone::new(MilestoneKind::Stage1OutcomeNotified, day(on)).with_result(Some(MilestoneResult::GoOn)),
        ))
    }

    pub fn stage_2(self, on: &str) -> Enquiry {
        self.milestone(MilestoneKind::Stage2Started, on)
    }

    /// With a recommendation to approve.
    pub fn panel(self, on: &str) -> Enquiry {
        self.fact(Fact::Milestone(
            Milestone::new(MilestoneKind::PanelRecommendation, day(on)).with_result(Some(MilestoneResult::Approve)),
        ))
    }

    pub fn approved(self, on: &str) -> Enquiry {
        self.milestone(MilestoneKind::Approved, on)
    }

    pub fn closed(self, on: &str, reason: &str) -> Enquiry {
        self.fact(Fact::Milestone(Milestone::closed(day(on), ReasonCode(reason.to_owned()))))
    }

    pub fn reopened(self, on: &str) -> Enquiry {
        self.milestone(MilestoneKind::Reopened, on)
    }

    pub fn milestone(self, kind: MilestoneKind, on: &str) -> Enquiry {
        self.fact(Fact::Milestone(Milestone::new(kind, day(on))))
    }

    /// An empty `to` is a pause without an end.
    pub fn paused(self, from: &str, to: &str) -> Enquiry {
        let to = (!to.is_empty()).then(|| day(to));
        self.fact(Fact::Pause(Pause { from: day(from), to, reason: PauseReason::Illness }))
    }

    pub fn in_touch(self, from: &str, contact_again: &str) -> Enquiry {
        self.fact(Fact::InTouch(InTouch { from: day(from), to: None, contact_again_on: Some(day(contact_again)) }))
    }

    /// Any fact, recorded after the ones before it.
    pub fn fact(mut self, fact: Fact) -> Enquiry {
        self.later.push(fact);
        self
    }

    pub fn source(self, source: &str) -> Enquiry {
        self.attribute(AttributeName::Source, source)
    }

    pub fn campaign(self, campaign: &str) -> Enquiry {
        self.attribute(AttributeName::Campaign, campaign)
    }

    pub fn kind(self, kind: FosteringType) -> Enquiry {
        self.attribute(AttributeName::FosteringType, kind.code())
    }

    pub fn hub(self, hub: &str, reference: &str) -> Enquiry {
        self.attribute(AttributeName::Hub, hub).attribute(AttributeName::HubReference, reference)
    }

    /// From the day received on. `user` is the officer's account, where there is one.
    pub fn officer(mut self, name: &str, user: Option<UserId>) -> Enquiry {
        let from = self.begins.last().map_or_else(|| day("2025-10-01"), |begins| begins.on);
        self.attributes.push(Attribute {
            name: AttributeName::Officer,
            value: Some(name.to_owned()),
            user,
            from: Some(from),
        });
        self
    }

    pub fn note(mut self, on: &str, body: &str) -> Enquiry {
        self.notes.push(NewNote { kind: NoteKind::Note, on: day(on), body: body.to_owned() });
        self
    }

    /// Open to these people only.
    pub fn restricted_to(mut self, users: &[UserId]) -> Enquiry {
        self.restricted_to = Some(users.to_vec());
        self
    }

    /// Everything of it is recorded at this instant and not at the time of the test.
    pub fn recorded_at(mut self, instant: &str) -> Enquiry {
        self.recorded_at = Some(Instant::parse(instant).unwrap());
        self
    }

    pub async fn create(mut self, app: &TestApp) -> EnquiryId {
        let actor = Actor::command_line(self.recorded_at.unwrap_or_else(|| app.now()));
        if self.begins.is_empty() {
            self = self.received("2025-10-01");
        }
        if self.household.applicants.is_empty() {
            self = self.named("Sam Default");
        }
        let mut write = app.state.db.write().await.unwrap();
        let names = self.household.applicants.iter().map(|applicant| applicant.name.clone()).collect();
        let new = NewEnquiry {
            reference: self.reference,
            fingerprint: None,
            of: self.known.map_or(Of::New(self.household), |known| Of::Known(known, names)),
            facts: Facts { milestones: self.begins, attributes: self.attributes, ..Facts::default() },
            notes: self.notes,
            import: None,
        };
        let id = enquiries::create(&mut write, &actor, &[new]).await.unwrap()[0];
        for fact in self.later {
            pipeline::record(&mut write, &actor, id, fact).await.unwrap();
        }
        if let Some(users) = self.restricted_to {
            restrict(&mut write, id, &users).await;
        }
        write.commit().await.unwrap();
        id
    }

    fn begins(mut self, kind: MilestoneKind, on: &str) -> Enquiry {
        self.begins.push(Milestone::new(kind, day(on)));
        self
    }

    fn attribute(mut self, name: AttributeName, value: &str) -> Enquiry {
        self.attributes.push(Attribute { name, value: Some(value.to_owned()), user: None, from: None });
        self
    }

    fn last_applicant(&mut self) -> &mut Applicant {
        if self.household.applicants.is_empty() {
            self.household.applicants.push(Applicant { name: "Sam Default".to_owned(), ..Applicant::default() });
        }
        self.household.applicants.last_mut().unwrap()
    }
}

async fn restrict(write: &mut sqlx::SqliteConnection, id: EnquiryId, users: &[UserId]) {
    sqlx::query("update enquiry set restricted = 1 where id = ?").bind(id).execute(&mut *write).await.unwrap();
    for user in users {
        sqlx::query("insert into enquiry_access (enquiry_id, user_id) values (?, ?)")
            .bind(id)
            .bind(user)
            .execute(&mut *write)
            .await
            .unwrap();
    }
}

/// Whose enquiry it is.
pub async fn household_of(app: &TestApp, id: EnquiryId) -> HouseholdId {
    let id: i64 = sqlx::query_scalar("select household_id from enquiry where id = ?")
        .bind(id)
        .fetch_one(app.state.db.read())
        .await
        .unwrap();
    HouseholdId(id)
}
