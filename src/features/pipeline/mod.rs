//! The ledgers of an enquiry, and how it stands now. Other features record facts through the actions here, so that
//! the order rules, `enquiry_now` and the audit are never forgotten.

mod action_error;
mod actions;
mod amendments;
mod bulk;
mod closures;
mod details;
mod milestones;
mod new_rows;
mod now;
mod overtaken;
mod queries;
mod queries_now;
mod queries_renaming;
mod queries_undo;
mod renaming;
mod save;
mod spans;
#[cfg(test)]
mod tests;
mod undo;
mod views;

pub use action_error::ActionError;
pub use actions::{amend, assign, correct, record, set_attributes, withdraw};
pub use amendments::Amendment;
pub use bulk::{Beginning, begin};
pub use milestones::places;
pub use now::{Disagreements, disagreements, rebuild, refresh, work_out_limits};
pub use queries::{
    Assignable, find_user_name, list_assignable, list_close_reasons, list_offered, list_user_names, load, load_many,
};
pub use renaming::{is_renaming, rename_officer, rename_recorded};
pub use save::{Change, Seen, save, still_with};
pub use undo::{take_back_of_many, withdraw_entirely};

use crate::domain::ids::EnquiryId;
use crate::domain::ledger::Ledger;
use crate::domain::pause::{InTouch, Pause};
use crate::domain::role::Permission::WriteEnquiries;
use crate::web::{AppError, AppState, Routes};

/// Every form of the pipeline is a page of its own, and what it saves is a noun below the enquiry.
#[rustfmt::skip]
pub fn routes() -> Routes {
    use closures::handlers as closures;
    use details::handlers as details;
    use milestones::handlers as milestones;
    use spans::handlers as spans;
    Routes::new()
        .get("/enquiries/{id}/milestones/new", WriteEnquiries, milestones::new)
        .post("/enquiries/{id}/milestones", WriteEnquiries, milestones::create)
        .get("/enquiries/{id}/milestones/{entry}/corrections", WriteEnquiries, milestones::correction)
        .post("/enquiries/{id}/milestones/{entry}/corrections", WriteEnquiries, milestones::correct)
        .get("/enquiries/{id}/milestones/{entry}/withdrawals", WriteEnquiries, milestones::withdrawal)
        .post("/enquiries/{id}/milestones/{entry}/withdrawals", WriteEnquiries, milestones::withdraw)
        .get("/enquiries/{id}/closures/new", WriteEnquiries, closures::new_closure)
        .post("/enquiries/{id}/closures", WriteEnquiries, closures::close)
        .get("/enquiries/{id}/reopenings/new", WriteEnquiries, closures::new_reopening)
        .post("/enquiries/{id}/reopenings", WriteEnquiries, closures::reopen)
        .get("/enquiries/{id}/pauses/new", WriteEnquiries, spans::new::<Pause>)
        .post("/enquiries/{id}/pauses", WriteEnquiries, spans::create::<Pause>)
        .get("/enquiries/{id}/pauses/{entry}/endings", WriteEnquiries, spans::ending::<Pause>)
        .post("/enquiries/{id}/pauses/{entry}/endings", WriteEnquiries, spans::end::<Pause>)
        .get("/enquiries/{id}/pauses/{entry}/corrections", WriteEnquiries, spans::correction::<Pause>)
        .post("/enquiries/{id}/pauses/{entry}/corrections", WriteEnquiries, spans::correct::<Pause>)
        .get("/enquiries/{id}/pauses/{entry}/withdrawals", WriteEnquiries, spans::withdrawal::<Pause>)
        .post("/enquiries/{id}/pauses/{entry}/withdrawals", WriteEnquiries, spans::withdraw::<Pause>)
        .get("/enquiries/{id}/in-touch/new", WriteEnquiries, spans::new::<InTouch>)
        .post("/enquiries/{id}/in-touch", WriteEnquiries, spans::create::<InTouch>)
        .get("/enquiries/{id}/in-touch/{entry}/endings", WriteEnquiries, spans::ending::<InTouch>)
        .post("/enquiries/{id}/in-touch/{entry}/endings", WriteEnquiries, spans::end::<InTouch>)
        .get("/enquiries/{id}/in-touch/{entry}/corrections", WriteEnquiries, spans::correction::<InTouch>)
        .post("/enquiries/{id}/in-touch/{entry}/corrections", WriteEnquiries, spans::correct::<InTouch>)
        .get("/enquiries/{id}/in-touch/{entry}/withdrawals", WriteEnquiries, spans::withdrawal::<InTouch>)
        .post("/enquiries/{id}/in-touch/{entry}/withdrawals", WriteEnquiries, spans::withdraw::<InTouch>)
        .get("/enquiries/{id}/details", WriteEnquiries, details::edit)
        .post("/enquiries/{id}/details", WriteEnquiries, details::change)
}

/// The ledger as a page shows it.
pub async fn read(state: &AppState, enquiry: EnquiryId) -> Result<Ledger, AppError> {
    Ok(queries::load(&mut *state.db.read().acquire().await?, enquiry).await?)
}
