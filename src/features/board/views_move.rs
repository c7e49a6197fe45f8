//! The form of one move, or why there is none.

use askama::Template;
use axum::http::StatusCode;

use super::filters::Filters;
use crate::domain::board::{Move, NoMove};
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
    refused: Option<NoMove>,
    board_href: String,
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
            refused: None,
            head,
            from,
            to,
            board_href,
        }
    }

    #[must_use]
    pub fn refused(mut self, refused: NoMove, conflict: Option<Conflict>) -> MovePage {
        self.refused = Some(refused);
        self.in_conflict(conflict)
    }

    #[must_use]
    pub fn in_conflict(mut self, conflict: Option<Conflict>) -> MovePage {
        self.head = self.head.with_conflict(conflict);
        self.page = self.head.page.clone();
        self
    }

    pub fn status(&self) -> StatusCode {
        match (self.refused, &self.head.conflict) {
            (_, Some(_)) | (Some(NoMove::Elsewhere { .. } | NoMove::Approved { .. } | NoMove::Closed { .. }), _) => {
                StatusCode::CONFLICT
            }
            (Some(_), None) => StatusCode::UNPROCESSABLE_ENTITY,
            (None, None) => self.head.status(),
        }
    }

    /// The column in which the card stands by now, where that is another.
    fn now(&self) -> Option<Stage> {
        match self.refused {
            Some(NoMove::Elsewhere { now }) => Some(now),
            _ => None,
        }
    }

    /// The board shows the card where it is.
    fn stays(&self) -> bool {
        self.status() != StatusCode::CONFLICT
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
