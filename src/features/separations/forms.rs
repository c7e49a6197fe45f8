use super::actions::{NextEnquiry, Separation};
use super::find::Together;
use crate::domain::day::Day;
use crate::domain::fostering::FosteringType;
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::ledger::AttributeName;
use crate::domain::milestone::MilestoneKind;
use crate::domain::separation::{GoesOn, Home, refused_contact, refused_day};
use crate::domain::source::spelled;
use crate::domain::text::{LONGEST_LINE, tidy};
use crate::features::pipeline::Assignable;
use crate::web::Form;
use crate::web::form::Choice;

const LONGEST_NOTE: usize = 1_000;

/// What there is to choose from, and what is filled in of the enquiry that they leave.
pub struct Offered {
    pub officers: Vec<Assignable>,
    pub sources: Vec<String>,
    pub campaigns: Vec<String>,
    pub before: NextEnquiry,
}

/// The form as it is first shown. Who stays and who goes on is nobody's to guess.
pub fn empty(together: &Together, before: &NextEnquiry) -> Form {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    Form::of([
        ("home", Home::default().code().to_owned()),
        ("version", together.household.version.to_string()),
        ("kind", before.kind.map(|kind| kind.code().to_owned()).unwrap_or_default()),
        ("source", text(&before.source)),
        ("campaign", text(&before.campaign)),
        ("hub", text(&before.hub)),
    ])
}

/// The dates that say what they mean, as far as they are asked for.
pub fn dates(form: &Form) -> &'static [&'static str] {
    if form.is_chosen("goes_on", GoesOn::Own.code()) { &["separated_on", "first_contact"] } else { &["separated_on"] }
}

/// By place and name, so that a tick never means somebody else after the household was changed.
fn code(at: usize, name: &str) -> String {
    format!("{} {name}", at + 1)
}

pub fn people(together: &Together) -> Vec<Choice> {
    let people = together.portrait.applicants.iter().enumerate();
    people.map(|(at, it)| Choice::of(code(at, &it.name), it.name.clone())).collect()
}

/// Whether it was made from what the household still is.
pub fn is_current(form: &Form, together: &Together) -> bool {
    form.value("version") == together.household.version.to_string()
}

/// Those who are ticked, by name, whoever the household has now.
pub fn ticked(form: &Form) -> Vec<&str> {
    form.values("stays").filter_map(|code| code.split_once(' ')).map(|(_, name)| name).collect()
}

pub fn parse(
    form: &mut Form,
    together: &Together,
    enquiry: EnquiryId,
    today: Day,
    offered: &Offered,
) -> Option<Separation> {
    let on = form.required_day("separated_on", today, "Enter the day on which they separated");
    if let Some((on, day)) = on.zip(together.day_of(enquiry))
        && let Some(sentence) = refused_day(on, day, today)
    {
        form.fail("separated_on", sentence);
    }
    let stays = stays(form, together);
    let goes_on = form.required_choice("goes_on", "Say whether those who leave go on");
    let next = match goes_on {
        Some(GoesOn::Own) => Some(next_enquiry(form, on, today, offered)),
        _ => None,
    };
    let home = form.required_choice("home", "Say whose home the address is now").unwrap_or_default();
    let note = form.text("note");
    if note.as_ref().is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
        form.fail("note", format!("Use at most {LONGEST_NOTE} characters; a note on the record can be longer"));
    }
    let separation = Separation {
        enquiry,
        household: together.household.id,
        version: together.household.version,
        on: on?,
        stays,
        home,
        next,
        note,
    };
    form.is_valid().then_some(separation)
}

/// The places of those who are ticked.
fn stays(form: &mut Form, together: &Together) -> Vec<usize> {
    let people = people(together);
    let stays: Vec<_> = (0..people.len()).filter(|at| form.is_chosen("stays", &people[*at].value)).collect();
    if stays.is_empty() {
        form.fail("stays", "Tick who goes on with this enquiry");
    } else if stays.len() == people.len() {
        form.fail("stays", "Everybody is ticked. Leave out who leaves");
    }
    stays
}

fn next_enquiry(form: &mut Form, on: Option<Day>, today: Day, offered: &Offered) -> NextEnquiry {
    let before = &offered.before;
    NextEnquiry {
        officer: officer(form, &offered.officers),
        kind: form.choice("kind", "Choose a kind of fostering"),
        source: line(form, "source").map(|it| as_recorded(it, before.source.as_ref(), &offered.sources)),
        campaign: line(form, "campaign").map(|it| as_recorded(it, before.campaign.as_ref(), &offered.campaigns)),
        hub: line(form, "hub"),
        first_contact: first_contact(form, on, today),
    }
}

/// Text of one line, tidied.
fn line(form: &mut Form, field: &str) -> Option<String> {
    let text = form.text(field).map(|text| tidy(&text)).filter(|text| !text.is_empty())?;
    if text.chars().count() > LONGEST_LINE {
        form.fail(field, format!("Write it in {LONGEST_LINE} letters or fewer"));
        return None;
    }
    Some(text)
}

/// In the spelling of its list; what was not touched stays as it is recorded.
fn as_recorded(typed: String, before: Option<&String>, offered: &[String]) -> String {
    if before == Some(&typed) { typed } else { spelled(typed, offered) }
}

fn first_contact(form: &mut Form, on: Option<Day>, today: Day) -> Option<Day> {
    let contact = form.day("first_contact", today)?;
    if let Some(sentence) = on.and_then(|on| refused_contact(contact, on, today)) {
        form.fail("first_contact", sentence);
    }
    Some(contact)
}

fn officer(form: &mut Form, officers: &[Assignable]) -> Option<(String, UserId)> {
    let chosen: UserId = form.choice("officer", "Choose one of the people in the list")?;
    let officer = officers.iter().find(|it| it.id == chosen);
    if officer.is_none() {
        form.fail("officer", "Choose one of the people in the list");
    }
    officer.map(|it| (it.name.clone(), it.id))
}

pub fn officers(officers: &[Assignable]) -> Vec<Choice> {
    officers.iter().map(|it| Choice::of(it.id.to_string(), it.name.clone())).collect()
}

pub fn kinds() -> Vec<Choice> {
    Choice::all(FosteringType::ALL, FosteringType::code, FosteringType::label)
}

/// `First contact on`, in the service's words.
pub fn contact_label() -> String {
    format!("{} on", MilestoneKind::FirstContact.label())
}

pub fn homes() -> Vec<Choice> {
    Choice::all(Home::ALL, Home::code, Home::label)
}

/// What was chosen for those who leave and for the home, in words; the day, who stays and the note are shown by
/// themselves.
pub fn chosen(form: &Form, officers: &[Assignable]) -> Vec<(String, String)> {
    let typed = |field: &str| form.text(field);
    let code = |field: &str| form.value(field).trim().to_owned();
    let goes_on = code("goes_on").parse::<GoesOn>().ok();
    let mut chosen = vec![("Do those who leave go on too?".to_owned(), goes_on.map(|it| it.label().to_owned()))];
    if goes_on == Some(GoesOn::Own) {
        let officer = officers.iter().find(|it| it.id.to_string() == code("officer")).map(|it| it.name.clone());
        let kind = code("kind").parse::<FosteringType>().ok().map(|kind| kind.label().to_owned());
        let of = |name: AttributeName| name.label().to_owned();
        chosen.extend([
            (of(AttributeName::FosteringType), kind),
            (of(AttributeName::Source), typed("source")),
            (of(AttributeName::Campaign), typed("campaign")),
            (of(AttributeName::Hub), typed("hub")),
            (contact_label(), typed("first_contact")),
            (of(AttributeName::Officer), officer),
        ]);
    }
    let home = code("home").parse::<Home>().ok().map(|home| home.label().to_owned());
    chosen.push(("Whose home is the address now?".to_owned(), home));
    chosen.into_iter().filter_map(|(label, value)| Some((label, value?))).collect()
}
