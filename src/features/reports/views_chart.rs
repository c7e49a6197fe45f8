//! The drawings of the funnel: bars with what was lost between them, and the intervals of groups.

use super::numbers;
use crate::domain::funnel::{Group, Outcome, Outcomes, Step, StepCount};
use crate::domain::interval::Interval;
use crate::domain::question::Basis;
use crate::domain::text::{lower_first, shortened};
use crate::web::chart::{Bar, Bars, Px, Scale, axis_end};

/// The funnel twice: for a wide screen or paper, and for a telephone.
pub struct Chart {
    /// What somebody who cannot see it is told.
    pub description: String,
    pub wide: Drawing,
    pub narrow: Drawing,
    pub ghosts: bool,
}

pub struct Drawing {
    pub height: Px,
    pub bars: Vec<ChartBar>,
}

pub struct ChartBar {
    pub bar: Bar,
    pub label: String,
    pub households: String,
    pub percent: String,
    pub interval: String,
    /// "41 fewer", and why.
    pub lost: Option<Lost>,
}

pub struct Lost {
    pub fewer: String,
    pub why: Vec<String>,
}

/// How many characters of "why" fit into a line of the narrow drawing.
const NARROW_LINE: usize = 46;

impl Chart {
    /// None where there is nothing to draw.
    pub fn new(group: &Group, basis: Basis) -> Option<Chart> {
        let greatest = group.steps.iter().map(|step| step.households).max().filter(|greatest| *greatest > 0)? as f64;
        let cohort = basis == Basis::Cohort;
        let wide = Bars {
            scale: Scale { left: 116.0, width: 400.0, greatest },
            top: 8.0,
            thickness: 26.0,
            step: if cohort { 56.0 } else { 40.0 },
        };
        let narrow = Bars {
            scale: Scale { left: 0.0, width: 340.0, greatest },
            top: 24.0,
            thickness: 20.0,
            step: if cohort { 92.0 } else { 54.0 },
        };
        Some(Chart {
            description: description(group, basis),
            wide: drawing(group, &wide, cohort, usize::MAX),
            narrow: drawing(group, &narrow, cohort, NARROW_LINE),
            ghosts: cohort,
        })
    }
}

/// What has room before a bar, in characters. The table beside it has all of a longer word of the service's own.
const LABEL: usize = 16;

fn drawing(group: &Group, bars: &Bars, cohort: bool, line: usize) -> Drawing {
    let mut before = None;
    let draw = |(at, step): (usize, &StepCount)| {
        let households = step.households as f64;
        let ghost = before.replace(households).filter(|_| cohort);
        // The intervals are of the enquiries, which the longest bar stands for.
        let whisker = step.interval().map(|interval| Interval {
            low: interval.low * bars.scale.greatest,
            high: interval.high * bars.scale.greatest,
        });
        ChartBar {
            bar: bars.bar(at, households, ghost, whisker),
            label: shortened(step.step.label(), LABEL),
            households: numbers::count(step.households),
            percent: if cohort { numbers::whole_percent(step.of_enquiries) } else { String::new() },
            interval: step.interval().map(whole_interval).unwrap_or_default(),
            lost: group.steps.get(at + 1).filter(|_| cohort).and_then(|after| {
                let stopped = group.stopped.get(at)?;
                (step.households > after.households).then(|| lost(step, after, stopped, line))
            }),
        }
    };
    Drawing { height: bars.height(group.steps.len()), bars: group.steps.iter().enumerate().map(draw).collect() }
}

fn whole_interval(interval: Interval) -> String {
    format!("{:.0} to {:.0}%", interval.low * 100.0, interval.high * 100.0)
}

fn lost(step: &StepCount, after: &StepCount, stopped: &Outcomes, line: usize) -> Lost {
    let fewer = format!("{} fewer", numbers::count(step.households - after.households));
    let reasons = Outcome::ALL.iter().map(|outcome| (*outcome, stopped.of(*outcome))).filter(|(_, number)| *number > 0);
    let mut reasons: Vec<_> = reasons.collect();
    reasons.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    let mut why: Vec<String> = Vec::new();
    for (outcome, number) in reasons {
        let words = format!("{} {}", numbers::count(number), words(outcome));
        match why.last_mut().filter(|last| last.len() + words.len() + 2 <= line) {
            Some(last) => *last = format!("{last}, {words}"),
            None => why.push(words),
        }
    }
    Lost { fewer, why }
}

fn words(outcome: Outcome) -> String {
    if let Some(own) = outcome.own_label() {
        return lower_first(own);
    }
    let standard = match outcome {
        Outcome::Approved => "approved",
        Outcome::Open => "open",
        Outcome::Paused => "paused",
        Outcome::InTouch => "in touch for later",
        Outcome::ApplicantWithdrew => "withdrew",
        Outcome::ServiceEnded => "ended by us",
        Outcome::Transferred => "transferred",
    };
    standard.to_owned()
}

fn description(group: &Group, basis: Basis) -> String {
    let counts: Vec<_> = group
        .steps
        .iter()
        .map(|step| format!("{} {}", lower_first(step.step.label()), numbers::count(step.households)))
        .collect();
    let counts = counts.join(", ");
    let greatest = group.steps.windows(2).max_by_key(|pair| pair[0].households - pair[1].households);
    match greatest {
        Some([before, after]) if basis == Basis::Cohort => format!(
            "Households at each step: {counts}. The largest loss, {}, is between {} and {}. The table has every figure.",
            numbers::count(before.households - after.households),
            lower_first(before.step.label()),
            lower_first(after.step.label()),
        ),
        _ => format!("Milestones in the period: {counts}."),
    }
}

/// The interval of one group, on an axis that all groups share; the average is dashed.
pub struct Forest {
    pub whisker: String,
    pub point: Px,
    pub zero: Px,
    pub average: Option<Px>,
    pub faint: bool,
}

const FOREST_WIDTH: f64 = 216.0;
const FOREST_LEFT: f64 = 4.0;
const FOREST_MIDDLE: f64 = 10.0;

/// As long as the longest interval of the groups that are not small, and holds every group's point and the average: the
/// faint intervals of small groups may run out of it.
pub fn forest_scale<'a>(groups: impl Iterator<Item = &'a Group>, average: &StepCount, small_number: i64) -> Scale {
    let reach = |group: &Group| {
        let approval = group.step(Step::Approval);
        if group.enquiries() >= small_number { approval.high } else { approval.of_enquiries }
    };
    let greatest = axis_end(groups.filter_map(reach).chain(average.of_enquiries).fold(0.0, f64::max));
    Scale { left: FOREST_LEFT, width: FOREST_WIDTH, greatest }
}

impl Forest {
    /// None on the activity basis, which has no proportions.
    pub fn new(step: &StepCount, average: Option<f64>, scale: Scale, faint: bool) -> Option<Forest> {
        let interval = step.interval()?;
        Some(Forest {
            whisker: scale.line(interval, FOREST_MIDDLE),
            point: scale.at(step.of_enquiries?),
            zero: scale.at(0.0),
            average: average.map(|average| scale.at(average)),
            faint,
        })
    }
}
