//! Wearmouth Council's fostering service: who works there, and who else signs in.

use super::dice::Dice;
use crate::domain::day::Day;
use crate::domain::role::Role;

pub const SERVICE: &str = "Wearmouth Council";
pub const HUB: &str = "Foster with North East";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub name: &'static str,
    pub email: &'static str,
    pub roles: &'static [Role],
    /// The hub whose own referrals they see.
    pub hub: Option<&'static str>,
}

/// Somebody's place in `PEOPLE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Desk(pub usize);

const fn person(name: &'static str, email: &'static str, roles: &'static [Role]) -> Person {
    Person { name, email, roles, hub: None }
}

/// In this order, so that a sign-in for each role can be shown.
pub const PEOPLE: &[Person] = &[
    person("Kerry Blyth", "kerry.blyth@wearmouth.example", &[Role::Officer]),
    person("Moses Adeyemi", "moses.adeyemi@wearmouth.example", &[Role::Officer]),
    person("Janet Teal", "janet.teal@wearmouth.example", &[Role::Officer]),
    person("Ruth Pattison", "ruth.pattison@wearmouth.example", &[Role::Officer]),
    person("Alison Hepple", "alison.hepple@wearmouth.example", &[Role::Manager]),
    person("Dev Sandhu", "dev.sandhu@wearmouth.example", &[Role::SocialWorker]),
    person("Carys Wood", "carys.wood@wearmouth.example", &[Role::SocialWorker]),
    person("Bernard Oyelaran", "bernard.oyelaran@wearmouth.example", &[Role::SocialWorker]),
    person("Maureen Lockey", "maureen.lockey@wearmouth.example", &[Role::Panel]),
    person("Peter Straker", "peter.straker@wearmouth.example", &[Role::DecisionMaker]),
    person("Ines Marr", "ines.marr@wearmouth.example", &[Role::Board]),
    Person { hub: Some(HUB), ..person("Holly Nesbitt", "holly.nesbitt@hub.example", &[Role::Hub]) },
    person("Tom Ashworth", "tom.ashworth@wearmouth.example", &[Role::Admin]),
];

const STAYING: &[Desk] = &[Desk(0), Desk(1)];
/// Came when Ruth Pattison left, and took over what she had.
pub const SUCCESSOR: Desk = Desk(2);
pub const LEAVER: Desk = Desk(3);
pub const MANAGER: Desk = Desk(4);
pub const ADMINISTRATOR: Desk = Desk(12);
const ASSESSORS: &[Desk] = &[Desk(5), Desk(6), Desk(7)];

impl Desk {
    pub fn person(self) -> &'static Person {
        &PEOPLE[self.0]
    }
}

/// Who works when.
#[derive(Debug, Clone, Copy)]
pub struct Staff {
    /// The day on which Ruth Pattison's cases went to Janet Teal.
    pub handover: Day,
}

impl Staff {
    pub fn officer(&self, on: Day, dice: &mut Dice) -> Desk {
        let third = if on < self.handover { LEAVER } else { SUCCESSOR };
        match dice.between(0, 2) {
            0 => third,
            other => STAYING[usize::from(other == 1)],
        }
    }

    pub fn assessor(dice: &mut Dice) -> Desk {
        dice.one_of(ASSESSORS)
    }
}
