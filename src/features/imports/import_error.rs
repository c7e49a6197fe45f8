//! Why a file is not taken in, or not read at all. A row that cannot be is refused by itself.

use super::file::NotATable;

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
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}
