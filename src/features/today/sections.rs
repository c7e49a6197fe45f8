//! Whose day it is, and how each section of Today finds its rows.

use std::collections::HashMap;

use sqlx::SqliteConnection;

use super::queries::{self, Of};
use super::rows::{Row, week};
use super::section::Section;
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::working_hours::in_words;
use crate::features::access::Viewer;
use crate::features::{appointments, households, tasks, time_limits};
use crate::web::form::Choice;
use crate::web::paging::{cursor, key};
use crate::web::{AppError, AppState, Ctx};

/// Whose day it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Mine,
    Colleague(UserId),
    Everybody,
    Unassigned,
}

impl Whose {
    /// As the address has it. Who sees own cases only, sees their own day.
    pub fn read(text: &str, viewer: Viewer) -> Whose {
        match text {
            _ if viewer.own_only => Whose::Mine,
            "everybody" => Whose::Everybody,
            "unassigned" => Whose::Unassigned,
            text => text
                .parse()
                .map_or(Whose::Mine, |user| if user == viewer.user { Whose::Mine } else { Whose::Colleague(user) }),
        }
    }

    pub fn code(self) -> String {
        match self {
            Whose::Mine => String::new(),
            Whose::Colleague(user) => user.to_string(),
            Whose::Everybody => "everybody".to_owned(),
            Whose::Unassigned => "unassigned".to_owned(),
        }
    }

    fn person(self, me: UserId) -> Option<UserId> {
        match self {
            Whose::Mine => Some(me),
            Whose::Colleague(user) => Some(user),
            Whose::Everybody | Whose::Unassigned => None,
        }
    }
}

/// One page of a section.
pub struct Found {
    pub rows: Vec<Row>,
    /// The cursor of what follows.
    pub next: Option<String>,
}

/// What is asked of every section.
pub struct Asking<'a> {
    pub ctx: &'a Ctx,
    pub whose: Whose,
    pub viewer: Viewer,
    pub limit: usize,
    pub after: Option<&'a str>,
    /// To whom an enquiry may be given.
    pub people: &'a [Choice],
}

pub async fn find(state: &AppState, section: Section, asking: &Asking<'_>) -> Result<Found, AppError> {
    let mut found = match section {
        Section::Overdue => clocks(state, time_limits::Due::Overdue, asking).await,
        Section::Due => clocks(state, time_limits::Due::TodayOrTomorrow, asking).await,
        Section::New => new_from_hub(state, asking).await,
        Section::Tasks => tasks_due(state, asking).await,
        Section::Visits => visits(state, asking).await,
        Section::InTouch => in_touch(state, asking).await,
        Section::Unassigned => unassigned(state, asking).await,
    }?;
    with_reach(state, &mut found.rows).await?;
    Ok(found)
}

/// Whoever is to ring has the number, and what to mind, in the row.
pub async fn with_reach(state: &AppState, rows: &mut [Row]) -> sqlx::Result<()> {
    let to_ring: Vec<_> = rows.iter().filter_map(Row::asks_to_ring).collect();
    if to_ring.is_empty() {
        return Ok(());
    }
    let reach = households::list_reach(state.db.read(), &to_ring).await?;
    for row in rows {
        row.reach = row.asks_to_ring().and_then(|enquiry| reach.get(&enquiry)).cloned();
    }
    Ok(())
}

/// Who is to be rung or seen may have a visit in the diary: the row says so.
async fn with_visits(db: &mut SqliteConnection, ctx: &Ctx, mut found: Found) -> Result<Found, AppError> {
    let waiting: Vec<_> = found.rows.iter().filter_map(Row::waits_for_a_visit).collect();
    if !waiting.is_empty() {
        let planned = appointments::list_when(db, &waiting).await?;
        found.rows.iter_mut().for_each(|row| row.tell_of_visits(&planned, ctx.today));
    }
    Ok(found)
}

/// A family in several sections is one piece of work: each of its rows says where the others stand.
pub fn tell_of_each_other(found: &mut [Found]) {
    let mut stands: HashMap<EnquiryId, Vec<Section>> = HashMap::new();
    for (section, found) in Section::ALL.iter().zip(&*found) {
        for enquiry in found.rows.iter().filter_map(|row| row.enquiry) {
            let sections = stands.entry(enquiry).or_default();
            if !sections.contains(section) {
                sections.push(*section);
            }
        }
    }
    for (section, found) in Section::ALL.iter().zip(found) {
        for row in &mut found.rows {
            let all = row.enquiry.and_then(|enquiry| stands.get(&enquiry)).into_iter().flatten();
            row.also = all.copied().filter(|other| other != section).collect();
        }
    }
}

/// From a query that asked for one row more than the limit.
fn cut<T, K: serde::Serialize>(
    mut rows: Vec<T>,
    limit: usize,
    key: impl Fn(&T) -> K,
    row: impl FnMut(T) -> Row,
) -> Found {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|last| cursor(&key(last)));
    Found { rows: rows.into_iter().map(row).collect(), next }
}

async fn clocks(state: &AppState, due: time_limits::Due, asking: &Asking<'_>) -> Result<Found, AppError> {
    let (ctx, me) = (asking.ctx, asking.viewer.user);
    let whose = match (asking.whose, asking.whose.person(me)) {
        (_, Some(user)) => time_limits::Whose::Officer(user),
        (Whose::Unassigned, _) => time_limits::Whose::Unassigned,
        _ => time_limits::Whose::Everybody,
    };
    let asked = time_limits::DueAsked { whose, due, today: ctx.today, reader: me };
    let after = asking.after.and_then(key::<(crate::domain::day::Day, i64, String)>).and_then(|(due, id, clock)| {
        let enquiry = crate::domain::ids::EnquiryId(id);
        Some(time_limits::DueKey { due, enquiry, clock: clock.parse().ok()? })
    });
    let mut connection = state.db.read().acquire().await?;
    let rules = time_limits::rules(&mut connection).await?;
    let rows = time_limits::list_due(&mut connection, &asked, &rules, after, asking.limit as i64 + 1).await?;
    let key = |row: &time_limits::DueRow| row.key().map(|key| (key.due, key.enquiry.0, key.clock.code().to_owned()));
    with_visits(&mut connection, ctx, cut(rows, asking.limit, key, |row| Row::of_clock(ctx, row))).await
}

fn of(asking: &Asking<'_>) -> Of {
    Of { officer: asking.whose.person(asking.viewer.user), nobody: asking.whose == Whose::Unassigned }
}

async fn new_from_hub(state: &AppState, asking: &Asking<'_>) -> Result<Found, AppError> {
    let (ctx, after) = (asking.ctx, asking.after.and_then(key));
    let limit = asking.limit as i64 + 1;
    let mut connection = state.db.read().acquire().await?;
    let rows = queries::list_not_yet_rung(&mut *connection, ctx.today, of(asking), after, asking.viewer, limit).await?;
    if rows.is_empty() {
        return Ok(Found { rows: Vec::new(), next: None });
    }
    let days = time_limits::rules(&mut connection).await?.days;
    let hours = queries::list_hours(&mut *connection).await?.into_iter().next().map(|row| row.hours);
    let waited = |row: &queries::Waiting| {
        // Logged on a later day: it waits since the morning of the day on which it was received.
        let same_day = row.logged_at.london_day() == row.day;
        let since = if same_day { row.logged_at } else { crate::domain::instant::Instant::start_of(row.day) };
        hours.as_ref().map(|hours| in_words(hours.minutes_between(&days, since, ctx.now))).unwrap_or_default()
    };
    let found = cut(
        rows,
        asking.limit,
        |row| (row.day, row.id.0),
        |row| {
            let waited = waited(&row);
            Row::of_new(ctx, row, &waited)
        },
    );
    with_visits(&mut connection, ctx, found).await
}

async fn tasks_due(state: &AppState, asking: &Asking<'_>) -> Result<Found, AppError> {
    let ctx = asking.ctx;
    let of = match asking.whose {
        Whose::Mine => tasks::Of::Person(ctx.user.id, ctx.user.roles.clone()),
        Whose::Colleague(user) => tasks::Of::Person(user, Vec::new()),
        Whose::Everybody => tasks::Of::Everybody,
        Whose::Unassigned => tasks::Of::Nobody,
    };
    let (after, limit) = (asking.after.and_then(key), asking.limit as i64 + 1);
    let rows = tasks::list_to_do(state.db.read(), &of, week(ctx.today), after, asking.viewer, limit).await?;
    Ok(cut(rows, asking.limit, |row| (row.due, row.id.0), |row| Row::of_task(ctx, row)))
}

async fn visits(state: &AppState, asking: &Asking<'_>) -> Result<Found, AppError> {
    let ctx = asking.ctx;
    let of = match (asking.whose, asking.whose.person(ctx.user.id)) {
        (_, Some(user)) => appointments::Of::Person(user),
        (Whose::Unassigned, _) => appointments::Of::Nobody,
        _ => appointments::Of::Everybody,
    };
    let after = asking.after.and_then(key::<(crate::domain::day::Day, String, i64)>);
    let after = after.and_then(|(on, at, id)| Some((on, at.parse().ok()?, id)));
    let limit = asking.limit as i64 + 1;
    let rows = appointments::list_planned(state.db.read(), of, week(ctx.today), after, asking.viewer, limit).await?;
    Ok(cut(rows, asking.limit, |row| (row.on, row.at.to_string(), row.id.0), |row| Row::of_visit(ctx, row)))
}

async fn in_touch(state: &AppState, asking: &Asking<'_>) -> Result<Found, AppError> {
    let (ctx, after, limit) = (asking.ctx, asking.after.and_then(key), asking.limit as i64 + 1);
    let rows = queries::list_contact_again(state.db.read(), ctx.today, of(asking), after, asking.viewer, limit).await?;
    Ok(cut(rows, asking.limit, |row| (row.day, row.id.0), |row| Row::of_in_touch(ctx, row)))
}

/// Everybody sees these, whosever day it is, but a colleague's: somebody has to take them.
async fn unassigned(state: &AppState, asking: &Asking<'_>) -> Result<Found, AppError> {
    if asking.viewer.own_only || matches!(asking.whose, Whose::Colleague(_)) {
        return Ok(Found { rows: Vec::new(), next: None });
    }
    let (ctx, after, limit) = (asking.ctx, asking.after.and_then(key), asking.limit as i64 + 1);
    let rows = queries::list_unassigned(state.db.read(), ctx.today, after, asking.viewer, limit).await?;
    Ok(cut(rows, asking.limit, |row| (row.day, row.id.0), |row| Row::of_unassigned(ctx, row, asking.people)))
}
