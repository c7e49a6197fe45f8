//! The ledgers, as they were known at any instant, reduced to how each enquiry counts.

use sqlx::SqliteConnection;

use super::PatternRow;
use crate::db::Json;
use crate::domain::day::Day;
use crate::domain::fostering::{Side, TypeFilter};
use crate::domain::funnel::Pattern;
use crate::domain::instant::Instant;
use crate::domain::milestone::MilestoneKind;
use crate::domain::question::{Basis, Question};

/// How each chosen enquiry counts, as known at any instant, from the ledgers: `counted` has a row for each, with its
/// label, its side, its steps as bits and its outcome. `$select` says what is asked of that. Not by quarter.
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
                    max(happened_on || (1000000000000 + root_id) || coalesce(close_reason, ''))
                        filter (where kind in ('closed', 'reopened') and happened_on <= ?3) as ending,
                    max(happened_on || (1000000000000 + root_id) || coalesce(close_reason, ''))
                        filter (where kind in ('closed', 'reopened') and happened_on > ?3) as later_ending
                from milestone
                where enquiry_id in (select enquiry_id from candidate)
                    and recorded_at <= ?7
                    and (superseded_at is null or superseded_at > ?7)
                group by enquiry_id
            ),
            chosen as materialized (
                select *,
                    (select ended_by from close_reason where code = substr(ending, 24)) as ended,
                    (select ended_by from close_reason where code = substr(later_ending, 24)) as ended_later,
                    case (
                        select value
                        from attribute
                        where attribute.enquiry_id = dated.enquiry_id
                            and name = 'fostering_type'
                            and recorded_at <= ?7
                            and (superseded_at is null or superseded_at > ?7)
                        order by from_on desc, root_id desc
                        limit 1
                    )
                        when 'family_and_friends' then 'kinship'
                        when 'supported_lodgings' then 'neither'
                        else 'mainstream'
                    end as side,
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
                    side,
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
                where ended is not 'duplicate'
                    and ended_later is not 'duplicate'
                    and (?4 = 'all' or side = ?4)
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
pub(super) struct Counting {
    pub(super) from: Day,
    pub(super) until: Day,
    pub(super) as_at: Day,
    pub(super) types: &'static str,
    pub(super) by: &'static str,
    pub(super) kinds: Json<'static, MilestoneKind>,
    pub(super) known_at: Instant,
    pub(super) counts_from: Day,
    pub(super) counts_to: Day,
    pub(super) basis: &'static str,
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

pub(super) fn kinds(basis: Basis) -> &'static [MilestoneKind] {
    match basis {
        Basis::Cohort => COHORT,
        Basis::Activity => ACTIVITY,
    }
}

impl Counting {
    pub(super) fn of(question: &Question) -> Counting {
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
pub(super) fn dimension(question: &Question) -> &'static str {
    question.by.and_then(|by| by.attribute()).map_or("", |name| name.code())
}

/// Of every side.
pub async fn list_patterns(
    connection: &mut SqliteConnection,
    question: &Question,
) -> sqlx::Result<Vec<(Side, Pattern)>> {
    let question = Question { types: TypeFilter::All, ..*question };
    let counting = Counting::of(&question);
    let rows = counted!(
        PatternRow,
        r#"select label as "label?: String", packed as "packed!: i64", count(*) as "households!: i64"
        from (
            select label,
                steps
                    | (case outcome
                        when 'approved' then 0
                        when 'open' then 1
                        when 'paused' then 2
                        when 'in_touch' then 3
                        when 'applicant_withdrew' then 4
                        when 'service_ended' then 5
                        when 'transferred' then 6
                        else 7 -- not received in the period
                    end << 7)
                    | (case side when 'mainstream' then 0 when 'kinship' then 1 else 2 end << 10) as packed
            from counted
            where steps <> 0
            limit -1)
        group by packed, label"#,
        counting
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(PatternRow::read).collect())
}
