use std::collections::BTreeMap;

use askama::Template;
use askama_web::WebTemplate;

use super::find::shown_phones;
use super::given::Given;
use super::queries::{Agreement, Pair, Person, Row, ToldApart};
use super::queries_merges::{Merged, Moved};
use crate::domain::day::Day;
use crate::domain::household::{KeyKind, display_name};
use crate::domain::ids::{EnquiryId, HouseholdId, MergeId};
use crate::domain::merge::{DUPLICATE_WITHIN, undo_until};
use crate::features::access::Conflict;
use crate::features::households::Left;
use crate::web::{Ctx, Page};

/// A household in a few lines.
#[derive(Debug, Clone, Default)]
pub struct Card {
    pub name: String,
    pub home: String,
    pub phones: Vec<String>,
    pub emails: Vec<String>,
    /// The newest first.
    pub enquiries: Vec<Row>,
    /// Without one of their own: `Left E-000123 on 3 Mar 2025, without an enquiry`.
    pub left: Option<String>,
    /// Where two are compared: of each enquiry what decides which one goes on.
    pub known: BTreeMap<EnquiryId, Vec<String>>,
}

impl Card {
    pub fn of(people: &[&Person], enquiries: Vec<Row>) -> Card {
        let names: Vec<_> = people.iter().filter_map(|it| it.name.clone()).collect();
        let home = people.first().map(|it| [it.address.as_deref(), it.postcode.as_deref()]);
        Card {
            name: display_name(&names),
            home: home.into_iter().flatten().flatten().collect::<Vec<_>>().join(", "),
            phones: people.iter().filter_map(|it| it.phone.as_deref()).map(shown_phones).collect(),
            emails: people.iter().filter_map(|it| it.email.clone()).collect(),
            enquiries,
            left: None,
            known: BTreeMap::new(),
        }
    }

    pub fn known_of(&self, row: &Row) -> &[String] {
        self.known.get(&row.id).map_or(&[], Vec::as_slice)
    }
}

/// Cards of many households at once.
pub fn cards(people: &[Person], enquiries: Vec<Row>) -> BTreeMap<HouseholdId, Card> {
    let mut of_household: BTreeMap<HouseholdId, Vec<Row>> = BTreeMap::new();
    for row in enquiries {
        of_household.entry(row.household).or_default().push(row);
    }
    people
        .chunk_by(|one, other| one.household == other.household)
        .filter_map(|one| {
            let id = one.first()?.household;
            Some((id, Card::of(&one.iter().collect::<Vec<_>>(), of_household.remove(&id).unwrap_or_default())))
        })
        .collect()
}

/// With what those have left who have no enquiry of their own.
#[must_use]
pub fn with_left(mut cards: BTreeMap<HouseholdId, Card>, left: &[Left]) -> BTreeMap<HouseholdId, Card> {
    for left in left {
        cards.entry(left.household).and_modify(|card| card.left = Some(left.in_words()));
    }
    cards
}

/// Two households beside each other.
pub struct Twins {
    pub href: String,
    pub low: Card,
    pub high: Card,
    /// `the same telephone and postcode`.
    pub agrees: String,
    /// How far their enquiries lie apart.
    pub apart: String,
    pub possible_duplicate: bool,
    /// Who told them apart, and when.
    pub said: String,
}

impl Twins {
    fn new(low: HouseholdId, high: HouseholdId, cards: &BTreeMap<HouseholdId, Card>, agrees: String) -> Twins {
        let card = |id| cards.get(&id).cloned().unwrap_or_default();
        let (low_card, high_card) = (card(low), card(high));
        let days = apart(&low_card.enquiries, &high_card.enquiries);
        Twins {
            href: format!("/households/alike/{low}/{high}"),
            low: low_card,
            high: high_card,
            agrees,
            apart: days.map_or(KNOWN_BEFORE.to_owned(), apart_in_words),
            possible_duplicate: days.is_some_and(|days| days <= DUPLICATE_WITHIN),
            said: String::new(),
        }
    }
}

/// The fewest days between an enquiry of the one and an enquiry of the other.
pub fn apart(one: &[Row], other: &[Row]) -> Option<i64> {
    let days = |of: &[Row]| of.iter().map(|row| row.day).collect::<Vec<Day>>();
    let others = days(other);
    days(one).into_iter().flat_map(|day| others.iter().map(move |it| day.days_until(*it).abs())).min()
}

/// Where one of the two has no enquiry of its own.
pub const KNOWN_BEFORE: &str = "Known from before they separated";

pub fn apart_in_words(days: i64) -> String {
    match days {
        0 => "Enquired on the same day".to_owned(),
        1 => "Enquired 1 day apart".to_owned(),
        2..=60 => format!("Enquired {days} days apart"),
        61..=730 => format!("Enquired {} months apart", days * 12 / 365),
        _ => format!("Enquired {} years apart", days / 365),
    }
}

/// `the same telephone and postcode, and surnames that sound alike`.
pub fn agrees_in_words(kinds: &[&str]) -> String {
    let has = |kind: KeyKind| kinds.contains(&kind.code());
    let same: Vec<_> = [KeyKind::Name, KeyKind::Phone, KeyKind::Email, KeyKind::Postcode]
        .into_iter()
        .filter(|kind| has(*kind))
        .map(KeyKind::label)
        .collect();
    let sound = kinds.contains(&"sound") && !has(KeyKind::Name);
    let same = match same.as_slice() {
        [] => String::new(),
        [only] => format!("the same {only}"),
        [most @ .., last] => format!("the same {} and {last}", most.join(", ")),
    };
    match (same.is_empty(), sound) {
        (false, true) => format!("{same}; surnames that sound alike"),
        (true, true) => "surnames that sound alike".to_owned(),
        _ => same,
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "alike/index.html")]
pub struct IndexPage {
    pub page: Page,
    pub twins: Vec<Twins>,
    pub next: Option<String>,
}

impl IndexPage {
    pub fn new(
        ctx: &Ctx,
        pairs: &[Pair],
        next: Option<String>,
        cards: &BTreeMap<HouseholdId, Card>,
        agreements: &[Agreement],
    ) -> IndexPage {
        let twins = pairs.iter().map(|pair| {
            let of_pair = agreements.iter().filter(|it| (it.low, it.high) == (pair.low, pair.high));
            let kinds: Vec<_> = of_pair.map(|it| it.kind.as_str()).collect();
            Twins::new(pair.low, pair.high, cards, agrees_in_words(&kinds))
        });
        IndexPage { page: Page::new(ctx, "The same household twice?"), twins: twins.collect(), next }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "alike/told_apart.html")]
pub struct ToldApartPage {
    pub page: Page,
    pub twins: Vec<Twins>,
    pub next: Option<String>,
}

impl ToldApartPage {
    pub fn new(
        ctx: &Ctx,
        rows: &[ToldApart],
        next: Option<String>,
        cards: &BTreeMap<HouseholdId, Card>,
    ) -> ToldApartPage {
        let twins =
            rows.iter().map(|row| Twins { said: said(row), ..Twins::new(row.low, row.high, cards, String::new()) });
        ToldApartPage { page: Page::new(ctx, "Not the same household"), twins: twins.collect(), next }
    }
}

/// `Priya Nair, 14 October 2025, 10:12`.
pub fn said(told: &ToldApart) -> String {
    format!("{}, {}", told.by, told.at.london_text())
}

#[derive(Template, WebTemplate)]
#[template(path = "alike/merges.html")]
pub struct MergesPage {
    pub page: Page,
    pub merges: Vec<MergeRow>,
    pub next: Option<String>,
}

pub struct MergeRow {
    pub merged: Merged,
    pub name: String,
    pub other: String,
    /// While it can be undone.
    pub until: Option<String>,
}

impl MergesPage {
    pub fn new(
        ctx: &Ctx,
        merges: Vec<Merged>,
        next: Option<String>,
        cards: &BTreeMap<HouseholdId, Card>,
    ) -> MergesPage {
        let name = |id: HouseholdId| cards.get(&id).map(|card| card.name.clone()).unwrap_or_default();
        let merges = merges.into_iter().map(|merged| MergeRow {
            name: name(merged.kept),
            other: name(merged.goes),
            until: last_day(ctx, &merged),
            merged,
        });
        MergesPage { page: Page::new(ctx, "Merged households"), merges: merges.collect(), next }
    }
}

fn last_day(ctx: &Ctx, merged: &Merged) -> Option<String> {
    let until = undo_until(merged.at);
    (merged.undone_at.is_none() && ctx.now <= until).then(|| until.london_day().words())
}

#[derive(Template, WebTemplate)]
#[template(path = "alike/merge.html")]
pub struct MergePage {
    pub page: Page,
    pub token: String,
    pub merged: Merged,
    pub kept: Card,
    pub goes: Card,
    pub moved: Vec<Moved>,
    /// To whom what was brought.
    pub given: Vec<Given>,
    pub until: Option<String>,
    /// Why it cannot be undone, and what to do.
    pub why_not: Option<String>,
    /// What undoing it brings back though it was cancelled since.
    pub stands_again: Vec<String>,
    /// Somebody has just tried.
    pub refused: bool,
}

impl MergePage {
    pub fn new(
        ctx: &Ctx,
        merged: Merged,
        cards: &BTreeMap<HouseholdId, Card>,
        (moved, given): (Vec<Moved>, Vec<Given>),
        why_not: Option<String>,
    ) -> MergePage {
        let card = |id| cards.get(&id).cloned().unwrap_or_default();
        let (kept, goes) = (card(merged.kept), card(merged.goes));
        MergePage {
            page: Page::new(ctx, format!("Merged household: {}", kept.name)),
            token: ctx.form_token(),
            until: last_day(ctx, &merged),
            kept,
            goes,
            moved,
            given,
            why_not,
            stands_again: Vec::new(),
            refused: false,
            merged,
        }
    }

    #[must_use]
    pub fn saying(mut self, stands_again: Vec<String>) -> MergePage {
        self.stands_again = stands_again;
        self
    }
}

/// For whoever merges two that somebody else has merged meanwhile.
#[derive(Template)]
#[template(path = "alike/overtaken.html")]
pub struct OvertakenPage {
    pub page: Page,
    pub merge: MergeId,
    pub card: Card,
    pub conflict: Conflict,
}

impl OvertakenPage {
    pub fn new(ctx: &Ctx, merged: &Merged, card: Card, conflict: Conflict) -> OvertakenPage {
        let title = format!("Merged household: {}", card.name);
        OvertakenPage { page: Page::new(ctx, title).with_conflict(true), merge: merged.id, card, conflict }
    }
}
