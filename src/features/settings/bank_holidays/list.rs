//! The official list as a file: the JSON of gov.uk/bank-holidays, or a CSV with a date and a name in each row.

use crate::domain::day::Day;
use crate::domain::text::day_words;
use crate::domain::working_days::{BankHoliday, Official, official};

/// Or a sentence that says what is wrong with it.
pub fn read(bytes: &[u8], today: Day) -> Result<Official, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "This file is neither JSON nor CSV".to_owned())?;
    let text = text.trim_start_matches('\u{feff}').trim();
    let listed = if text.starts_with('{') { of_json(text)? } else { of_csv(text, today)? };
    official(&listed).map_err(|refused| format!("{refused}. Nothing was changed"))
}

fn of_json(text: &str) -> Result<Vec<BankHoliday>, String> {
    let json: serde_json::Value =
        serde_json::from_str(text).map_err(|error| format!("This JSON cannot be read: {error}"))?;
    let whole = json.get("england-and-wales").unwrap_or(&json);
    let events = whole.get("events").and_then(|events| events.as_array());
    let events = events.ok_or("There is no list of England and Wales in this JSON")?;
    let read = |event: &serde_json::Value| {
        let text = |name: &str| event.get(name).and_then(|value| value.as_str()).unwrap_or_default();
        let on = text("date").parse().map_err(|error| format!("{error}. Nothing was changed"))?;
        Ok(BankHoliday { on, name: name(text("title")) })
    };
    events.iter().map(read).collect()
}

/// A heading is passed over: the first row whose first cell is no date.
fn of_csv(text: &str, today: Day) -> Result<Vec<BankHoliday>, String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut listed = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let record = record.map_err(|error| format!("This CSV cannot be read: {error}"))?;
        let cell = |nth: usize| record.get(nth).unwrap_or_default().trim();
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let on = cell(0).parse().ok().or_else(|| day_words::parse(cell(0), today).ok());
        match on {
            Some(on) => listed.push(BankHoliday { on, name: name(cell(1)) }),
            None if at == 0 => {}
            None => return Err(format!("Row {}: “{}” is not a date. Nothing was changed", at + 1, cell(0))),
        }
    }
    Ok(listed)
}

fn name(text: &str) -> String {
    const LONGEST: usize = 100;
    let name: String = text.trim().chars().take(LONGEST).collect();
    if name.is_empty() { "Bank holiday".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    const OF_2020: &str = r#"{"england-and-wales":{"division":"england-and-wales","events":[
        {"title":"New Year’s Day","date":"2020-01-01","notes":"","bunting":true},
        {"title":"Good Friday","date":"2020-04-10","notes":"","bunting":false},
        {"title":"Easter Monday","date":"2020-04-13","notes":"","bunting":true},
        {"title":"Early May bank holiday (VE day)","date":"2020-05-08","notes":"","bunting":true},
        {"title":"Spring bank holiday","date":"2020-05-25","notes":"","bunting":true},
        {"title":"Summer bank holiday","date":"2020-08-31","notes":"","bunting":true},
        {"title":"Christmas Day","date":"2020-12-25","notes":"","bunting":true},
        {"title":"Boxing Day","date":"2020-12-28","notes":"Substitute day","bunting":true}]},
        "scotland":{"division":"scotland","events":[]}}"#;

    #[test]
    fn the_list_of_gov_uk_is_read_as_json_and_as_csv() {
        let today = day("2025-10-14");
        let json = read(OF_2020.as_bytes(), today).unwrap();
        let special: Vec<_> = json.special.iter().map(|it| (it.on, it.holiday)).collect();
        assert_eq!(special, [(day("2020-05-04"), false), (day("2020-05-08"), true)]);
        assert_eq!(json.special[1].name, "Early May bank holiday (VE day)");

        let csv = "date,title\n2020-01-01,New Year’s Day\n10/04/2020,Good Friday\n13 April 2020,Easter Monday\n\
                   2020-05-08,VE day\n2020-05-25,Spring\n2020-08-31,Summer\n2020-12-25,Christmas\n2020-12-28,Boxing Day\n";
        let csv = read(csv.as_bytes(), today).unwrap();
        assert_eq!(csv.special.iter().map(|it| (it.on, it.holiday)).collect::<Vec<_>>(), special);
    }

    #[test]
    fn what_is_no_whole_list_is_refused_with_a_sentence() {
        let today = day("2025-10-14");
        for (file, word) in [
            (&b"\xff\xfe\x00"[..], "neither"),
            (b"{\"a\":1}", "England and Wales"),
            (b"{", "cannot be read"),
            (b"", "no bank holiday"),
            (b"2020-01-01,New Year\nsoon,Easter\n", "Row 2"),
            (b"2020-01-01,New Year\n2020-04-10,Good Friday\n", "2020 has 2 bank holidays"),
        ] {
            let sentence = read(file, today).unwrap_err();
            assert!(sentence.contains(word), "{sentence}");
        }
    }
}
