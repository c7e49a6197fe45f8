//! Taking back what one import recorded. Nothing is deleted: every fact of it is superseded with the reason, so that
//! what was known in between stays known (counting rules 2 and 17).

use std::collections::HashMap;

use sqlx::SqliteConnection;

use super::bulk::Rows;
use super::renaming::is_renaming;
use super::{ActionError, now, queries, queries_undo};
use crate::domain::actor::Actor;
use crate::domain::ids::{EnquiryId, RootId};
use crate::domain::ledger::{Entry, Fact, Ledger, Place, Stamp};
use crate::features::search;

/// How many enquiries one statement takes.
const BATCH: usize = 1_000;

/// Withdraws everything of these enquiries: from now on they stand nowhere and count nowhere. The audit is the caller's.
pub async fn withdraw_entirely(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiries: &[EnquiryId],
    why: &str,
) -> sqlx::Result<()> {
    for batch in enquiries.chunks(BATCH) {
        queries_undo::supersede_all(connection, actor, batch, why).await?;
        now::remove(connection, batch).await?;
    }
    Ok(())
}

/// Takes back what somebody recorded of enquiries at one instant: new facts are withdrawn, and of corrected ones the
/// version before comes into force again, as a version of its own. All of them are read, written and worked out anew
/// together. The audit is the caller's.
pub async fn take_back_of_many(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiries: &[EnquiryId],
    recorded: Stamp,
    why: &str,
) -> Result<(), ActionError> {
    let ledgers = queries::load_many(connection, enquiries).await?;
    let mut rows = Rows::after(queries::find_last_ids(connection).await?);
    for (enquiry, ledger) in &ledgers {
        let undone = Undone::of(ledger, recorded);
        for place in &undone.places {
            if !queries::supersede(connection, actor, *place, why).await? {
                return Err(ActionError::Stale);
            }
        }
        for (root, fact) in &undone.again {
            rows.add_fact(*enquiry, Some(*root), fact);
        }
    }
    rows.insert(connection, actor).await?;
    now::refresh(connection, enquiries).await?;
    Ok(search::refresh_of(connection, enquiries).await?)
}

struct Undone {
    recorded: Stamp,
    places: Vec<Place>,
    /// Of one ledger: what was superseded then, by its root.
    before: HashMap<RootId, Fact>,
    again: Vec<(RootId, Fact)>,
}

impl Undone {
    fn of(ledger: &Ledger, recorded: Stamp) -> Undone {
        let mut undone = Undone { recorded, places: Vec::new(), before: HashMap::new(), again: Vec::new() };
        undone.look_at(&ledger.milestones, Place::Milestone, Fact::Milestone);
        undone.look_at(&ledger.attributes, Place::Attribute, Fact::Attribute);
        undone.look_at(&ledger.pauses, Place::Pause, Fact::Pause);
        undone.look_at(&ledger.in_touch, Place::InTouch, Fact::InTouch);
        undone
    }

    fn look_at<F: Clone + PartialEq>(
        &mut self,
        entries: &[Entry<F>],
        place: impl Fn(crate::domain::ids::EntryId) -> Place,
        fact: impl Fn(F) -> Fact,
    ) {
        let Stamp { at, by } = self.recorded;
        let ended_then =
            entries.iter().filter(|it| it.superseded.as_ref().is_some_and(|end| (end.at, end.by) == (at, by)));
        self.before.clear();
        for entry in ended_then {
            // What followed on it and went at that instant too was not there before.
            self.before.entry(entry.root).or_insert_with(|| fact(entry.fact.clone()));
        }
        for entry in entries.iter().filter(|it| (it.recorded.at, it.recorded.by) == (at, by)) {
            // Something later may have changed it and been taken back itself: then another version says the same. Under
            // another name it is the same too.
            let is_renamed = || entries.iter().filter(|it| it.root == entry.root && it.id >= entry.id);
            let is_renamed = is_renamed().filter_map(|it| it.superseded.as_ref()).all(|end| is_renaming(&end.why));
            let is_it = |it: &&Entry<F>| it.root == entry.root && (it.fact == entry.fact || is_renamed);
            let now = entries.iter().find(|it| it.in_force() && is_it(it));
            let Some(now) = now else { continue };
            self.places.push(place(now.id));
            self.again.extend(self.before.remove(&entry.root).map(|before| (entry.root, before)));
        }
    }
}
