//! What a merge gave to the enquiries that go on: as what was recorded with its stamp says.

use std::collections::BTreeMap;

use sqlx::SqliteConnection;

use super::queries_merges::{self, Merged, Moved};
use super::words;
use crate::domain::appointment::AppointmentState;
use crate::domain::ids::EnquiryId;
use crate::domain::ledger::{Attribute, Entry, Facts, Ledger, Stamp};
use crate::domain::merge::details::{Detail, details};
use crate::features::{appointments, notes, pipeline, tasks};

/// To one enquiry, by those that were logged twice.
pub struct Given {
    pub enquiry: EnquiryId,
    pub reference: String,
    /// Each in words.
    pub what: Vec<String>,
}

/// Of an undone merge what it had given.
pub async fn list(connection: &mut SqliteConnection, merged: &Merged, moved: &[Moved]) -> sqlx::Result<Vec<Given>> {
    let others = moved.iter().filter_map(|it| Some((it.duplicate_of?, it.other_reference.clone()?)));
    let others: BTreeMap<EnquiryId, String> = others.collect();
    let mut given = Vec::with_capacity(others.len());
    for (enquiry, reference) in others {
        let what = what(connection, merged, enquiry).await?;
        given.push(Given { enquiry, reference, what });
    }
    Ok(given)
}

/// In the order in which it was offered.
async fn what(connection: &mut SqliteConnection, merged: &Merged, enquiry: EnquiryId) -> sqlx::Result<Vec<String>> {
    let recorded = merged.stamp();
    let ledger = pipeline::load(connection, enquiry).await?;
    let (before, after) = around(&ledger, recorded);
    let mut what: Vec<String> = details(&after, &before).iter().map(Detail::in_words).collect();
    what.extend(written(&ledger.milestones, recorded).map(words::milestone));
    let visits = appointments::list_planned_at(&mut *connection, enquiry, recorded).await?;
    what.extend(visits.iter().filter(|it| it.state == AppointmentState::Planned).map(words::visit));
    what.extend(written(&ledger.in_touch, recorded).map(words::in_touch));
    let noted = notes::list_with_versions(&mut *connection, enquiry).await?;
    let noted = noted.iter().filter(|it| it.recorded_at == merged.at && it.by == merged.by);
    what.extend(noted.filter_map(|it| Some(words::note(it.kind, it.on, words::before_it_was_brought(&it.body)?))));
    for task in queries_merges::list_tasks(&mut *connection, merged.id).await? {
        let task = tasks::find_current(&mut *connection, task).await?.filter(|it| it.enquiry == Some(enquiry));
        what.extend(task.as_ref().map(words::task));
    }
    Ok(what)
}

fn written<F>(entries: &[Entry<F>], recorded: Stamp) -> impl Iterator<Item = &F> {
    entries.iter().filter(move |it| it.recorded == recorded).map(|it| &it.fact)
}

/// The details of an enquiry before a merge and just after it.
pub fn around(ledger: &Ledger, merge: Stamp) -> (Facts, Facts) {
    let by_it =
        |it: &Entry<Attribute>| it.superseded.as_ref().is_some_and(|end| (end.at, end.by) == (merge.at, merge.by));
    let earlier = |it: &Entry<Attribute>| it.superseded.as_ref().is_some_and(|end| end.at <= merge.at) && !by_it(it);
    let known: Vec<_> = ledger.attributes.iter().filter(|it| it.recorded.at <= merge.at && !earlier(it)).collect();
    let before = facts(known.iter().copied().filter(|it| it.recorded != merge));
    (before, facts(known.iter().copied().filter(|it| !by_it(it))))
}

/// As if these were all.
fn facts<'a>(details: impl Iterator<Item = &'a Entry<Attribute>>) -> Facts {
    let attributes = details.map(|it| Entry { superseded: None, ..it.clone() }).collect();
    Ledger { attributes, ..Ledger::default() }.facts()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{EntryId, RootId, UserId};
    use crate::domain::instant::Instant;
    use crate::domain::ledger::{AttributeName, Superseded};

    #[test]
    fn what_came_and_went_within_the_merge_was_neither_before_nor_after() {
        let stamp = |at| Stamp { at: Instant::from_millisecond(at), by: UserId(7) };
        let entry = |id, value: &str, recorded, ended: Option<i64>| Entry {
            id: EntryId(id),
            root: RootId(1),
            fact: Attribute { name: AttributeName::Source, value: Some(value.to_owned()), user: None, from: None },
            recorded: stamp(recorded),
            superseded: ended.map(|at| Superseded { at: stamp(at).at, by: stamp(at).by, why: "merge".to_owned() }),
        };
        let attributes = vec![
            entry(1, "Radio", 1, Some(2)),
            entry(2, "Website", 2, Some(5)),
            entry(3, "Leaflet", 5, Some(5)),
            entry(4, "Friend", 5, Some(9)),
            entry(5, "Poster", 9, None),
        ];
        let (before, after) = around(&Ledger { attributes, ..Ledger::default() }, stamp(5));
        let source = |facts: &Facts| facts.attribute(AttributeName::Source).map(str::to_owned);
        assert_eq!((source(&before).as_deref(), source(&after).as_deref()), (Some("Website"), Some("Friend")));
    }
}
