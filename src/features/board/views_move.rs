//! The form of one move, or why there is none.

use askama::Template;
use axum::http::StatusCode;

use super::filters::Filters;
use crate::domain::board::{Move, NoMove};
use crate::domain::ids::EnquiryId;
use crate::domain::milestone::{MilestoneKind, MilestoneResult};
use crate::domain::stage::Stage;
use crate::domain::text::lower_first;
use crate::features::access::{self, Conflict, FormPage};
use crate::web::form::Choice;
use crate::web::{Ctx, Form, Page};

/// Whose card, from where and whereto.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    pub of: &'a access::Subject,
    pub from: Stage,
    pub to: Stage,
}

#[derive(Template)]
#[template(path = "board/move.html", blocks = ["card"])]
pub struct MovePage {
    page: Page,
    head: FormPage,
    from: Stage,
    to: Stage,
    /// Where the form stands in its card.
    pub slot: String,
    /// What is recorded: "This records: decision made (approve) and approved."
    records: String,
    results: Vec<Choice>,
    asks_places: bool,
    refusal: Option<Refusal>,
    board_href: String,
}

/// Why a card does not go there, in place of its form.
pub struct Refusal {
    pub id: EnquiryId,
    /// Where the card stands, unless it has left the board.
    pub column: Stage,
    pub name: String,
    pub why: NoMove,
    /// What somebody else did since the card was seen.
    pub conflict: Option<Conflict>,
    pub board: Filters,
}

impl Refusal {
    /// The board that whoever moves it has before them is out of date.
    pub fn is_overtaken(&self) -> bool {
        self.conflict.is_some()
            || matches!(self.why, NoMove::Elsewhere { .. } | NoMove::Approved { .. } | NoMove::Closed { .. })
    }
}

impl MovePage {
    pub fn new(ctx: &Ctx, about: Subject<'_>, form: Form, step: Option<&Move>) -> MovePage {
        let Subject { of, from, to } = about;
        let results = step.into_iter().flat_map(|step| &step.records).flat_map(|record| record.results());
        let heading = format!("Move to {}", to.label());
        let board_href = Filters::read(form.value("board")).href();
        let head = FormPage::new(ctx, of, form, &heading, "/moves", "Move");
        MovePage {
            page: head.page.clone(),
            slot: format!("move-{}-{}", of.id, from.code()),
            records: step.map(records).unwrap_or_default(),
            results: results.map(|result| Choice::of(result.code(), result.label())).collect(),
            asks_places: step.is_some_and(|step| step.records.iter().any(|it| it.kind == MilestoneKind::Approved)),
            refusal: None,
            head,
            from,
            to,
            board_href,
        }
    }

    #[must_use]
    pub fn refused(mut self, why: NoMove, conflict: Option<Conflict>) -> MovePage {
        self = self.in_conflict(conflict);
        let (conflict, subject) = (self.head.conflict.take(), &self.head.subject);
        let column = if let NoMove::Elsewhere { now } = why { now } else { self.from };
        let board = Filters::read(self.head.form.value("board"));
        self.refusal = Some(Refusal { id: subject.id, column, name: subject.name.clone(), why, conflict, board });
        self
    }

    #[must_use]
    pub fn in_conflict(mut self, conflict: Option<Conflict>) -> MovePage {
        self.head = self.head.with_conflict(conflict);
        self.page = self.head.page.clone();
        self
    }

    pub fn status(&self) -> StatusCode {
        match &self.refusal {
            Some(refusal) if refusal.is_overtaken() => StatusCode::CONFLICT,
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
            None if self.head.conflict.is_some() => StatusCode::CONFLICT,
            None => self.head.status(),
        }
    }

    /// For the board, which shows it where the card stands by now.
    pub fn overtaken(self) -> Result<Refusal, Box<MovePage>> {
        match self.refusal {
            Some(refusal) if refusal.is_overtaken() => Ok(refusal),
            refusal => Err(Box::new(MovePage { refusal, ..self })),
        }
    }
}

fn records(step: &Move) -> String {
    let of = |result: MilestoneResult| format!(" ({})", lower_first(result.label()));
    let words = step
        .records
        .iter()
        .map(|record| format!("{}{}", lower_first(record.kind.label()), record.result.map(of).unwrap_or_default()));
    words.collect::<Vec<_>>().join(" and ")
}
