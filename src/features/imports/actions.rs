//! Taking a file in: one pass to read and check it, one transaction to write it.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::SqliteConnection;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::examine::{Examined, KnownSoFar, examine, load_known};
use super::file::{NotATable, Table};
use super::mapping::Mapping;
use super::matching::{Decision, Known, Ord32, Origin, fingerprint_of};
use super::newer::{self, NotTaken, Officers};
use super::queries::{self, NewImport};
use super::reading::{self, Plan, ReadRow, RefusedRow};
use super::report::{Report, report};
use crate::db::Db;
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::day::Day;
use crate::domain::enquiry_row::EnquiryRow;
use crate::domain::ids::{EnquiryId, ImportId};
use crate::domain::ledger::AttributeName;
use crate::domain::note::NoteKind;
use crate::domain::reason::CloseReason;
use crate::features::audit;
use crate::features::enquiries::{self, Likeness, NewEnquiry, Of};
use crate::features::households::NewHousehold;
use crate::features::notes::NewNote;

/// How a file is to be read.
#[derive(Debug, Clone)]
pub struct Request {
    pub mapping: Mapping,
    /// The service's list.
    pub reasons: Vec<CloseReason>,
    /// London's.
    pub today: Day,
    pub only_sheet: Option<String>,
}

impl Request {
    fn plan(&self) -> Plan<'_> {
        let only_sheet = self.only_sheet.as_deref();
        Plan { mapping: &self.mapping, reasons: &self.reasons, today: self.today, only_sheet }
    }

    /// The file, told by its content. It stays open: what is read twice is one file.
    pub fn open(&self, path: &Path) -> Result<Table, ImportError> {
        let bytes = BufReader::new(File::open(path)?);
        let known = |header: &str| self.mapping.target(&crate::domain::text::tidy(header)).is_some();
        Ok(Table::open(Box::new(bytes), &known)?)
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Newer facts of known rows are taken.
    pub update: bool,
    /// Nothing is written.
    pub dry_run: bool,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Reading { rows: usize },
    Writing { done: usize, of: usize },
}

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    Table(#[from] NotATable),
    #[error("the file changed while it was read; nothing was written")]
    FileChanged,
    #[error("enquiries were added all the time while the file was read; nothing was written. Try again")]
    Overtaken,
    #[error("the import ended unexpectedly; nothing was written")]
    Ended(#[from] tokio::task::JoinError),
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Csv(#[from] csv::Error),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Rows on their way from the reader to the writer.
const BATCH: usize = 1_000;
/// Batches on their way: the reader waits for the writer, so that few rows are in memory.
const ON_THE_WAY: usize = 2;
/// A file is read again where enquiries were added meanwhile.
const ATTEMPTS: usize = 3;

type Tell = Arc<dyn Fn(Step) + Send + Sync>;

/// Reads the file, and unless it is a dry run takes it in: all of it or nothing.
pub async fn import(
    db: &Db,
    actor: &Actor,
    request: Arc<Request>,
    path: &Path,
    options: Options,
    tell: Tell,
) -> Result<Report, ImportError> {
    let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    for _ in 0..ATTEMPTS {
        let table = request.open(path)?;
        let (table, examined, last_enquiry) = look(db, &request, table, &tell).await?;
        let mut made = {
            let mut connection = db.read().acquire().await?;
            report(&mut connection, &examined, request.mapping.date_order.code(), request.today).await?
        };
        made.dry_run = options.dry_run;
        if options.dry_run && !options.update {
            return Ok(made);
        }
        let mut write = db.write().await?;
        if queries::find_last_enquiry(&mut write).await? != last_enquiry {
            continue;
        }
        let sha256 = sha256(path)?;
        let mut taking = Taking::begin(&mut write, actor, &file_name, &sha256, examined, options).await?;
        taking.rows(&request, table, &made, &tell).await?;
        (made.updated, made.not_updated) = taking.finish(&sha256).await?;
        // Whether newer facts can be taken is known by taking them.
        match options.dry_run {
            true => write.rollback().await?,
            false => write.commit().await?,
        }
        return Ok(made);
    }
    Err(ImportError::Overtaken)
}

async fn look(
    db: &Db,
    request: &Arc<Request>,
    mut table: Table,
    tell: &Tell,
) -> Result<(Table, Examined, i64), ImportError> {
    let KnownSoFar { index, last_enquiry } = {
        let mut connection = db.read().acquire().await?;
        load_known(&mut connection).await?
    };
    let (request, tell) = (Arc::clone(request), Arc::clone(tell));
    let (table, examined) = spawn_blocking(move || {
        let examined = examine(&mut table, request.plan(), index, &|rows| {
            if rows.is_multiple_of(BATCH) {
                tell(Step::Reading { rows });
            }
        });
        (table, examined)
    })
    .await?;
    Ok((table, examined?, last_enquiry))
}

fn sha256(path: &Path) -> std::io::Result<String> {
    let (mut file, mut hash, mut chunk) = (File::open(path)?, Sha256::new(), vec![0; 64 * 1024]);
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
            read => hash.update(chunk.get(..read).unwrap_or_default()),
        }
    }
}

/// The writing of one file, in its transaction.
struct Taking<'a> {
    connection: &'a mut SqliteConnection,
    actor: &'a Actor,
    file_name: &'a str,
    examined: Examined,
    options: Options,
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
    async fn begin(
        connection: &'a mut SqliteConnection,
        actor: &'a Actor,
        file_name: &'a str,
        sha256: &str,
        examined: Examined,
        options: Options,
    ) -> Result<Taking<'a>, ImportError> {
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let new = NewImport {
            file_name,
            sha256,
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
            file_name,
            examined,
            options,
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
    async fn rows(
        &mut self,
        request: &Arc<Request>,
        mut table: Table,
        report: &Report,
        tell: &Tell,
    ) -> Result<(), ImportError> {
        if self.examined.created == 0 && !self.options.update {
            return Ok(());
        }
        let (sender, mut batches) = mpsc::channel::<Vec<ReadRow>>(ON_THE_WAY);
        let for_reading = Arc::clone(request);
        let reader = spawn_blocking(move || read_into(&mut table, &for_reading, &sender));
        let (mut at, mut of_known, total) = (0, 0, self.examined.decisions.len());
        while let Some(batch) = batches.recv().await {
            for row in batch {
                match self.examined.decisions.get(at).copied().ok_or(ImportError::FileChanged)? {
                    Decision::Create(place) => self.create(place, &row).await?,
                    Decision::Known(known) => {
                        let differs = report.already_known_rows.get(of_known).is_some_and(|it| it.differs);
                        of_known += 1;
                        if self.options.update && differs {
                            self.update(known, &row).await?;
                        }
                    }
                }
                at += 1;
            }
            tell(Step::Writing { done: at, of: total });
        }
        reader.await??;
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
        let why = format!("import: {}", self.file_name);
        match newer::take(self.connection, self.actor, enquiry, &row.enquiry, &self.officers, &why).await {
            Ok(taken) => self.updated += usize::from(taken),
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

    async fn finish(mut self, sha256: &str) -> Result<(usize, Vec<RefusedRow>), ImportError> {
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
        queries::update_changed(self.connection, self.import, changed).await?;
        let detail = json!({
            "import": self.import, "file": self.file_name, "sha256": sha256, "created": self.examined.created,
            "updated": self.updated, "already_known": self.examined.known.len(),
            "refused": self.examined.reading.refused.len(),
        });
        let event = Event::new(Action::EnquiriesImported).with(detail);
        audit::record(self.connection, self.actor, &event).await?;
        Ok((self.updated, self.not_updated))
    }
}

/// Ends when nobody takes the rows any more.
fn read_into(table: &mut Table, request: &Request, sender: &mpsc::Sender<Vec<ReadRow>>) -> Result<(), NotATable> {
    let mut batch = Vec::with_capacity(BATCH);
    reading::read(table, request.plan(), &mut |row| {
        batch.push(row);
        if batch.len() < BATCH {
            return ControlFlow::Continue(());
        }
        match sender.blocking_send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH))) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    })?;
    // Where nobody listens any more, the writer has failed and says why.
    let _ = sender.blocking_send(batch);
    Ok(())
}
