use askama::Template;
use askama_web::WebTemplate;

use super::find::Together;
use super::forms::{self, Offered};
use super::overtaken::First;
use super::queries::{Separated, Shared};
use crate::domain::household::display_name;
use crate::domain::ids::SeparationId;
use crate::domain::merge::{Portrait, undo_until};
use crate::domain::separation::{undone_in_words, unsaved};
use crate::domain::text::phone;
use crate::features::access::{Conflict, FormPage, Subject, was_called};
use crate::features::alike::Card;
use crate::features::notes::Writer;
use crate::features::pipeline::Assignable;
use crate::web::form::Choice;
use crate::web::{Ctx, Form, Page};

#[derive(Template)]
#[template(path = "separations/new.html")]
pub struct NewPage {
    pub page: Page,
    pub head: FormPage,
    pub people: Vec<Person>,
    pub kinds: Vec<Choice>,
    pub sources: Vec<String>,
    pub campaigns: Vec<String>,
    /// Asked where the enquiry that they leave has one.
    pub asks_campaign: bool,
    pub asks_hub: bool,
    /// What the field of their first contact is called.
    pub contact: String,
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
        offered: &Offered,
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
        let asks = |before: &Option<String>, field: &str| before.is_some() || !head.form.value(field).is_empty();
        NewPage {
            page: head.page.clone(),
            people: people.collect(),
            kinds: forms::kinds(),
            sources: offered.sources.clone(),
            campaigns: offered.campaigns.clone(),
            asks_campaign: asks(&offered.before.campaign, "campaign"),
            asks_hub: asks(&offered.before.hub, "hub"),
            contact: forms::contact_label(),
            officers: forms::officers(&offered.officers),
            homes: forms::homes(),
            home: home.into_iter().flatten().collect::<Vec<_>>().join(", "),
            restricted: together.is_restricted(),
            head,
        }
    }
}

/// Nobody is left to leave: what was chosen and typed is shown, and nothing of it can be recorded here.
#[derive(Template)]
#[template(path = "separations/overtaken.html")]
pub struct OvertakenPage {
    pub page: Page,
    pub head: FormPage,
    /// What came first.
    pub separation: Option<SeparationId>,
    pub is_own: bool,
    pub said: Conflict,
    pub chosen: Vec<(String, String)>,
    pub has_note: bool,
}

impl OvertakenPage {
    pub fn new(ctx: &Ctx, subject: &Subject, first: First, form: Form, officers: &[Assignable]) -> OvertakenPage {
        let chosen = forms::chosen(&form, officers);
        // The note can be kept on the record: so its form calls it.
        let note = form.text("note").unwrap_or_default();
        let has_note = !note.is_empty();
        let form = Form::of([("body", note)]);
        let head = FormPage::new(ctx, subject, form, "They have separated", "/notes", "Keep it as a note");
        OvertakenPage {
            page: head.page.clone().with_conflict(!first.is_own),
            head,
            separation: first.separation,
            is_own: first.is_own,
            said: first.conflict,
            chosen,
            has_note,
        }
    }
}

/// What is to be said beside undoing one.
pub struct Undoing {
    /// Why it cannot be undone.
    pub why_not: Option<String>,
    /// The names of those who left as the history has them: a list in JSON.
    pub left: Option<String>,
    /// Who has begun to write on the enquiry of those who left.
    pub writers: Vec<Writer>,
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
    /// Once it is undone: who is back, and what was withdrawn.
    pub undone: String,
    /// What others have begun to write on the enquiry that goes, or went, with it; before that, what whoever asks has too.
    pub unsaved: Option<String>,
    /// It is undone, and whoever asks had begun to write.
    pub had_begun: bool,
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
        undoing: Undoing,
    ) -> SeparationPage {
        let portrait = Portrait::read(separated.new_after.as_deref());
        let names = portrait.map(|it| it.applicants.into_iter().map(|it| it.name).collect::<Vec<_>>());
        let left = names.or_else(|| serde_json::from_str(undoing.left.as_deref()?).ok()).unwrap_or_default();
        let is_undone = separated.undone_at.is_some();
        let own = separated.own.zip(separated.own_reference.as_deref());
        let withdrawn = own.filter(|_| is_undone).map(|(own, reference)| was_called(reference, own));
        let has_begun = undoing.writers.iter().any(|it| it.user == ctx.user.id);
        let others = undoing.writers.iter().filter(|it| it.user != ctx.user.id);
        let others: Vec<_> = others.map(|it| it.name.clone()).collect();
        let names = [first.name.as_str(), second.name.as_str()];
        let names: Vec<_> = names.into_iter().filter(|name| !name.is_empty()).collect();
        SeparationPage {
            page: Page::new(ctx, format!("Separated: {}", names.join(" and "))),
            token: ctx.form_token(),
            left: display_name(&left),
            until: undo_until(separated.at).london_day().words(),
            undone: undone_in_words(&left, withdrawn),
            unsaved: match withdrawn {
                Some(reference) => had_begun(&others, reference),
                None => unsaved(&others, has_begun),
            },
            had_begun: is_undone && has_begun,
            why_not: undoing.why_not,
            separated,
            first,
            second,
            shared,
            refused: false,
        }
    }
}

/// After it was undone.
fn had_begun(others: &[String], reference: &str) -> Option<String> {
    let who = display_name(others);
    (!who.is_empty()).then(|| {
        format!(
            "{who} had begun to write on {reference} and not saved it. It is kept for them to read, not on any record."
        )
    })
}
