//! The writing of one file: what was decided before, read again and written in one transaction.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::json;
use sqlx::SqliteConnection;

use super::batches::{self, BATCH};
use super::examine::Examined;
use super::file::Table;
use super::import_error::ImportError;
use super::matching::{Decision, Known, Ord32, Origin, fingerprint_of};
use super::newer::{self, NotTaken, Officers};
use super::progress::{Step, Tell};
use super::queries::{self, NewImport};
use super::read_rows::{Place, ReadRow, RefusedRow};
use super::report::Report;
use super::request::Request;
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::enquiry_row::EnquiryRow;
use crate::domain::ids::{EnquiryId, ImportId};
use crate::domain::ledger::AttributeName;
use crate::domain::note::NoteKind;
use crate::features::audit;
use crate::features::enquiries::{self, Likeness, NewEnquiry, Of};
use crate::features::households::NewHousehold;
use crate::features::notes::NewNote;

/// Which file it was.
#[derive(Clone, Copy)]
pub struct Brought<'a> {
    pub file_name: &'a str,
    pub sha256: &'a str,
}

/// Which newer facts of known rows are taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Newer {
    #[default]
    None,
    All,
    Of(HashSet<Place>),
}

impl Newer {
    pub fn any(&self) -> bool {
        match self {
            Newer::None => false,
            Newer::All => true,
            Newer::Of(places) => !places.is_empty(),
        }
    }

    fn takes(&self, place: &Place) -> bool {
        match self {
            Newer::None => false,
            Newer::All => true,
            Newer::Of(places) => places.contains(place),
        }
    }
}

/// What was done, beside what was expected.
pub struct Taken {
    pub import: ImportId,
    pub updated: usize,
    pub not_updated: Vec<RefusedRow>,
}

/// The writing of one file, in its transaction.
pub struct Taking<'a> {
    connection: &'a mut SqliteConnection,
    actor: &'a Actor,
    brought: Brought<'a>,
    examined: Examined,
    newer: &'a Newer,
    import: ImportId,
    officers: Officers,
    /// Enquiries waiting to be written, with their places in the index.
    waiting: Vec<(Ord32, NewEnquiry)>,
    made: HashMap<Ord32, EnquiryId>,
    /// The next number of a reference that no file brought.
    number: i64,
    updated: usize,
    not_updated: Vec<RefusedRow>,
}

impl<'a> Taking<'a> {
    pub async fn begin(
        connection: &'a mut SqliteConnection,
        actor: &'a Actor,
        brought: Brought<'a>,
        examined: Examined,
        newer: &'a Newer,
    ) -> Result<Taking<'a>, ImportError> {
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let new = NewImport {
            file_name: brought.file_name,
            sha256: brought.sha256,
            created: count(examined.created),
            changed: 0,
            already_known: count(examined.known.len()),
            refused: count(examined.reading.refused.len()),
        };
        let import = queries::insert(connection, actor, &new).await?;
        let officers = queries::list_officers(connection).await?.into_iter().collect();
        let number = queries::find_last_enquiry(connection).await?;
        Ok(Taking {
            connection,
            actor,
            brought,
            examined,
            newer,
            import,
            officers,
            waiting: Vec::with_capacity(BATCH),
            made: HashMap::new(),
            number,
            updated: 0,
            not_updated: Vec::new(),
        })
    }

    /// Reads the file again and writes what it decided on before.
    pub async fn rows(
        &mut self,
        request: &Arc<Request>,
        table: Table,
        report: &Report,
        tell: &Tell,
    ) -> Result<(), ImportError> {
        if self.examined.created == 0 && !self.newer.any() {
            return Ok(());
        }
        let (reader, mut batches) = batches::read(request, table);
        let (mut at, mut of_known, total) = (0, 0, self.examined.decisions.len());
        while let Some(batch) = batches.recv().await {
            for row in batch {
                match self.examined.decisions.get(at).copied().ok_or(ImportError::FileChanged)? {
                    Decision::Create(place) => self.create(place, &row).await?,
                    Decision::Known(known) => {
                        let differs = report.already_known_rows.get(of_known).is_some_and(|it| it.differs);
                        of_known += 1;
                        if differs && self.newer.takes(&row.place) {
                            self.update(known, &row).await?;
                        }
                    }
                }
                at += 1;
            }
            tell(Step::Writing { done: at, of: total });
        }
        reader.end().await?.1?;
        if at == total { Ok(()) } else { Err(ImportError::FileChanged) }
    }

    async fn create(&mut self, place: Ord32, row: &ReadRow) -> Result<(), ImportError> {
        let enquiry = self.new_enquiry(&row.enquiry);
        self.waiting.push((place, enquiry));
        if self.waiting.len() >= BATCH { self.write_waiting().await } else { Ok(()) }
    }

    fn new_enquiry(&mut self, row: &EnquiryRow) -> NewEnquiry {
        let mut facts = row.facts();
        for officer in facts.attributes.iter_mut().filter(|it| it.name == AttributeName::Officer) {
            officer.user = officer.value.as_ref().and_then(|name| self.officers.get(name)).copied();
        }
        let note = row.notes.clone().zip(row.day()).map(|(body, on)| NewNote { kind: NoteKind::Note, on, body });
        NewEnquiry {
            reference: Some(row.reference.clone().unwrap_or_else(|| self.next_reference())),
            fingerprint: fingerprint_of(row),
            of: Of::New(NewHousehold {
                applicants: row.applicants.clone(),
                address: row.address.clone(),
                postcode: row.postcode.clone(),
                ..NewHousehold::default()
            }),
            facts,
            notes: note.into_iter().collect(),
            import: Some(self.import),
        }
    }

    /// Neither the database's nor a later row's.
    fn next_reference(&mut self) -> String {
        loop {
            self.number += 1;
            let reference = format!("E-{:06}", self.number);
            if !self.examined.index.has_reference(&reference) {
                return reference;
            }
        }
    }

    async fn write_waiting(&mut self) -> Result<(), ImportError> {
        let (places, new): (Vec<_>, Vec<_>) = std::mem::take(&mut self.waiting).into_iter().unzip();
        let ids = enquiries::create(self.connection, self.actor, &new).await?;
        self.made.extend(places.into_iter().zip(ids));
        Ok(())
    }

    async fn update(&mut self, known: Known, row: &ReadRow) -> Result<(), ImportError> {
        self.write_waiting().await?;
        let Some(enquiry) = self.id_of(known.of) else { return Ok(()) };
        let why = format!("import: {}", self.brought.file_name);
        // Open to named people only: what others do not see, they do not change.
        if queries::is_hidden(self.connection, enquiry, self.actor.user).await? {
            return Ok(());
        }
        match newer::take(self.connection, self.actor, enquiry, &row.enquiry, &self.officers, &why).await {
            Ok(taken) if taken.anything => {
                self.updated += 1;
                let before = taken.household_before.as_deref();
                queries::insert_change(self.connection, self.import, enquiry, before).await?;
            }
            Ok(_) => {}
            Err(NotTaken::Refused(problem)) => {
                self.not_updated.push(RefusedRow { place: row.place.clone(), column: None, problem });
            }
            Err(NotTaken::Database(error)) => return Err(error.into()),
        }
        Ok(())
    }

    fn id_of(&self, place: Ord32) -> Option<EnquiryId> {
        match self.examined.index.origin(place)? {
            Origin::Stored(id) => Some(*id),
            Origin::InFile(_) => self.made.get(&place).copied(),
        }
    }

    pub async fn finish(mut self) -> Result<Taken, ImportError> {
        self.write_waiting().await?;
        let likenesses = self.examined.likenesses.iter().filter_map(|like| {
            let (enquiry, other) = self.id_of(like.row).zip(self.id_of(like.of))?;
            Some(Likeness { enquiry, other, possible_duplicate: like.possible_duplicate })
        });
        let likenesses: Vec<Likeness> = likenesses.collect();
        for batch in likenesses.chunks(BATCH) {
            enquiries::insert_likenesses(self.connection, self.actor, batch).await?;
        }
        let changed = i64::try_from(self.updated).unwrap_or(i64::MAX);
        let detail = json!({
            "import": self.import, "file": self.brought.file_name, "sha256": self.brought.sha256, "created": self.examined.created,
            "updated": self.updated, "already_known": self.examined.known.len(),
            "refused": self.examined.reading.refused.len(),
        });
        let event = Event::new(Action::EnquiriesImported).with(detail);
        audit::record(self.connection, self.actor, &event).await?;
        queries::update_done(self.connection, self.import, changed).await?;
        Ok(Taken { import: self.import, updated: self.updated, not_updated: self.not_updated })
    }
}
