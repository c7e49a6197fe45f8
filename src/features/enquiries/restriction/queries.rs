//! SQL of who may open a record.

use std::collections::BTreeSet;

use sqlx::{SqliteConnection, SqliteExecutor};

use crate::db::Json;
use crate::domain::audit::{Action, Done};
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, HouseholdId, UserId};
use crate::domain::instant::Instant;
use crate::domain::role::Role;

pub struct Standing {
    pub restricted: bool,
    pub officer: Option<UserId>,
}

pub async fn find(db: impl SqliteExecutor<'_>, enquiry: EnquiryId) -> sqlx::Result<Option<Standing>> {
    sqlx::query_as!(
        Standing,
        r#"select enquiry.restricted as "restricted!: bool", now.officer_user_id as "officer?: UserId"
        from enquiry
        join enquiry_now now on now.enquiry_id = enquiry.id
        where enquiry.id = ?"#,
        enquiry,
    )
    .fetch_optional(db)
    .await
}

pub struct Colleague {
    pub id: UserId,
    pub name: String,
    pub active: bool,
    /// Codes, separated by commas.
    pub roles: Option<String>,
    pub named: bool,
}

/// Everybody who may sign in, and whoever is named on the record though they no longer may.
pub async fn list_colleagues(db: impl SqliteExecutor<'_>, enquiry: Option<EnquiryId>) -> sqlx::Result<Vec<Colleague>> {
    sqlx::query_as!(
        Colleague,
        r#"select user.id as "id!: UserId", user.name as "name!", user.active as "active!: bool",
            (select group_concat(role) from user_role where user_id = user.id) as "roles?: String",
            access.user_id is not null as "named!: bool"
        from user
        left join enquiry_access access on access.enquiry_id = ?1 and access.user_id = user.id
        where access.user_id is not null
            or (user.active = 1 and user.program = 0)
        order by user.name collate nocase, user.id"#,
        enquiry,
    )
    .fetch_all(db)
    .await
}

pub async fn update(
    connection: &mut SqliteConnection,
    enquiry: EnquiryId,
    restricted: bool,
    named: &[UserId],
) -> sqlx::Result<()> {
    sqlx::query!("update enquiry set restricted = ?2 where id = ?1", enquiry, restricted)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("delete from enquiry_access where enquiry_id = ?", enquiry).execute(&mut *connection).await?;
    let named = Json(named);
    sqlx::query!(
        "insert into enquiry_access (enquiry_id, user_id)
        select ?1, value
        from json_each(?2)",
        enquiry,
        named,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn find_last_change(db: impl SqliteExecutor<'_>, enquiry: EnquiryId) -> sqlx::Result<Option<Done>> {
    let action = Action::RestrictionChanged.code();
    sqlx::query_as!(
        Done,
        r#"select user.name as "by!", audit.at as "at!: Instant"
        from audit
        join user on user.id = audit.user_id
        where audit.enquiry_id = ?
            and audit.action = ?
        order by audit.id desc
        limit 1"#,
        enquiry,
        action,
    )
    .fetch_optional(db)
    .await
}

pub struct Elsewhere {
    pub id: EnquiryId,
    pub reference: String,
}

/// Other enquiries of the household that everybody may open: its names and how to reach them stand there too.
pub async fn list_open_of_household(
    db: impl SqliteExecutor<'_>,
    household: HouseholdId,
    but: EnquiryId,
) -> sqlx::Result<Vec<Elsewhere>> {
    sqlx::query_as!(
        Elsewhere,
        r#"select enquiry.id as "id!: EnquiryId", enquiry.reference as "reference!"
        from enquiry
        join enquiry_now now on now.enquiry_id = enquiry.id
        where enquiry.household_id = ?1
            and enquiry.id <> ?2
            and enquiry.restricted = 0
        order by enquiry.id
        limit 20"#,
        household,
        but,
    )
    .fetch_all(db)
    .await
}

/// Of these, those that are open to named people only, and not to this person.
pub async fn list_shut_out(
    db: &mut SqliteConnection,
    enquiries: &[EnquiryId],
    person: UserId,
) -> sqlx::Result<BTreeSet<EnquiryId>> {
    let enquiries = Json(enquiries);
    let shut_out = sqlx::query_scalar!(
        r#"select enquiry.id as "id!: EnquiryId"
        from json_each(?1) picked
        join enquiry on enquiry.id = picked.value
        where enquiry.restricted = 1
            and not exists (select 1 from enquiry_access where enquiry_id = enquiry.id and user_id = ?2)"#,
        enquiries,
        person,
    )
    .fetch_all(db)
    .await?;
    Ok(shut_out.into_iter().collect())
}

/// A restricted record that nobody may open. It says nothing of whose it is.
pub struct Stranded {
    pub id: EnquiryId,
    pub reference: String,
    pub day: Day,
    /// Who is named on it, separated by commas.
    pub named: Option<String>,
}

/// Restricted records of which none of the named may open it any more: `all` are the roles that read every enquiry,
/// `own` those that read what is assigned to them. With `without`, those that this person alone may open. The latest
/// first.
pub async fn list_stranded(
    db: impl SqliteExecutor<'_>,
    all: &[Role],
    own: &[Role],
    without: Option<UserId>,
) -> sqlx::Result<Vec<Stranded>> {
    let (all, own) = (Json(all), Json(own));
    sqlx::query_as!(
        Stranded,
        r#"select enquiry.id as "id!: EnquiryId", enquiry.reference as "reference!", now.day_on as "day!: Day",
            (select group_concat(user.name, ', ')
            from enquiry_access access
            join user on user.id = access.user_id
            where access.enquiry_id = enquiry.id) as "named?: String"
        from enquiry
        join enquiry_now now on now.enquiry_id = enquiry.id
        where enquiry.restricted = 1
            and (?3 is null
                or exists (select 1 from enquiry_access where enquiry_id = enquiry.id and user_id = ?3))
            and not exists (
                select 1
                from enquiry_access access
                join user on user.id = access.user_id and user.active = 1
                join user_role on user_role.user_id = user.id
                where access.enquiry_id = enquiry.id
                    and access.user_id is not ?3
                    and (user_role.role in (select value from json_each(?1))
                        or (now.officer_user_id = user.id
                            and user_role.role in (select value from json_each(?2)))))
        order by enquiry.id desc
        limit 100"#,
        all,
        own,
        without,
    )
    .fetch_all(db)
    .await
}
