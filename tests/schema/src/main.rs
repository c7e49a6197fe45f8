//! Makes an empty database with today's schema, for the checked SQL macros: `cargo run -p schema -- FILE`.
//! It is a package of its own because the product cannot be compiled before such a database exists.

use std::path::PathBuf;

use anyhow::Context;
use sqlx::Connection;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let file: PathBuf = std::env::args_os().nth(1).context("usage: schema FILE")?.into();
    for suffix in ["", "-wal", "-shm"] {
        let mut old = file.clone().into_os_string();
        old.push(suffix);
        let _ = std::fs::remove_file(old);
    }
    let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let migrations = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
    Migrator::new(std::path::Path::new(migrations)).await?.run(&mut connection).await?;
    connection.close().await?;
    Ok(())
}
