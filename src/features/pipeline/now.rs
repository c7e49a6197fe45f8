//! `enquiry_now`: the ledgers as they stand, one row an enquiry. Written with every change of a ledger, rebuilt from
//! the ledgers at will, and proved against them by `hearth doctor`.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::queries_now::Row;
use super::{queries, queries_now};
use crate::db::Db;
use crate::domain::household::{display_name, sort_name};
use crate::domain::ids::EnquiryId;
use crate::domain::ledger::{AttributeName, Facts};
use crate::domain::milestone::MilestoneKind;
use crate::domain::referral;
use crate::domain::standing::Standing;
use crate::features::time_limits;

const PAGE: i64 = 1_000;

/// One row. None where the enquiry was withdrawn entirely.
pub(super) fn row(enquiry: EnquiryId, names: &[String], facts: &Facts) -> Option<Row> {
    let standing = Standing::of(facts)?;
    let mut row = Row::new();
    let mut set = |column, value: Value| {
        if !value.is_null() {
            row.insert(column, value);
        }
    };
    set("enquiry_id", json!(enquiry));
    set("display_name", json!(display_name(names)));
    set("sort_name", json!(sort_name(names)));
    set("day_on", json!(standing.day));
    for kind in MilestoneKind::ALL {
        if let Some(column) = column(*kind) {
            set(column, json!(standing.on(*kind)));
        }
    }
    set("reopened", json!(i64::from(standing.reopened)));
    set("approved_places", json!(standing.places));
    set("panel_recommendation", json!(standing.panel_recommendation));
    set("decision", json!(standing.decision));
    set("close_reason", json!(standing.close_reason));
    set("stage", json!(standing.stage));
    set("stage_since", json!(standing.stage_since));
    set("stage_1_since", json!(standing.stage_1_since));
    set("live", json!(i64::from(standing.live())));
    set("last_on", json!(standing.last_on));
    set("paused_from", json!(standing.pause.as_ref().map(|pause| pause.from)));
    set("paused_to", json!(standing.pause.as_ref().and_then(|pause| pause.to)));
    set("pause_reason", json!(standing.pause.as_ref().map(|pause| pause.reason)));
    set("in_touch_from", json!(standing.in_touch.as_ref().map(|it| it.from)));
    set("in_touch_to", json!(standing.in_touch.as_ref().and_then(|it| it.to)));
    set("contact_again_on", json!(standing.in_touch.as_ref().and_then(|it| it.contact_again_on)));
    for name in AttributeName::ALL {
        set(name.code(), json!(standing.attribute(*name)));
    }
    set("hub_key", json!(hub_key(&standing)));
    set("officer_user_id", json!(standing.officer_user));
    set("officer_from", json!(standing.officer_from));
    Some(row)
}

fn column(kind: MilestoneKind) -> Option<&'static str> {
    match kind {
        MilestoneKind::TemporaryApproval => Some("temporary_approval_on"),
        MilestoneKind::TemporaryApprovalExtended => Some("temporary_approval_extended_on"),
        kind => kind.column(),
    }
}

fn hub_key(standing: &Standing) -> Option<String> {
    let (hub, reference) = (standing.attribute(AttributeName::Hub)?, standing.attribute(AttributeName::HubReference)?);
    Some(referral::key(hub, reference))
}

/// Writes the row of one enquiry, whose facts the caller knows.
pub(super) async fn replace(connection: &mut SqliteConnection, enquiry: EnquiryId, facts: &Facts) -> sqlx::Result<()> {
    let names = queries_now::list_names(connection, &[enquiry]).await?.remove(&enquiry).unwrap_or_default();
    queries_now::delete(connection, &[enquiry]).await?;
    queries_now::insert(connection, row(enquiry, &names, facts).as_slice()).await?;
    time_limits::replace(connection, &[(enquiry, facts)]).await
}

/// Recomputes the rows of some enquiries from their ledgers.
pub async fn refresh(connection: &mut SqliteConnection, enquiries: &[EnquiryId]) -> sqlx::Result<()> {
    let facts = facts(connection, enquiries).await?;
    let rows: Vec<_> = computed(connection, &facts).await?.into_values().collect();
    queries_now::delete(connection, enquiries).await?;
    queries_now::insert(connection, &rows).await?;
    time_limits::replace(connection, &facts.iter().map(|(enquiry, facts)| (*enquiry, facts)).collect::<Vec<_>>()).await
}

/// Takes away the rows of enquiries of which nothing is in force any more: as `refresh` would, without reading ledgers
/// that say nothing.
pub(super) async fn remove(connection: &mut SqliteConnection, enquiries: &[EnquiryId]) -> sqlx::Result<()> {
    let nothing = Facts::default();
    queries_now::delete(connection, enquiries).await?;
    time_limits::replace(connection, &enquiries.iter().map(|enquiry| (*enquiry, &nothing)).collect::<Vec<_>>()).await
}

/// Recomputes every row. Returns how many enquiries there are.
pub async fn rebuild(connection: &mut SqliteConnection) -> sqlx::Result<usize> {
    let (mut after, mut count) = (EnquiryId(0), 0);
    loop {
        let enquiries = queries_now::list_enquiries_after(connection, after, PAGE).await?;
        let Some(last) = enquiries.last() else {
            time_limits::move_rebuild(connection, None).await?;
            return Ok(count);
        };
        after = *last;
        count += enquiries.len();
        refresh(connection, &enquiries).await?;
    }
}

/// All that waits to be worked out again, a page in each transaction. Goes on where it was left.
pub async fn work_out_limits(db: &Db) -> sqlx::Result<()> {
    while time_limits::find_rebuild(&mut *db.read().acquire().await?).await?.is_some() {
        let mut write = db.write().await?;
        continue_limits(&mut write).await?;
        write.commit().await?;
    }
    Ok(())
}

/// The next page of what a change of the limits or of the special days asks for: makes the clocks of some enquiries
/// anew. False when there is nothing left to do.
async fn continue_limits(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    const FEW: i64 = 500;
    let Some(rebuild) = time_limits::find_rebuild(connection).await? else { return Ok(false) };
    let enquiries = queries_now::list_enquiries_after(connection, rebuild.after, FEW).await?;
    let Some(last) = enquiries.last() else {
        time_limits::move_rebuild(connection, None).await?;
        return Ok(false);
    };
    let facts = facts(connection, &enquiries).await?;
    time_limits::replace(connection, &facts.iter().map(|(enquiry, facts)| (*enquiry, facts)).collect::<Vec<_>>())
        .await?;
    time_limits::move_rebuild(connection, Some((*last, i64::try_from(enquiries.len()).unwrap_or(FEW)))).await?;
    Ok(true)
}

/// What is stored and is not what the ledgers say; none of both is the only good answer.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Disagreements {
    /// Enquiries that stand otherwise.
    pub standing: Vec<EnquiryId>,
    /// Enquiries with a clock that stands otherwise.
    pub clocks: Vec<EnquiryId>,
}

/// Compares every enquiry with its ledgers. Clocks that wait to be made anew are not looked at.
pub async fn disagreements(connection: &mut SqliteConnection) -> sqlx::Result<Disagreements> {
    let (mut after, mut wrong) = (EnquiryId(0), Disagreements::default());
    let rules = time_limits::rules(connection).await?;
    let rebuilt_to = time_limits::find_rebuild(connection).await?.map(|rebuild| rebuild.after);
    loop {
        let enquiries = queries_now::list_enquiries_after(connection, after, PAGE).await?;
        let Some(last) = enquiries.last() else { return Ok(wrong) };
        after = *last;
        let facts = facts(connection, &enquiries).await?;
        let computed = computed(connection, &facts).await?;
        let stored = queries_now::list_stored(connection, &enquiries).await?;
        let clocks = time_limits::list_stored(connection, &enquiries).await?;
        for enquiry in enquiries {
            let computed = computed.get(&enquiry).into_iter().flatten().map(|(column, value)| (*column, value));
            let stored = stored.get(&enquiry).into_iter().flatten().map(|(column, value)| (column.as_str(), value));
            if !computed.eq(stored) {
                wrong.standing.push(enquiry);
            }
            let says = facts.get(&enquiry).map(|facts| time_limits::rows(enquiry, facts, &rules)).unwrap_or_default();
            let waits = rebuilt_to.is_some_and(|to| enquiry > to);
            if !waits && clocks.get(&enquiry).cloned().unwrap_or_default() != says {
                wrong.clocks.push(enquiry);
            }
        }
    }
}

async fn facts(connection: &mut SqliteConnection, enquiries: &[EnquiryId]) -> sqlx::Result<BTreeMap<EnquiryId, Facts>> {
    let ledgers = queries::load_many(connection, enquiries).await?;
    Ok(ledgers.into_iter().map(|(enquiry, ledger)| (enquiry, ledger.facts())).collect())
}

async fn computed(
    connection: &mut SqliteConnection,
    facts: &BTreeMap<EnquiryId, Facts>,
) -> sqlx::Result<BTreeMap<EnquiryId, Row>> {
    let enquiries: Vec<_> = facts.keys().copied().collect();
    let names = queries_now::list_names(connection, &enquiries).await?;
    let rows = facts.iter().filter_map(|(enquiry, facts)| {
        let names = names.get(enquiry).map(Vec::as_slice).unwrap_or_default();
        Some((*enquiry, row(*enquiry, names, facts)?))
    });
    Ok(rows.collect())
}
