//! The board: a column for each stage of an enquiry that goes on, how long a household has been in it, and what moving
//! a card to another column records. Nobody sets a stage: a move is a milestone with its day.

use std::fmt;

use super::day::Day;
use super::ledger::Facts;
use super::milestone::{MilestoneKind, MilestoneResult};
use super::stage::Stage;
use super::text::lower_first;

/// From left to right. What is approved or closed has left the board.
pub const COLUMNS: [Stage; 8] = [
    Stage::New,
    Stage::InContact,
    Stage::Visited,
    Stage::Application,
    Stage::Stage1,
    Stage::Stage2,
    Stage::Panel,
    Stage::Decision,
];

/// The columns in which an enquiry stands: two while Stage 1 and Stage 2 run at the same time (reg 26 as amended by SI
/// 2013/984).
pub fn columns_of(facts: &Facts) -> Vec<Stage> {
    let stage = Stage::of(facts);
    if stage.runs_beside_stage_1(facts) { vec![Stage::Stage1, stage] } else { vec![stage] }
}

/// Since when an enquiry has been in a stage that it is in: the day of the first milestone of that stage, or the day it
/// was received or last reopened, whichever is latest. A pause does not stop these days. None where it has no day
/// received.
pub fn since(facts: &Facts, stage: Stage) -> Option<Day> {
    let received = facts.day_received()?;
    let entered = first_of(facts, stage).or_else(|| {
        // Stage 1 without a date of its own has run at least since Stage 2 began beside it.
        (stage == Stage::Stage1).then(|| first_of(facts, Stage::Stage2)).flatten()
    });
    let reopened = facts.last(MilestoneKind::Reopened).map(|reopened| reopened.on);
    [Some(received), entered, reopened].into_iter().flatten().max()
}

fn first_of(facts: &Facts, stage: Stage) -> Option<Day> {
    facts.milestones.iter().find(|milestone| Stage::after(milestone.kind) == Some(stage)).map(|milestone| milestone.on)
}

/// Days in stage: calendar days from the day the stage was entered to today; 0 on that day.
pub fn days_in_stage(since: Day, today: Day) -> i64 {
    since.days_until(today).max(0)
}

/// The median of the days in stage, from the two days that stand in the middle: linear interpolation at rank (n − 1)/2
/// (counting rule 15). With an odd number both are the same.
pub fn median_days(middle: (Day, Day), today: Day) -> f64 {
    (days_in_stage(middle.0, today) + days_in_stage(middle.1, today)) as f64 / 2.0
}

/// What a move records, in this order, all on the day that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    pub records: Vec<Recorded>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    pub kind: MilestoneKind,
    /// What the move itself says; where there are results and this is None, the result is asked for.
    pub result: Option<MilestoneResult>,
}

impl Recorded {
    fn of(kind: MilestoneKind) -> Recorded {
        Recorded { kind, result: None }
    }

    /// The results to choose from; empty where none is asked for.
    pub fn results(self) -> &'static [MilestoneResult] {
        if self.result.is_some() { &[] } else { self.kind.results() }
    }
}

/// Why a card cannot go there. Each is a sentence that says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoMove {
    /// It is not in the column from which it is moved.
    Elsewhere {
        now: Stage,
    },
    Approved {
        on: Day,
    },
    Closed {
        on: Day,
    },
    ThereAlready {
        stage: Stage,
    },
    /// What has happened has happened.
    Back {
        stage: Stage,
        kind: MilestoneKind,
        on: Day,
    },
    Skips {
        from: Stage,
        next: Stage,
    },
    /// The card of Stage 1 while Stage 2 runs beside it.
    Stage1IsOpen,
    NotGoingOn {
        on: Day,
    },
    Deferred {
        on: Day,
    },
    NotApproved {
        on: Day,
    },
}

/// The column to which a card in that column goes next.
pub fn next(from: Stage) -> Option<Stage> {
    COLUMNS.into_iter().chain([Stage::Approved]).find(|stage| *stage > from)
}

/// What moving a card from one column to another records, where that may be.
pub fn step(facts: &Facts, from: Stage, to: Stage) -> Result<Move, NoMove> {
    ended(facts)?;
    let columns = columns_of(facts);
    if !columns.contains(&from) {
        return Err(NoMove::Elsewhere { now: Stage::of(facts) });
    }
    if from == to {
        return Err(NoMove::ThereAlready { stage: to });
    }
    if to < from {
        return Err(back(facts, from));
    }
    if from == Stage::Stage1 && columns.contains(&Stage::Stage2) {
        return beside_stage_2(to);
    }
    match next(from) {
        Some(next) if next < to => Err(NoMove::Skips { from, next }),
        _ => onwards(facts, to),
    }
}

fn ended(facts: &Facts) -> Result<(), NoMove> {
    if let Some(on) = facts.first_on(MilestoneKind::Approved) {
        return Err(NoMove::Approved { on });
    }
    facts.closure().map_or(Ok(()), |closure| Err(NoMove::Closed { on: closure.on }))
}

fn back(facts: &Facts, stage: Stage) -> NoMove {
    let first = facts.milestones.iter().find(|milestone| Stage::after(milestone.kind) == Some(stage));
    match first {
        Some(first) => NoMove::Back { stage, kind: first.kind, on: first.on },
        None => NoMove::ThereAlready { stage },
    }
}

/// Stage 2 has begun already: that Stage 1 goes over into it is its outcome.
fn beside_stage_2(to: Stage) -> Result<Move, NoMove> {
    if to != Stage::Stage2 {
        return Err(NoMove::Stage1IsOpen);
    }
    let kind = MilestoneKind::Stage1OutcomeNotified;
    Ok(Move { records: vec![Recorded { kind, result: Some(MilestoneResult::GoOn) }] })
}

/// The milestone that a column means.
fn onwards(facts: &Facts, to: Stage) -> Result<Move, NoMove> {
    use MilestoneKind as K;
    let one = |kind| Ok(Move { records: vec![Recorded::of(kind)] });
    match to {
        Stage::New => Err(NoMove::ThereAlready { stage: to }),
        Stage::InContact => one(K::FirstContact),
        Stage::Visited => one(K::InitialVisit),
        Stage::Application => one(K::ApplicationReceived),
        Stage::Stage1 => one(K::AssessmentStarted),
        Stage::Stage2 => match facts.last(K::Stage1OutcomeNotified) {
            Some(outcome) if outcome.result == Some(MilestoneResult::DoNotGoOn) => {
                Err(NoMove::NotGoingOn { on: outcome.on })
            }
            _ => one(K::Stage2Started),
        },
        Stage::Panel => one(K::PanelRecommendation),
        // The minutes of a deferral leave the stage at Panel.
        Stage::Decision => match facts.last(K::PanelRecommendation) {
            Some(last) if last.result == Some(MilestoneResult::Defer) => Err(NoMove::Deferred { on: last.on }),
            _ => one(K::PanelMinutesFinal),
        },
        Stage::Approved => approval(facts),
    }
}

/// Without a decision on record the approval is the decision too.
fn approval(facts: &Facts) -> Result<Move, NoMove> {
    use MilestoneKind as K;
    let approved = Recorded::of(K::Approved);
    let decided = Recorded { kind: K::DecisionMade, result: Some(MilestoneResult::Approve) };
    match facts.last(K::DecisionMade) {
        Some(decision) if decision.result == Some(MilestoneResult::DoNotApprove) => {
            Err(NoMove::NotApproved { on: decision.on })
        }
        Some(_) => Ok(Move { records: vec![approved] }),
        None => Ok(Move { records: vec![decided, approved] }),
    }
}

impl fmt::Display for NoMove {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoMove::Elsewhere { now } => write!(f, "It is in {} now", now.label()),
            NoMove::Approved { on } => write!(f, "It was approved on {}. It has left the board", on.words()),
            NoMove::Closed { on } => {
                write!(f, "It was closed on {}. Reopen the enquiry on its record first", on.words())
            }
            NoMove::ThereAlready { stage } => write!(f, "It is in {} already", stage.label()),
            NoMove::Back { stage, kind, on } => write!(
                f,
                "It cannot go back: the stage follows from what has happened, and {} on {} puts it in {}. If that is \
                 wrong, correct or withdraw the date on the record",
                lower_first(kind.label()),
                on.words(),
                stage.label()
            ),
            NoMove::Skips { from, next } => write!(
                f,
                "From {} it goes to {} next. Move it there first; where a step was left out, record the dates on the \
                 record",
                from.label(),
                next.label()
            ),
            NoMove::Stage1IsOpen => write!(
                f,
                "{one} has no outcome yet, and {two} runs beside it. Move this card to {two} to record that they go on; \
                 what comes after {two} starts from the card there",
                one = Stage::Stage1.label(),
                two = Stage::Stage2.label()
            ),
            NoMove::NotGoingOn { on } => write!(
                f,
                "The outcome of {} on {} was not to go on. Close the enquiry, or correct the outcome on the record",
                Stage::Stage1.label(),
                on.words()
            ),
            NoMove::Deferred { on } => {
                write!(f, "The panel deferred on {}. Record its next recommendation on the record first", on.words())
            }
            NoMove::NotApproved { on } => write!(
                f,
                "The decision on {} was not to approve. Close the enquiry, or record another decision on the record",
                on.words()
            ),
        }
    }
}

#[cfg(test)]
mod tests;
