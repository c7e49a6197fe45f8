//! How a setting came to be what it is, for a list that keeps no versions of its own.

use super::queries::{self, Line};
use super::views::changes;
use crate::db::Db;
use crate::domain::audit::Action;

/// One change of a setting, in words.
pub struct Change {
    pub by: String,
    pub at: String,
    pub action: &'static str,
    pub changes: Vec<String>,
}

/// The changes of one thing, the latest first: of those actions, with `value` in that field of the detail.
pub async fn history(db: &Db, actions: [Action; 2], field: &str, value: &str) -> sqlx::Result<Vec<Change>> {
    let path = format!("$.{field}");
    let [added, changed] = actions.map(Action::code);
    let lines = queries::list_of_setting(db.read(), added, changed, &path, value).await?;
    Ok(lines.into_iter().map(change).collect())
}

fn change(line: Line) -> Change {
    Change {
        by: line.who,
        at: line.at.london_text(),
        action: line.action.parse::<Action>().map_or("", Action::label),
        changes: changes(line.detail.as_deref().unwrap_or_default()),
    }
}
