use serde::Serialize;
use sqlx::{SqliteConnection, SqliteExecutor};

use crate::db::Json;
use crate::domain::actor::Actor;
use crate::domain::audit::Done;
use crate::domain::day::Day;
use crate::domain::household::Applicant;
use crate::domain::ids::{EnquiryId, HouseholdId, MemberId, SeparationId, UserId};
use crate::domain::instant::Instant;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Separated {
    pub id: SeparationId,
    pub from: HouseholdId,
    pub new: HouseholdId,
    pub enquiry: EnquiryId,
    pub reference: String,
    pub own: Option<EnquiryId>,
    pub own_reference: Option<String>,
    pub on: Day,
    pub note: Option<String>,
    pub at: Instant,
    pub user: UserId,
    pub by: String,
    /// Portraits as JSON: the first household before and just after, and the new one; empty once it is undone.
    pub before: Option<String>,
    pub after: Option<String>,
    pub new_after: Option<String>,
    pub undone_at: Option<Instant>,
    pub undone_by: Option<String>,
}

macro_rules! separations {
    ($where:literal, $($argument:expr),+) => {
        sqlx::query_as!(
            Separated,
            r#"select separation.id as "id!: SeparationId", separation.from_id as "from!: HouseholdId",
                separation.new_id as "new!: HouseholdId", separation.enquiry_id as "enquiry!: EnquiryId",
                enquiry.reference as "reference!", separation.own_enquiry_id as "own?: EnquiryId",
                own.reference as "own_reference?", separation.separated_on as "on!: Day", separation.note as "note?",
                separation.recorded_at as "at!: Instant", separation.recorded_by as "user!: UserId",
                user.name as "by!", separation.from_before as "before?", separation.from_after as "after?",
                separation.new_after as "new_after?", separation.undone_at as "undone_at?: Instant",
                undoer.name as "undone_by?"
            from household_separation separation
            join enquiry on enquiry.id = separation.enquiry_id
            join user on user.id = separation.recorded_by
            left join enquiry own on own.id = separation.own_enquiry_id
            left join user undoer on undoer.id = separation.undone_by
            where "# + $where,
            $($argument),+
        )
    };
}

pub async fn find(db: impl SqliteExecutor<'_>, id: SeparationId) -> sqlx::Result<Option<Separated>> {
    separations!("separation.id = ?1", id).fetch_optional(db).await
}

/// The latest that stands, of those who left this household.
pub async fn find_last_from(db: impl SqliteExecutor<'_>, household: HouseholdId) -> sqlx::Result<Option<Separated>> {
    separations!(
        "separation.from_id = ?1 and separation.undone_at is null
        order by separation.id desc
        limit 1",
        household
    )
    .fetch_optional(db)
    .await
}

/// The names of those who left, as the history of the record has them: also once it is undone. A list in JSON.
pub async fn find_who_left(db: impl SqliteExecutor<'_>, of: &Separated) -> sqlx::Result<Option<String>> {
    let names = sqlx::query_scalar!(
        r#"select audit.detail ->> 'leave' as "names?: String"
        from audit
        where audit.enquiry_id = ?1
            and audit.action = 'household_separated'
            and audit.detail ->> 'separation' = ?2
        order by audit.id
        limit 1"#,
        of.enquiry,
        of.id,
    )
    .fetch_optional(db)
    .await?;
    Ok(names.flatten())
}

/// A separation after one that stands, of either of its households.
pub async fn find_later_of(db: impl SqliteExecutor<'_>, of: &Separated) -> sqlx::Result<Option<Separated>> {
    separations!(
        "separation.from_id in (?1, ?2) and separation.id > ?3 and separation.undone_at is null
        order by separation.id desc
        limit 1",
        of.from,
        of.new,
        of.id
    )
    .fetch_optional(db)
    .await
}

/// A merge that stands, by which either of its households has gone, or after it another into them.
pub async fn find_merged_since(db: impl SqliteExecutor<'_>, of: &Separated) -> sqlx::Result<Option<Done>> {
    sqlx::query_as!(
        Done,
        r#"select merge.merged_at as "at!: Instant", user.name as "by!"
        from household_merge merge
        join user on user.id = merge.merged_by
        where merge.undone_at is null
            and (merge.goes_id in (?1, ?2)
                or merge.kept_id = ?2
                or (merge.kept_id = ?1 and merge.merged_at > ?3))
        order by merge.id desc
        limit 1"#,
        of.from,
        of.new,
        of.at,
    )
    .fetch_optional(db)
    .await
}

#[derive(Debug)]
pub struct NewSeparation<'a> {
    pub from: HouseholdId,
    pub new: HouseholdId,
    pub enquiry: EnquiryId,
    pub own: Option<EnquiryId>,
    pub on: Day,
    pub note: Option<&'a str>,
    pub before: &'a str,
    pub after: &'a str,
    pub new_after: &'a str,
}

pub async fn insert(
    connection: &mut SqliteConnection,
    actor: &Actor,
    row: &NewSeparation<'_>,
) -> sqlx::Result<SeparationId> {
    sqlx::query_scalar!(
        r#"insert into household_separation (from_id, new_id, enquiry_id, own_enquiry_id, separated_on, note,
            recorded_at, recorded_by, from_before, from_after, new_after)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        returning id as "id!: SeparationId""#,
        row.from,
        row.new,
        row.enquiry,
        row.own,
        row.on,
        row.note,
        actor.at,
        actor.user,
        row.before,
        row.after,
        row.new_after,
    )
    .fetch_one(connection)
    .await
}

/// What those who leave were part of until that day, what was theirs before from an earlier separation included.
/// `sources`: their household and those that went into it.
pub async fn list_history(
    connection: &mut SqliteConnection,
    household: HouseholdId,
    sources: &[HouseholdId],
    enquiry: EnquiryId,
    on: Day,
) -> sqlx::Result<Vec<EnquiryId>> {
    let sources = Json(sources);
    sqlx::query_scalar!(
        r#"select enquiry.id as "id!: EnquiryId"
        from enquiry
        join enquiry_now on enquiry_now.enquiry_id = enquiry.id
        where enquiry.household_id = ?1 and (enquiry_now.day_on <= ?3 or enquiry.id = ?2)
        union
        select shared.enquiry_id
        from json_each(?4) source
        join household_separation earlier on earlier.new_id = source.value and earlier.undone_at is null
        join household_separation_enquiry shared on shared.separation_id = earlier.id"#,
        household,
        enquiry,
        on,
        sources,
    )
    .fetch_all(connection)
    .await
}

pub async fn insert_enquiries(
    connection: &mut SqliteConnection,
    id: SeparationId,
    enquiries: &[EnquiryId],
) -> sqlx::Result<()> {
    let enquiries = Json(enquiries);
    sqlx::query!(
        "insert into household_separation_enquiry (separation_id, enquiry_id) select ?1, value from json_each(?2)",
        id,
        enquiries,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Everybody of the records that went into a household, besides its own.
pub async fn list_members_of_merged(
    connection: &mut SqliteConnection,
    household: HouseholdId,
    sources: &[HouseholdId],
) -> sqlx::Result<Vec<(MemberId, Applicant)>> {
    let sources = Json(sources);
    let rows = sqlx::query!(
        r#"select member.id as "id!: MemberId", member.name as "name!", member.email as "email?", member.phone as "phone?"
        from json_each(?1) source
        cross join member on member.household_id = source.value
        where source.value <> ?2
            and not exists (select 1 from household_separation_member where member_id = member.id)"#,
        sources,
        household,
    )
    .fetch_all(connection)
    .await?;
    let applicant = |name, email, phone| Applicant { name, email, phone };
    Ok(rows.into_iter().map(|row| (row.id, applicant(row.name, row.email, row.phone))).collect())
}

pub async fn insert_members(
    connection: &mut SqliteConnection,
    id: SeparationId,
    members: &[MemberId],
) -> sqlx::Result<()> {
    let members = Json(members);
    sqlx::query!(
        "insert into household_separation_member (member_id, separation_id) select value, ?1 from json_each(?2)",
        id,
        members,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn delete_members(connection: &mut SqliteConnection, id: SeparationId) -> sqlx::Result<()> {
    sqlx::query!("delete from household_separation_member where separation_id = ?", id).execute(connection).await?;
    Ok(())
}

/// Somebody's work on the new household since: another enquiry of it, or a write on the one that it began with. What was
/// done with the household itself is looked at by what it is now.
pub async fn find_built(db: impl SqliteExecutor<'_>, of: &Separated) -> sqlx::Result<Option<Done>> {
    sqlx::query_as!(
        Done,
        r#"select audit.at as "at!: Instant", user.name as "by!"
        from enquiry
        join audit on audit.enquiry_id = enquiry.id
        join user on user.id = audit.user_id
        where enquiry.household_id = ?1
            and audit.action not in ('enquiry_opened', 'household_changed', 'households_merged', 'merge_undone',
                'households_told_apart', 'households_may_be_same')
            and (enquiry.id is not ?2
                or audit.id > (
                    select min(id)
                    from audit
                    where enquiry_id = ?2 and action = 'household_separated'))
        order by audit.id desc
        limit 1"#,
        of.new,
        of.own,
    )
    .fetch_optional(db)
    .await
}

pub async fn update_undone(connection: &mut SqliteConnection, actor: &Actor, id: SeparationId) -> sqlx::Result<()> {
    sqlx::query!(
        "update household_separation
        set undone_at = ?2, undone_by = ?3, note = null, from_before = null, from_after = null, new_after = null
        where id = ?1",
        id,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// An enquiry that was there before they separated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shared {
    pub id: EnquiryId,
    pub reference: String,
    pub day: Day,
    pub restricted: bool,
    /// Of a restricted one: whoever asks is named.
    pub named: bool,
}

/// The newest first.
pub async fn list_shared(db: impl SqliteExecutor<'_>, id: SeparationId, viewer: UserId) -> sqlx::Result<Vec<Shared>> {
    sqlx::query_as!(
        Shared,
        r#"select enquiry.id as "id!: EnquiryId", enquiry.reference as "reference!", enquiry_now.day_on as "day!: Day",
            enquiry.restricted as "restricted!: bool",
            exists (select 1 from enquiry_access where enquiry_id = enquiry.id and user_id = ?2) as "named!: bool"
        from household_separation_enquiry shared
        join enquiry on enquiry.id = shared.enquiry_id
        join enquiry_now on enquiry_now.enquiry_id = enquiry.id
        where shared.separation_id = ?1
        order by enquiry_now.day_on desc, enquiry.id desc"#,
        id,
        viewer,
    )
    .fetch_all(db)
    .await
}

/// Separations that do not agree with the households and enquiries they are about; none is the only good answer. While
/// one stands, the enquiry that those who left began with stands and is theirs, or of whom they have gone into, and the
/// two have a history; of one that is undone nobody is left in the new household.
pub async fn list_wrong(connection: &mut SqliteConnection) -> sqlx::Result<Vec<SeparationId>> {
    sqlx::query_scalar!(
        r#"with recursive gone (separation_id, household_id) as (
            select id, new_id
            from household_separation
            where undone_at is null
            union all
            select gone.separation_id, merge.kept_id
            from gone
            join household_merge merge on merge.goes_id = gone.household_id and merge.undone_at is null)
        select separation.id as "id!: SeparationId"
        from household_separation separation
        where separation.undone_at is null
            and (not exists (
                    select 1
                    from household_separation_enquiry
                    where separation_id = separation.id and enquiry_id = separation.enquiry_id)
                or not exists (select 1 from member where household_id = separation.new_id)
                or (separation.own_enquiry_id is not null
                    and not exists (
                        select 1
                        from enquiry
                        join enquiry_now on enquiry_now.enquiry_id = enquiry.id
                        join gone on gone.separation_id = separation.id and gone.household_id = enquiry.household_id
                        where enquiry.id = separation.own_enquiry_id)))
        union
        select separation.id
        from household_separation separation
        where separation.undone_at is not null
            and (exists (select 1 from member where household_id = separation.new_id)
                or exists (select 1 from household_separation_member where separation_id = separation.id)
                or exists (
                    select 1
                    from enquiry
                    join enquiry_now on enquiry_now.enquiry_id = enquiry.id
                    where enquiry.household_id = separation.new_id))"#
    )
    .fetch_all(connection)
    .await
}
