//! What the list shows as a file: all that match, in its order, with its columns. Read a thousand at a time; a workbook
//! goes through a temporary file, so that neither fills the memory.

use std::io::{Read, Seek};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use futures::{Stream, StreamExt, stream};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde_json::json;

use super::asking::Asking;
use super::cells::{Cell, Value};
use super::columns::{self, Column};
use super::filters::Filters;
use super::handlers::matching;
use super::lines::{self, Line};
use crate::domain::audit::{Action, Event};
use crate::domain::day::Day;
use crate::domain::ids::EnquiryId;
use crate::domain::text::formula::harmless;
use crate::domain::time_limit::Rules;
use crate::features::audit;
use crate::web::error::Result;
use crate::web::xlsx::{self, MOST_ROWS};
use crate::web::{AppError, AppState, Ctx, csv, finish};

/// How many rows are in memory at once.
const AT_ONCE: usize = 1_000;
/// How much of a finished workbook is read at once.
const PIECE: usize = 64 * 1024;
/// Who it is: always there, as on the page.
const LEAD: [&str; 3] = ["Reference", "Household", "Postcode"];

pub async fn as_csv(State(state): State<AppState>, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    let export = Export::begin(&state, &ctx, query.as_deref(), "csv").await?;
    let header: Vec<_> = export.header().collect();
    let name = export.name.clone();
    Ok(csv::answer(&name, &header, rows(state, export)))
}

pub async fn as_xlsx(State(state): State<AppState>, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    let export = Export::begin(&state, &ctx, query.as_deref(), "xlsx").await?;
    let file = workbook(&state, &export).await?;
    Ok(xlsx::answer(&export.name, Body::from_stream(pieces(file))))
}

/// What is taken away, settled before the first row of it.
struct Export {
    name: String,
    ids: Arc<[EnquiryId]>,
    columns: Vec<Column>,
    rules: Option<Arc<Rules>>,
    today: Day,
}

impl Export {
    /// The entry in the audit comes first: nothing leaves without one.
    async fn begin(state: &AppState, ctx: &Ctx, query: Option<&str>, ending: &str) -> Result<Export> {
        // One large list at a time, so that everybody else's pages stay quick.
        let turn = state.work.turn().await;
        let mut db = state.db.read().acquire().await?;
        let query = query.unwrap_or_default();
        let asking = Asking::read(&mut db, ctx, query).await?;
        // A file has no room for what is wrong with its address: the page has.
        if !asking.form.is_valid() {
            return Err(AppError::SaidBy(format!("/enquiries?{query}")));
        }
        let ids = matching(&mut db, &asking, ctx.today, MOST_ROWS).await?;
        if ids.len() > MOST_ROWS {
            return Err(AppError::Refused("A file holds at most 1,048,575 enquiries. Choose fewer with the filters."));
        }
        let rules = lines::rules(&mut db, &asking.columns).await?.map(Arc::new);
        drop((db, turn));
        let name = file_name(&ctx.service_name, ctx.today, ending);
        write_down(state, ctx, &asking, &name, ids.len()).await?;
        Ok(Export { name, ids: ids.into(), columns: asking.columns, rules, today: ctx.today })
    }

    fn header(&self) -> impl Iterator<Item = &'static str> {
        LEAD.into_iter().chain(self.columns.iter().map(|column| column.label()))
    }

    async fn lines(&self, state: &AppState, from: usize) -> sqlx::Result<Vec<Line>> {
        let ids = &self.ids[from..self.ids.len().min(from + AT_ONCE)];
        let mut db = state.db.read().acquire().await?;
        lines::list_lines(&mut db, ids, &self.columns, self.rules.as_deref(), self.today).await
    }
}

/// Filters are written down, what somebody searched for is not: it may be a name.
async fn write_down(state: &AppState, ctx: &Ctx, asking: &Asking, name: &str, count: usize) -> Result<()> {
    let filters = Filters { text: None, ..asking.filters.clone() }.content();
    let event = Event::new(Action::EnquiriesExported).with(json!({
        "file": name,
        "enquiries": count,
        "filters": filters,
        "searched": asking.filters.text.is_some(),
        "columns": columns::codes(&asking.columns),
    }));
    let (db, actor) = (state.db.clone(), ctx.actor());
    finish(async move {
        let mut write = db.write().await?;
        audit::record(&mut write, &actor, &event).await?;
        write.commit().await?;
        Ok(())
    })
    .await
}

/// `wearmouth-council-enquiries-2025-10-14.csv`
fn file_name(service: &str, today: Day, ending: &str) -> String {
    let words: Vec<_> = service.split(|it: char| !it.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let service = words.join("-").to_lowercase();
    let joint = if service.is_empty() { "" } else { "-" };
    format!("{service}{joint}enquiries-{today}.{ending}")
}

fn rows(state: AppState, export: Export) -> impl Stream<Item = sqlx::Result<Vec<String>>> + Send + 'static {
    let starts = stream::iter((0..export.ids.len()).step_by(AT_ONCE));
    let export = Arc::new(export);
    starts
        .then(move |from| {
            let (state, export) = (state.clone(), Arc::clone(&export));
            async move {
                let read = export.lines(&state, from).await;
                let rows = read.map(|lines| lines.iter().map(|line| Ok(texts(line).collect())).collect::<Vec<_>>());
                stream::iter(rows.unwrap_or_else(|error| vec![Err(error)]))
            }
        })
        .flatten()
}

fn lead(line: &Line) -> [String; 3] {
    [line.row.reference.clone(), line.row.name.clone(), line.row.postcode.clone().unwrap_or_default()]
}

fn texts(line: &Line) -> impl Iterator<Item = String> {
    let cells = line.cells.iter().map(|cell| match cell.value {
        Value::Day(day) if cell.meta.is_empty() => day.to_string(),
        _ => cell.text(),
    });
    lead(line).into_iter().chain(cells)
}

/// A finished workbook, at its beginning. The library keeps one row in memory and the rest in files without a name.
async fn workbook(state: &AppState, export: &Export) -> Result<std::fs::File> {
    let turn = state.work.turn().await;
    let mut workbook = Workbook::new();
    let (bold, dates) = (Format::new().set_bold(), Format::new().set_num_format("d mmm yyyy"));
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    sheet.set_name("Enquiries")?.set_freeze_panes(1, 0)?;
    for (at, name) in (0..).zip(export.header()) {
        sheet.set_column_width(at, if at == 1 { 32 } else { 18 })?;
        sheet.write_with_format(0, at, name, &bold)?;
    }
    let mut next = 1;
    for from in (0..export.ids.len()).step_by(AT_ONCE) {
        for line in export.lines(state, from).await? {
            let sheet = workbook.worksheet_from_index(0)?;
            for (at, text) in (0..).zip(lead(&line)) {
                sheet.write_string(next, at, harmless(&text))?;
            }
            for (at, cell) in (3..).zip(&line.cells).filter(|(_, cell)| !cell.is_empty()) {
                write(sheet, (next, at), cell, &dates)?;
            }
            next += 1;
        }
    }
    drop(turn);
    let file = tokio::task::spawn_blocking(move || {
        let mut file = tempfile::tempfile()?;
        workbook.save_to_writer(&mut file)?;
        file.rewind()?;
        Ok::<_, anyhow::Error>(file)
    });
    Ok(file.await??)
}

fn write(
    sheet: &mut rust_xlsxwriter::Worksheet,
    (row, at): (u32, u16),
    cell: &Cell,
    dates: &Format,
) -> std::result::Result<(), XlsxError> {
    match cell.value {
        Value::Day(day) if cell.meta.is_empty() => {
            sheet.write_datetime_with_format(row, at, &xlsx::date(day)?, dates)?;
        }
        #[allow(clippy::cast_precision_loss, reason = "days of a life")]
        Value::Number(number) => {
            sheet.write_number(row, at, number as f64)?;
        }
        _ => {
            sheet.write_string(row, at, harmless(&cell.text()))?;
        }
    }
    Ok(())
}

fn pieces(file: std::fs::File) -> impl Stream<Item = std::io::Result<Vec<u8>>> + Send + 'static {
    stream::try_unfold(file, |mut file| async move {
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; PIECE];
            let length = file.read(&mut piece)?;
            piece.truncate(length);
            Ok::<_, std::io::Error>((piece, file))
        });
        let (piece, file) = read.await.map_err(std::io::Error::other)??;
        Ok((!piece.is_empty()).then_some((piece, file)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_service_and_day() {
        let today = "2025-10-14".parse().unwrap();
        assert_eq!(file_name("Wearmouth Council", today, "csv"), "wearmouth-council-enquiries-2025-10-14.csv");
        assert_eq!(file_name("Ynys Môn", today, "xlsx"), "ynys-m-n-enquiries-2025-10-14.xlsx");
        assert_eq!(file_name("", today, "csv"), "enquiries-2025-10-14.csv");
    }
}
