//! Rows on their way: the file is read on a thread of its own, and what is read is handed over many at once.

use std::ops::ControlFlow;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinHandle, spawn_blocking};

use super::file::{NotATable, Table};
use super::read_rows::ReadRow;
use super::reading::{self, Reading};
use super::request::Request;

/// How many rows are handed over at once.
pub const BATCH: usize = 1_000;
/// The reader waits for those who take the rows, so that few of them are in memory.
const ON_THE_WAY: usize = 2;

pub type Batches = mpsc::Receiver<Vec<ReadRow>>;

/// The file and what was read of it, once its rows were taken. Fails when the reader panics.
pub struct Reader(JoinHandle<(Table, Result<Reading, NotATable>)>);

impl Reader {
    pub async fn end(self) -> Result<(Table, Result<Reading, NotATable>), JoinError> {
        self.0.await
    }
}

pub fn read(request: &Arc<Request>, mut table: Table) -> (Reader, Batches) {
    let (sender, batches) = mpsc::channel(ON_THE_WAY);
    let request = Arc::clone(request);
    let reader = spawn_blocking(move || {
        let reading = read_into(&mut table, &request, &sender);
        (table, reading)
    });
    (Reader(reader), batches)
}

/// Ends when nobody takes the rows any more.
fn read_into(table: &mut Table, request: &Request, sender: &mpsc::Sender<Vec<ReadRow>>) -> Result<Reading, NotATable> {
    let mut batch = Vec::with_capacity(BATCH);
    let reading = reading::read(table, request.plan(), &mut |row| {
        batch.push(row);
        if batch.len() < BATCH {
            return ControlFlow::Continue(());
        }
        match sender.blocking_send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH))) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    })?;
    // Where nobody listens any more, whoever took them has failed and says why.
    let _ = sender.blocking_send(batch);
    Ok(reading)
}
