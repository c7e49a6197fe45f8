//! Saving a view, changing it, sharing it, deleting it; and choosing for one's own list.

use serde_json::json;
use sqlx::SqliteConnection;

use super::queries::{self, NewView, SavedView};
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::ids::{SavedViewId, UserId};
use crate::domain::ledger::AttributeName;
use crate::features::audit;
use crate::features::enquiries::list::{self, Column};
use crate::web::one_time::OrFailure;

/// More than anybody finds their way among.
const MOST: i64 = 50;

#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    #[error("There is a view with this name. Choose another name, or open that view and save over it")]
    NameTaken,
    /// By one that only managers save over.
    #[error("There is a view with this name, shared with everybody. Choose another name")]
    NameShared,
    #[error("You have 50 views. Delete one that you do not need first")]
    TooMany,
    /// Somebody else changed or deleted it first.
    #[error("Somebody else has changed this view since you opened it")]
    Stale,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl OrFailure for ViewError {
    fn or_failure(self) -> Result<ViewError, sqlx::Error> {
        match self {
            ViewError::Database(error) => Err(error),
            refused => Ok(refused),
        }
    }
}

pub async fn create(write: &mut SqliteConnection, actor: &Actor, view: &NewView) -> Result<SavedViewId, ViewError> {
    is_free(write, &view.name, view.shared, actor.user, None).await?;
    if queries::count_of(&mut *write, actor.user).await? >= MOST {
        return Err(ViewError::TooMany);
    }
    let id = queries::insert(write, actor, view).await?;
    // What it filters by may be a name that somebody searched for: not in the audit.
    let detail = json!({ "view": id, "shared": view.shared, "columns": list::codes(&view.columns) });
    audit::record(write, actor, &Event::new(Action::ViewSaved).with(detail)).await?;
    Ok(id)
}

/// Refuses a name under which another view stands beside this one.
async fn is_free(
    write: &mut SqliteConnection,
    name: &str,
    shared: bool,
    owner: UserId,
    but: Option<SavedViewId>,
) -> Result<(), ViewError> {
    if !queries::has_name(&mut *write, name, shared, owner, but).await? {
        return Ok(());
    }
    let is_shared = queries::has_name(&mut *write, name, true, owner, but).await?;
    Err(if is_shared { ViewError::NameShared } else { ViewError::NameTaken })
}

/// Views for everybody by name and address of the list, as a manager would share them; for a service that begins.
pub async fn share_views(write: &mut SqliteConnection, actor: &Actor, views: &[(&str, &str)]) -> Result<(), ViewError> {
    for (name, query) in views {
        let mut form = list::form_of(query);
        let filters = list::Filters::parse(&mut form, actor.at.london_day());
        let columns = filters.columns.clone().unwrap_or_else(|| list::USUAL.to_vec());
        let view = NewView { name: (*name).to_owned(), shared: true, query: filters.content(), columns };
        create(write, actor, &view).await?;
    }
    Ok(())
}

/// A source or an officer has another name: views that filter by it go on showing the same. Where an officer's old name
/// is still somebody's, they show both. It is no new version of them, so that nobody who is changing one is in the way.
pub async fn rename_in_views(
    write: &mut SqliteConnection,
    field: AttributeName,
    from: &str,
    to: &str,
) -> sqlx::Result<()> {
    let stays = field == AttributeName::Officer && queries::is_an_officers_name(&mut *write, from).await?;
    let mut renamed = Vec::new();
    for (id, query) in queries::list_by_field(&mut *write, field).await? {
        let after = renamed_in(&query, field.code(), from, to, stays);
        if after != query {
            renamed.push((id, after));
        }
    }
    queries::update_queries(write, &renamed).await
}

/// The address of a list that filters by `to` where it filtered by `from`, by both where the old name `stays`.
fn renamed_in(query: &str, field: &str, from: &str, to: &str, stays: bool) -> String {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()).into_owned() {
        let values = match (name == field && value == from, stays) {
            (false, _) => vec![value],
            (true, false) => vec![to.to_owned()],
            (true, true) => vec![value, to.to_owned()],
        };
        for pair in values.into_iter().map(|value| (name.clone(), value)) {
            if name != field || !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
    }
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// `view` is what it is to be; `seen` the version on which that is built.
pub async fn change(write: &mut SqliteConnection, actor: &Actor, view: &SavedView, seen: i64) -> Result<(), ViewError> {
    // Somebody may have shared another one under its name since it was saved: it goes on being called so.
    let before = queries::find_visible(&mut *write, view.id, actor.user).await?;
    if before.is_none_or(|before| before.name != view.name || before.shared != view.shared) {
        is_free(write, &view.name, view.shared, view.owner, Some(view.id)).await?;
    }
    if !queries::update(write, actor, view, seen).await? {
        return Err(ViewError::Stale);
    }
    let detail = json!({ "view": view.id, "shared": view.shared, "columns": list::codes(&view.columns) });
    Ok(audit::record(write, actor, &Event::new(Action::ViewChanged).with(detail)).await?)
}

/// Whose list opened with it, opens with what is in progress.
pub async fn delete(write: &mut SqliteConnection, actor: &Actor, id: SavedViewId, seen: i64) -> Result<(), ViewError> {
    if !queries::delete(write, id, seen).await? {
        return Err(ViewError::Stale);
    }
    Ok(audit::record(write, actor, &Event::new(Action::ViewDeleted).with(json!({ "view": id }))).await?)
}

/// None: the usual ones.
pub async fn choose_columns(
    write: &mut SqliteConnection,
    actor: &Actor,
    columns: Option<Vec<Column>>,
) -> Result<(), ViewError> {
    let before = queries::find_choice(&mut *write, actor.user).await?;
    let choice = queries::Choice { columns, ..before };
    choose(write, actor, &choice).await
}

/// None: with what is in progress.
pub async fn open_with(
    write: &mut SqliteConnection,
    actor: &Actor,
    view: Option<SavedViewId>,
) -> Result<(), ViewError> {
    let before = queries::find_choice(&mut *write, actor.user).await?;
    let choice = queries::Choice { opens_with: view, ..before };
    choose(write, actor, &choice).await
}

async fn choose(write: &mut SqliteConnection, actor: &Actor, choice: &queries::Choice) -> Result<(), ViewError> {
    queries::upsert_choice(write, actor.user, choice).await?;
    let columns = choice.columns.as_deref().map(list::codes);
    let detail = json!({ "columns": columns, "opens_with": choice.opens_with });
    Ok(audit::record(write, actor, &Event::new(Action::ListChosen).with(detail)).await?)
}

#[cfg(test)]
mod tests {
    use super::renamed_in;

    #[test]
    fn a_view_shows_the_same_under_the_new_name_and_both_where_the_old_one_stays() {
        for (query, stays, after) in [
            ("officer=Jan+Teal&stage=new", false, "officer=Jan+Teel&stage=new"),
            ("officer=Jan+Teal&stage=new", true, "officer=Jan+Teal&officer=Jan+Teel&stage=new"),
            ("officer=Jan+Teal&officer=Jan+Teel", false, "officer=Jan+Teel"),
            ("officer=Jan+Teel&officer=Jan+Teal", true, "officer=Jan+Teel&officer=Jan+Teal"),
            ("q=Jan+Teal&officer=me", false, "q=Jan+Teal&officer=me"),
        ] {
            assert_eq!(renamed_in(query, "officer", "Jan Teal", "Jan Teel", stays), after, "{query}");
        }
    }
}
