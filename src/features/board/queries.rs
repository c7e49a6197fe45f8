//! SQL of the board's columns: how many cards each has, the days that stand in the middle, and which cards come first.
//! All from the index that is a column in its order (`enquiry_now_for_board`), and from that of those who stand in
//! Stage 1 as well.

use serde::Serialize;
use sqlx::SqliteConnection;

use super::filters::Filters;
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::stage::Stage;
use crate::features::access::Viewer;
use crate::features::enquiries::{ME, UNASSIGNED};

/// The filters as the statements want them; None where a filter is not set.
pub struct Asked {
    today: Day,
    officers: Option<String>,
    me: Option<UserId>,
    kinds: Option<String>,
    open_only: bool,
    own: Option<UserId>,
    viewer: UserId,
}

impl Asked {
    pub fn of(filters: &Filters, viewer: Viewer, today: Day) -> Asked {
        let officer = filters.officer.as_deref();
        let name = officer.filter(|officer| *officer != ME).map(|name| if name == UNASSIGNED { "" } else { name });
        Asked {
            today,
            officers: officer.map(|_| json(&name.into_iter().collect::<Vec<_>>())),
            me: (officer == Some(ME)).then_some(viewer.user),
            kinds: filters.kind.map(|kind| json(&kind.codes())),
            open_only: filters.open_only,
            own: viewer.own_only.then_some(viewer.user),
            viewer: viewer.user,
        }
    }
}

fn json<T: Serialize>(values: &T) -> String {
    serde_json::to_string(values).unwrap_or_default()
}

/// One column as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub stage: Stage,
    pub cards: i64,
    /// Of these, those that stand in the column of Stage 2 too.
    pub beside: i64,
    pub paused: i64,
    pub in_touch: i64,
    /// Of the card that has been there for longest.
    pub first_since: Day,
}

/// One card, by what a column is in order of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picked {
    pub id: EnquiryId,
    pub since: Day,
}

/// What is found of one column; its cards are one more than are shown where there are more.
pub struct Found {
    pub stage: Stage,
    pub column: Option<Column>,
    /// The two days that stand in the middle.
    pub middle: Option<(Day, Day)>,
    pub picked: Vec<Picked>,
}

struct Since {
    since: Day,
}

/// Where a page begins: after this card.
pub type Key = (Day, i64);

/// The filters stand here and nowhere else, at each place between what is given.
macro_rules! filtered {
    ($row:ident, [$($begin:tt)+], $([$($between:tt)+]),+; [$($end:tt)+], $asked:expr $(, $more:expr)*) => {
        sqlx::query_as!(
            $row,
            $($begin)+ $(+ "
                and (?2 is null
                    or coalesce(officer, '') in (select value from json_each(?2))
                    or officer_user_id = ?3)
                and (?4 is null or coalesce(fostering_type, '') in (select value from json_each(?4)))
                and (?5 = 0
                    or not (coalesce(paused_from, '9999') <= ?1 and coalesce(paused_to, '9999') > ?1)
                        and not (coalesce(in_touch_from, '9999') <= ?1 and coalesce(in_touch_to, '9999') > ?1))
                and (?6 is null or officer_user_id = ?6)
                and enquiry_id not in (
                    select id
                    from enquiry
                    where restricted = 1
                        and not exists (
                            select 1
                            from enquiry_access
                            where enquiry_access.enquiry_id = enquiry.id and user_id = ?7))
                " + $($between)+)+ + $($end)+,
            $asked.today,
            $asked.officers,
            $asked.me,
            $asked.kinds,
            $asked.open_only,
            $asked.own,
            $asked.viewer
            $(, $more)*
        )
    };
}

/// Every column that has a card. The planner, which has no statistics, is told its index.
pub async fn list_columns(db: &mut SqliteConnection, asked: &Asked) -> sqlx::Result<Vec<Column>> {
    filtered!(
        Column,
        [r#"select stage as "stage!: Stage", sum(cards) as "cards!: i64", sum(beside) as "beside!: i64",
            sum(paused) as "paused!: i64", sum(in_touch) as "in_touch!: i64", min(since) as "first_since!: Day"
        from (
            select stage, count(*) as cards, 0 as beside, min(stage_since) as since,
                count(case when paused_from <= ?1 and coalesce(paused_to, '9999') > ?1 then 1 end) as paused,
                count(case when in_touch_from <= ?1 and coalesce(in_touch_to, '9999') > ?1
                    and not (coalesce(paused_from, '9999') <= ?1 and coalesce(paused_to, '9999') > ?1)
                    then 1 end) as in_touch
            from enquiry_now indexed by enquiry_now_for_board
            where live = 1"#],
        ["group by stage
            union all
            select 'stage_1', count(*), count(*), min(stage_1_since), 0, 0
            from enquiry_now indexed by enquiry_now_for_board_beside
            where live = 1 and stage_1_since is not null"],
        ["having count(*) > 0"];
        [r#")
        group by stage"#],
        asked
    )
    .fetch_all(db)
    .await
}

/// The two days that stand in the middle of a column with so many cards: with an odd number the same.
pub async fn find_middle(
    db: &mut SqliteConnection,
    asked: &Asked,
    stage: Stage,
    cards: i64,
) -> sqlx::Result<Option<(Day, Day)>> {
    let found = filtered!(
        Since,
        [r#"select since as "since!: Day"
        from (
            select stage_since as since
            from enquiry_now indexed by enquiry_now_for_board
            where live = 1 and stage = ?8"#],
        ["union all
            select stage_1_since as since
            from enquiry_now indexed by enquiry_now_for_board_beside
            where live = 1 and stage_1_since is not null and ?8 = 'stage_1'"],
        [""];
        [r#")
        order by since
        limit ?9 offset ?10"#],
        asked,
        stage,
        2 - cards % 2,
        (cards - 1) / 2
    )
    .fetch_all(db)
    .await?;
    Ok(found.first().zip(found.last()).map(|(low, high)| (low.since, high.since)))
}

macro_rules! picked {
    ($than:tt, $way:tt, $asked:expr, $stage:expr, $after:expr, $limit:expr) => {
        filtered!(
            Picked,
            ["select enquiry_id as \"id!: EnquiryId\", since as \"since!: Day\"
            from (
                select * from (
                    select enquiry_id, stage_since as since
                    from enquiry_now indexed by enquiry_now_for_board
                    where live = 1 and stage = ?8"],
            ["and (stage_since, enquiry_id) " + $than + " (?9, ?10)
                    order by stage_since " + $way + ", enquiry_id " + $way + "
                    limit ?11)
                union all
                select * from (
                    select enquiry_id, stage_1_since as since
                    from enquiry_now indexed by enquiry_now_for_board_beside
                    where live = 1 and stage_1_since is not null and ?8 = 'stage_1'"],
            ["and (stage_1_since, enquiry_id) " + $than + " (?9, ?10)
                    order by stage_1_since " + $way + ", enquiry_id " + $way + "
                    limit ?11)"];
            [")
            order by since " + $way + ", enquiry_id " + $way + "
            limit ?11"],
            $asked,
            $stage,
            $after.0,
            $after.1,
            $limit
        )
    };
}

/// One page of a column, beyond a card; one row more than is shown tells that there is more.
pub async fn list_picked(
    db: &mut SqliteConnection,
    asked: &Asked,
    stage: Stage,
    longest_first: bool,
    after: Option<Key>,
    limit: i64,
) -> sqlx::Result<Vec<Picked>> {
    if longest_first {
        let after = after.unwrap_or((Day(jiff::civil::Date::MIN), 0));
        picked!(">", "asc", asked, stage, after, limit).fetch_all(db).await
    } else {
        let after = after.unwrap_or((Day(jiff::civil::Date::MAX), i64::MAX));
        picked!("<", "desc", asked, stage, after, limit).fetch_all(db).await
    }
}
