use askama::Template;
use askama_web::WebTemplate;

use super::find::Together;
use super::forms;
use super::queries::{Separated, Shared};
use crate::domain::household::display_name;
use crate::domain::merge::{Portrait, undo_until};
use crate::domain::text::phone;
use crate::features::access::{Conflict, FormPage, Subject};
use crate::features::alike::Card;
use crate::features::pipeline::Assignable;
use crate::web::form::Choice;
use crate::web::{Ctx, Form, Page};

#[derive(Template)]
#[template(path = "separations/new.html")]
pub struct NewPage {
    pub page: Page,
    pub head: FormPage,
    pub people: Vec<Person>,
    pub officers: Vec<Choice>,
    pub homes: Vec<Choice>,
    /// As it is recorded; nothing where none is.
    pub home: String,
    pub restricted: bool,
}

/// Somebody who stays or leaves, with what they take along.
pub struct Person {
    pub value: String,
    pub name: String,
    pub reached_by: String,
}

impl NewPage {
    pub fn new(
        ctx: &Ctx,
        subject: &Subject,
        together: &Together,
        form: Form,
        conflict: Option<Conflict>,
        officers: &[Assignable],
    ) -> NewPage {
        let head = FormPage::new(ctx, subject, form, "They have separated", "/separations", "Record the separation");
        let head = head.with_conflict(conflict);
        let applicants = together.portrait.applicants.iter().zip(forms::people(together));
        let people = applicants.map(|(it, choice)| Person {
            value: choice.value,
            name: choice.label,
            reached_by: it
                .phones()
                .map(phone::shown)
                .chain(it.emails().map(str::to_owned))
                .collect::<Vec<_>>()
                .join(", "),
        });
        let home = [together.portrait.address.as_deref(), together.portrait.postcode.as_deref()];
        NewPage {
            page: head.page.clone(),
            people: people.collect(),
            officers: forms::officers(officers),
            homes: forms::homes(),
            home: home.into_iter().flatten().collect::<Vec<_>>().join(", "),
            restricted: together.is_restricted(),
            head,
        }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "separations/separation.html")]
pub struct SeparationPage {
    pub page: Page,
    pub token: String,
    pub separated: Separated,
    /// Those who stayed and those who left, as they are now.
    pub first: Card,
    pub second: Card,
    /// Who left.
    pub left: String,
    pub shared: Vec<Shared>,
    /// While it can be undone.
    pub until: String,
    /// Why it cannot be undone, and what to do.
    pub why_not: Option<String>,
    /// Somebody has just tried.
    pub refused: bool,
}

impl SeparationPage {
    pub fn new(
        ctx: &Ctx,
        separated: Separated,
        (first, second): (Card, Card),
        shared: Vec<Shared>,
        why_not: Option<String>,
    ) -> SeparationPage {
        let left = Portrait::read(separated.new_after.as_deref());
        let left: Vec<_> = left.into_iter().flat_map(|it| it.applicants).map(|it| it.name).collect();
        let names = [first.name.as_str(), second.name.as_str()];
        let names: Vec<_> = names.into_iter().filter(|name| !name.is_empty()).collect();
        SeparationPage {
            page: Page::new(ctx, format!("Separated: {}", names.join(" and "))),
            token: ctx.form_token(),
            left: display_name(&left),
            until: undo_until(separated.at).london_day().words(),
            separated,
            first,
            second,
            shared,
            why_not,
            refused: false,
        }
    }
}
