//! Receiving a file: streamed to a private file, never held whole, told by its size and its content and never by its name.

use std::io::Write;

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;
use sha2::{Digest, Sha256};
use tokio::task::spawn_blocking;

use super::folder::Folder;
use crate::db::files::create_private;
use crate::domain::text::tidy;
use crate::features::imports::actions::hex;
use crate::web::work::UnderWay;
use crate::web::{AppError, AppState, token};

/// In bytes.
pub const LARGEST: usize = 50 * 1024 * 1024;
/// As the layers let through: what is beyond `LARGEST` is read on and thrown away, so that the answer arrives.
pub const LARGEST_BODY: usize = 64 * 1024 * 1024;
/// Sheets have long names, people longer ones.
const LONGEST_NAME: usize = 150;

/// A file that has arrived.
pub struct Received {
    pub token: String,
    pub folder: Folder,
    pub file_name: String,
    pub sha256: String,
    pub bytes: usize,
    pub form_token: String,
    /// While it is, nobody takes its folder for one that was forgotten.
    pub under_way: UnderWay,
}

/// Why nothing was kept: a sentence.
pub enum NotReceived {
    Refused(&'static str),
    Failed(AppError),
}

const TOO_LARGE: &str = "This file is larger than 50 MB. Split it into several, each with the row of headings, or bring it \
                         in on the server with the command “hearth import enquiries”, which takes larger files";
const WORKBOOK_TOO_LARGE: &str = "This file is larger than 50 MB. Split it, save the sheet as CSV, or bring it in on the \
                                  server with the command “hearth import enquiries”, which takes larger files";
const NO_FILE: &str = "Choose a file";
const EMPTY: &str = "The file is empty";
const BROKEN_OFF: &str = "The file did not arrive whole, so nothing was kept. Send it again";

impl From<MultipartError> for NotReceived {
    fn from(error: MultipartError) -> NotReceived {
        match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => NotReceived::Refused(TOO_LARGE),
            _ => NotReceived::Refused(BROKEN_OFF),
        }
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failed {
    fn from(error: E) -> Failed {
        Failed(AppError::Internal(error.into()))
    }
}

/// What is nobody's fault.
struct Failed(AppError);

impl From<Failed> for NotReceived {
    fn from(failed: Failed) -> NotReceived {
        NotReceived::Failed(failed.0)
    }
}

pub async fn receive(state: &AppState, mut parts: Multipart) -> Result<Received, NotReceived> {
    let mut form_token = String::new();
    while let Some(part) = parts.next_field().await? {
        match part.name().unwrap_or_default() {
            "form_token" => form_token = part.text().await?,
            "file" => return receive_file(state, part, form_token).await,
            // The token of the form has been looked at before.
            _ => {}
        }
    }
    Err(NotReceived::Refused(NO_FILE))
}

async fn receive_file(state: &AppState, mut part: Field<'_>, form_token: String) -> Result<Received, NotReceived> {
    let file_name = shown_name(part.file_name().unwrap_or_default());
    let token: String = token::random().chars().filter(char::is_ascii_alphanumeric).collect();
    let under_way = state.work.begin(&token).ok_or(NotReceived::Refused(BROKEN_OFF))?;
    let folder = Folder::of(&state.config.database, &token);
    let unless_kept = Unfinished(Some(folder.clone()));
    let path = folder.file();
    let made = folder.clone();
    let mut file = blocking(move || made.create().and_then(|()| create_private(&path))).await?;
    let (mut hash, mut bytes, mut workbook) = (Sha256::new(), 0_usize, false);
    while let Some(chunk) = part.chunk().await? {
        workbook |= bytes == 0 && is_workbook(&chunk);
        bytes += chunk.len();
        if bytes <= LARGEST {
            hash.update(&chunk);
            file = blocking(move || file.write_all(&chunk).map(|()| file)).await?;
        }
    }
    match bytes {
        0 if file_name.is_empty() => return Err(NotReceived::Refused(NO_FILE)),
        0 => return Err(NotReceived::Refused(EMPTY)),
        bytes if bytes > LARGEST => {
            return Err(NotReceived::Refused(if workbook { WORKBOOK_TOO_LARGE } else { TOO_LARGE }));
        }
        _ => {}
    }
    unless_kept.keep();
    let file_name = if file_name.is_empty() { "file".to_owned() } else { file_name };
    Ok(Received { token, folder, file_name, sha256: hex(&hash.finalize()), bytes, form_token, under_way })
}

/// By how it begins: a zip file, or what Excel wrote before those.
fn is_workbook(begins: &[u8]) -> bool {
    begins.starts_with(b"PK") || begins.starts_with(b"\xD0\xCF\x11\xE0")
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> Result<T, Failed> {
    Ok(spawn_blocking(work).await??)
}

/// Deleted when the sending breaks off.
struct Unfinished(Option<Folder>);

impl Unfinished {
    fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(folder) = self.0.take()
            && let Err(error) = folder.delete()
        {
            tracing::warn!(%error, "the folder of an upload that broke off could not be deleted");
        }
    }
}

/// Without folders, which some browsers send, and without what could make it look like another name.
fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = tidy(last)
        .chars()
        .filter(|it| !matches!(it, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
        .collect();
    plain.chars().take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_shown_and_never_a_path() {
        for (sent, shown) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\jo\\tracker.xlsx", "tracker.xlsx"),
            ("a\u{202E}slx.exe", "aslx.exe"),
            ("Enquiries  2025\n.csv", "Enquiries 2025 .csv"),
            ("", ""),
        ] {
            assert_eq!(shown_name(sent), shown);
        }
        assert_eq!(shown_name(&"ü".repeat(500)).chars().count(), LONGEST_NAME);
    }
}
