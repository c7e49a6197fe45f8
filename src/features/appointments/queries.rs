//! Every SQL statement of planned visits.

use sqlx::{SqliteConnection, SqliteExecutor};

use crate::db::Json;
use crate::domain::actor::Actor;
use crate::domain::appointment::{Appointment, AppointmentState};
use crate::domain::day::Day;
use crate::domain::ids::{AppointmentId, EnquiryId, UserId};
use crate::domain::instant::Instant;
use crate::domain::ledger::Stamp;
use crate::domain::time_of_day::TimeOfDay;
use crate::features::access::Viewer;

/// One version of a planned visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub id: AppointmentId,
    /// The first version's: all versions of a visit share it.
    pub root: AppointmentId,
    pub enquiry: EnquiryId,
    pub visit: Appointment,
    /// Who goes, by name.
    pub goes: String,
    pub with: Option<String>,
    pub state: AppointmentState,
    pub why: String,
    pub recorded_at: Instant,
    /// The name of who wrote this version.
    pub by: String,
}

struct Row {
    id: AppointmentId,
    root: AppointmentId,
    enquiry: EnquiryId,
    on: Day,
    at: TimeOfDay,
    user: UserId,
    second: Option<UserId>,
    place: String,
    safety: String,
    goes: String,
    with: Option<String>,
    state: AppointmentState,
    why: String,
    recorded_at: Instant,
    by: String,
}

impl Row {
    fn planned(self) -> Planned {
        let visit = Appointment {
            on: self.on,
            at: self.at,
            goes: self.user,
            with: self.second,
            place: self.place,
            safety: self.safety,
        };
        Planned {
            id: self.id,
            root: self.root,
            enquiry: self.enquiry,
            visit,
            goes: self.goes,
            with: self.with,
            state: self.state,
            why: self.why,
            recorded_at: self.recorded_at,
            by: self.by,
        }
    }
}

macro_rules! appointments {
    ($where:literal, $($argument:expr),+) => {
        sqlx::query_as!(
            Row,
            r#"select it.id as "id!: AppointmentId", it.root_id as "root!: AppointmentId",
                it.enquiry_id as "enquiry!: EnquiryId", it.happens_on as "on!: Day", it.starts_at as "at!: TimeOfDay",
                it.user_id as "user!: UserId", it.second_user_id as "second?: UserId", it.place as "place!",
                it.safety as "safety!", goes.name as "goes!", second.name as "with?",
                it.state as "state!: AppointmentState", it.why as "why!", it.recorded_at as "recorded_at!: Instant",
                writer.name as "by!"
            from appointment it
            join user goes on goes.id = it.user_id
            join user writer on writer.id = it.recorded_by
            left join user second on second.id = it.second_user_id
            where "# + $where,
            $($argument),+
        )
    };
}

/// As it stands now, by the id of any of its versions.
pub async fn find_current(db: impl SqliteExecutor<'_>, version: AppointmentId) -> sqlx::Result<Option<Planned>> {
    let row = appointments!(
        "it.root_id = (select root_id from appointment where id = ?1) and it.superseded_at is null",
        version
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(Row::planned))
}

/// As somebody planned them at one instant, whether they stand so or not.
pub async fn list_planned_at(
    db: impl SqliteExecutor<'_>,
    enquiry: EnquiryId,
    recorded: Stamp,
) -> sqlx::Result<Vec<Planned>> {
    let Stamp { at, by } = recorded;
    let rows = appointments!("it.enquiry_id = ?1 and it.recorded_at = ?2 and it.recorded_by = ?3", enquiry, at, by)
        .fetch_all(db)
        .await?;
    Ok(rows.into_iter().map(Row::planned).collect())
}

/// As they stand, those that somebody planned at one instant.
pub async fn list_recorded(
    db: impl SqliteExecutor<'_>,
    enquiry: EnquiryId,
    recorded: Stamp,
) -> sqlx::Result<Vec<Planned>> {
    let Stamp { at, by } = recorded;
    let rows = appointments!(
        "it.enquiry_id = ?1
            and it.superseded_at is null
            and it.root_id in (
                select id from appointment where enquiry_id = ?1 and recorded_at = ?2 and recorded_by = ?3)
        order by it.id",
        enquiry,
        at,
        by
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Row::planned).collect())
}

/// As they stand: those still to come, the next one first, then what is over, the latest first.
pub async fn list_of_enquiry(db: impl SqliteExecutor<'_>, enquiry: EnquiryId) -> sqlx::Result<Vec<Planned>> {
    let rows = appointments!(
        "it.enquiry_id = ?1 and it.superseded_at is null order by it.happens_on desc, it.id desc",
        enquiry
    )
    .fetch_all(db)
    .await?;
    let (mut visits, over): (Vec<_>, Vec<_>) =
        rows.into_iter().map(Row::planned).partition(|it| it.state == AppointmentState::Planned);
    visits.sort_by_key(|it| (it.visit.on, it.visit.at));
    visits.extend(over);
    Ok(visits)
}

/// A version over `root`'s, or the first one of a visit.
pub async fn insert(
    connection: &mut SqliteConnection,
    actor: &Actor,
    root: Option<AppointmentId>,
    enquiry: EnquiryId,
    visit: &Appointment,
    state: AppointmentState,
    why: &str,
) -> sqlx::Result<AppointmentId> {
    sqlx::query_scalar!(
        r#"insert into appointment
            (root_id, enquiry_id, happens_on, starts_at, user_id, second_user_id, place, safety, state, why,
             recorded_at, recorded_by)
        values
            (coalesce(?1, (select coalesce(max(id), 0) + 1 from appointment)), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,
             ?11, ?12)
        returning id as "id!: AppointmentId""#,
        root,
        enquiry,
        visit.on,
        visit.at,
        visit.goes,
        visit.with,
        visit.place,
        visit.safety,
        state,
        why,
        actor.at,
        actor.user,
    )
    .fetch_one(connection)
    .await
}

/// False where somebody else was first.
pub async fn supersede(connection: &mut SqliteConnection, actor: &Actor, version: AppointmentId) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update appointment set superseded_at = ?2, superseded_by = ?3 where id = ?1 and superseded_at is null",
        version,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// One line of a list of visits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub id: AppointmentId,
    pub on: Day,
    pub at: TimeOfDay,
    pub enquiry: EnquiryId,
    pub reference: String,
    pub name: String,
    pub goes: String,
    pub with: Option<String>,
    pub place: String,
    pub safety: String,
}

/// When a visit is planned for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    pub enquiry: EnquiryId,
    pub on: Day,
    pub at: TimeOfDay,
}

/// The planned visits of a few enquiries, the earliest first. Of closed enquiries none.
pub async fn list_when(db: impl SqliteExecutor<'_>, enquiries: &[EnquiryId]) -> sqlx::Result<Vec<When>> {
    let enquiries = Json(enquiries);
    sqlx::query_as!(
        When,
        r#"select it.enquiry_id as "enquiry!: EnquiryId", it.happens_on as "on!: Day", it.starts_at as "at!: TimeOfDay"
        from json_each(?) asked
        cross join appointment it on it.enquiry_id = asked.value
        cross join enquiry_now on enquiry_now.enquiry_id = it.enquiry_id
        where it.superseded_at is null and it.state = 'planned' and enquiry_now.closed_on is null
        order by it.happens_on, it.starts_at, it.id"#,
        enquiries,
    )
    .fetch_all(db)
    .await
}

/// Another planned visit of the same day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    pub id: AppointmentId,
    pub enquiry: EnquiryId,
    pub at: TimeOfDay,
    pub user: UserId,
    pub second: Option<UserId>,
    pub goes: String,
    pub with: Option<String>,
    /// None where whoever asks may not open the record.
    pub family: Option<String>,
}

/// Planned for a day, but for the one that is moved. Restricted ones too: whoever goes there is busy.
pub async fn list_near(
    db: impl SqliteExecutor<'_>,
    on: Day,
    moved: Option<AppointmentId>,
    viewer: Viewer,
) -> sqlx::Result<Vec<Near>> {
    let own = viewer.own_only.then_some(viewer.user);
    sqlx::query_as!(
        Near,
        r#"select it.id as "id!: AppointmentId", it.enquiry_id as "enquiry!: EnquiryId",
            it.starts_at as "at!: TimeOfDay", it.user_id as "user!: UserId", it.second_user_id as "second?: UserId",
            goes.name as "goes!", second.name as "with?",
            case
                when (?3 is null or enquiry_now.officer_user_id = ?3)
                    and (enquiry.restricted = 0 or exists (
                        select 1
                        from enquiry_access
                        where enquiry_access.enquiry_id = enquiry.id and enquiry_access.user_id = ?4))
                then enquiry_now.display_name
            end as "family?: String"
        from appointment it
        join enquiry_now on enquiry_now.enquiry_id = it.enquiry_id
        join enquiry on enquiry.id = it.enquiry_id
        join user goes on goes.id = it.user_id
        left join user second on second.id = it.second_user_id
        where it.superseded_at is null
            and it.state = 'planned'
            and it.happens_on = ?1
            and (?2 is null or it.root_id <> ?2)
            and enquiry_now.closed_on is null
        order by it.starts_at, it.id"#,
        on,
        moved,
        own,
        viewer.user,
    )
    .fetch_all(db)
    .await
}

/// Whose visits are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// They go, or it is their enquiry.
    Person(UserId),
    Everybody,
    /// Of enquiries without an officer.
    Nobody,
}

/// Where a page begins: after this day, time and version.
pub type Key = (Day, TimeOfDay, i64);

/// Planned until a day, earlier ones too while nobody has said whether they took place. Of closed enquiries none.
pub async fn list_planned(
    db: impl SqliteExecutor<'_>,
    of: Of,
    until: Day,
    after: Option<Key>,
    viewer: Viewer,
    limit: i64,
) -> sqlx::Result<Vec<Due>> {
    let (person, nobody) = match of {
        Of::Person(user) => (Some(user), false),
        Of::Everybody => (None, false),
        Of::Nobody => (None, true),
    };
    let after_on = after.map(|(on, ..)| on);
    let after_at = after.map(|(_, at, _)| at);
    let after_id = after.map(|(.., id)| id);
    let own = viewer.own_only.then_some(viewer.user);
    sqlx::query_as!(
        Due,
        r#"select it.id as "id!: AppointmentId", it.happens_on as "on!: Day", it.starts_at as "at!: TimeOfDay",
            it.enquiry_id as "enquiry!: EnquiryId", enquiry.reference as "reference!",
            enquiry_now.display_name as "name!", goes.name as "goes!", second.name as "with?", it.place as "place!",
            it.safety as "safety!"
        from appointment it
        join enquiry_now on enquiry_now.enquiry_id = it.enquiry_id
        join enquiry on enquiry.id = it.enquiry_id
        join user goes on goes.id = it.user_id
        left join user second on second.id = it.second_user_id
        where it.superseded_at is null
            and it.state = 'planned'
            and it.happens_on <= ?1
            and (?2 is null or (it.happens_on, it.starts_at, it.id) > (?2, ?3, ?4))
            and (?5 is null or ?5 in (it.user_id, it.second_user_id, enquiry_now.officer_user_id))
            and (?6 = 0 or enquiry_now.officer is null)
            and (?7 is null or enquiry_now.officer_user_id = ?7)
            and enquiry_now.closed_on is null
            and it.enquiry_id not in (
                select id
                from enquiry
                where restricted = 1
                    and not exists (
                        select 1
                        from enquiry_access
                        where enquiry_access.enquiry_id = enquiry.id and user_id = ?8))
        order by it.happens_on, it.starts_at, it.id
        limit ?9"#,
        until,
        after_on,
        after_at,
        after_id,
        person,
        nobody,
        own,
        viewer.user,
        limit,
    )
    .fetch_all(db)
    .await
}
