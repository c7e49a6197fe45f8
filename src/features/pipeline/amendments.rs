//! What a change makes of a ledger: how it stands afterwards, and what has to change with it.

use serde_json::{Value, json};

use super::action_error::ActionError;
use crate::domain::audit::Action;
use crate::domain::ids::RootId;
use crate::domain::ledger::{Attribute, AttributeName, Fact, Ledger, Place, Stamp};

/// One of several changes that hold together or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amendment {
    Record(Fact),
    Correct(Place, Fact),
    Withdraw(Place),
}

impl Amendment {
    /// The version that it takes out of force.
    pub fn place(&self) -> Option<Place> {
        match self {
            Amendment::Record(_) => None,
            Amendment::Correct(place, _) | Amendment::Withdraw(place) => Some(*place),
        }
    }

    /// The version that it brings into force.
    pub fn fact(&self) -> Option<&Fact> {
        match self {
            Amendment::Record(fact) | Amendment::Correct(_, fact) => Some(fact),
            Amendment::Withdraw(_) => None,
        }
    }

    /// That version and its root; None where there is nothing before it.
    pub fn old(&self, ledger: &Ledger) -> Result<Option<(Fact, RootId)>, ActionError> {
        self.place().map(|place| ledger.in_force(place).ok_or(ActionError::Stale)).transpose()
    }
}

/// The ledger as it stands after all of them.
pub fn amended(before: &Ledger, amendments: &[Amendment], stamp: Stamp) -> Result<Ledger, ActionError> {
    amendments.iter().try_fold(before.clone(), |ledger, amendment| {
        let root = amendment.old(before)?.map(|(_, root)| root);
        let ledger = amendment.place().map_or(ledger.clone(), |place| ledger.without(place));
        Ok(match amendment.fact() {
            Some(fact) => ledger.with(fact.clone(), root, stamp),
            None => ledger,
        })
    })
}

/// Whoever has had an enquiry since the day received has had it since the corrected day: between the two nobody is
/// unassigned. Not where somebody else has it by that day.
pub fn move_officer(amendments: &mut Vec<Amendment>, before: &Ledger, after: &Ledger) {
    let (was, is) = (before.facts().day_received(), after.facts().day_received());
    let officers = || before.attributes.iter().filter(|it| it.in_force() && it.fact.name == AttributeName::Officer);
    let Some(first) = officers().min_by_key(|it| (it.fact.from, it.root)).filter(|it| it.fact.from == was) else {
        return;
    };
    let overtaken = officers().any(|it| it.id != first.id && it.fact.from <= is);
    if was == is || is.is_none() || overtaken {
        return;
    }
    let place = Place::Attribute(first.id);
    match amendments.iter_mut().find(|it| it.place() == Some(place)) {
        Some(Amendment::Correct(_, Fact::Attribute(officer))) => officer.from = is,
        Some(_) => {}
        None => {
            let officer = Attribute { from: is, ..first.fact.clone() };
            amendments.push(Amendment::Correct(place, Fact::Attribute(officer)));
        }
    }
}

/// What the audit says of one of them.
pub fn trace(amendment: &Amendment, before: &Ledger, why: Option<&str>) -> Result<(Action, Value), ActionError> {
    let old = amendment.old(before)?.map(|(old, _)| old);
    let action = match (amendment, &old) {
        (Amendment::Record(new), _) => recorded(new),
        (Amendment::Withdraw(_), None | Some(Fact::Milestone(_))) => Action::MilestoneWithdrawn,
        (Amendment::Correct(_, fact), _) | (Amendment::Withdraw(_), Some(fact)) => changed(fact),
    };
    let said =
        [("old", old.as_ref().map(detail)), ("new", amendment.fact().map(detail)), ("why", why.map(Value::from))];
    Ok((action, said.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()))
}

fn recorded(fact: &Fact) -> Action {
    match fact {
        Fact::Milestone(_) => Action::MilestoneRecorded,
        Fact::Pause(_) => Action::Paused,
        Fact::InTouch(_) => Action::KeptInTouch,
        Fact::Attribute(_) => changed(fact),
    }
}

fn changed(fact: &Fact) -> Action {
    match fact {
        Fact::Milestone(_) => Action::MilestoneCorrected,
        Fact::Attribute(it) if it.name == AttributeName::Officer => Action::Assigned,
        Fact::Attribute(_) => Action::EnquiryDetailsChanged,
        Fact::Pause(_) => Action::PauseChanged,
        Fact::InTouch(_) => Action::InTouchChanged,
    }
}

fn detail(fact: &Fact) -> Value {
    match fact {
        Fact::Milestone(it) => json!({
            "kind": it.kind, "on": it.on, "result": it.result, "close_reason": it.close_reason, "places": it.places,
        }),
        Fact::Attribute(it) => json!({ "name": it.name, "value": it.value, "from": it.from }),
        Fact::Pause(it) => json!({ "from": it.from, "to": it.to, "reason": it.reason }),
        Fact::InTouch(it) => json!({ "from": it.from, "to": it.to, "contact_again_on": it.contact_again_on }),
    }
}
