//! Sending a file, and how far it is.

use askama::Template;
use askama_web::WebTemplate;

use super::queries::Upload;
use super::receive;
use crate::domain::text::grouped;
use crate::domain::upload::UploadState;
use crate::features::imports::file::{LARGEST_ODS, Limits};
use crate::web::work::Progress;
use crate::web::{Ctx, Page};

#[derive(Template, WebTemplate)]
#[template(path = "imports/new.html")]
pub struct NewPage {
    page: Page,
    form_token: String,
    refused: Option<String>,
}

impl NewPage {
    pub fn new(ctx: &Ctx, refused: Option<String>) -> NewPage {
        let title = if refused.is_some() { "Error: Bring in a file" } else { "Bring in a file" };
        NewPage { page: Page::new(ctx, title), form_token: ctx.form_token(), refused }
    }

    fn most_bytes(&self) -> usize {
        receive::LARGEST
    }

    /// `CSV, XLSX or ODS, up to 50 MB (ODS 20 MB) and 20,000 rows`.
    fn limits(&self) -> String {
        const MEGABYTE: u64 = 1024 * 1024;
        let (most, of_ods) = (receive::LARGEST as u64 / MEGABYTE, LARGEST_ODS / MEGABYTE);
        let rows = Limits::BROWSER.rows.map(|rows| format!(" and {} rows", grouped(rows))).unwrap_or_default();
        format!("CSV, XLSX or ODS, up to {most} MB (ODS {of_ods} MB){rows}")
    }
}

#[derive(Template)]
#[template(path = "imports/progress.html", blocks = ["progress"])]
pub struct ProgressPage {
    page: Page,
    upload: Upload,
    progress: Option<Progress>,
}

impl ProgressPage {
    pub fn new(ctx: &Ctx, upload: Upload, progress: Option<Progress>) -> ProgressPage {
        ProgressPage { page: Page::new(ctx, upload.file_name.clone()), upload, progress }
    }

    fn is_importing(&self) -> bool {
        self.upload.state == UploadState::Importing
    }

    fn hundredths(&self) -> Option<usize> {
        self.progress?.hundredths()
    }

    fn said(&self) -> String {
        let rows = |done: usize| if done == 0 { String::new() } else { format!(": {} rows so far", grouped(done)) };
        match (self.progress, self.upload.state) {
            (Some(Progress { done, of: Some(of) }), _) => {
                format!("Written: {} of {} rows", grouped(done), grouped(of))
            }
            (Some(Progress { done, .. }), UploadState::Reading) => format!("Reading the file{}", rows(done)),
            (Some(Progress { done, .. }), _) => format!("Reading and checking{}", rows(done)),
            (None, _) => String::new(),
        }
    }
}
