//! Notes and contacts: what was said, beside what happened.

use crate::coded;

coded! {
    pub enum NoteKind {
        Note = "note", "Note";
        Call = "call", "Telephone call";
        NoAnswer = "no_answer", "Rang, no answer";
        Email = "email", "E-mail";
        TextMessage = "text_message", "Text message";
        Letter = "letter", "Letter";
        Meeting = "meeting", "Meeting";
    }
}
