//! What the pages of the steps send, as a layout and a mapping.

use toml::Value as Toml;

use super::step::Step;
use super::survey::{Chosen, Layout, Survey};
use super::words::{self, Kind, pair};
use crate::domain::text::tidy;
use crate::domain::text::written_day::DateOrder;
use crate::features::imports::mapping::{Mapping, Target};
use crate::features::imports::mapping_file::{HubTable, MappingFile, Only, Skip};
use crate::web::Form;

/// New patterns that one sending may bring, of each kind.
pub const NEW_PATTERNS: usize = 2;

/// `sheet-0=yes`, `header-0=4`.
pub fn layout(form: &mut Form, survey: &Survey) -> Option<Layout> {
    let mut chosen = Vec::new();
    for (at, sheet) in survey.sheets.iter().enumerate() {
        if survey.sheets.len() > 1 && !form.is_chosen(&format!("sheet-{at}"), "yes") {
            continue;
        }
        let field = format!("header-{at}");
        let header = form.required_choice::<u32>(&field, "Choose the row that holds the headers");
        let header = header.filter(|number| sheet.top.iter().any(|row| row.number == *number));
        match header {
            Some(header) => chosen.push(Chosen { sheet: sheet.name.clone(), header }),
            None => form.fail(&field, "Choose the row that holds the headers"),
        }
    }
    if chosen.is_empty() && form.is_valid() {
        form.fail("sheet-0", "Choose at least one sheet");
    }
    form.is_valid().then_some(Layout(chosen))
}

/// The page as the mapping stands.
pub fn columns_of(step: &Step) -> Form {
    let file = &step.file;
    let mut form = Form::of([
        ("date_order", file.date_order.clone().unwrap_or_else(|| "dmy".to_owned())),
        ("blank", file.blank.join(", ")),
        ("skip", file.skip.as_ref().map(|skip| skip.starts.join(", ")).unwrap_or_default()),
        ("councils", file.only.as_ref().map(|only| only.council.join(", ")).unwrap_or_default()),
        ("hub_name", file.hub.as_ref().map(|hub| hub.name.clone()).unwrap_or_default()),
        ("hub_rows", hub_rows(file.hub.as_ref()).to_owned()),
        ("hub_source", file.hub.as_ref().and_then(|hub| hub.or_source.clone()).unwrap_or_default()),
    ]);
    for (at, column) in step.survey.columns.iter().enumerate() {
        form.set(&format!("column-{at}"), target_of(file, &column.name).map_or("", Target::code));
    }
    form
}

fn hub_rows(hub: Option<&HubTable>) -> &'static str {
    match hub {
        None => "none",
        Some(hub) if hub.always => "all",
        Some(hub) if hub.or_source.is_some() => "source",
        Some(_) => "reference",
    }
}

pub fn target_of(file: &MappingFile, header: &str) -> Option<Target> {
    let folded = header.to_lowercase();
    let found = file.columns.iter().find(|(name, _)| tidy(name).to_lowercase() == folded);
    found.and_then(|(_, target)| target.as_str()?.parse().ok())
}

/// The mapping as the page says it. What it holds of columns that this file has not is kept for the next one that has.
pub fn columns(form: &mut Form, step: &Step) -> MappingFile {
    let mut file = step.file.clone();
    let headers = step.survey.headers();
    file.columns.retain(|name, _| !headers.iter().any(|header| tidy(name).eq_ignore_ascii_case(header)));
    for (at, header) in headers.iter().enumerate() {
        let target = form.choice::<Target>(&format!("column-{at}"), "Choose what this column is from the list");
        if let Some(target) = target {
            file.columns.insert(header.clone(), Toml::String(target.code().to_owned()));
        }
    }
    let order = form.required_choice::<DateOrder>("date_order", "Choose in which order dates are written");
    file.date_order = order.map(|order| order.code().to_owned());
    file.blank = listed(form.value("blank"));
    let starts = listed(form.value("skip"));
    file.skip = (!starts.is_empty()).then_some(Skip { starts });
    let council = listed(form.value("councils"));
    file.only = (!council.is_empty()).then_some(Only { council });
    file.hub = hub(form);
    file
}

fn hub(form: &mut Form) -> Option<HubTable> {
    let rows = form.text("hub_rows").filter(|rows| rows != "none")?;
    let name = form.required("hub_name", "Enter the name of the hub, or choose that no row came through one")?;
    match rows.as_str() {
        "all" => Some(HubTable { name, always: true, or_source: None }),
        "source" => {
            let or_source = form.required("hub_source", "Enter the source of rows that came through the hub")?;
            Some(HubTable { name, always: false, or_source: Some(or_source) })
        }
        _ => Some(HubTable { name, always: false, or_source: None }),
    }
}

fn listed(text: &str) -> Vec<String> {
    text.split([',', '\n']).map(tidy).filter(|word| !word.is_empty()).collect()
}

/// Only what was changed on the page is written into the mapping: the patterns go on meaning what they mean.
pub fn words(form: &mut Form, step: &Step) -> MappingFile {
    let mut file = step.file.clone();
    let Ok(mapping) = Mapping::of(&step.file, &step.reasons) else { return file };
    for kind in Kind::ALL {
        let (found, _) = words::found(*kind, &step.file, &mapping, &step.survey, &step.reasons);
        for (at, word) in found.iter().enumerate() {
            let field = format!("{}-{at}", kind.code());
            // Not on the page: nothing was said.
            if form.value(&format!("{field}-text")) != word.text {
                continue;
            }
            let becomes = form.text(&field).unwrap_or_default();
            let after = form.text(&format!("{field}-after")).unwrap_or_default();
            if (becomes.as_str(), after.as_str()) != (word.becomes.as_str(), word.after.as_str()) {
                let value = (!becomes.is_empty() && (*kind != Kind::Source || becomes != word.text))
                    .then(|| pair(&becomes, &after));
                words::set(&mut file, *kind, &word.text, value);
            }
        }
        for at in 0..NEW_PATTERNS {
            let field = format!("{}-new-{at}", kind.code());
            let (pattern, becomes) = (form.text(&format!("{field}-text")), form.text(&field));
            match (pattern, becomes) {
                (Some(pattern), Some(becomes)) => words::set(&mut file, *kind, &pattern, Some(pair(&becomes, ""))),
                (Some(_), None) => form.fail(&field, "Choose what these words become"),
                _ => {}
            }
        }
    }
    file
}
