use askama::Template;

use super::forms;
use super::now::{EVERYBODY, Now, listed};
use super::queries::{Elsewhere, Stranded};
use crate::domain::ids::UserId;
use crate::domain::restriction::OpenTo;
use crate::features::access::{FormPage, Versions};
use crate::web::form::Choice;
use crate::web::{Ctx, Form, Page};

#[derive(Template)]
#[template(path = "enquiries/restriction.html")]
pub struct RestrictionPage {
    pub page: Page,
    pub head: FormPage,
    /// What it is now.
    pub now: String,
    pub me: String,
    /// Everybody else who can be named: the field, and what stands beside its box.
    pub boxes: Vec<Choice>,
    /// Its officer, unless that is who asks.
    pub officer: Option<String>,
    pub elsewhere: Vec<Elsewhere>,
}

impl RestrictionPage {
    pub fn new(ctx: &Ctx, head: FormPage, now: &Now, elsewhere: Vec<Elsewhere>) -> RestrictionPage {
        let me = ctx.user.id;
        let others = now.colleagues.iter().filter(|it| it.id != me);
        RestrictionPage {
            page: head.page.clone(),
            now: now.sentence(&now.open_to),
            me: ctx.user.name.clone(),
            boxes: others.map(|it| Choice::of(forms::field(it.id), it.label(now.officer))).collect(),
            officer: now.officer().filter(|it| it.id != me).map(|it| it.name.clone()),
            elsewhere,
            head,
        }
    }

    fn who(&self) -> [Choice; 2] {
        [Choice::of(forms::EVERYBODY, EVERYBODY), Choice::of(forms::NAMED, "Only these people")]
    }
}

/// Both versions, where two changed it at once.
pub fn versions(now: &Now, form: &Form, me: UserId) -> Versions {
    let words = |open_to: &OpenTo| now.names(open_to).map_or_else(|| EVERYBODY.to_owned(), |names| listed(&names));
    Versions::of("Who may open it", words(&now.open_to), words(&forms::chosen(form, now, me)))
}

#[derive(Template)]
#[template(path = "enquiries/restrictions.html")]
pub struct StrandedPage {
    pub page: Page,
    pub form: Form,
    pub token: String,
    pub records: Vec<Choice>,
    pub people: Vec<Choice>,
}

impl StrandedPage {
    pub fn new(ctx: &Ctx, form: Form, stranded: &[Stranded], people: Vec<Choice>) -> StrandedPage {
        let about = |it: &Stranded| {
            let named = it.named.as_deref().map_or_else(|| "nobody is named".to_owned(), |it| format!("named: {it}"));
            Choice::of(it.id.to_string(), format!("{}, received {}; {named}", it.reference, it.day.long()))
        };
        StrandedPage {
            page: Page::new(ctx, "Restricted records that nobody may open").with_errors_of(&form),
            token: form.kept_token(ctx),
            records: stranded.iter().map(about).collect(),
            people,
            form,
        }
    }
}
