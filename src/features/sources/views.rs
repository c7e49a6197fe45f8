//! The pages of the lists of sources and campaigns.

use askama::Template;

use super::forms;
use super::queries::{self, Entry, Row};
use super::views_history::{Step, What, history};
use crate::domain::ids::ListedSourceId;
use crate::domain::source::List;
use crate::domain::text::fold::fold;
use crate::features::access::{Conflict, Versions};
use crate::web::form::Choice;
use crate::web::{Ctx, Form, Page};

pub const LIST: &str = "/settings/sources";

#[derive(Template)]
#[template(path = "settings/sources.html")]
pub struct SourcesPage {
    page: Page,
    lists: [Shown; 2],
}

/// One of the two lists.
struct Shown {
    list: List,
    rows: Vec<Row>,
    others: Others,
}

/// What enquiries are recorded under and no entry is called.
pub struct Others {
    list: List,
    names: Vec<Other>,
    /// There are more than are shown.
    more: bool,
}

struct Other {
    name: String,
    enquiries: i64,
    /// An entry that it seems to be.
    like: Option<String>,
    /// Where somebody says that it is the same as another.
    href: String,
    /// It is added by one press.
    token: String,
}

impl SourcesPage {
    pub fn new(ctx: &Ctx, rows: &[Row], others: [Others; 2]) -> SourcesPage {
        let of = |list| rows.iter().filter(|row| row.listed.list == list).cloned().collect();
        let lists = others.map(|others| Shown { list: others.list, rows: of(others.list), others });
        SourcesPage { page: Page::new(ctx, "Sources and campaigns"), lists }
    }
}

pub fn unlisted(
    ctx: &Ctx,
    list: List,
    mut recorded: Vec<queries::Unlisted>,
    most: usize,
    rows: &[Row],
    former: &[(List, String, ListedSourceId)],
) -> Others {
    let more = recorded.len() > most;
    recorded.truncate(most);
    let names = recorded.into_iter().map(|one| {
        let mut query = form_urlencoded::Serializer::new(format!("{LIST}/recorded?"));
        query.append_pair("list", list.code()).append_pair("name", &one.name);
        Other {
            like: like(list, &one.name, rows, former).map(|row| row.listed.name.clone()),
            name: one.name,
            enquiries: one.enquiries,
            href: query.finish(),
            token: ctx.form_token(),
        }
    });
    Others { list, names: names.collect(), more }
}

/// The entry whose name, now or before, differs in capitals, accents or punctuation only.
pub fn like<'a>(list: List, name: &str, rows: &'a [Row], former: &[(List, String, ListedSourceId)]) -> Option<&'a Row> {
    let folded = fold(name);
    if folded.is_empty() {
        return None;
    }
    let now = rows.iter().find(|row| row.listed.list == list && fold(&row.listed.name) == folded);
    now.or_else(|| {
        let (.., root) = former.iter().find(|(of, name, _)| *of == list && fold(name) == folded)?;
        rows.iter().find(|row| row.root == *root)
    })
}

#[derive(Template)]
#[template(path = "settings/source.html")]
pub struct SourcePage {
    page: Page,
    form: Form,
    token: String,
    list: List,
    action: String,
    places: Vec<Choice>,
    /// None of a new entry.
    now: Option<Row>,
    /// What it may be the same as.
    others: Vec<Choice>,
    history: Vec<Step>,
    conflict: Option<Conflict>,
}

impl SourcePage {
    pub fn new(ctx: &Ctx, list: List, form: Form, rows: &[Row]) -> SourcePage {
        SourcePage {
            page: Page::new(ctx, format!("Add a {}", list.label().to_lowercase())).with_errors_of(&form),
            token: form.kept_token(ctx),
            form,
            list,
            action: LIST.to_owned(),
            places: forms::places(None, rows),
            now: None,
            others: Vec::new(),
            history: Vec::new(),
            conflict: None,
        }
    }

    pub fn of(ctx: &Ctx, entry: &Entry, form: Form, conflict: Option<Conflict>) -> SourcePage {
        let Entry { now, rows, .. } = entry;
        let page = Page::new(ctx, format!("{} - Sources and campaigns", now.listed.name));
        SourcePage {
            page: page.with_errors_of(&form).with_conflict(conflict.is_some()),
            action: format!("{LIST}/{}/corrections", now.id),
            places: forms::places(Some(now.root), rows),
            others: forms::others(now, rows),
            history: history(entry),
            now: Some(now.clone()),
            conflict,
            ..SourcePage::new(ctx, now.listed.list, form, rows)
        }
    }
}

/// What somebody else made of it beside what was typed.
pub fn versions(now: &Row, theirs: &Form, yours: &Form, rows: &[Row]) -> Vec<Versions> {
    let both = |label, words: &dyn Fn(&Form) -> String| Versions::of(label, words(theirs), words(yours));
    let offered = |form: &Form| if form.is_chosen("in_use", "yes") { "Yes" } else { "No" }.to_owned();
    let place = |form: &Form| {
        let places = forms::places(Some(now.root), rows);
        places.into_iter().find(|it| it.value == form.value("place")).map_or_else(String::new, |it| it.label)
    };
    let name = both("Name", &|form| form.value("name").to_owned());
    let offered = both("Offered", &offered);
    match now.listed.list {
        List::Source => vec![name, both("Place in the list", &place), offered],
        List::Campaign => vec![
            name,
            both("First day", &|form| form.value("runs_from").to_owned()),
            both("Last day", &|form| form.value("runs_to").to_owned()),
            offered,
        ],
    }
}

#[derive(Template)]
#[template(path = "settings/source_recorded.html")]
pub struct RecordedPage {
    page: Page,
    form: Form,
    token: String,
    list: List,
    enquiries: i64,
    meanings: Vec<Choice>,
}

impl RecordedPage {
    pub fn new(ctx: &Ctx, list: List, form: Form, enquiries: i64, rows: &[Row]) -> RecordedPage {
        let title = format!("{} - Not on the list", form.value("name"));
        RecordedPage {
            page: Page::new(ctx, title).with_errors_of(&form),
            token: form.kept_token(ctx),
            form,
            list,
            enquiries,
            meanings: forms::meanings(list, rows),
        }
    }
}
