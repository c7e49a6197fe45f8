//! SQL of logging an enquiry: who may take it, what is known of a household, and whom it looks like.

use sqlx::{SqliteConnection, SqliteExecutor};

use crate::db::Json;
use crate::domain::actor::Actor;
use crate::domain::day::Day;
use crate::domain::household::display_name;
use crate::domain::ids::{EnquiryId, HouseholdId, UserId};
use crate::domain::stage::Stage;
use crate::features::enquiries::Likeness;

pub struct Officer {
    pub id: UserId,
    pub name: String,
}

/// Those to whom an enquiry can be given.
pub async fn list_officers(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<Officer>> {
    sqlx::query_as!(
        Officer,
        r#"select id as "id!: UserId", name as "name!"
        from user
        where active = 1
            and exists (
                select 1
                from user_role
                where user_id = user.id and role in ('officer', 'manager', 'social_worker'))
        order by name, id"#,
    )
    .fetch_all(db)
    .await
}

/// An enquiry of a household that looks known.
#[derive(Debug, Clone)]
pub struct KnownEnquiry {
    pub household: HouseholdId,
    pub id: EnquiryId,
    pub reference: String,
    pub name: String,
    pub address: Option<String>,
    pub postcode: Option<String>,
    pub stage: Stage,
    pub close_reason: Option<String>,
    pub day: Day,
    pub officer: Option<String>,
    /// Of the household that they were part of before they separated.
    pub before: bool,
}

/// The enquiries that somebody may see, the newest first: of which household and by what name, and how the households that
/// are `asked` about lead to `enquiry` and `household`.
macro_rules! known {
    ($household:literal, $name:literal, $before:literal, $from:literal, $households:expr, $viewer:expr) => {
        sqlx::query_as!(
            KnownEnquiry,
            "select "
                + $household
                + r#" as "household!: HouseholdId", enquiry.id as "id!: EnquiryId",
                enquiry.reference as "reference!", "#
                + $name
                + r#" as "name!: String",
                household.address as "address?", household.postcode as "postcode?", now.stage as "stage!: Stage",
                close_reason.label as "close_reason?", now.day_on as "day!: Day", now.officer as "officer?",
                "#
                + $before
                + r#" as "before!: bool"
            from json_each(?1) asked
            "#
                + $from
                + r#"
            cross join enquiry_now now on now.enquiry_id = enquiry.id
            left join close_reason on close_reason.code = now.close_reason
            where enquiry.restricted = 0
                or exists (select 1 from enquiry_access where enquiry_id = enquiry.id and user_id = ?2)
            order by now.day_on desc, enquiry.id desc"#,
            $households,
            $viewer,
        )
    };
}

/// Of these households.
pub async fn list_known(
    db: impl SqliteExecutor<'_>,
    households: &[HouseholdId],
    viewer: UserId,
) -> sqlx::Result<Vec<KnownEnquiry>> {
    let households = Json(households);
    known!(
        "enquiry.household_id",
        "now.display_name",
        "false",
        "cross join enquiry on enquiry.household_id = asked.value
        cross join household on household.id = enquiry.household_id",
        households,
        viewer
    )
    .fetch_all(db)
    .await
}

/// What these households were part of before they separated, with the name and the home of those who left.
pub async fn list_before_separation(
    db: impl SqliteExecutor<'_>,
    households: &[HouseholdId],
    viewer: UserId,
) -> sqlx::Result<Vec<KnownEnquiry>> {
    let households = Json(households);
    let known = known!(
        "separation.new_id",
        "(select json_group_array(member.name order by member.position)
        from member
        where member.household_id = separation.new_id)",
        "true",
        "cross join household_separation separation on separation.new_id = asked.value and separation.undone_at is null
        cross join household_separation_enquiry shared on shared.separation_id = separation.id
        cross join household on household.id = separation.new_id
        cross join enquiry on enquiry.id = shared.enquiry_id",
        households,
        viewer
    )
    .fetch_all(db)
    .await?;
    let names = |json: &str| display_name(&serde_json::from_str::<Vec<String>>(json).unwrap_or_default());
    Ok(known.into_iter().map(|it| KnownEnquiry { name: names(&it.name), ..it }).collect())
}

pub struct Latest {
    pub id: EnquiryId,
    pub day: Day,
}

/// A household's newest enquiry, whoever may see it.
pub async fn find_latest(db: &mut SqliteConnection, household: HouseholdId) -> sqlx::Result<Option<Latest>> {
    sqlx::query_as!(
        Latest,
        r#"select enquiry.id as "id!: EnquiryId", enquiry_now.day_on as "day!: Day"
        from enquiry
        join enquiry_now on enquiry_now.enquiry_id = enquiry.id
        where enquiry.household_id = ?
        order by enquiry_now.day_on desc, enquiry.id desc
        limit 1"#,
        household,
    )
    .fetch_optional(db)
    .await
}

/// An enquiry that a hub has sent before.
#[derive(Debug, Clone)]
pub struct Referred {
    pub id: EnquiryId,
    pub reference: String,
    pub restricted: bool,
}

pub async fn find_referred(db: impl SqliteExecutor<'_>, hub_key: &str) -> sqlx::Result<Option<Referred>> {
    sqlx::query_as!(
        Referred,
        r#"select enquiry.id as "id!: EnquiryId",
            enquiry.reference as "reference!",
            enquiry.restricted as "restricted!: bool"
        from enquiry_now
        join enquiry on enquiry.id = enquiry_now.enquiry_id
        where enquiry_now.hub_key = ?"#,
        hub_key,
    )
    .fetch_optional(db)
    .await
}

pub async fn find_reference(db: impl SqliteExecutor<'_>, id: EnquiryId) -> sqlx::Result<String> {
    sqlx::query_scalar!("select reference from enquiry where id = ?", id).fetch_one(db).await
}

/// Enquiries that look alike, for a person to decide. What is there already stays as it is.
pub async fn insert_likenesses(db: &mut SqliteConnection, actor: &Actor, likenesses: &[Likeness]) -> sqlx::Result<()> {
    let likenesses = Json(likenesses);
    sqlx::query!(
        "insert or ignore into likeness (enquiry_id, other_id, possible_duplicate, found_at)
        select value ->> 'enquiry', value ->> 'other', value ->> 'possible_duplicate', ?2
        from json_each(?1)",
        likenesses,
        actor.at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A restricted enquiry is seen by named people only.
pub async fn may_see(db: impl SqliteExecutor<'_>, id: EnquiryId, user: UserId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
            select 1
            from enquiry
            where id = ?1
                and (restricted = 0
                    or exists (select 1 from enquiry_access where enquiry_id = enquiry.id and user_id = ?2))
        ) as "may_see!: bool""#,
        id,
        user,
    )
    .fetch_one(db)
    .await
}
