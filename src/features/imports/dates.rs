//! A cell as a date. What is not clearly one day is refused, never guessed.

use super::file::{Cell, Epoch};
use super::words;
use crate::domain::day::Day;
use crate::domain::instant::Instant;
use crate::domain::text::written_day::{self, DateOrder, NotADay, WrittenDay};
use crate::domain::text::{self, tidy};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateCell {
    Nothing,
    Day(Day),
    /// Without a year, or only the week.
    Written(WrittenDay),
    /// It happened; when, nobody wrote down.
    Yes,
}

/// Bare numbers under this are counts, not days: it is 1927.
const LEAST_SERIAL: f64 = 10_000.0;

/// The error is a sentence.
pub fn read(cell: &Cell, order: DateOrder, epoch: Epoch) -> Result<DateCell, String> {
    match cell {
        Cell::Empty => Ok(DateCell::Nothing),
        Cell::Day(day) => Ok(DateCell::Day(*day)),
        Cell::YesNo(true) => Ok(DateCell::Yes),
        Cell::YesNo(false) => Ok(DateCell::Nothing),
        Cell::Number(number) => serial(*number, order, epoch),
        Cell::Text(text) => read_text(text, order, epoch),
    }
}

/// Whether somebody would say that a date stands there.
pub fn is_date(cell: &Cell, order: DateOrder, epoch: Epoch) -> bool {
    matches!(read(cell, order, epoch), Ok(DateCell::Day(_) | DateCell::Written(_)))
}

fn serial(number: f64, order: DateOrder, epoch: Epoch) -> Result<DateCell, String> {
    // 20240403 is a date that somebody typed as a number.
    if let Ok(written) = written_day::parse(&Cell::Number(number).text(), DateOrder::Ymd) {
        return Ok(with_year(DateCell::Written(written)));
    }
    let day = epoch.day(number).filter(|_| number >= LEAST_SERIAL);
    day.map(DateCell::Day).ok_or_else(|| format!("“{number}” is not a date{}", instead(order)))
}

/// What to do about one that is none.
fn instead(order: DateOrder) -> String {
    let like = match order {
        DateOrder::Dmy => "31/03/2025 (day/month/year)",
        DateOrder::Mdy => "03/31/2025 (month/day/year)",
        DateOrder::Ymd => "2025-03-31",
    };
    format!("; write one like {like}")
}

fn read_text(text: &str, order: DateOrder, epoch: Epoch) -> Result<DateCell, String> {
    let text = tidy(text);
    if text.is_empty() || words::says_no(&text) {
        return Ok(DateCell::Nothing);
    }
    if words::says_yes(&text) {
        return Ok(DateCell::Yes);
    }
    if let Some(day) = instant(&text) {
        return Ok(DateCell::Day(day));
    }
    // A workbook saved as CSV keeps its bare serial numbers.
    if text.len() == 5
        && let Ok(number) = text.parse::<u16>()
    {
        return serial(f64::from(number), order, epoch);
    }
    match written_day::parse(&text, order) {
        Ok(written) => Ok(with_year(DateCell::Written(written))),
        Err(why @ (NotADay::Impossible | NotADay::Unreadable)) => {
            Err(format!("“{}” {why}{}", shortened(&text), instead(order)))
        }
        Err(why) => Err(format!("“{}” {why}", shortened(&text))),
    }
}

/// Instants with their zone are their London day.
fn instant(text: &str) -> Option<Day> {
    let has_zone = text.ends_with(['Z', 'z']) || text.get(19..).is_some_and(|rest| rest.contains(['+', '-']));
    if text.len() < 17 || !has_zone {
        return None;
    }
    Instant::parse(text).ok().map(Instant::london_day)
}

fn with_year(cell: DateCell) -> DateCell {
    match cell {
        DateCell::Written(written) if !written.week_only => written.with_its_year().map_or(cell, DateCell::Day),
        _ => cell,
    }
}

/// Enough to find it again.
pub fn shortened(cell: &str) -> String {
    text::shortened(&tidy(cell), 60)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> DateCell {
        DateCell::Day(text.parse().unwrap())
    }

    fn read_as(cell: &Cell) -> Result<DateCell, String> {
        read(cell, DateOrder::Dmy, Epoch::Of1900)
    }

    #[test]
    fn cells_of_every_kind_are_dates() {
        let text = |text: &str| Cell::Text(text.to_owned());
        for (cell, read) in [
            (Cell::Number(45385.0), day("2024-04-03")),
            (Cell::Number(45518.695), day("2024-08-14")),
            (Cell::Number(20_240_403.0), day("2024-04-03")),
            (text("45385"), day("2024-04-03")),
            (text(" 03/04/24 "), day("2024-04-03")),
            (text("2024-07-01T23:30:00Z"), day("2024-07-02")),
            (text("2024-07-01T23:30:00+01:00"), day("2024-07-01")),
            (text("2024-07-01T23:30:00"), day("2024-07-01")),
            (text("2024-12-01 23:30:00Z"), day("2024-12-01")),
            (text("Yes"), DateCell::Yes),
            (text("✓"), DateCell::Yes),
            (Cell::YesNo(true), DateCell::Yes),
            (text("No"), DateCell::Nothing),
            (text("  "), DateCell::Nothing),
            (Cell::Empty, DateCell::Nothing),
        ] {
            assert_eq!(read_as(&cell), Ok(read), "{cell:?}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused_with_a_sentence() {
        for (cell, sentence) in [
            (Cell::Number(47.0), "“47” is not a date; write one like 31/03/2025 (day/month/year)"),
            (Cell::Number(2024.0), "“2024” is not a date; write one like 31/03/2025 (day/month/year)"),
            (Cell::Number(-1.0), "“-1” is not a date; write one like 31/03/2025 (day/month/year)"),
            (
                Cell::Text("30/02/2024".to_owned()),
                "“30/02/2024” is not a date; write one like 31/03/2025 (day/month/year)",
            ),
            (Cell::Text("12/07/24 & 19/07/24".to_owned()), "“12/07/24 & 19/07/24” holds two dates; one is wanted"),
            (Cell::Text("May 2024".to_owned()), "“May 2024” is a month, not a day"),
            (Cell::Text("#REF!".to_owned()), "“#REF!” is not a date; write one like 31/03/2025 (day/month/year)"),
        ] {
            assert_eq!(read_as(&cell).unwrap_err(), sentence);
        }
    }

    proptest! {
        #[test]
        fn no_cell_makes_it_panic(text in ".{0,60}", number in any::<f64>()) {
            let _ = read_as(&Cell::Text(text));
            let _ = read_as(&Cell::Number(number));
        }
    }
}
