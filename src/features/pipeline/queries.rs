//! Every SQL statement of the ledgers. Rows are only ever added, or superseded once.

use std::collections::BTreeMap;

use sqlx::{SqliteConnection, SqliteExecutor};

use super::new_rows::{NewAttribute, NewInTouch, NewMilestone, NewPause};
use crate::db::Json;
use crate::domain::actor::Actor;
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, EntryId, RootId, UserId};
use crate::domain::instant::Instant;
use crate::domain::ledger::{Attribute, AttributeName, Entry, Ledger, Milestone, Place, Stamp, Superseded};
use crate::domain::milestone::{MilestoneKind, MilestoneResult};
use crate::domain::pause::{InTouch, Pause, PauseReason};
use crate::domain::reason::{Applies, CloseReason, EndedBy, ReasonCode};
use crate::domain::source::List;

/// The columns that every ledger has, as one value.
macro_rules! entry {
    ($row:ident, $fact:expr) => {
        Entry {
            id: $row.id,
            root: $row.root_id,
            fact: $fact,
            recorded: Stamp { at: $row.recorded_at, by: $row.recorded_by },
            superseded: match ($row.superseded_at, $row.superseded_by, $row.superseded_why) {
                (Some(at), Some(by), Some(why)) => Some(Superseded { at, by, why }),
                _ => None,
            },
        }
    };
}

/// The whole ledger of one enquiry; empty when there is no such enquiry.
pub async fn load(connection: &mut SqliteConnection, enquiry: EnquiryId) -> sqlx::Result<Ledger> {
    Ok(load_many(connection, &[enquiry]).await?.remove(&enquiry).unwrap_or_default())
}

/// The whole ledgers of many enquiries, by four statements whatever their number.
pub async fn load_many(
    connection: &mut SqliteConnection,
    enquiries: &[EnquiryId],
) -> sqlx::Result<BTreeMap<EnquiryId, Ledger>> {
    let mut ledgers: BTreeMap<EnquiryId, Ledger> = BTreeMap::new();
    for (enquiry, entry) in list_milestones(connection, enquiries).await? {
        ledgers.entry(enquiry).or_default().milestones.push(entry);
    }
    for (enquiry, entry) in list_attributes(connection, enquiries).await? {
        ledgers.entry(enquiry).or_default().attributes.push(entry);
    }
    for (enquiry, entry) in list_pauses(connection, enquiries).await? {
        ledgers.entry(enquiry).or_default().pauses.push(entry);
    }
    for (enquiry, entry) in list_in_touch(connection, enquiries).await? {
        ledgers.entry(enquiry).or_default().in_touch.push(entry);
    }
    Ok(ledgers)
}

type Rows<F> = Vec<(EnquiryId, Entry<F>)>;

async fn list_milestones(connection: &mut SqliteConnection, ids: &[EnquiryId]) -> sqlx::Result<Rows<Milestone>> {
    let ids = Json(ids);
    let rows = sqlx::query!(
        r#"select id as "id: EntryId", root_id as "root_id: RootId", enquiry_id as "enquiry_id: EnquiryId",
            kind as "kind: MilestoneKind", happened_on as "on: Day", result as "result: MilestoneResult",
            close_reason as "close_reason: ReasonCode", places, duplicate_of as "duplicate_of: EnquiryId",
            recorded_at as "recorded_at: Instant", recorded_by as "recorded_by: UserId", superseded_at as "superseded_at: Instant",
            superseded_by as "superseded_by: UserId", superseded_why
        from milestone
        where enquiry_id in (select value from json_each(?))
        order by id"#,
        ids,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let fact = Milestone {
                kind: row.kind,
                on: row.on,
                result: row.result,
                close_reason: row.close_reason,
                places: row.places,
                duplicate_of: row.duplicate_of,
            };
            (row.enquiry_id, entry!(row, fact))
        })
        .collect())
}

async fn list_attributes(connection: &mut SqliteConnection, ids: &[EnquiryId]) -> sqlx::Result<Rows<Attribute>> {
    let ids = Json(ids);
    let rows = sqlx::query!(
        r#"select id as "id: EntryId", root_id as "root_id: RootId", enquiry_id as "enquiry_id: EnquiryId",
            name as "name: AttributeName", value, user_id as "user_id: UserId", from_on as "from_on: Day",
            recorded_at as "recorded_at: Instant", recorded_by as "recorded_by: UserId",
            superseded_at as "superseded_at: Instant", superseded_by as "superseded_by: UserId", superseded_why
        from attribute
        where enquiry_id in (select value from json_each(?))
        order by id"#,
        ids,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let fact = Attribute { name: row.name, value: row.value, user: row.user_id, from: row.from_on };
            (row.enquiry_id, entry!(row, fact))
        })
        .collect())
}

async fn list_pauses(connection: &mut SqliteConnection, ids: &[EnquiryId]) -> sqlx::Result<Rows<Pause>> {
    let ids = Json(ids);
    let rows = sqlx::query!(
        r#"select id as "id: EntryId", root_id as "root_id: RootId", enquiry_id as "enquiry_id: EnquiryId",
            from_on as "from_on: Day", to_on as "to_on: Day", reason as "reason: PauseReason",
            recorded_at as "recorded_at: Instant", recorded_by as "recorded_by: UserId",
            superseded_at as "superseded_at: Instant", superseded_by as "superseded_by: UserId", superseded_why
        from pause
        where enquiry_id in (select value from json_each(?))
        order by id"#,
        ids,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let fact = Pause { from: row.from_on, to: row.to_on, reason: row.reason };
            (row.enquiry_id, entry!(row, fact))
        })
        .collect())
}

async fn list_in_touch(connection: &mut SqliteConnection, ids: &[EnquiryId]) -> sqlx::Result<Rows<InTouch>> {
    let ids = Json(ids);
    let rows = sqlx::query!(
        r#"select id as "id: EntryId", root_id as "root_id: RootId", enquiry_id as "enquiry_id: EnquiryId",
            from_on as "from_on: Day", to_on as "to_on: Day", contact_again_on as "contact_again_on: Day",
            recorded_at as "recorded_at: Instant", recorded_by as "recorded_by: UserId",
            superseded_at as "superseded_at: Instant", superseded_by as "superseded_by: UserId", superseded_why
        from in_touch
        where enquiry_id in (select value from json_each(?))
        order by id"#,
        ids,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let fact = InTouch { from: row.from_on, to: row.to_on, contact_again_on: row.contact_again_on };
            (row.enquiry_id, entry!(row, fact))
        })
        .collect())
}

pub async fn insert_milestones(
    connection: &mut SqliteConnection,
    actor: &Actor,
    rows: &[NewMilestone],
) -> sqlx::Result<()> {
    let rows = Json(rows);
    sqlx::query!(
        "insert into milestone (id, root_id, enquiry_id, kind, happened_on, result, close_reason, places, duplicate_of,
            recorded_at, recorded_by)
        select value ->> 'id', value ->> 'root', value ->> 'enquiry', value ->> 'kind', value ->> 'on',
            value ->> 'result', value ->> 'close_reason', value ->> 'places', value ->> 'duplicate_of', ?2, ?3
        from jsonb_each(?1)",
        rows,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn insert_attributes(
    connection: &mut SqliteConnection,
    actor: &Actor,
    rows: &[NewAttribute],
) -> sqlx::Result<()> {
    let rows = Json(rows);
    sqlx::query!(
        "insert into attribute (id, root_id, enquiry_id, name, value, user_id, from_on, recorded_at, recorded_by)
        select value ->> 'id', value ->> 'root', value ->> 'enquiry', value ->> 'name', value ->> 'value',
            value ->> 'user', value ->> 'from', ?2, ?3
        from jsonb_each(?1)",
        rows,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn insert_pauses(connection: &mut SqliteConnection, actor: &Actor, rows: &[NewPause]) -> sqlx::Result<()> {
    let rows = Json(rows);
    sqlx::query!(
        "insert into pause (id, root_id, enquiry_id, from_on, to_on, reason, recorded_at, recorded_by)
        select value ->> 'id', value ->> 'root', value ->> 'enquiry', value ->> 'from', value ->> 'to',
            value ->> 'reason', ?2, ?3
        from jsonb_each(?1)",
        rows,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn insert_in_touch(
    connection: &mut SqliteConnection,
    actor: &Actor,
    rows: &[NewInTouch],
) -> sqlx::Result<()> {
    let rows = Json(rows);
    sqlx::query!(
        "insert into in_touch (id, root_id, enquiry_id, from_on, to_on, contact_again_on, recorded_at, recorded_by)
        select value ->> 'id', value ->> 'root', value ->> 'enquiry', value ->> 'from', value ->> 'to',
            value ->> 'contact_again_on', ?2, ?3
        from jsonb_each(?1)",
        rows,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The highest id of each ledger; the next ones follow on it. Only the one writer calls it.
pub struct LastIds {
    pub milestone: i64,
    pub attribute: i64,
    pub pause: i64,
    pub in_touch: i64,
}

pub async fn find_last_ids(connection: &mut SqliteConnection) -> sqlx::Result<LastIds> {
    sqlx::query_as!(
        LastIds,
        r#"select (select coalesce(max(id), 0) from milestone) as "milestone!: i64",
            (select coalesce(max(id), 0) from attribute) as "attribute!: i64",
            (select coalesce(max(id), 0) from pause) as "pause!: i64",
            (select coalesce(max(id), 0) from in_touch) as "in_touch!: i64""#
    )
    .fetch_one(connection)
    .await
}

/// Ends the version of a fact that is in force. False when somebody else did it first.
pub async fn supersede(
    connection: &mut SqliteConnection,
    actor: &Actor,
    place: Place,
    why: &str,
) -> sqlx::Result<bool> {
    let (at, by) = (actor.at, actor.user);
    let query = match place {
        Place::Milestone(entry) => sqlx::query!(
            "update milestone
            set superseded_at = max(?2, recorded_at), superseded_by = ?3, superseded_why = ?4
            where id = ?1 and superseded_at is null",
            entry,
            at,
            by,
            why,
        ),
        Place::Attribute(entry) => sqlx::query!(
            "update attribute
            set superseded_at = max(?2, recorded_at), superseded_by = ?3, superseded_why = ?4
            where id = ?1 and superseded_at is null",
            entry,
            at,
            by,
            why,
        ),
        Place::Pause(entry) => sqlx::query!(
            "update pause
            set superseded_at = max(?2, recorded_at), superseded_by = ?3, superseded_why = ?4
            where id = ?1 and superseded_at is null",
            entry,
            at,
            by,
            why,
        ),
        Place::InTouch(entry) => sqlx::query!(
            "update in_touch
            set superseded_at = max(?2, recorded_at), superseded_by = ?3, superseded_why = ?4
            where id = ?1 and superseded_at is null",
            entry,
            at,
            by,
            why,
        ),
    };
    Ok(query.execute(connection).await?.rows_affected() == 1)
}

/// The list that a service keeps, in its order.
pub async fn list_close_reasons(connection: &mut SqliteConnection) -> sqlx::Result<Vec<CloseReason>> {
    sqlx::query_as!(
        CloseReason,
        r#"select code as "code: ReasonCode", label, ended_by as "ended_by: EndedBy", applies as "applies: Applies",
            in_use as "in_use: bool"
        from close_reason
        order by position, code"#
    )
    .fetch_all(connection)
    .await
}

/// Another enquiry by its reference, where this person may open it.
pub async fn find_other(
    db: impl SqliteExecutor<'_>,
    but: EnquiryId,
    reference: &str,
    user: UserId,
) -> sqlx::Result<Option<EnquiryId>> {
    sqlx::query_scalar!(
        r#"select enquiry.id as "id!: EnquiryId"
        from enquiry
        join enquiry_now on enquiry_now.enquiry_id = enquiry.id
        where enquiry.reference in (?1, upper(?1))
            and enquiry.id <> ?2
            and (enquiry.restricted = 0
                or exists (select 1 from enquiry_access where enquiry_id = enquiry.id and user_id = ?3))
        limit 1"#,
        reference,
        but,
        user,
    )
    .fetch_optional(db)
    .await
}

/// Somebody to whom an enquiry may be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignable {
    pub id: UserId,
    pub name: String,
}

pub async fn list_assignable(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<Assignable>> {
    sqlx::query_as!(
        Assignable,
        r#"select id as "id!: UserId", name as "name!"
        from user
        where active = 1
            and exists (
                select 1 from user_role
                where user_id = user.id and role in ('officer', 'manager', 'social_worker'))
        order by name, id"#
    )
    .fetch_all(db)
    .await
}

pub async fn find_user_name(db: impl SqliteExecutor<'_>, id: UserId) -> sqlx::Result<String> {
    sqlx::query_scalar!(r#"select name from user where id = ?"#, id).fetch_one(db).await
}

pub async fn list_user_names(db: impl SqliteExecutor<'_>) -> sqlx::Result<BTreeMap<UserId, String>> {
    let rows = sqlx::query!(r#"select id as "id!: UserId", name as "name!" from user"#).fetch_all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// The sources or campaigns that an administrator offers, in the order of their list.
pub async fn list_offered(db: impl SqliteExecutor<'_>, list: List) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"select name as "name!"
        from listed_source
        where list = ? and superseded_at is null and in_use = 1
        order by position, coalesce(runs_to, runs_from) desc nulls first, name collate nocase"#,
        list,
    )
    .fetch_all(db)
    .await
}

/// Those recorded so far, for a person to choose from. A service has a few; what is more is cut off.
pub async fn list_hubs(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"select distinct hub as "hub!" from enquiry_now where hub is not null order by hub limit 200"#
    )
    .fetch_all(db)
    .await
}
