//! What stands above every section of the record: who it is, how to reach them safely, where it stands.

use sqlx::SqliteConnection;

use super::ladder::{RungView, once, rungs};
use super::limits::{self, LimitView};
use super::queries::{self, Twice};
use super::queries_merges::{self, Merging};
use crate::domain::appointment::AppointmentState;
use crate::domain::day::Day;
use crate::domain::household::{Answer, Applicant};
use crate::domain::ids::EnquiryId;
use crate::domain::ledger::{AttributeName, Facts, Ledger, Milestone};
use crate::domain::milestone::MilestoneKind;
use crate::domain::order;
use crate::domain::reason::{CloseReason, ReasonCode};
use crate::domain::role::Permission;
use crate::domain::stage::Stage;
use crate::domain::standing::{Standing, State};
use crate::domain::text::lower_first;
use crate::features::access::{self, Subject};
use crate::features::appointments::{self, GoneOver};
use crate::features::enquiries::restriction::Now;
use crate::features::households::{self, Household, Telephone};
use crate::features::time_limits::{self, Clocks};
use crate::features::{pipeline, tasks};
use crate::web::{AppError, AppState, Ctx, Page};

pub struct Head {
    pub subject: Subject,
    pub stages: Vec<&'static str>,
    /// Its clocks that have started, in the order of the pipeline.
    pub limits: Vec<LimitView>,
    /// The one that presses most.
    pub worst: Option<LimitView>,
    /// Where it is anything but open.
    pub state: Option<StateView>,
    pub officer: String,
    pub kind: &'static str,
    pub home: String,
    pub telephones: Vec<Telephone>,
    pub emails: Vec<String>,
    pub safe: SafeContact,
    pub rungs: Vec<RungView>,
    pub notes: i64,
    /// Tasks that are still to do, and visits that are planned.
    pub to_do: i64,
    pub people: usize,
    pub may_write: bool,
    pub may_assign: bool,
    pub may_restrict: bool,
    /// Who may open it, where that is not everybody.
    pub open_to: Option<String>,
    /// There is somebody to leave, and whoever asks may say so.
    pub may_separate: bool,
    /// Whoever asks may say that this household is the same as another.
    pub may_merge: bool,
    pub closed: bool,
    /// Logged twice: with which others.
    pub twice: Vec<Twice>,
    /// Closed by a merge, which can be undone: nobody reopens it.
    pub merging: Option<Merging>,
    /// Planned visits that went over to the other with it.
    pub gone_over: Vec<GoneOver>,
    /// Neither is offered where it would only be refused.
    pub may_close: bool,
    pub may_reopen: bool,
}

pub struct StateView {
    /// `Paused`, `Closed` …
    pub label: &'static str,
    /// Since when and why.
    pub why: String,
    pub class: &'static str,
}

pub struct SafeContact {
    pub language: String,
    pub hours: String,
    pub message: Answer,
    pub consent: Answer,
}

/// Everything that several sections need, read once.
pub struct Record {
    pub head: Head,
    pub ledger: Ledger,
    pub facts: Facts,
    pub household: Household,
    pub applicants: Vec<Applicant>,
    pub reasons: Vec<CloseReason>,
}

/// Opens the record, for this person, and puts that down.
pub async fn open(state: &AppState, ctx: &Ctx, id: EnquiryId) -> Result<Record, AppError> {
    let subject = access::open(state, ctx, id, Permission::ReadEnquiries).await?;
    access::opened(state, ctx, &subject);
    let mut connection = state.db.read().acquire().await?;
    let ledger = pipeline::load(&mut connection, id).await?;
    let household = households::find(&mut connection, subject.household).await?.ok_or(AppError::NotFound)?;
    let applicants = households::list_applicants(&mut connection, subject.household).await?;
    let reasons = pipeline::list_close_reasons(&mut connection).await?;
    let notes = queries::count_notes(&mut *connection, id).await?;
    let visits = appointments::list_of_enquiry(&mut *connection, id).await?;
    let gone_over = appointments::list_gone_over(&mut *connection, id, ctx.user.id).await?;
    let planned = visits.iter().filter(|visit| {
        visit.state == AppointmentState::Planned && gone_over.iter().all(|gone| gone.visit != visit.id)
    });
    let planned = planned.count();
    let to_do = tasks::count_open(&mut *connection, id).await? + i64::try_from(planned)?;
    let facts = ledger.facts();
    let rules = time_limits::rules(&mut connection).await?;
    let clocks = Clocks::of(&facts, &rules, ctx.today);
    let standing = Standing::of(&facts).ok_or(AppError::NotFound)?;
    let merging = queries_merges::find_merging(&mut *connection, id, ctx.user.id).await?;
    let merging = merging.filter(|it| facts.closure().and_then(|it| it.duplicate_of) == Some(it.other));
    let head = Head {
        limits: clocks.timings.iter().map(|one| limits::view(one, &clocks, ctx.today)).collect(),
        worst: time_limits::worst(&clocks).map(|one| limits::view(one, &clocks, ctx.today)),
        stages: stages(&standing, &facts),
        state: state_view(&standing, &facts, &reasons, ctx.today),
        officer: standing.attribute(AttributeName::Officer).unwrap_or("Unassigned").to_owned(),
        kind: facts.fostering_type().map_or("Not recorded", |kind| kind.label()),
        home: home(&household),
        telephones: households::telephones(&applicants),
        emails: applicants.iter().filter_map(|applicant| applicant.email.clone()).collect(),
        safe: safe(&household),
        rungs: rungs(&facts, &reasons, ctx.today),
        notes,
        to_do,
        people: applicants.len(),
        may_write: ctx.may(Permission::WriteEnquiries),
        may_assign: ctx.may(Permission::AssignEnquiries),
        may_restrict: ctx.may(Permission::RestrictEnquiries),
        open_to: open_to(&mut connection, &subject).await?,
        may_merge: ctx.may(Permission::MergeHouseholds),
        may_separate: applicants.len() > 1 && ctx.may(Permission::MergeHouseholds),
        twice: queries::list_twice(&mut *connection, id, ctx.user.id).await?,
        closed: facts.closure().is_some(),
        may_close: may_follow(&facts, Milestone::closed(ctx.today, ReasonCode::unknown(false)), ctx.today),
        may_reopen: merging.is_none()
            && may_follow(&facts, Milestone::new(MilestoneKind::Reopened, ctx.today), ctx.today),
        merging,
        gone_over,
        subject,
    };
    Ok(Record { head, ledger, facts, household, applicants, reasons })
}

async fn open_to(connection: &mut SqliteConnection, subject: &Subject) -> sqlx::Result<Option<String>> {
    if !subject.restricted {
        return Ok(None);
    }
    let now = Now::load(connection, subject.id).await?;
    Ok(Some(now.sentence(&now.open_to)))
}

/// Whether the order rules would take it today.
fn may_follow(facts: &Facts, milestone: Milestone, today: Day) -> bool {
    let mut after = facts.clone();
    after.milestones.push(milestone);
    let known = order::refusals(facts, today);
    order::refusals(&after, today).iter().all(|refusal| known.contains(refusal))
}

impl Head {
    pub fn page(&self, ctx: &Ctx, section: &str) -> Page {
        let name = &self.subject.name;
        Page::new(ctx, if section.is_empty() { name.clone() } else { format!("{section} - {name}") })
    }
}

fn stages(standing: &Standing, facts: &Facts) -> Vec<&'static str> {
    let beside = standing.stage.runs_beside_stage_1(facts).then_some(Stage::Stage1.label());
    beside.into_iter().chain([standing.stage.label()]).collect()
}

fn state_view(
    standing: &Standing,
    facts: &Facts,
    reasons: &[CloseReason],
    today: crate::domain::day::Day,
) -> Option<StateView> {
    let state = standing.state_on(today);
    let (why, class) = match state {
        State::Open => return None,
        State::Approved => (approved(standing), "good"),
        State::Closed => (closed(facts, reasons), "dashed"),
        State::Paused => {
            let pause = standing.pause.as_ref()?;
            (format!("since {}: {}", pause.from.long(), lower_first(pause.reason.label())), "dashed")
        }
        State::InTouch => {
            let again = standing.in_touch.as_ref()?.contact_again_on;
            (again.map(|on| format!("contact again on {}", on.long())).unwrap_or_default(), "dashed")
        }
    };
    Some(StateView { label: state.label(), why, class })
}

fn approved(standing: &Standing) -> String {
    let on = standing.on(crate::domain::milestone::MilestoneKind::Approved);
    let places =
        standing.places.map(|places| if places == 1 { ", 1 place".into() } else { format!(", {places} places") });
    format!("on {}{}", on.map(|on| on.long()).unwrap_or_default(), places.unwrap_or_default())
}

/// Who ended it, and why.
fn closed(facts: &Facts, reasons: &[CloseReason]) -> String {
    let Some(closure) = facts.closure() else { return String::new() };
    let reason = reasons.iter().find(|reason| Some(&reason.code) == closure.close_reason.as_ref());
    let why = reason.map(|reason| match ended_by(reason) {
        Some(by) => format!(", {by}: {}", reason.label),
        None => format!(": {}", lower_first(&once(reason))),
    });
    format!("on {}{}", closure.on.long(), why.unwrap_or_default())
}

/// None where that is said with the reason.
fn ended_by(reason: &CloseReason) -> Option<&'static str> {
    use crate::domain::reason::EndedBy;
    match reason.ended_by {
        EndedBy::Applicant => Some("by the applicant"),
        EndedBy::Service => Some("by the service"),
        EndedBy::Transferred | EndedBy::Duplicate => None,
    }
}

fn home(household: &Household) -> String {
    let parts = [household.address.as_deref(), household.postcode.as_deref()];
    let known: Vec<_> = parts.into_iter().flatten().collect();
    if known.is_empty() { "Not recorded".to_owned() } else { known.join(", ") }
}

fn safe(household: &Household) -> SafeContact {
    SafeContact {
        language: household.language.clone().unwrap_or_default(),
        hours: household.contact_hours.clone().unwrap_or_default(),
        message: household.message_allowed,
        consent: household.consent_to_contact,
    }
}
