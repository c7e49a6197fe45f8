//! What the list is asked for. All of it stands in the address, so that going back, reloading and sending a link work.

use crate::domain::day::Day;
use crate::domain::fostering::{FosteringType, TypeFilter};
use crate::domain::search::Asked;
use crate::domain::stage::Stage;
use crate::domain::standing::State;
use crate::domain::time_limit::StateName;
use crate::web::{Form, paging};

pub const UNASSIGNED: &str = "unassigned";
pub const ME: &str = "me";
pub const DIRECT: &str = "direct";
pub const NOT_RECORDED: &str = "not_recorded";
/// In the address where any state will do; without any `state` there the list shows what has not ended.
pub const ANY: &str = "any";

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

impl Kind {
    pub fn code(self) -> &'static str {
        match self {
            Kind::AllMainstream => "all_mainstream",
            Kind::Of(kind) => kind.code(),
            Kind::NotRecorded => NOT_RECORDED,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Kind::AllMainstream => "All mainstream",
            Kind::Of(FosteringType::Mainstream) => "Mainstream, kind not settled",
            Kind::Of(FosteringType::FamilyAndFriends) => "Family and friends (kinship)",
            Kind::Of(kind) => kind.label(),
            Kind::NotRecorded => "Not recorded",
        }
    }

    pub fn all() -> impl Iterator<Item = Kind> {
        let each = FosteringType::ALL.iter().map(|kind| Kind::Of(*kind));
        std::iter::once(Kind::AllMainstream).chain(each).chain([Kind::NotRecorded])
    }

    fn parse(code: &str) -> Option<Kind> {
        Kind::all().find(|kind| kind.code() == code)
    }

    /// The codes that it stands for; the empty one is nothing recorded.
    fn codes(self) -> Vec<&'static str> {
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
    /// Reads the address. What is none of the choices is passed over; a day that cannot be read is said in the form.
    pub fn parse(form: &mut Form, today: Day) -> Filters {
        // One letter finds half of everybody: until there is more, nothing is looked for.
        let text = form.text("q").filter(|text| Asked::parse(text).is_some());
        let sort: Sort = form.value("sort").parse().unwrap_or_default();
        let ascending = match form.value("order") {
            "asc" => true,
            "desc" => false,
            _ => sort.usually_ascending(),
        };
        let page = paging::key(form.value("after"))
            .map(At::After)
            .or_else(|| paging::key(form.value("before")).map(At::Before));
        Filters {
            stages: chosen(form, "stage", |code| code.parse().ok()),
            officers: words(form, "officer"),
            sources: words(form, "source"),
            hubs: words(form, "hub"),
            kinds: chosen(form, "kind", Kind::parse),
            states: states(form, text.is_some()),
            limits: chosen(form, "limit", |code| LIMITS.into_iter().find(|limit| limit.code() == code)),
            from: form.day("from", today),
            to: form.day("to", today),
            text,
            sort,
            ascending,
            page,
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
        pairs.extend(self.text.iter().map(|text| ("q", text.clone())));
        pairs.extend(self.stages.iter().map(|stage| ("stage", stage.code().to_owned())));
        pairs.extend(self.officers.iter().map(|officer| ("officer", officer.clone())));
        pairs.extend(self.sources.iter().map(|source| ("source", source.clone())));
        pairs.extend(self.hubs.iter().map(|hub| ("hub", hub.clone())));
        pairs.extend(self.kinds.iter().map(|kind| ("kind", kind.code().to_owned())));
        if self.states != usual_states(self.text.is_some()) {
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
        Filters { sort: self.sort, ascending: self.ascending, ..Filters::default() }
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
        [
            ("officer", self.officers.clone(), &[ME, UNASSIGNED][..]),
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

fn states(form: &Form, searching: bool) -> Vec<State> {
    let asked: Vec<State> = chosen(form, "state", |code| code.parse().ok());
    if asked.is_empty() && form.values("state").next().is_none() { usual_states(searching) } else { asked }
}

/// In the order of the choices, so that one choice has one address.
fn chosen<T: PartialEq>(form: &Form, field: &str, parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
    let mut chosen = Vec::new();
    for value in form.values(field).filter_map(parse) {
        if !chosen.contains(&value) {
            chosen.push(value);
        }
    }
    chosen
}

fn words(form: &Form, field: &str) -> Vec<String> {
    chosen(form, field, |word| Some(word.trim().to_owned()).filter(|word| !word.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Filters {
        let mut form = Form::of(form_urlencoded::parse(query.as_bytes()));
        Filters::parse(&mut form, "2025-10-14".parse().unwrap())
    }

    #[test]
    fn an_address_gives_filters_and_filters_their_address() {
        for query in [
            "",
            "stage=new&stage=stage_1&officer=me&officer=Jan+Teal&hub=direct&kind=all_mainstream&kind=not_recorded",
            "state=any&from=2025-01-01&to=2025-03-31&sort=name&order=desc",
            "state=closed&sort=last",
            "limit=overdue&limit=due_soon",
            "q=Nair",
            "q=Nair&state=open&state=paused&state=in_touch",
        ] {
            assert_eq!(asked(query).query(), query);
        }
        assert_eq!(asked("state=open&state=paused&state=in_touch").query(), "");
        assert_eq!(asked("stage=nonsense&sort=nonsense&after=nonsense&stage=new&stage=new").query(), "stage=new");
        let key = ("nair priya".to_owned(), "2025-03-03".parse().unwrap(), 7);
        let paged = Filters { page: Some(At::After(key)), ..asked("sort=name") };
        assert_eq!(asked(&paged.query()), paged);
    }

    #[test]
    fn the_list_begins_with_what_has_not_ended_and_a_search_with_everybody() {
        assert_eq!(asked("").states, IN_PROGRESS);
        assert_eq!(asked("q=nair").states, []);
        assert_eq!(asked("state=any").states, []);
        assert_eq!(asked("state=any&state=closed").states, [State::Closed]);
    }

    #[test]
    fn mainstream_is_everything_but_kinship_and_supported_lodgings() {
        let codes = asked("kind=all_mainstream").kind_codes();
        assert!(codes.contains(&"") && codes.contains(&"mainstream") && codes.contains(&"remand"));
        assert!(!codes.contains(&"family_and_friends") && !codes.contains(&"supported_lodgings"));
    }
}
