//! From the application to the decision: Stage 1 and Stage 2, one after the other or at the same time, and panel.

use super::decks::Fate;
use super::diary::{open_day, panel_day};
use super::endings::{self, told};
use super::pen::Pen;
use super::words::Occasion;
use crate::domain::milestone::MilestoneKind as K;
use crate::domain::milestone::MilestoneResult as R;

/// Days of the long parts, as medians.
struct Pace {
    checks: f64,
    report: f64,
    /// How often Stage 2 begins while Stage 1 is still going on.
    together: f64,
    places: i64,
}

const MAINSTREAM: Pace = Pace { checks: 52.0, report: 72.0, together: 0.3, places: 3 };
const KINSHIP: Pace = Pace { checks: 34.0, report: 44.0, together: 0.7, places: 2 };

pub fn mainstream(pen: &mut Pen, fate: Fate) {
    assess(pen, fate, &MAINSTREAM);
}

pub fn kinship(pen: &mut Pen, fate: Fate) {
    assess(pen, fate, &KINSHIP);
}

fn assess(pen: &mut Pen, fate: Fate, pace: &Pace) {
    pen.wait(6.0, 0.6);
    pen.happened(K::AssessmentStarted);
    let together = fate > Fate::Application && pen.dice.chance(pace.together);
    if together {
        pen.wait(15.0, 0.5);
        pen.happened(K::Stage2Started);
    }
    if pen.dice.chance(0.12) {
        pause(pen);
    }
    pen.wait(pace.checks, 0.4);
    pen.happened(K::Stage1InformationComplete);
    if fate == Fate::Application {
        return stage_1_ends(pen);
    }
    pen.wait(6.0, 0.5);
    pen.happened_with(K::Stage1OutcomeNotified, Some(R::GoOn));
    if !together {
        pen.wait(4.0, 0.7);
        pen.happened(K::Stage2Started);
    }
    stage_2(pen, fate, pace);
}

/// Half end by our written outcome, half by their own decision.
fn stage_1_ends(pen: &mut Pen) {
    if pen.dice.chance(0.5) {
        pen.wait(7.0, 0.4);
        pen.happened_with(K::Stage1OutcomeNotified, Some(R::DoNotGoOn));
        pen.wait(1.0, 0.5);
        pen.closed("stage_1_outcome");
    } else {
        endings::after_applying(pen);
    }
}

fn stage_2(pen: &mut Pen, fate: Fate, pace: &Pace) {
    pen.note(Occasion::Assessment);
    pen.wait(pace.report * 0.4, 0.4);
    pen.happened(K::PreparationTrainingCompleted);
    if fate == Fate::Stage2 {
        return endings::after_applying(pen);
    }
    if pen.dice.chance(0.06) {
        pause(pen);
    }
    pen.note(Occasion::Assessment);
    pen.wait(pace.report * 0.6, 0.4);
    pen.happened(K::ReportCompleted);
    pen.wait(2.0, 0.6);
    pen.happened(K::ReportSharedWithApplicants);
    pen.wait(8.0, 0.4);
    pen.happened(K::ApplicantsObservations);
    pen.wait(3.0, 0.6);
    pen.happened(K::PapersSentToPanel);
    pen.day = panel_day(pen.day.plus_days(6));
    panel(pen, fate, pace);
}

fn panel(pen: &mut Pen, fate: Fate, pace: &Pace) {
    if pen.dice.chance(0.14) {
        pen.happened_with(K::PanelRecommendation, Some(R::Defer));
        let panel = pen.day;
        pen.wait(5.0, 0.3);
        pen.happened(K::PanelMinutesFinal);
        pen.note(Occasion::Deferred);
        pen.day = panel_day(panel.plus_days(pen.dice.between(21, 56)));
    }
    if fate == Fate::Panel {
        if pen.dice.chance(0.6) {
            pen.happened_with(K::PanelRecommendation, Some(R::DoNotApprove));
            return endings::not_approved(pen);
        }
        pen.happened_with(K::PanelRecommendation, Some(R::Approve));
        return endings::after_applying(pen);
    }
    pen.happened_with(K::PanelRecommendation, Some(R::Approve));
    pen.wait(5.0, 0.3);
    pen.happened(K::PanelMinutesFinal);
    decision(pen, pace);
}

fn decision(pen: &mut Pen, pace: &Pace) {
    pen.wait(5.0, 0.4);
    if pen.dice.chance(0.04) {
        against_the_panel(pen);
    }
    pen.happened_with(K::DecisionMade, Some(R::Approve));
    let decided = pen.day;
    told(pen);
    pen.day = if pen.dice.chance(0.8) { decided } else { open_day(pen.day.plus_days(pen.dice.between(0, 5))) };
    let places = i64::from(pen.dice.between(1, i32::try_from(pace.places).unwrap_or(1)));
    pen.approved(places);
    pen.note(Occasion::Approved);
}

/// The decision maker is independent of the panel; the independent review mechanism may change their mind.
fn against_the_panel(pen: &mut Pen) {
    pen.happened_with(K::DecisionMade, Some(R::DoNotApprove));
    pen.wait(18.0, 0.2);
    pen.happened(K::IrmApplied);
    pen.wait(75.0, 0.2);
    pen.happened_with(K::IrmRecommendation, Some(R::Approve));
    pen.wait(8.0, 0.3);
}

fn pause(pen: &mut Pen) {
    pen.wait(12.0, 0.5);
    let reason = pen.decks.pauses.deal(pen.dice);
    pen.paused(reason);
}
