//! What is done to an uploaded file beside the requests: reading it, checking it, taking it in. One at a time, off the
//! async threads; what was under way when the service stops has written nothing.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::spawn_blocking;
use tracing::Instrument;

use super::drafting;
use super::folder::Folder;
use super::preview::Preview;
use super::queries::{self, Upload};
use super::queries_mappings;
use super::survey::{Layout, Survey, survey};
use crate::db::Db;
use crate::domain::actor::Actor;
use crate::domain::ids::UploadId;
use crate::domain::reason::CloseReason;
use crate::domain::upload::UploadState;
use crate::features::imports::actions::{self, ATTEMPTS, Looked};
use crate::features::imports::file::{Limits, NotATable};
use crate::features::imports::import_error::ImportError;
use crate::features::imports::mapping::Mapping;
use crate::features::imports::mapping_file::MappingFile;
use crate::features::imports::problems::{self, Format};
use crate::features::imports::progress::{Step, Tell};
use crate::features::imports::read_rows::{Place, ReadRow, RefusedRow};
use crate::features::imports::request::Request;
use crate::features::imports::taking::{Brought, Newer, Taken};
use crate::features::pipeline;
use crate::web::AppState;
use crate::web::work::{MOMENT, Progress, UnderWay};

/// The refused rows, to correct and bring back.
pub const PROBLEMS: &str = "problems";

/// Does what the upload's state says is being done to it. Returns when that is done, or after a moment.
pub async fn begin(state: &AppState, actor: Actor, upload: UploadId, token: &str) {
    let Some(under_way) = state.work.begin(token) else { return };
    let state = state.clone();
    let running = tokio::spawn(async move { run(&state, &actor, upload, under_way).await }.in_current_span());
    // It runs on when the moment is over.
    let _ = tokio::time::timeout(MOMENT, running).await;
}

async fn run(state: &AppState, actor: &Actor, id: UploadId, under_way: UnderWay) {
    let Some(_turn) = state.work.turn().await else { return };
    let Ok(Some(upload)) = queries::find(state.db.read(), id, actor.user).await else { return };
    let under_way = Arc::new(under_way);
    let piece = Piece {
        db: &state.db,
        actor,
        folder: Folder::of(&state.config.database, &upload.token),
        tell: tell(&under_way),
    };
    let was = upload.state;
    let done = match was {
        UploadState::Reading => piece.read(upload).await,
        UploadState::Checking => piece.check(upload).await,
        UploadState::Importing => piece.import(upload).await,
        _ => return,
    };
    if let Err(error) = done {
        piece.fail(id, was, &error).await;
    }
}

fn tell(under_way: &Arc<UnderWay>) -> Tell {
    let under_way = Arc::clone(under_way);
    Arc::new(move |step| {
        under_way.tell(match step {
            Step::Reading { rows } => Progress { done: rows, of: None },
            Step::Writing { done, of } => Progress { done, of: Some(of) },
        });
    })
}

struct Piece<'a> {
    db: &'a Db,
    actor: &'a Actor,
    folder: Folder,
    tell: Tell,
}

impl Piece<'_> {
    /// What stands in the file; and, the first time, what its columns probably are.
    async fn read(&self, mut upload: Upload) -> Result<(), ImportError> {
        let layout: Option<Layout> = upload.layout.as_deref().map(serde_json::from_str).transpose()?;
        let mut found = self.survey(layout.clone()).await?;
        if upload.mapping.is_none() {
            let reasons = pipeline::list_close_reasons(&mut *self.db.read().acquire().await?).await?;
            let carried = found.carried.take().map(|it| {
                let file = it?;
                Mapping::of(&file, &reasons).map(|mapping| (file, mapping))
            });
            let (mut file, note) = match carried {
                Some(Ok((file, mapping))) => {
                    let its_own = drafting::layout_for(&mapping, &found);
                    if layout.is_none() && its_own.as_ref().is_some_and(|its_own| *its_own != found.layout) {
                        found = self.survey(its_own).await?;
                    }
                    (file, Some(BROUGHT_BACK.to_owned()))
                }
                Some(Err(why)) => {
                    let (file, note) = self.likely_mapping(&found, &reasons).await?;
                    let note = note.unwrap_or_default();
                    (file, Some(format!("{NOT_AS_BEFORE} What is wrong with it: {why}. {note}")))
                }
                None => self.likely_mapping(&found, &reasons).await?,
            };
            upload.problem = note;
            drafting::fit(&mut file, &found);
            upload.mapping = Some(file.text());
        }
        self.folder.write("survey", &found)?;
        upload.layout = Some(serde_json::to_string(&found.layout)?);
        upload.state = UploadState::Read;
        self.save(&upload).await
    }

    /// One that was saved for these headers, else what the headers suggest. And what to say of it.
    async fn likely_mapping(
        &self,
        found: &Survey,
        reasons: &[CloseReason],
    ) -> Result<(MappingFile, Option<String>), ImportError> {
        let saved = queries_mappings::find_mapping_for(self.db.read(), &found.headers_hash()).await?;
        let saved = saved.and_then(|saved| MappingFile::parse(&saved.text).ok().map(|file| (saved.name, file)));
        Ok(match saved {
            Some((name, file)) => {
                (file, Some(format!("This file has the headers of “{name}”, so that mapping is filled in.")))
            }
            None => (drafting::begun(found, reasons), None),
        })
    }

    async fn survey(&self, layout: Option<Layout>) -> Result<Survey, ImportError> {
        let path = self.folder.file();
        spawn_blocking(move || survey(&path, layout, &Limits::BROWSER)).await?
    }

    async fn check(&self, mut upload: Upload) -> Result<(), ImportError> {
        let request = self.request(&upload).await?;
        let (_, preview) = self.look(&request).await?;
        preview.write(&self.folder)?;
        if upload.preview_hash.as_ref() != Some(&preview.hash) {
            upload.newer = "none".to_owned();
        }
        upload.preview_hash = Some(preview.hash);
        upload.state = UploadState::Checked;
        upload.problem = None;
        self.save(&upload).await
    }

    /// What was confirmed and nothing else: where the database makes something else of the file by now, the preview is
    /// shown again.
    async fn import(&self, mut upload: Upload) -> Result<(), ImportError> {
        let request = self.request(&upload).await?;
        let newer = newer_of(&upload.newer)?;
        if actions::sha256_of(&self.folder.file()).await? != upload.sha256 {
            return Err(ImportError::FileChanged);
        }
        for _ in 0..ATTEMPTS {
            let (looked, preview) = self.look(&request).await?;
            if upload.preview_hash.as_ref() != Some(&preview.hash) {
                preview.write(&self.folder)?;
                upload.preview_hash = Some(preview.hash);
                upload.state = UploadState::Checked;
                upload.problem = Some(CHANGED.to_owned());
                return self.save(&upload).await;
            }
            self.write_problems(&request, looked.report.refused.clone()).await?;
            if let Some(taken) = self.take(&mut upload, &request, looked, &newer).await? {
                tracing::info!(import = taken.import.0, "a file was imported");
                self.folder.delete_all_but(PROBLEMS)?;
                return Ok(());
            }
        }
        Err(ImportError::Overtaken)
    }

    /// None where something was written since the file was checked.
    async fn take(
        &self,
        upload: &mut Upload,
        request: &Arc<Request>,
        looked: Looked,
        newer: &Newer,
    ) -> Result<Option<Taken>, ImportError> {
        let mut write = self.db.write().await?;
        if !crate::features::imports::queries::is_unchanged_since(&mut write, looked.mark).await? {
            return Ok(None);
        }
        let (file_name, sha256) = (upload.file_name.clone(), upload.sha256.clone());
        let brought = Brought { file_name: &file_name, sha256: &sha256 };
        let taken = actions::take(&mut write, self.actor, request, brought, looked, newer, &self.tell).await?;
        upload.state = UploadState::Imported;
        upload.import = Some(taken.import);
        upload.mapping = None;
        upload.layout = None;
        upload.problem = not_updated(&taken);
        if !queries::update(&mut write, upload).await? {
            return Err(ImportError::FileChanged);
        }
        write.commit().await?;
        Ok(Some(taken))
    }

    async fn look(&self, request: &Arc<Request>) -> Result<(Looked, Preview), ImportError> {
        let (path, for_opening) = (self.folder.file(), Arc::clone(request));
        let table = spawn_blocking(move || for_opening.open(&path)).await??;
        let rows: Arc<Mutex<Vec<ReadRow>>> = Arc::default();
        let kept = Arc::clone(&rows);
        let keep = move |row: &ReadRow| kept.lock().unwrap_or_else(PoisonError::into_inner).push(row.clone());
        let looked = actions::look(self.db, request, table, &self.tell, keep).await?;
        let rows = std::mem::take(&mut *rows.lock().unwrap_or_else(PoisonError::into_inner));
        let mut connection = self.db.read().acquire().await?;
        let preview =
            Preview::of(&mut connection, &looked.examined, &looked.report, &rows, self.actor.user, request.today);
        let preview = preview.await?;
        Ok((looked, preview))
    }

    async fn write_problems(&self, request: &Arc<Request>, refused: Vec<RefusedRow>) -> Result<(), ImportError> {
        let request = Arc::clone(request);
        let (from, to) = (self.folder.file(), self.folder.path(PROBLEMS));
        spawn_blocking(move || {
            let mut table = request.open(&from)?;
            let format = Format::like(&table);
            problems::write_problems(&mut table, &request, &refused, &to, format).map(drop)
        })
        .await?
    }

    async fn request(&self, upload: &Upload) -> Result<Arc<Request>, ImportError> {
        let reasons = pipeline::list_close_reasons(&mut *self.db.read().acquire().await?).await?;
        let mapping = Mapping::parse(upload.mapping.as_deref().unwrap_or_default(), &reasons);
        let mapping = mapping.map_err(|why| ImportError::Table(NotATable::because(why)))?;
        let today = self.actor.at.london_day();
        Ok(Arc::new(Request { mapping, reasons, today, only_sheet: None, limits: Limits::BROWSER }))
    }

    async fn save(&self, upload: &Upload) -> Result<(), ImportError> {
        let mut write = self.db.write().await?;
        queries::update(&mut write, upload).await?;
        Ok(write.commit().await?)
    }

    /// Says why, and leaves the file as it was before this step; one that cannot be read at all is deleted.
    async fn fail(&self, id: UploadId, was: UploadState, error: &ImportError) {
        let refused = matches!(error, ImportError::Table(NotATable::Refused(_)));
        if !refused {
            tracing::error!(error = format!("{error:#}"), ?was, "an uploaded file");
        }
        let Ok(Some(mut upload)) = queries::find(self.db.read(), id, self.actor.user).await else { return };
        upload.problem = Some(match error {
            ImportError::Table(NotATable::Refused(sentence)) => sentence.clone(),
            ImportError::Overtaken => OVERTAKEN.to_owned(),
            _ => UNEXPECTED.to_owned(),
        });
        let first = was == UploadState::Reading && upload.mapping.is_none();
        upload.state = match was {
            UploadState::Reading if first => UploadState::Refused,
            UploadState::Importing if !refused => UploadState::Checked,
            _ => UploadState::Read,
        };
        let saved = self.save(&upload).await;
        if saved.is_ok() && first && self.folder.delete().is_err() {
            tracing::warn!("the folder of an upload could not be deleted");
        }
    }
}

const BROUGHT_BACK: &str = "These are rows that Hearth could not take, brought back. The file carries the mapping with \
                            which they were read: date order, columns, hub and words are filled in as they were.";
const NOT_AS_BEFORE: &str = "These are rows that Hearth could not take, brought back, but the mapping that the file \
                             carries cannot be used. Columns, date order and words are not as they were: look at each.";
const CHANGED: &str = "Nothing has been written yet: something has changed since you saw the preview. This is what would \
                       become of the file now. Look again, and confirm it if it is right.";
const OVERTAKEN: &str =
    "Nothing has been written: enquiries were added all the time while the file was checked. Try again.";
const UNEXPECTED: &str = "This did not work, and nothing has been written. Try again; if it happens again, tell your \
                          administrator.";

/// As many as are named.
const NAMED: usize = 5;

/// Newer facts that could not be taken, with the rows.
fn not_updated(taken: &Taken) -> Option<String> {
    if taken.not_updated.is_empty() {
        return None;
    }
    let rows: Vec<String> =
        taken.not_updated.iter().take(NAMED).map(|it| format!("row {}: {}", it.place.row, it.problem)).collect();
    let more = taken.not_updated.len().saturating_sub(NAMED);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    Some(format!("Newer facts that could not be taken: {}{more}.", rows.join("; ")))
}

/// `none`, `all`, or the rows.
pub fn newer_of(text: &str) -> Result<Newer, ImportError> {
    Ok(match text {
        "none" => Newer::None,
        "all" => Newer::All,
        rows => Newer::Of(serde_json::from_str::<Vec<Place>>(rows)?.into_iter().collect()),
    })
}
