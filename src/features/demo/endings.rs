//! How enquiries end, and how they do not: keeping in touch, lying open.

use super::decks::Challenge;
use super::diary::open_day;
use super::pen::Pen;
use super::words::Occasion;
use crate::domain::milestone::MilestoneKind as K;
use crate::domain::milestone::MilestoneResult::DoNotApprove;
use crate::domain::pause::InTouch;

/// Nobody answers, or a look at the enquiry is enough.
pub fn not_reached(pen: &mut Pen) {
    let reason = pen.decks.not_reached.deal(pen.dice);
    if reason == "no_reply" {
        for _ in 0..pen.dice.between(1, 3) {
            pen.wait(3.0, 0.6);
            pen.note(Occasion::NoAnswer);
        }
    }
    pen.wait(12.0, 0.8);
    pen.closed(reason);
}

/// After a conversation or a visit, without an application.
pub fn without_applying(pen: &mut Pen, visited: bool) {
    match pen.dice.between(1, 100) {
        1..=13 => in_touch(pen),
        // It simply lies there, every service has some, until somebody tidies up.
        14..=16 => {
            pen.note(Occasion::Quiet);
            pen.wait(60.0, 0.4);
            pen.closed("no_reply");
        }
        _ => {
            pen.wait(if visited { 34.0 } else { 24.0 }, 0.8);
            let deck = if visited { &mut pen.decks.after_visit } else { &mut pen.decks.before_applying };
            let reason = deck.deal(pen.dice);
            pen.note(Occasion::Ending);
            pen.closed(reason);
        }
    }
}

/// After the application; the service's own endings of a stage come from the stage.
pub fn after_applying(pen: &mut Pen) {
    pen.wait(30.0, 0.7);
    let reason = pen.decks.after_applying.deal(pen.dice);
    pen.note(Occasion::Ending);
    pen.closed(reason);
}

/// Not ready now: we ring again when we said we would, or a little later.
fn in_touch(pen: &mut Pen) {
    pen.wait(8.0, 0.7);
    let months = pen.decks.months_in_touch.deal(pen.dice);
    let mut now = pen.kept_in_touch(months);
    loop {
        let late = pen.dice.days(2.0, 0.9);
        pen.day = open_day(now.contact_again_on.unwrap_or(pen.day).plus_days(late));
        pen.note(Occasion::InTouch);
        match pen.dice.between(1, 10) {
            1..=4 => {
                let again = open_day(pen.day.plus_months(pen.dice.between(3, 9)));
                let later = InTouch { contact_again_on: Some(again), ..now.clone() };
                pen.changes_in_touch(&now, later.clone(), "still not ready, and glad to hear from us");
                now = later;
            }
            _ => {
                let over = InTouch { to: Some(pen.day), ..now.clone() };
                pen.changes_in_touch(&now, over, "they have decided");
                pen.closed("not_now");
                return;
            }
        }
    }
}

/// A recommendation against, the decision maker's determination, and what the family may do about it.
pub fn not_approved(pen: &mut Pen) {
    pen.wait(5.0, 0.3);
    pen.happened(K::PanelMinutesFinal);
    pen.wait(5.0, 0.3);
    pen.happened_with(K::DecisionMade, Some(DoNotApprove));
    told(pen);
    match pen.decks.challenges.deal(pen.dice) {
        Challenge::None => pen.wait(30.0, 0.1),
        Challenge::Representations => {
            pen.wait(16.0, 0.3);
            pen.happened(K::RepresentationsReceived);
            decided_again(pen);
        }
        Challenge::IndependentReview => {
            pen.wait(16.0, 0.3);
            pen.happened(K::IrmApplied);
            pen.wait(80.0, 0.2);
            pen.happened_with(K::IrmRecommendation, Some(DoNotApprove));
            decided_again(pen);
        }
    }
    pen.closed("not_approved");
}

fn decided_again(pen: &mut Pen) {
    pen.wait(12.0, 0.3);
    pen.happened_with(K::DecisionMade, Some(DoNotApprove));
}

/// In the days after a decision.
pub fn told(pen: &mut Pen) {
    pen.wait(1.0, 0.6);
    pen.happened(K::DecisionTold);
    pen.wait(2.0, 0.6);
    pen.happened(K::DecisionWritten);
}
