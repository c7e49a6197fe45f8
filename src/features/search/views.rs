use askama::Template;

use super::queries::Row;
use crate::domain::ids::HouseholdId;
use crate::domain::role::{Permission, Reach};
use crate::domain::search::{Agreement, Asked, Sought, agreement};
use crate::domain::standing::State;
use crate::web::{Ctx, Page};

#[derive(Template)]
#[template(path = "search/results.html")]
pub struct SearchPage {
    page: Page,
    typed: String,
    /// None where too little was typed.
    shown: Option<Shown>,
    own_only: bool,
}

/// The few best, below the search box while somebody types.
#[derive(Template)]
#[template(path = "search/suggestions.html")]
pub struct Suggestions {
    shown: Option<Shown>,
    /// The page with more of them.
    href: String,
}

/// The best of what was found.
pub struct Shown {
    households: Vec<Household>,
    /// `12 households`.
    count: String,
    /// How many are not shown, in words; none where all are.
    rest: Option<String>,
}

struct Household {
    name: String,
    postcode: Option<String>,
    why: String,
    /// The one whose reference was typed, or the newest.
    main: Enquiry,
    /// The newest first.
    enquiries: Vec<Enquiry>,
}

#[derive(Clone)]
struct Enquiry {
    row: Row,
    state: State,
}

impl SearchPage {
    pub fn new(ctx: &Ctx, typed: String, shown: Option<Shown>) -> SearchPage {
        SearchPage {
            page: Page::new(ctx, "Search").with_search(&typed),
            typed,
            shown,
            own_only: ctx.reach(Permission::ReadEnquiries) == Reach::Own,
        }
    }
}

impl Suggestions {
    pub fn new(typed: &str, shown: Option<Shown>) -> Suggestions {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", typed).finish();
        Suggestions { shown, href: format!("/search?{query}") }
    }
}

impl Shown {
    /// `count`: of all that agree; `more`: there are others that nobody has looked at.
    pub fn of(asked: &Asked, agreeing: &[(HouseholdId, Agreement)], rows: &[Row], count: usize, more: bool) -> Shown {
        let households: Vec<_> =
            agreeing.iter().filter_map(|(id, agreement)| Household::of(asked, *id, agreement, rows)).collect();
        let hidden = count.saturating_sub(households.len());
        Shown {
            rest: (hidden > 0 || more).then(|| format!("The {} that agree best are shown", households.len())),
            count: match count {
                0 => "Nobody found".to_owned(),
                1 => "1 household".to_owned(),
                count if more => format!("More than {count} households"),
                count => format!("{count} households"),
            },
            households,
        }
    }
}

/// Nothing where it is the name alone: it stands there.
fn why(agreement: &Agreement) -> String {
    match agreement.why.as_slice() {
        [only] if only == "name" => String::new(),
        several => first_upper(&several.join(", ")),
    }
}

impl Household {
    fn of(asked: &Asked, id: HouseholdId, agreement: &Agreement, rows: &[Row]) -> Option<Household> {
        let enquiries: Vec<_> =
            rows.iter().filter(|row| row.household == id).filter_map(|row| Enquiry::of(row.clone())).collect();
        let of_reference = enquiries.iter().find(|enquiry| enquiry.is_asked_for(asked));
        let main = of_reference.or_else(|| enquiries.first())?.clone();
        Some(Household {
            name: main.row.name.clone(),
            postcode: main.row.postcode.clone(),
            why: why(agreement),
            main,
            enquiries,
        })
    }
}

impl Enquiry {
    fn of(row: Row) -> Option<Enquiry> {
        let state = row.state.parse().ok()?;
        Some(Enquiry { row, state })
    }

    fn is_asked_for(&self, asked: &Asked) -> bool {
        let references = vec![self.row.reference.clone()];
        let hub_references = self.row.hub_reference.iter().cloned().collect();
        agreement(asked, &Sought { references, hub_references, ..Sought::default() }).is_some()
    }

    /// What there is to say of where it stands: the stage of what has ended is no news.
    fn standing(&self) -> &'static str {
        match self.state {
            _ if self.row.before => "Before they separated",
            State::Approved | State::Closed => self.state.label(),
            State::Open | State::Paused | State::InTouch => self.row.stage.label(),
        }
    }

    /// Paused, or only kept in touch with.
    fn is_quiet(&self) -> bool {
        !self.row.before && matches!(self.state, State::Paused | State::InTouch)
    }
}

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
