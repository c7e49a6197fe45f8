use serde_json::json;
use sqlx::SqliteConnection;

use super::find::{self, Together};
use super::queries::{self, NewSeparation};
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::day::Day;
use crate::domain::fingerprint::fingerprint;
use crate::domain::fostering::FosteringType;
use crate::domain::household::Applicant;
use crate::domain::ids::{EnquiryId, HouseholdId, MemberId, SeparationId, UserId};
use crate::domain::ledger::{Attribute, AttributeName, Facts, Milestone};
use crate::domain::merge::{Portrait, pair};
use crate::domain::milestone::MilestoneKind;
use crate::domain::separation::{Home, refused_contact, refused_day, split};
use crate::features::enquiries::{self, NewEnquiry, Of};
use crate::features::households::{self, NewHousehold};
use crate::features::{alike, audit, search, tasks};
use crate::web::one_time::OrFailure;

/// They have separated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Separation {
    /// On whose record it is said; those who stay go on with it.
    pub enquiry: EnquiryId,
    pub household: HouseholdId,
    /// Of the household, as whoever decided saw it.
    pub version: i64,
    pub on: Day,
    /// Places among the applicants.
    pub stays: Vec<usize>,
    pub home: Home,
    /// Those who leave go on themselves; None: not now.
    pub next: Option<NextEnquiry>,
    pub note: Option<String>,
}

/// The enquiry of those who leave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NextEnquiry {
    /// Who has it from that day; None: nobody yet.
    pub officer: Option<(String, UserId)>,
    pub kind: Option<FosteringType>,
    pub source: Option<String>,
    pub campaign: Option<String>,
    pub hub: Option<String>,
    /// Since they separated; None: nobody has spoken with them yet.
    pub first_contact: Option<Day>,
}

impl NextEnquiry {
    /// What is true of the enquiry that they leave, and most likely of theirs: the same people go on with the same wish.
    /// The hub's own number for them stays with the one that the hub passed on.
    pub fn continuing(facts: &Facts) -> NextEnquiry {
        let text = |name| facts.attribute(name).map(str::to_owned);
        NextEnquiry {
            officer: None,
            kind: facts.fostering_type(),
            source: text(AttributeName::Source),
            campaign: text(AttributeName::Campaign),
            hub: text(AttributeName::Hub),
            first_contact: None,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SeparationError {
    /// It is not there, has gone into another household, or may not be opened.
    #[error("This household is no longer there")]
    NotThere,
    #[error("Somebody else has changed this household since you opened it")]
    Stale,
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<households::ActionError> for SeparationError {
    fn from(error: households::ActionError) -> SeparationError {
        match error {
            households::ActionError::Database(error) => SeparationError::Database(error),
            households::ActionError::Stale => SeparationError::Stale,
        }
    }
}

impl OrFailure for SeparationError {
    fn or_failure(self) -> Result<SeparationError, sqlx::Error> {
        match self {
            SeparationError::Database(error) => Err(error),
            refused => Ok(refused),
        }
    }
}

/// All of it or nothing, in the caller's transaction. What was recorded of their enquiries stays as it is, so that no
/// report changes but by the enquiry that those who leave may begin.
pub async fn separate(
    connection: &mut SqliteConnection,
    actor: &Actor,
    wanted: &Separation,
) -> Result<SeparationId, SeparationError> {
    let together = find::together(connection, wanted.household, actor.user).await?.ok_or(SeparationError::NotThere)?;
    if together.household.version != wanted.version {
        return Err(SeparationError::Stale);
    }
    let day = together.day_of(wanted.enquiry).ok_or(SeparationError::NotThere)?;
    let today = actor.at.london_day();
    let contact = wanted.next.as_ref().and_then(|next| next.first_contact);
    let refused = refused_day(wanted.on, day, today);
    if let Some(sentence) = refused.or_else(|| refused_contact(contact?, wanted.on, today)) {
        return Err(SeparationError::Refused(sentence));
    }
    let (stays, leaves) = split(&together.portrait, &wanted.stays, wanted.home)
        .ok_or_else(|| SeparationError::Refused("Somebody has to stay, and somebody to leave".to_owned()))?;
    let sources = households::list_gone_into(connection, wanted.household).await?;
    let history = queries::list_history(connection, wanted.household, &sources, wanted.enquiry, wanted.on).await?;
    let hidden = of_merged(connection, wanted.household, &sources, &stays.applicants, &leaves.applicants).await?;
    let (new, own) = make(connection, actor, wanted, &leaves).await?;
    let texts = (json!(together.portrait).to_string(), json!(stays).to_string(), json!(leaves).to_string());
    let row = NewSeparation {
        from: wanted.household,
        new,
        enquiry: wanted.enquiry,
        own,
        on: wanted.on,
        note: wanted.note.as_deref(),
        before: &texts.0,
        after: &texts.1,
        new_after: &texts.2,
    };
    let id = queries::insert(connection, actor, &row).await?;
    queries::insert_enquiries(connection, id, &history).await?;
    queries::insert_members(connection, id, &hidden).await?;
    search::refresh(connection, &[new]).await?;
    if let Some(own) = own {
        enquiries::restrict_as_before(connection, own).await?;
    }
    // They may share a number or a postcode: said before it is looked at again.
    alike::set_apart(connection, actor, wanted.household, new, true).await?;
    alike::put(connection, actor, &together.household, together.household.version, &stays).await?;
    trace(connection, actor, wanted, id, &together, (new, own)).await?;
    Ok(id)
}

/// Of records that were merged into this one: the people who are those who leave.
async fn of_merged(
    connection: &mut SqliteConnection,
    household: HouseholdId,
    sources: &[HouseholdId],
    stays: &[Applicant],
    leaves: &[Applicant],
) -> sqlx::Result<Vec<MemberId>> {
    let members = queries::list_members_of_merged(connection, household, sources).await?;
    let is_one_of = |one: &Applicant, all: &[Applicant]| {
        let shares = |other: &Applicant| {
            one.phones().any(|it| other.phones().any(|phone| phone == it))
                || one.emails().any(|it| other.emails().any(|email| email.eq_ignore_ascii_case(it)))
        };
        pair(all, std::slice::from_ref(one)).iter().any(|it| it.kept.is_some() && it.goes.is_some())
            || all.iter().any(shares)
    };
    let leaving = members.into_iter().filter(|(_, it)| is_one_of(it, leaves) && !is_one_of(it, stays));
    Ok(leaving.map(|(id, _)| id).collect())
}

/// The household of those who leave, and their enquiry where they go on.
async fn make(
    connection: &mut SqliteConnection,
    actor: &Actor,
    wanted: &Separation,
    leaves: &Portrait,
) -> sqlx::Result<(HouseholdId, Option<EnquiryId>)> {
    let household = NewHousehold {
        applicants: leaves.applicants.clone(),
        address: leaves.address.clone(),
        postcode: leaves.postcode.clone(),
        ..NewHousehold::default()
    };
    let Some(next) = &wanted.next else {
        return Ok((households::create(connection, actor, &[household]).await?[0], None));
    };
    let facts = facts(wanted.on, next);
    let enquiry = NewEnquiry {
        reference: None,
        fingerprint: Some(recognised_by(wanted.on, leaves)),
        of: Of::New(household),
        facts: facts.clone(),
        notes: Vec::new(),
        import: None,
    };
    let own = enquiries::create(connection, actor, &[enquiry]).await?[0];
    tasks::follow(connection, actor, own, &Facts::default(), &facts).await?;
    let event = Event::of_enquiry(Action::EnquiryCreated, own).with(json!({ "received": wanted.on }));
    audit::record(connection, actor, &event).await?;
    let household = households::find_of(connection, own).await?.ok_or(sqlx::Error::RowNotFound)?;
    Ok((household, Some(own)))
}

/// Received on the day on which they separated.
fn facts(on: Day, next: &NextEnquiry) -> Facts {
    let contact = next.first_contact.map(|contact| Milestone::new(MilestoneKind::FirstContact, contact));
    let kind = next.kind.map(|kind| kind.code().to_owned());
    let plain = [
        (AttributeName::Source, &next.source),
        (AttributeName::Campaign, &next.campaign),
        (AttributeName::FosteringType, &kind),
        (AttributeName::Hub, &next.hub),
    ];
    let plain = plain.into_iter().filter_map(|(name, value)| {
        value.clone().map(|value| Attribute { name, value: Some(value), user: None, from: None })
    });
    let officer = next.officer.iter().map(|(name, user)| Attribute {
        name: AttributeName::Officer,
        value: Some(name.clone()),
        user: Some(*user),
        from: Some(on),
    });
    Facts {
        milestones: [Milestone::new(MilestoneKind::EnquiryReceived, on)].into_iter().chain(contact).collect(),
        attributes: plain.chain(officer).collect(),
        ..Facts::default()
    }
}

fn recognised_by(on: Day, leaves: &Portrait) -> String {
    let names: Vec<_> = leaves.applicants.iter().map(|it| it.name.clone()).collect();
    let phone = leaves.applicants.iter().flat_map(Applicant::phones).next();
    let email = leaves.applicants.iter().find_map(|it| it.email.as_deref());
    fingerprint(on, &names, leaves.postcode.as_deref(), phone, email)
}

/// In the history of each enquiry of both: who stayed and who left, and nothing else of them.
async fn trace(
    connection: &mut SqliteConnection,
    actor: &Actor,
    wanted: &Separation,
    id: SeparationId,
    together: &Together,
    (new, own): (HouseholdId, Option<EnquiryId>),
) -> sqlx::Result<()> {
    let (stay, leave): (Vec<_>, Vec<_>) =
        together.names().into_iter().enumerate().partition(|(at, _)| wanted.stays.contains(at));
    let names = |all: Vec<(usize, String)>| all.into_iter().map(|(_, name)| name).collect::<Vec<_>>();
    let detail = json!({ "separation": id, "on": wanted.on, "stay": names(stay), "leave": names(leave) });
    let of_first = together.enquiries.iter().map(|row| (row.id, new));
    for (enquiry, other) in of_first.chain(own.map(|own| (own, wanted.household))) {
        let event = Event { household: Some(other), ..Event::of_enquiry(Action::HouseholdSeparated, enquiry) };
        audit::record(connection, actor, &event.with(detail.clone())).await?;
    }
    Ok(())
}
