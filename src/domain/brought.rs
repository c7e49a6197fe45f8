//! What an enquiry that was logged twice can give to the one that goes on (import rule 18).

use super::day::Day;
use super::ledger::{Facts, Milestone};
use super::milestone::MilestoneKind;
use super::order;
use super::pause::InTouch;

/// Whether this milestone of an enquiry logged twice says something that the other enquiry does not, and could be so
/// there. Where it began and how it ended stays with each.
pub fn may_be_brought(milestone: &Milestone, to: &Facts, today: Day) -> bool {
    use MilestoneKind::{Approved, Closed, Enquired, EnquiryReceived, Reopened};
    if matches!(milestone.kind, Enquired | EnquiryReceived | Closed | Reopened | Approved) {
        return false;
    }
    let is_there = to
        .milestones
        .iter()
        .any(|it| it.kind == milestone.kind && (!milestone.kind.may_repeat() || it.on == milestone.on));
    if is_there {
        return false;
    }
    takes(to, today, |with| {
        with.milestones.push(milestone.clone());
        with.milestones.sort_by_key(|it| it.on);
    })
}

/// Whether what is planned for one enquiry can be planned for the other: it goes on.
pub fn goes_on(to: &Facts) -> bool {
    to.closure().is_none() && to.first(MilestoneKind::Approved).is_none()
}

/// Whether the other enquiry may take over that they are kept in touch with: it goes on, and has none of its own.
pub fn may_keep_in_touch(in_touch: &InTouch, to: &Facts, today: Day) -> bool {
    let has_own = to.in_touch.iter().any(|it| it.holds_on(today));
    let add = |with: &mut Facts| {
        with.in_touch.push(in_touch.clone());
        with.in_touch.sort_by_key(|it| it.from);
    };
    goes_on(to) && !has_own && takes(to, today, add)
}

/// Whether the enquiry can have this too: nothing is refused that was not before.
fn takes(to: &Facts, today: Day, add: impl FnOnce(&mut Facts)) -> bool {
    let known = order::refusals(to, today);
    let mut with = to.clone();
    add(&mut with);
    order::refusals(&with, today).iter().all(|refusal| known.contains(refusal))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::given::facts;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn only_what_the_other_lacks_and_could_have_is_brought() {
        use MilestoneKind::{
            ApplicationReceived, Closed, EnquiryReceived, FirstContact, InitialVisit, PanelRecommendation,
        };
        let to = facts(
            "2025-03-01",
            &[(FirstContact, "2025-03-02"), (InitialVisit, "2025-03-10"), (ApplicationReceived, "2025-04-01")],
        );
        let may = |kind, on| may_be_brought(&Milestone::new(kind, day(on)), &to, day("2025-06-01"));
        assert!(may(InitialVisit, "2025-03-12") && may(PanelRecommendation, "2025-05-01"));
        assert!(!may(InitialVisit, "2025-03-10"), "it is there");
        assert!(!may(FirstContact, "2025-03-05"), "it happens once");
        assert!(!may(PanelRecommendation, "2025-03-20"), "before the application");
        assert!(!may(InitialVisit, "2025-02-20"), "before the enquiry");
        assert!(!may(EnquiryReceived, "2025-03-01") && !may(Closed, "2025-05-01"));
    }

    #[test]
    fn keeping_in_touch_goes_to_an_enquiry_that_goes_on_and_has_none_of_its_own() {
        use MilestoneKind::Closed;
        let today = day("2025-06-01");
        let kept = |from: &str, to: Option<&str>| InTouch { from: day(from), to: to.map(day), contact_again_on: None };
        let (open, given) = (facts("2025-03-01", &[]), kept("2025-04-01", None));
        let with = |in_touch: InTouch| Facts { in_touch: vec![in_touch], ..open.clone() };
        assert!(may_keep_in_touch(&given, &open, today));
        assert!(may_keep_in_touch(&given, &with(kept("2025-03-05", Some("2025-03-20"))), today), "that one is over");
        assert!(!may_keep_in_touch(&given, &with(kept("2025-05-01", None)), today), "it has its own");
        assert!(!may_keep_in_touch(&given, &with(kept("2025-03-05", Some("2025-05-01"))), today), "they overlap");
        assert!(!may_keep_in_touch(&given, &facts("2025-03-01", &[(Closed, "2025-05-01")]), today), "it has ended");
    }
}
