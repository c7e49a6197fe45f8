//! The board as a page: its columns, and what a card says.

use std::collections::BTreeMap;

use askama::Template;

use super::filters::{Filters, with_query};
use super::queries::{Column, Found, Picked};
use super::queries_cards::Row;
use super::views_move::Refusal;
use crate::domain::board::{self, COLUMNS};
use crate::domain::day::Day;
use crate::domain::ids::EnquiryId;
use crate::domain::pause::holds;
use crate::domain::role::Permission;
use crate::domain::stage::Stage;
use crate::domain::standing::State;
use crate::features::access::Viewer;
use crate::features::enquiries::{Kind, ME, UNASSIGNED};
use crate::features::time_limits::{self, Badge, Clocks, badge};
use crate::web::form::Choice;
use crate::web::page::initials;
use crate::web::paging::cursor;
use crate::web::{Ctx, Page};

#[derive(Template)]
#[template(path = "board/board.html", blocks = ["columns"])]
pub struct BoardPage {
    page: Page,
    /// The one column that is asked for.
    only: Option<Stage>,
    lede: String,
    columns: Vec<ColumnView>,
    /// The board's own address, of everybody's, mine and unassigned, and which it is.
    switch: Vec<(&'static str, String, bool)>,
    officers: Vec<Choice>,
    officer: String,
    kinds: Vec<Choice>,
    kind: &'static str,
    filters: Filters,
    may_move: bool,
    moved: Option<Moved>,
    refusal: Option<Refusal>,
}

/// The cards alone, to stand below the others of their column.
#[derive(Template)]
#[template(path = "board/more.html")]
pub struct MoreCards {
    pub board: BoardPage,
}

/// What has just happened, for the live region, and where the focus goes.
pub struct Moved {
    pub id: EnquiryId,
    pub to: Stage,
    pub said: String,
}

pub struct ColumnView {
    pub stage: Stage,
    pub count: i64,
    households: i64,
    paused: i64,
    in_touch: i64,
    /// `Median 6 days, longest 58`.
    days: String,
    list_href: String,
    cards: Vec<CardView>,
    /// The address of the next page.
    more: Option<String>,
}

/// What all columns are made from.
pub struct Shown<'a> {
    pub rows: &'a BTreeMap<EnquiryId, Row>,
    pub clocks: &'a BTreeMap<EnquiryId, Clocks>,
    pub today: Day,
    pub filters: &'a Filters,
}

struct CardView {
    row: Row,
    column: Stage,
    days: String,
    limit: Option<Badge>,
    initials: String,
    /// The other column in which it stands.
    also: Option<Stage>,
    /// Paused or kept in touch with, and until when.
    quiet: Option<String>,
    next: Option<Stage>,
}

impl BoardPage {
    pub fn new(
        ctx: &Ctx,
        filters: Filters,
        officers: Vec<String>,
        columns: Vec<ColumnView>,
        moved: Option<Moved>,
    ) -> BoardPage {
        let own_only = Viewer::of(ctx).own_only;
        let to = |officer: Option<&str>| Filters { officer: officer.map(str::to_owned), ..filters.clone() }.href();
        let switch = [
            ("Everybody’s", to(None), filters.officer.is_none()),
            ("Mine", to(Some(ME)), filters.is_mine()),
            ("Unassigned", to(Some(UNASSIGNED)), filters.is_unassigned()),
        ];
        let first = [("", "Everybody’s"), (ME, "Mine"), (UNASSIGNED, "Unassigned")];
        let first = first.into_iter().map(|(value, label)| Choice::of(value, label));
        let names = officers.into_iter().map(|name| Choice::of(name.clone(), name));
        BoardPage {
            page: Page::new(ctx, "Board"),
            only: None,
            lede: lede(&columns),
            columns,
            switch: if own_only { Vec::new() } else { switch.into() },
            officers: if own_only { Vec::new() } else { first.chain(names).collect() },
            officer: filters.officer.clone().unwrap_or_default(),
            kinds: Kind::all().map(|kind| Choice::of(kind.code(), kind.label())).collect(),
            kind: filters.kind.map_or("", Kind::code),
            filters,
            may_move: ctx.may(Permission::WriteEnquiries),
            moved,
            refusal: None,
        }
    }

    /// What somebody wanted to move is no longer where they saw it.
    #[must_use]
    pub fn with_refusal(mut self, refusal: Refusal) -> BoardPage {
        self.refusal = Some(refusal);
        self
    }

    #[must_use]
    pub fn of_one(mut self, stage: Stage) -> BoardPage {
        self.page.title = format!("{}, board", stage.label());
        self.only = Some(stage);
        self
    }

    fn board_query(&self) -> String {
        self.filters.query()
    }

    fn move_href(&self, card: &CardView, to: &Stage) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("from", card.column.code()).append_pair("to", to.code());
        let board = self.board_query();
        if !board.is_empty() {
            query.append_pair("board", &board);
        }
        format!("/enquiries/{}/moves/new?{}", card.row.id, query.finish())
    }

    fn refusal_in(&self, card: &CardView) -> Option<&Refusal> {
        self.refusal.as_ref().filter(|refusal| (refusal.id, refusal.column) == (card.row.id, card.column))
    }

    /// Its card is not among those shown.
    fn refusal_above(&self) -> Option<&Refusal> {
        let mut cards = self.columns.iter().flat_map(|column| &column.cards);
        self.refusal.as_ref().filter(|_| !cards.any(|card| self.refusal_in(card).is_some()))
    }

    /// What was just moved, where its column shows it; else that column.
    fn takes_focus(&self, card: &CardView) -> bool {
        self.moved.as_ref().is_some_and(|moved| moved.id == card.row.id && moved.to == card.column)
    }

    fn column_takes_focus(&self, column: &ColumnView) -> bool {
        self.moved
            .as_ref()
            .is_some_and(|moved| moved.to == column.stage && !column.cards.iter().any(|card| self.takes_focus(card)))
    }

    /// It has left the board, or its card is on another page: somewhere the focus must go.
    fn heading_takes_focus(&self) -> bool {
        self.moved.as_ref().is_some_and(|moved| !COLUMNS.contains(&moved.to))
    }
}

/// Each household once, however many columns it stands in.
fn lede(columns: &[ColumnView]) -> String {
    let sum = |of: fn(&ColumnView) -> i64| columns.iter().map(of).sum::<i64>();
    let (all, paused, in_touch) = (sum(|it| it.households), sum(|it| it.paused), sum(|it| it.in_touch));
    let noun = if all == 1 { "enquiry goes" } else { "enquiries go" };
    match (all, paused, in_touch) {
        (0, _, _) => "No enquiries here.".to_owned(),
        (_, 0, 0) => format!("{all} {noun} on."),
        (_, paused, 0) => format!("{all} {noun} on. Of these, {paused} paused."),
        (_, 0, in_touch) => format!("{all} {noun} on. Of these, {in_touch} only kept in touch with."),
        (_, paused, in_touch) => {
            format!("{all} {noun} on. Of these, {paused} paused and {in_touch} only kept in touch with.")
        }
    }
}

impl ColumnView {
    pub fn of(found: Found, length: usize, shown: &Shown<'_>) -> ColumnView {
        let Found { stage, column, middle, mut picked } = found;
        let is_more = picked.len() > length;
        picked.truncate(length);
        let last = picked.last().filter(|_| is_more);
        let more = last.map(|last| {
            let mut query = form_urlencoded::Serializer::new(shown.filters.query());
            let key = cursor(&(last.since, last.id.0));
            with_query(&format!("/board/{}", stage.code()), &query.append_pair("after", &key).finish())
        });
        ColumnView {
            stage,
            count: column.as_ref().map_or(0, |column| column.cards),
            households: column.as_ref().map_or(0, |column| column.cards - column.beside),
            paused: column.as_ref().map_or(0, |column| column.paused),
            in_touch: column.as_ref().map_or(0, |column| column.in_touch),
            days: column
                .zip(middle)
                .map_or_else(|| "Nobody is here".to_owned(), |(column, middle)| days_of(&column, middle, shown.today)),
            list_href: shown.filters.list_href(stage),
            cards: picked.iter().filter_map(|card| CardView::of(stage, card, shown)).collect(),
            more,
        }
    }
}

fn days_of(column: &Column, middle: (Day, Day), today: Day) -> String {
    let median = board::median_days(middle, today);
    let longest = board::days_in_stage(column.first_since, today);
    let s = if (median - 1.0).abs() < f64::EPSILON { "" } else { "s" };
    format!("Median {median} day{s}, longest {longest}")
}

impl CardView {
    fn of(column: Stage, picked: &Picked, shown: &Shown<'_>) -> Option<CardView> {
        let row = shown.rows.get(&picked.id)?.clone();
        let other = if column == Stage::Stage1 { Stage::Stage2 } else { Stage::Stage1 };
        let also = row.beside.then_some(other);
        let limit = shown.clocks.get(&row.id).and_then(time_limits::worst);
        Some(CardView {
            column,
            days: days(board::days_in_stage(picked.since, shown.today)),
            limit: limit.map(|(timing, state)| badge(timing, *state, shown.today)),
            initials: row.officer.as_deref().map(initials).unwrap_or_default(),
            quiet: quiet(&row, shown.today),
            next: board::next(column),
            also,
            row,
        })
    }

    fn is_overdue(&self) -> bool {
        self.limit.as_ref().is_some_and(|limit| limit.class == "over")
    }
}

fn days(number: i64) -> String {
    match number {
        0 => "Since today".to_owned(),
        1 => "1 day".to_owned(),
        number => format!("{number} days"),
    }
}

/// If both, paused is shown (counting rule 7).
fn quiet(row: &Row, today: Day) -> Option<String> {
    let held = |from: Option<Day>, to| from.is_some_and(|from| holds(from, to, today));
    if held(row.paused_from, row.paused_to) {
        Some(row.paused_to.map_or("Paused".to_owned(), |to| format!("Paused until {}", to.short_seen_from(today))))
    } else if held(row.in_touch_from, row.in_touch_to) {
        let again = row.contact_again_on.map(|on| format!(", contact again {}", on.short_seen_from(today)));
        Some(format!("{}{}", State::InTouch.label(), again.unwrap_or_default()))
    } else {
        None
    }
}
