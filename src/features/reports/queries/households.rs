//! The households behind a figure: the same counting as the figure's own, with names.

use sqlx::SqliteConnection;

use super::counted::Counting;
use crate::domain::day::Day;
use crate::domain::funnel::{Outcome, Step, Steps};
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::question::{Basis, Question};
use crate::domain::stage::Stage;

/// Which of the counted households are behind a figure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Behind {
    /// At least one of these steps.
    pub any_of: Steps,
    /// And none of these.
    pub none_of: Steps,
    pub outcome: Option<Outcome>,
    /// As the report prints it.
    pub group: Option<String>,
}

impl Behind {
    /// On the activity basis a step is its own milestone; in a cohort a later one shows that it was reached.
    pub fn reached(basis: Basis, step: Step) -> Behind {
        let any_of = match basis {
            Basis::Cohort => Steps::from(step),
            Basis::Activity => Steps::only(step),
        };
        Behind { any_of, ..Behind::default() }
    }

    pub fn everybody() -> Behind {
        Behind { any_of: Steps::ALL, ..Behind::default() }
    }
}

pub struct HouseholdRow {
    pub enquiry: EnquiryId,
    pub reference: String,
    /// None where the enquiry has been withdrawn since.
    pub name: Option<String>,
    pub stage: Option<Stage>,
    pub day: Day,
    pub steps: i64,
    /// None: not received in the period (activity).
    pub outcome: Option<Outcome>,
}

/// The households behind a figure that this person may see, the latest first, after a key.
pub async fn list_households(
    connection: &mut SqliteConnection,
    question: &Question,
    behind: &Behind,
    user: UserId,
    after: Option<(Day, EnquiryId)>,
    limit: i64,
) -> sqlx::Result<Vec<HouseholdRow>> {
    let counting = Counting::of(question);
    let (any_of, none_of) = (behind.any_of.0, behind.none_of.0);
    let nothing = question.by.map(|by| by.nothing_recorded());
    let (after_day, after_enquiry) = after.unzip();
    counted!(
        HouseholdRow,
        r#"select counted.enquiry_id as "enquiry!: EnquiryId",
            enquiry.reference as "reference!",
            enquiry_now.display_name as "name?",
            enquiry_now.stage as "stage?: Stage",
            counted.day_on as "day!: Day",
            counted.steps as "steps!: i64",
            counted.outcome as "outcome?: Outcome"
        from counted
        join enquiry on enquiry.id = counted.enquiry_id
        left join enquiry_now on enquiry_now.enquiry_id = counted.enquiry_id
        where counted.steps & ?11 <> 0
            and counted.steps & ?12 = 0
            and (?13 is null or counted.outcome = ?13)
            and (?14 is null or coalesce(counted.label, ?15) = ?14)
            and (?17 is null or (counted.day_on, counted.enquiry_id) < (?17, ?18))
            and (enquiry.restricted = 0 or exists (
                select 1 from enquiry_access where enquiry_access.enquiry_id = enquiry.id and user_id = ?16
            ))
        order by counted.day_on desc, counted.enquiry_id desc
        limit ?19"#,
        counting,
        any_of,
        none_of,
        behind.outcome,
        behind.group,
        nothing,
        user,
        after_day,
        after_enquiry,
        limit
    )
    .fetch_all(connection)
    .await
}

pub struct Behold {
    /// All that the figure counts.
    pub households: i64,
    /// Of these, restricted to people that this person is not one of.
    pub restricted: i64,
}

pub async fn count_households(
    connection: &mut SqliteConnection,
    question: &Question,
    behind: &Behind,
    user: UserId,
) -> sqlx::Result<Behold> {
    let counting = Counting::of(question);
    let (any_of, none_of) = (behind.any_of.0, behind.none_of.0);
    let nothing = question.by.map(|by| by.nothing_recorded());
    counted!(
        Behold,
        r#"select count(*) as "households!: i64",
            count(*) filter (where enquiry.restricted = 1 and not exists (
                select 1 from enquiry_access where enquiry_access.enquiry_id = enquiry.id and user_id = ?16
            )) as "restricted!: i64"
        from counted
        join enquiry on enquiry.id = counted.enquiry_id
        where counted.steps & ?11 <> 0
            and counted.steps & ?12 = 0
            and (?13 is null or counted.outcome = ?13)
            and (?14 is null or coalesce(counted.label, ?15) = ?14)"#,
        counting,
        any_of,
        none_of,
        behind.outcome,
        behind.group,
        nothing,
        user
    )
    .fetch_one(connection)
    .await
}
