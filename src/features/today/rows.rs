//! One row of Today: who, why it is here, how long, and the one action that clears it.

use crate::domain::appointment::AppointmentState;
use crate::domain::day::Day;
use crate::domain::ids::{AppointmentId, EnquiryId, TaskId};
use crate::domain::milestone::{MilestoneKind, MilestoneResult};
use crate::domain::note::NoteKind;
use crate::domain::task::due_in_words;
use crate::domain::time_limit::{Clock, State};
use crate::features::access::Subject;
use crate::features::appointments::{self, Planned};
use crate::features::households::Reach;
use crate::features::tasks::{self, Task, ToDo, clock};
use crate::features::time_limits::{self, DueRow};
use crate::web::form::Choice;
use crate::web::{Ctx, Form};

use super::queries::Waiting;
use super::section::Section;

pub struct Row {
    /// Names the row on the page: `contact-12`.
    pub key: String,
    pub href: String,
    pub name: String,
    pub meta: String,
    pub why: String,
    pub detail: String,
    pub enquiry: Option<EnquiryId>,
    /// `Visit planned for Tue 24 Nov, 10:00`, where the row waits for somebody to see or ring them.
    pub visit: String,
    /// How the family is reached, where that is what the row asks for.
    pub reach: Option<Reach>,
    /// Other sections in which the same family stands.
    pub also: Vec<Section>,
    /// How long, in words and as a clock's class.
    pub badge: String,
    pub class: &'static str,
    pub act: Act,
    pub form: Form,
    pub token: String,
}

/// What clears a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// A conversation, or a call without an answer. `in_touch`: the family comes back on another day, or goes on.
    Contact {
        enquiry: EnquiryId,
        in_touch: bool,
    },
    Milestone {
        enquiry: EnquiryId,
        kind: MilestoneKind,
        results: Vec<Choice>,
    },
    /// `reaches`: it is about a family, who may not answer.
    Task {
        task: TaskId,
        reaches: bool,
    },
    Visit(AppointmentId),
    Assign {
        enquiry: EnquiryId,
        people: Vec<Choice>,
    },
    /// Nothing that one press clears.
    Open(String),
}

impl Act {
    /// What the button says.
    pub fn label(&self) -> String {
        match self {
            Act::Contact { .. } => "Record contact".to_owned(),
            Act::Milestone { kind: MilestoneKind::InitialVisit, .. } => "Record visit".to_owned(),
            Act::Milestone { .. } => "Record date".to_owned(),
            Act::Task { .. } => "Mark as done".to_owned(),
            Act::Visit(_) => "It took place".to_owned(),
            Act::Assign { .. } => "Assign".to_owned(),
            Act::Open(_) => "Open".to_owned(),
        }
    }

    pub fn action(&self) -> String {
        match self {
            Act::Contact { enquiry, .. } => format!("/today/contacts/{enquiry}"),
            Act::Milestone { enquiry, .. } => format!("/today/milestones/{enquiry}"),
            Act::Task { task, .. } => format!("/today/tasks/{task}"),
            Act::Visit(visit) => format!("/today/visits/{visit}"),
            Act::Assign { enquiry, .. } => format!("/today/assignments/{enquiry}"),
            Act::Open(href) => href.clone(),
        }
    }

    /// How somebody was contacted.
    pub fn kinds(&self) -> Vec<Choice> {
        let kinds = NoteKind::ALL.iter().filter(|kind| **kind != NoteKind::Note);
        kinds.map(|kind| Choice::of(kind.code(), kind.label())).collect()
    }

    pub fn milestone(enquiry: EnquiryId, kind: MilestoneKind) -> Act {
        let results = kind.results().iter();
        let results = results.map(|result| Choice::of(result.code(), MilestoneResult::label(*result))).collect();
        Act::Milestone { enquiry, kind, results }
    }
}

impl Row {
    fn new(ctx: &Ctx, key: String, act: Act) -> Row {
        Row {
            key,
            href: String::new(),
            name: String::new(),
            meta: String::new(),
            why: String::new(),
            detail: String::new(),
            enquiry: None,
            visit: String::new(),
            reach: None,
            also: Vec::new(),
            badge: String::new(),
            class: "run",
            form: filled_in(&act),
            act,
            token: ctx.form_token(),
        }
    }

    /// The row again, with what is wrong with what was sent: whose it is and what clears it.
    pub fn again(ctx: &Ctx, subject: Option<&Subject>, form: Form, act: Act) -> Row {
        let token = form.kept_token(ctx);
        // It names a place on the page, which takes no other characters.
        let key = form.value("row").replace(|it: char| !it.is_ascii_alphanumeric() && it != '-' && it != '_', "");
        let name = subject.map_or_else(|| "Task".to_owned(), |subject| subject.name.clone());
        let meta = subject.map(|subject| subject.reference.clone()).unwrap_or_default();
        let href = subject.map_or_else(|| "/tasks".to_owned(), |subject| format!("/enquiries/{}", subject.id));
        let enquiry = subject.map(|subject| subject.id);
        Row { href, name, meta, enquiry, form, token, ..Row::new(ctx, key, act) }
    }

    pub fn is_open(&self) -> bool {
        !self.form.is_valid()
    }

    /// Of a row that a visit in the diary answers: the enquiry.
    pub fn waits_for_a_visit(&self) -> Option<EnquiryId> {
        match self.act {
            Act::Contact { enquiry, in_touch: false } => Some(enquiry),
            Act::Milestone { enquiry, kind: MilestoneKind::InitialVisit, .. } => Some(enquiry),
            _ => None,
        }
    }

    /// Of a row that somebody may have to ring for: the enquiry.
    pub fn asks_to_ring(&self) -> Option<EnquiryId> {
        match self.act {
            Act::Contact { enquiry, .. } => Some(enquiry),
            Act::Task { reaches: true, .. } => self.enquiry,
            _ => None,
        }
    }

    /// The next visit in the diary; else the last one, of which nobody has said whether it took place.
    pub fn tell_of_visits(&mut self, planned: &[appointments::When], today: Day) {
        let own = || planned.iter().filter(|visit| Some(visit.enquiry) == self.waits_for_a_visit());
        let next = own().find(|visit| visit.on >= today);
        if let Some(visit) = next.or_else(|| own().next_back()) {
            let is = if visit.on >= today { "Visit planned for" } else { "Visit was planned for" };
            self.visit = format!("{is} {}, {}", visit.on.long_seen_from(today), visit.at);
        }
    }

    /// The sentence about the whole form, or about a field that the row does not show.
    pub fn trouble(&self) -> Option<&str> {
        self.form.error("")
    }

    pub fn of_clock(ctx: &Ctx, due: DueRow) -> Row {
        let badge = time_limits::badge(&due.timing, due.state, ctx.today);
        let act = of_clock(due.enquiry, due.timing.clock);
        // Under their headings "overdue" and "due" are said already.
        let words = match (due.state, due.timing.due) {
            (State::Overdue { over }, _) => format!("{} over", time_limits::days(&due.timing, over)),
            (_, Some(on)) if on >= ctx.today => due_in_words(on, ctx.today),
            _ => badge.words,
        };
        let statutory = if badge.statutory { format!(". {}", due.timing.limit.source) } else { String::new() };
        let officer = due.officer.as_deref().unwrap_or("Unassigned");
        Row {
            href: format!("/enquiries/{}", due.enquiry),
            enquiry: Some(due.enquiry),
            name: due.name,
            meta: format!("{}, {}", due.reference, due.stage.label()),
            why: due.timing.clock.label().to_owned(),
            detail: format!("{}. Since {}{statutory}", officer, due.timing.start.long()),
            badge: words,
            class: badge.class,
            ..Row::new(ctx, format!("clock-{}-{}", due.enquiry, due.timing.clock.code()), act)
        }
    }

    pub fn of_new(ctx: &Ctx, waiting: Waiting, waited: &str) -> Row {
        let attempts = crate::domain::task::attempts_in_words(waiting.attempts);
        let act = Act::Contact { enquiry: waiting.id, in_touch: false };
        let hub = waiting.hub.unwrap_or_default();
        Row {
            href: format!("/enquiries/{}", waiting.id),
            enquiry: Some(waiting.id),
            why: format!("Referred by {hub}, received on {}", waiting.day.long_seen_from(ctx.today)),
            detail: [attempts, waiting.officer.unwrap_or_else(|| "Unassigned".to_owned())]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(". "),
            name: waiting.name,
            meta: waiting.reference,
            badge: format!("{waited} waiting"),
            class: "soon",
            ..Row::new(ctx, format!("new-{}", waiting.id), act)
        }
    }

    pub fn of_task(ctx: &Ctx, task: ToDo) -> Row {
        let act = Act::Task { task: task.id, reaches: task.enquiry.is_some() };
        let (whose, attempts) = (task.whose_in_words(), task.attempts_in_words());
        let detail = if attempts.is_empty() { whose } else { format!("{whose}. {attempts}") };
        Row {
            enquiry: task.enquiry,
            href: task.enquiry.map_or_else(|| format!("/tasks/{}", task.id), |id| format!("/enquiries/{id}/tasks")),
            name: task.name.unwrap_or_else(|| "About no enquiry".to_owned()),
            meta: task.reference.unwrap_or_default(),
            why: task.what,
            detail,
            badge: due_in_words(task.due, ctx.today),
            class: clock(task.due, ctx.today),
            ..Row::new(ctx, format!("task-{}", task.id), act)
        }
    }

    pub fn of_visit(ctx: &Ctx, visit: appointments::Due) -> Row {
        let act = if visit.on <= ctx.today {
            Act::Visit(visit.id)
        } else {
            Act::Open(format!("/enquiries/{}/appointments/{}/corrections", visit.enquiry, visit.id))
        };
        let with = visit.with.map_or_else(|| ", alone".to_owned(), |with| format!(" and {with}"));
        let lone = if visit.safety.is_empty() { String::new() } else { format!(". {}", visit.safety) };
        let when = match ctx.today.days_until(visit.on) {
            0 => format!("Today, {}", visit.at),
            1 => format!("Tomorrow, {}", visit.at),
            _ => format!("{}, {}", visit.on.long_seen_from(ctx.today), visit.at),
        };
        Row {
            href: format!("/enquiries/{}", visit.enquiry),
            enquiry: Some(visit.enquiry),
            name: visit.name,
            meta: visit.reference,
            why: format!("{}{with}", visit.goes),
            detail: format!("{}{lone}", visit.place),
            badge: when,
            class: if visit.on < ctx.today { "over" } else { "run" },
            ..Row::new(ctx, format!("visit-{}", visit.id), act)
        }
    }

    pub fn of_in_touch(ctx: &Ctx, waiting: Waiting) -> Row {
        let act = Act::Contact { enquiry: waiting.id, in_touch: true };
        let since = waiting.since.map(|since| format!("In touch since {}. ", since.long())).unwrap_or_default();
        Row {
            href: format!("/enquiries/{}", waiting.id),
            enquiry: Some(waiting.id),
            name: waiting.name,
            meta: waiting.reference,
            why: "They asked to hear from you again".to_owned(),
            detail: format!("{since}{}", waiting.officer.unwrap_or_else(|| "Unassigned".to_owned())),
            badge: due_in_words(waiting.day, ctx.today),
            class: clock(waiting.day, ctx.today),
            ..Row::new(ctx, format!("in-touch-{}", waiting.id), act)
        }
    }

    pub fn of_unassigned(ctx: &Ctx, waiting: Waiting, people: &[Choice]) -> Row {
        let act = Act::Assign { enquiry: waiting.id, people: people.to_vec() };
        let from = waiting.hub.or(waiting.source).map(|from| format!(" from {from}")).unwrap_or_default();
        let waited = waiting.day.days_until(ctx.today);
        let badge = match waited {
            0 => "Since today".to_owned(),
            1 => "1 day".to_owned(),
            days => format!("{days} days"),
        };
        Row {
            href: format!("/enquiries/{}", waiting.id),
            enquiry: Some(waiting.id),
            name: waiting.name,
            meta: waiting.reference,
            why: format!("Received on {}{from}", waiting.day.long_seen_from(ctx.today)),
            badge,
            ..Row::new(ctx, format!("unassigned-{}", waiting.id), act)
        }
    }
}

/// What records the end of a clock.
fn of_clock(enquiry: EnquiryId, clock: Clock) -> Act {
    use MilestoneKind as K;
    let kind = match clock {
        Clock::FirstContact => return Act::Contact { enquiry, in_touch: false },
        Clock::InitialVisit => K::InitialVisit,
        Clock::Stage1Outcome => K::Stage1OutcomeNotified,
        Clock::Observations => K::ApplicantsObservations,
        Clock::PanelRecommendation => K::PanelRecommendation,
        Clock::Decision => K::DecisionMade,
        Clock::DecisionTold => K::DecisionTold,
        Clock::DecisionWritten => K::DecisionWritten,
        _ => return Act::Open(format!("/enquiries/{enquiry}")),
    };
    Act::milestone(enquiry, kind)
}

fn filled_in(act: &Act) -> Form {
    match act {
        Act::Contact { .. } => Form::of([("on", "today"), ("kind", NoteKind::Call.code())]),
        Act::Milestone { .. } => Form::of([("on", "today")]),
        Act::Task { .. } => Form::of([("again_on", "tomorrow")]),
        _ => Form::default(),
    }
}

/// Whether a visit can still be kept.
pub fn is_planned(visit: &Planned) -> bool {
    visit.state == AppointmentState::Planned
}

/// Whether a task can still be done.
pub fn is_to_do(task: &Task) -> bool {
    tasks::Task::is_open(task)
}

/// The last day of the week that begins today.
pub fn week(today: Day) -> Day {
    today.plus_days(6)
}
