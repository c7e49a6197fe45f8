//! Every SQL statement of the reports. They reduce the chosen enquiries to a few rows; what those mean is decided in
//! `domain::funnel`.

#[macro_use]
mod counted;
mod households;
#[macro_use]
mod labelled;

pub mod clocks;

use sqlx::SqliteConnection;

pub use counted::list_patterns;
use counted::{dimension, kinds};
pub use households::{Behind, Behold, HouseholdRow, count_households, list_households};

use crate::db::Json;
use crate::domain::day::Day;
use crate::domain::fostering::Side;
use crate::domain::funnel::{Outcome, Pattern, Steps};
use crate::domain::question::{Basis, Question};

/// Enquiries that count alike. Side, outcome and steps come as one number: SQLite puts rows in groups by sorting them,
/// and one number is sorted in half the time of three texts.
struct PatternRow {
    label: Option<String>,
    packed: i64,
    households: i64,
}

impl PatternRow {
    /// Seven bits of steps, three of the outcome, two of the side: the places of both in their lists.
    fn read(self) -> (Side, Pattern) {
        let bits = |from: u32, all: i64| ((self.packed >> from) & all) as usize;
        let steps = Steps(bits(0, i64::from(Steps::ALL.0)) as u8);
        let outcome = Outcome::ALL.get(bits(7, 0b111)).copied();
        let side = Side::ALL.get(bits(10, 0b11)).copied().unwrap_or(Side::Mainstream);
        (side, Pattern { group: self.label, steps, outcome, households: self.households })
    }
}

/// A cohort as known now, from how enquiries stand. The ledgers are asked only about what stands for today: who has a
/// reopened enquiry, an officer that came later, a pause or keeping in touch. Of every side. Not by quarter.
///
/// `limit -1` cuts nothing off; it has SQLite work each row out once before it sorts, and not again for each use.
pub async fn list_cohort_patterns_now(
    connection: &mut SqliteConnection,
    question: &Question,
) -> sqlx::Result<Vec<(Side, Pattern)>> {
    let (until, by) = (question.until(), dimension(question));
    let rows = labelled!(
        PatternRow,
        r#"with ended as (
            select *,
                case
                    when reopened = 0 then case when closed_on <= ?2 then ended_by end
                    else (
                        select close_reason.ended_by
                        from milestone
                        left join close_reason on close_reason.code = milestone.close_reason
                        where milestone.enquiry_id = enquiry_now.enquiry_id
                            and kind in ('closed', 'reopened')
                            and happened_on <= ?2
                            and superseded_at is null
                        order by happened_on desc, root_id desc
                        limit 1
                    )
                end as ended
            from enquiry_now
            where day_on between ?3 and ?4
                and ended_by is not 'duplicate'
        ),
        counted as (
            select
                "#,
        r#" as label,
                1
                    | (coalesce(first_contact_on <= ?2, 0) << 1)
                    | (coalesce(initial_visit_on <= ?2, 0) << 2)
                    | (coalesce(application_received_on <= ?2, 0) << 3)
                    | (coalesce(stage_2_started_on <= ?2, 0) << 4)
                    | (coalesce(panel_on <= ?2, 0) << 5)
                    | (coalesce(approved_on <= ?2, 0) << 6)
                    | (case
                        when approved_on <= ?2 then iif(ended is 'duplicate', null, 0) -- approved
                        else case ended
                            when 'applicant' then 4
                            when 'service' then 5
                            when 'transferred' then 6
                            when 'duplicate' then null
                            else case
                                when paused_from is not null and exists (
                                    select 1
                                    from pause
                                    where pause.enquiry_id = one.enquiry_id
                                        and from_on <= ?2
                                        and (to_on is null or to_on > ?2)
                                        and superseded_at is null
                                ) then 2
                                when in_touch_from is not null and exists (
                                    select 1
                                    from in_touch
                                    where in_touch.enquiry_id = one.enquiry_id
                                        and from_on <= ?2
                                        and (to_on is null or to_on > ?2)
                                        and superseded_at is null
                                ) then 3
                                else 1 -- open
                            end
                        end
                    end << 7)
                    | (case fostering_type
                        when 'family_and_friends' then 1
                        when 'supported_lodgings' then 2
                        else 0
                    end << 10) as packed
            from ended one
            limit -1
        )
        select label as "label?: String", packed as "packed!: i64", count(*) as "households!: i64"
        from counted
        where packed is not null
        group by packed, label"#,
        by,
        question.as_at,
        question.period.from,
        until
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(PatternRow::read).collect())
}

struct FirstAndLast {
    first: Option<Day>,
    last: Option<Day>,
}

/// The first and the last day on which anything that counts was ever recorded.
pub async fn find_first_and_last_day(
    connection: &mut SqliteConnection,
    basis: Basis,
) -> sqlx::Result<Option<(Day, Day)>> {
    let kinds = Json(kinds(basis));
    let found = sqlx::query_as!(
        FirstAndLast,
        r#"select
            min((select min(happened_on) from milestone where kind = value)) as "first?: Day",
            max((select max(happened_on) from milestone where kind = value)) as "last?: Day"
        from json_each(?)"#,
        kinds,
    )
    .fetch_one(connection)
    .await?;
    Ok(found.first.zip(found.last))
}

pub async fn find_setting(connection: &mut SqliteConnection, name: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("select value from setting where name = ?", name).fetch_optional(connection).await
}
