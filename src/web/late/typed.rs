//! What somebody typed and chose, to be read on the page that hands it back: words and no codes, and nothing of what a
//! form knows of itself.

use std::collections::BTreeSet;

use crate::domain::merge::Side;
use crate::domain::stage::Stage;
use crate::domain::text::upper_first;

/// Fields that are no words of a person's: tokens, what a form knows of its page, where it goes back to, and which of
/// its buttons sent it.
const OURS: [&str; 23] = [
    "after",
    "back",
    "board",
    "do",
    "form_token",
    "in_touch",
    "kept",
    "list",
    "naming",
    "next",
    "on_page",
    "people",
    "preview",
    "query",
    "row",
    "rows",
    "seen",
    "session",
    "shown",
    "then",
    "told",
    "version",
    "view",
];
/// What a field held when its form was opened: see `form::opened`.
const WAS: &str = "was_";
/// Fields in which one of several is chosen: their values are codes, or the numbers of people and records.
const CHOSEN: [&str; 29] = [
    "applies",
    "columns",
    "consent_to_contact",
    "ended_by",
    "enquiry",
    "fostering_type",
    "goes",
    "goes_on",
    "home",
    "household",
    "hub_rows",
    "kind",
    "meaning",
    "message_allowed",
    "milestone",
    "officer",
    "person",
    "place",
    "reason",
    "result",
    "role",
    "same",
    "saved",
    "take",
    "unit",
    "which",
    "who",
    "whose",
    "with",
];
/// Choices with the number of a person or a record in their names, and what is chosen there.
const NUMBERED: [(&str, &str); 3] =
    [("bring_", "What goes with it"), ("fate_", "Their enquiries"), ("named_", "Who may open it")];
/// Fields whose names say too little.
const LABELS: [(&str, &str); 14] = [
    ("at", "Time"),
    ("body", "Note"),
    ("enquiry", "Record"),
    ("goes", "Who goes"),
    ("on", "Day"),
    ("person", "Who may open it"),
    ("q", "Record"),
    ("same", "The same as"),
    ("stays", "Who goes on"),
    ("tried", "No answer"),
    ("what", "What is to be done"),
    ("who", "Who may open it"),
    ("why", "Why"),
    ("with", "Together with"),
];
/// Of a number that says nothing to a person.
const AS_CHOSEN: &str = "As you chose it";

pub fn is_typed((name, value): &(String, String)) -> bool {
    !OURS.contains(&name.as_str()) && !name.starts_with(WAS) && !value.trim().is_empty()
}

/// Each field that was typed or chosen, in order: what it is called and what it says.
pub fn in_words(fields: &[(String, String)]) -> Vec<(String, String)> {
    // What is sent several times was ticked in a list.
    let mut once = BTreeSet::new();
    let ticked: BTreeSet<&str> =
        fields.iter().map(|(name, _)| name.as_str()).filter(|name| !once.insert(*name)).collect();
    // Beside the body of a note, `note` is the number of the one that is changed.
    let of_note = fields.iter().any(|(name, _)| name == "body");
    let typed = fields.iter().filter(|field| is_typed(field) && !(of_note && field.0 == "note"));
    let lines = typed.map(|(name, value)| (label(name), words(name, value, ticked.contains(name.as_str()))));
    let mut said = BTreeSet::new();
    lines.filter(|line| said.insert(line.clone())).collect()
}

/// `contact_again_on` is “Contact again on”.
fn label(name: &str) -> String {
    let numbered = NUMBERED.iter().find(|(start, _)| name.starts_with(start));
    let known = numbered.or_else(|| LABELS.iter().find(|(field, _)| *field == name));
    known.map_or_else(|| upper_first(&of_two(name).replace(['_', '-'], " ")), |(_, label)| (*label).to_owned())
}

/// Where a detail of two records is chosen, their numbers stand behind its name.
fn of_two(name: &str) -> &str {
    let stem = name.rsplit_once('_').and_then(|(rest, last)| Some((rest.rsplit_once('_')?, last)));
    match stem {
        Some(((stem, first), last)) if is_number(first) && is_number(last) => stem,
        _ => name,
    }
}

/// What was chosen, as far as its code says it; everything else stands as it was typed.
fn words(name: &str, value: &str, ticked: bool) -> String {
    // A card's move has stages where other forms have days; in a merge a field says whose value it takes.
    if let ("from" | "to", Ok(stage)) = (name, value.parse::<Stage>()) {
        return stage.label().to_owned();
    }
    if let Ok(side) = value.parse::<Side>() {
        return side.label().to_owned();
    }
    if NUMBERED.iter().any(|(start, _)| name.starts_with(start)) {
        return AS_CHOSEN.to_owned();
    }
    let chosen = ticked || CHOSEN.contains(&name);
    if chosen && is_number(value) {
        AS_CHOSEN.to_owned()
    } else if is_code(value) && (chosen || value == "yes" || value.contains('_')) {
        upper_first(&value.replace('_', " "))
    } else {
        value.to_owned()
    }
}

/// The number of a row of a table, or of a row of a file with its sheet.
fn is_number(value: &str) -> bool {
    value.starts_with('{') || value.chars().all(|it| it.is_ascii_digit())
}

fn is_code(value: &str) -> bool {
    let of_code = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
    value.starts_with(|it: char| it.is_ascii_lowercase()) && value.chars().all(of_code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(body: &str) -> Vec<String> {
        let fields: Vec<(String, String)> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        in_words(&fields).into_iter().map(|(label, words)| format!("{label}: {words}")).collect()
    }

    #[test]
    fn a_choice_is_said_in_words_and_a_number_is_not() {
        for (body, said) in [
            ("kind=no_answer", "Kind: No answer"),
            ("kind=note", "Kind: Note"),
            ("consent_to_contact=not_asked", "Consent to contact: Not asked"),
            ("first_contact=yes", "First contact: Yes"),
            ("officer=12", "Officer: As you chose it"),
            ("officer=unassigned", "Officer: Unassigned"),
            ("goes=3", "Who goes: As you chose it"),
            ("with=4", "Together with: As you chose it"),
            ("whose=the_officer", "Whose: The officer"),
            ("named_4=yes", "Who may open it: As you chose it"),
            ("fate_7=back", "Their enquiries: As you chose it"),
            ("phone_1=kept", "Phone 1: The first"),
            ("fostering_type_916_909=kept", "Fostering type: The first"),
            ("same=2", "The same as: As you chose it"),
            ("from=in_contact", "From: In contact"),
            ("columns=officer&columns=phone", "Columns: Officer"),
            ("take=%7B%22row%22%3A3%7D", "Take: As you chose it"),
        ] {
            assert_eq!(shown(body).first().map(String::as_str), Some(said), "{body}");
        }
    }

    #[test]
    fn what_was_typed_stands_as_it_was_typed() {
        for (body, said) in [
            ("on=3+april", "Day: 3 april"),
            ("from=12", "From: 12"),
            ("note=07700900417", "Note: 07700900417"),
            ("place=12+Harbour+View", "Place: 12 Harbour View"),
            ("why=engaged", "Why: engaged"),
            ("days=2", "Days: 2"),
        ] {
            assert_eq!(shown(body), [said], "{body}");
        }
    }

    #[test]
    fn what_a_form_knows_of_itself_is_not_shown_and_nothing_twice() {
        let own = "form_token=x&seen=1&was_on=today&told=y&do=log&people=2&kept=z";
        assert_eq!(shown(own), Vec::<String>::new());
        assert_eq!(shown("note=12&body=Rang&kind=call"), ["Note: Rang", "Kind: Call"]);
        assert_eq!(shown("days=0&days=1&days=2&opens=9"), ["Days: As you chose it", "Opens: 9"]);
        assert_eq!(shown("named_1=yes&named_2=yes"), ["Who may open it: As you chose it"]);
        assert_eq!(shown("name_1=Bo&name_2=Bo"), ["Name 1: Bo", "Name 2: Bo"]);
    }
}
