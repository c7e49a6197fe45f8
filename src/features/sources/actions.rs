//! Adding a source or a campaign, changing it, taking it out of use; saying that two are the same; and saying what a name
//! means that is recorded but not on the list.

use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::queries::{self, Row};
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::ids::ListedSourceId;
use crate::domain::source::{List, Listed};
use crate::domain::text::fold::fold;
use crate::features::{audit, enquiries, imports, pipeline};
use crate::web::one_time::OrFailure;

/// Where a source is to stand in its list. Campaigns stand by their days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Where it is; a new one last.
    Stays,
    First,
    /// Behind the entry with this root.
    After(ListedSourceId),
}

/// What a name that is recorded, but not on the list, turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Something of its own: it comes onto the list.
    New,
    /// The same as the entry with this root.
    SameAs(ListedSourceId),
}

#[derive(Debug, thiserror::Error)]
pub enum ListRefusal {
    #[error("“{0}” is on the list already")]
    Known(String),
    #[error("Somebody else has changed this since you opened the page")]
    Stale,
    #[error("It cannot be the same as itself. Choose another {}", .0.label().to_lowercase())]
    Itself(List),
    #[error("“{name}” is a {}. Choose a {}", .of.label().to_lowercase(), .wanted.label().to_lowercase())]
    OtherList { name: String, of: List, wanted: List },
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl OrFailure for ListRefusal {
    fn or_failure(self) -> Result<ListRefusal, sqlx::Error> {
        match self {
            ListRefusal::Database(error) => Err(error),
            refused => Ok(refused),
        }
    }
}

pub async fn add(write: &mut SqliteConnection, actor: &Actor, new: &Listed, place: Place) -> Result<(), ListRefusal> {
    refuse_known(write, new, None).await?;
    let position = position(write, new.list, place, None).await?;
    queries::insert(write, actor, None, new, position, false).await?;
    let event = Event::new(Action::SourceListed).with(json!({ "after": detail(new) }));
    Ok(audit::record(write, actor, &event).await?)
}

/// `seen` is the version that the change began from. Under a new name it is the same thing: what is recorded under the
/// old one is corrected.
pub async fn change(
    write: &mut SqliteConnection,
    actor: &Actor,
    seen: ListedSourceId,
    after: &Listed,
    place: Place,
) -> Result<(), ListRefusal> {
    let now = find_as_seen(write, seen).await?;
    if now.listed == *after && place == Place::Stays {
        return Ok(());
    }
    refuse_known(write, after, Some(now.root)).await?;
    queries::supersede(write, actor, seen, None).await?;
    let position = position(write, after.list, place, now.position).await?;
    let moved = position != now.position;
    queries::insert(write, actor, Some(now.root), after, position, moved).await?;
    let mut detail = json!({ "before": detail(&now.listed), "after": detail(after), "moved": moved });
    if now.listed.name != after.name {
        detail["corrected_on"] = json!(correct(write, actor, after.list, &now.listed.name, &after.name).await?);
    }
    Ok(audit::record(write, actor, &Event::new(Action::SourceListChanged).with(detail)).await?)
}

/// Two entries of one list are the same. The one goes: what is recorded under its name is corrected to the other's, which
/// stays as it is. Both are the versions that whoever says so has seen.
pub async fn merge(
    write: &mut SqliteConnection,
    actor: &Actor,
    goes: ListedSourceId,
    kept: ListedSourceId,
) -> Result<(), ListRefusal> {
    let (goes, kept) = (find_as_seen(write, goes).await?, find_as_seen(write, kept).await?);
    may_be_merged(&goes, &kept)?;
    queries::supersede(write, actor, goes.id, Some(kept.root)).await?;
    let on = correct(write, actor, goes.listed.list, &goes.listed.name, &kept.listed.name).await?;
    let detail = json!({ "before": detail(&goes.listed), "after": { "name": kept.listed.name }, "corrected_on": on });
    Ok(audit::record(write, actor, &Event::new(Action::SourcesMerged).with(detail)).await?)
}

pub fn may_be_merged(goes: &Row, kept: &Row) -> Result<(), ListRefusal> {
    let wanted = goes.listed.list;
    if goes.root == kept.root {
        return Err(ListRefusal::Itself(wanted));
    }
    if kept.listed.list != wanted {
        return Err(ListRefusal::OtherList { name: kept.listed.name.clone(), of: kept.listed.list, wanted });
    }
    Ok(())
}

/// The entry, if that version of it is still in force.
async fn find_as_seen(write: &mut SqliteConnection, seen: ListedSourceId) -> Result<Row, ListRefusal> {
    let now = queries::find(&mut *write, seen).await?.ok_or(sqlx::Error::RowNotFound)?;
    if now.id != seen || now.gone.is_some() {
        return Err(ListRefusal::Stale);
    }
    Ok(now)
}

pub async fn adopt(
    write: &mut SqliteConnection,
    actor: &Actor,
    recorded: &Listed,
    meaning: Meaning,
) -> Result<(), ListRefusal> {
    let root = match meaning {
        Meaning::New => return add(write, actor, recorded, Place::Stays).await,
        Meaning::SameAs(root) => root,
    };
    let entry = queries::find(&mut *write, root).await?.ok_or(sqlx::Error::RowNotFound)?;
    if entry.gone.is_some() {
        return Err(ListRefusal::Stale);
    }
    let entry = entry.listed;
    // Somebody may have listed it in the meantime; then it is changed there.
    if queries::list_in_force(&mut *write).await?.iter().any(|row| row.is_called(recorded.list, &recorded.name)) {
        return Err(ListRefusal::Known(recorded.name.clone()));
    }
    let on = correct(write, actor, recorded.list, &recorded.name, &entry.name).await?;
    let detail = json!({ "before": { "name": recorded.name }, "after": { "name": entry.name }, "corrected_on": on });
    Ok(audit::record(write, actor, &Event::new(Action::SourceCorrected).with(detail)).await?)
}

/// On every enquiry, in every saved view and in every saved mapping of a file. Returns on how many enquiries.
async fn correct(write: &mut SqliteConnection, actor: &Actor, list: List, from: &str, to: &str) -> sqlx::Result<u64> {
    if list == List::Source {
        enquiries::rename_in_views(write, list.attribute(), from, to).await?;
        imports::rename_source_in_mappings(write, from, to).await?;
    }
    pipeline::rename_recorded(write, actor, list.attribute(), from, to).await
}

/// The same name but for capitals, accents and punctuation.
async fn refuse_known(
    write: &mut SqliteConnection,
    listed: &Listed,
    but: Option<ListedSourceId>,
) -> Result<(), ListRefusal> {
    let rows = queries::list_in_force(write).await?;
    let is_alike = |row: &Row| row.listed.list == listed.list && fold(&row.listed.name) == fold(&listed.name);
    match rows.into_iter().find(|row| is_alike(row) && Some(row.root) != but) {
        Some(known) => Err(ListRefusal::Known(known.listed.name)),
        None => Ok(()),
    }
}

/// Makes room there. `now` is where it stands, if it does.
async fn position(
    write: &mut SqliteConnection,
    list: List,
    place: Place,
    now: Option<i64>,
) -> sqlx::Result<Option<i64>> {
    if list == List::Campaign {
        return Ok(None);
    }
    let wanted = match place {
        Place::Stays => now,
        Place::First => Some(1),
        Place::After(root) => queries::find(&mut *write, root).await?.and_then(|row| row.position).map(|it| it + 1),
    };
    match wanted {
        Some(position) => {
            queries::make_room(write, position).await?;
            Ok(Some(position))
        }
        None => queries::find_next_position(write).await.map(Some),
    }
}

fn detail(listed: &Listed) -> Value {
    let Listed { list, name, runs_from, runs_to, in_use } = listed;
    json!({ "list": list, "name": name, "runs_from": runs_from, "runs_to": runs_to, "in_use": in_use })
}
