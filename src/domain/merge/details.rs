//! What of an enquiry's details (its kind, whence it came, whose it is) goes to the other where it was logged twice.

use crate::domain::day::Day;
use crate::domain::fostering::FosteringType;
use crate::domain::ledger::{Attribute, AttributeName, Facts};

/// In the order in which they are offered. The hub stands for its reference too, which says nothing without it.
const DETAILS: [AttributeName; 5] = [
    AttributeName::FosteringType,
    AttributeName::Source,
    AttributeName::Campaign,
    AttributeName::Hub,
    AttributeName::Officer,
];

/// What stands for no hub (counting rule 4).
const DIRECT: &str = "Direct to us";

/// Something that one enquiry has and another lacks, or has otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    pub name: AttributeName,
    /// As people read it.
    pub value: String,
    /// What the other has; None where it lacks it, so that there is nothing to choose.
    pub instead: Option<String>,
}

impl Detail {
    /// `Source: Radio`; `Source: Radio, in place of Website`.
    pub fn in_words(&self) -> String {
        let instead = self.instead.as_ref().map(|instead| format!(", in place of {instead}")).unwrap_or_default();
        format!("{}: {}{instead}", self.name.label(), self.value)
    }
}

/// What an enquiry could give to another; nothing that the other has already.
pub fn details(of: &Facts, other: &Facts) -> Vec<Detail> {
    DETAILS.iter().filter_map(|name| detail(*name, of, other)).collect()
}

fn detail(name: AttributeName, of: &Facts, other: &Facts) -> Option<Detail> {
    of.attribute(name)?;
    let value = words(name, of)?;
    let (has_it, completes_it) = match name {
        AttributeName::Hub => {
            let [mine, theirs] = [of, other].map(|facts| facts.attribute(AttributeName::HubReference));
            let is_same = of.attribute(name) == other.attribute(name);
            (is_same && (mine.is_none() || mine == theirs), is_same && theirs.is_none())
        }
        AttributeName::Officer => (is_same_officer(of, other), false),
        _ => (of.attribute(name) == other.attribute(name), false),
    };
    // No hub is not a gap: the family came by itself, and is counted so.
    let came_direct = (name == AttributeName::Hub).then(|| DIRECT.to_owned());
    let instead = words(name, other).or(came_direct).filter(|_| !completes_it);
    (!has_it).then_some(Detail { name, value, instead })
}

fn words(name: AttributeName, facts: &Facts) -> Option<String> {
    match name {
        AttributeName::Hub => {
            let parts = [AttributeName::Hub, AttributeName::HubReference].map(|name| facts.attribute(name));
            let parts: Vec<_> = parts.into_iter().flatten().collect();
            (!parts.is_empty()).then(|| parts.join(", "))
        }
        AttributeName::FosteringType => {
            let code = facts.attribute(name)?;
            Some(code.parse::<FosteringType>().map_or_else(|_| code.to_owned(), |kind| kind.label().to_owned()))
        }
        name => facts.attribute(name).map(str::to_owned),
    }
}

/// By the account, where both have one.
fn is_same_officer(one: &Facts, other: &Facts) -> bool {
    let [one, other] = [one, other].map(|facts| facts.latest_attribute(AttributeName::Officer));
    one.zip(other).is_some_and(|(one, other)| {
        one.value == other.value && (one.user == other.user || one.user.is_none() || other.user.is_none())
    })
}

/// What two enquiries have anew when the one gives a detail to the other, in the order in which it is recorded.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Exchange {
    /// What the one that gives leaves first.
    pub leaves: Vec<Attribute>,
    /// What the other has then.
    pub takes: Vec<Attribute>,
    /// What the one that gave has for it.
    pub returns: Vec<Attribute>,
}

/// `from` must have it. The reference by which a hub knows a family stands with one enquiry only, so it goes over, and
/// one that the other had comes back for it: by either the household is still found (import rule 17).
pub fn exchange(name: AttributeName, from: &Facts, to: &Facts, today: Day) -> Exchange {
    match name {
        AttributeName::Hub => {
            let leaves = has_referral(from).then(|| whole(AttributeName::HubReference, None)).into_iter().collect();
            let returns = if has_referral(to) { referral(to) } else { Vec::new() };
            Exchange { leaves, takes: referral(from), returns }
        }
        AttributeName::Officer => {
            Exchange { takes: officer(from, to, today).into_iter().collect(), ..Exchange::default() }
        }
        name => Exchange { takes: vec![whole(name, from.attribute(name))], ..Exchange::default() },
    }
}

fn has_referral(facts: &Facts) -> bool {
    facts.attribute(AttributeName::Hub).is_some() && facts.attribute(AttributeName::HubReference).is_some()
}

fn referral(facts: &Facts) -> Vec<Attribute> {
    [AttributeName::Hub, AttributeName::HubReference].map(|name| whole(name, facts.attribute(name))).into()
}

/// It holds for the whole enquiry.
fn whole(name: AttributeName, value: Option<&str>) -> Attribute {
    Attribute { name, value: value.map(str::to_owned), user: None, from: None }
}

/// Whose it is has a day. Where nobody had the other, they have had it as long as this one, from when there was the
/// other to have; who takes it over from somebody has it from today.
fn officer(from: &Facts, to: &Facts, today: Day) -> Option<Attribute> {
    let officer = from.latest_attribute(AttributeName::Officer).filter(|it| it.value.is_some())?;
    let own = to.latest_attribute(AttributeName::Officer);
    let since = match own {
        Some(own) if own.value.is_some() => Some(today),
        own => [officer.from, own.and_then(|it| it.from), to.day_received()].into_iter().flatten().max(),
    };
    Some(Attribute { from: since, ..officer.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::UserId;
    use crate::domain::ledger::given;

    const TODAY: &str = "2025-10-14";

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn with(values: &[(AttributeName, &str)]) -> Facts {
        let attributes = values.iter().map(|(name, value)| whole(*name, Some(*value)));
        Facts { attributes: attributes.collect(), ..given::facts("2025-10-01", &[]) }
    }

    fn held_by(officers: &[(Option<&str>, &str)]) -> Facts {
        let attributes = officers.iter().map(|(name, from)| Attribute {
            name: AttributeName::Officer,
            value: name.map(str::to_owned),
            user: name.map(|name| UserId(name.len() as i64)),
            from: Some(day(from)),
        });
        Facts { attributes: attributes.collect(), ..given::facts("2025-10-01", &[]) }
    }

    fn said(of: &Facts, other: &Facts) -> Vec<String> {
        details(of, other).iter().map(Detail::in_words).collect()
    }

    #[test]
    fn what_the_other_lacks_is_given_and_what_it_has_otherwise_is_chosen() {
        use AttributeName::{Campaign, FosteringType, Source};
        let of = with(&[(Source, "Radio"), (Campaign, "Autumn"), (FosteringType, "short_breaks")]);
        let all = ["Kind of fostering: Short breaks", "Source: Radio", "Campaign: Autumn"];
        assert_eq!(said(&of, &with(&[])), all);
        let other = with(&[(Source, "Website"), (Campaign, "Autumn"), (FosteringType, "other")]);
        let expected = ["Kind of fostering: Short breaks, in place of Other", "Source: Radio, in place of Website"];
        assert_eq!(said(&of, &other), expected);
        assert_eq!(said(&with(&[]), &of), [""; 0]);
    }

    #[test]
    fn a_hub_goes_with_its_reference() {
        use AttributeName::{Hub, HubReference};
        let none = with(&[]);
        let (north, numbered) = (with(&[(Hub, "North")]), with(&[(Hub, "North"), (HubReference, "N1")]));
        let (again, south) = (with(&[(Hub, "North"), (HubReference, "N2")]), with(&[(Hub, "South")]));
        for (of, other, words) in [
            (&numbered, &none, Some("Hub: North, N1, in place of Direct to us")),
            (&numbered, &north, Some("Hub: North, N1")),
            (&north, &numbered, None),
            (&numbered, &again, Some("Hub: North, N1, in place of North, N2")),
            (&numbered, &south, Some("Hub: North, N1, in place of South")),
            (&south, &numbered, Some("Hub: South, in place of North, N1")),
            (&none, &numbered, None),
            (&numbered, &numbered, None),
        ] {
            assert_eq!(said(of, other).first().map(String::as_str), words, "{of:?} beside {other:?}");
        }
    }

    #[test]
    fn no_hub_reference_stands_with_both_or_with_neither() {
        use AttributeName::{Hub, HubReference};
        let first = with(&[(Hub, "North"), (HubReference, "N1")]);
        let second = with(&[(Hub, "South"), (HubReference, "S2")]);
        let given = exchange(Hub, &second, &first, day(TODAY));
        assert_eq!(given.leaves, [whole(HubReference, None)]);
        assert_eq!(given.takes, [whole(Hub, Some("South")), whole(HubReference, Some("S2"))]);
        assert_eq!(given.returns, [whole(Hub, Some("North")), whole(HubReference, Some("N1"))]);
        // Nothing has to come back for nothing, and a hub alone is no reference.
        assert_eq!(exchange(Hub, &second, &with(&[(Hub, "North")]), day(TODAY)).returns, []);
        assert_eq!(exchange(Hub, &with(&[(Hub, "South")]), &first, day(TODAY)).leaves, []);
    }

    #[test]
    fn an_officer_has_it_as_long_as_the_other_one_or_takes_it_over_today() {
        let theirs = held_by(&[(Some("Tom Reed"), "2025-10-06")]);
        let since = |to: &Facts| exchange(AttributeName::Officer, &theirs, to, day(TODAY)).takes[0].from.unwrap();
        assert_eq!(since(&held_by(&[])), day("2025-10-06"));
        assert_eq!(since(&Facts { attributes: Vec::new(), ..given::facts("2025-10-08", &[]) }), day("2025-10-08"));
        // Somebody had it and gave it back.
        assert_eq!(since(&held_by(&[(Some("Amy"), "2025-10-01"), (None, "2025-10-09")])), day("2025-10-09"));
        assert_eq!(since(&held_by(&[(Some("Amy"), "2025-10-01")])), day(TODAY));
        assert_eq!(said(&theirs, &held_by(&[(Some("Amy"), "2025-10-01")])), ["Officer: Tom Reed, in place of Amy"]);
        assert_eq!(said(&theirs, &held_by(&[(Some("Tom Reed"), "2025-10-09")])), [""; 0]);
        assert_eq!(said(&held_by(&[(None, "2025-10-06")]), &held_by(&[])), [""; 0]);
    }
}
