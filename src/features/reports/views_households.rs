//! The page of the households behind a figure.

use askama::Template;
use askama_web::WebTemplate;

use super::asked::{Asked, Figure};
use super::queries::{Behold, HouseholdRow};
use super::{numbers, views};
use crate::domain::funnel::Steps;
use crate::domain::question::{Basis, Question};
use crate::web::paging::Slice;
use crate::web::{Ctx, Page};

#[derive(Template, WebTemplate)]
#[template(path = "reports/households.html")]
pub struct HouseholdsPage {
    pub page: Page,
    pub back: String,
    /// What the figure counts, in words: one line each.
    pub counts: Vec<(&'static str, String)>,
    pub rows: Vec<Row>,
    pub restricted: i64,
    pub next: Option<String>,
}

pub struct Row {
    pub href: Option<String>,
    pub name: String,
    pub reference: String,
    pub received: String,
    /// As it was counted.
    pub furthest: &'static str,
    pub outcome: &'static str,
    /// As it is now.
    pub stage: &'static str,
}

impl HouseholdsPage {
    pub fn new(
        ctx: &Ctx,
        asked: &Asked,
        figure: &Figure,
        behold: &Behold,
        slice: Slice<HouseholdRow>,
    ) -> HouseholdsPage {
        let households = if behold.households == 1 { "household" } else { "households" };
        let title = format!("{} {households} behind the figure", numbers::count(behold.households));
        let here = figure.address(&asked.question);
        HouseholdsPage {
            page: Page::new(ctx, title),
            back: asked.address("/reports/funnel"),
            counts: counts(&asked.question, figure),
            rows: slice.rows.into_iter().map(Row::from).collect(),
            restricted: behold.restricted,
            next: slice.next.map(|next| format!("{here}&after={next}")),
        }
    }
}

fn counts(question: &Question, figure: &Figure) -> Vec<(&'static str, String)> {
    let reached = if question.basis == Basis::Cohort { "Reached" } else { "Had in the period" };
    let group = question.by.zip(figure.group.as_deref());
    [
        Some((
            if question.basis == Basis::Cohort { "Received" } else { "Happened" },
            format!("{} to {}", question.period.from.words(), question.period.to.words()),
        )),
        Some(("As at", question.as_at.words())),
        Some(("As known at", question.known_at.london_text())),
        Some(("Type", question.types.label().to_owned())),
        figure.step.map(|step| (reached, step.label().to_owned())),
        figure.furthest.map(|step| ("No further than", step.label().to_owned())),
        figure.outcome.map(|outcome| ("Outcome", outcome.label().to_owned())),
        group.map(|(by, label)| (by.label(), views::group_label(by, label))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

impl From<HouseholdRow> for Row {
    fn from(row: HouseholdRow) -> Row {
        let steps = Steps((row.steps & i64::from(Steps::ALL.0)) as u8);
        Row {
            // Withdrawn entirely since: there is no record to open.
            href: row.name.is_some().then(|| format!("/enquiries/{}", row.enquiry)),
            name: row.name.unwrap_or_else(|| "Withdrawn since".to_owned()),
            reference: row.reference,
            received: row.day.short(),
            furthest: steps.furthest().map_or("", |step| step.label()),
            outcome: row.outcome.map_or("Received in another period", |outcome| outcome.label()),
            stage: row.stage.map_or("", |stage| stage.label()),
        }
    }
}
