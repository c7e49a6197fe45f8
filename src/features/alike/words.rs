//! What an enquiry can give to another, in words: the same before a merge, on its page and where two people differ.

use super::queries::Row;
use crate::domain::day::Day;
use crate::domain::ledger::Milestone;
use crate::domain::note::NoteKind;
use crate::domain::pause::InTouch;
use crate::features::appointments::Planned;
use crate::features::notes::{NewNote, Note};
use crate::features::tasks::Task;

/// `Initial visit, 9 Oct 2025`.
pub fn milestone(it: &Milestone) -> String {
    format!("{}, {}", it.kind.label(), it.on.short())
}

/// `Visit planned for Thu 16 Oct 2025, 17:00, Priya Nair and Tom Ashworth`.
pub fn visit(it: &Planned) -> String {
    let who = it.with.as_ref().map_or(it.goes.clone(), |with| format!("{} and {with}", it.goes));
    format!("Visit planned for {}, {}, {who}", it.visit.on.long(), it.visit.at)
}

/// `Kept in touch with since 1 Oct 2025, to be contacted again on Mon 12 Jan 2026`.
pub fn in_touch(it: &InTouch) -> String {
    let again = it.contact_again_on.map(|on| format!(", to be contacted again on {}", on.long())).unwrap_or_default();
    format!("Kept in touch with since {}{again}", it.from.short())
}

/// `Telephone call, 9 Oct 2025: “They have a spare room…”`.
pub fn note(kind: NoteKind, on: Day, body: &str) -> String {
    let about = format!("{}, {}", kind.label(), on.short());
    if body.is_empty() { about } else { format!("{about}: {}", beginning(body)) }
}

/// `Task: Ring them, due 14 Oct 2025`.
pub fn task(it: &Task) -> String {
    format!("Task: {}, due {}", it.what, it.due.short())
}

fn beginning(text: &str) -> String {
    const SHOWN: usize = 90;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("“{}…”", line[..at].trim_end()),
        None => format!("“{line}”"),
    }
}

const BROUGHT: &str = "Brought from ";

/// A note as it stands in the other enquiry: who wrote it, where and when.
pub fn brought_note(note: &Note, from: &Row) -> NewNote {
    let said = format!(
        "{BROUGHT}{}, where {} wrote it on {}.",
        from.reference,
        note.by,
        note.recorded_at.london_day().words()
    );
    let body = if note.body.is_empty() { said } else { format!("{}\n\n{said}", note.body) };
    NewNote { kind: note.kind, on: note.on, body }
}

/// What a note said before it was brought; None of one that was not.
pub fn before_it_was_brought(body: &str) -> Option<&str> {
    match body.rsplit_once("\n\n") {
        Some((own, said)) if said.starts_with(BROUGHT) => Some(own),
        _ => body.starts_with(BROUGHT).then_some(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_that_was_brought_reads_as_it_was_written() {
        let said = "Brought from E-000002, where Priya Nair wrote it on 9 October 2025.";
        assert_eq!(before_it_was_brought(&format!("Two\n\ncats\n\n{said}")), Some("Two\n\ncats"));
        assert_eq!(before_it_was_brought(said), Some(""));
        assert_eq!(before_it_was_brought("Two cats"), None);
        assert_eq!(beginning(&"cat ".repeat(40)).chars().filter(|letter| *letter == 'c').count(), 23);
    }
}
