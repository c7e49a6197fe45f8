//! SQL of what is to do, by when: each list is read along an index that holds nothing else, and only as far as its page.

use sqlx::SqliteExecutor;

use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, TaskId, UserId};
use crate::domain::role::Role;
use crate::features::access::Viewer;

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToDo {
    pub id: TaskId,
    pub what: String,
    pub due: Day,
    pub attempts: i64,
    pub enquiry: Option<EnquiryId>,
    pub reference: Option<String>,
    /// The family's.
    pub name: Option<String>,
    pub person: Option<String>,
    pub role: Option<Role>,
}

/// Whose tasks are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    /// Theirs, and what is left to one of these roles.
    Person(UserId, Vec<Role>),
    Everybody,
    Nobody,
}

/// Where a page begins: after this day and version.
pub type Key = (Day, i64);

/// `?1` and `?2` are free for whose they are.
macro_rules! to_do {
    ($whose:literal, $first:expr, $second:expr, $until:expr, $after:expr, $viewer:expr, $limit:expr) => {{
        let (after, after_id) = $after.unwrap_or((Day(jiff::civil::Date::MIN), 0));
        let own = $viewer.own_only.then_some($viewer.user);
        sqlx::query_as!(
            ToDo,
            r#"select task.id as "id!: TaskId", task.what as "what!", task.due_on as "due!: Day",
                task.attempts as "attempts!", task.enquiry_id as "enquiry?: EnquiryId",
                enquiry.reference as "reference?", enquiry_now.display_name as "name?", user.name as "person?",
                task.role as "role?: Role"
            from (
                select id, due_on
                from task
                where superseded_at is null
                    and state = 'open'
                    and "#
                + $whose
                + r#"
                    and due_on <= ?3
                    and (due_on, id) > (?4, ?5)
                    and (?6 is null
                        or (enquiry_id is null and user_id = ?6)
                        or exists (
                            select 1
                            from enquiry_now
                            where enquiry_now.enquiry_id = task.enquiry_id and officer_user_id = ?6))
                    and (enquiry_id is null
                        or enquiry_id not in (
                            select id
                            from enquiry
                            where restricted = 1
                                and not exists (
                                    select 1
                                    from enquiry_access
                                    where enquiry_access.enquiry_id = enquiry.id and user_id = ?7)))
                order by due_on, id
                limit ?8) picked
            join task on task.id = picked.id
            left join enquiry on enquiry.id = task.enquiry_id
            left join enquiry_now on enquiry_now.enquiry_id = task.enquiry_id
            left join user on user.id = task.user_id
            order by picked.due_on, picked.id"#,
            $first,
            $second,
            $until,
            after,
            after_id,
            own,
            $viewer.user,
            $limit,
        )
    }};
}

/// What is due by a day, what is due first first.
pub async fn list_to_do(
    db: impl SqliteExecutor<'_>,
    of: &Of,
    until: Day,
    after: Option<Key>,
    viewer: Viewer,
    limit: i64,
) -> sqlx::Result<Vec<ToDo>> {
    match of {
        Of::Person(user, roles) => {
            let roles = serde_json::to_string(roles).unwrap_or_default();
            to_do!(
                "(user_id = ?1 or (user_id is null and role in (select value from json_each(?2))))",
                user,
                roles,
                until,
                after,
                viewer,
                limit
            )
            .fetch_all(db)
            .await
        }
        Of::Everybody => {
            to_do!("(?1 is null and ?2 is null)", NONE, NONE, until, after, viewer, limit).fetch_all(db).await
        }
        Of::Nobody => {
            to_do!(
                "user_id is null and role is null and ?1 is null and ?2 is null",
                NONE,
                NONE,
                until,
                after,
                viewer,
                limit
            )
            .fetch_all(db)
            .await
        }
    }
}

/// Not asked by that statement.
const NONE: Option<i64> = None;
