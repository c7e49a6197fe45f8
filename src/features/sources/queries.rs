//! Every SQL statement of the lists of sources and campaigns.

use sqlx::{SqliteConnection, SqliteExecutor};

use crate::domain::actor::Actor;
use crate::domain::day::Day;
use crate::domain::ids::ListedSourceId;
use crate::domain::instant::Instant;
use crate::domain::source::{List, Listed};

/// One version of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub id: ListedSourceId,
    /// The first version's: all versions of an entry share it.
    pub root: ListedSourceId,
    pub listed: Listed,
    pub position: Option<i64>,
    /// Somebody put it there with this version.
    pub moved: bool,
    /// How many enquiries are recorded under its name.
    pub enquiries: i64,
    pub recorded_at: Instant,
    pub by: String,
    /// With this version, its last, it went into another entry.
    pub gone: Option<Gone>,
}

/// Where an entry went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// The root of the entry that stays, and what that is called now.
    pub into: ListedSourceId,
    pub name: String,
    pub at: Instant,
    pub by: String,
}

/// An entry with all that became of it.
pub struct Entry {
    /// In force, unless it went into another.
    pub now: Row,
    /// The latest first; `now` is one of them.
    pub versions: Vec<Row>,
    /// Entries that went into it, the latest first.
    pub taken_in: Vec<Row>,
    /// Both lists as they are now.
    pub rows: Vec<Row>,
}

impl Row {
    pub fn is_called(&self, list: List, name: &str) -> bool {
        self.listed.list == list && self.listed.name == name
    }
}

macro_rules! rows {
    ($db:expr, $rest:literal $(, $value:expr)*) => {{
        let rows = sqlx::query!(
            r#"select listed_source.id as "id!: ListedSourceId", root_id as "root!: ListedSourceId",
                list as "list!: List", listed_source.name as "name!", position as "position?",
                runs_from as "runs_from?: Day", runs_to as "runs_to?: Day", in_use as "in_use!: bool",
                moved as "moved!: bool",
                recorded_at as "recorded_at!: Instant", user.name as "by!",
                merged_into as "into?: ListedSourceId",
                (
                    select kept.name
                    from listed_source kept
                    where kept.root_id = listed_source.merged_into
                    order by kept.id desc
                    limit 1
                ) as "into_name?: String",
                superseded_at as "ended_at?: Instant", ender.name as "ended_by?: String",
                iif(
                    list = 'source',
                    (select count(*) from enquiry_now where enquiry_now.source = listed_source.name),
                    (select count(*) from enquiry_now where enquiry_now.campaign = listed_source.name)
                ) as "enquiries!: i64"
            from listed_source
            join user on user.id = listed_source.recorded_by
            left join user ender on ender.id = listed_source.superseded_by
            "# + $rest
            $(, $value)*
        )
        .fetch_all($db)
        .await?;
        rows.into_iter()
            .map(|row| Row {
                id: row.id,
                root: row.root,
                listed: Listed {
                    list: row.list,
                    name: row.name,
                    runs_from: row.runs_from,
                    runs_to: row.runs_to,
                    in_use: row.in_use,
                },
                position: row.position,
                moved: row.moved,
                enquiries: row.enquiries,
                recorded_at: row.recorded_at,
                by: row.by,
                gone: row.into.map(|into| Gone {
                    into,
                    name: row.into_name.unwrap_or_default(),
                    at: row.ended_at.unwrap_or(row.recorded_at),
                    by: row.ended_by.unwrap_or_default(),
                }),
            })
            .collect::<Vec<_>>()
    }};
}

/// Both lists as they are now: sources in their order, campaigns the latest first.
pub async fn list_in_force(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<Row>> {
    Ok(rows!(
        db,
        "where superseded_at is null
        order by list desc, position, coalesce(runs_to, runs_from) desc nulls first, listed_source.name collate nocase"
    ))
}

/// Every version of the entry that has this version, the latest first.
pub async fn list_versions(db: impl SqliteExecutor<'_>, id: ListedSourceId) -> sqlx::Result<Vec<Row>> {
    Ok(rows!(
        db,
        "where root_id = (select root_id from listed_source where id = ?)
        order by listed_source.id desc",
        id
    ))
}

/// What went into the entry with this root, the latest first: the last version of each.
pub async fn list_gone_into(db: impl SqliteExecutor<'_>, root: ListedSourceId) -> sqlx::Result<Vec<Row>> {
    Ok(rows!(
        db,
        "where merged_into = ?
        order by superseded_at desc, listed_source.id desc",
        root
    ))
}

/// The entry that has this version.
pub async fn find_entry(db: &mut SqliteConnection, id: ListedSourceId) -> sqlx::Result<Option<Entry>> {
    let versions = list_versions(&mut *db, id).await?;
    let Some(now) = versions.first().cloned() else { return Ok(None) };
    let taken_in = list_gone_into(&mut *db, now.root).await?;
    let rows = list_in_force(&mut *db).await?;
    Ok(Some(Entry { now, versions, taken_in, rows }))
}

/// The last version of the entry that has this version: in force, unless the entry went into another.
pub async fn find(db: impl SqliteExecutor<'_>, id: ListedSourceId) -> sqlx::Result<Option<Row>> {
    let rows = rows!(
        db,
        "where listed_source.id = (
            select max(id)
            from listed_source
            where root_id = (select root_id from listed_source where id = ?))",
        id
    );
    Ok(rows.into_iter().next())
}

/// What entries were called before, those that went into another too, each with the root of the entry that it is now,
/// through as many merges as there were. The latest first.
pub async fn list_former_names(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<(List, String, ListedSourceId)>> {
    let rows = sqlx::query!(
        r#"with recursive went (root, stands) as (
            select root_id, root_id
            from listed_source
            where superseded_at is null
            union all
            select gone.root_id, went.stands
            from went
            join listed_source gone on gone.merged_into = went.root)
        select former.list as "list!: List", former.name as "name!: String", went.stands as "root!: ListedSourceId"
        from went
        join listed_source former on former.root_id = went.root
        where former.superseded_at is not null
        order by former.id desc"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.list, row.name, row.root)).collect())
}

/// A name that enquiries have and no entry.
pub struct Unlisted {
    pub name: String,
    pub enquiries: i64,
}

macro_rules! unlisted {
    ($db:expr, $column:literal, $most:expr) => {
        sqlx::query_as!(
            Unlisted,
            r#"select name as "name!", enquiries as "enquiries!: i64"
            from (select "#
                + $column
                + " as name, count(*) as enquiries from enquiry_now where "
                + $column
                + " is not null group by "
                + $column
                + r#") recorded
            where not exists (
                select 1
                from listed_source
                where list = '"#
                + $column
                + "' and name = recorded.name and superseded_at is null)
            order by enquiries desc, name
            limit ?",
            $most,
        )
        .fetch_all($db)
    };
}

/// Those of most enquiries first, counted along the names' own index.
pub async fn list_unlisted(db: impl SqliteExecutor<'_>, list: List, most: i64) -> sqlx::Result<Vec<Unlisted>> {
    match list {
        List::Source => unlisted!(db, "source", most).await,
        List::Campaign => unlisted!(db, "campaign", most).await,
    }
}

pub async fn count_recorded(db: impl SqliteExecutor<'_>, list: List, name: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select iif(
            ?1 = 'source',
            (select count(*) from enquiry_now where source = ?2),
            (select count(*) from enquiry_now where campaign = ?2)
        ) as "count!: i64""#,
        list,
        name,
    )
    .fetch_one(db)
    .await
}

/// A version over `root`'s, or the first one of an entry.
pub async fn insert(
    write: &mut SqliteConnection,
    actor: &Actor,
    root: Option<ListedSourceId>,
    listed: &Listed,
    position: Option<i64>,
    moved: bool,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into listed_source (
            root_id, list, name, position, moved, runs_from, runs_to, in_use, recorded_at, recorded_by)
        values (
            coalesce(?1, (select coalesce(max(id), 0) + 1 from listed_source)), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        root,
        listed.list,
        listed.name,
        position,
        moved,
        listed.runs_from,
        listed.runs_to,
        listed.in_use,
        actor.at,
        actor.user,
    )
    .execute(write)
    .await
    .map(drop)
}

/// Ends a version. `into`: with it the entry ends, for it goes into the one with that root.
pub async fn supersede(
    write: &mut SqliteConnection,
    actor: &Actor,
    version: ListedSourceId,
    into: Option<ListedSourceId>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update listed_source
        set superseded_at = ?2, superseded_by = ?3, merged_into = ?4
        where id = ?1 and superseded_at is null",
        version,
        actor.at,
        actor.user,
        into,
    )
    .execute(write)
    .await
    .map(drop)
}

/// Moves the sources from there on down by one: that another stands before them is no new version of them.
pub async fn make_room(write: &mut SqliteConnection, position: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "update listed_source
        set position = position + 1
        where list = 'source' and superseded_at is null and position >= ?",
        position,
    )
    .execute(write)
    .await
    .map(drop)
}

pub async fn find_next_position(db: &mut SqliteConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select coalesce(max(position), 0) + 1 as "next!: i64"
        from listed_source
        where list = 'source' and superseded_at is null"#
    )
    .fetch_one(db)
    .await
}
