//! What is dealt rather than thrown, so that the shares of a finished year are believable with few cases too: how far
//! enquiries come, of what kind they are, and why they end.

use super::dice::{Deck, Dice};
use crate::domain::fostering::FosteringType;
use crate::domain::pause::PauseReason;

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

impl Fate {
    pub fn of(decks: &mut Decks, kinship: bool, dice: &mut Dice) -> Fate {
        if kinship { decks.kinship_fates.deal(dice) } else { decks.fates.deal(dice) }
    }
}

/// What a family does about a determination not to approve them.
#[derive(Debug, Clone, Copy)]
pub enum Challenge {
    None,
    Representations,
    IndependentReview,
}

pub struct Decks {
    pub fates: Deck<Fate>,
    pub kinship_fates: Deck<Fate>,
    pub kinds: Deck<Option<FosteringType>>,
    pub settled_kinds: Deck<FosteringType>,
    pub pauses: Deck<PauseReason>,
    pub months_in_touch: Deck<i32>,
    pub not_reached: Deck<&'static str>,
    pub before_applying: Deck<&'static str>,
    pub after_visit: Deck<&'static str>,
    pub after_applying: Deck<&'static str>,
    pub challenges: Deck<Challenge>,
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
