//! What holds for a time beside the stage: a pause, keeping in touch. Neither is an ending. Both begin, end, are
//! corrected and withdrawn by the same pages; each says here only what is its own.

pub(super) mod handlers;
mod in_touch;
mod pauses;
mod views;

use axum::response::Response;

use crate::domain::day::Day;
use crate::domain::ids::EntryId;
use crate::domain::ledger::{Entry, Fact, Ledger, Place};
use crate::features::access::{FormPage, Versions};
use crate::web::{AppError, Form};

/// One kind of what holds for a time.
pub(super) trait Span: Clone + Send + Sync + 'static {
    const WORDS: Words;

    fn entries(ledger: &Ledger) -> &[Entry<Self>];
    fn place(entry: EntryId) -> Place;
    fn fact(self) -> Fact;

    fn from(&self) -> Day;
    fn to(&self) -> Option<Day>;
    fn ended(&self, to: Day) -> Self;

    /// The form as it is filled in to correct this one.
    fn form(&self) -> Form;
    fn parse(form: &mut Form, today: Day) -> Option<Self>;
    /// Its fields beside those of another version.
    fn beside(&self, yours: &Self) -> Vec<Versions>;
    /// The page of its fields: of a new one, or of one to correct.
    fn page(head: FormPage, corrected: Option<&Entry<Self>>) -> Result<Response, AppError>;

    fn in_words(&self) -> String {
        match self.to() {
            Some(to) => format!("from {} to {}", self.from().long(), to.long()),
            None => format!("from {}", self.from().long()),
        }
    }
}

/// What its pages say.
pub(super) struct Words {
    /// Below the enquiry: `pauses`.
    pub path: &'static str,
    /// "The pause", before "from 3 March".
    pub name: &'static str,
    pub beginning: Said,
    pub ending: Said,
    pub correction: Said,
    pub withdrawal: Said,
    /// The reason that the ledger gives when it ends.
    pub why_ended: &'static str,
    /// Before "from 3 March" where it is ended.
    pub since: &'static str,
    pub ending_hint: &'static str,
    /// The link from the ending to the correction.
    pub instead: &'static str,
    pub gone: &'static str,
}

/// One page: its heading, its button, and what is said when it is done.
pub(super) struct Said {
    pub heading: &'static str,
    pub button: &'static str,
    pub done: &'static str,
}
