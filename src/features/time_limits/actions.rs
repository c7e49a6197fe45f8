use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::queries_rules;
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::day::Day;
use crate::domain::ids::{SpecialDayId, TimeLimitId};
use crate::domain::time_limit::TimeLimit;
use crate::domain::working_days::{Official, Origin, SpecialDay, is_weekday};
use crate::features::audit;

#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// Somebody else changed it first.
    #[error("Somebody else has changed this since you opened the page")]
    Stale,
    #[error("It is like this already")]
    Unchanged,
    #[error("{} is a bank holiday already", .0.long())]
    HolidayAlready(Day),
    #[error("{} is a working day already", .0.long())]
    WorkingAlready(Day),
    #[error("{} is on a weekend, which is never a working day. Enter the weekday that stands in for it", .0.long())]
    Weekend(Day),
    #[error("This day is in the list already. Remove it first")]
    ThereAlready,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Another limit of a clock from a day on. `seen` is the version that was in force on that day when the page was opened;
/// None where there was none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitChange {
    pub new: TimeLimit,
    pub seen: Option<TimeLimitId>,
}

/// Adds the row; one of the same clock and day is superseded. What it changes is made anew in the background, unless it
/// begins after today: no clock has started then.
pub async fn change_limit(
    connection: &mut SqliteConnection,
    actor: &Actor,
    change: &LimitChange,
) -> Result<(), RuleError> {
    let rules = queries_rules::rules(connection).await?;
    let new = &change.new;
    let old = rules.in_force(new.clock, new.from);
    if old.map(|old| old.id) != change.seen {
        return Err(RuleError::Stale);
    }
    if old.is_some_and(|old| same(old, new)) {
        return Err(RuleError::Unchanged);
    }
    queries_rules::supersede_limit(connection, actor, new.clock, new.from).await?;
    queries_rules::insert_limit(connection, actor, new).await?;
    let detail = json!({ "clock": new.clock, "old": old.map(limit_detail), "new": limit_detail(new) });
    audit::record(connection, actor, &Event::new(Action::TimeLimitChanged).with(detail)).await?;
    if new.from <= actor.at.london_day() {
        queries_rules::start_rebuild(connection, actor.at).await?;
    }
    Ok(())
}

fn same(old: &TimeLimit, new: &TimeLimit) -> bool {
    let figures = |limit: &TimeLimit| (limit.amount, limit.second, limit.unit, limit.statutory, limit.in_use);
    figures(old) == figures(new) && old.source == new.source
}

fn limit_detail(limit: &TimeLimit) -> Value {
    json!({
        "from": limit.from, "limit": limit.words(), "statutory": limit.statutory, "in_use": limit.in_use,
        "source": limit.source,
    })
}

/// One more bank holiday, or one that was moved away from its day.
pub async fn add_special_day(
    connection: &mut SqliteConnection,
    actor: &Actor,
    day: &SpecialDay,
) -> Result<(), RuleError> {
    let rules = queries_rules::rules(connection).await?;
    if !is_weekday(day.on) {
        return Err(RuleError::Weekend(day.on));
    }
    if rules.days.is_special(day.on) {
        return Err(RuleError::ThereAlready);
    }
    match (rules.days.is_holiday(day.on), day.holiday) {
        (true, true) => return Err(RuleError::HolidayAlready(day.on)),
        (false, false) => return Err(RuleError::WorkingAlready(day.on)),
        (true, false) | (false, true) => {}
    }
    queries_rules::insert_special_day(connection, actor, day, Origin::ByHand).await?;
    changed(connection, actor, json!({ "added": [special_detail(day)] })).await
}

/// The rule holds again on that day.
pub async fn withdraw_special_day(
    connection: &mut SqliteConnection,
    actor: &Actor,
    id: SpecialDayId,
) -> Result<(), RuleError> {
    let in_force = queries_rules::list_special_day_rows(&mut *connection).await?;
    let row = in_force.into_iter().find(|row| row.id == id && row.superseded_at.is_none()).ok_or(RuleError::Stale)?;
    if !queries_rules::supersede_special_day(connection, actor, id).await? {
        return Err(RuleError::Stale);
    }
    let day = SpecialDay { on: row.on, holiday: row.holiday, name: row.name };
    changed(connection, actor, json!({ "removed": [special_detail(&day)] })).await
}

/// For the years that an official list covers it is the last word: what differs from it goes, what is missing comes.
/// Returns how many days were added and removed.
pub async fn take_official_list(
    connection: &mut SqliteConnection,
    actor: &Actor,
    list: &Official,
    file: &str,
) -> Result<(usize, usize), RuleError> {
    let rows = queries_rules::list_special_day_rows(&mut *connection).await?;
    let known: Vec<_> =
        rows.into_iter().filter(|row| row.superseded_at.is_none() && list.years.contains(&row.on.0.year())).collect();
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    for row in &known {
        let stays = list.special.iter().any(|day| day.on == row.on && day.holiday == row.holiday);
        if !stays {
            queries_rules::supersede_special_day(connection, actor, row.id).await?;
            let day = SpecialDay { on: row.on, holiday: row.holiday, name: row.name.clone() };
            removed.push(special_detail(&day));
        }
    }
    for day in &list.special {
        let there = known.iter().any(|row| row.on == day.on && row.holiday == day.holiday);
        if !there {
            queries_rules::insert_special_day(connection, actor, day, Origin::OfficialList).await?;
            added.push(special_detail(day));
        }
    }
    let counts = (added.len(), removed.len());
    let detail = json!({ "file": file, "years": list.years, "added": added, "removed": removed });
    if counts == (0, 0) {
        audit::record(connection, actor, &Event::new(Action::SpecialDaysChanged).with(detail)).await?;
    } else {
        changed(connection, actor, detail).await?;
    }
    Ok(counts)
}

fn special_detail(day: &SpecialDay) -> Value {
    json!({ "day": day.on, "holiday": day.holiday, "name": day.name })
}

async fn changed(connection: &mut SqliteConnection, actor: &Actor, detail: Value) -> Result<(), RuleError> {
    audit::record(connection, actor, &Event::new(Action::SpecialDaysChanged).with(detail)).await?;
    Ok(queries_rules::start_rebuild(connection, actor.at).await?)
}
