//! SQL of the list. Which rows and in what order is picked from one covering index (`enquiry_now_for_list`); the rows
//! of the page are then read by id. What is live leads; every other filter stands behind it, written once.

use sqlx::SqliteConnection;

use super::bound::{Asked, By, LAST_DAY};
use super::filters::{Key, Sort};
use crate::domain::day::Day;
use crate::domain::ids::EnquiryId;

/// One row, by what the list is sorted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picked {
    pub id: EnquiryId,
    pub sort: String,
    pub day: Day,
    pub count: i64,
}

impl Picked {
    pub fn key(&self) -> Key {
        (self.sort.clone(), self.day, self.id.0)
    }
}

/// Rows of one page in an order, and how many there are in all, counted where they are, so that only what the page shows
/// is carried out of the database. The filters stand here and nowhere else; each leg is `[from …]` with the columns of
/// `enquiry_now` and `sort`, filtered, put in order and cut off for itself, which lets an index lead it. Which states and
/// time limits are asked for is a `like`: SQLite decides that once, where a list would be looked into for each row. The
/// source stands first: in any state it leaves most rows out.
macro_rules! picked {
    ($([$($from:tt)+]),+; [$columns:tt, $than:tt, $key:tt], $order:tt, $asked:expr, $wanted:expr $(, $more:expr)*) => {
        sqlx::query_as!(
            Picked,
            "select enquiry_id as \"id!: EnquiryId\", sort as \"sort!: String\", day_on as \"day!: Day\",
                count(*) over () as \"count!: i64\"
            from (select null as enquiry_id, null as sort, null as day_on where 0" + $("
            union all
            select * from (select enquiry_id, sort, day_on from " + $($from)+ + "
            where day_on between ?12 and ?13
                and (?7 is null
                    or coalesce(source, '') = ?7
                    or (?7 like '[%' and coalesce(source, '') in (select value from json_each(?7))))
                and (?4 is null
                    or stage = ?4
                    or (?4 like '[%' and stage in (select value from json_each(?4)))
                    or (stage = 'stage_2' and stage_1_outcome_on is null
                        and ?4 like '%stage_1%'))
                and (?5 is null
                    or coalesce(officer, '') = ?5
                    or (?5 like '[%' and coalesce(officer, '') in (select value from json_each(?5)))
                    or officer_user_id = ?6)
                and (?8 is null
                    or coalesce(hub, '') = ?8
                    or (?8 like '[%' and coalesce(hub, '') in (select value from json_each(?8))))
                and (?9 is null
                    or coalesce(fostering_type, '') = ?9
                    or (?9 like '[%' and coalesce(fostering_type, '') in (select value from json_each(?9))))
                and (?10 is null or case
                    when approved_on is not null then ?10 like '%approved%'
                    when live = 0 then ?10 like '%closed%'
                    when paused_from <= ?11 and coalesce(paused_to, '9999') > ?11 then ?10 like '%paused%'
                    when in_touch_from <= ?11 and coalesce(in_touch_to, '9999') > ?11 then ?10 like '%in_touch%'
                    else ?10 like '%open%'
                end)
                and (?15 is null or officer_user_id = ?15)
                and (?21 is null or enquiry_id in (
                    select enquiry_id
                    from limit_now
                    where course = 'open' and due_on <= ?11 and overdue_on <= ?11 and lapses = 0
                        and ?21 like '%overdue%'
                    union all
                    select enquiry_id
                    from limit_now
                    where course = 'open' and due_on is not null and soon_on <= ?11
                        and coalesce(overdue_on, '9999') > ?11
                        and ?21 like '%due_soon%'
                    union all
                    select enquiry_id
                    from limit_now
                    where course = 'open' and due_on > ?11 and soon_on > ?11
                        and ?21 like '%running%'))
                and enquiry_id not in (
                    select id
                    from enquiry
                    where restricted = 1
                        and not exists (
                            select 1
                            from enquiry_access
                            where enquiry_access.enquiry_id = enquiry.id and user_id = ?14))
                and " + $columns + $than + $key + "
            order by " + $order + "
            limit ?16)" +)+ ")
            order by " + $order + "
            limit ?17",
            $asked.lead,
            $asked.live,
            $asked.ended,
            $asked.stages,
            $asked.officers,
            $asked.me,
            $asked.sources,
            $asked.hubs,
            $asked.kinds,
            $asked.states,
            $asked.today,
            $asked.from,
            $asked.to,
            $asked.viewer,
            $asked.own,
            $wanted.counted,
            $wanted.rows,
            $wanted.key.0,
            $wanted.key.1,
            $wanted.key.2,
            $asked.limits
            $(, $more)*
        )
    };
}

/// Along an index in its order: two walks, of what is live and of what has ended.
macro_rules! walked {
    ($sort:tt, $beyond:tt, $order:tt, $asked:expr, $wanted:expr) => {
        picked!(
            ["(select *, " + $sort + " as sort from enquiry_now where live = 1 and ?2)"],
            ["(select *, " + $sort + " as sort from enquiry_now where live = 0 and ?3)"];
            $beyond,
            $order,
            $asked,
            $wanted
        )
    };
}

/// Along an index of what is approved: little of what has ended is.
macro_rules! approved {
    ($beyond:tt, $order:tt, $asked:expr, $wanted:expr) => {
        picked!(
            ["(select *, '' as sort
            from enquiry_now indexed by enquiry_now_approved
            where approved_on is not null and live <= ?2 and live >= 1 - ?3)"];
            $beyond,
            $order,
            $asked,
            $wanted
        )
    };
}

/// In any order: the rows read once, the first ones of that order kept.
macro_rules! sorted {
    ([$($from:tt)+], $beyond:tt, $order:tt, $asked:expr, $wanted:expr) => {
        picked!(
            ["(select now.*, case ?22
                    when 'name' then sort_name
                    when 'officer' then coalesce(officer, '')
                    when 'last' then last_on
                    when 'stage' then case stage
                        when 'new' then '1' when 'in_contact' then '2' when 'visited' then '3'
                        when 'application' then '4' when 'stage_1' then '5' when 'stage_2' then '6'
                        when 'panel' then '7' when 'decision' then '8' else '9' end
                    else ''
                end as sort
            from " + $($from)+ + " where live <= ?2 and live >= 1 - ?3)"];
            $beyond,
            $order,
            $asked,
            $wanted,
            $asked.sort.code()
        )
    };
}

/// Of what was typed: the enquiries of the households that search has found.
macro_rules! searched {
    ($beyond:tt, $order:tt, $asked:expr, $wanted:expr) => {
        sorted!(
            ["json_each(?1) found
            cross join enquiry on enquiry.household_id = found.value
            cross join enquiry_now now on now.enquiry_id = enquiry.id"],
            $beyond,
            $order,
            $asked,
            $wanted
        )
    };
}

/// Of what few enquiries have, where a filter asks for that.
macro_rules! having {
    ($beyond:tt, $order:tt, $asked:expr, $wanted:expr) => {
        sorted!(
            ["(select enquiry_id as id
                from json_each(?1) asked
                join enquiry_now on officer = asked.value ->> 'value'
                where asked.value ->> 'column' = 'officer'
                union
                select enquiry_id
                from json_each(?1) asked
                join enquiry_now on stage = asked.value ->> 'value'
                where asked.value ->> 'column' = 'stage'
                union
                select enquiry_id
                from json_each(?1) asked
                join enquiry_now on source = asked.value ->> 'value'
                where asked.value ->> 'column' = 'source'
                union
                select enquiry_id
                from json_each(?1) asked
                join enquiry_now on hub = asked.value ->> 'value'
                where asked.value ->> 'column' = 'hub'
                union
                select enquiry_id
                from json_each(?1) asked
                join enquiry_now on fostering_type = asked.value ->> 'value'
                where asked.value ->> 'column' = 'fostering_type') found
            cross join enquiry_now now on now.enquiry_id = found.id"],
            $beyond,
            $order,
            $asked,
            $wanted
        )
    };
}

/// A statement for each direction: the order is read either way, beyond the key on either side. In the order received
/// the sort is empty, and is left out of the key so that the index leads to it.
macro_rules! either_way {
    ($statement:ident!($($from:tt),*), $db:expr, $asked:expr, $wanted:expr) => {
        either_way!(
            $statement!($($from),*),
            ("(sort, day_on, enquiry_id)", "(?18, ?19, ?20)"),
            ("sort, day_on, enquiry_id", "sort desc, day_on desc, enquiry_id desc"),
            $db, $asked, $wanted
        )
    };
    ($statement:ident!($($from:tt),*), ($columns:tt, $key:tt), ($up:tt, $down:tt), $db:expr, $asked:expr, $wanted:expr) => {
        if $wanted.ascending {
            $statement!($($from,)* [$columns, " > ", $key], $up, $asked, $wanted).fetch_all($db).await
        } else {
            $statement!($($from,)* [$columns, " < ", $key], $down, $asked, $wanted).fetch_all($db).await
        }
    };
}

/// Which part of the list, and how far it is counted.
pub struct Wanted {
    /// Beyond this row, in the order asked for.
    key: (String, String, i64),
    ascending: bool,
    rows: i64,
    counted: i64,
}

impl Wanted {
    /// `start`: none for the beginning.
    pub fn of(start: Option<&Key>, ascending: bool, rows: usize, counted: usize) -> Wanted {
        let beginning = if ascending { (String::new(), String::new(), 0) } else { last_of_all() };
        Wanted {
            key: start.map_or(beginning, |(sort, day, id)| (sort.clone(), day.to_string(), *id)),
            ascending,
            rows: rows as i64,
            counted: counted as i64,
        }
    }
}

/// Rows beyond a key, in the order asked for; each says how many there are beyond the key.
pub async fn list_picked(db: &mut SqliteConnection, asked: &Asked, wanted: &Wanted) -> sqlx::Result<Vec<Picked>> {
    match asked.sort {
        _ if asked.by == By::Households => either_way!(searched!(), db, asked, wanted),
        _ if asked.by == By::Having => either_way!(having!(), db, asked, wanted),
        Sort::Received if asked.by == By::Approved => either_way!(
            approved!(),
            ("(day_on, enquiry_id)", "(?19, ?20)"),
            ("day_on, enquiry_id", "day_on desc, enquiry_id desc"),
            db,
            asked,
            wanted
        ),
        Sort::Received => either_way!(
            walked!("''"),
            ("(day_on, enquiry_id)", "(?19, ?20)"),
            ("day_on, enquiry_id", "day_on desc, enquiry_id desc"),
            db,
            asked,
            wanted
        ),
        Sort::Name => either_way!(walked!("sort_name"), db, asked, wanted),
        Sort::LastEvent => either_way!(walked!("last_on"), db, asked, wanted),
        Sort::Stage | Sort::Officer => either_way!(sorted!(["enquiry_now now"]), db, asked, wanted),
    }
}

/// After everything, in every order.
fn last_of_all() -> (String, String, i64) {
    ("\u{10FFFF}".to_owned(), LAST_DAY.to_owned(), i64::MAX)
}
