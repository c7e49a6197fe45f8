//! The whole council: who enquires when, who comes back, who comes twice, and somebody at every stage today.

use super::approach::{Approach, Teller, may_return, number_referrals};
use super::decks::{Decks, Fate};
use super::diary;
use super::dice::Dice;
use super::people::People;
use super::staff::Staff;
use super::story::Story;
use crate::domain::day::Day;
use crate::domain::instant::Instant;
use crate::domain::ledger::Facts;
use crate::domain::stage::Stage;
use crate::domain::standing::{Standing, State};
use crate::features::enquiries::Of;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    pub households: usize,
    pub years: i32,
    pub seed: u64,
    /// The history ends here.
    pub now: Instant,
}

/// Somebody who has to be there today: the chance that they are by themselves is small where there are few.
#[derive(Debug, Clone, Copy)]
enum Wanted {
    At(Stage),
    Paused,
    RingSoon,
    Unassigned,
}

const WANTED: &[Wanted] = &[
    Wanted::Unassigned,
    Wanted::At(Stage::New),
    Wanted::At(Stage::InContact),
    Wanted::At(Stage::Visited),
    Wanted::At(Stage::Application),
    Wanted::At(Stage::Stage1),
    Wanted::At(Stage::Stage2),
    Wanted::At(Stage::Panel),
    Wanted::At(Stage::Decision),
    Wanted::Paused,
    Wanted::RingSoon,
    Wanted::Unassigned,
];

/// Of a hundred households, as many come by two ways at once.
const DUPLICATES: usize = 2;
/// And so many of those are still to be found.
const NOT_NOTICED: usize = 2;
const TRIES: usize = 20_000;

pub fn stories(plan: &Plan) -> Vec<Story> {
    let today = plan.now.london_day();
    let (first, last) = (today.plus_months(-12 * plan.years), diary::last_full_day(plan.now));
    let wanted = WANTED.len() * (1 + plan.households / 400);
    let wanted = wanted.min(plan.households / 3);
    let twice = (plan.households * DUPLICATES / 100).max(plan.households.min(60) / 15);
    let mut dice = Dice::new(plan.seed);
    let (mut decks, mut people) = (Decks::new(), People::default());
    let handover = diary::open_day(last.plus_months(-14));
    let mut teller = Teller { dice: &mut dice, decks: &mut decks, people: &mut people, staff: Staff { handover } };

    let days = diary::arrivals(first, last, plan.households - wanted - twice, teller.dice);
    let mut stories: Vec<Story> = days
        .into_iter()
        .map(|received| {
            let approach = teller.approach(received);
            teller.story(approach)
        })
        .collect();
    twice_by_two_ways(&mut stories, twice, last, &mut teller);
    coming_back(&mut stories, last, &mut teller);
    there_today(&mut stories, wanted, plan.now, &mut teller);
    number_referrals(&mut stories, &mut dice);
    stories
}

fn twice_by_two_ways(stories: &mut Vec<Story>, count: usize, last: Day, teller: &mut Teller) {
    let may: Vec<_> =
        (0..stories.len()).filter(|index| stories[*index].logged_at().london_day().days_until(last) > 20).collect();
    let count = count.min(may.len());
    for nth in 0..count {
        // Of the latest nobody has noticed it yet.
        let is_noticed = nth + NOT_NOTICED < count;
        let of = if is_noticed { may[nth * may.len() / count] } else { may[may.len() + nth - count] };
        let duplicate = teller.duplicate(&stories[of], is_noticed);
        stories.push(duplicate);
    }
}

/// Some whose time it was not come again when it is.
fn coming_back(stories: &mut Vec<Story>, last: Day, teller: &mut Teller) {
    for index in 0..stories.len() {
        let facts = stories[index].facts_at(Instant::end_of(last));
        let Some(closed) = facts.closure() else { continue };
        let reason = closed.close_reason.as_ref().map(|reason| reason.0.as_str()).unwrap_or_default();
        if !may_return(reason) || !teller.dice.chance(0.12) {
            continue;
        }
        let again = diary::open_day(closed.on.plus_days(teller.dice.between(170, 800)));
        let Of::New(household) = stories[index].enquiry().of.clone() else { continue };
        if again <= last {
            let approach = Approach { household, ..teller.approach(again) };
            let story = teller.story(Approach { kinship: false, ..approach });
            stories.push(Story { returns: Some(index), ..story });
        }
    }
}

fn there_today(stories: &mut Vec<Story>, count: usize, now: Instant, teller: &mut Teller) {
    // Cards of their own: what is thrown away here must not be missing elsewhere.
    let mut decks = Decks::new();
    let last = diary::last_full_day(now);
    for wanted in WANTED.iter().cycle().take(count) {
        let household = teller.people.household(teller.dice);
        let mut teller = Teller { dice: teller.dice, decks: &mut decks, people: teller.people, staff: teller.staff };
        for _ in 0..TRIES {
            let (fate, longest_ago) = wanted.window();
            let ago = teller.dice.between(0, longest_ago);
            let received = diary::last_open_day(last.plus_days(-ago));
            let hub = teller.dice.chance(0.34);
            let approach = Approach { received, kinship: false, hub, fate, household: household.clone() };
            let story = teller.story(approach);
            if wanted.is(&story.facts_at(now), now.london_day()) {
                stories.push(story);
                break;
            }
        }
    }
}

impl Wanted {
    /// How the story ends one day, and how many days ago it began at most.
    fn window(self) -> (Fate, i32) {
        match self {
            Wanted::Unassigned | Wanted::At(Stage::New) => (Fate::Visit, 5),
            Wanted::At(Stage::InContact) => (Fate::Visit, 30),
            Wanted::At(Stage::Visited) => (Fate::Approval, 90),
            Wanted::At(Stage::Application | Stage::Stage1) => (Fate::Approval, 180),
            Wanted::At(_) => (Fate::Approval, 420),
            Wanted::Paused => (Fate::Approval, 300),
            Wanted::RingSoon => (Fate::Contact, 400),
        }
    }

    fn is(self, facts: &Facts, today: Day) -> bool {
        let Some(standing) = Standing::of(facts) else { return false };
        let soon = |day: Day| (-2..=12).contains(&today.days_until(day));
        match self {
            Wanted::At(stage) => standing.stage == stage && standing.state_on(today) == State::Open,
            Wanted::Paused => standing.state_on(today) == State::Paused,
            Wanted::RingSoon => {
                let again = standing.in_touch.as_ref().and_then(|it| it.contact_again_on);
                standing.state_on(today) == State::InTouch && again.is_some_and(soon)
            }
            Wanted::Unassigned => standing.live() && standing.officer_from.is_none(),
        }
    }
}
