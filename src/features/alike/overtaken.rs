//! Two people who merge the same two: whoever comes second sees what was done beside what they chose.

use sqlx::SqliteConnection;

use super::find::{portrait, shown_phones};
use super::forms;
use super::given;
use super::offers::{Offer, choice};
use super::queries::Row;
use super::queries_merges::{self, Merged};
use super::words;
use crate::domain::household::Applicant;
use crate::domain::ids::{EnquiryId, HouseholdId, TaskId, UserId};
use crate::domain::merge::details::{Detail, details};
use crate::domain::merge::{Portrait, Side};
use crate::features::access::{Conflict, Versions};
use crate::features::{appointments, households, notes, pipeline, tasks};
use crate::web::Form;

/// The merge of these two, whichever goes into the other, that somebody else has done.
pub async fn find(
    connection: &mut SqliteConnection,
    (kept, goes): (HouseholdId, HouseholdId),
    viewer: UserId,
) -> sqlx::Result<Option<Merged>> {
    for id in [goes, kept] {
        let merged = queries_merges::find_standing_of(&mut *connection, id).await?;
        let is_theirs = |it: &Merged| [(kept, goes), (goes, kept)].contains(&(it.kept, it.goes)) && it.user != viewer;
        if let Some(merged) = merged.filter(is_theirs) {
            return Ok(Some(merged));
        }
    }
    Ok(None)
}

/// Both versions. `kept` is the household that stays for whoever comes second; `enquiries` are all of both, of which
/// they may open each. None where what was done is no longer kept.
pub async fn conflict(
    connection: &mut SqliteConnection,
    merged: &Merged,
    kept: HouseholdId,
    form: &mut Form,
    enquiries: &[Row],
) -> sqlx::Result<Option<Conflict>> {
    let read = |json: &Option<String>| Portrait::read(json.as_deref());
    let (Some(before), Some(taken)) = (read(&merged.before), read(&merged.after)) else { return Ok(None) };
    let Some(gone) = households::find(connection, merged.goes).await? else { return Ok(None) };
    let gone = portrait(connection, &gone).await?;
    let two = if kept == merged.kept { (&before, &gone) } else { (&gone, &before) };
    let yours = forms::portrait(form, two, Side::Kept);

    let moved = queries_merges::list_moved(&mut *connection, merged.id).await?;
    let theirs: Vec<_> = moved.iter().map(|it| (it.enquiry, it.duplicate_of)).collect();
    let mut chosen = forms::fates(form);
    let is_known = |id: EnquiryId| enquiries.iter().any(|row| row.id == id);
    chosen.retain(|(enquiry, same)| is_known(*enquiry) && same.is_none_or(is_known));
    let brought = given::list(connection, merged, &moved).await?.into_iter().flat_map(|it| it.what).collect();
    let mut wanted = Vec::new();
    for (enquiry, same) in &chosen {
        if let Some(other) = same {
            wanted.extend(list_wanted(connection, merged, form, (*enquiry, *other)).await?);
        }
    }

    // The enquiries that moved are those of the one that went.
    let record = |id: HouseholdId| {
        let of_it = |row: &&Row| moved.iter().any(|it| it.enquiry == row.id) == (id == merged.goes);
        enquiries.iter().filter(of_it).map(|row| row.reference.as_str()).collect::<Vec<_>>().join(", ")
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let rows = vec![
        Versions::of("Which record stays", record(merged.kept), record(kept)),
        Versions::of("Applicants", people(&taken.applicants), people(&yours.applicants)),
        Versions::of("Address", home(&taken), home(&yours)),
        Versions::of("Leave a message", taken.message_allowed.label(), yours.message_allowed.label()),
        Versions::of("Consent to contact", taken.consent_to_contact.label(), yours.consent_to_contact.label()),
        Versions::of("When to contact them", text(&taken.contact_hours), text(&yours.contact_hours)),
        Versions::of("Language", text(&taken.language), text(&yours.language)),
        Versions::of("What their enquiries are", fates(&theirs, enquiries), fates(&chosen, enquiries)),
        Versions::of("What was brought", lines(brought), lines(wanted)),
    ];
    let sentence = format!("{} merged these two on {}.", merged.by, merged.at.london_text());
    Ok(Some(Conflict { sentence, rows }))
}

/// One line a person.
fn people(applicants: &[Applicant]) -> String {
    let line = |it: &Applicant| {
        let parts = [Some(it.name.clone()), it.phone.as_deref().map(shown_phones), it.email.clone()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    };
    applicants.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn home(it: &Portrait) -> String {
    [it.address.as_deref(), it.postcode.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// One line an enquiry.
fn fates(said: &[(EnquiryId, Option<EnquiryId>)], enquiries: &[Row]) -> String {
    let reference = |id: EnquiryId| {
        let row = enquiries.iter().find(|row| row.id == id);
        row.map(|row| row.reference.clone()).unwrap_or_default()
    };
    let line = |(enquiry, same): &(EnquiryId, Option<EnquiryId>)| match same {
        Some(other) => format!("{} is the same enquiry as {}, logged twice", reference(*enquiry), reference(*other)),
        None => format!("{} is a second enquiry: they came back", reference(*enquiry)),
    };
    said.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Whatever the order in which it was brought.
fn lines(mut each: Vec<String>) -> String {
    each.sort();
    each.join("\n")
}

/// What of one enquiry was to go to another, in words, as it was before the merge.
async fn list_wanted(
    connection: &mut SqliteConnection,
    merged: &Merged,
    form: &Form,
    (enquiry, other): (EnquiryId, EnquiryId),
) -> sqlx::Result<Vec<String>> {
    let field = forms::bring(enquiry, other);
    let codes: Vec<String> = form.values(&field).map(str::to_owned).collect();
    let is_ticked = |offer: Offer| codes.contains(&offer.code());
    let ledger = pipeline::load(connection, enquiry).await?;
    let (before, _) = given::around(&ledger, merged.stamp());
    let (own, _) = given::around(&pipeline::load(connection, other).await?, merged.stamp());
    let is_chosen = |it: &Detail| form.value(&choice(it.name, enquiry, other)) == Side::Goes.code();
    let given = details(&before, &own).into_iter().filter(|it| is_ticked(Offer::Detail(it.name)) || is_chosen(it));
    let mut wanted: Vec<String> = given.map(|it| it.in_words()).collect();
    let milestones = ledger.milestones.iter().filter(|it| is_ticked(Offer::Milestone(it.id)));
    wanted.extend(milestones.map(|it| words::milestone(&it.fact)));
    let in_touch = ledger.in_touch.iter().filter(|it| is_ticked(Offer::InTouch(it.id)));
    wanted.extend(in_touch.map(|it| words::in_touch(&it.fact)));
    let visits = appointments::list_of_enquiry(&mut *connection, enquiry).await?;
    wanted.extend(visits.iter().filter(|it| is_ticked(Offer::Visit(it.id))).map(words::visit));
    let noted = notes::list_with_versions(&mut *connection, enquiry).await?;
    let noted = noted.iter().filter(|it| is_ticked(Offer::Note(it.id)));
    wanted.extend(noted.map(|it| words::note(it.kind, it.on, &it.body)));
    // With its enquiry a task was closed too: what was ticked is an earlier version.
    for id in codes.iter().filter_map(|code| code.strip_prefix('t')?.parse().ok()).map(TaskId) {
        let task = tasks::find_current(&mut *connection, id).await?.filter(|it| it.enquiry == Some(enquiry));
        wanted.extend(task.as_ref().map(words::task));
    }
    Ok(wanted)
}
