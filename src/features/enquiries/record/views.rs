use askama::Template;
use askama_web::WebTemplate;

use super::head::Head;
use super::history::Line;
use super::next::NextView;
use super::related::RelatedView;
use super::timeline::Event;
use crate::domain::day::Day;
use crate::domain::household::Applicant;
use crate::domain::ids::{AppointmentId, EntryId};
use crate::domain::task::due_in_words;
use crate::features::appointments::{GoneOver, Planned};
use crate::features::households::Household;
use crate::features::notes::{Draft, Note};
use crate::features::tasks::{self, Task};
use crate::web::Page;

#[derive(Template, WebTemplate)]
#[template(path = "enquiries/record/overview.html")]
pub struct Overview {
    pub page: Page,
    pub head: Head,
    pub section: &'static str,
    pub next: NextView,
    /// Visits that are planned.
    pub planned: Vec<Planned>,
    pub today: Day,
    pub events: Vec<Event>,
    /// What this person has begun to write and not saved.
    pub drafts: Vec<Draft>,
    pub applicants: Vec<Applicant>,
    pub details: Vec<(&'static str, String)>,
    pub related: RelatedView,
}

#[derive(Template, WebTemplate)]
#[template(path = "enquiries/record/people.html")]
pub struct People {
    pub page: Page,
    pub head: Head,
    pub section: &'static str,
    pub applicants: Vec<Applicant>,
    pub household: Household,
    pub related: RelatedView,
}

#[derive(Template, WebTemplate)]
#[template(path = "enquiries/record/dates.html")]
pub struct Dates {
    pub page: Page,
    pub head: Head,
    pub section: &'static str,
    pub stages: Vec<StageDates>,
}

pub struct StageDates {
    pub label: &'static str,
    pub rows: Vec<DateRow>,
}

pub struct DateRow {
    pub label: &'static str,
    pub code: &'static str,
    pub dates: Vec<RecordedDate>,
    pub may_add: bool,
}

pub struct RecordedDate {
    pub on: String,
    pub result: String,
    pub entry: EntryId,
}

#[derive(Template, WebTemplate)]
#[template(path = "enquiries/record/notes.html")]
pub struct Notes {
    pub page: Page,
    pub head: Head,
    pub section: &'static str,
    pub notes: Vec<NoteView>,
    /// What this person has begun to write and not saved.
    pub drafts: Vec<Draft>,
}

pub struct NoteView {
    pub now: Note,
    pub edited: Option<String>,
    /// The latest first.
    pub before: Vec<Note>,
}

#[derive(Template, WebTemplate)]
#[template(path = "enquiries/record/tasks.html")]
pub struct Tasks {
    pub page: Page,
    pub head: Head,
    pub section: &'static str,
    /// What is due first first.
    pub to_do: Vec<Task>,
    pub ended: Vec<Task>,
    /// The latest first.
    pub visits: Vec<Planned>,
    /// Those that went with the merge that had brought them.
    pub taken_back: Vec<AppointmentId>,
    pub today: Day,
}

impl Tasks {
    pub fn clock(&self, due: &Day) -> &'static str {
        tasks::clock(*due, self.today)
    }

    pub fn due(&self, due: &Day) -> String {
        due_in_words(*due, self.today)
    }

    /// Where a merge has brought a visit.
    pub fn gone_over(&self, visit: &AppointmentId) -> Option<&GoneOver> {
        self.head.gone_over.iter().find(|it| it.visit == *visit)
    }

    pub fn is_taken_back(&self, visit: &AppointmentId) -> bool {
        self.taken_back.contains(visit)
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "enquiries/record/history.html")]
pub struct History {
    pub page: Page,
    pub head: Head,
    pub section: &'static str,
    pub lines: Vec<Line>,
    /// Where earlier entries follow.
    pub earlier: Option<i64>,
}
