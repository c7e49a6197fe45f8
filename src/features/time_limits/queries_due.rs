//! SQL of what is due. Each statement walks one covering index in the order of the due days and stops when it has enough.

use sqlx::SqliteConnection;

use super::queries::Row;
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::stage::Stage;
use crate::domain::time_limit::{Clock, CourseName};

/// Whose clocks are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    Everybody,
    /// One person's.
    Officer(UserId),
    /// Enquiries that nobody has.
    Unassigned,
}

/// The three lists of a day; no clock is in two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    Overdue,
    TodayOrTomorrow,
    /// Due soon, after tomorrow.
    Soon,
}

/// Who is asked for, when, and by whom: a restricted record is shown to named people only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub whose: Whose,
    pub due: Due,
    pub today: Day,
    pub reader: UserId,
}

impl Asked {
    /// The first and the last due day, the day by which it must be due soon, and whether it must be overdue.
    fn days(&self) -> (Day, Day, Day, bool) {
        const LONG: i32 = 366 * 100;
        // What was due on Friday is due until Monday; no holiday is longer.
        const WEEKEND: i32 = 7;
        let (today, ever) = (self.today, self.today.plus_days(LONG));
        match self.due {
            Due::Overdue => (today.plus_days(-LONG), today, ever, true),
            Due::TodayOrTomorrow => (today.plus_days(-WEEKEND), today.plus_days(1), ever, false),
            Due::Soon => (today.plus_days(2), ever, today, false),
        }
    }
}

/// Where a page begins: after the clock with this key. In the order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DueKey {
    pub due: Day,
    pub enquiry: EnquiryId,
    pub clock: Clock,
}

/// One clock as it is stored, and the enquiry it is of.
pub struct Found {
    pub stored: Row,
    pub reference: String,
    pub name: String,
    pub stage: Stage,
    pub officer: Option<String>,
}

/// The statement but for whose it is, which decides the index.
macro_rules! listed {
    ([$($whose:tt)+], $asked:expr, $days:expr, $officer:expr, $limit:expr, $after:expr, $connection:expr) => {
        sqlx::query!(
            r#"select due.enquiry_id as "enquiry!: EnquiryId", due.clock as "clock!: Clock",
                stored.start_on as "start!: Day", due.due_on as "due!: Day", due.soon_on as "soon!: Day",
                due.overdue_on as "overdue!: Day",
                due.lapses as "lapses!: bool", enquiry.reference as "reference!", now.display_name as "name!",
                now.stage as "stage!: Stage", now.officer as "officer?"
            from limit_now due "#
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
                            where enquiry_access.enquiry_id = enquiry.id and user_id = ?5))
                and (due.due_on, due.enquiry_id, due.clock) > (?9, ?10, ?11)
                and stored.enquiry_id = due.enquiry_id
                and stored.clock = due.clock
                and enquiry.id = due.enquiry_id
            order by due.due_on, due.enquiry_id, due.clock
            limit ?7",
            $days.0,
            $days.1,
            $days.2,
            $asked.today,
            $asked.reader,
            $officer,
            $limit,
            $days.3,
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
        Whose::Officer(officer) => listed!(
            ["indexed by limit_now_by_officer
            cross join enquiry_now now
            cross join enquiry
            cross join limit_now stored
            where due.officer_user_id = ?6"],
            asked,
            days,
            officer,
            limit,
            after,
            connection
        ),
    })
}
