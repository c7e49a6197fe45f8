//! A draft as an enquiry: years and outcomes settled, codes checked, and the dates in an order that can be.

use super::dates::{DateCell, shortened};
use super::draft::{At, Draft, Problem, Sheet};
use super::mapping::{HubRows, Mapping, Target};
use super::matching::fingerprint_of;
use super::read_rows::WarningKind;
use super::request::Plan;
use super::standing::{self, Assumed, Known, Standing};
use super::words;
use crate::domain::day::Day;
use crate::domain::enquiry_row::{Column, EnquiryRow};
use crate::domain::fostering::FosteringType;
use crate::domain::ledger::Milestone;
use crate::domain::milestone::{MilestoneKind, MilestoneResult};
use crate::domain::order::{Dated, Refusal};
use crate::domain::stage;
use crate::domain::text::same_words;

/// An enquiry that can be, and what to look at.
pub struct Checked {
    pub enquiry: EnquiryRow,
    pub warnings: Vec<(At, WarningKind, String)>,
}

pub fn finish(draft: &Draft, sheets: &[Sheet], plan: &Plan<'_>) -> Result<Checked, Problem> {
    if let Some(problem) = &draft.enquiry_problem {
        return Err(problem.clone());
    }
    let finish = Finish { draft, sheets, plan };
    let enquiry = finish.day_of_the_enquiry()?;
    finish.refuse_nameless()?;
    match &draft.problem {
        Some(problem) => Err(problem.clone()),
        None => finish.checked(enquiry),
    }
}

struct Finish<'a> {
    draft: &'a Draft,
    sheets: &'a [Sheet],
    plan: &'a Plan<'a>,
}

impl Finish<'_> {
    /// The day that dates without a year follow: when they enquired, else when it was received.
    fn day_of_the_enquiry(&self) -> Result<Day, Problem> {
        let of = |column| self.days(Target::Column(column)).min();
        of(Column::EnquiredOn).or_else(|| of(Column::ReceivedOn)).ok_or_else(|| {
            let columns = [Column::ReceivedOn, Column::EnquiredOn].map(Target::Column);
            self.problem_of_row(&columns, "There is no date of the enquiry")
        })
    }

    fn refuse_nameless(&self) -> Result<(), Problem> {
        let Some(column) = self.sheet().and_then(|sheet| sheet.header.name_of(Target::Names)) else { return Ok(()) };
        if self.draft.people.first().is_some_and(|person| !person.name.is_empty()) {
            return Ok(());
        }
        // What stands there may be no name: then that is what is said.
        let said = self.draft.problem.clone().filter(|problem| problem.column.as_deref() == Some(&column));
        Err(said.unwrap_or_else(|| self.problem_of_row(&[Target::Names], "There is no name")))
    }

    /// The year is taken from the enquiry; the weekday that stands beside the date must be of that year.
    fn refuse_other_weekdays(&self, enquiry: Day) -> Result<(), Problem> {
        for (_, date, at) in &self.draft.dates {
            if let DateCell::Written(written) = date
                && let Some(day) = written.on_or_after(enquiry)
            {
                written.agreeing(day).map_err(|why| self.problem(*at, format!("The date {why}")))?;
            }
        }
        Ok(())
    }

    /// Two columns of one row that hold one date: which of the two is right, nobody here knows. What may repeat is two
    /// facts, and of the rows of a group the earliest counts (import rule 4).
    fn refuse_two_dates(&self, enquiry: Day) -> Result<(), Problem> {
        let once = |target: &Target| match target {
            Target::Column(column) => column.milestone().is_none_or(|kind| !kind.may_repeat()),
            _ => true,
        };
        let dates = self.draft.dates.iter().filter(|(target, _, _)| once(target));
        let dates = dates.filter_map(|(target, date, at)| Some((*target, standing::day_of(*date, enquiry)?, *at)));
        let mut before: Vec<(Target, Day, At)> = Vec::new();
        for (target, day, at) in dates {
            let same = |(other, _, there): &&(Target, Day, At)| {
                *other == target && (there.sheet, there.row) == (at.sheet, at.row)
            };
            if let Some((_, first, there)) = before.iter().find(same).filter(|(_, first, _)| *first != day) {
                let said = |day: &Day, at: &At| format!("{} in “{}”", day.words(), at.name(self.sheets));
                let sentence = format!(
                    "{}, but {}: both are “{}”, which has one date. Clear the wrong one",
                    said(&day, &at),
                    said(first, there),
                    target.label()
                );
                return Err(self.problem(at, sentence));
            }
            before.push((target, day, at));
        }
        Ok(())
    }

    fn checked(&self, enquiry: Day) -> Result<Checked, Problem> {
        self.refuse_other_weekdays(enquiry)?;
        self.refuse_two_dates(enquiry)?;
        let mut warnings = self.warnings_of_cells(enquiry);
        let milestones = self.milestones(enquiry);
        let last = self.last_date(enquiry, &milestones);
        let known = Known {
            draft: self.draft,
            mapping: self.plan.mapping,
            reasons: self.plan.reasons,
            has_applied: self.has_applied(),
            enquiry,
            today: self.plan.today,
            last,
        };
        let standing = known.standing().map_err(|(at, sentence)| self.problem(at, sentence))?;
        warnings.extend(standing.assumed.iter().map(|assumed| said_of(*assumed)));
        warnings.extend(standing.odd_reason.iter().map(|(at, text)| (*at, WarningKind::CloseReason, text.clone())));
        let milestones = self.with_outcome(milestones, &standing)?;
        let row = self.row(&milestones, &standing)?;
        if let Some(refusal) = row.refusals(self.plan.today).first() {
            return Err(self.refused(refusal, &milestones, &standing));
        }
        warnings.extend(before_the_enquiry(&standing, enquiry));
        warnings.extend(self.nothing_to_know_it_by(&row));
        Ok(Checked { enquiry: row, warnings })
    }

    /// Brought again, it would be another enquiry (import rule 17).
    fn nothing_to_know_it_by(&self, row: &EnquiryRow) -> Option<(At, WarningKind, String)> {
        let known = row.reference.is_some() || row.hub_reference.is_some() || fingerprint_of(row).is_some();
        let (_, _, at) = self.draft.dates.first().filter(|_| !known)?;
        let text = "There is neither a reference nor a name: brought again, this would be one more enquiry".to_owned();
        Some((*at, WarningKind::NothingToKnowItBy, text))
    }

    fn warnings_of_cells(&self, enquiry: Day) -> Vec<(At, WarningKind, String)> {
        let odd_postcode = self.draft.odd_postcode.iter();
        let mut warnings: Vec<_> =
            odd_postcode.map(|(sentence, at)| (*at, WarningKind::Postcode, sentence.clone())).collect();
        let odd_name = self.draft.odd_name.iter();
        warnings.extend(odd_name.map(|(sentence, at)| (*at, WarningKind::Name, sentence.clone())));
        for (_, date, at) in &self.draft.dates {
            match date {
                DateCell::Yes => {
                    let text = "It says yes; no date is recorded".to_owned();
                    warnings.push((*at, WarningKind::YesWithoutDate, text));
                }
                DateCell::Written(written) => {
                    let day = written.on_or_after(enquiry);
                    let assumed = day.and_then(|day| standing::assumed(*written, day, *at));
                    warnings.extend(assumed.map(said_of));
                }
                DateCell::Day(_) | DateCell::Nothing => {}
            }
        }
        warnings
    }

    /// All but approval and closure, which depend on the outcome. Of the rows of a group the earliest of each kind; in
    /// one row two columns may hold two visits.
    fn milestones(&self, enquiry: Day) -> Vec<(Milestone, At)> {
        let mut found: Vec<(Milestone, At)> = Vec::new();
        for (target, date, at) in &self.draft.dates {
            let Target::Column(column) = target else { continue };
            let Some((kind, on)) = column.milestone().zip(standing::day_of(*date, enquiry)) else { continue };
            if matches!(kind, MilestoneKind::Approved | MilestoneKind::Closed) {
                continue;
            }
            match found.iter_mut().find(|(other, _)| other.kind == kind) {
                Some((_, other)) if kind.may_repeat() && (other.sheet, other.row) == (at.sheet, at.row) => {
                    if !found.iter().any(|(other, _)| other.kind == kind && other.on == on) {
                        found.push((Milestone::new(kind, on), *at));
                    }
                }
                Some(earlier) if on < earlier.0.on => *earlier = (Milestone::new(kind, on), *at),
                Some(_) => {}
                None => found.push((Milestone::new(kind, on), *at)),
            }
        }
        found
    }

    fn with_outcome(
        &self,
        mut milestones: Vec<(Milestone, At)>,
        standing: &Standing,
    ) -> Result<Vec<(Milestone, At)>, Problem> {
        let places = self.places(standing)?;
        let approved =
            standing.approved.map(|(on, at)| (Milestone { places, ..Milestone::new(MilestoneKind::Approved, on) }, at));
        let closed = standing.closed.iter().map(|(on, reason, at)| (Milestone::closed(*on, reason.clone()), *at));
        milestones.extend(approved.into_iter().chain(closed));
        milestones.sort_by_key(|(milestone, _)| (milestone.on, milestone.kind));
        for (column, kind) in [
            (Column::PanelRecommendation, MilestoneKind::PanelRecommendation),
            (Column::Decision, MilestoneKind::DecisionMade),
        ] {
            let Some((text, at)) = self.draft.last(Target::Column(column)) else { continue };
            let result = result_of(text).filter(|result| kind.results().contains(result));
            let codes = || words::listed(kind.results().iter().map(|result| result.code()));
            let refused = || self.problem(at, format!("“{}” is not one of its codes: {}", shortened(text), codes()));
            let result = result.ok_or_else(refused)?;
            let of_kind = milestones.iter_mut().rfind(|(milestone, _)| milestone.kind == kind);
            let undated = || self.problem(at, format!("“{}”, but there is no date for it", shortened(text)));
            of_kind.ok_or_else(undated)?.0.result = Some(result);
        }
        Ok(milestones)
    }

    fn places(&self, standing: &Standing) -> Result<Option<i64>, Problem> {
        let Some((text, at)) = self.draft.first(Target::Column(Column::ApprovedPlaces)) else { return Ok(None) };
        let places = text.parse().ok().filter(|places| (1..=Milestone::MOST_PLACES).contains(places));
        let places = places.ok_or_else(|| {
            self.problem(
                at,
                format!("“{}” is no number of places between 1 and {}", shortened(text), Milestone::MOST_PLACES),
            )
        })?;
        match standing.approved {
            Some(_) => Ok(Some(places)),
            None => Err(self.problem(at, "There are approved places, but no date of the approval".to_owned())),
        }
    }

    fn row(&self, milestones: &[(Milestone, At)], standing: &Standing) -> Result<EnquiryRow, Problem> {
        let text = |column| self.draft.first(Target::Column(column)).map(|(text, _)| text.to_owned());
        let source = text(Column::Source).map(|typed| self.plan.mapping.sources.find(&typed).cloned().unwrap_or(typed));
        let hub_reference = text(Column::HubReference);
        let hub = text(Column::Hub).or_else(|| hub_of(self.plan.mapping, hub_reference.as_deref(), source.as_deref()));
        Ok(EnquiryRow {
            reference: text(Column::Reference),
            hub,
            hub_reference,
            source,
            campaign: text(Column::Campaign),
            fostering_type: self.fostering_type()?,
            applicants: self.draft.people.clone(),
            address: self.draft.joined(Target::Column(Column::Address), ", "),
            postcode: text(Column::Postcode),
            officer: text(Column::Officer),
            pause: standing.pause.as_ref().map(|(pause, _)| pause.clone()),
            in_touch: standing.in_touch.as_ref().map(|(in_touch, _)| in_touch.clone()),
            milestones: milestones.iter().map(|(milestone, _)| milestone.clone()).collect(),
            notes: self.notes(standing),
        })
    }

    fn fostering_type(&self) -> Result<Option<FosteringType>, Problem> {
        let Some((text, at)) = self.draft.first(Target::Column(Column::FosteringType)) else { return Ok(None) };
        // In the service's words, or in everybody's.
        let called = |kind: &FosteringType| {
            [kind.label(), kind.standard_label()].iter().chain(kind.also_called()).any(|it| same_words(it, text))
        };
        let labelled = || FosteringType::ALL.iter().copied().find(called);
        let found = words::as_code(text).parse().ok().or_else(labelled);
        let codes = || words::listed(FosteringType::ALL.iter().map(|kind| kind.code()));
        let refused =
            || self.problem(at, format!("“{}” is no kind of fostering; choose one of {}", shortened(text), codes()));
        found.map(Some).ok_or_else(refused)
    }

    fn notes(&self, standing: &Standing) -> Option<String> {
        let mut notes: Vec<&str> = Vec::new();
        let written = self.draft.all(Target::Column(Column::Notes)).map(|(text, _)| text);
        let remarks = self.draft.remarks.iter().chain(&standing.remarks).map(String::as_str);
        for note in written.chain(remarks) {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        (!notes.is_empty()).then(|| notes.join("\n"))
    }

    /// "Yes" without a date counts.
    fn has_applied(&self) -> bool {
        stage::has_applied(self.draft.dates.iter().filter_map(|(target, _, _)| match target {
            Target::Column(column) => column.milestone(),
            _ => None,
        }))
    }

    fn last_date(&self, enquiry: Day, milestones: &[(Milestone, At)]) -> Day {
        let of_milestones = milestones.iter().map(|(milestone, _)| milestone.on);
        let others = [Column::PausedFrom, Column::InTouchFrom, Column::ApprovedOn, Column::ClosedOn]
            .map(Target::Column)
            .into_iter()
            .chain([Target::EndedOn])
            .flat_map(|target| self.days_after(target, enquiry).collect::<Vec<_>>());
        of_milestones.chain(others).filter(|day| *day <= self.plan.today).max().unwrap_or(enquiry)
    }

    fn days(&self, target: Target) -> impl Iterator<Item = Day> {
        let of_target = self.draft.dates.iter().filter(move |(it, _, _)| *it == target);
        of_target.filter_map(|(_, date, _)| match date {
            DateCell::Day(day) => Some(*day),
            DateCell::Written(written) => written.with_its_year(),
            DateCell::Yes | DateCell::Nothing => None,
        })
    }

    fn days_after(&self, target: Target, enquiry: Day) -> impl Iterator<Item = Day> {
        let of_target = self.draft.dates.iter().filter(move |(it, _, _)| *it == target);
        of_target.filter_map(move |(_, date, _)| standing::day_of(*date, enquiry))
    }

    /// Where the refused date stood, or the words that it was taken from.
    fn refused(&self, refusal: &Refusal, milestones: &[(Milestone, At)], standing: &Standing) -> Problem {
        let column = |column| self.draft.dates.iter().find(|(it, _, _)| *it == Target::Column(column)).map(|it| it.2);
        let pause = standing.pause.as_ref().map(|(_, at)| *at);
        let in_touch = standing.in_touch.as_ref().map(|(_, at)| *at);
        let at = match refusal.what {
            Dated::Milestone(kind) => {
                let found = milestones.iter().find(|(it, _)| it.kind == kind && it.on == refusal.on);
                found.map(|(_, at)| *at)
            }
            Dated::PausedFrom => pause,
            Dated::PausedTo => column(Column::PausedTo).or(pause),
            Dated::InTouchFrom | Dated::InTouchTo => in_touch,
            Dated::ContactAgain => column(Column::ContactAgainOn).or(in_touch),
        };
        match at {
            Some(at) => self.problem(at, refusal.to_string()),
            None => self.problem_of_row(&[], &refusal.to_string()),
        }
    }

    fn problem(&self, at: At, sentence: String) -> Problem {
        Problem { sheet: at.sheet, row: at.row, column: Some(at.name(self.sheets)), sentence }
    }

    /// Of something that is not there: the first of these columns that the sheet has.
    fn problem_of_row(&self, columns: &[Target], sentence: &str) -> Problem {
        let header = self.sheet().map(|sheet| &sheet.header);
        let column = header.and_then(|header| columns.iter().find_map(|target| header.name_of(*target)));
        Problem { sheet: self.draft.sheet, row: self.draft.row, column, sentence: sentence.to_owned() }
    }

    fn sheet(&self) -> Option<&Sheet> {
        self.sheets.get(self.draft.sheet)
    }
}

/// No milestone, so it is taken; but a year may be wrong.
fn before_the_enquiry(standing: &Standing, enquiry: Day) -> Vec<(At, WarningKind, String)> {
    let pause = standing.pause.as_ref().map(|(pause, at)| ("The pause", pause.from, *at));
    let in_touch = standing.in_touch.as_ref().map(|(in_touch, at)| ("Keeping in touch", in_touch.from, *at));
    let early = pause.into_iter().chain(in_touch).filter(|(_, from, _)| *from < enquiry);
    early
        .map(|(what, from, at)| {
            let text = format!("{what} begins on {}, before the enquiry of {}", from.words(), enquiry.words());
            (at, WarningKind::BeforeTheEnquiry, text)
        })
        .collect()
}

fn hub_of(mapping: &Mapping, reference: Option<&str>, source: Option<&str>) -> Option<String> {
    let hub = mapping.hub.as_ref()?;
    let came_through = match &hub.which {
        HubRows::All => true,
        HubRows::WithReference => reference.is_some(),
        HubRows::WithReferenceOrSource(name) => {
            reference.is_some() || source.is_some_and(|source| same_words(source, name))
        }
    };
    came_through.then(|| hub.name.clone())
}

/// The codes, and how people write them.
fn result_of(text: &str) -> Option<MilestoneResult> {
    Some(match words::as_code(text).as_str() {
        "approve" | "approved" | "yes" => MilestoneResult::Approve,
        "do_not_approve" | "not_approve" | "not_approved" | "no" => MilestoneResult::DoNotApprove,
        "defer" | "deferred" => MilestoneResult::Defer,
        _ => return None,
    })
}

fn said_of(assumed: Assumed) -> (At, WarningKind, String) {
    match assumed {
        Assumed::CloseDate(day, at) => {
            let text = format!("No date of closing: {}, the last date in the row, is taken", day.words());
            (at, WarningKind::CloseDateAssumed, text)
        }
        Assumed::ContactDate(day, at) => {
            let text = format!("To be contacted again on {}, counted from the last date in the row", day.words());
            (at, WarningKind::ContactDateAssumed, text)
        }
        Assumed::Week(day, at) => {
            (at, WarningKind::WeekOnly, format!("Only the week is known; {} is taken", day.words()))
        }
        Assumed::Year(day, at) => (at, WarningKind::YearAssumed, format!("No year is given; {} is taken", day.words())),
    }
}
