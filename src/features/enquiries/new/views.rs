//! The page of a new enquiry.

use askama::Template;

use super::forms::{self, Offered};
use super::known::Known;
use super::queries::Referred;
use crate::domain::fostering::FosteringType;
use crate::domain::household::Answer;
use crate::web::form::Choice;
use crate::web::{self, Ctx, Form};

#[derive(Template)]
#[template(path = "enquiries/new.html", blocks = ["known"])]
pub struct NewPage {
    page: web::Page,
    form: Form,
    token: String,
    people: Vec<Person>,
    known: Vec<Known>,
    /// The household chosen, as the form sends it.
    chosen: String,
    /// Somebody asked whether it is known, or has typed something to know it by.
    looked: bool,
    /// Recorded already, and open to whoever asks.
    referred: Option<Referred>,
    officers: Vec<Choice>,
    kinds: Vec<Choice>,
    answers: Vec<Choice>,
    sources: Vec<String>,
    campaigns: Vec<String>,
    hubs: Vec<String>,
}

/// The names of one person's fields.
struct Person {
    heading: String,
    name: String,
    phone: String,
    email: String,
}

impl NewPage {
    pub fn new(ctx: &Ctx, form: Form, offered: Offered, known: Vec<Known>, referred: Option<Referred>) -> NewPage {
        let chosen = form.value("household").to_owned();
        let still_there = known.iter().any(|known| known.id.to_string() == chosen);
        NewPage {
            page: web::Page::new(ctx, "New enquiry").with_errors_of(&form),
            token: form.kept_token(ctx),
            people: (1..=forms::people(&form)).map(Person::of).collect(),
            looked: form.value("do") == "check" || !forms::typed_keys(&form).is_empty(),
            chosen: if still_there { chosen } else { String::new() },
            known,
            referred: referred.filter(|referred| !referred.restricted),
            officers: offered.officers.into_iter().map(|(name, id)| Choice::of(id.to_string(), name)).collect(),
            kinds: Choice::all(FosteringType::ALL, FosteringType::code, FosteringType::label),
            answers: Choice::all(Answer::ALL, Answer::code, Answer::label),
            sources: offered.sources,
            campaigns: offered.campaigns,
            hubs: offered.hubs,
            form,
        }
    }

    fn is_chosen(&self, known: &Known) -> bool {
        known.id.to_string() == self.chosen
    }
}

impl Person {
    fn of(at: usize) -> Person {
        let heading = match at {
            1 => "Applicant".to_owned(),
            2 => "Second applicant, if there is one".to_owned(),
            at => format!("Applicant {at}"),
        };
        let field = |name: &str| format!("{name}_{at}");
        Person { heading, name: field("name"), phone: field("phone"), email: field("email") }
    }
}
