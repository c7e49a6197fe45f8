//! What an enquiry that was logged twice can give to the one that goes on: what only it has, and what both have
//! otherwise.

use super::find::Enquiry;
use super::words;
use crate::domain::appointment::AppointmentState;
use crate::domain::brought::{goes_on, may_be_brought, may_keep_in_touch};
use crate::domain::day::Day;
use crate::domain::ids::{AppointmentId, EnquiryId, EntryId, NoteId, TaskId};
use crate::domain::ledger::{AttributeName, Entry};
use crate::domain::merge::details::{Detail, details};
use crate::domain::merge::{Field, Side};
use crate::domain::pause::InTouch;
use crate::domain::standing::Standing;
use crate::domain::text::lower_first;
use crate::features::appointments::Planned;
use crate::features::notes::Note;

/// What only one of two enquiries has, that the other may be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offer {
    /// Also where both have it otherwise, and that of the one that goes was chosen. The hub with its reference.
    Detail(AttributeName),
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
            Offer::Detail(name) => name.code().to_owned(),
            Offer::Milestone(id) => format!("m{id}"),
            Offer::Note(id) => format!("n{id}"),
            Offer::Task(id) => format!("t{id}"),
            Offer::Visit(id) => format!("v{id}"),
            Offer::InTouch(id) => format!("k{id}"),
        }
    }

    pub fn detail(&self) -> Option<AttributeName> {
        match self {
            Offer::Detail(name) => Some(*name),
            _ => None,
        }
    }
}

/// Each in words. Nothing that the other has already, or could not have.
pub fn offers(from: &Enquiry, to: &Enquiry, today: Day) -> Vec<(Offer, String)> {
    let lacks = given(from, to).filter(|it| it.instead.is_none()).map(|it| (Offer::Detail(it.name), it.in_words()));
    let milestones =
        from.ledger.milestones.iter().filter(|it| it.in_force() && may_be_brought(&it.fact, &to.facts, today));
    let milestones = milestones.map(|it| (Offer::Milestone(it.id), words::milestone(&it.fact)));
    let same = |note: &Note| to.notes.iter().any(|it| (it.kind, it.on, &it.body) == (note.kind, note.on, &note.body));
    let notes = from.notes.iter().filter(|note| !same(note));
    let notes = notes.map(|note| (Offer::Note(note.id), words::note(note.kind, note.on, &note.body)));
    let tasks = from.tasks.iter().filter(|task| task.is_open() && to.tasks.iter().all(|it| it.what != task.what));
    let tasks = tasks.map(|task| (Offer::Task(task.id), words::task(task)));
    let visits = from.planned().filter(|it| goes_on(&to.facts) && !to.has_planned(it));
    let visits = visits.map(|it| (Offer::Visit(it.id), words::visit(it)));
    let in_touch = from.kept_in_touch(today).filter(|it| may_keep_in_touch(&it.fact, &to.facts, today));
    let in_touch = in_touch.map(|it| (Offer::InTouch(it.id), words::in_touch(&it.fact)));
    lacks.chain(milestones).chain(visits).chain(in_touch).chain(notes).chain(tasks).collect()
}

/// What both have, each otherwise: somebody says whose holds, as for the household. Where nobody does, the one that goes
/// on keeps its own.
pub fn choices(from: &Enquiry, to: &Enquiry) -> Vec<(AttributeName, Field)> {
    let both = given(from, to).filter_map(|it| Some((it.name, it.value, it.instead?)));
    let field = |(name, goes, kept): (AttributeName, String, String)| {
        let field = choice(name, from.row.id, to.row.id);
        (name, Field { name: field, label: name.label(), kept, goes, both: None, offered: Side::Kept })
    };
    both.map(field).collect()
}

/// Under which a form says whose detail holds.
pub fn choice(name: AttributeName, from: EnquiryId, to: EnquiryId) -> String {
    format!("{}_{from}_{to}", name.code())
}

fn given(from: &Enquiry, to: &Enquiry) -> impl Iterator<Item = Detail> {
    let is_shut_out = shut_out(from, to).is_some();
    let given = details(&from.facts, &to.facts).into_iter();
    given.filter(move |it| it.name != AttributeName::Officer || !is_shut_out)
}

/// The officer who would be given a record that they cannot open.
fn shut_out<'a>(from: &'a Enquiry, to: &Enquiry) -> Option<&'a str> {
    let officer = from.facts.latest_attribute(AttributeName::Officer)?;
    let is_named = officer.user.is_none_or(|user| to.named.contains(&user));
    officer.value.as_deref().filter(|_| to.row.restricted && !is_named)
}

impl Enquiry {
    /// What decides which of two goes on: how it stands, its kind, and what is still to come.
    pub fn known(&self, today: Day) -> Vec<String> {
        let state = Standing::of(&self.facts).map(|standing| standing.state_on(today));
        let kind = self.facts.fostering_type().map_or("not recorded", |kind| kind.label());
        let state = state.map(|state| format!("{}. Kind of fostering: {}", state.label(), lower_first(kind)));
        let paused = self.facts.pauses.iter().filter(|it| it.holds_on(today));
        let paused = paused.map(|it| format!("Paused since {}: {}", it.from.short(), lower_first(it.reason.label())));
        let in_touch = self.kept_in_touch(today).map(|it| words::in_touch(&it.fact));
        state.into_iter().chain(paused).chain(in_touch).chain(self.planned().map(words::visit)).collect()
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
    let visits = visits
        .filter_map(|it| ended.as_ref().map(|why| format!("{}: this stays with {here}, as {why}.", words::visit(it))));
    let in_touch = from.kept_in_touch(today).filter(|it| !may_keep_in_touch(&it.fact, &to.facts, today));
    let in_touch = in_touch.map(|it| {
        let own = || format!("{there} has been kept in touch with itself");
        let why = ended.clone().unwrap_or_else(own);
        format!("{}: this stays with {here}, as {why}.", words::in_touch(&it.fact))
    });
    let paused = from.facts.pauses.iter().filter(|it| it.holds_on(today));
    let paused =
        paused.map(|_| format!("The pause stays with {here}: where it goes on, record it again with {there}."));
    let officer = shut_out(from, to).map(|officer| {
        format!("{officer} does not get {there}, which is open to named people only: name them on it first.")
    });
    visits.chain(in_touch).chain(paused).chain(officer).collect()
}
