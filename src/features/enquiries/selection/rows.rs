//! The rows that somebody chose: which of them can be changed, which cannot and why, and what was seen of each.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::queries::Chosen;
use crate::domain::ids::EnquiryId;

/// More would keep everybody else waiting to save.
pub const MOST: usize = 1_000;

/// A row that stays as it is, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    pub id: EnquiryId,
    pub name: String,
    pub why: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    pub chosen: Vec<Chosen>,
    pub left: Vec<Left>,
    /// Of those that their new officer could not open: how many, which, and how to give them all the same.
    pub shut_out: Option<String>,
}

impl Chosen {
    /// What the page said of it, in a few letters: whose it is, and that it goes on.
    pub fn stamp(&self) -> String {
        let said = format!("{:?} {:?} {:?} {:?}", self.officer, self.officer_from, self.approved, self.closed);
        Sha256::digest(said.as_bytes()).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }

    pub fn officer_in_words(&self) -> &str {
        self.officer.as_deref().unwrap_or("unassigned")
    }

    pub fn left(self, why: String) -> Left {
        Left { id: self.id, name: self.name, why }
    }
}

impl Rows {
    /// What has ended is left as it is.
    pub fn of(chosen: Vec<Chosen>) -> Rows {
        Rows { chosen, ..Rows::default() }.leaving(|row| match (row.approved, row.closed) {
            (Some(on), _) => Some(format!("approved on {}", on.short())),
            (None, Some(on)) => Some(format!("closed on {}", on.short())),
            (None, None) => None,
        })
    }

    /// Leaves those for which there is a reason.
    pub fn leaving(self, why: impl Fn(&Chosen) -> Option<String>) -> Rows {
        let mut rows = Rows { chosen: Vec::new(), left: self.left, shut_out: self.shut_out };
        for row in self.chosen {
            match why(&row) {
                Some(why) => rows.left.push(row.left(why)),
                None => rows.chosen.push(row),
            }
        }
        rows
    }

    /// Leaves the restricted ones on which their new officer is not named.
    pub fn leaving_shut_out(mut self, shut_out: &BTreeSet<EnquiryId>, officer: &str) -> Rows {
        let rows = self.chosen.iter().filter(|row| shut_out.contains(&row.id));
        let references: Vec<_> = rows.map(|row| row.reference.clone()).collect();
        if !references.is_empty() {
            let (are, stay, it) = if references.len() == 1 {
                ("is", "It stays as it is", "it")
            } else {
                ("are", "They stay as they are", "one of them")
            };
            self.shut_out = Some(format!(
                "{} of those chosen ({}) {are} open to named people only, and {officer} is not named there. {stay}: to \
                 give {it} to {officer}, open the record and choose “Give to an officer”, which offers to name them as well.",
                references.len(),
                references.join(", "),
            ));
        }
        let why = format!("open to named people only, and {officer} is not one of them");
        self.leaving(|row| shut_out.contains(&row.id).then(|| why.clone()))
    }

    /// Leaves those that are not as they were seen.
    pub fn unchanged_since(self, seen: &BTreeMap<EnquiryId, String>) -> Rows {
        self.leaving(|row| {
            let same = seen.get(&row.id).is_some_and(|stamp| *stamp == row.stamp());
            (!same).then(|| format!("somebody changed it meanwhile: now {}", with(row.officer_in_words())))
        })
    }

    /// For the next page: each with what is seen of it.
    pub fn code(&self) -> String {
        self.chosen.iter().map(|row| format!("{}.{}", row.id, row.stamp())).collect::<Vec<_>>().join(" ")
    }

    /// `12 with Jan Teel, 3 unassigned`, the most first.
    pub fn by_officer(&self) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for row in &self.chosen {
            *counts.entry(row.officer_in_words()).or_default() += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts.into_iter().map(|(name, count)| format!("{count} {}", with(name))).collect::<Vec<_>>().join(", ")
    }
}

fn with(officer: &str) -> String {
    if officer == "unassigned" { officer.to_owned() } else { format!("with {officer}") }
}

/// What [`Rows::code`] wrote, in its order; None for what it did not write.
pub fn read(code: &str) -> Option<Vec<(EnquiryId, String)>> {
    code.split_whitespace()
        .map(|row| {
            let (id, stamp) = row.split_once('.')?;
            Some((id.parse().ok()?, stamp.to_owned()))
        })
        .collect()
}

/// `48 enquiries`
pub fn counted(count: usize) -> String {
    if count == 1 { "1 enquiry".to_owned() } else { format!("{count} enquiries") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: i64, officer: Option<&str>) -> Chosen {
        Chosen {
            id: EnquiryId(id),
            reference: format!("E-{id:06}"),
            name: format!("Household {id}"),
            officer: officer.map(str::to_owned),
            officer_user: None,
            officer_from: None,
            approved: None,
            closed: None,
        }
    }

    fn ids(rows: &Rows) -> Vec<i64> {
        rows.chosen.iter().map(|row| row.id.0).collect()
    }

    #[test]
    fn what_has_ended_is_left_by_name_with_why() {
        let closed = Chosen { closed: Some("2025-03-03".parse().unwrap()), ..row(2, None) };
        let rows = Rows::of(vec![row(1, Some("Jan Teel")), closed, row(3, None), row(4, Some("Jan Teel"))]);
        assert_eq!(ids(&rows), [1, 3, 4]);
        assert_eq!(rows.left[0].why, "closed on 3 Mar 2025");
        assert_eq!(rows.by_officer(), "2 with Jan Teel, 1 unassigned");
    }

    #[test]
    fn restricted_ones_that_their_officer_could_not_open_are_counted_and_named_by_reference() {
        let rows = Rows::of(vec![row(1, None), row(2, None), row(3, None)]);
        let some = rows.clone().leaving_shut_out(&BTreeSet::from([EnquiryId(1), EnquiryId(3)]), "Tom Reed");
        assert_eq!(ids(&some), [2]);
        let said = some.shut_out.unwrap();
        assert!(said.starts_with("2 of those chosen (E-000001, E-000003) are open to named people only, and Tom Reed"));
        assert_eq!(rows.clone().leaving_shut_out(&BTreeSet::new(), "Tom Reed"), rows);
    }

    #[test]
    fn a_row_that_is_not_as_it_was_seen_is_left() {
        let before = Rows::of(vec![row(1, None), row(2, None)]);
        let seen = read(&before.code()).unwrap().into_iter().collect();
        let after = Rows::of(vec![row(1, None), row(2, Some("Jan Teel")), row(3, None)]).unchanged_since(&seen);
        assert_eq!(ids(&after), [1]);
        assert_eq!(after.left[0].why, "somebody changed it meanwhile: now with Jan Teel");
        assert_eq!(read("1 2"), None);
        assert_eq!(read("").map(|rows| rows.len()), Some(0));
    }
}
