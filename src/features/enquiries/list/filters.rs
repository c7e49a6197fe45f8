//! What the list is asked for. All of it stands in the address, so that going back, reloading and sending a link work.

use super::columns::{self, Column};
use crate::domain::day::Day;
use crate::domain::fostering::Side;
use crate::domain::fostering::{FosteringType, TypeFilter};
use crate::domain::ids::SavedViewId;
use crate::domain::search::Asked;
use crate::domain::stage::Stage;
use crate::domain::standing::State;
use crate::domain::text::lower_first;
use crate::domain::time_limit::StateName;
use crate::web::{Form, paging};

pub const UNASSIGNED: &str = "unassigned";
pub const ME: &str = "me";
pub const DIRECT: &str = "direct";
pub const NOT_RECORDED: &str = "not_recorded";
/// In the address where any state will do; without any `state` there the list shows what has not ended.
pub const ANY: &str = "any";
/// In the address of what is in progress, for somebody whose list opens with a view.
pub const PLAIN: &str = "plain";

/// What has not ended: what somebody who opens the list has to do with.
const IN_PROGRESS: [State; 3] = [State::Open, State::Paused, State::InTouch];

/// How a time limit that runs may stand.
pub const LIMITS: [StateName; 3] = [StateName::Overdue, StateName::DueSoon, StateName::Running];

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    pub text: Option<String>,
    pub stages: Vec<Stage>,
    /// Names, `me` or `unassigned`.
    pub officers: Vec<String>,
    /// As recorded, or `not_recorded`.
    pub sources: Vec<String>,
    /// Names of hubs, or `direct`.
    pub hubs: Vec<String>,
    pub kinds: Vec<Kind>,
    /// None of them: any.
    pub states: Vec<State>,
    /// How any of its time limits stands.
    pub limits: Vec<StateName>,
    pub from: Option<Day>,
    pub to: Option<Day>,
    pub sort: Sort,
    pub ascending: bool,
    pub page: Option<At>,
    /// None: the view's own, or those that somebody has chosen for themselves.
    pub columns: Option<Vec<Column>>,
    pub base: Option<Base>,
}

/// What the list begins from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// What is in progress, also for somebody whose list opens with a view.
    Plain,
    Saved(SavedViewId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Everything that headline figures call mainstream.
    AllMainstream,
    Of(FosteringType),
    NotRecorded,
}

crate::coded! {
    #[derive(Default)]
    pub enum Sort {
        #[default]
        Received = "received", "Received";
        Name = "name", "Household";
        Stage = "stage", "Stage";
        Officer = "officer", "Officer";
        LastEvent = "last", "Last event";
    }
}

impl Sort {
    /// What is new, and what has just happened, comes first; names and stages begin at their beginning.
    pub fn usually_ascending(self) -> bool {
        !matches!(self, Sort::Received | Sort::LastEvent)
    }
}

/// The key by which a list is sorted and paged: of one row.
pub type Key = (String, Day, i64);

/// A page begins after one row, or ends before one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    After(Key),
    Before(Key),
}

impl Base {
    pub fn code(self) -> String {
        match self {
            Base::Plain => PLAIN.to_owned(),
            Base::Saved(view) => view.to_string(),
        }
    }
}

impl Kind {
    pub fn code(self) -> &'static str {
        match self {
            Kind::AllMainstream => "all_mainstream",
            Kind::Of(kind) => kind.code(),
            Kind::NotRecorded => NOT_RECORDED,
        }
    }

    pub fn label(self) -> String {
        match self {
            Kind::AllMainstream => format!("All {}", lower_first(Side::Mainstream.label())),
            Kind::Of(kind @ FosteringType::Mainstream) => format!("{}, kind not settled", kind.label()),
            Kind::Of(kind @ FosteringType::FamilyAndFriends) => {
                format!("{} ({})", kind.label(), lower_first(Side::Kinship.label()))
            }
            Kind::Of(kind) => kind.label().to_owned(),
            Kind::NotRecorded => "Not recorded".to_owned(),
        }
    }

    pub fn all() -> impl Iterator<Item = Kind> {
        let each = FosteringType::ALL.iter().map(|kind| Kind::Of(*kind));
        std::iter::once(Kind::AllMainstream).chain(each).chain([Kind::NotRecorded])
    }

    pub fn parse(code: &str) -> Option<Kind> {
        Kind::all().find(|kind| kind.code() == code)
    }

    /// The codes that it stands for; the empty one is nothing recorded.
    pub fn codes(self) -> Vec<&'static str> {
        match self {
            Kind::AllMainstream => FosteringType::ALL
                .iter()
                .filter(|kind| TypeFilter::Mainstream.includes(Some(**kind)))
                .map(|kind| kind.code())
                .chain([""])
                .collect(),
            Kind::Of(kind) => vec![kind.code()],
            Kind::NotRecorded => vec![""],
        }
    }
}

impl Filters {
    /// Reads the address. What is none of the choices filters nothing, and is said in the form.
    pub fn parse(form: &mut Form, today: Day) -> Filters {
        // One letter finds half of everybody: until there is more, nothing is looked for.
        let text = form.text("q").filter(|text| Asked::parse(text).is_some());
        let sort = match chosen(form, "sort", "The order", |code| code.parse().ok()).first() {
            Some(sort) => *sort,
            None => Sort::default(),
        };
        let ascending = match form.value("order") {
            "asc" => true,
            "desc" => false,
            _ => sort.usually_ascending(),
        };
        let page = paging::key(form.value("after"))
            .map(At::After)
            .or_else(|| paging::key(form.value("before")).map(At::Before));
        Filters {
            stages: chosen(form, "stage", "The stage", |code| code.parse().ok()),
            officers: words(form, "officer"),
            sources: words(form, "source"),
            hubs: words(form, "hub"),
            kinds: chosen(form, "kind", "The kind", Kind::parse),
            states: states(form, text.is_some()),
            limits: chosen(form, "limit", "The time limit", |code| {
                LIMITS.into_iter().find(|limit| limit.code() == code)
            }),
            from: form.day("from", today),
            to: form.day("to", today),
            text,
            sort,
            ascending,
            page,
            columns: columns::parse(form.value("columns")),
            base: base(form.value("view")),
        }
    }

    /// For the address, page and all. The same filters always give the same address.
    pub fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.pairs());
        query.finish()
    }

    pub fn href(&self) -> String {
        let query = self.query();
        if query.is_empty() { "/enquiries".to_owned() } else { format!("/enquiries?{query}") }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        pairs.extend(self.base.map(|base| ("view", base.code())));
        pairs.extend(self.text.iter().map(|text| ("q", text.clone())));
        pairs.extend(self.stages.iter().map(|stage| ("stage", stage.code().to_owned())));
        pairs.extend(self.officers.iter().map(|officer| ("officer", officer.clone())));
        pairs.extend(self.sources.iter().map(|source| ("source", source.clone())));
        pairs.extend(self.hubs.iter().map(|hub| ("hub", hub.clone())));
        pairs.extend(self.kinds.iter().map(|kind| ("kind", kind.code().to_owned())));
        // Over a view the state is always said, so that an address with a view alone means the view as it was saved.
        let over_view = matches!(self.base, Some(Base::Saved(_)));
        if over_view || self.states != usual_states(self.text.is_some()) {
            let any = self.states.is_empty().then(|| ANY.to_owned());
            pairs.extend(
                any.into_iter().chain(self.states.iter().map(|it| it.code().to_owned())).map(|it| ("state", it)),
            );
        }
        pairs.extend(self.limits.iter().map(|limit| ("limit", limit.code().to_owned())));
        pairs.extend(self.from.map(|day| ("from", day.to_string())));
        pairs.extend(self.to.map(|day| ("to", day.to_string())));
        if self.sort != Sort::default() {
            pairs.push(("sort", self.sort.code().to_owned()));
        }
        if self.ascending != self.sort.usually_ascending() {
            pairs.push(("order", if self.ascending { "asc" } else { "desc" }.to_owned()));
        }
        pairs.extend(self.columns.iter().map(|columns| ("columns", columns::codes(columns))));
        pairs.extend(self.page.iter().map(|at| match at {
            At::After(key) => ("after", paging::cursor(key)),
            At::Before(key) => ("before", paging::cursor(key)),
        }));
        pairs
    }

    /// The same list from its beginning.
    pub fn first_page(&self) -> Filters {
        Filters { page: None, ..self.clone() }
    }

    /// Sorted by that; by what it is sorted already, the other way round.
    pub fn sorted(&self, sort: Sort) -> Filters {
        let ascending = if sort == self.sort { !self.ascending } else { sort.usually_ascending() };
        Filters { sort, ascending, ..self.first_page() }
    }

    /// Everything, in the same order.
    pub fn cleared(&self) -> Filters {
        let columns = self.columns.clone();
        Filters { sort: self.sort, ascending: self.ascending, base: self.base, columns, ..Filters::default() }
    }

    /// Filters and order alone, as a view keeps them.
    pub fn content(&self) -> String {
        Filters { page: None, base: None, columns: None, ..self.clone() }.query()
    }

    pub fn kind_codes(&self) -> Vec<&'static str> {
        self.kinds.iter().flat_map(|kind| kind.codes()).collect()
    }

    /// Whether a choice of one of the menus is among those asked for.
    pub fn is_chosen(&self, field: &str, value: &str) -> bool {
        if field == "state" {
            return self.states.iter().any(|state| state.code() == value);
        }
        self.pairs().iter().any(|(name, chosen)| *name == field && chosen == value)
    }

    /// The filters that an index can lead with, each as column and values: those that ask for nothing but recorded
    /// values.
    pub fn leading(&self) -> Vec<(&'static str, Vec<String>)> {
        let kinds = self.kind_codes().into_iter().map(str::to_owned).collect();
        // In both stages at once it stands as Stage 2.
        let both = self.stages.contains(&Stage::Stage1).then_some(Stage::Stage2);
        let stages = self.stages.iter().copied().chain(both).map(|stage| stage.code().to_owned()).collect();
        [
            ("stage", stages, &[][..]),
            ("officer", self.officers.clone(), &[ME, UNASSIGNED]),
            ("source", self.sources.clone(), &[NOT_RECORDED]),
            ("hub", self.hubs.clone(), &[DIRECT]),
            ("fostering_type", kinds, &[""]),
        ]
        .into_iter()
        .filter(|(_, values, other)| !values.is_empty() && !values.iter().any(|value| other.contains(&value.as_str())))
        .map(|(column, values, _)| (column, values))
        .collect()
    }

    pub fn wants(&self, state: State) -> bool {
        self.states.is_empty() || self.states.contains(&state)
    }
}

/// Whoever looks for somebody means them in whatever state they are.
fn usual_states(searching: bool) -> Vec<State> {
    if searching { Vec::new() } else { IN_PROGRESS.to_vec() }
}

fn states(form: &mut Form, searching: bool) -> Vec<State> {
    let asked = chosen(form, "state", "The state", |code| match code {
        ANY => Some(None),
        code => code.parse().ok().map(Some),
    });
    if asked.is_empty() { usual_states(searching) } else { asked.into_iter().flatten().collect() }
}

fn base(code: &str) -> Option<Base> {
    match code {
        PLAIN => Some(Base::Plain),
        id => id.parse().ok().map(Base::Saved),
    }
}

/// In the order of the choices, so that one choice has one address.
fn chosen<T: PartialEq>(form: &mut Form, field: &str, name: &str, parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
    let sent: Vec<String> = form.values(field).map(str::to_owned).filter(|value| !value.is_empty()).collect();
    let mut chosen = Vec::new();
    for value in sent {
        match parse(&value) {
            Some(one) if !chosen.contains(&one) => chosen.push(one),
            Some(_) => {}
            None => form.fail(field, format!("{name} “{value}” is not known, so it is left out")),
        }
    }
    chosen
}

fn words(form: &mut Form, field: &str) -> Vec<String> {
    let words = chosen(form, field, "", |word| Some(word.trim().to_owned()));
    words.into_iter().filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests;
