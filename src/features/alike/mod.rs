//! The same household twice: those that look alike, told apart or merged side by side, and merges undone. Nothing merges
//! by itself (import rule 18).

mod actions;
mod find;
mod forms;
mod given;
mod handlers;
mod handlers_merges;
mod handlers_other;
mod offers;
mod overtaken;
mod queries;
mod queries_merges;
mod queries_separated;
mod undo;
mod views;
mod views_compare;
mod views_other;
mod words;

use crate::domain::role::Permission::MergeHouseholds;
use crate::web::Routes;

pub use actions::{Joined, Merge, MergeError, merge, put, set_apart, tell_apart};
pub use find::{Two, portrait, two};
pub use forms::{offered, parse};
pub use offers::{Offer, choices, offers};
pub use queries::{Row, list_enquiries, list_people};
pub use undo::{UndoError, changed_by, undo};
pub use views::{Card, cards, with_left};

#[rustfmt::skip]
pub fn routes() -> Routes {
    Routes::new()
        .get("/households/alike", MergeHouseholds, handlers::index)
        .get("/enquiries/{id}/alike", MergeHouseholds, handlers_other::show)
        .get("/households/told-apart", MergeHouseholds, handlers::told_apart)
        .get("/households/alike/{kept}/{goes}", MergeHouseholds, handlers::compare)
        .post("/households/alike/{kept}/{goes}/distinctions", MergeHouseholds, handlers::tell_apart)
        .post("/households/alike/{kept}/{goes}/distinctions/withdrawals", MergeHouseholds, handlers::take_back)
        .post("/households/alike/{kept}/{goes}/merges", MergeHouseholds, handlers::merge)
        .get("/households/merges", MergeHouseholds, handlers_merges::index)
        .get("/households/merges/{id}", MergeHouseholds, handlers_merges::show)
        .post("/households/merges/{id}/undoings", MergeHouseholds, handlers_merges::undo)
}
