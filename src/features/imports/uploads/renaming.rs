//! A source with another name, in the mappings that somebody saved.

use sqlx::SqliteConnection;

use super::queries_mappings;
use crate::features::imports::mapping_file::MappingFile;

/// The next file that is read by one of them brings the new name. It is no new version of a mapping: who saved it, and
/// when, stays.
pub async fn rename_source_in_mappings(write: &mut SqliteConnection, from: &str, to: &str) -> sqlx::Result<()> {
    let mut renamed = Vec::new();
    for (id, text) in queries_mappings::list_texts(&mut *write).await? {
        // What cannot be read says nothing about sources either; who uses it is told.
        let Ok(mut file) = MappingFile::parse(&text) else { continue };
        if file.rename_source(from, to) {
            renamed.push((id, file.text()));
        }
    }
    queries_mappings::update_texts(write, &renamed).await
}
