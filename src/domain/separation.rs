//! Applicants who separate: who has which telephone and which home afterwards, and on which day it can have been.

use super::day::Day;
use super::household::{Answer, Applicant, display_name};
use super::merge::Portrait;
use crate::coded;

coded! {
    /// Whose home stays the address that is recorded.
    #[derive(Default)]
    pub enum Home {
        #[default]
        Stays = "stays", "Of those who go on with this enquiry";
        Leaves = "leaves", "Of those who leave";
        Both = "both", "Of both, for now";
    }
}

coded! {
    /// What those who leave do.
    pub enum GoesOn {
        NotNow = "not_now", "Not now";
        Own = "own", "They go on themselves";
    }
}

/// The household of those who stay, and that of those who leave. Each person keeps their own telephone and e-mail; how
/// to reach those who leave safely has not been asked. Where a telephone leaves with them, it may be the one of which it
/// was said that a message is safe, and when: that is asked again of those who stay, but a no stays a no. `stays` are
/// places among the applicants. None unless somebody stays and somebody leaves.
pub fn split(before: &Portrait, stays: &[usize], home: Home) -> Option<(Portrait, Portrait)> {
    let of = |staying: bool| -> Vec<Applicant> {
        let all = before.applicants.iter().enumerate();
        all.filter(|(at, _)| stays.contains(at) == staying).map(|(_, it)| it.clone()).collect()
    };
    let (stay, leave) = (of(true), of(false));
    if stay.is_empty() || leave.is_empty() {
        return None;
    }
    let of_home = |theirs: bool, value: &Option<String>| value.clone().filter(|_| theirs);
    let (first, second) = (home != Home::Leaves, home != Home::Stays);
    let phone_leaves = leave.iter().any(|it| it.phones().next().is_some());
    let message_allowed = match before.message_allowed {
        Answer::Yes if phone_leaves => Answer::NotAsked,
        answer => answer,
    };
    let stay = Portrait {
        applicants: stay,
        message_allowed,
        contact_hours: before.contact_hours.clone().filter(|_| !phone_leaves),
        address: of_home(first, &before.address),
        postcode: of_home(first, &before.postcode),
        ..before.clone()
    };
    let leave = Portrait {
        applicants: leave,
        address: of_home(second, &before.address),
        postcode: of_home(second, &before.postcode),
        ..Portrait::default()
    };
    Some((stay, leave))
}

/// Why they cannot have separated on that day: a sentence for whoever recorded it.
pub fn refused_day(on: Day, enquiry: Day, today: Day) -> Option<String> {
    if on > today {
        return Some(format!("{} is still to come. It is recorded when it has happened", on.long()));
    }
    (on < enquiry).then(|| format!("They enquired together on {}. Enter that day or a later one", enquiry.long()))
}

/// Why those who go on by themselves cannot have been spoken with on that day: their enquiry begins when they separate.
pub fn refused_contact(contact: Day, separated: Day, today: Day) -> Option<String> {
    if contact > today {
        return Some(format!("{} is still to come. It is recorded when it has happened", contact.long()));
    }
    (contact < separated).then(|| {
        format!(
            "They separated on {}. Enter that day or a later one, or nothing where nobody has spoken with them since",
            separated.long()
        )
    })
}

/// What becomes of what people have begun to write, and not saved, on the enquiry of those who left when that is
/// withdrawn. `others` by name; `you`: whoever reads this is one of them. None where nobody has.
pub fn unsaved(others: &[String], you: bool) -> Option<String> {
    let begun = |who: &str, has: &str, for_whom: &str| {
        let has_begun = format!("{who} {has} begun a note on it that is not saved yet.");
        format!("{has_begun} It would be kept for {for_whom} to read, not on any record.")
    };
    match (you, others) {
        (false, []) => None,
        (true, []) => Some(begun("You", "have", "you")),
        (false, [one]) => Some(begun(one, "has", "them")),
        (_, several) => {
            let all: Vec<_> = you.then(|| "You".to_owned()).into_iter().chain(several.iter().cloned()).collect();
            let who = display_name(&all);
            let have_begun = format!("{who} have begun notes on it that are not saved yet.");
            Some(format!("{have_begun} Each would be kept for its writer to read, not on any record."))
        }
    }
}

/// What undoing one did: `Tom Reed is in the household again; E-000003 was withdrawn`.
pub fn undone_in_words(back: &[String], withdrawn: Option<&str>) -> String {
    let is = if back.len() == 1 { "is" } else { "are" };
    let back = (!back.is_empty()).then(|| format!("{} {is} in the household again", display_name(back)));
    let withdrawn = withdrawn.map(|reference| format!("{reference} was withdrawn"));
    back.into_iter().chain(withdrawn).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn couple(names: &[&str]) -> Portrait {
        let applicant = |name: &&str| Applicant {
            name: (*name).to_owned(),
            email: Some(format!("{name}@example.org")),
            phone: Some(format!("07700 {name}")),
        };
        Portrait {
            applicants: names.iter().map(applicant).collect(),
            address: Some("1 High Street".to_owned()),
            postcode: Some("SR1 6XW".to_owned()),
            language: Some("Polish".to_owned()),
            contact_hours: Some("After six".to_owned()),
            message_allowed: Answer::No,
            consent_to_contact: Answer::Yes,
        }
    }

    #[test]
    fn each_keeps_their_own_number_and_nothing_is_known_of_how_to_reach_who_leaves() {
        let (stays, leaves) = split(&couple(&["Priya", "Tom"]), &[0], Home::Stays).unwrap();
        let priya = couple(&["Priya"]).applicants;
        assert_eq!(stays, Portrait { applicants: priya, contact_hours: None, ..couple(&[]) });
        assert_eq!(leaves, Portrait { applicants: couple(&["Tom"]).applicants, ..Portrait::default() });
    }

    #[test]
    fn a_message_that_was_safe_on_a_telephone_that_leaves_is_asked_about_again() {
        let asked = |answer, phone: Option<&str>| {
            let mut before = Portrait { message_allowed: answer, ..couple(&["Priya", "Tom"]) };
            before.applicants[1].phone = phone.map(str::to_owned);
            let (stays, _) = split(&before, &[0], Home::Stays).unwrap();
            (stays.message_allowed, stays.contact_hours.is_some())
        };
        assert_eq!(asked(Answer::Yes, Some("07700900002")), (Answer::NotAsked, false));
        assert_eq!(asked(Answer::No, Some("07700900002")), (Answer::No, false), "a no is never lost");
        assert_eq!(asked(Answer::Yes, None), (Answer::Yes, true), "the number is theirs who stay");
    }

    #[test]
    fn the_home_is_whose_it_was_said_to_be() {
        for (home, expected) in
            [(Home::Stays, (true, false)), (Home::Leaves, (false, true)), (Home::Both, (true, true))]
        {
            let (stays, leaves) = split(&couple(&["Priya", "Tom"]), &[1], home).unwrap();
            let has = |it: &Portrait| {
                assert_eq!(it.address.is_some(), it.postcode.is_some());
                it.address.is_some()
            };
            assert_eq!((has(&stays), has(&leaves)), expected, "{home:?}");
        }
    }

    #[test]
    fn somebody_stays_and_somebody_leaves() {
        assert_eq!(split(&couple(&["Priya", "Tom"]), &[], Home::Stays), None);
        assert_eq!(split(&couple(&["Priya", "Tom"]), &[0, 1], Home::Stays), None);
        assert_eq!(split(&couple(&["Priya"]), &[0], Home::Stays), None);
    }

    proptest! {
        #[test]
        fn nobody_is_lost_and_nobody_is_there_twice(people in 0..6_usize, stays in proptest::collection::vec(0..6_usize, 0..6)) {
            let names: Vec<_> = (0..people).map(|at| format!("Person{at}")).collect();
            let before = couple(&names.iter().map(String::as_str).collect::<Vec<_>>());
            if let Some((stay, leave)) = split(&before, &stays, Home::Both) {
                let mut all = [stay.applicants, leave.applicants].concat();
                all.sort_by(|one, other| one.name.cmp(&other.name));
                prop_assert_eq!(all, before.applicants);
            }
        }
    }

    #[test]
    fn the_day_lies_between_the_enquiry_and_today() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let refused = |on| refused_day(day(on), day("2025-03-01"), day("2025-06-01"));
        assert_eq!(refused("2025-03-01"), None);
        assert_eq!(refused("2025-06-01"), None);
        assert!(refused("2025-06-02").unwrap().contains("still to come"));
        assert!(refused("2025-02-28").unwrap().contains("Sat 1 Mar 2025"));
    }

    #[test]
    fn whoever_goes_on_is_spoken_with_between_the_separation_and_today() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let refused = |on| refused_contact(day(on), day("2025-03-01"), day("2025-06-01"));
        assert_eq!(refused("2025-03-01"), None);
        assert_eq!(refused("2025-06-01"), None);
        assert!(refused("2025-06-02").unwrap().contains("still to come"));
        assert!(refused("2025-02-28").unwrap().contains("They separated on Sat 1 Mar 2025"));
    }

    #[test]
    fn whoever_has_begun_to_write_is_named() {
        let said = |others: &[&str], you| {
            unsaved(&others.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), you).unwrap_or_default()
        };
        assert_eq!(said(&[], false), "");
        let kerry = said(&["Kerry Noble"], false);
        assert!(kerry.starts_with("Kerry Noble has begun a note on it that is not saved yet."), "{kerry}");
        assert!(kerry.ends_with("It would be kept for them to read, not on any record."), "{kerry}");
        assert!(said(&[], true).starts_with("You have begun a note on it"), "{}", said(&[], true));
        assert!(said(&[], true).contains("kept for you to read"));
        assert!(said(&["Kerry Noble", "Jan Teal"], false).starts_with("Kerry Noble and Jan Teal have begun notes"));
        assert!(said(&["Kerry Noble"], true).starts_with("You and Kerry Noble have begun notes"));
    }

    #[test]
    fn what_undoing_did_is_said_as_far_as_it_is_known() {
        let said = |names: &[&str], withdrawn| {
            undone_in_words(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), withdrawn)
        };
        assert_eq!(said(&["Tom Reed"], Some("E-000003")), "Tom Reed is in the household again; E-000003 was withdrawn");
        assert_eq!(said(&["Tom Reed", "Ann Reed"], None), "Tom and Ann Reed are in the household again");
        assert_eq!(said(&[], Some("E-000003")), "E-000003 was withdrawn");
        assert_eq!(said(&[], None), "");
    }
}
