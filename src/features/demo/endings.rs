//! How enquiries end, and how they do not: keeping in touch, lying open.

use super::diary::open_day;
use super::dice::{Deck, Dice};
use super::pen::Pen;
use super::words::Occasion;
use crate::domain::fostering::FosteringType;
use crate::domain::milestone::MilestoneKind as K;
use crate::domain::milestone::MilestoneResult::DoNotApprove;
use crate::domain::pause::{InTouch, PauseReason};

/// The last step that an enquiry will reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    Enquiry,
    Contact,
    Visit,
    Application,
    Stage2,
    Panel,
    Approval,
}

/// What a family does about a determination not to approve them.
#[derive(Debug, Clone, Copy)]
enum Challenge {
    None,
    Representations,
    IndependentReview,
}

/// What is dealt rather than thrown, so that the shares of a finished year are believable with few cases too.
pub struct Decks {
    pub fates: Deck<Fate>,
    pub kinship_fates: Deck<Fate>,
    pub kinds: Deck<Option<FosteringType>>,
    pub settled_kinds: Deck<FosteringType>,
    pub pauses: Deck<PauseReason>,
    pub months_in_touch: Deck<i32>,
    not_reached: Deck<&'static str>,
    before_applying: Deck<&'static str>,
    after_visit: Deck<&'static str>,
    after_applying: Deck<&'static str>,
    challenges: Deck<Challenge>,
}

impl Decks {
    pub fn new() -> Decks {
        use FosteringType as F;
        use PauseReason as P;
        Decks {
            // Of 100: 85 are reached, 38 visited, 11 apply, 9 begin Stage 2, 7 come to panel, 6 are approved.
            fates: Deck::new(&[
                (Fate::Enquiry, 15),
                (Fate::Contact, 47),
                (Fate::Visit, 27),
                (Fate::Application, 2),
                (Fate::Stage2, 2),
                (Fate::Panel, 1),
                (Fate::Approval, 6),
            ]),
            kinship_fates: Deck::new(&[
                (Fate::Contact, 3),
                (Fate::Visit, 4),
                (Fate::Application, 3),
                (Fate::Stage2, 2),
                (Fate::Panel, 1),
                (Fate::Approval, 9),
            ]),
            kinds: Deck::new(&[
                (Some(F::Mainstream), 22),
                (None, 6),
                (Some(F::ShortTerm), 8),
                (Some(F::LongTerm), 6),
                (Some(F::ShortBreaks), 4),
                (Some(F::SupportedLodgings), 2),
                (Some(F::Emergency), 1),
                (Some(F::ParentAndChild), 1),
                (Some(F::FosteringToAdopt), 1),
                (Some(F::Remand), 1),
                (Some(F::Other), 1),
            ]),
            settled_kinds: Deck::new(&[
                (F::ShortTerm, 8),
                (F::LongTerm, 7),
                (F::ShortBreaks, 4),
                (F::ParentAndChild, 2),
                (F::Emergency, 1),
                (F::FosteringToAdopt, 1),
            ]),
            pauses: Deck::new(&[
                (P::Illness, 3),
                (P::HouseMoveOrBuildingWork, 3),
                (P::Work, 2),
                (P::PregnancyOrNewBaby, 2),
                (P::AdoptionAssessment, 1),
                (P::Other, 1),
                (P::NotRecorded, 1),
            ]),
            months_in_touch: Deck::new(&[(2, 1), (3, 3), (6, 5), (9, 1), (12, 3)]),
            not_reached: Deck::new(&[
                ("no_reply", 12),
                ("out_of_area", 2),
                ("not_eligible", 2),
                ("chose_another_agency", 1),
                ("not_recorded", 2),
                ("not_now", 1),
            ]),
            before_applying: Deck::new(&[
                ("no_spare_room", 9),
                ("work_or_childcare", 7),
                ("not_now", 9),
                ("no_reply", 8),
                ("chose_another_agency", 4),
                ("health", 3),
                ("housing_or_tenancy", 4),
                ("moving_away", 2),
                ("not_recorded", 2),
                ("not_eligible", 3),
                ("out_of_area", 2),
                ("safeguarding", 1),
                ("transferred", 2),
                ("service_other", 1),
            ]),
            after_visit: Deck::new(&[
                ("work_or_childcare", 5),
                ("not_now", 6),
                ("no_spare_room", 3),
                ("housing_or_tenancy", 3),
                ("health", 3),
                ("chose_another_agency", 4),
                ("suitability", 3),
                ("safeguarding", 1),
                ("no_reply", 2),
                ("moving_away", 1),
            ]),
            after_applying: Deck::new(&[
                ("AW3", 4),
                ("AW2", 3),
                ("AW1", 2),
                ("AW4", 1),
                ("AW5", 1),
                ("AW0", 1),
                ("suitability", 1),
                ("safeguarding", 1),
                ("transferred", 1),
            ]),
            challenges: Deck::new(&[
                (Challenge::None, 2),
                (Challenge::Representations, 1),
                (Challenge::IndependentReview, 1),
            ]),
        }
    }
}

/// Whether it is we, or another service, who end it: nobody asks the family for their reason then.
pub fn ends_with_us(reason: &str) -> bool {
    ["not_eligible", "out_of_area", "safeguarding", "suitability", "stage_1_outcome", "not_approved", "service_other"]
        .iter()
        .chain(&["transferred", "duplicate"])
        .any(|code| *code == reason)
}

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

impl Fate {
    pub fn of(decks: &mut Decks, kinship: bool, dice: &mut Dice) -> Fate {
        if kinship { decks.kinship_fates.deal(dice) } else { decks.fates.deal(dice) }
    }
}
