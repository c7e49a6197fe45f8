//! The first facts of new enquiries: of one that an officer logs, or of a whole file. One path for both.

use sqlx::SqliteConnection;

use super::new_rows::{NewAttribute, NewInTouch, NewMilestone, NewPause};
use super::{now, queries, queries_now};
use crate::domain::actor::Actor;
use crate::domain::ids::{EnquiryId, RootId};
use crate::domain::ledger::{Attribute, Fact, Facts, Milestone};
use crate::domain::pause::{InTouch, Pause};
use crate::domain::time_limit::Rules;
use crate::features::time_limits;

/// A new enquiry, already in table `enquiry`, with all that is known of it. The caller has checked
/// `domain::order::refusals`.
pub struct Beginning {
    pub enquiry: EnquiryId,
    /// The applicants' names, in their order.
    pub names: Vec<String>,
    pub facts: Facts,
}

/// How many enquiries one statement writes: enough to be quick, few enough to stay small in memory.
const BATCH: usize = 1_000;

/// Writes the facts and how the enquiries stand. The audit is the caller's: one entry for one enquiry or for a file.
pub async fn begin(connection: &mut SqliteConnection, actor: &Actor, beginnings: &[Beginning]) -> sqlx::Result<()> {
    let rules = time_limits::rules(connection).await?;
    for batch in beginnings.chunks(BATCH) {
        let mut rows = Rows::after(queries::find_last_ids(connection).await?);
        for beginning in batch {
            rows.add(beginning.enquiry, &beginning.facts);
        }
        // How they stand is worked out while SQLite, on its own thread, writes what they have.
        let (written, (now_rows, clocks)) =
            tokio::join!(rows.insert(connection, actor), async { standing(batch, &rules) });
        written?;
        queries_now::insert(connection, &now_rows).await?;
        time_limits::add(connection, &clocks).await?;
    }
    Ok(())
}

fn standing(batch: &[Beginning], rules: &Rules) -> (Vec<queries_now::Row>, Vec<time_limits::Row>) {
    let now_row = |it: &Beginning| now::row(it.enquiry, &it.names, &it.facts);
    let clocks = |it: &Beginning| time_limits::rows(it.enquiry, &it.facts, rules);
    (batch.iter().filter_map(now_row).collect(), batch.iter().flat_map(clocks).collect())
}

/// New rows of all four ledgers, with the ids they will have. A new fact is its own root; a new version of a fact
/// keeps the root it is given.
pub struct Rows {
    last: queries::LastIds,
    milestones: Vec<NewMilestone>,
    attributes: Vec<NewAttribute>,
    pauses: Vec<NewPause>,
    in_touch: Vec<NewInTouch>,
}

impl Rows {
    pub fn after(last: queries::LastIds) -> Rows {
        Rows { last, milestones: Vec::new(), attributes: Vec::new(), pauses: Vec::new(), in_touch: Vec::new() }
    }

    pub fn add(&mut self, enquiry: EnquiryId, facts: &Facts) {
        for milestone in &facts.milestones {
            self.milestone(enquiry, None, milestone);
        }
        for attribute in &facts.attributes {
            self.attribute(enquiry, None, attribute);
        }
        for pause in &facts.pauses {
            self.pause(enquiry, None, pause);
        }
        for in_touch in &facts.in_touch {
            self.in_touch(enquiry, None, in_touch);
        }
    }

    /// Another version of the fact with that root, or a new fact.
    pub fn add_fact(&mut self, enquiry: EnquiryId, root: Option<RootId>, fact: &Fact) {
        let root = root.map(|root| root.0);
        match fact {
            Fact::Milestone(milestone) => self.milestone(enquiry, root, milestone),
            Fact::Attribute(attribute) => self.attribute(enquiry, root, attribute),
            Fact::Pause(pause) => self.pause(enquiry, root, pause),
            Fact::InTouch(in_touch) => self.in_touch(enquiry, root, in_touch),
        }
    }

    fn milestone(&mut self, enquiry: EnquiryId, root: Option<i64>, milestone: &Milestone) {
        self.last.milestone += 1;
        self.milestones.push(NewMilestone {
            id: self.last.milestone,
            root: root.unwrap_or(self.last.milestone),
            enquiry,
            kind: milestone.kind,
            on: milestone.on,
            result: milestone.result,
            close_reason: milestone.close_reason.clone(),
            places: milestone.places,
            duplicate_of: milestone.duplicate_of,
        });
    }

    fn attribute(&mut self, enquiry: EnquiryId, root: Option<i64>, attribute: &Attribute) {
        self.last.attribute += 1;
        self.attributes.push(NewAttribute {
            id: self.last.attribute,
            root: root.unwrap_or(self.last.attribute),
            enquiry,
            name: attribute.name,
            value: attribute.value.clone(),
            user: attribute.user,
            from: attribute.from,
        });
    }

    fn pause(&mut self, enquiry: EnquiryId, root: Option<i64>, pause: &Pause) {
        self.last.pause += 1;
        let id = self.last.pause;
        let root = root.unwrap_or(id);
        self.pauses.push(NewPause { id, root, enquiry, from: pause.from, to: pause.to, reason: pause.reason });
    }

    fn in_touch(&mut self, enquiry: EnquiryId, root: Option<i64>, in_touch: &InTouch) {
        self.last.in_touch += 1;
        self.in_touch.push(NewInTouch {
            id: self.last.in_touch,
            root: root.unwrap_or(self.last.in_touch),
            enquiry,
            from: in_touch.from,
            to: in_touch.to,
            contact_again_on: in_touch.contact_again_on,
        });
    }

    pub async fn insert(self, connection: &mut SqliteConnection, actor: &Actor) -> sqlx::Result<()> {
        if !self.milestones.is_empty() {
            queries::insert_milestones(connection, actor, &self.milestones).await?;
        }
        if !self.attributes.is_empty() {
            queries::insert_attributes(connection, actor, &self.attributes).await?;
        }
        if !self.pauses.is_empty() {
            queries::insert_pauses(connection, actor, &self.pauses).await?;
        }
        if !self.in_touch.is_empty() {
            queries::insert_in_touch(connection, actor, &self.in_touch).await?;
        }
        Ok(())
    }
}
