//! The audit as an administrator reads it: who did what and when, and nothing of a case.

use axum::extract::State;
use axum_extra::extract::Query;
use serde::Deserialize;

use super::queries;
use super::views::AuditPage;
use crate::domain::ids::UserId;
use crate::web::error::Result;
use crate::web::paging::{Slice, key};
use crate::web::{AppState, Ctx};

const PAGE: usize = 50;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    person: String,
    #[serde(default)]
    after: String,
}

pub async fn index(State(state): State<AppState>, ctx: Ctx, Query(asked): Query<Asked>) -> Result<AuditPage> {
    let person: Option<UserId> = asked.person.parse().ok();
    let before: i64 = key(&asked.after).unwrap_or(i64::MAX);
    let limit = i64::try_from(PAGE + 1)?;
    let db = state.db.read();
    let rows = match person {
        Some(person) => queries::list_of_person_before(db, person, before, limit).await?,
        None => queries::list_before(db, before, limit).await?,
    };
    let people = queries::list_names(db).await?;
    Ok(AuditPage::new(&ctx, Slice::new(rows, PAGE, |row| row.id), people, person))
}
