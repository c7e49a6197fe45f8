//! Somebody else was first: what they did of the same household, beside what was chosen from the form as it was.

use super::find::Together;
use super::forms;
use super::queries::{self, Separated};
use crate::domain::day::Day;
use crate::domain::household::display_name;
use crate::domain::ids::{SeparationId, UserId};
use crate::domain::merge::Portrait;
use crate::features::access::{Conflict, Versions};
use crate::features::households;
use crate::web::error::Result;
use crate::web::{AppState, Form};

pub struct First {
    /// The separation that was recorded, where it was that.
    pub separation: Option<SeparationId>,
    /// By whoever asks, from another page.
    pub is_own: bool,
    pub conflict: Conflict,
}

pub async fn find(state: &AppState, now: &Together, form: &Form, viewer: UserId, today: Day) -> Result<First> {
    let mut connection = state.db.read().acquire().await?;
    let last = households::find_last_change(&mut *connection, now.household.id).await?;
    let separated = queries::find_last_from(&mut *connection, now.household.id).await?;
    // What was changed after a separation is what came first.
    let separated = separated.filter(|it| last.as_ref().is_none_or(|last| last.at <= it.at));
    let sentence = match (&separated, last) {
        (Some(it), _) => recorded(it, viewer),
        (None, Some(last)) => format!("{} changed this household on {}.", last.by, last.at.london_text()),
        (None, None) => "Somebody else changed this household since you opened it.".to_owned(),
    };
    let yours = forms::ticked(form).iter().map(|name| format!("{name} goes on")).collect::<Vec<_>>().join("\n");
    let day = separated.as_ref().map(|it| Versions::of("Day", it.on.long(), day_in_words(form, today)));
    let people = Versions::of("Applicants", now.names().join("\n"), yours);
    Ok(First {
        separation: separated.as_ref().map(|it| it.id),
        is_own: separated.as_ref().is_some_and(|it| it.user == viewer),
        conflict: Conflict { sentence, rows: day.into_iter().chain([people]).collect() },
    })
}

/// `Alison Hepple recorded on 14 October 2025, 10:12 that Tom Reed left on 1 October 2025.`
fn recorded(it: &Separated, viewer: UserId) -> String {
    let left = Portrait::read(it.new_after.as_deref()).unwrap_or_default();
    let left: Vec<_> = left.applicants.into_iter().map(|it| it.name).collect();
    let left = if left.is_empty() { "somebody".to_owned() } else { display_name(&left) };
    let who = if it.user == viewer { "You" } else { it.by.as_str() };
    format!("{who} recorded on {} that {left} left on {}.", it.at.london_text(), it.on.words())
}

/// As it was typed where it cannot be read.
fn day_in_words(form: &Form, today: Day) -> String {
    let day = form.clone().day("separated_on", today);
    day.map_or_else(|| form.value("separated_on").to_owned(), Day::long)
}
