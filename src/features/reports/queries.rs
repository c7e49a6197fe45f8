//! Every SQL statement of the reports. They reduce the chosen enquiries to a few rows; what those mean is decided in
//! `domain::funnel`.

use sqlx::SqliteConnection;

use crate::db::Json;
use crate::domain::day::Day;
use crate::domain::funnel::{Outcome, Pattern, Step, Steps};
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::milestone::MilestoneKind;
use crate::domain::question::{Basis, Question};
use crate::domain::stage::Stage;

struct PatternRow {
    label: Option<String>,
    steps: i64,
    outcome: Option<Outcome>,
    households: i64,
}

impl From<PatternRow> for Pattern {
    fn from(row: PatternRow) -> Pattern {
        // Seven bits, made by the statements below.
        let steps = Steps((row.steps & i64::from(Steps::ALL.0)) as u8);
        Pattern { group: row.label, steps, outcome: row.outcome, households: row.households }
    }
}

/// A cohort as known now, from how enquiries stand. The ledgers are asked only about what stands for today: who has a
/// reopened enquiry, an officer that came later, a pause or keeping in touch. Not by quarter.
pub async fn list_cohort_patterns_now(
    connection: &mut SqliteConnection,
    question: &Question,
) -> sqlx::Result<Vec<Pattern>> {
    let (until, by) = (question.until(), dimension(question));
    let types = question.types.code();
    let rows = sqlx::query_as!(
        PatternRow,
        r#"with chosen as (
            select *,
                case
                    when reopened = 0 then case when closed_on <= ?3 then ended_by end
                    else (
                        select close_reason.ended_by
                        from milestone
                        left join close_reason on close_reason.code = milestone.close_reason
                        where milestone.enquiry_id = enquiry_now.enquiry_id
                            and kind in ('closed', 'reopened')
                            and happened_on <= ?3
                            and superseded_at is null
                        order by happened_on desc, root_id desc
                        limit 1
                    )
                end as ended
            from enquiry_now
            where day_on between ?1 and ?2
                and ended_by is not 'duplicate'
                and case ?4
                    when 'all' then 1
                    when 'kinship' then fostering_type is 'family_and_friends'
                    else coalesce(fostering_type not in ('family_and_friends', 'supported_lodgings'), 1)
                end
        )
        select
            case ?5
                when 'source' then source
                when 'campaign' then campaign
                when 'fostering_type' then fostering_type
                when 'hub' then hub
                when 'officer' then case
                    when officer_from is null or officer_from <= ?3 then officer
                    else (
                        select value
                        from attribute
                        where attribute.enquiry_id = chosen.enquiry_id
                            and name = 'officer'
                            and from_on <= ?3
                            and superseded_at is null
                        order by from_on desc, root_id desc
                        limit 1
                    )
                end
            end as "label?: String",
            1
                | (coalesce(first_contact_on <= ?3, 0) << 1)
                | (coalesce(initial_visit_on <= ?3, 0) << 2)
                | (coalesce(application_received_on <= ?3, 0) << 3)
                | (coalesce(stage_2_started_on <= ?3, 0) << 4)
                | (coalesce(panel_on <= ?3, 0) << 5)
                | (coalesce(approved_on <= ?3, 0) << 6) as "steps!: i64",
            case
                when approved_on <= ?3 then 'approved'
                when ended = 'applicant' then 'applicant_withdrew'
                when ended = 'service' then 'service_ended'
                when ended = 'transferred' then 'transferred'
                when paused_from is not null and exists (
                    select 1
                    from pause
                    where pause.enquiry_id = chosen.enquiry_id
                        and from_on <= ?3
                        and (to_on is null or to_on > ?3)
                        and superseded_at is null
                ) then 'paused'
                when in_touch_from is not null and exists (
                    select 1
                    from in_touch
                    where in_touch.enquiry_id = chosen.enquiry_id
                        and from_on <= ?3
                        and (to_on is null or to_on > ?3)
                        and superseded_at is null
                ) then 'in_touch'
                else 'open'
            end as "outcome?: Outcome",
            count(*) as "households!: i64"
        from chosen
        where ended is not 'duplicate'
        group by 1, 2, 3"#,
        question.period.from,
        until,
        question.as_at,
        types,
        by,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(Pattern::from).collect())
}

/// How each chosen enquiry counts, as known at any instant, from the ledgers: `counted` has a row for each, with its
/// label, its steps as bits and its outcome. `$select` says what is asked of that. Not by quarter.
///
/// ?1 and ?2: the period up to the as-at date. ?3: as at. ?4: types. ?5: by. ?6: the milestones that bring an enquiry
/// in. ?7: known at. ?8 and ?9: the days whose milestones count. ?10: basis.
macro_rules! counted {
    ($row:ident, $select:literal, $counting:expr $(, $argument:expr)*) => {
        sqlx::query_as!(
            $row,
            r#"with candidate as (
                select enquiry_id
                from milestone
                where kind in (select value from json_each(?6))
                    and happened_on between ?1 and ?2
                    and recorded_at <= ?7
                    and (superseded_at is null or superseded_at > ?7)
            ),
            dated as (
                select enquiry_id,
                    coalesce(
                        min(happened_on) filter (where kind = 'enquiry_received'),
                        min(happened_on) filter (where kind = 'enquired')
                    ) as day_on,
                    min(happened_on) filter (where kind = 'first_contact') as first_contact_on,
                    min(happened_on) filter (where kind = 'initial_visit') as initial_visit_on,
                    min(happened_on) filter (where kind = 'application_received') as application_received_on,
                    min(happened_on) filter (where kind = 'stage_2_started') as stage_2_started_on,
                    min(happened_on) filter (where kind = 'panel_recommendation') as panel_on,
                    min(happened_on) filter (where kind = 'approved') as approved_on,
                    -- Day, root and reason in one text: the greatest is the latest; a reopening has no reason.
                    max(happened_on || printf('%019d', root_id) || coalesce(close_reason, ''))
                        filter (where kind in ('closed', 'reopened')) as last_ending,
                    max(happened_on || printf('%019d', root_id) || coalesce(close_reason, ''))
                        filter (where kind in ('closed', 'reopened') and happened_on <= ?3) as ending
                from milestone
                where enquiry_id in (select enquiry_id from candidate)
                    and recorded_at <= ?7
                    and (superseded_at is null or superseded_at > ?7)
                group by enquiry_id
            ),
            chosen as materialized (
                select *,
                    (select ended_by from close_reason where code = substr(last_ending, 30)) as ended_at_last,
                    (select ended_by from close_reason where code = substr(ending, 30)) as ended,
                    case when ?4 <> 'all' then (
                        select value
                        from attribute
                        where attribute.enquiry_id = dated.enquiry_id
                            and name = 'fostering_type'
                            and recorded_at <= ?7
                            and (superseded_at is null or superseded_at > ?7)
                        order by from_on desc, root_id desc
                        limit 1
                    ) end as fostering_type,
                    case when ?5 <> '' then (
                        select value
                        from attribute
                        where attribute.enquiry_id = dated.enquiry_id
                            and name = ?5
                            and (from_on is null or from_on <= ?3)
                            and recorded_at <= ?7
                            and (superseded_at is null or superseded_at > ?7)
                        order by from_on desc, root_id desc
                        limit 1
                    ) end as label
                from dated
                where day_on is not null
                    and (?10 = 'activity' or day_on between ?1 and ?2)
            ),
            counted as (
                select enquiry_id,
                    day_on,
                    label,
                    (day_on between ?8 and ?9)
                        | (coalesce(first_contact_on between ?8 and ?9, 0) << 1)
                        | (coalesce(initial_visit_on between ?8 and ?9, 0) << 2)
                        | (coalesce(application_received_on between ?8 and ?9, 0) << 3)
                        | (coalesce(stage_2_started_on between ?8 and ?9, 0) << 4)
                        | (coalesce(panel_on between ?8 and ?9, 0) << 5)
                        | (coalesce(approved_on between ?8 and ?9, 0) << 6) as steps,
                    case
                        when day_on not between ?1 and ?2 then null
                        when approved_on <= ?3 then 'approved'
                        when ended = 'applicant' then 'applicant_withdrew'
                        when ended = 'service' then 'service_ended'
                        when ended = 'transferred' then 'transferred'
                        when exists (
                            select 1
                            from pause
                            where pause.enquiry_id = chosen.enquiry_id
                                and from_on <= ?3
                                and (to_on is null or to_on > ?3)
                                and recorded_at <= ?7
                                and (superseded_at is null or superseded_at > ?7)
                        ) then 'paused'
                        when exists (
                            select 1
                            from in_touch
                            where in_touch.enquiry_id = chosen.enquiry_id
                                and from_on <= ?3
                                and (to_on is null or to_on > ?3)
                                and recorded_at <= ?7
                                and (superseded_at is null or superseded_at > ?7)
                        ) then 'in_touch'
                        else 'open'
                    end as outcome
                from chosen
                where ended_at_last is not 'duplicate'
                    and ended is not 'duplicate'
                    and case ?4
                        when 'all' then 1
                        when 'kinship' then fostering_type is 'family_and_friends'
                        else coalesce(fostering_type not in ('family_and_friends', 'supported_lodgings'), 1)
                    end
            )
            "# + $select,
            $counting.from,
            $counting.until,
            $counting.as_at,
            $counting.types,
            $counting.by,
            $counting.kinds,
            $counting.known_at,
            $counting.counts_from,
            $counting.counts_to,
            $counting.basis
            $(, $argument)*
        )
    };
}

/// The arguments of `counted!`.
struct Counting {
    from: Day,
    until: Day,
    as_at: Day,
    types: &'static str,
    by: &'static str,
    kinds: Json<'static, MilestoneKind>,
    known_at: crate::domain::instant::Instant,
    counts_from: Day,
    counts_to: Day,
    basis: &'static str,
}

/// The day of the enquiry.
const COHORT: &[MilestoneKind] = &[MilestoneKind::Enquired, MilestoneKind::EnquiryReceived];
/// Every milestone that is a step.
const ACTIVITY: &[MilestoneKind] = &[
    MilestoneKind::Enquired,
    MilestoneKind::EnquiryReceived,
    MilestoneKind::FirstContact,
    MilestoneKind::InitialVisit,
    MilestoneKind::ApplicationReceived,
    MilestoneKind::Stage2Started,
    MilestoneKind::PanelRecommendation,
    MilestoneKind::Approved,
];
/// Before everything that was ever recorded.
const EVER: Day = Day(jiff::civil::date(1, 1, 1));

fn kinds(basis: Basis) -> &'static [MilestoneKind] {
    match basis {
        Basis::Cohort => COHORT,
        Basis::Activity => ACTIVITY,
    }
}

impl Counting {
    fn of(question: &Question) -> Counting {
        let until = question.until();
        let (counts_from, counts_to) = match question.basis {
            Basis::Cohort => (EVER, question.as_at),
            Basis::Activity => (question.period.from, until),
        };
        Counting {
            from: question.period.from,
            until,
            as_at: question.as_at,
            types: question.types.code(),
            by: dimension(question),
            kinds: Json(kinds(question.basis)),
            known_at: question.known_at,
            counts_from,
            counts_to,
            basis: question.basis.code(),
        }
    }
}

/// The attribute that the report is split by; empty where it is not.
fn dimension(question: &Question) -> &'static str {
    question.by.and_then(|by| by.attribute()).map_or("", |name| name.code())
}

pub async fn list_patterns(connection: &mut SqliteConnection, question: &Question) -> sqlx::Result<Vec<Pattern>> {
    let counting = Counting::of(question);
    let rows = counted!(
        PatternRow,
        r#"select label as "label?: String",
            steps as "steps!: i64",
            outcome as "outcome?: Outcome",
            count(*) as "households!: i64"
        from counted
        where steps <> 0
        group by 1, 2, 3"#,
        counting
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(Pattern::from).collect())
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

pub async fn find_setting(connection: &mut SqliteConnection, name: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("select value from setting where name = ?", name).fetch_optional(connection).await
}
