//! How an enquiry stands or ended, out of words, dates and codes: approved, closed and why, paused, in touch.

use super::dates::{DateCell, shortened};
use super::draft::{At, Draft};
use super::mapping::{Mapping, Target};
use super::words::{self, OutcomeWord, ReasonCodes, Wait};
use crate::domain::day::Day;
use crate::domain::enquiry_row::Column;
use crate::domain::pause::{InTouch, Pause, PauseReason};
use crate::domain::reason::{Applies, CloseReason, EndedBy, ReasonCode};
use crate::domain::text::written_day::{self, WrittenDay};

/// What is known of the row before its outcome is.
pub struct Known<'a> {
    pub draft: &'a Draft,
    pub mapping: &'a Mapping,
    pub reasons: &'a [CloseReason],
    /// Whether they have applied: decides which of two codes a reason has.
    pub has_applied: bool,
    pub enquiry: Day,
    pub today: Day,
    /// The last date in the row.
    pub last: Day,
}

/// What is assumed for want of a date, and where it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assumed {
    CloseDate(Day, At),
    ContactDate(Day, At),
    Week(Day, At),
    Year(Day, At),
}

#[derive(Debug, Default)]
pub struct Standing {
    pub approved: Option<(Day, At)>,
    pub closed: Option<(Day, ReasonCode, At)>,
    pub pause: Option<(Pause, At)>,
    pub in_touch: Option<(InTouch, At)>,
    pub assumed: Vec<Assumed>,
    /// Words that no code stands for.
    pub remarks: Vec<String>,
    /// What is odd about the reason for closing, which is taken all the same.
    pub odd_reason: Option<(At, String)>,
}

/// What is wrong, and where.
pub type Refused = (At, String);

impl Known<'_> {
    pub fn standing(&self) -> Result<Standing, Refused> {
        let mut standing = Standing::default();
        self.read_words(&mut standing)?;
        self.read_columns(&mut standing)?;
        Ok(standing)
    }

    fn read_words(&self, standing: &mut Standing) -> Result<(), Refused> {
        let Some((text, at)) = self.draft.last(Target::Outcome) else {
            if let Some((_, _, at)) = self.date_cell(Target::EndedOn)
                && self.mapping.has(Target::Outcome)
            {
                return Err((at, "There is a date on which it ended, but no outcome".to_owned()));
            }
            return Ok(());
        };
        let direct = || words::as_code(text).parse().ok();
        let word = self.mapping.outcomes.find(text).copied().or_else(direct);
        let word = word.ok_or_else(|| (at, unknown_outcome(text)))?;
        let said = self.date_in(text, at)?;
        let on = said.map(|(day, _)| (day, at)).or_else(|| self.date(Target::EndedOn));
        if let Some((day, written)) = said {
            standing.assumed.extend(assumed(written, day, at));
        }
        match word {
            OutcomeWord::Open => {}
            OutcomeWord::Approved => standing.approved = Some(self.approved(on, text, at)?),
            OutcomeWord::ApplicantWithdrew => self.close(standing, EndedBy::Applicant, on, at),
            OutcomeWord::ServiceEnded => self.close(standing, EndedBy::Service, on, at),
            OutcomeWord::Transferred => self.close(standing, EndedBy::Transferred, on, at),
            OutcomeWord::Duplicate => self.close(standing, EndedBy::Duplicate, on, at),
            OutcomeWord::InTouch => self.keep_in_touch(standing, text, on, at),
            OutcomeWord::Paused => {
                let from = self.date(Target::Column(Column::PausedFrom)).or(on).unwrap_or((self.last, at));
                standing.pause = Some((self.pause(from.0, standing), from.1));
            }
        }
        Ok(())
    }

    fn approved(&self, on: Option<(Day, At)>, text: &str, at: At) -> Result<(Day, At), Refused> {
        on.or_else(|| self.date(Target::Column(Column::ApprovedOn)))
            .or_else(|| self.date(Target::Column(Column::DecisionOn)))
            .ok_or_else(|| (at, format!("“{}”, but there is no date of the approval or the decision", shortened(text))))
    }

    fn close(&self, standing: &mut Standing, by: EndedBy, on: Option<(Day, At)>, at: At) {
        let on = on.or_else(|| self.date(Target::Column(Column::ClosedOn)));
        let reason = self.reason(by, standing);
        let (day, at) = on.unwrap_or_else(|| {
            standing.assumed.push(Assumed::CloseDate(self.last, at));
            (self.last, at)
        });
        standing.closed = Some((day, reason, at));
    }

    /// `KIT 6m` is six months after the last date in the row.
    fn keep_in_touch(&self, standing: &mut Standing, text: &str, on: Option<(Day, At)>, at: At) {
        let ahead = on.filter(|(day, _)| *day > self.today);
        let from = self.date(Target::Column(Column::InTouchFrom));
        let from = from.or(on.filter(|_| ahead.is_none())).unwrap_or((self.last, at));
        let again = self.date(Target::Column(Column::ContactAgainOn)).or(ahead);
        let last = on.filter(|_| ahead.is_none()).map_or(self.last, |(day, _)| day.max(self.last));
        let waited = words::wait(text).filter(|_| again.is_none()).map(|wait| match wait {
            Wait::Months(months) => last.plus_months(months),
            Wait::Days(days) => last.plus_days(days),
        });
        standing.assumed.extend(waited.map(|day| Assumed::ContactDate(day, at)));
        let contact_again_on = again.map(|(day, _)| day).or(waited);
        standing.in_touch = Some((InTouch { from: from.0, to: None, contact_again_on }, from.1));
    }

    /// What the canonical columns say by themselves.
    fn read_columns(&self, standing: &mut Standing) -> Result<(), Refused> {
        if standing.approved.is_none() {
            standing.approved = self.date(Target::Column(Column::ApprovedOn));
        }
        if standing.closed.is_none() {
            self.closed_by_columns(standing);
        }
        if standing.pause.is_none() {
            self.paused_by_columns(standing);
        }
        if standing.in_touch.is_none() {
            self.in_touch_by_columns(standing)?;
        }
        Ok(())
    }

    fn closed_by_columns(&self, standing: &mut Standing) {
        let reason = self.draft.last(Target::Column(Column::CloseReason));
        // Where outcomes have words, a reason alone ends nothing.
        let said = reason.filter(|_| !self.mapping.has(Target::Outcome)).map(|(_, at)| at);
        let on = self.date(Target::Column(Column::ClosedOn));
        let on = on.or_else(|| self.date(Target::EndedOn).filter(|_| !self.mapping.has(Target::Outcome)));
        if let Some(at) = on.map(|(_, at)| at).or(said) {
            self.close(standing, EndedBy::Applicant, on, said.filter(|_| on.is_none()).unwrap_or(at));
        }
    }

    fn paused_by_columns(&self, standing: &mut Standing) {
        let from = self.date(Target::Column(Column::PausedFrom));
        let to = self.date(Target::Column(Column::PausedTo));
        let reason = self.draft.first(Target::Column(Column::PauseReason)).map(|(_, at)| (self.last, at));
        let begins = from.or(to.map(|(_, at)| (self.last, at))).or(reason);
        if let Some((day, at)) = begins {
            standing.pause = Some((self.pause(day, standing), at));
        }
    }

    fn in_touch_by_columns(&self, standing: &mut Standing) -> Result<(), Refused> {
        let from = self.date(Target::Column(Column::InTouchFrom));
        let again = self.date(Target::Column(Column::ContactAgainOn));
        let said = self.draft.first(Target::Column(Column::InTouch));
        let yes = match said {
            Some((text, _)) if words::says_yes(text) => true,
            Some((text, at)) if words::says_no(text) => match from.or(again) {
                Some(_) => return Err((at, "It says no, but there is a date of keeping in touch".to_owned())),
                None => return Ok(()),
            },
            Some((text, at)) => return Err((at, format!("“{}” is neither yes nor no", shortened(text)))),
            None => false,
        };
        if !yes && from.is_none() && again.is_none() {
            return Ok(());
        }
        let at = from.or(again).map(|(_, at)| at).or(said.map(|(_, at)| at));
        let day = from.map_or(self.last, |(day, _)| day);
        let in_touch = InTouch { from: day, to: None, contact_again_on: again.map(|(day, _)| day) };
        standing.in_touch = at.map(|at| (in_touch, at));
        Ok(())
    }

    fn pause(&self, from: Day, standing: &mut Standing) -> Pause {
        let to = self.date(Target::Column(Column::PausedTo)).map(|(day, _)| day);
        Pause { from, to, reason: self.pause_reason(&mut standing.remarks) }
    }

    /// Looked up in the reason, then in the outcome.
    fn pause_reason(&self, remarks: &mut Vec<String>) -> PauseReason {
        let text = |column| self.draft.last(column).map(|(text, _)| text);
        let own = text(Target::Column(Column::PauseReason));
        let reasons = [own, text(Target::Column(Column::CloseReason)), text(Target::Outcome)];
        let found = reasons.iter().flatten().find_map(|text| self.mapping.pause_reasons.find(text).copied());
        let direct = || own.and_then(|text| words::as_code(text).parse().ok());
        found.or_else(direct).unwrap_or_else(|| match own {
            Some(unknown) => {
                remarks.push(format!("Reason for the pause: {unknown}"));
                PauseReason::Other
            }
            None => PauseReason::NotRecorded,
        })
    }

    /// Looked up in the reason, then in the outcome. A reason that is known says who ended it, too.
    fn reason(&self, by: EndedBy, standing: &mut Standing) -> ReasonCode {
        match by {
            EndedBy::Transferred => return ReasonCode(ReasonCode::TRANSFERRED.to_owned()),
            EndedBy::Duplicate => return ReasonCode(ReasonCode::DUPLICATE.to_owned()),
            EndedBy::Applicant | EndedBy::Service => {}
        }
        let cell = self.draft.last(Target::Column(Column::CloseReason));
        let reason = cell.map(|(text, _)| text);
        let outcome = self.draft.last(Target::Outcome).map(|(text, _)| text);
        let pattern = |text: &str| self.mapping.close_reasons.find(text).cloned();
        let found = reason
            .and_then(|text| pattern(text).or_else(|| self.listed(text)))
            .or_else(|| outcome.and_then(pattern))
            .map(|codes| codes.choose(self.has_applied));
        let odd = cell.and_then(|(text, at)| Some((at, self.odd(text, found.as_ref())?)));
        standing.odd_reason = standing.odd_reason.take().or(odd);
        found.unwrap_or_else(|| {
            standing.remarks.extend(reason.map(|unknown| format!("Reason: {unknown}")));
            let said = outcome.filter(|text| reason.is_none() && self.mapping.outcomes.says_more(text));
            standing.remarks.extend(said.map(|text| format!("Outcome: {text}")));
            match by {
                EndedBy::Service => ReasonCode(ReasonCode::SERVICE_OTHER.to_owned()),
                _ => ReasonCode::unknown(self.has_applied),
            }
        })
    }

    /// What a person would not be offered. A file's own words go by its mapping; where it has none, each is to be a code.
    fn odd(&self, text: &str, found: Option<&ReasonCode>) -> Option<String> {
        let Some(code) = found else {
            let by_code = self.mapping.close_reasons.is_empty();
            return by_code.then(|| format!("“{}” is not in the list of reasons: none is recorded", shortened(text)));
        };
        let reason = self.reasons.iter().find(|reason| reason.code == *code)?;
        match (reason.applies, self.has_applied) {
            (Applies::AfterApplying, false) => {
                Some(format!("{} is a reason of those who have applied, and no application is recorded", code.0))
            }
            (Applies::BeforeApplying, true) => {
                Some(format!("{} is a reason of those who have not applied, and they had", code.0))
            }
            _ => None,
        }
    }

    /// A code of the service's list, in any capitals.
    fn listed(&self, text: &str) -> Option<ReasonCodes> {
        let code = words::as_code(text);
        let reason = self.reasons.iter().find(|reason| reason.code.0.to_lowercase() == code)?;
        Some(ReasonCodes { before: reason.code.clone(), after: reason.code.clone() })
    }

    fn date_in(&self, text: &str, at: At) -> Result<Option<(Day, WrittenDay)>, Refused> {
        let refused = |why: written_day::NotADay| (at, format!("A date in “{}” {why}", shortened(text)));
        let found = written_day::find(text, self.mapping.date_order).map_err(refused)?;
        match found {
            None => Ok(None),
            Some(written) => match written.on_or_after(self.enquiry) {
                Some(day) => Ok(Some((written.agreeing(day).map_err(refused)?, written))),
                None => Err(refused(written_day::NotADay::Impossible)),
            },
        }
    }

    fn date_cell(&self, target: Target) -> Option<(Target, DateCell, At)> {
        self.draft.dates.iter().copied().find(|(it, date, _)| *it == target && *date != DateCell::Yes)
    }

    /// Of a group the earliest.
    fn date(&self, target: Target) -> Option<(Day, At)> {
        let of_target = self.draft.dates.iter().filter(|(it, _, _)| *it == target);
        of_target.filter_map(|(_, date, at)| day_of(*date, self.enquiry).map(|day| (day, *at))).min_by_key(|it| it.0)
    }
}

fn unknown_outcome(text: &str) -> String {
    let codes = words::listed(OutcomeWord::ALL.iter().map(|word| word.code()));
    format!("“{}” is no outcome that the mapping knows; say there which it means: {codes}", shortened(text))
}

/// Without a year: the first such day on or after the enquiry.
pub fn day_of(date: DateCell, enquiry: Day) -> Option<Day> {
    match date {
        DateCell::Day(day) => Some(day),
        DateCell::Written(written) => written.on_or_after(enquiry),
        DateCell::Yes | DateCell::Nothing => None,
    }
}

/// `w/c 8 April` warns of the week alone, with or without a year.
pub fn assumed(written: WrittenDay, day: Day, at: At) -> Option<Assumed> {
    match (written.week_only, written.year) {
        (true, _) => Some(Assumed::Week(day, at)),
        (false, None) => Some(Assumed::Year(day, at)),
        (false, Some(_)) => None,
    }
}
