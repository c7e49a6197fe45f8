//! What somebody asks of a report page, read from its address and written into others.

use form_urlencoded::Serializer;

use crate::coded;
use crate::domain::day::{Day, Period};
use crate::domain::fostering::TypeFilter;
use crate::domain::funnel::{Outcome, Step};
use crate::domain::instant::Instant;
use crate::domain::question::{Basis, Dimension, Question, Unanswerable};
use crate::domain::text::day_words;
use crate::web::Form;

coded! {
    /// Which enquiries a page is about. Mainstream and kinship are shown beside each other and never netted.
    pub enum Sides {
        Beside = "beside", "Mainstream, and kinship beside it";
        Mainstream = "mainstream", "Mainstream only";
        Kinship = "kinship", "Kinship only";
        All = "all", "All kinds";
    }
}

impl Sides {
    pub fn types(self) -> &'static [TypeFilter] {
        match self {
            Sides::Beside => &[TypeFilter::Mainstream, TypeFilter::Kinship],
            Sides::Mainstream => &[TypeFilter::Mainstream],
            Sides::Kinship => &[TypeFilter::Kinship],
            Sides::All => &[TypeFilter::All],
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Its types are those of the first side.
    pub question: Question,
    pub sides: Sides,
}

impl Asked {
    /// None with every error in the form. What was left out is filled in: the last twelve whole months, as known now,
    /// mainstream with kinship beside it.
    pub fn parse(form: &mut Form, now: Instant, today: Day) -> Option<Asked> {
        if form.text("from").is_none() && form.text("to").is_none() {
            let usual = rolling_year(today);
            form.set("from", usual.from.words());
            form.set("to", usual.to.words());
        }
        let from = form.required_day("from", today, "Enter the first day of the period");
        let to = form.required_day("to", today, "Enter the last day of the period");
        let as_at = form.day("as_at", today);
        let known_at = known_at(form, today);
        let by = form.choice::<Dimension>("by", "Choose what to split by from the list");
        let sides = form.choice::<Sides>("type", "Choose the type from the list");
        let basis = form.choice::<Basis>("basis", "Choose cohort or activity");
        if !form.is_valid() {
            return None;
        }
        let sides = sides.unwrap_or(Sides::Beside);
        match Question::new(Period { from: from?, to: to? }, as_at, known_at.unwrap_or(now), now) {
            Ok(question) => {
                let types = sides.types().first().copied().unwrap_or(TypeFilter::All);
                let basis = basis.unwrap_or(Basis::Cohort);
                Some(Asked { question: Question { types, basis, by, ..question }, sides })
            }
            Err(Unanswerable::EndsBeforeItBegins { .. }) => {
                form.fail("to", "The period cannot end before it begins");
                None
            }
            Err(Unanswerable::AsAtToCome { .. }) => {
                form.fail("as_at", "Choose today or an earlier day: what happens later is not known yet");
                None
            }
        }
    }

    /// The question of each side, whole and then, where it is split, split.
    pub fn questions(&self) -> Vec<Question> {
        let wholes = self.sides.types().iter().map(|types| Question { types: *types, by: None, ..self.question });
        wholes
            .flat_map(|whole| [Some(whole), self.question.by.map(|by| Question { by: Some(by), ..whole })])
            .flatten()
            .collect()
    }

    /// Another page about exactly the same figures: with the as-at date and the instant written out.
    pub fn address(&self, path: &str) -> String {
        let mut query = Serializer::new(String::new());
        write(&mut query, &self.question);
        query.append_pair("type", self.sides.code());
        format!("{path}?{}", query.finish())
    }
}

pub fn write(query: &mut Serializer<'_, String>, question: &Question) {
    query
        .append_pair("from", &question.period.from.to_string())
        .append_pair("to", &question.period.to.to_string())
        .append_pair("as_at", &question.as_at.to_string())
        .append_pair("known_at", &question.known_at.to_string())
        .append_pair("basis", question.basis.code());
    if let Some(by) = question.by {
        query.append_pair("by", by.code());
    }
}

/// An instant, by the clock in London where it names no zone; or a day for the whole of it.
fn known_at(form: &mut Form, today: Day) -> Option<Instant> {
    const NO_TIME: &str = "Enter a date, or a date and a time such as 2025-10-02T09:30";
    let text = form.text("known_at")?;
    let of_a_day = |_| match text.contains(':') {
        // Never a day in place of a time that could not be read.
        true => Instant::of_london(&text).ok_or_else(|| NO_TIME.to_owned()),
        false => day_words::parse(&text, today).map(Instant::end_of),
    };
    let known = Instant::parse(&text).or_else(of_a_day);
    known.map_err(|sentence| form.fail("known_at", sentence)).ok()
}

/// Which of a report's households somebody wants to see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figure {
    /// Reached, or on the activity basis dated in the period.
    pub step: Option<Step>,
    /// Reached, and no later one.
    pub furthest: Option<Step>,
    pub outcome: Option<Outcome>,
    pub group: Option<String>,
}

impl Figure {
    pub fn parse(form: &mut Form) -> Figure {
        Figure {
            step: form.choice("step", "This step is not known"),
            furthest: form.choice("furthest", "This step is not known"),
            outcome: form.choice("outcome", "This outcome is not known"),
            group: form.text("group"),
        }
    }

    /// The address of the households; the question's own types, not the page's sides.
    pub fn address(&self, question: &Question) -> String {
        let mut query = Serializer::new(String::new());
        write(&mut query, question);
        query.append_pair("type", question.types.code());
        for (name, code) in [
            ("step", self.step.map(Step::code)),
            ("furthest", self.furthest.map(Step::code)),
            ("outcome", self.outcome.map(Outcome::code)),
            ("group", self.group.as_deref()),
        ] {
            if let Some(code) = code {
                query.append_pair(name, code);
            }
        }
        format!("/reports/funnel/households?{}", query.finish())
    }
}

/// A period that is one click away.
pub struct Quick {
    pub label: String,
    pub period: Period,
}

/// The twelve whole months that ended last.
fn rolling_year(today: Day) -> Period {
    let first = Day(today.0.first_of_month());
    Period { from: first.plus_months(-12), to: first.plus_days(-1) }
}

/// This and the last quarter, this and the two years before, and the rolling year. A year begins on 1 April.
pub fn quick_periods(today: Day) -> Vec<Quick> {
    let this = today.quarter();
    let last = this.first_day().plus_days(-1).quarter();
    let quarter = |label: &str, quarter: crate::domain::day::Quarter| Quick {
        label: label.to_owned(),
        period: Period { from: quarter.first_day(), to: quarter.last_day() },
    };
    let year = |began: i16| {
        let from = Day(jiff::civil::date(began, 4, 1));
        let label = format!("{began}-{:02}", (began + 1) % 100);
        Quick { label, period: Period { from, to: from.plus_months(12).plus_days(-1) } }
    };
    vec![
        quarter("This quarter", this),
        quarter("Last quarter", last),
        year(this.year),
        year(this.year - 1),
        year(this.year - 2),
        Quick { label: "Rolling 12 months".to_owned(), period: rolling_year(today) },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn parse(query: &str) -> (Option<Asked>, Form) {
        let mut form = Form::of(form_urlencoded::parse(query.as_bytes()));
        let now = Instant::parse("2025-10-14T09:00:00Z").unwrap();
        (Asked::parse(&mut form, now, day("2025-10-14")), form)
    }

    #[test]
    fn without_a_word_it_is_the_last_twelve_whole_months_as_known_now() {
        let asked = parse("").0.unwrap();
        assert_eq!(asked.question.period, Period { from: day("2024-10-01"), to: day("2025-09-30") });
        assert_eq!(asked.question.as_at, day("2025-10-14"));
        assert_eq!((asked.sides, asked.question.basis, asked.question.by), (Sides::Beside, Basis::Cohort, None));
    }

    #[test]
    fn an_address_asks_the_same_again() {
        let asked =
            parse("from=1+april+2025&to=30/6/25&known_at=2+oct+2025&by=hub&type=kinship&basis=activity").0.unwrap();
        assert_eq!(asked.question.known_at.to_string(), "2025-10-02T22:59:59.999Z");
        let address = asked.address("/reports/funnel");
        assert_eq!(parse(address.split_once('?').unwrap().1).0, Some(asked));
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let (asked, form) = parse("from=soon&as_at=never&known_at=perhaps&by=weather&type=x&basis=y");
        assert_eq!(asked, None);
        let wrong: Vec<_> = form.errors().iter().map(|error| error.field.as_str()).collect();
        assert_eq!(wrong, ["from", "to", "as_at", "known_at", "by", "type", "basis"]);
        assert!(parse("from=2025-04-02&to=2025-04-01").1.error("to").is_some());
        assert!(parse("known_at=today").0.is_some());
    }

    #[test]
    fn quick_periods_follow_the_financial_year() {
        let text: Vec<_> = quick_periods(day("2026-02-11"))
            .iter()
            .map(|quick| format!("{} {} {}", quick.label, quick.period.from, quick.period.to))
            .collect();
        assert_eq!(
            text,
            [
                "This quarter 2026-01-01 2026-03-31",
                "Last quarter 2025-10-01 2025-12-31",
                "2025-26 2025-04-01 2026-03-31",
                "2024-25 2024-04-01 2025-03-31",
                "2023-24 2023-04-01 2024-03-31",
                "Rolling 12 months 2025-02-01 2026-01-31",
            ]
        );
    }

    #[test]
    fn a_figure_is_found_again_by_its_address() {
        let asked = parse("by=source").0.unwrap();
        let figure = Figure { furthest: Some(Step::Visit), group: Some("A & B".to_owned()), ..Figure::default() };
        let address = figure.address(&asked.question);
        let mut form = Form::of(form_urlencoded::parse(address.split_once('?').unwrap().1.as_bytes()));
        assert_eq!(Figure::parse(&mut form), figure);
    }
}
