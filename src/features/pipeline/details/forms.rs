use crate::domain::fostering::FosteringType;
use crate::domain::ledger::{AttributeName, Facts};
use crate::domain::source::{List, spelled};
use crate::domain::text::LONGEST_LINE;
use crate::features::pipeline::save::{Change, Seen};
use crate::web::Form;

/// The officer has a form of its own: it is a dated fact.
pub const NAMES: &[AttributeName] = &[
    AttributeName::Source,
    AttributeName::Campaign,
    AttributeName::FosteringType,
    AttributeName::Hub,
    AttributeName::HubReference,
];

pub fn of(facts: &Facts, seen: &Seen) -> Form {
    let values = NAMES.iter().map(|name| (name.code(), facts.attribute(*name).unwrap_or_default().to_owned()));
    Form::of(values.chain([("seen", seen.0.clone())])).opened()
}

/// What was typed, as it is spelled on the lists; what was not touched stays as it is recorded.
pub fn spell(form: &mut Form, offered: &[(List, Vec<String>)]) {
    for (list, names) in offered {
        let field = list.attribute().code();
        if let Some(typed) = form.text(field).filter(|typed| typed != form.was(field)) {
            form.set(field, spelled(typed, names));
        }
    }
}

pub fn details(form: &mut Form) -> Option<Change> {
    form.choice::<FosteringType>("fostering_type", "Choose one of the kinds of fostering");
    let values: Vec<_> = NAMES.iter().map(|name| (*name, form.text(name.code()))).collect();
    for (name, value) in &values {
        if value.as_deref().is_some_and(|value| value.chars().count() > LONGEST_LINE) {
            form.fail(name.code(), format!("{}: use at most {LONGEST_LINE} characters", name.label()));
        }
    }
    if form.text("hub_reference").is_some() && form.text("hub").is_none() {
        form.fail("hub", "Enter which hub’s reference it is");
    }
    let why = form.text("why").unwrap_or_else(|| "Details changed".to_owned());
    let change = Change::SetAttributes { values, why, seen: Seen(form.value("seen").to_owned()) };
    form.is_valid().then_some(change)
}

fn kind_of_fostering(code: &str) -> String {
    code.parse::<FosteringType>().map_or_else(|_| code.to_owned(), |kind| kind.label().to_owned())
}

/// As a person reads it: the kind of fostering by its label.
pub fn shown(name: AttributeName, value: &str) -> String {
    match name {
        AttributeName::FosteringType => kind_of_fostering(value),
        _ => value.to_owned(),
    }
}
