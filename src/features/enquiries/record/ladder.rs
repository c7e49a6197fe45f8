//! The ladder in words.

use crate::domain::day::Day;
use crate::domain::ladder::{self, RungState};
use crate::domain::ledger::Facts;
use crate::domain::reason::CloseReason;
use crate::domain::stage::Stage;
use crate::domain::text::lower_first;

pub struct RungView {
    pub label: &'static str,
    /// `done`, `now`, `missed`, `to` or `ended`.
    pub state: &'static str,
    /// Stage 1 and Stage 2 beside each other: `lane`, `lane two`.
    pub lane: &'static str,
    /// When, or since when and for how long.
    pub when: String,
    pub gap: String,
    pub missing: String,
    pub now: bool,
}

pub fn rungs(facts: &Facts, reasons: &[CloseReason], today: Day) -> Vec<RungView> {
    let mut views: Vec<RungView> = Vec::new();
    let mut year = 0;
    let mut next_said = facts.closure().is_some();
    for rung in ladder::ladder(facts) {
        let date = rung.on.map(|on| {
            let text = if on.0.year() == year { on.long_without_year() } else { on.long() };
            year = on.0.year();
            text
        });
        let is_next = rung.state == RungState::ToCome && !next_said;
        next_said |= is_next;
        let now = rung.state == RungState::Now;
        views.push(RungView {
            label: if rung.stage == Stage::New { "Received" } else { rung.stage.label() },
            state: match rung.state {
                RungState::Done => "done",
                RungState::Now => "now",
                RungState::NotRecorded => "missed",
                RungState::ToCome => "to",
            },
            lane: match (rung.lane, rung.stage) {
                (false, _) => "",
                (true, Stage::Stage2) => "lane two",
                (true, _) => "lane",
            },
            when: match (date, rung.on) {
                (Some(date), Some(on)) if now && rung.lane => format!("since {date}, {}", days(on.days_until(today))),
                (Some(date), _) if now => format!("since {date}"),
                (date, _) => date.unwrap_or_default(),
            },
            gap: match (rung.by, rung.on, rung.after) {
                (Some(by), ..) => lower_first(by.label()),
                (None, Some(on), _) if now && !rung.lane => format!("{} so far", days(on.days_until(today))),
                (None, _, Some(after)) if !rung.lane => later(after),
                _ if is_next => "next".to_owned(),
                _ => String::new(),
            },
            missing: match rung.state {
                RungState::NotRecorded => "not recorded".to_owned(),
                RungState::Now if rung.on.is_none() => "date not recorded".to_owned(),
                _ => String::new(),
            },
            now,
        });
    }
    views.extend(closed(facts, reasons, views.len()));
    views
}

fn closed(facts: &Facts, reasons: &[CloseReason], after: usize) -> Option<RungView> {
    let closure = facts.closure()?;
    let reason = reasons.iter().find(|reason| Some(&reason.code) == closure.close_reason.as_ref());
    debug_assert!(after > 0, "an enquiry is received first");
    Some(RungView {
        label: "Closed",
        state: "ended",
        lane: "",
        when: closure.on.long(),
        gap: reason.map(once).unwrap_or_default(),
        missing: String::new(),
        now: true,
    })
}

/// Who ended it, and why; once where the reason says both: `Duplicate of another enquiry`.
pub fn once(reason: &CloseReason) -> String {
    let by = reason.ended_by;
    let says_both = [by.label(), by.standard_label()].iter().any(|by| reason.label.starts_with(*by));
    if says_both { reason.label.clone() } else { format!("{}: {}", by.label(), reason.label) }
}

pub fn days(count: i64) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}

fn later(count: i64) -> String {
    match count {
        0 => "the same day".to_owned(),
        1.. => format!("{} later", days(count)),
        _ => format!("{} before", days(-count)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::Milestone;
    use crate::domain::milestone::MilestoneKind as K;
    use crate::domain::reason::{Applies, EndedBy, ReasonCode};

    #[test]
    fn who_ended_it_is_said_once() {
        let said = |ended_by, label: &str| {
            let (code, label) = (ReasonCode("own".to_owned()), label.to_owned());
            once(&CloseReason { code, label, ended_by, applies: Applies::Any, in_use: true })
        };
        for (ended_by, label, words) in [
            (EndedBy::Duplicate, "Duplicate of another enquiry", "Duplicate of another enquiry"),
            (EndedBy::Transferred, "Transferred to another council", "Transferred to another council"),
            (EndedBy::Transferred, "To their own council", "Transferred: To their own council"),
            (EndedBy::Applicant, "No spare room", "The applicant: No spare room"),
        ] {
            assert_eq!(said(ended_by, label), words);
        }
    }

    #[test]
    fn the_ladder_says_how_long_and_gives_the_year_once() {
        let at = |kind, on: &str| Milestone::new(kind, on.parse().unwrap());
        let milestones = vec![
            at(K::EnquiryReceived, "2025-03-03"),
            at(K::FirstContact, "2025-03-04"),
            at(K::ApplicationReceived, "2025-04-02"),
        ];
        let rungs = rungs(&Facts { milestones, ..Facts::default() }, &[], "2025-04-12".parse().unwrap());
        let said: Vec<_> =
            rungs.iter().map(|it| format!("{} {} {}{}", it.label, it.when, it.gap, it.missing)).collect();
        assert_eq!(
            said[..5],
            [
                "Received Mon 3 Mar 2025 ",
                "In contact Tue 4 Mar 1 day later",
                "Visited  not recorded",
                "Application since Wed 2 Apr 10 days so far",
                "Stage 1  next",
            ]
        );
    }
}
