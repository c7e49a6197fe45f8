//! Every SQL statement of saved views, and of what people choose for their list.

use sqlx::{SqliteConnection, SqliteExecutor};

use crate::db::Json;
use crate::domain::actor::Actor;
use crate::domain::ids::{SavedViewId, UserId};
use crate::domain::instant::Instant;
use crate::domain::ledger::AttributeName;
use crate::domain::role::{Permission, Reach};
use crate::features::enquiries::list::{self, Column};
use crate::web::Ctx;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    pub id: SavedViewId,
    pub owner: UserId,
    pub owner_name: String,
    pub name: String,
    pub shared: bool,
    /// Filters and order, as the list's address has them.
    pub query: String,
    pub columns: Vec<Column>,
    pub version: i64,
    pub changed_at: Instant,
    pub changed_by: String,
}

impl SavedView {
    /// One's own; one that is shared is the managers'.
    pub fn may_be_changed_by(&self, ctx: &Ctx) -> bool {
        if self.shared { ctx.reach(Permission::ShareViews) == Reach::All } else { self.owner == ctx.user.id }
    }
}

struct Row {
    id: SavedViewId,
    owner: UserId,
    owner_name: String,
    name: String,
    shared: bool,
    query: String,
    columns: String,
    version: i64,
    changed_at: Instant,
    changed_by: String,
}

impl From<Row> for SavedView {
    fn from(row: Row) -> SavedView {
        SavedView {
            id: row.id,
            owner: row.owner,
            owner_name: row.owner_name,
            name: row.name,
            shared: row.shared,
            query: row.query,
            columns: list::parse_columns(&row.columns).unwrap_or_else(|| list::USUAL.to_vec()),
            version: row.version,
            changed_at: row.changed_at,
            changed_by: row.changed_by,
        }
    }
}

/// Their own first, then what is shared, each by name.
pub async fn list_visible(db: impl SqliteExecutor<'_>, user: UserId) -> sqlx::Result<Vec<SavedView>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select view.id as "id!: SavedViewId", view.user_id as "owner!: UserId", owner.name as "owner_name!",
            view.name as "name!", view.shared as "shared!: bool", view.query as "query!", view.columns as "columns!",
            view.version as "version!", view.changed_at as "changed_at!: Instant", changer.name as "changed_by!"
        from saved_view view
        join user owner on owner.id = view.user_id
        join user changer on changer.id = view.changed_by
        where view.shared = 1 or view.user_id = ?1
        order by view.shared, view.name collate nocase, view.id"#,
        user,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(SavedView::from).collect())
}

/// None for somebody else's own.
pub async fn find_visible(
    db: impl SqliteExecutor<'_>,
    id: SavedViewId,
    user: UserId,
) -> sqlx::Result<Option<SavedView>> {
    Ok(list_visible(db, user).await?.into_iter().find(|view| view.id == id))
}

/// Whether another view has this name where this one would be: among the shared ones, or among the same person's own.
pub async fn has_name(
    db: impl SqliteExecutor<'_>,
    name: &str,
    shared: bool,
    owner: UserId,
    but: Option<SavedViewId>,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
            select 1
            from saved_view
            where name = ?1 collate nocase
                and (shared = 1 or (?2 = 0 and user_id = ?3))
                and (?4 is null or id <> ?4)) as "there!: bool""#,
        name,
        shared,
        owner,
        but,
    )
    .fetch_one(db)
    .await
}

pub async fn count_of(db: impl SqliteExecutor<'_>, owner: UserId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "count!: i64" from saved_view where user_id = ?"#, owner)
        .fetch_one(db)
        .await
}

/// What is saved under a name for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewView {
    pub name: String,
    pub shared: bool,
    pub query: String,
    pub columns: Vec<Column>,
}

pub async fn insert(write: &mut SqliteConnection, actor: &Actor, view: &NewView) -> sqlx::Result<SavedViewId> {
    let columns = list::codes(&view.columns);
    let made = sqlx::query!(
        "insert into saved_view (user_id, name, shared, query, columns, changed_at, changed_by)
        values (?, ?, ?, ?, ?, ?, ?)",
        actor.user,
        view.name,
        view.shared,
        view.query,
        columns,
        actor.at,
        actor.user,
    )
    .execute(write)
    .await?;
    Ok(SavedViewId(made.last_insert_rowid()))
}

/// Over the version that was seen; false where there is another one, or none.
pub async fn update(write: &mut SqliteConnection, actor: &Actor, view: &SavedView, seen: i64) -> sqlx::Result<bool> {
    let columns = list::codes(&view.columns);
    let done = sqlx::query!(
        "update saved_view
        set name = ?3, shared = ?4, query = ?5, columns = ?6, version = version + 1, changed_at = ?7, changed_by = ?8
        where id = ?1 and version = ?2",
        view.id,
        seen,
        view.name,
        view.shared,
        view.query,
        columns,
        actor.at,
        actor.user,
    )
    .execute(write)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Those that may filter by it, and how.
pub async fn list_by_field(
    db: impl SqliteExecutor<'_>,
    field: AttributeName,
) -> sqlx::Result<Vec<(SavedViewId, String)>> {
    let rows = sqlx::query!(
        r#"select id as "id!: SavedViewId", query as "query!"
        from saved_view
        where query like '%' || ?1 || '=%'"#,
        field,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.query)).collect())
}

/// Of an enquiry, whether they have an account or not, or of somebody who has one.
pub async fn is_an_officers_name(db: impl SqliteExecutor<'_>, name: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select (
            exists (select 1 from enquiry_now where officer = ?1)
            or exists (select 1 from user where name = ?1 and active = 1)) as "there!: bool""#,
        name,
    )
    .fetch_one(db)
    .await
}

pub async fn update_queries(write: &mut SqliteConnection, queries: &[(SavedViewId, String)]) -> sqlx::Result<()> {
    let queries = Json(queries);
    sqlx::query!(
        "update saved_view
        set query = changed.value ->> 1
        from json_each(?1) changed
        where saved_view.id = changed.value ->> 0",
        queries,
    )
    .execute(write)
    .await
    .map(drop)
}

pub async fn delete(write: &mut SqliteConnection, id: SavedViewId, seen: i64) -> sqlx::Result<bool> {
    let done = sqlx::query!("delete from saved_view where id = ? and version = ?", id, seen).execute(write).await?;
    Ok(done.rows_affected() == 1)
}

/// How many people's list opens with it.
pub async fn count_opening(db: impl SqliteExecutor<'_>, id: SavedViewId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "count!: i64" from list_choice where opens_with = ?"#, id)
        .fetch_one(db)
        .await
}

/// What somebody chose for their list; None where they have not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    pub columns: Option<Vec<Column>>,
    pub opens_with: Option<SavedViewId>,
}

pub async fn find_choice(db: impl SqliteExecutor<'_>, user: UserId) -> sqlx::Result<Choice> {
    let row = sqlx::query!(
        r#"select columns as "columns?", opens_with as "opens_with?: SavedViewId"
        from list_choice
        where user_id = ?"#,
        user,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map_or_else(Choice::default, |row| Choice {
        columns: row.columns.as_deref().and_then(list::parse_columns),
        opens_with: row.opens_with,
    }))
}

pub async fn upsert_choice(write: &mut SqliteConnection, user: UserId, choice: &Choice) -> sqlx::Result<()> {
    let columns = choice.columns.as_deref().map(list::codes);
    sqlx::query!(
        "insert into list_choice (user_id, columns, opens_with)
        values (?, ?, ?)
        on conflict (user_id) do update set columns = excluded.columns, opens_with = excluded.opens_with",
        user,
        columns,
        choice.opens_with,
    )
    .execute(write)
    .await
    .map(drop)
}
