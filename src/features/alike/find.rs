//! Two households with everything that is known of them, as whoever asks may see it.

use sqlx::SqliteConnection;

use super::queries::{self, LastWrite, Row};
use super::queries_separated::{self, Parting};
use crate::domain::appointment::AppointmentState;
use crate::domain::brought::{goes_on, may_be_brought, may_keep_in_touch};
use crate::domain::day::Day;
use crate::domain::ids::{AppointmentId, EnquiryId, EntryId, HouseholdId, NoteId, TaskId, UserId};
use crate::domain::ledger::{Entry, Facts, Ledger};
use crate::domain::merge::{Fate, Portrait, Side, suggested};
use crate::domain::pause::InTouch;
use crate::domain::standing::Standing;
use crate::domain::text::{lower_first, phone};
use crate::features::appointments::{self, Planned};
use crate::features::households::{self, Household, Left};
use crate::features::notes::{self, Note};
use crate::features::pipeline;
use crate::features::tasks::{self, Task};

pub struct Two {
    pub kept: One,
    pub goes: One,
    /// Of everything that was before whoever looks: it must still be so when they decide.
    pub seen: String,
    /// They are two because they separated.
    pub parting: Option<Parting>,
    pub last_write: Option<LastWrite>,
}

pub struct One {
    pub household: Household,
    pub portrait: Portrait,
    /// The newest first.
    pub enquiries: Vec<Enquiry>,
    /// Without one of their own: what they left.
    pub left: Option<Left>,
}

pub struct Enquiry {
    pub row: Row,
    pub ledger: Ledger,
    pub facts: Facts,
    pub notes: Vec<Note>,
    pub tasks: Vec<Task>,
    pub visits: Vec<Planned>,
}

/// None where one of them is not there, has gone into another, has neither an enquiry that stands nor left one, or holds
/// a record that this person may not open.
pub async fn two(
    connection: &mut SqliteConnection,
    kept: HouseholdId,
    goes: HouseholdId,
    viewer: UserId,
) -> sqlx::Result<Option<Two>> {
    if kept == goes {
        return Ok(None);
    }
    let (Some(kept), Some(goes)) = (one(connection, kept, viewer).await?, one(connection, goes, viewer).await?) else {
        return Ok(None);
    };
    let enquiries: Vec<_> = kept.enquiries.iter().chain(&goes.enquiries).map(|it| it.row.id).collect();
    let last_write = queries::find_last_write(&mut *connection, &enquiries).await?;
    let ids: Vec<_> = enquiries.iter().map(ToString::to_string).collect();
    let (versions, last) =
        ((kept.household.version, goes.household.version), last_write.as_ref().map_or(0, |it| it.id));
    let seen = format!("{}.{}.{last}.{}", versions.0, versions.1, ids.join("-"));
    let ones = households::list_gone_into(connection, kept.household.id).await?;
    let others = households::list_gone_into(connection, goes.household.id).await?;
    let parting = queries_separated::find_parting(&mut *connection, &ones, &others).await?;
    Ok(Some(Two { kept, goes, seen, parting, last_write }))
}

async fn one(connection: &mut SqliteConnection, id: HouseholdId, viewer: UserId) -> sqlx::Result<Option<One>> {
    let Some(household) = households::find(connection, id).await? else { return Ok(None) };
    if households::find_standing(connection, id).await? != id {
        return Ok(None);
    }
    let rows = queries::list_enquiries(&mut *connection, &[id], viewer).await?;
    let left = households::list_left(&mut *connection, &[id], viewer).await?.pop();
    let is_known = !rows.is_empty() || left.as_ref().is_some_and(|it| it.may_open);
    if !is_known || rows.iter().any(|row| row.restricted && !row.named) {
        return Ok(None);
    }
    let portrait = portrait(connection, &household).await?;
    let mut enquiries = Vec::with_capacity(rows.len());
    for row in rows {
        let ledger = pipeline::load(connection, row.id).await?;
        let notes = notes::list(&mut *connection, row.id).await?;
        let tasks = tasks::list_of_enquiry(&mut *connection, row.id).await?;
        let visits = appointments::list_of_enquiry(&mut *connection, row.id).await?;
        enquiries.push(Enquiry { facts: ledger.facts(), row, ledger, notes, tasks, visits });
    }
    Ok(Some(One { household, portrait, enquiries, left }))
}

pub async fn portrait(connection: &mut SqliteConnection, household: &Household) -> sqlx::Result<Portrait> {
    let it = household.clone();
    Ok(Portrait {
        applicants: households::list_applicants(connection, household.id).await?,
        address: it.address,
        postcode: it.postcode,
        language: it.language,
        contact_hours: it.contact_hours,
        message_allowed: it.message_allowed,
        consent_to_contact: it.consent_to_contact,
    })
}

impl Two {
    /// The household that was heard of last.
    pub fn newer(&self) -> Side {
        let last = |one: &One| one.enquiries.iter().map(|it| it.row.day).max();
        if last(&self.goes) > last(&self.kept) { Side::Goes } else { Side::Kept }
    }

    pub fn enquiry_of_kept(&self, id: EnquiryId) -> Option<&Enquiry> {
        self.kept.enquiries.iter().find(|it| it.row.id == id)
    }

    /// None where it has to be asked.
    pub fn suggested(&self, enquiry: &Enquiry, today: Day) -> Option<Fate> {
        let others: Vec<_> = self.kept.enquiries.iter().map(|it| (it.row.id, it.facts.clone())).collect();
        suggested(&enquiry.facts, &others, today)
    }

    pub fn is_restricted(&self) -> bool {
        self.kept.enquiries.iter().chain(&self.goes.enquiries).any(|it| it.row.restricted)
    }
}

/// What only one of two enquiries has, that the other may be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offer {
    Milestone(EntryId),
    Note(NoteId),
    Task(TaskId),
    Visit(AppointmentId),
    InTouch(EntryId),
}

impl Offer {
    /// As a form sends it.
    pub fn code(&self) -> String {
        match self {
            Offer::Milestone(id) => format!("m{id}"),
            Offer::Note(id) => format!("n{id}"),
            Offer::Task(id) => format!("t{id}"),
            Offer::Visit(id) => format!("v{id}"),
            Offer::InTouch(id) => format!("k{id}"),
        }
    }
}

/// Each in words. Nothing that the other has already, or could not have.
pub fn offers(from: &Enquiry, to: &Enquiry, today: Day) -> Vec<(Offer, String)> {
    let milestones =
        from.ledger.milestones.iter().filter(|it| it.in_force() && may_be_brought(&it.fact, &to.facts, today));
    let milestones =
        milestones.map(|it| (Offer::Milestone(it.id), format!("{}, {}", it.fact.kind.label(), it.fact.on.short())));
    let same = |note: &Note| to.notes.iter().any(|it| (it.kind, it.on, &it.body) == (note.kind, note.on, &note.body));
    let notes = from.notes.iter().filter(|note| !same(note)).map(|note| {
        let about = format!("{}, {}", note.kind.label(), note.on.short());
        (Offer::Note(note.id), if note.body.is_empty() { about } else { format!("{about}: {}", beginning(&note.body)) })
    });
    let tasks = from.tasks.iter().filter(|task| task.is_open() && to.tasks.iter().all(|it| it.what != task.what));
    let tasks = tasks.map(|task| (Offer::Task(task.id), format!("Task: {}, due {}", task.what, task.due.short())));
    let visits = from.planned().filter(|it| goes_on(&to.facts) && !to.has_planned(it));
    let visits = visits.map(|it| (Offer::Visit(it.id), visit_in_words(it)));
    let in_touch = from.kept_in_touch(today).filter(|it| may_keep_in_touch(&it.fact, &to.facts, today));
    let in_touch = in_touch.map(|it| (Offer::InTouch(it.id), in_touch_in_words(&it.fact)));
    milestones.chain(visits).chain(in_touch).chain(notes).chain(tasks).collect()
}

impl Enquiry {
    /// What decides which of two goes on: how it stands, its kind, and what is still to come.
    pub fn known(&self, today: Day) -> Vec<String> {
        let state = Standing::of(&self.facts).map(|standing| standing.state_on(today));
        let kind = self.facts.fostering_type().map_or("not recorded", |kind| kind.label());
        let state = state.map(|state| format!("{}. Kind of fostering: {}", state.label(), lower_first(kind)));
        let paused = self.facts.pauses.iter().filter(|it| it.holds_on(today));
        let paused = paused.map(|it| format!("Paused since {}: {}", it.from.short(), lower_first(it.reason.label())));
        let in_touch = self.kept_in_touch(today).map(|it| in_touch_in_words(&it.fact));
        state.into_iter().chain(paused).chain(in_touch).chain(self.planned().map(visit_in_words)).collect()
    }

    fn planned(&self) -> impl Iterator<Item = &Planned> {
        self.visits.iter().filter(|it| it.state == AppointmentState::Planned)
    }

    fn has_planned(&self, visit: &Planned) -> bool {
        self.planned().any(|it| (it.visit.on, it.visit.at) == (visit.visit.on, visit.visit.at))
    }

    fn kept_in_touch(&self, today: Day) -> impl Iterator<Item = &Entry<InTouch>> {
        self.ledger.in_touch.iter().filter(move |it| it.in_force() && it.fact.holds_on(today))
    }
}

/// What the other enquiry cannot be given, and why.
pub fn stays(from: &Enquiry, to: &Enquiry, today: Day) -> Vec<String> {
    let (here, there) = (&from.row.reference, &to.row.reference);
    let ended = (!goes_on(&to.facts)).then(|| format!("{there} has ended"));
    let visits = from.planned().filter(|it| !to.has_planned(it));
    let visits = visits.filter_map(|it| {
        ended.as_ref().map(|why| format!("{}: this stays with {here}, as {why}.", visit_in_words(it)))
    });
    let in_touch = from.kept_in_touch(today).filter(|it| !may_keep_in_touch(&it.fact, &to.facts, today));
    let in_touch = in_touch.map(|it| {
        let own = || format!("{there} has been kept in touch with itself");
        let why = ended.clone().unwrap_or_else(own);
        format!("{}: this stays with {here}, as {why}.", in_touch_in_words(&it.fact))
    });
    let paused = from.facts.pauses.iter().filter(|it| it.holds_on(today));
    let paused =
        paused.map(|_| format!("The pause stays with {here}: where it goes on, record it again with {there}."));
    visits.chain(in_touch).chain(paused).collect()
}

/// `Visit planned for Thu 16 Oct 2025, 17:00, Priya Nair and Tom Ashworth`.
fn visit_in_words(it: &Planned) -> String {
    let who = it.with.as_ref().map_or(it.goes.clone(), |with| format!("{} and {with}", it.goes));
    format!("Visit planned for {}, {}, {who}", it.visit.on.long(), it.visit.at)
}

/// `Kept in touch with since 1 Oct 2025, to be contacted again on Mon 12 Jan 2026`.
fn in_touch_in_words(it: &InTouch) -> String {
    let again = it.contact_again_on.map(|on| format!(", to be contacted again on {}", on.long())).unwrap_or_default();
    format!("Kept in touch with since {}{again}", it.from.short())
}

fn beginning(text: &str) -> String {
    const SHOWN: usize = 90;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("“{}…”", line[..at].trim_end()),
        None => format!("“{line}”"),
    }
}

/// A note as it stands in the other enquiry: who wrote it, where and when.
pub fn brought_note(note: &Note, from: &Row) -> notes::NewNote {
    let said = format!(
        "Brought from {}, where {} wrote it on {}.",
        from.reference,
        note.by,
        note.recorded_at.london_day().words()
    );
    let body = if note.body.is_empty() { said } else { format!("{}\n\n{said}", note.body) };
    notes::NewNote { kind: note.kind, on: note.on, body }
}

/// Telephone numbers as people read them.
pub fn shown_phones(phones: &str) -> String {
    phones.split(';').map(|number| phone::shown(number.trim())).collect::<Vec<_>>().join(", ")
}
