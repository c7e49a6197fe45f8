//! Keeping in touch: a family that is not ready now and wants to hear from us again.

use axum::response::Response;

use super::views::InTouchPage;
use super::{Said, Span, Words};
use crate::domain::day::Day;
use crate::domain::ids::EntryId;
use crate::domain::ledger::{Entry, Fact, Ledger, Place};
use crate::domain::pause::InTouch;
use crate::features::access::{FormPage, Versions, show};
use crate::web::{AppError, Form};

impl Span for InTouch {
    const WORDS: Words = Words {
        path: "in-touch",
        name: "Keeping in touch",
        beginning: Said { heading: "Keep in touch", button: "Keep in touch", done: "Kept in touch for later" },
        ending: Said { heading: "End keeping in touch", button: "They go on", done: "Keeping in touch has an end" },
        correction: Said {
            heading: "Change keeping in touch",
            button: "Save the change",
            done: "Keeping in touch is changed",
        },
        withdrawal: Said {
            heading: "Withdraw keeping in touch",
            button: "Withdraw it",
            done: "Keeping in touch is withdrawn",
        },
        why_ended: "Keeping in touch ended",
        since: "Kept in touch",
        ending_hint: "The first day on which they go on",
        instead: "Not yet: change when to contact them again",
        gone: "That has been withdrawn",
    };

    fn entries(ledger: &Ledger) -> &[Entry<InTouch>] {
        &ledger.in_touch
    }

    fn place(entry: EntryId) -> Place {
        Place::InTouch(entry)
    }

    fn fact(self) -> Fact {
        Fact::InTouch(self)
    }

    fn from(&self) -> Day {
        self.from
    }

    fn to(&self) -> Option<Day> {
        self.to
    }

    fn ended(&self, to: Day) -> InTouch {
        InTouch { to: Some(to), ..self.clone() }
    }

    fn form(&self) -> Form {
        Form::of([
            ("from", self.from.short()),
            ("to", self.to.map(Day::short).unwrap_or_default()),
            ("contact_again_on", self.contact_again_on.map(Day::short).unwrap_or_default()),
        ])
        .opened()
    }

    fn parse(form: &mut Form, today: Day) -> Option<InTouch> {
        let from = form.required_day("from", today, "Enter the date from which you keep in touch");
        let contact_again_on = form.day("contact_again_on", today);
        let to = form.day("to", today);
        // A day without its year is the last one that was, which is never meant here.
        if let (Some(from), Some(again)) = (from, contact_again_on)
            && again < from
        {
            let sentence =
                format!("{} is before you begin to keep in touch. If it lies ahead, write its year too", again.words());
            form.fail("contact_again_on", sentence);
        }
        let in_touch = InTouch { from: from?, to, contact_again_on };
        form.is_valid().then_some(in_touch)
    }

    fn beside(&self, yours: &InTouch) -> Vec<Versions> {
        let to = |it: &InTouch| it.to.map(Day::long).unwrap_or_default();
        let again = |it: &InTouch| it.contact_again_on.map(Day::long).unwrap_or_default();
        vec![
            Versions::of("In touch from", self.from.long(), yours.from.long()),
            Versions::of("Contact again on", again(self), again(yours)),
            Versions::of("Goes on from", to(self), to(yours)),
        ]
    }

    fn page(head: FormPage, corrected: Option<&Entry<InTouch>>) -> Result<Response, AppError> {
        let entry = corrected.map(|entry| entry.id);
        show(head.status(), &InTouchPage { page: head.page.clone(), head, entry })
    }
}
