use crate::domain::day::Day;
use crate::domain::note::NoteKind;
use crate::features::access::understood;
use crate::features::notes::{Draft, NewNote, Note, Saved, Typed};
use crate::web::Form;
use crate::web::form::Choice;

/// As long as a long letter.
const LONGEST: usize = 20_000;

/// `first_contact` is ticked while none is recorded: it nearly always is one.
pub fn empty(kind: NoteKind, today: Day, no_contact_yet: bool) -> Form {
    let first = if no_contact_yet && kind != NoteKind::Note { "yes" } else { "" };
    let form = [("kind", kind.code().to_owned()), ("on", today.short()), ("first_contact", first.to_owned())];
    understood(Form::of(form), &["on"], today)
}

pub fn of(note: &Note) -> Form {
    Form::of([("kind", note.kind.code().to_owned()), ("on", note.on.short()), ("body", note.body.clone())]).opened()
}

pub fn of_draft(draft: &Draft, today: Day) -> Form {
    let fields = [
        ("kind", draft.kind.clone()),
        ("on", draft.on.clone()),
        ("first_contact", draft.first_contact.clone()),
        ("body", draft.body.clone()),
        ("kept", draft.kept_at.to_string()),
    ];
    understood(Form::of(fields), &["on"], today)
}

pub fn typed(form: &Form) -> Typed {
    let value = |field| form.value(field).to_owned();
    Typed { kind: value("kind"), on: value("on"), first_contact: value("first_contact"), body: value("body") }
}

/// `kept` says which keeping was this page's last.
pub fn saved(form: &Form, note: &NewNote) -> Saved {
    Saved { body: note.body.clone(), kept: form.value("kept").to_owned() }
}

/// A contact may speak for itself ("Rang, no answer"); a note must say something.
pub fn note(form: &mut Form, today: Day) -> Option<NewNote> {
    let kind = form.required_choice::<NoteKind>("kind", "Choose what it was");
    let on = form.required_day("on", today, "Enter the date");
    if on.is_some_and(|on| on > today) {
        form.fail("on", "Enter today or a day before: it is written down when it has happened");
    }
    let body = form.text("body").unwrap_or_default();
    if body.is_empty() && kind == Some(NoteKind::Note) {
        form.fail("body", "Write the note");
    }
    let length = body.chars().count();
    if length > LONGEST {
        form.fail("body", format!("Use at most {LONGEST} characters; this has {length}. Split it into two notes"));
    }
    let note = NewNote { kind: kind?, on: on?, body };
    form.is_valid().then_some(note)
}

/// A conversation, not an unanswered call.
pub fn is_first_contact(form: &Form, note: &NewNote) -> bool {
    form.is_chosen("first_contact", "yes") && !matches!(note.kind, NoteKind::Note | NoteKind::NoAnswer)
}

pub fn kinds() -> Vec<Choice> {
    NoteKind::ALL.iter().map(|kind| Choice::of(kind.code(), kind.label())).collect()
}
