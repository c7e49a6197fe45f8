//! The filters as the statements of the list take them.

use serde::Serialize;

use super::filters::{DIRECT, Filters, ME, NOT_RECORDED, Sort, UNASSIGNED};
use super::queries_found::Having;
use crate::domain::day::Day;
use crate::domain::ids::{HouseholdId, UserId};
use crate::domain::standing::State;
use crate::features::access::Viewer;

/// What leads the statement, where something finds fewer enquiries than walking along an index would.
pub enum Lead {
    /// Those that search has found.
    Households(Vec<HouseholdId>),
    /// Values that few have.
    Having(Vec<Having>),
    /// Nothing: the list's own order does.
    Order,
}

/// The filters as the statements want them; None where a filter is not set.
pub struct Asked {
    /// What leads, as JSON.
    pub lead: Option<String>,
    pub by: By,
    pub live: bool,
    pub ended: bool,
    pub stages: Option<String>,
    pub officers: Option<String>,
    pub me: Option<UserId>,
    pub sources: Option<String>,
    pub hubs: Option<String>,
    pub kinds: Option<String>,
    pub states: Option<String>,
    pub limits: Option<String>,
    pub today: Day,
    pub from: String,
    pub to: String,
    pub viewer: UserId,
    pub own: Option<UserId>,
    pub sort: Sort,
}

impl Asked {
    pub fn of(filters: &Filters, lead: &Lead, viewer: Viewer, today: Day) -> Asked {
        let officers: Vec<_> = filters.officers.iter().filter(|officer| *officer != ME).cloned().collect();
        let (by, lead) = match lead {
            Lead::Households(households) => (By::Households, Some(json(households))),
            Lead::Having(having) => (By::Having, Some(json(having))),
            Lead::Order if filters.states == [State::Approved] => (By::Approved, None),
            Lead::Order => (By::Order, None),
        };
        Asked {
            lead,
            by,
            live: [State::Open, State::Paused, State::InTouch].iter().any(|state| filters.wants(*state)),
            ended: wants_ended(filters),
            stages: any(&filters.stages.iter().map(|stage| stage.code()).collect::<Vec<_>>()),
            officers: (!filters.officers.is_empty()).then(|| one_or_more(&nothing_as_empty(&officers, UNASSIGNED))),
            me: filters.officers.iter().any(|officer| officer == ME).then_some(viewer.user),
            sources: any(&nothing_as_empty(&filters.sources, NOT_RECORDED)),
            hubs: any(&nothing_as_empty(&filters.hubs, DIRECT)),
            kinds: any(&filters.kind_codes()),
            states: some(&filters.states),
            limits: some(&filters.limits),
            today,
            from: filters.from.map_or_else(|| "0000".to_owned(), |day| day.to_string()),
            to: filters.to.map_or_else(|| LAST_DAY.to_owned(), |day| day.to_string()),
            viewer: viewer.user,
            own: viewer.own_only.then_some(viewer.user),
            sort: filters.sort,
        }
    }
}

/// Which statement it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Households,
    Having,
    Order,
    /// The list's own order, of what is approved only.
    Approved,
}

/// What has ended is most of what there is.
pub fn wants_ended(filters: &Filters) -> bool {
    [State::Approved, State::Closed].iter().any(|state| filters.wants(*state))
}

pub const LAST_DAY: &str = "9999-12-31";

fn json<T: Serialize + ?Sized>(values: &T) -> String {
    serde_json::to_string(values).unwrap_or_default()
}

fn some<T: Serialize>(values: &[T]) -> Option<String> {
    (!values.is_empty()).then(|| json(values))
}

fn any(values: &[&str]) -> Option<String> {
    (!values.is_empty()).then(|| one_or_more(values))
}

/// One value as it is, to be compared with; more of them as JSON, in which each row is looked up: that takes longer.
fn one_or_more(values: &[&str]) -> String {
    match values {
        [one] if !one.starts_with('[') => (*one).to_owned(),
        more => json(more),
    }
}

/// In the statements nothing recorded is the empty text.
fn nothing_as_empty<'a>(values: &'a [String], nothing: &str) -> Vec<&'a str> {
    values.iter().map(|value| if value == nothing { "" } else { value }).collect()
}
