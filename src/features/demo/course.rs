//! From the first conversation to the application.

use super::decks::Fate;
use super::pen::Pen;
use super::staff::Staff;
use super::words::Occasion;
use super::{assessment, endings};
use crate::domain::fostering::FosteringType;
use crate::domain::ledger::{AttributeName, Milestone};
use crate::domain::milestone::MilestoneKind as K;
use crate::domain::reason::ReasonCode;

/// Somebody rang, or filled in a form, or was sent by the hub.
pub fn mainstream(pen: &mut Pen, fate: Fate, kind: Option<FosteringType>) {
    if fate == Fate::Enquiry {
        return endings::not_reached(pen);
    }
    contact(pen);
    if fate == Fate::Contact {
        return endings::without_applying(pen, false);
    }
    detours(pen);
    visit(pen, kind);
    if fate == Fate::Visit {
        return endings::without_applying(pen, true);
    }
    apply(pen);
    assessment::mainstream(pen, fate);
}

/// A relative or friend who has a child already or soon, and came by the children's team.
pub fn kinship(pen: &mut Pen, fate: Fate) {
    let temporary = (fate >= Fate::Application || pen.dice.chance(0.5)).then(|| {
        pen.wait(2.0, 0.7);
        pen.happened(K::TemporaryApproval);
        pen.day
    });
    contact(pen);
    if fate == Fate::Contact {
        return endings::without_applying(pen, false);
    }
    pen.wait(5.0, 0.6);
    pen.happened(K::InitialVisit);
    pen.note(Occasion::KinshipVisit);
    if fate == Fate::Visit {
        return endings::without_applying(pen, true);
    }
    pen.wait(10.0, 0.5);
    pen.happened(K::ApplicationReceived);
    assessment::kinship(pen, fate);
    // Regulation 25: sixteen weeks, and eight more where the assessment needs them.
    if let Some(ends) = temporary.map(|from| super::diary::open_day(from.plus_days(110))).filter(|ends| *ends < pen.day)
    {
        pen.happened_on(K::TemporaryApprovalExtended, ends);
    }
}

fn contact(pen: &mut Pen) {
    while pen.dice.chance(0.22) {
        pen.note(Occasion::NoAnswer);
        pen.wait(1.0, 0.5);
    }
    pen.wait(0.8, 0.9);
    // A gap, as real records have them: a later step implies it.
    if !pen.dice.chance(0.02) {
        pen.happened(K::FirstContact);
    }
    pen.note(Occasion::FirstContact);
    if pen.dice.chance(0.2) {
        pen.wait(10.0, 0.6);
        pen.happened(K::InformationSession);
    }
}

/// Closed by mistake; closed and reopened; a visit that was called off.
fn detours(pen: &mut Pen) {
    match pen.dice.between(1, 100) {
        1..=3 => {
            pen.wait(9.0, 0.3);
            let closure = Milestone::closed(pen.day, ReasonCode("no_reply".to_owned()));
            pen.recorded_by_mistake(closure, "closed by mistake: they had rung back");
        }
        4..=8 => {
            pen.wait(20.0, 0.4);
            pen.closed("not_now");
            pen.wait(110.0, 0.4);
            pen.reopened();
            pen.note(Occasion::BackAgain);
        }
        9..=11 => {
            pen.wait(6.0, 0.3);
            pen.recorded_by_mistake(Milestone::new(K::InitialVisit, pen.day), "the visit was called off that morning");
        }
        _ => {}
    }
}

fn visit(pen: &mut Pen, kind: Option<FosteringType>) {
    pen.wait(8.0, 0.8);
    pen.happened(K::InitialVisit);
    pen.note(Occasion::Visit);
    if matches!(kind, None | Some(FosteringType::Mainstream)) && pen.dice.chance(0.7) {
        let settled = pen.decks.settled_kinds.deal(pen.dice);
        pen.sets(AttributeName::FosteringType, settled.code(), "settled at the visit");
    }
    if pen.dice.chance(0.14) {
        pen.wait(16.0, 0.4);
        pen.happened(K::InitialVisit);
        pen.note(Occasion::Visit);
    }
    if pen.dice.chance(0.05) {
        pen.wait(10.0, 0.5);
        let reason = pen.decks.pauses.deal(pen.dice);
        pen.paused(reason);
    }
}

fn apply(pen: &mut Pen) {
    if pen.dice.chance(0.6) {
        pen.wait(6.0, 0.6);
        pen.happened(K::InvitedToApply);
    }
    pen.wait(24.0, 0.7);
    pen.happened(K::ApplicationReceived);
    pen.note(Occasion::Application);
    if pen.dice.chance(0.85) {
        let assessor = Staff::assessor(pen.dice);
        let from = super::diary::days_later(pen.day, pen.dice.between(1, 9));
        pen.assign(assessor, from);
        pen.day = from;
    }
}
