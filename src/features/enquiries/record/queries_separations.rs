//! SQL of what separations say of a household: who left or stayed, and what was there before.

use sqlx::SqliteExecutor;

use super::queries::{Related, related};
use crate::db::Json;
use crate::domain::day::Day;
use crate::domain::household::{Applicant, display_name};
use crate::domain::ids::{EnquiryId, HouseholdId, SeparationId, UserId};
use crate::domain::instant::Instant;
use crate::domain::merge::Portrait;
use crate::domain::stage::Stage;
use crate::features::access::Viewer;

/// A separation of this household, or the one by which it came to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apart {
    pub id: SeparationId,
    pub on: Day,
    pub at: Instant,
    pub by: String,
    /// This household is that of those who stayed.
    pub stayed: bool,
    /// Those of the other household, as they were called then.
    pub others: String,
    /// The enquiry with which those who left go on, or the one with which those who stayed do, where whoever asks may
    /// open it.
    pub goes_on: Option<(EnquiryId, String)>,
    /// The enquiry that is looked at is one of the two.
    pub is_about: bool,
}

impl Apart {
    /// `Tom Reed left`; `Separated from Priya Nair`.
    pub fn what(&self) -> String {
        if self.stayed { format!("{} left", self.others) } else { format!("Separated from {}", self.others) }
    }

    /// Below a heading that says it: `Tom Reed left`; `From Priya Nair`.
    pub fn in_list(&self) -> String {
        if self.stayed { self.what() } else { format!("From {}", self.others) }
    }

    /// `Goes on as E-000210`; `E-000123 went on without them`.
    pub fn goes_on_as(&self, reference: &str) -> String {
        if self.stayed { format!("Goes on as {reference}") } else { format!("{reference} went on without them") }
    }
}

/// Those that stand, the latest first. `mine`: the household, and the records that went into it.
pub async fn list_separations(
    db: impl SqliteExecutor<'_>,
    mine: &[HouseholdId],
    enquiry: EnquiryId,
    viewer: Viewer,
) -> sqlx::Result<Vec<Apart>> {
    let (mine, own_only) = (Json(mine), viewer.own_only.then_some(viewer.user));
    let rows = sqlx::query!(
        r#"with of_mine (id, stayed) as (
            select separation.id, 1
            from json_each(?1) mine
            join household_separation separation on separation.from_id = mine.value
            union all
            select separation.id, 0
            from json_each(?1) mine
            join household_separation separation on separation.new_id = mine.value)
        select separation.id as "id!: SeparationId", separation.separated_on as "on!: Day",
            separation.recorded_at as "at!: Instant", user.name as "by!", of_mine.stayed as "stayed!: bool",
            iif(of_mine.stayed = 1, separation.new_after, separation.from_after) as "others?: String",
            ?2 in (separation.enquiry_id, separation.own_enquiry_id) as "is_about?: bool",
            other.id as "other?: EnquiryId", other.reference as "reference?"
        from of_mine
        join household_separation separation on separation.id = of_mine.id
        join user on user.id = separation.recorded_by
        left join enquiry_now on enquiry_now.enquiry_id
            = iif(of_mine.stayed = 1, separation.own_enquiry_id, separation.enquiry_id)
            and (?4 is null or enquiry_now.officer_user_id = ?4)
        left join enquiry other on other.id = enquiry_now.enquiry_id
            and (other.restricted = 0
                or exists (select 1 from enquiry_access where enquiry_id = other.id and user_id = ?3))
        where separation.undone_at is null
        order by separation.separated_on desc, separation.id desc
        limit 20"#,
        mine,
        enquiry,
        viewer.user,
        own_only,
    )
    .fetch_all(db)
    .await?;
    let apart = rows.into_iter().map(|row| Apart {
        id: row.id,
        on: row.on,
        at: row.at,
        by: row.by,
        stayed: row.stayed,
        others: names(row.others.as_deref()),
        goes_on: row.other.zip(row.reference),
        is_about: row.is_about.unwrap_or(false),
    });
    Ok(apart.collect())
}

fn names(portrait: Option<&str>) -> String {
    let portrait = Portrait::read(portrait).unwrap_or_default();
    let names: Vec<_> = portrait.applicants.into_iter().map(|it: Applicant| it.name).collect();
    if names.is_empty() { "Somebody".to_owned() } else { display_name(&names) }
}

/// The enquiries of the household that these people were part of until they separated, as far as whoever asks may open
/// them.
pub async fn list_before_separation(
    db: impl SqliteExecutor<'_>,
    household: HouseholdId,
    mine: &[HouseholdId],
    viewer: Viewer,
) -> sqlx::Result<Vec<Related>> {
    let (mine, own_only) = (Json(mine), viewer.own_only.then_some(viewer.user));
    related!(
        ["with before (id) as (
            select distinct shared.enquiry_id
            from json_each(?4) mine
            join household_separation separation on separation.new_id = mine.value and separation.undone_at is null
            join household_separation_enquiry shared on shared.separation_id = separation.id) "],
        "false",
        "before
            cross join enquiry on enquiry.id = before.id and enquiry.household_id <> ?2
            cross join enquiry_now on enquiry_now.enquiry_id = enquiry.id",
        "(?3 is null or enquiry_now.officer_user_id = ?3)",
        viewer.user,
        household,
        own_only,
        mine
    )
    .fetch_all(db)
    .await
}
