//! Finding a household by half of what somebody remembers: what it is found by, what was typed, and how well the two
//! agree. The index holds the terms (`terms`); a search asks for some of them (`asked`); what is found is looked at
//! again (`agreement`), which puts it in order and says why.

mod agreement;
mod asked;
mod sound;
mod terms;

pub use agreement::{Agreement, agreement};
pub use asked::{Asked, How};
pub use sound::sound;
pub use terms::terms;

/// Everything of a household by which somebody may look for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    pub names: Vec<String>,
    /// As recorded: several of one person are joined by `; `.
    pub phones: Vec<String>,
    pub emails: Vec<String>,
    pub postcode: Option<String>,
    /// Of each enquiry: ours.
    pub references: Vec<String>,
    pub hub_references: Vec<String>,
}

/// The last figures of a telephone number or a reference say little when they are fewer.
const FEWEST_FIGURES: usize = 3;
