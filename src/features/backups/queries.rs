//! What a restored database must forget.

use sqlx::SqliteConnection;

pub async fn delete_unused_links(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    sqlx::query!("delete from invitation where used_at is null").execute(connection).await?;
    Ok(())
}
