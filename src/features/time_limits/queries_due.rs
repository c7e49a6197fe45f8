//! SQL of what is due. Each statement walks one covering index in the order of the due days and stops when it has enough.

use sqlx::SqliteConnection;

use super::due::{Asked, DueKey, Whose};
use super::stored::Row;
use crate::db::Json;
use crate::domain::day::Day;
use crate::domain::ids::EnquiryId;
use crate::domain::stage::Stage;
use crate::domain::time_limit::{Clock, CourseName};

/// One clock as it is stored, and the enquiry it is of.
pub struct Found {
    pub stored: Row,
    pub reference: String,
    pub name: String,
    pub stage: Stage,
    pub officer: Option<String>,
}

/// What every statement asks for besides whose it is.
macro_rules! due {
    ($query:ident!(), [$($select:tt)+], [$($whose:tt)+], $end:tt, $asked:expr, $first:expr, $officers:expr, $limit:expr, $($more:expr),*) => {
        sqlx::$query!(
            $($select)+ + " from limit_now due "
                + $($whose)+ + "
                and due.course = 'open'
                and due.due_on is not null
                and due.due_on between ?1 and ?2
                and due.soon_on <= ?3
                and (due.overdue_on <= ?4) = ?8
                and (due.lapses = 0 or due.overdue_on > ?4)
                and now.enquiry_id = due.enquiry_id
                and not (coalesce(now.in_touch_from, '9999') <= ?4 and coalesce(now.in_touch_to, '9999') > ?4)
                and due.enquiry_id not in (
                    select id
                    from enquiry
                    where restricted = 1
                        and not exists (
                            select 1
                            from enquiry_access
                            where enquiry_access.enquiry_id = enquiry.id and user_id = ?5)) "
                + $end,
            $first.0,
            $first.1,
            $first.2,
            $asked.today,
            $asked.reader,
            $officers,
            $limit,
            $first.3,
            $($more),*
        )
    };
}

macro_rules! listed {
    ([$($whose:tt)+], $asked:expr, $days:expr, $officers:expr, $limit:expr, $after:expr, $connection:expr) => {
        due!(
            query!(),
            [r#"select due.enquiry_id as "enquiry!: EnquiryId", due.clock as "clock!: Clock",
                stored.start_on as "start!: Day", due.due_on as "due!: Day", due.soon_on as "soon!: Day",
                due.overdue_on as "overdue!: Day",
                due.lapses as "lapses!: bool", enquiry.reference as "reference!", now.display_name as "name!",
                now.stage as "stage!: Stage", now.officer as "officer?""#],
            [$($whose)+],
            " and (due.due_on, due.enquiry_id, due.clock) > (?9, ?10, ?11)
                and stored.enquiry_id = due.enquiry_id
                and stored.clock = due.clock
                and enquiry.id = due.enquiry_id
            order by due.due_on, due.enquiry_id, due.clock
            limit ?7",
            $asked,
            $days,
            $officers,
            $limit,
            $after.0,
            $after.1,
            $after.2
        )
        .fetch_all($connection)
        .await?
        .into_iter()
        .map(|row| Found {
            stored: Row {
                enquiry: row.enquiry,
                clock: row.clock,
                start: row.start,
                course: CourseName::Open,
                due: Some(row.due),
                soon: Some(row.soon),
                overdue: Some(row.overdue),
                end: None,
                taken: None,
                over: None,
                left: None,
                lapses: row.lapses,
                officer: None,
                unassigned: false,
            },
            reference: row.reference,
            name: row.name,
            stage: row.stage,
            officer: row.officer,
        })
        .collect()
    };
}

pub async fn list(
    connection: &mut SqliteConnection,
    asked: &Asked,
    after: Option<DueKey>,
    limit: i64,
) -> sqlx::Result<Vec<Found>> {
    let days = asked.days();
    let after =
        after.map_or((String::new(), EnquiryId(0), ""), |key| (key.due.to_string(), key.enquiry, key.clock.code()));
    Ok(match &asked.whose {
        Whose::Everybody => listed!(
            ["indexed by limit_now_by_due
            cross join enquiry_now now
            cross join enquiry
            cross join limit_now stored
            where ?6 = ''"],
            asked,
            days,
            "",
            limit,
            after,
            connection
        ),
        Whose::Unassigned => listed!(
            ["indexed by limit_now_by_due
            cross join enquiry_now now
            cross join enquiry
            cross join limit_now stored
            where ?6 = '' and due.unassigned = 1"],
            asked,
            days,
            "",
            limit,
            after,
            connection
        ),
        Whose::Officers(officers) => {
            let officers = Json(officers);
            listed!(
                ["indexed by limit_now_by_officer
                cross join enquiry_now now
                cross join enquiry
                cross join limit_now stored
                where due.officer_user_id in (select value from json_each(?6))"],
                asked,
                days,
                officers,
                limit,
                after,
                connection
            )
        }
    })
}

macro_rules! counted {
    ([$($whose:tt)+], $asked:expr, $days:expr, $officers:expr, $limit:expr, $connection:expr) => {
        due!(
            query_scalar!(),
            [r#"select count(*) as "count!: i64" from (select 1"#],
            [$($whose)+],
            " limit ?7)",
            $asked,
            $days,
            $officers,
            $limit,
        )
        .fetch_one($connection)
        .await
    };
}

pub async fn count(connection: &mut SqliteConnection, asked: &Asked, limit: i64) -> sqlx::Result<i64> {
    let days = asked.days();
    match &asked.whose {
        Whose::Everybody => counted!(
            ["indexed by limit_now_by_due cross join enquiry_now now where ?6 = ''"],
            asked,
            days,
            "",
            limit,
            connection
        ),
        Whose::Unassigned => counted!(
            ["indexed by limit_now_by_due cross join enquiry_now now where ?6 = '' and due.unassigned = 1"],
            asked,
            days,
            "",
            limit,
            connection
        ),
        Whose::Officers(officers) => {
            let officers = Json(officers);
            counted!(
                ["indexed by limit_now_by_officer cross join enquiry_now now
                where due.officer_user_id in (select value from json_each(?6))"],
                asked,
                days,
                officers,
                limit,
                connection
            )
        }
    }
}
