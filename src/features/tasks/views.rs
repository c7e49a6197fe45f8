use askama::Template;

use super::queries::{Colleague, Task};
use super::queries_to_do::ToDo;
use crate::domain::day::Day;
use crate::domain::task::{TaskState, attempts_in_words, due_in_words};
use crate::features::access::{Conflict, Subject};
use crate::web::form::Choice;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "tasks/new.html")]
pub struct NewPage {
    pub page: Page,
    /// None: about no enquiry in particular.
    pub subject: Option<Subject>,
    pub form: Form,
    pub token: String,
    pub action: String,
    pub whose: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "tasks/task.html")]
pub struct TaskPage {
    pub page: Page,
    pub subject: Option<Subject>,
    pub task: Task,
    pub form: Form,
    pub token: String,
    pub whose: Vec<Choice>,
    pub versions: Vec<VersionView>,
    pub conflict: Option<Conflict>,
    pub today: Day,
}

impl TaskPage {
    pub fn due(&self) -> String {
        due_in_words(self.task.due, self.today)
    }

    pub fn clock(&self) -> &'static str {
        clock(self.task.due, self.today)
    }

    /// A form that was sent back stands open.
    pub fn is_open(&self, field: &str) -> bool {
        self.form.error(field).is_some()
    }
}

/// How urgent a due day looks.
pub fn clock(due: Day, today: Day) -> &'static str {
    match today.days_until(due) {
        over if over < 0 => "over",
        0 | 1 => "soon",
        _ => "run",
    }
}

/// What one version changed.
pub struct VersionView {
    pub at: String,
    pub by: String,
    pub what: String,
}

/// The latest first, each with what it changed.
pub fn versions(versions: &[Task]) -> Vec<VersionView> {
    let before = [None].into_iter().chain(versions.iter().map(Some));
    let mut views: Vec<_> = versions
        .iter()
        .zip(before)
        .map(|(now, before)| VersionView {
            at: now.recorded_at.london_text(),
            by: now.by.clone(),
            what: before.map_or_else(|| made(now), |before| differences(before, now)),
        })
        .collect();
    views.reverse();
    views
}

fn made(task: &Task) -> String {
    format!("{}. Due {}, {}", task.origin.label(), task.due.long(), task.whose_in_words())
}

fn differences(before: &Task, now: &Task) -> String {
    let mut parts = Vec::new();
    if now.state != before.state {
        let outcome = if now.outcome.is_empty() { String::new() } else { format!(": {}", now.outcome) };
        parts.push(format!("{}{outcome}", now.state.label()));
    }
    if now.attempts > before.attempts {
        parts.push("No answer".to_owned());
    }
    if now.what != before.what {
        parts.push(format!("It said “{}”", before.what));
    }
    if now.due != before.due {
        parts.push(format!("Moved from {} to {}", before.due.long(), now.due.long()));
    }
    if (now.user, now.role) != (before.user, before.role) {
        parts.push(format!("Given to {}", now.whose_in_words()));
    } else if now.with_officer != before.with_officer {
        let words =
            if now.with_officer { "Goes with the enquiry’s officer" } else { "Stays with whom it was given to" };
        parts.push(words.to_owned());
    }
    parts.join(". ")
}

impl Task {
    /// How it ended, in words.
    pub fn ending(&self) -> String {
        let outcome = if self.outcome.is_empty() { String::new() } else { format!(": {}", self.outcome) };
        match (self.state, self.done_on) {
            (TaskState::Done, Some(on)) => format!("Done on {} by {}{outcome}", on.long(), self.by),
            (TaskState::Withdrawn, _) => format!("Not needed{outcome}"),
            (state, _) => state.label().to_owned(),
        }
    }
}

#[derive(Template)]
#[template(path = "tasks/list.html")]
pub struct ListPage {
    pub page: Page,
    pub rows: Vec<ToDo>,
    pub today: Day,
    /// Label, address, whether it is this one.
    pub switch: Vec<(String, String, bool)>,
    pub next: Option<String>,
}

impl ListPage {
    pub fn clock(&self, due: &Day) -> &'static str {
        clock(*due, self.today)
    }

    pub fn due(&self, due: &Day) -> String {
        due_in_words(*due, self.today)
    }
}

impl ToDo {
    /// Where the enquiry's tasks are.
    pub fn record(&self) -> String {
        self.enquiry.map_or_else(|| "/tasks".to_owned(), |enquiry| format!("/enquiries/{enquiry}/tasks"))
    }

    pub fn whose_in_words(&self) -> String {
        super::actions::in_words(self.person.as_deref(), self.role)
    }

    pub fn attempts_in_words(&self) -> String {
        attempts_in_words(self.attempts)
    }
}

pub fn name_of<'a>(colleagues: &'a [Colleague], id: &str) -> Option<&'a str> {
    let id = id.parse().ok()?;
    colleagues.iter().find(|colleague| colleague.id == id).map(|colleague| colleague.name.as_str())
}
