//! What each step of bringing a file in begins with and keeps: the upload, the look at its file, the mapping so far.

use super::actions;
use super::folder::Folder;
use super::queries::Upload;
use super::survey::Survey;
use crate::domain::ids::UploadId;
use crate::domain::reason::CloseReason;
use crate::domain::upload::UploadState;
use crate::features::imports::mapping_file::MappingFile;
use crate::features::pipeline;
use crate::web::error::Result;
use crate::web::{AppError, AppState, Ctx};

/// Everything that a step is about.
pub struct Step {
    pub upload: Upload,
    pub survey: Survey,
    pub file: MappingFile,
    pub reasons: Vec<CloseReason>,
}

impl Step {
    pub async fn load(state: &AppState, ctx: &Ctx, id: UploadId) -> Result<Step> {
        let upload = actions::find_open(state, id, ctx.user.id).await?;
        let folder = Folder::of(&state.config.database, &upload.token);
        let survey = tokio::task::spawn_blocking(move || folder.read("survey")).await??;
        let file = MappingFile::parse(upload.mapping.as_deref().unwrap_or_default()).map_err(anyhow::Error::msg)?;
        let reasons = pipeline::list_close_reasons(&mut *state.db.read().acquire().await?).await?;
        Ok(Step { upload, survey, file, reasons })
    }

    /// Keeps the mapping; a preview that was there is out of date.
    pub async fn save(&mut self, state: &AppState, ctx: &Ctx, what: &str) -> Result<()> {
        self.upload.mapping = Some(self.file.text());
        self.upload.state = UploadState::Read;
        self.upload.problem = None;
        match actions::change(state, &ctx.actor(), &self.upload, what).await? {
            true => Ok(()),
            false => Err(AppError::Conflict(ELSEWHERE.to_owned())),
        }
    }
}

/// Said where another window was first.
pub const ELSEWHERE: &str =
    "This file was changed in another window. Go back, reload the page and look at what has changed.";
