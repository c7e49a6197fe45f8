//! Two households side by side, and the form that merges them.

use askama::Template;

use super::find::{Enquiry, One, Two, shown_phones};
use super::forms;
use super::offers::{choices, offers, stays};
use super::queries::{Row, ToldApart};
use super::queries_separated::Parting;
use super::views::{Card, KNOWN_BEFORE, agrees_in_words, apart, apart_in_words, said};
use crate::domain::day::Day;
use crate::domain::household::{Answer, display_name};
use crate::domain::merge::{Field, Side, fields, may_be_duplicate, pair};
use crate::features::households::Left;
use crate::web::{Ctx, Form, Page};

#[derive(Template)]
#[template(path = "alike/compare.html")]
pub struct ComparePage {
    pub page: Page,
    pub form: Form,
    pub token: String,
    /// Below which everything that is done with the two has its address.
    pub address: String,
    /// The same two the other way round.
    pub swapped: String,
    pub kept: Card,
    pub goes: Card,
    pub agrees: String,
    pub apart: String,
    pub people: Vec<PersonView>,
    pub home: Vec<FieldView>,
    pub joins: Vec<JoinView>,
    pub restricted: bool,
    /// Who told them apart, and when.
    pub told: Option<String>,
    pub conflict: Option<String>,
    /// They are two because they separated, and are not merged again.
    pub parting: Option<Parting>,
}

pub struct PersonView {
    pub heading: String,
    pub fields: Vec<FieldView>,
    /// The box that takes somebody in whom only the second household has.
    pub also: Option<String>,
}

pub struct FieldView {
    pub name: String,
    pub label: &'static str,
    /// One value, or nothing to choose between.
    pub only: Option<String>,
    /// What is said where there is nothing.
    pub nothing: &'static str,
    /// Whose it is, the value, and that in words.
    pub choices: Vec<(Side, String, String)>,
}

/// An enquiry of the household that goes, and what it may be.
pub struct JoinView {
    pub field: String,
    pub row: Row,
    pub may_be_duplicate: bool,
    pub others: Vec<OtherView>,
}

pub struct OtherView {
    pub value: String,
    pub row: Row,
    pub bring: String,
    pub offers: Vec<(String, String)>,
    /// What both have, each otherwise.
    pub choices: Vec<FieldView>,
    /// What cannot be given to it, and why.
    pub stays: Vec<String>,
}

impl ComparePage {
    pub fn new(ctx: &Ctx, two: &Two, form: Form, kinds: &[String], told: Option<&ToldApart>) -> ComparePage {
        let (kept, goes) = (card(&two.kept, ctx.today), card(&two.goes, ctx.today));
        let (kept_id, goes_id) = (two.kept.household.id, two.goes.household.id);
        let (people, home) = fields(&two.kept.portrait, &two.goes.portrait, two.newer());
        let pairings = pair(&two.kept.portrait.applicants, &two.goes.portrait.applicants);
        let people = pairings.into_iter().zip(people).enumerate().map(|(at, (pairing, fields))| PersonView {
            heading: format!("Applicant {}", at + 1),
            also: pairing.kept.is_none().then(|| forms::also(at + 1)),
            fields: fields.into_iter().map(view).collect(),
        });
        let kinds: Vec<_> = kinds.iter().map(String::as_str).collect();
        ComparePage {
            page: Page::new(ctx, format!("The same household? {} and {}", kept.name, goes.name)).with_errors_of(&form),
            token: form.kept_token(ctx),
            address: format!("/households/alike/{kept_id}/{goes_id}"),
            swapped: format!("/households/alike/{goes_id}/{kept_id}"),
            agrees: agrees_in_words(&kinds),
            apart: apart(&kept.enquiries, &goes.enquiries).map_or(KNOWN_BEFORE.to_owned(), apart_in_words),
            parting: two.parting.clone(),
            people: people.collect(),
            home: home.into_iter().map(view).collect(),
            joins: two.goes.enquiries.iter().map(|it| join(ctx, two, it)).collect(),
            restricted: two.is_restricted(),
            told: told.map(said),
            conflict: None,
            kept,
            goes,
            form,
        }
    }

    /// Somebody else changed one of the two meanwhile.
    #[must_use]
    pub fn with_conflict(mut self, sentence: String) -> ComparePage {
        self.page.title = format!("Somebody else was first: {}", self.page.title);
        self.conflict = Some(sentence);
        self
    }
}

fn card(one: &One, today: Day) -> Card {
    let portrait = &one.portrait;
    let names: Vec<_> = portrait.applicants.iter().map(|it| it.name.clone()).collect();
    Card {
        name: display_name(&names),
        home: [portrait.address.as_deref(), portrait.postcode.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", "),
        phones: portrait.applicants.iter().filter_map(|it| it.phone.as_deref()).map(shown_phones).collect(),
        emails: portrait.applicants.iter().filter_map(|it| it.email.clone()).collect(),
        enquiries: one.enquiries.iter().map(|it| it.row.clone()).collect(),
        left: one.left.as_ref().map(Left::in_words),
        known: one.enquiries.iter().map(|it| (it.row.id, it.known(today))).collect(),
    }
}

fn view(field: Field) -> FieldView {
    view_of(field, "the first", "the second")
}

/// With what the two are called whose values these are.
fn view_of(field: Field, kept: &str, goes: &str) -> FieldView {
    let shown = |value: &str| if field.label == "Telephone" { shown_phones(value) } else { value.to_owned() };
    let choices = if field.differs() {
        let both = field.both.as_deref().map(|both| (Side::Both, both, "both"));
        let sides = [(Side::Kept, field.kept.as_str(), kept), (Side::Goes, field.goes.as_str(), goes)];
        let sides = sides.into_iter().chain(both);
        sides.map(|(side, value, from)| (side, shown(value), from.to_owned())).collect()
    } else {
        Vec::new()
    };
    let only = choices.is_empty().then(|| shown(field.value(field.offered)));
    let is_asked = matches!(&*field.name, "message_allowed" | "consent_to_contact");
    let nothing = if is_asked { Answer::NotAsked.label() } else { "Not recorded" };
    FieldView { only, nothing, choices, name: field.name, label: field.label }
}

fn join(ctx: &Ctx, two: &Two, enquiry: &Enquiry) -> JoinView {
    let id = enquiry.row.id;
    let others = two.kept.enquiries.iter().map(|other| OtherView {
        value: other.row.id.to_string(),
        row: other.row.clone(),
        bring: forms::bring(id, other.row.id),
        offers: offers(enquiry, other, ctx.today).into_iter().map(|(offer, words)| (offer.code(), words)).collect(),
        choices: choices(enquiry, other)
            .into_iter()
            .map(|(_, field)| view_of(field, &other.row.reference, &enquiry.row.reference))
            .collect(),
        stays: stays(enquiry, other, ctx.today),
    });
    JoinView {
        field: forms::fate(id),
        row: enquiry.row.clone(),
        may_be_duplicate: may_be_duplicate(&enquiry.facts),
        others: others.collect(),
    }
}
