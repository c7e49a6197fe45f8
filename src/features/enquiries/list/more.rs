//! What the chosen columns need beyond the rows: one statement for each kind of column, and none for those that are not
//! asked for.

use std::collections::BTreeMap;

use sqlx::SqliteConnection;

use super::columns::Column;
use super::queries_columns::{self, Facts, Reached};
use crate::domain::day::Day;
use crate::domain::ids::EnquiryId;
use crate::domain::note::NoteKind;
use crate::domain::time_limit::Rules;
use crate::features::appointments;
use crate::features::time_limits::{self, Clocks};

#[derive(Default)]
pub struct More {
    pub clocks: BTreeMap<EnquiryId, Clocks>,
    pub facts: BTreeMap<EnquiryId, Facts>,
    pub people: BTreeMap<EnquiryId, Reached>,
    pub tasks: BTreeMap<EnquiryId, (Day, String)>,
    pub visits: BTreeMap<EnquiryId, appointments::When>,
    pub contacts: BTreeMap<EnquiryId, (Day, NoteKind)>,
}

impl More {
    pub async fn read(
        db: &mut SqliteConnection,
        ids: &[EnquiryId],
        columns: &[Column],
        rules: Option<&Rules>,
        today: Day,
    ) -> sqlx::Result<More> {
        let mut more = More::default();
        if let Some(rules) = rules {
            more.clocks = time_limits::list_open(db, ids, rules, today).await?;
        }
        if columns.iter().any(|column| column.is_fact()) {
            more.facts = queries_columns::list_facts(db, ids).await?;
        }
        if columns.iter().any(|column| column.is_of_people()) {
            more.people = queries_columns::list_people(db, ids).await?;
        }
        if columns.contains(&Column::NextTask) {
            more.tasks = queries_columns::list_next_tasks(db, ids).await?;
        }
        if columns.contains(&Column::NextVisit) {
            let planned = appointments::list_when(&mut *db, ids).await?.into_iter().filter(|visit| visit.on >= today);
            // The earliest comes first, and is the last that is put in.
            more.visits = planned.rev().map(|visit| (visit.enquiry, visit)).collect();
        }
        if columns.contains(&Column::LastContact) {
            more.contacts = queries_columns::list_last_contacts(db, ids).await?;
        }
        Ok(more)
    }
}
