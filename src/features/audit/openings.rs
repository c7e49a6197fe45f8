//! Writes the openings of records that wait, together: within a second, and at the end of the service.

use super::record;
use crate::web::AppState;

/// In one transaction. What cannot be written now waits on.
pub async fn write_openings(state: &AppState) -> sqlx::Result<()> {
    let openings = state.openings.take();
    if openings.is_empty() {
        return Ok(());
    }
    let written = async {
        let mut write = state.db.write().await?;
        for opening in &openings {
            record(&mut write, &opening.actor, &opening.event).await?;
        }
        write.commit().await
    };
    let written = written.await;
    if written.is_err() {
        state.openings.put_back(openings);
    }
    written
}
