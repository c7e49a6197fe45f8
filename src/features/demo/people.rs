//! People who do not exist, in homes that do not exist: streets and postcodes that are on no map, telephone
//! numbers that Ofcom keeps for drama, and addresses at example.org.

use std::collections::HashMap;

use super::dice::Dice;
use super::names::names;
use crate::domain::household::Answer;
use crate::features::households::{Applicant, NewHousehold};

const STREETS: &[&str] = &[
    "Kittiwake",
    "Lantern",
    "Ropery",
    "Keelmen",
    "Limekiln",
    "Foyboat",
    "Cinder",
    "Magnesian",
    "Guillemot",
    "Fulmar",
    "Turnstone",
    "Bottleworks",
    "Lifeboat",
    "Capstan",
    "Coble",
    "Pantile",
    "Thrift",
    "Gorse",
    "Sea Holly",
    "Harebell",
    "Rivet",
    "Anchor Smithy",
    "Glassmaker",
    "Colliers Rest",
    "Windlass",
    "Herring",
    "Marram",
    "Tern",
    "Oystercatcher",
    "Old Wagonway",
    "Sandstone",
    "Bramble Dene",
    "Plover",
    "Whin",
    "Cowslip",
    "Beacon",
];
const STREET_KINDS: &[&str] =
    &["Rise", "Court", "Terrace", "Street", "Drive", "Close", "Avenue", "Gardens", "View", "Lane"];
const DISTRICTS: &[&str] =
    &["Kilnfield", "Harbour Green", "Eastbank", "Dene Top", "Staithe End", "Upper Wear", "Cliffside", "Pitmans Moor"];

/// Districts that Royal Mail has not given out, in areas that it has: they look right and lead to nobody's door.
const POSTCODE_DISTRICTS: &[&str] = &["SR10", "SR11", "SR12", "SR13", "SR14", "DH10", "DH11", "NE50"];
const POSTCODE_LETTERS: &[u8] = b"ABDEFGHJLNPQRSTUWXYZ";

/// Ofcom's numbers for drama use: a thousand each.
const MOBILES: &[&str] = &["07700900"];
const LANDLINES: &[&str] = &["01632960", "01914980"];

/// For more households than Ofcom has such numbers for: a prefix that was withdrawn in 2017.
const WITHDRAWN: &str = "0500";

const LANGUAGES: &[&str] =
    &["Polish", "Arabic", "Urdu", "Romanian", "British Sign Language", "Farsi", "Mandarin", "Ukrainian"];
const HOURS: &[&str] = &[
    "After 6 pm",
    "Mornings, before 11",
    "Not at work (Monday to Thursday)",
    "Lunchtime, 12 to 1",
    "Any time",
    "Wednesdays and Fridays",
    "After the school run, from 9.30",
    "Not before noon: works nights",
];

/// What has been given out already.
#[derive(Default)]
pub struct People {
    mailboxes: HashMap<String, u32>,
    mobiles: usize,
    landlines: usize,
}

impl People {
    /// A household of one or two applicants.
    pub fn household(&mut self, dice: &mut Dice) -> NewHousehold {
        let names = names(dice);
        let applicants = names.into_iter().enumerate().map(|(position, name)| self.applicant(name, position, dice));
        NewHousehold {
            applicants: applicants.collect(),
            address: dice.chance(0.9).then(|| address(dice)),
            postcode: dice.chance(0.96).then(|| postcode(dice)),
            language: dice.chance(0.05).then(|| dice.one_of(LANGUAGES).to_owned()),
            contact_hours: dice.chance(0.35).then(|| dice.one_of(HOURS).to_owned()),
            message_allowed: dice.weighted(&[(Answer::Yes, 70), (Answer::No, 12), (Answer::NotAsked, 18)]),
            consent_to_contact: dice.weighted(&[(Answer::Yes, 84), (Answer::No, 2), (Answer::NotAsked, 14)]),
        }
    }

    /// The first applicant can always be reached; the second sometimes by an address of their own.
    fn applicant(&mut self, name: String, position: usize, dice: &mut Dice) -> Applicant {
        let first = position == 0;
        let phone = (first || dice.chance(0.5)).then(|| self.telephone(dice));
        let email = dice.chance(if first { 0.85 } else { 0.4 }).then(|| self.mailbox(&name, dice));
        Applicant { name, email, phone }
    }

    fn telephone(&mut self, dice: &mut Dice) -> String {
        let is_mobile = dice.chance(0.72);
        let (given, ranges) = if is_mobile { (&mut self.mobiles, MOBILES) } else { (&mut self.landlines, LANDLINES) };
        let number = *given;
        *given += 1;
        // 397 has no factor in common with a power of ten: every number comes before one comes again.
        match ranges.get(number / 1_000) {
            Some(range) => format!("{range}{:03}", number * 397 % 1_000),
            None => format!("{WITHDRAWN}{:06}", (2 * number + usize::from(is_mobile)) * 397 % 1_000_000),
        }
    }

    fn mailbox(&mut self, name: &str, dice: &mut Dice) -> String {
        let host = dice.one_of(&["example.org", "example.com", "example.net"]);
        let name = crate::domain::text::fold::fold(name).replace(' ', ".");
        let count = self.mailboxes.entry(name.clone()).or_default();
        *count += 1;
        match *count {
            1 => format!("{name}@{host}"),
            more => format!("{name}{more}@{host}"),
        }
    }
}

fn address(dice: &mut Dice) -> String {
    let (number, street, kind) = (dice.between(1, 148), dice.one_of(STREETS), dice.one_of(STREET_KINDS));
    let district = dice.one_of(DISTRICTS);
    match dice.between(1, 12) {
        1 => format!("Flat {}, {number} {street} {kind}, {district}", dice.between(1, 9)),
        _ => format!("{number} {street} {kind}, {district}"),
    }
}

fn postcode(dice: &mut Dice) -> String {
    let (district, sector) = (dice.one_of(POSTCODE_DISTRICTS), dice.between(1, 9));
    let (a, b) = (char::from(dice.one_of(POSTCODE_LETTERS)), char::from(dice.one_of(POSTCODE_LETTERS)));
    format!("{district} {sector}{a}{b}")
}

/// How one speaks of them: "Priya and Tom".
pub fn given_names(household: &NewHousehold) -> String {
    let given: Vec<_> =
        household.applicants.iter().filter_map(|it| it.name.rsplit_once(' ').map(|(given, _)| given)).collect();
    given.join(" and ")
}
