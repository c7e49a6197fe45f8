//! The rows that somebody chose: which of them can be changed, which cannot and why, and what was seen of each.

use std::collections::BTreeMap;

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

    fn left(self, why: String) -> Left {
        Left { id: self.id, name: self.name, why }
    }
}

impl Rows {
    /// What has ended is left as it is.
    pub fn of(chosen: Vec<Chosen>) -> Rows {
        Rows { chosen, left: Vec::new() }.leaving(|row| match (row.approved, row.closed) {
            (Some(on), _) => Some(format!("approved on {}", on.short())),
            (None, Some(on)) => Some(format!("closed on {}", on.short())),
            (None, None) => None,
        })
    }

    /// Leaves those for which there is a reason.
    pub fn leaving(self, why: impl Fn(&Chosen) -> Option<String>) -> Rows {
        let mut rows = Rows { chosen: Vec::new(), left: self.left };
        for row in self.chosen {
            match why(&row) {
                Some(why) => rows.left.push(row.left(why)),
                None => rows.chosen.push(row),
            }
        }
        rows
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
