//! What was typed on the page, and how it is read: everything that is wrong is said at once.

use crate::domain::day::Day;
use crate::domain::fingerprint::fingerprint;
use crate::domain::fostering::FosteringType;
use crate::domain::household::{Answer, Applicant, Key, keys};
use crate::domain::ids::{HouseholdId, UserId};
use crate::domain::ledger::{Attribute, AttributeName, Facts, Milestone};
use crate::domain::milestone::MilestoneKind;
use crate::domain::note::NoteKind;
use crate::domain::order::{self, Dated};
use crate::domain::source::spelled;
use crate::domain::text::{LONGEST_LINE, email, formula, phone, postcode, tidy};
use crate::features::enquiries::NewNote;
use crate::features::households::NewHousehold;
use crate::web::Form;

/// As many as can be added one by one; nobody needs them, and a form must end somewhere.
const MOST_PEOPLE: usize = 8;
const USUAL_PEOPLE: usize = 2;

/// Everything that is needed to log it.
#[derive(Debug, Clone)]
pub struct Entered {
    /// A household that is known; else a new one.
    pub known: Option<HouseholdId>,
    pub household: NewHousehold,
    pub received: Day,
    pub enquired: Option<Day>,
    pub source: Option<String>,
    pub campaign: Option<String>,
    pub kind: Option<FosteringType>,
    pub hub: Option<String>,
    pub hub_reference: Option<String>,
    pub officer: Option<(String, UserId)>,
    pub note: Option<String>,
    /// The first conversation, which is going on now.
    pub contact_made_on: Option<Day>,
    /// Restricted from its first moment: open to whoever logs it.
    pub only_me: bool,
}

/// What there is to choose from and to be suggested.
#[derive(Default)]
pub struct Offered {
    pub officers: Vec<(String, UserId)>,
    pub sources: Vec<String>,
    pub campaigns: Vec<String>,
    pub hubs: Vec<String>,
}

/// How many people the page has room for.
pub fn people(form: &Form) -> usize {
    let asked = form.value("people").parse().unwrap_or(USUAL_PEOPLE);
    asked.clamp(USUAL_PEOPLE, MOST_PEOPLE)
}

/// Room for one more, if there may be one.
pub fn add_person(form: &mut Form) {
    let more = (people(form) + 1).min(MOST_PEOPLE);
    form.set("people", more.to_string());
}

/// Whoever has been named so far.
pub fn typed_names(form: &Form) -> Vec<String> {
    let names = (1..=people(form)).filter_map(|at| form.text(&format!("name_{at}")));
    names.map(|name| tidy(&name)).collect()
}

/// What a household may be recognised by, from what has been typed so far; what cannot be read yet is passed over.
pub fn typed_keys(form: &Form) -> Vec<Key> {
    let mut typed = Vec::new();
    for at in 1..=people(form) {
        let name = form.text(&format!("name_{at}")).map(|name| tidy(&name)).unwrap_or_default();
        let phones = phone::split(form.value(&format!("phone_{at}"))).numbers;
        let phones: Vec<_> = phones.into_iter().filter(|phone| phone::parse(phone).is_ok()).collect();
        let email = email::parse(form.value(&format!("email_{at}"))).ok().map(str::to_owned);
        typed.push((name, (!phones.is_empty()).then(|| phones.join(phone::JOINED_BY)), email));
    }
    let home = postcode::parse(form.value("postcode")).ok();
    let people = typed.iter().map(|(name, phone, email)| (name.as_str(), phone.as_deref(), email.as_deref()));
    // A given name alone says nothing.
    keys(people, home.as_deref()).into_iter().filter(|key| key.value.len() > 3).collect()
}

/// What stood beside the form when it was sent.
pub struct Seen {
    /// What was typed to know the household by.
    pub keys: Vec<Key>,
    /// Those that were shown as perhaps the same.
    pub households: Vec<HouseholdId>,
}

impl Seen {
    pub fn of(form: &Form) -> Seen {
        let households = form.values("shown").filter_map(|id| id.parse().ok()).collect();
        Seen { keys: typed_keys(form), households }
    }
}

/// None when something is wrong; the form then says what.
pub fn parse(form: &mut Form, today: Day, offered: &Offered) -> Option<Entered> {
    let known = form.choice("household", "Choose one of the households, or a new one");
    let entered = Entered {
        household: household(form, known.is_some()),
        known,
        received: form.required_day("received_on", today, "Enter the day on which it was received").unwrap_or(today),
        enquired: form.day("enquired_on", today),
        source: line(form, "source").map(|typed| spelled(typed, &offered.sources)),
        campaign: line(form, "campaign").map(|typed| spelled(typed, &offered.campaigns)),
        kind: form.choice("kind", "Choose a kind of fostering"),
        hub: line(form, "hub"),
        hub_reference: line(form, "hub_reference"),
        officer: officer(form, &offered.officers),
        note: form.text("note"),
        contact_made_on: form.is_chosen("contact_made", "yes").then_some(today),
        only_me: form.is_chosen("only_me", "yes"),
    };
    if entered.hub_reference.is_some() && entered.hub.is_none() {
        form.fail("hub", "Enter the hub whose reference it is");
    }
    refuse_wrong_order(form, &entered.facts(), today);
    form.is_valid().then_some(entered)
}

fn household(form: &mut Form, is_known: bool) -> NewHousehold {
    let mut applicants = Vec::new();
    for at in 1..=people(form) {
        applicants.extend(applicant(form, at, is_known));
    }
    let home = form.text("postcode");
    let postcode = home.and_then(|typed| match postcode::parse(&typed) {
        Ok(postcode) => Some(postcode),
        Err(_) => {
            let typed = tidy(&typed);
            form.fail("postcode", format!("“{typed}” cannot be a postcode. Leave it out if it is not known"));
            None
        }
    });
    NewHousehold {
        applicants,
        address: form.text("address"),
        postcode,
        language: line(form, "language"),
        contact_hours: line(form, "contact_hours"),
        message_allowed: answer(form, "message_allowed"),
        consent_to_contact: answer(form, "consent_to_contact"),
    }
}

/// Who stands in one row of the page; None where nobody is named in it.
fn applicant(form: &mut Form, at: usize, is_known: bool) -> Option<Applicant> {
    let (name_field, phone_field, email_field) = (format!("name_{at}"), format!("phone_{at}"), format!("email_{at}"));
    let name = line(form, &name_field);
    let says_more = form.text(&phone_field).is_some() || form.text(&email_field).is_some();
    if let Some(sentence) = wrong_name(name.as_deref(), at, is_known, says_more) {
        form.fail(&name_field, sentence);
    }
    let phone = form.text(&phone_field).and_then(|typed| match phone::parse_several(&typed) {
        Ok(numbers) => Some(numbers),
        Err(error) => {
            form.fail(&phone_field, error.to_string());
            None
        }
    });
    let email = form.text(&email_field).and_then(|typed| match email::parse(&typed) {
        Ok(email) => Some(email.to_owned()),
        Err(error) => {
            form.fail(&email_field, error.to_string());
            None
        }
    });
    name.map(|name| Applicant { name, email, phone })
}

/// The first is named; so is everybody whose telephone or e-mail is given. A known household has its names.
fn wrong_name(name: Option<&str>, at: usize, is_known: bool, says_more: bool) -> Option<String> {
    match name {
        Some(name) if formula::starts_one(name) => {
            Some(format!("“{name}” is not a name. Leave the sign at its beginning out"))
        }
        None if at == 1 && !is_known => Some("Enter the name of who wants to foster".to_owned()),
        None if says_more && !is_known => Some("Enter the name that goes with this telephone or e-mail".to_owned()),
        _ => None,
    }
}

/// Text of one line, tidied.
fn line(form: &mut Form, field: &str) -> Option<String> {
    let text = form.text(field).map(|text| tidy(&text)).filter(|text| !text.is_empty())?;
    if text.chars().count() > LONGEST_LINE {
        form.fail(field, format!("Write it in {LONGEST_LINE} letters or fewer; a note can be longer"));
        return None;
    }
    Some(text)
}

fn answer(form: &mut Form, field: &str) -> Answer {
    form.choice(field, "Choose an answer").unwrap_or_default()
}

fn officer(form: &mut Form, officers: &[(String, UserId)]) -> Option<(String, UserId)> {
    let chosen: UserId = form.choice("officer", "Choose an officer from the list")?;
    let officer = officers.iter().find(|(_, id)| *id == chosen).cloned();
    if officer.is_none() {
        form.fail("officer", "Choose an officer from the list");
    }
    officer
}

/// The same order for people, files and hubs; each refusal stands at the field it is about.
fn refuse_wrong_order(form: &mut Form, facts: &Facts, today: Day) {
    for refusal in order::refusals(facts, today) {
        let field = match refusal.what {
            Dated::Milestone(MilestoneKind::Enquired) => "enquired_on",
            Dated::Milestone(MilestoneKind::FirstContact) => "contact_made",
            _ => "received_on",
        };
        form.fail(field, refusal.to_string());
    }
}

impl Entered {
    pub fn facts(&self) -> Facts {
        let mut milestones = Vec::new();
        let mut add = |kind, on: Option<Day>| milestones.extend(on.map(|on| Milestone::new(kind, on)));
        add(MilestoneKind::Enquired, self.enquired);
        add(MilestoneKind::EnquiryReceived, Some(self.received));
        add(MilestoneKind::FirstContact, self.contact_made_on);
        Facts { milestones, attributes: self.attributes(), ..Facts::default() }
    }

    fn attributes(&self) -> Vec<Attribute> {
        let kind = self.kind.map(|kind| kind.code().to_owned());
        let plain = [
            (AttributeName::Source, &self.source),
            (AttributeName::Campaign, &self.campaign),
            (AttributeName::FosteringType, &kind),
            (AttributeName::Hub, &self.hub),
            (AttributeName::HubReference, &self.hub_reference),
        ];
        let plain = plain.into_iter().filter_map(|(name, value)| {
            value.clone().map(|value| Attribute { name, value: Some(value), user: None, from: None })
        });
        let officer = self.officer.iter().map(|(name, user)| Attribute {
            name: AttributeName::Officer,
            value: Some(name.clone()),
            user: Some(*user),
            from: Some(self.received),
        });
        plain.chain(officer).collect()
    }

    /// What was said, on the day on which it is written down.
    pub fn notes(&self, today: Day) -> Vec<NewNote> {
        let kind = if self.contact_made_on.is_some() { NoteKind::Call } else { NoteKind::Note };
        self.note.iter().map(|body| NewNote { kind, on: today, body: body.clone() }).collect()
    }

    /// By which it is recognised when a file brings it again. `names` are those of the household, new or known.
    pub fn fingerprint(&self, household: &NewHousehold) -> String {
        let names: Vec<_> = household.applicants.iter().map(|applicant| applicant.name.clone()).collect();
        let first_phone = household.applicants.iter().flat_map(Applicant::phones).next();
        let email = household.applicants.iter().find_map(|applicant| applicant.email.as_deref());
        fingerprint(self.received, &names, household.postcode.as_deref(), first_phone, email)
    }

    pub fn keys(&self) -> Vec<Key> {
        let people = self.household.applicants.iter();
        keys(
            people.map(|it| (it.name.as_str(), it.phone.as_deref(), it.email.as_deref())),
            self.household.postcode.as_deref(),
        )
    }
}
