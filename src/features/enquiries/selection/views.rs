use askama::Template;

use super::actions::Deed;
use super::rows::{Rows, counted};
use crate::web::form::Choice;
use crate::web::{Ctx, Form, Page};

/// What is done to many at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Assignments,
    Tasks,
}

impl Kind {
    fn address(self) -> &'static str {
        match self {
            Kind::Assignments => "/enquiries/assignments",
            Kind::Tasks => "/enquiries/tasks",
        }
    }
}

#[derive(Template)]
#[template(path = "enquiries/selection/new.html")]
pub struct NewPage {
    page: Page,
    form: Form,
    kind: Kind,
    heading: String,
    action: String,
    rows: Rows,
    choices: Vec<Choice>,
    back: String,
}

impl NewPage {
    pub fn new(ctx: &Ctx, back: String, form: Form, kind: Kind, rows: Rows, choices: Vec<Choice>) -> NewPage {
        let many = counted(rows.chosen.len());
        let heading = match (kind, rows.chosen.is_empty()) {
            (Kind::Assignments, true) => "Give enquiries to an officer".to_owned(),
            (Kind::Tasks, true) => "Add a task to enquiries".to_owned(),
            (Kind::Assignments, false) => format!("Give {many} to an officer"),
            (Kind::Tasks, false) => format!("Add a task to {many}"),
        };
        let page = Page::new(ctx, heading.clone()).with_errors_of(&form);
        NewPage { page, action: format!("{}/checks", kind.address()), form, kind, heading, rows, choices, back }
    }
}

#[derive(Template)]
#[template(path = "enquiries/selection/check.html")]
pub struct CheckPage {
    page: Page,
    token: String,
    action: &'static str,
    heading: String,
    button: String,
    /// What will happen, line by line.
    facts: Vec<(&'static str, String)>,
    rows: Rows,
    /// What was typed, to be sent again.
    sent: Vec<(&'static str, String)>,
    back: String,
    /// Somebody else was first.
    hindered: bool,
}

impl CheckPage {
    pub fn new(
        ctx: &Ctx,
        back: String,
        form: &Form,
        (kind, deed): (Kind, &Deed),
        rows: Rows,
        choices: &[Choice],
        hindered: bool,
    ) -> CheckPage {
        let many = counted(rows.chosen.len());
        let button = match deed {
            Deed::Assign(Some((name, _))) => format!("Give {many} to {name}"),
            Deed::Assign(None) => format!("Leave {many} unassigned"),
            Deed::Task(_) => format!("Add the task to {many}"),
        };
        let (heading, facts) = match deed {
            Deed::Assign(officer) => {
                let to = officer.as_ref().map_or("Nobody: unassigned", |(name, _)| name.as_str());
                let facts = vec![
                    ("Who has them", format!("{to}, from today")),
                    ("Who has them now", rows.by_officer()),
                    ("Tasks", "Open tasks of their officer go with them".to_owned()),
                ];
                (button.clone(), facts)
            }
            Deed::Task(wanted) => {
                let code = wanted.whose.code();
                let whose = choices.iter().find(|choice| choice.value == code).map(|choice| choice.label.clone());
                let facts = vec![
                    ("What", wanted.what.clone()),
                    ("By when", wanted.due.long()),
                    ("Whose", whose.unwrap_or_default()),
                    ("Their officers", rows.by_officer()),
                ];
                (button.clone(), facts)
            }
        };
        let as_typed = |name: &'static str| (name, form.value(name).to_owned());
        let sent = match deed {
            Deed::Assign(_) => vec![as_typed("officer"), as_typed("query")],
            // The day that the page says, whatever “tomorrow” is when it is confirmed.
            Deed::Task(wanted) => {
                vec![as_typed("what"), ("due_on", wanted.due.short()), as_typed("whose"), as_typed("query")]
            }
        };
        let heading = match (kind, rows.chosen.is_empty()) {
            (Kind::Assignments, true) => "There is nothing to give".to_owned(),
            (Kind::Tasks, true) => "There is nothing to add the task to".to_owned(),
            (_, false) => heading,
        };
        let mut page = Page::new(ctx, format!("Check: {heading}"));
        if hindered {
            page.title = format!("Somebody else was first: {heading}");
        }
        let facts = if rows.chosen.is_empty() { Vec::new() } else { facts };
        CheckPage {
            page,
            token: form.kept_token(ctx),
            action: kind.address(),
            heading: format!("{heading}?"),
            button,
            facts,
            rows,
            sent,
            back,
            hindered,
        }
    }
}
