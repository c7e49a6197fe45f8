use std::collections::BTreeMap;

use sqlx::SqliteConnection;

use super::queries_separated;
use crate::db::Json;
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, HouseholdId, UserId};
use crate::domain::search::Sought;
use crate::domain::stage::Stage;
use crate::features::access::Viewer;

/// The newest households in whose line the expression is found; none of which only restricted records tell, unless the
/// viewer is named in one.
pub async fn list_matching(
    db: &mut SqliteConnection,
    expression: &str,
    viewer: UserId,
    limit: i64,
) -> sqlx::Result<Vec<HouseholdId>> {
    sqlx::query_scalar!(
        r#"select rowid + 0 as "id!: HouseholdId"
        from household_words
        where household_words match ?1
            and (rowid not in (
                    select household_id
                    from enquiry
                    where restricted = 1
                        and not exists (
                            select 1
                            from enquiry_access
                            where enquiry_access.enquiry_id = enquiry.id and user_id = ?2))
                or exists (
                    select 1
                    from enquiry
                    where enquiry.household_id = household_words.rowid
                        and (restricted = 0
                            or exists (
                                select 1
                                from enquiry_access
                                where enquiry_access.enquiry_id = enquiry.id and user_id = ?2))))
        order by rowid desc
        limit ?3"#,
        expression,
        viewer,
        limit,
    )
    .fetch_all(db)
    .await
}

/// The same among one's own cases. What matches is looked through once (`rowid + 0`): asked for each case by its number,
/// the index would put the terms that begin so together again for each of them.
pub async fn list_own_matching(
    db: &mut SqliteConnection,
    expression: &str,
    viewer: UserId,
    limit: i64,
) -> sqlx::Result<Vec<HouseholdId>> {
    sqlx::query_scalar!(
        r#"select rowid + 0 as "id!: HouseholdId"
        from household_words
        where household_words match ?1
            and rowid + 0 in (
                select enquiry.household_id
                from enquiry_now
                join enquiry on enquiry.id = enquiry_now.enquiry_id
                where enquiry_now.officer_user_id = ?2
                    and (restricted = 0
                        or exists (
                            select 1
                            from enquiry_access
                            where enquiry_access.enquiry_id = enquiry.id and user_id = ?2)))
        order by rowid desc
        limit ?3"#,
        expression,
        viewer,
        limit,
    )
    .fetch_all(db)
    .await
}

/// By what the households are found, in the order of their numbers; without one whose enquiries were all undone, with
/// those who separated from others and have none yet. For a viewer without what they may not see: a reference of such an enquiry finds nobody, and a household without another
/// enquiry is left out.
pub async fn list_sought(
    db: &mut SqliteConnection,
    households: &[HouseholdId],
    viewer: Option<Viewer>,
) -> sqlx::Result<BTreeMap<HouseholdId, Sought>> {
    let mut all = list_people(db, households).await?;
    let (ids, user) = (Json(households), viewer.map(|viewer| viewer.user));
    let own = user.filter(|_| viewer.is_some_and(|viewer| viewer.own_only));
    let rows = sqlx::query!(
        r#"select enquiry.household_id as "household!: HouseholdId", reference as "reference!",
            hub_reference as "hub_reference?"
        from json_each(?1) asked
        join enquiry on enquiry.household_id = asked.value
        join enquiry_now on enquiry_now.enquiry_id = enquiry.id
        where (?2 is null
                or restricted = 0
                or exists (
                    select 1
                    from enquiry_access
                    where enquiry_access.enquiry_id = enquiry.id and user_id = ?2))
            and (?3 is null or officer_user_id = ?3)"#,
        ids,
        user,
        own,
    )
    .fetch_all(&mut *db)
    .await?;
    for row in rows {
        let sought = all.entry(row.household).or_default();
        sought.references.push(row.reference);
        sought.hub_references.extend(row.hub_reference);
    }
    let separated = queries_separated::list_separated(db, households, viewer).await?;
    all.retain(|household, sought| !sought.references.is_empty() || separated.contains(household));
    Ok(all)
}

/// Their homes and the people in them; of a household that has gone into one of them, the people too.
async fn list_people(
    db: &mut SqliteConnection,
    households: &[HouseholdId],
) -> sqlx::Result<BTreeMap<HouseholdId, Sought>> {
    let ids = Json(households);
    let rows = sqlx::query!(
        r#"with recursive source (of_id, household_id) as (
            select value, value
            from json_each(?1)
            union all
            select source.of_id, merge.goes_id
            from source
            join household_merge merge on merge.kept_id = source.household_id and merge.undone_at is null)
        select household.id as "household!: HouseholdId", household.postcode as "postcode?", member.name as "name?",
            member.phone as "phone?", member.email as "email?"
        from source
        join household on household.id = source.of_id
        left join member on member.household_id = source.household_id
            and not exists (select 1 from household_separation_member gone where gone.member_id = member.id)
        order by household.id, source.household_id <> household.id, source.household_id, member.position"#,
        ids,
    )
    .fetch_all(db)
    .await?;
    let mut all: BTreeMap<HouseholdId, Sought> = BTreeMap::new();
    for row in rows {
        let sought = all.entry(row.household).or_default();
        sought.postcode = row.postcode;
        sought.names.extend(row.name);
        sought.phones.extend(row.phone);
        sought.emails.extend(row.email);
    }
    Ok(all)
}

/// One enquiry of a household that was found.
#[derive(Debug, Clone)]
pub struct Row {
    pub household: HouseholdId,
    pub id: EnquiryId,
    pub reference: String,
    pub hub_reference: Option<String>,
    /// "Priya Nair and Tom Reed".
    pub name: String,
    pub postcode: Option<String>,
    pub restricted: bool,
    pub stage: Stage,
    /// A code of `State`.
    pub state: String,
    pub officer: Option<String>,
    pub day: Day,
    /// Of the household that they were part of before they separated: they have none of their own yet.
    pub before: bool,
}

/// What the viewer may see of the households, the newest first.
pub async fn list_rows(
    db: &mut SqliteConnection,
    households: &[HouseholdId],
    viewer: Viewer,
    today: Day,
) -> sqlx::Result<Vec<Row>> {
    let (ids, user) = (Json(households), viewer.user);
    let own = viewer.own_only.then_some(viewer.user);
    sqlx::query_as!(
        Row,
        r#"with of_household (household_id, enquiry_id, before) as (
            select asked.value, enquiry.id, 0
            from json_each(?1) asked
            join enquiry on enquiry.household_id = asked.value
            union all
            select separation.new_id, shared.enquiry_id, 1
            from json_each(?1) asked
            join household_separation separation on separation.new_id = asked.value and separation.undone_at is null
            join household_separation_enquiry shared on shared.separation_id = separation.id
            where not exists (
                select 1
                from enquiry
                join enquiry_now on enquiry_now.enquiry_id = enquiry.id
                where enquiry.household_id = separation.new_id))
        select of_household.household_id as "household!: HouseholdId",
            enquiry.id as "id!: EnquiryId",
            enquiry.reference as "reference!",
            now.hub_reference as "hub_reference?",
            iif(
                of_household.before = 1,
                (select group_concat(name, ' and ' order by position) from member where member.household_id = household.id),
                now.display_name) as "name!: String",
            household.postcode as "postcode?",
            enquiry.restricted as "restricted!: bool",
            now.stage as "stage!: Stage",
            case
                when approved_on is not null then 'approved'
                when live = 0 then 'closed'
                when paused_from <= ?4 and coalesce(paused_to, '9999') > ?4 then 'paused'
                when in_touch_from <= ?4 and coalesce(in_touch_to, '9999') > ?4 then 'in_touch'
                else 'open'
            end as "state!: String",
            now.officer as "officer?",
            now.day_on as "day!: Day",
            of_household.before as "before!: bool"
        from of_household
        cross join enquiry on enquiry.id = of_household.enquiry_id
        cross join enquiry_now now on now.enquiry_id = enquiry.id
        cross join household on household.id = of_household.household_id
        where (restricted = 0
                or exists (
                    select 1
                    from enquiry_access
                    where enquiry_access.enquiry_id = enquiry.id and user_id = ?2))
            and (?3 is null or officer_user_id = ?3)
        order by now.day_on desc, enquiry.id desc"#,
        ids,
        user,
        own,
        today,
    )
    .fetch_all(db)
    .await
}
