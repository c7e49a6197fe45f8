//! Other records that have to do with this one: of the same household, of one that looks like it, of those who left.

use super::head::Head;
use super::queries::{self, Merge, Related};
use super::queries_separations::{self, Apart};
use crate::domain::ids::HouseholdId;
use crate::domain::role::Permission;
use crate::features::access::Viewer;
use crate::features::households::{self, Left};
use crate::web::{AppError, AppState, Ctx};

pub struct RelatedView {
    pub household: Vec<Related>,
    /// Of the household that they were part of before they separated.
    pub before: Vec<Related>,
    pub separations: Vec<Apart>,
    pub alike: Vec<Related>,
    /// Who left a record without an enquiry of their own, and look like this household.
    pub left: Vec<Left>,
    /// Other records of the household that went into it.
    pub merges: Vec<Merge>,
    /// Whoever asks may say that two are one.
    pub may_merge: bool,
    /// This household.
    pub of: HouseholdId,
}

impl RelatedView {
    /// Where this household and another stand side by side.
    pub fn compare(&self, other: &HouseholdId) -> String {
        format!("/households/alike/{}/{}", self.of.min(*other), self.of.max(*other))
    }
}

/// As far as whoever asks may open them.
pub async fn find(state: &AppState, ctx: &Ctx, head: &Head) -> Result<RelatedView, AppError> {
    let (subject, user) = (&head.subject, ctx.user.id);
    let mut db = state.db.read().acquire().await?;
    let mut household = queries::list_of_household(&mut *db, subject.household, subject.id, user).await?;
    let mut alike = queries::list_alike(&mut *db, subject.id, user).await?;
    let (viewer, mine) = (Viewer::of(ctx), households::list_gone_into(&mut db, subject.household).await?);
    let before = queries_separations::list_before_separation(&mut *db, subject.household, &mine, viewer).await?;
    let separations = queries_separations::list_separations(&mut *db, &mine, subject.id, viewer).await?;
    if viewer.own_only {
        household.retain(|other| other.officer == Some(user));
        alike.retain(|other| other.officer == Some(user));
    }
    let may_merge = ctx.may(Permission::MergeHouseholds);
    let merges = if may_merge { queries::list_merges(&mut *db, subject.household).await? } else { Vec::new() };
    let mut left = Vec::new();
    if may_merge {
        let paired = households::list_paired(&mut *db, subject.household).await?;
        left = households::list_left(&mut *db, &paired, user).await?;
        left.retain(|it| it.may_open);
    }
    Ok(RelatedView { household, before, separations, alike, left, merges, may_merge, of: subject.household })
}
