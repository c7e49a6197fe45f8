//! The board: a column a stage, a page of cards at a time, each with its days in stage and the time limit that presses.
//! Moving a card records a milestone through `pipeline`; which one a column means is said in `domain/board`.

mod filters;
mod forms;
mod handlers;
mod moves;
mod queries;
mod queries_cards;
mod views;
mod views_move;

use crate::domain::role::Permission::{ReadEnquiries, WriteEnquiries};
use crate::web::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .get("/board", ReadEnquiries, handlers::index)
        .get("/board/{stage}", ReadEnquiries, handlers::column)
        .get("/enquiries/{id}/moves/new", WriteEnquiries, moves::new)
        .post("/enquiries/{id}/moves", WriteEnquiries, moves::create)
}
