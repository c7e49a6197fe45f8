use askama::Template;

use super::rows::{Act, Row};
use super::section::Section;
use crate::web::Page;
use crate::web::form::Choice;

#[derive(Template)]
#[template(path = "today/today.html")]
pub struct TodayPage {
    pub page: Page,
    pub csrf: String,
    /// This page's own address, to come back to.
    pub back: String,
    pub sections: Vec<SectionView>,
    pub switch: Option<Switch>,
    /// `Tuesday 14 October`.
    pub day: String,
    /// Restricted records for which somebody has to be named.
    pub stranded: usize,
}

impl TodayPage {
    pub fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }
}

/// Whose day is shown: label, address, whether it is this one; and everybody else.
pub struct Switch {
    pub links: Vec<(&'static str, &'static str, bool)>,
    pub colleagues: Vec<Choice>,
    pub colleague: String,
}

impl Switch {
    /// Whose it is, for paper, on which there is nothing to choose.
    pub fn shown(&self) -> &str {
        let colleague = self.colleagues.iter().find(|choice| choice.value == self.colleague);
        let link = self.links.iter().find(|(_, _, current)| *current);
        colleague.map(|choice| choice.label.as_str()).or(link.map(|(label, _, _)| *label)).unwrap_or_default()
    }
}

pub struct SectionView {
    pub section: Section,
    pub rows: Vec<Row>,
    /// "3", or "10 and more".
    pub count: String,
    pub more: Option<String>,
}

impl SectionView {
    pub fn note(&self) -> &'static str {
        match self.section {
            Section::New => "Working hours since it reached us",
            _ => "",
        }
    }
}

#[derive(Template)]
#[template(path = "today/section.html")]
pub struct SectionPage {
    pub page: Page,
    pub csrf: String,
    pub back: String,
    pub today: String,
    pub section: Section,
    pub rows: Vec<Row>,
    pub next: Option<String>,
}

/// A row that was sent back. For htmx only what clears it: why it is there stands on the page already.
#[derive(Template)]
#[template(path = "today/act.html")]
pub struct ActFragment {
    pub row: Row,
    pub csrf: String,
    pub back: String,
}

/// The same in a page of its own.
#[derive(Template)]
#[template(path = "today/again.html")]
pub struct AgainPage {
    pub page: Page,
    pub row: Row,
    pub csrf: String,
    pub back: String,
}

#[derive(Template)]
#[template(path = "today/cleared.html")]
pub struct Cleared {
    pub key: String,
    pub name: String,
    pub href: String,
    pub said: String,
}
