//! Whether a row is known already, or looks as if it were. Of every enquiry only hashes are kept, so that files and
//! databases of hundreds of thousands fit into memory.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::read_rows::Place;
use super::{cells, whose};
use crate::coded;
use crate::domain::day::Day;
use crate::domain::enquiry_row::EnquiryRow;
use crate::domain::fingerprint::fingerprint;
use crate::domain::household::{self, Key};
use crate::domain::ids::EnquiryId;
use crate::domain::referral;
use crate::domain::text::fold::squeeze;

coded! {
    /// By what a row is known already.
    pub enum KnownBy {
        Reference = "reference", "The same reference";
        HubReference = "hub_reference", "The same hub reference";
        Fingerprint = "fingerprint", "The same day, names and postcode";
    }
}

/// Two enquiries further apart than this are no duplicates of one another.
const DUPLICATE_WITHIN: i64 = 365;

/// An enquiry of the database or of the file: its place in the order in which they came, the database's first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ord32(u32);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Stored(EnquiryId),
    InFile(Place),
}

#[derive(Debug)]
struct Entry {
    origin: Origin,
    day: Day,
    /// Of the file's own reference; 0 where it has none.
    reference: u64,
    /// Where its cells begin and end in `cells`; of what is stored nothing is kept.
    cells: (u32, u32),
    /// Where in `marks` begins and ends whose it is; kept where it has a reference that another row may have.
    marks: (u32, u32),
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Create(Ord32),
    Known(Known),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    pub of: Ord32,
    pub by: KnownBy,
    /// Where the row's own cells begin and end.
    cells: (u32, u32),
    /// And whose it is.
    marks: (u32, u32),
}

/// A row that looks like an earlier enquiry's household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Likeness {
    pub row: Ord32,
    pub of: Ord32,
    pub possible_duplicate: bool,
}

/// Everything known so far.
#[derive(Default)]
pub struct Index {
    entries: Vec<Entry>,
    references: HashMap<u64, Ord32>,
    hub_keys: HashMap<u64, Ord32>,
    fingerprints: HashMap<u64, Ord32>,
    /// Two of name, telephone, e-mail and postcode together.
    pairs: Vec<(u64, Ord32)>,
    cells: Vec<u32>,
    marks: Vec<u32>,
}

/// What the database says of one enquiry.
pub struct Stored<'a> {
    pub id: EnquiryId,
    pub day: Day,
    pub reference: &'a str,
    pub hub_key: Option<&'a str>,
    pub fingerprint: Option<&'a str>,
}

impl Index {
    pub fn add_stored(&mut self, stored: &Stored<'_>) -> Ord32 {
        let entry =
            Entry { origin: Origin::Stored(stored.id), day: stored.day, reference: 0, cells: (0, 0), marks: (0, 0) };
        let at = self.push(entry);
        self.references.entry(hash(stored.reference)).or_insert(at);
        stored.hub_key.map(|key| *self.hub_keys.entry(hash(key)).or_insert(at));
        stored.fingerprint.map(|print| *self.fingerprints.entry(hash(print)).or_insert(at));
        at
    }

    /// What the household of a stored enquiry is recognised by.
    pub fn add_household(&mut self, of: Ord32, keys: &[Key]) {
        self.pairs.extend(pairs(keys).map(|pair| (pair, of)));
    }

    /// Rows come in the order of the file.
    pub fn decide(&mut self, place: &Place, row: &EnquiryRow) -> Decision {
        let Some(day) = row.day() else { return self.create(place, row, Day(jiff::civil::Date::MIN), 0) };
        let reference = row.reference.as_deref().map(hash);
        let hub_key = row.hub.as_deref().zip(row.hub_reference.as_deref());
        let hub_key = hub_key.map(|(hub, reference)| hash(&referral::key(hub, reference)));
        let print = fingerprint_of(row).map(|print| hash(&print));
        let known = self.known(reference, hub_key, print);
        let decision = match known {
            Some((of, by)) => {
                let (cells, marks) = (self.keep_cells(row), self.keep_marks(row));
                Decision::Known(Known { of, by, cells, marks })
            }
            None => self.create(place, row, day, reference.unwrap_or(0)),
        };
        let of = match decision {
            Decision::Create(of) => of,
            Decision::Known(known) => known.of,
        };
        for (index, key) in
            [(&mut self.references, reference), (&mut self.hub_keys, hub_key), (&mut self.fingerprints, print)]
        {
            key.map(|key| *index.entry(key).or_insert(of));
        }
        decision
    }

    fn known(&self, reference: Option<u64>, hub_key: Option<u64>, print: Option<u64>) -> Option<(Ord32, KnownBy)> {
        let by = |index: &HashMap<u64, Ord32>, key: Option<u64>| key.and_then(|key| index.get(&key).copied());
        let same_print = || by(&self.fingerprints, print).filter(|of| !self.are_told_apart(*of, reference));
        by(&self.references, reference)
            .map(|of| (of, KnownBy::Reference))
            .or_else(|| by(&self.hub_keys, hub_key).map(|of| (of, KnownBy::HubReference)))
            .or_else(|| same_print().map(|of| (of, KnownBy::Fingerprint)))
    }

    /// Two rows of one file with references of their own are two enquiries, however alike.
    fn are_told_apart(&self, of: Ord32, reference: Option<u64>) -> bool {
        let other = self.entry(of).map_or(0, |entry| entry.reference);
        reference.is_some_and(|reference| other != 0 && other != reference)
    }

    fn create(&mut self, place: &Place, row: &EnquiryRow, day: Day, reference: u64) -> Decision {
        let (cells, marks) = (self.keep_cells(row), self.keep_marks(row));
        let at = self.push(Entry { origin: Origin::InFile(place.clone()), day, reference, cells, marks });
        let people = row.applicants.iter().map(|it| (it.name.as_str(), it.phone.as_deref(), it.email.as_deref()));
        let keys = household::keys(people, row.postcode.as_deref());
        self.pairs.extend(pairs(&keys).map(|pair| (pair, at)));
        Decision::Create(at)
    }

    fn push(&mut self, entry: Entry) -> Ord32 {
        let at = Ord32(u32::try_from(self.entries.len()).unwrap_or(u32::MAX));
        self.entries.push(entry);
        at
    }

    fn keep_cells(&mut self, row: &EnquiryRow) -> (u32, u32) {
        let from = self.cells.len();
        self.cells.extend(cells::hashes(row));
        (u32::try_from(from).unwrap_or(u32::MAX), u32::try_from(self.cells.len()).unwrap_or(u32::MAX))
    }

    fn keep_marks(&mut self, row: &EnquiryRow) -> (u32, u32) {
        let from = self.marks.len();
        if row.reference.is_some() || row.hub_reference.is_some() {
            self.marks.extend(whose::marks(&row.applicants, row.postcode.as_deref()));
        }
        (u32::try_from(from).unwrap_or(u32::MAX), u32::try_from(self.marks.len()).unwrap_or(u32::MAX))
    }

    fn cells(&self, range: (u32, u32)) -> &[u32] {
        part(&self.cells, range)
    }

    fn entry(&self, at: Ord32) -> Option<&Entry> {
        self.entries.get(at.0 as usize)
    }

    pub fn origin(&self, at: Ord32) -> Option<&Origin> {
        self.entry(at).map(|entry| &entry.origin)
    }

    /// Whether a known row says something that the row of the file it is of does not; None where that one is stored.
    pub fn differs_in_file(&self, known: Known) -> Option<bool> {
        let other = self.entry(known.of)?;
        match other.origin {
            Origin::Stored(_) => None,
            Origin::InFile(_) => Some(self.differs_from(known, self.cells(other.cells))),
        }
    }

    /// Whether a known row says something that these cells do not.
    pub fn differs_from(&self, known: Known, cells: &[u32]) -> bool {
        self.cells(known.cells).iter().any(|cell| !cells.contains(cell))
    }

    /// Whether a known row has the reference of another family of the file.
    pub fn is_of_others_in_file(&self, known: Known) -> bool {
        let recorded = self.entry(known.of).map_or(&[][..], |entry| part(&self.marks, entry.marks));
        self.is_of_others(known, recorded)
    }

    /// Whether a known row has the reference of another family than that with these marks. Day and names agree where
    /// it is known by its fingerprint.
    pub fn is_of_others(&self, known: Known, recorded: &[u32]) -> bool {
        known.by != KnownBy::Fingerprint && whose::are_others(recorded, part(&self.marks, known.marks))
    }

    /// Whether a reference is the database's or the file's.
    pub fn has_reference(&self, reference: &str) -> bool {
        self.references.contains_key(&hash(reference))
    }

    /// Rows that are made but look like an earlier enquiry, each beside the one that it is most like. Empties what it
    /// needs for that.
    pub fn likenesses(&mut self) -> Vec<Likeness> {
        let mut pairs = std::mem::take(&mut self.pairs);
        pairs.sort_unstable();
        let mut agreeing: Vec<(Ord32, Ord32)> = pairs
            .windows(2)
            .filter_map(|two| match two {
                [(pair, of), (same, row)] if pair == same && of != row => Some((*row, *of)),
                _ => None,
            })
            .filter(|(row, _)| matches!(self.origin(*row), Some(Origin::InFile(_))))
            .collect();
        drop(pairs);
        agreeing.sort_unstable();
        let of_rows = agreeing.chunk_by(|(row, _), (other, _)| row == other);
        of_rows.filter_map(most_alike).map(|(row, of)| self.likeness(row, of)).collect()
    }

    fn likeness(&self, row: Ord32, of: Ord32) -> Likeness {
        let days = self.entry(row).zip(self.entry(of)).map(|(row, of)| of.day.days_until(row.day).abs());
        Likeness { row, of, possible_duplicate: days.is_some_and(|days| days <= DUPLICATE_WITHIN) }
    }
}

fn part(all: &[u32], (from, to): (u32, u32)) -> &[u32] {
    all.get(from as usize..to as usize).unwrap_or_default()
}

/// The earlier enquiry that agrees in most ways; of equals the latest.
fn most_alike(of_one_row: &[(Ord32, Ord32)]) -> Option<(Ord32, Ord32)> {
    let of_one = of_one_row.chunk_by(|one, other| one == other);
    of_one.max_by_key(|same| (same.len(), same.first().map(|(_, of)| *of))).and_then(|same| same.first().copied())
}

/// Without anybody's name or contact there is nothing to recognise.
pub fn fingerprint_of(row: &EnquiryRow) -> Option<String> {
    let names: Vec<String> = row.applicants.iter().map(|it| it.name.clone()).collect();
    let first = row.applicants.first();
    let phone = first.and_then(|it| it.phones().next());
    let email = first.and_then(|it| it.email.as_deref());
    let something = !names.is_empty() || row.postcode.as_deref().is_some_and(|it| !squeeze(it).is_empty());
    row.day()
        .filter(|_| something && !names.is_empty())
        .map(|day| fingerprint(day, &names, row.postcode.as_deref(), phone, email))
}

/// Each two keys of different kinds.
fn pairs(keys: &[Key]) -> impl Iterator<Item = u64> {
    keys.iter().enumerate().flat_map(move |(at, one)| {
        let others = keys.iter().skip(at + 1).filter(move |other| other.kind != one.kind);
        others.map(move |other| hash(&(one, other)))
    })
}

fn hash<T: Hash + ?Sized>(of: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::household::Applicant;
    use crate::domain::ledger::Milestone;
    use crate::domain::milestone::MilestoneKind;

    fn row(day: &str, name: &str, phone: &str, postcode: &str) -> EnquiryRow {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        EnquiryRow {
            applicants: vec![Applicant { name: name.to_owned(), phone: text(phone), email: None }],
            postcode: text(postcode),
            milestones: vec![Milestone::new(MilestoneKind::EnquiryReceived, day.parse().unwrap())],
            ..EnquiryRow::default()
        }
    }

    fn place(row: u32) -> Place {
        Place { sheet: None, row }
    }

    #[test]
    fn the_same_reference_hub_reference_or_fingerprint_is_known() {
        let mut index = Index::default();
        let hub = |reference: &str, row: EnquiryRow| EnquiryRow {
            hub: Some("Foster North".to_owned()),
            hub_reference: Some(reference.to_owned()),
            ..row
        };
        let first = hub("FN-24-0080", row("2024-04-03", "Ann Lee", "", "TS1 1XX"));
        let Decision::Create(of) = index.decide(&place(2), &first) else { panic!() };
        let known = |index: &mut Index, row: &EnquiryRow| match index.decide(&place(3), row) {
            Decision::Known(known) => Some((known.of, known.by, index.differs_in_file(known))),
            Decision::Create(_) => None,
        };
        let same = hub("fn 24/0080", row("2024-05-03", "Ann Lee", "", "TS1 1XX"));
        assert_eq!(known(&mut index, &same), Some((of, KnownBy::HubReference, Some(true))));
        let print = row("2024-04-03", "ANN  LEE", "", "ts11xx");
        assert_eq!(known(&mut index, &print), Some((of, KnownBy::Fingerprint, Some(false))));
        assert_eq!(known(&mut index, &row("2024-04-03", "Ann Lee", "", "TS1 1XY")), None);
        let mut stored = Index::default();
        let id = EnquiryId(7);
        let day = "2024-04-03".parse().unwrap();
        stored.add_stored(&Stored { id, day, reference: "R1", hub_key: None, fingerprint: None });
        let again = EnquiryRow { reference: Some("R1".to_owned()), ..print };
        let Decision::Known(found) = stored.decide(&place(2), &again) else { panic!() };
        assert_eq!((stored.origin(found.of), found.by), (Some(&Origin::Stored(id)), KnownBy::Reference));
    }

    #[test]
    fn references_of_one_file_tell_its_rows_apart() {
        let mut index = Index::default();
        let referred = |reference: &str| EnquiryRow {
            reference: Some(reference.to_owned()),
            ..row("2024-04-03", "Ann Lee", "", "TS1 1XX")
        };
        assert!(matches!(index.decide(&place(2), &referred("R1")), Decision::Create(_)));
        assert!(matches!(index.decide(&place(3), &referred("R2")), Decision::Create(_)));
        assert!(matches!(index.decide(&place(4), &referred("R1")), Decision::Known(_)));
    }

    #[test]
    fn nobody_is_recognised_by_a_day_alone() {
        let mut index = Index::default();
        let nameless = EnquiryRow { applicants: Vec::new(), ..row("2024-04-03", "", "", "") };
        for at in 2..5 {
            assert!(matches!(index.decide(&place(at), &nameless), Decision::Create(_)));
        }
        assert!(index.likenesses().is_empty());
    }

    #[test]
    fn two_things_that_agree_look_known_and_one_does_not() {
        let mut index = Index::default();
        let at = |index: &mut Index, number: u32, row: EnquiryRow| match index.decide(&place(number), &row) {
            Decision::Create(at) => at,
            Decision::Known(_) => panic!(),
        };
        let first = at(&mut index, 2, row("2024-04-03", "Ann Lee", "07700900123", "TS1 1XX"));
        at(&mut index, 3, row("2024-05-03", "Ann Lee", "07700900124", "TS1 1XY"));
        let third = at(&mut index, 4, row("2025-04-03", "Ann Lee", "07700900125", "TS1 1XX"));
        let fourth = at(&mut index, 5, row("2026-04-04", "Bob Lee", "07700900123", "TS1 1XX"));
        assert_eq!(
            index.likenesses(),
            [
                Likeness { row: third, of: first, possible_duplicate: true },
                Likeness { row: fourth, of: first, possible_duplicate: false },
            ]
        );
    }
}
