use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::response::IntoResponse;
use serde::Deserialize;

use super::head::{Record, open};
use super::timeline::{self, Names};
use super::views::{DateRow, Dates, History, NoteView, Notes, Overview, People, RecordedDate, StageDates, Tasks};
use super::{history, next, queries, related};
use crate::domain::appointment::AppointmentState;
use crate::domain::ids::{EnquiryId, NoteId};
use crate::domain::ledger::{AttributeName, Facts, Ledger};
use crate::domain::milestone::{MilestoneKind, MilestoneResult};
use crate::domain::stage::Stage;
use crate::features::notes::{self, Note};
use crate::features::{appointments, pipeline, tasks};
use crate::web::{AppError, AppState, Ctx, Path};

pub async fn overview(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
) -> Result<impl IntoResponse, AppError> {
    let record = open(&state, &ctx, id).await?;
    let notes = notes::list(state.db.read(), id).await?;
    let people = pipeline::list_user_names(state.db.read()).await?;
    let mut planned = appointments::list_of_enquiry(state.db.read(), id).await?;
    // Of an enquiry that is logged twice, whoever visits goes on with the other.
    let is_twice = record.facts.closure().is_some_and(|it| it.duplicate_of.is_some());
    planned.retain(|visit| visit.state == AppointmentState::Planned && !is_twice);
    let names = Names { people: &people, reasons: &record.reasons };
    let related = related::find(&state, &ctx, &record.head).await?;
    let mut events = timeline::timeline(id, &record.ledger, &notes, &names, ctx.today);
    timeline::add_separations(&mut events, &related, ctx.today);
    let next = match &record.head.merging {
        Some(merging) => next::after_merging(merging, record.head.may_merge),
        None => next::view(id, &record.ledger, ctx.today),
    };
    Ok(Overview {
        page: record.head.page(&ctx, ""),
        section: "overview",
        next,
        planned,
        today: ctx.today,
        drafts: notes::list_drafts(state.db.read(), ctx.user.id, id).await?,
        events,
        details: details(&record.facts),
        related,
        applicants: record.applicants,
        head: record.head,
    })
}

/// What it began with and what reports group by, where it is recorded.
fn details(facts: &Facts) -> Vec<(&'static str, String)> {
    let enquired = facts.first_on(MilestoneKind::Enquired).map(|on| (MilestoneKind::Enquired.label(), on.long()));
    let kind = facts.fostering_type().map(|kind| (AttributeName::FosteringType.label(), kind.label().to_owned()));
    let named = [AttributeName::Source, AttributeName::Campaign, AttributeName::Hub, AttributeName::HubReference];
    let named = named.iter().filter_map(|name| facts.attribute(*name).map(|value| (name.label(), value.to_owned())));
    enquired.into_iter().chain(named).chain(kind).collect()
}

pub async fn people(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
) -> Result<impl IntoResponse, AppError> {
    let Record { head, household, applicants, .. } = open(&state, &ctx, id).await?;
    let related = related::find(&state, &ctx, &head).await?;
    Ok(People { page: head.page(&ctx, "People"), section: "people", head, household, applicants, related })
}

pub async fn dates(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
) -> Result<impl IntoResponse, AppError> {
    let Record { head, ledger, .. } = open(&state, &ctx, id).await?;
    let stages = stage_dates(&ledger, head.may_reopen);
    Ok(Dates { page: head.page(&ctx, "Dates"), section: "dates", stages, head })
}

/// Every milestone there is, under the stage that it shows.
fn stage_dates(ledger: &Ledger, may_reopen: bool) -> Vec<StageDates> {
    use MilestoneKind::{Closed, PreparationTrainingCompleted, Reopened, TemporaryApproval, TemporaryApprovalExtended};
    let under = |stage: Stage| {
        let kinds = MilestoneKind::ALL.iter().filter(move |kind| match kind {
            PreparationTrainingCompleted => stage == Stage::Stage2,
            TemporaryApproval | TemporaryApprovalExtended | Closed | Reopened => stage == Stage::Approved,
            kind => Stage::after(**kind) == Some(stage),
        });
        kinds.map(|kind| date_row(ledger, *kind, may_reopen)).collect()
    };
    let label = |stage: Stage| match stage {
        Stage::New => "The enquiry",
        Stage::Approved => "Approval and endings",
        stage => stage.label(),
    };
    Stage::ALL.iter().map(|stage| StageDates { label: label(*stage), rows: under(*stage) }).collect()
}

fn date_row(ledger: &Ledger, kind: MilestoneKind, may_reopen: bool) -> DateRow {
    let mut entries: Vec<_> =
        ledger.milestones.iter().filter(|entry| entry.in_force() && entry.fact.kind == kind).collect();
    entries.sort_by_key(|entry| (entry.fact.on, entry.root));
    let dates: Vec<_> = entries
        .iter()
        .map(|entry| RecordedDate {
            on: entry.fact.on.long(),
            result: entry.fact.result.map_or("", MilestoneResult::label).to_owned(),
            entry: entry.id,
        })
        .collect();
    let closed = ledger.facts().closure().is_some();
    let may_add = match kind {
        MilestoneKind::Closed => !closed,
        MilestoneKind::Reopened => may_reopen,
        kind => dates.is_empty() || kind.may_repeat(),
    };
    DateRow { label: kind.label(), code: kind.code(), dates, may_add }
}

pub async fn notes(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
) -> Result<impl IntoResponse, AppError> {
    let head = open(&state, &ctx, id).await?.head;
    let versions = notes::list_with_versions(state.db.read(), id).await?;
    let drafts = notes::list_drafts(state.db.read(), ctx.user.id, id).await?;
    let page = head.page(&ctx, "Contacts and notes");
    Ok(Notes { page, section: "notes", head, notes: note_views(versions), drafts })
}

/// The latest first, each with its earlier versions.
fn note_views(versions: Vec<Note>) -> Vec<NoteView> {
    let mut by_root: BTreeMap<NoteId, Vec<Note>> = BTreeMap::new();
    for version in versions {
        by_root.entry(version.root).or_default().push(version);
    }
    let mut views: Vec<_> = by_root
        .into_values()
        .filter_map(|mut versions| {
            let now = versions.pop()?;
            versions.reverse();
            Some(NoteView { edited: timeline::edited(&now), now, before: versions })
        })
        .collect();
    views.sort_by_key(|view| std::cmp::Reverse((view.now.on, view.now.root)));
    views
}

pub async fn tasks(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
) -> Result<impl IntoResponse, AppError> {
    let head = open(&state, &ctx, id).await?.head;
    let (to_do, ended) = tasks::list_of_enquiry(state.db.read(), id).await?.into_iter().partition(tasks::Task::is_open);
    let visits = appointments::list_of_enquiry(state.db.read(), id).await?;
    let taken_back = appointments::list_taken_back(state.db.read(), id).await?;
    let page = head.page(&ctx, "Tasks and visits");
    Ok(Tasks { page, section: "tasks", head, to_do, ended, visits, taken_back, today: ctx.today })
}

#[derive(Deserialize)]
pub struct Before {
    before: Option<i64>,
}

pub async fn history(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    Query(asked): Query<Before>,
) -> Result<impl IntoResponse, AppError> {
    const PAGE: i64 = 100;
    let Record { head, reasons, .. } = open(&state, &ctx, id).await?;
    let before = asked.before.unwrap_or(i64::MAX);
    let mut rows = queries::list_audit(state.db.read(), id, before, PAGE + 1).await?;
    let more = rows.len() as i64 > PAGE;
    rows.truncate(PAGE as usize);
    Ok(History {
        page: head.page(&ctx, "History"),
        section: "history",
        head,
        lines: history::lines(&rows, &reasons),
        earlier: rows.last().map(|row| row.id).filter(|_| more),
    })
}
