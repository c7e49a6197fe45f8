//! The pages of the glossary.

use askama::Template;
use askama_web::WebTemplate;

use super::queries::Version;
use crate::domain::glossary::Term;
use crate::features::access::Conflict;
use crate::web::{Ctx, Form, Page};

#[derive(Template, WebTemplate)]
#[template(path = "settings/words.html")]
pub struct WordsPage {
    page: Page,
    lists: Vec<(&'static str, Vec<Term>)>,
    own: usize,
}

impl WordsPage {
    pub fn new(ctx: &Ctx, terms: Vec<Term>) -> WordsPage {
        let own = terms.iter().filter(|term| term.own().is_some()).count();
        let mut lists: Vec<(&str, Vec<Term>)> = Vec::new();
        for term in terms {
            match lists.last_mut().filter(|(list, _)| *list == term.list) {
                Some((_, terms)) => terms.push(term),
                None => lists.push((term.list, vec![term])),
            }
        }
        WordsPage { page: Page::new(ctx, "Words"), lists, own }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "settings/word.html")]
pub struct WordPage {
    page: Page,
    form: Form,
    term: Term,
    versions: Vec<Version>,
    conflict: Option<Conflict>,
}

impl WordPage {
    pub fn new(ctx: &Ctx, form: Form, term: Term, versions: Vec<Version>, conflict: Option<Conflict>) -> WordPage {
        let page = Page::new(ctx, format!("{}: words", term.standard)).with_errors_of(&form);
        let page = page.with_conflict(conflict.is_some());
        WordPage { page, form, term, versions, conflict }
    }
}

impl Term {
    fn in_lists(&self) -> String {
        [self.list].iter().chain(&self.also).copied().collect::<Vec<_>>().join(", ")
    }
}
