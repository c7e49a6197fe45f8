//! Entries of the audit in words.

use askama::Template;
use askama_web::WebTemplate;
use serde_json::Value;

use super::queries::{Line, Name};
use crate::domain::audit::Action;
use crate::domain::ids::UserId;
use crate::domain::role::Role;
use crate::web::paging::Slice;
use crate::web::{Ctx, Page};

#[derive(Template, WebTemplate)]
#[template(path = "audit/index.html")]
pub struct AuditPage {
    page: Page,
    rows: Vec<Entry>,
    next: Option<String>,
    people: Vec<Name>,
    chosen: Option<UserId>,
}

struct Entry {
    at: String,
    who: String,
    action: &'static str,
    about: String,
    changes: Vec<String>,
    address: String,
}

impl AuditPage {
    pub fn new(ctx: &Ctx, lines: Slice<Line>, people: Vec<Name>, chosen: Option<UserId>) -> AuditPage {
        let rows = lines.rows.into_iter().map(entry).collect();
        AuditPage { page: Page::new(ctx, "Audit"), rows, next: lines.next, people, chosen }
    }

    fn next_href(&self, after: &str) -> String {
        match self.chosen {
            Some(person) => format!("/settings/audit?person={person}&after={after}"),
            None => format!("/settings/audit?after={after}"),
        }
    }
}

fn entry(line: Line) -> Entry {
    let action = line.action.parse::<Action>();
    let of_case = line.of_case;
    Entry {
        at: line.at.london_text(),
        who: line.who,
        action: action.map_or("Something that this version does not know", Action::label),
        // An administrator sees no case: that there was one, and not whose.
        about: if of_case { "an enquiry".to_owned() } else { line.subject.unwrap_or_default() },
        changes: if of_case { Vec::new() } else { changes(line.detail.as_deref().unwrap_or_default()) },
        address: line.address,
    }
}

/// Of people and settings: "Roles: Manager → Manager, Administrator".
pub fn changes(detail: &str) -> Vec<String> {
    let Ok(detail) = serde_json::from_str::<Value>(detail) else { return Vec::new() };
    let (before, after) = (&detail["before"], &detail["after"]);
    let Some(after) = after.as_object() else { return Vec::new() };
    let many = |field: &str, done: &str| match detail[field].as_u64()? {
        0 => None,
        1 => Some(format!("{done} 1 enquiry")),
        on => Some(format!("{done} {on} enquiries")),
    };
    let moved = (detail["moved"] == true).then(|| "Moved in the list".to_owned());
    let renamed = many("renamed_on", "Corrected as the officer of").or_else(|| many("corrected_on", "Corrected on"));
    after
        .iter()
        .filter(|(field, value)| &before[field.as_str()] != *value)
        .filter_map(|(field, value)| {
            Some(format!("{}: {} → {}", label(field)?, words(&before[field.as_str()]), words(value)))
        })
        .chain(moved)
        .chain(renamed)
        .collect()
}

fn label(field: &str) -> Option<&'static str> {
    Some(match field {
        "name" => "Name",
        "email" => "Work e-mail",
        "roles" => "Roles",
        "hub" => "Regional hub",
        "active" => "Active",
        "service_name" => "Name of the service",
        "in_use" => "Offered",
        "runs_from" => "First day",
        "runs_to" => "Last day",
        "small_number" => "Small numbers",
        "word" => "Word",
        "label" => "Reason",
        _ => return None,
    })
}

fn words(value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => text.parse::<Role>().map_or_else(|_| text.clone(), |role| role.label().to_owned()),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Null => "nothing".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_says_what_it_was_and_what_it_is() {
        let detail = r#"{"before":{"name":"Jo","roles":["manager"],"hub":null},
            "after":{"name":"Jo","roles":["manager","admin"],"hub":"Foster with North East"}}"#;
        assert_eq!(
            changes(detail),
            ["Roles: Manager → Manager, Administrator", "Regional hub: nothing → Foster with North East"]
        );
        assert_eq!(changes(r#"{"new":{"happened_on":"2025-01-01"}}"#), Vec::<String>::new());
        assert_eq!(changes("not json"), Vec::<String>::new());
    }
}
