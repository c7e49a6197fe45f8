//! Pauses: a family that cannot go on just now.

use axum::response::Response;

use super::views::PausePage;
use super::{Said, Span, Words};
use crate::domain::day::Day;
use crate::domain::ids::EntryId;
use crate::domain::ledger::{Entry, Fact, Ledger, Place};
use crate::domain::pause::{Pause, PauseReason};
use crate::features::access::{FormPage, Versions, show};
use crate::web::form::Choice;
use crate::web::{AppError, Form};

impl Span for Pause {
    const WORDS: Words = Words {
        path: "pauses",
        name: "The pause",
        beginning: Said { heading: "Pause", button: "Pause it", done: "The pause is recorded" },
        ending: Said { heading: "End the pause", button: "End the pause", done: "The pause has an end" },
        correction: Said {
            heading: "Correct the pause",
            button: "Save the correction",
            done: "The pause is corrected",
        },
        withdrawal: Said { heading: "Withdraw the pause", button: "Withdraw it", done: "The pause is withdrawn" },
        why_ended: "The pause ended",
        since: "Paused",
        ending_hint: "The first day on which they go on. It may lie ahead: write its year too",
        instead: "Something else is wrong with it: correct it",
        gone: "That pause has been withdrawn",
    };

    fn entries(ledger: &Ledger) -> &[Entry<Pause>] {
        &ledger.pauses
    }

    fn place(entry: EntryId) -> Place {
        Place::Pause(entry)
    }

    fn fact(self) -> Fact {
        Fact::Pause(self)
    }

    fn from(&self) -> Day {
        self.from
    }

    fn to(&self) -> Option<Day> {
        self.to
    }

    fn ended(&self, to: Day) -> Pause {
        Pause { to: Some(to), ..self.clone() }
    }

    fn form(&self) -> Form {
        Form::of([
            ("from", self.from.short()),
            ("to", self.to.map(Day::short).unwrap_or_default()),
            ("reason", self.reason.code().to_owned()),
        ])
        .opened()
    }

    fn parse(form: &mut Form, today: Day) -> Option<Pause> {
        let from = form.required_day("from", today, "Enter the date from which it is paused");
        let to = form.day("to", today);
        let reason = form.required_choice("reason", "Choose why it is paused");
        let pause = Pause { from: from?, to, reason: reason? };
        form.is_valid().then_some(pause)
    }

    fn beside(&self, yours: &Pause) -> Vec<Versions> {
        let to = |pause: &Pause| pause.to.map(Day::long).unwrap_or_default();
        vec![
            Versions::of("Paused from", self.from.long(), yours.from.long()),
            Versions::of("Goes on from", to(self), to(yours)),
            Versions::of("Reason", self.reason.label(), yours.reason.label()),
        ]
    }

    fn page(head: FormPage, corrected: Option<&Entry<Pause>>) -> Result<Response, AppError> {
        let reasons = reasons(corrected.map(|entry| entry.fact.reason));
        let entry = corrected.map(|entry| entry.id);
        show(head.status(), &PausePage { page: head.page.clone(), head, reasons, entry })
    }
}

/// `keep` is what a pause from a file may hold and nobody chooses.
fn reasons(keep: Option<PauseReason>) -> Vec<Choice> {
    PauseReason::ALL
        .iter()
        .filter(|reason| **reason != PauseReason::NotRecorded || Some(**reason) == keep)
        .map(|reason| Choice::of(reason.code(), reason.label()))
        .collect()
}
