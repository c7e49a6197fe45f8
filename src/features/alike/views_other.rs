//! The page on which the other record of a household is looked for.

use askama::Template;
use askama_web::WebTemplate;

use super::views::Card;
use crate::domain::ids::HouseholdId;
use crate::features::access::Subject;
use crate::web::{Ctx, Form, Page};

/// Whoever does not find it among these types more of it.
const SHOWN: usize = 20;

#[derive(Template, WebTemplate)]
#[template(path = "alike/other.html")]
pub struct OtherPage {
    pub page: Page,
    pub subject: Subject,
    pub form: Form,
    pub typed: String,
    /// None where too little was typed.
    pub others: Option<Vec<Other>>,
    /// There are others that agree less.
    pub more: bool,
}

pub struct Other {
    /// Where the two stand side by side.
    pub href: String,
    pub card: Card,
}

impl Other {
    /// The older of the two is the first.
    pub fn new(one: HouseholdId, other: HouseholdId, card: Card) -> Other {
        Other { href: format!("/households/alike/{}/{}", one.min(other), one.max(other)), card }
    }
}

impl OtherPage {
    /// `others`: all that was found; None where too little was typed.
    pub fn new(ctx: &Ctx, subject: &Subject, typed: &str, mut others: Option<Vec<Other>>) -> OtherPage {
        let more = others.as_ref().is_some_and(|all| all.len() > SHOWN);
        if let Some(all) = &mut others {
            all.truncate(SHOWN);
        }
        OtherPage {
            page: Page::new(ctx, format!("The same household as another record - {}", subject.name)),
            subject: subject.clone(),
            form: Form::of([("q", typed)]),
            typed: typed.to_owned(),
            others,
            more,
        }
    }
}
