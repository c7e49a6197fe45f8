//! How well a household agrees with what was typed, and in what: the order in which the found are shown, and why each
//! of them is.

use strsim::{jaro_winkler, osa_distance};

use super::asked::{self, Asked, Part, is_outward};
use super::sound::sound;
use super::terms::{SHORTEST_WITH_SLIP, cut, figures};
use super::{FEWEST_FIGURES, Sought};
use crate::domain::household::phone_digits;
use crate::domain::text::fold::{fold, squeeze};

/// Best first by `distance`; `why` in words, of each part that was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    pub distance: u32,
    pub why: Vec<String>,
}

/// How far off and why, of one part.
type Near = (u32, String);

const SAME: u32 = 0;
const BEGINS: u32 = 10;
const ENDS: u32 = 12;
const WITHIN: u32 = 20;
const SLIP: u32 = 30;
const SOUNDS: u32 = 60;
/// Of a short name every second letter may be meant otherwise.
const LONG_NAME: usize = 5;

/// None where part of what was typed is nowhere in the household: the index knows pieces only.
pub fn agreement(asked: &Asked, sought: &Sought) -> Option<Agreement> {
    if let Some((distance, why)) = whole_reference(&asked.whole, asked.parts.len(), sought) {
        return Some(Agreement { distance, why: vec![why] });
    }
    let mut agreement = Agreement { distance: 0, why: Vec::new() };
    for part in &asked.parts {
        let (distance, why) = best(part, sought)?;
        agreement.distance += distance;
        if !agreement.why.contains(&why) {
            agreement.why.push(why);
        }
    }
    Some(agreement)
}

fn best(part: &Part, sought: &Sought) -> Option<Near> {
    let near = match part {
        Part::Word(word) => best_name(word, sought),
        Part::Number(number) => nearest(own_reference(number, sought).into_iter().chain(phones(number, sought)))
            .into_iter()
            .chain(reference_ends(number, sought))
            .min(),
        Part::Code(code, words) => nearest(
            postcode(code, sought)
                .into_iter()
                .chain(references(code, sought))
                .chain(code.strip_prefix('e').and_then(|number| own_reference(number, sought)))
                .chain(words_of_names(words, sought))
                .chain(words_of_references(words, sought)),
        ),
        Part::Email(email) => emails(email, sought),
    };
    near.or_else(|| match part {
        Part::Word(word) => words_of_references(std::slice::from_ref(word), sought),
        _ => None,
    })
}

fn nearest(all: impl Iterator<Item = Near>) -> Option<Near> {
    all.min()
}

fn best_name(typed: &str, sought: &Sought) -> Option<Near> {
    let words = sought.names.iter().flat_map(|name| fold(name).split(' ').map(cut).collect::<Vec<_>>());
    nearest(words.filter_map(|word| name(typed, &word)))
}

fn name(typed: &str, word: &str) -> Option<Near> {
    let same = || "name".to_owned();
    if typed == word {
        return Some((SAME, same()));
    }
    if word.starts_with(typed) {
        return Some((BEGINS, same()));
    }
    let length = typed.chars().count();
    let slips = osa_distance(typed, word);
    let allowed = if length < LONG_NAME { 1 } else { 2 };
    if length + 1 >= SHORTEST_WITH_SLIP && slips <= allowed {
        return Some((SLIP + 5 * u32::try_from(slips).unwrap_or(SLIP), format!("nearly “{typed}”")));
    }
    if sound(typed).is_some_and(|heard| sound(word) == Some(heard)) {
        let unlike = (1.0 - jaro_winkler(typed, word)) * 20.0;
        // Between 0 and 20.
        return Some((SOUNDS + unlike as u32, format!("sounds like “{typed}”")));
    }
    None
}

fn own_reference(number: &str, sought: &Sought) -> Option<Near> {
    let meant = asked::own_reference(number)?;
    sought.references.iter().any(|it| squeeze(it) == meant).then(|| (SAME, "reference".to_owned()))
}

fn phones(number: &str, sought: &Sought) -> Option<Near> {
    if number.len() < FEWEST_FIGURES {
        return None;
    }
    let all = sought.phones.iter().flat_map(|phones| phone_digits(phones));
    nearest(all.filter_map(|phone| match () {
        () if phone == number => Some((SAME, "telephone".to_owned())),
        () if phone.ends_with(number) => Some((ENDS, format!("telephone ends {number}"))),
        () if phone.starts_with(number) => Some((ENDS, format!("telephone begins {number}"))),
        () if phone.contains(number) => Some((WITHIN, format!("telephone has {number} in it"))),
        () => None,
    }))
}

fn reference_ends(number: &str, sought: &Sought) -> Option<Near> {
    nearest(all_references(sought).filter_map(|(whose, reference)| {
        let squeezed = squeeze(reference);
        let same = squeezed == number || fold(reference).split(' ').any(|word| word == number);
        if same {
            return Some((BEGINS, whose.to_owned()));
        }
        let ends = number.len() >= FEWEST_FIGURES && figures(&squeezed).ends_with(number);
        ends.then(|| (WITHIN, format!("{whose} ends {number}")))
    }))
}

fn postcode(code: &str, sought: &Sought) -> Option<Near> {
    let postcode = squeeze(sought.postcode.as_deref()?);
    let capitals = code.to_uppercase();
    if postcode == code {
        Some((SAME, "postcode".to_owned()))
    } else if is_outward(code) && postcode.len() == code.len() + 3 && postcode.starts_with(code) {
        Some((BEGINS, format!("postcode in {capitals}")))
    } else {
        postcode.starts_with(code).then(|| (ENDS, format!("postcode begins {capitals}")))
    }
}

fn references(code: &str, sought: &Sought) -> Option<Near> {
    nearest(all_references(sought).filter_map(|(whose, reference)| {
        let reference = squeeze(reference);
        if reference == code {
            return Some((SAME, whose.to_owned()));
        }
        reference.starts_with(code).then(|| (BEGINS, format!("{whose} begins so")))
    }))
}

/// Figures and letters that were typed apart, but are of one reference.
fn whole_reference(whole: &str, parts: usize, sought: &Sought) -> Option<Near> {
    let is_one = parts > 1 && !figures(whole).is_empty() && figures(whole) != *whole;
    if is_one { references(whole, sought) } else { None }
}

/// Of a name with figures in it.
fn words_of_names(words: &[String], sought: &Sought) -> Option<Near> {
    let distances = words.iter().map(|word| best_name(word, sought).filter(|(distance, _)| *distance <= BEGINS));
    let distances: Option<Vec<_>> = distances.collect();
    Some((distances?.iter().map(|(distance, _)| distance).sum(), "name".to_owned()))
}

fn words_of_references(words: &[String], sought: &Sought) -> Option<Near> {
    nearest(all_references(sought).filter_map(|(whose, reference)| {
        let folded = fold(reference);
        let has = |word: &String| folded.split(' ').any(|it| it == word);
        (!words.is_empty() && words.iter().all(has)).then(|| (ENDS, whose.to_owned()))
    }))
}

fn emails(typed: &str, sought: &Sought) -> Option<Near> {
    let all = sought.emails.iter().flat_map(|emails| emails.split(';')).map(squeeze);
    nearest(all.filter_map(|email| match () {
        () if email == typed => Some((SAME, "e-mail".to_owned())),
        () if email.starts_with(typed) => Some((BEGINS, "e-mail begins so".to_owned())),
        () => None,
    }))
}

fn all_references(sought: &Sought) -> impl Iterator<Item = (&'static str, &String)> {
    let ours = sought.references.iter().map(|it| ("reference", it));
    ours.chain(sought.hub_references.iter().map(|it| ("the hub’s reference", it)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn household() -> Sought {
        Sought {
            names: vec!["Ngozi Mensah".to_owned(), "Siobhán O’Neill".to_owned()],
            phones: vec!["07700900123; 01915550100".to_owned()],
            emails: vec!["Ngozi.M@example.org".to_owned()],
            postcode: Some("SR2 7AB".to_owned()),
            references: vec!["E-000123".to_owned(), "WF-2296".to_owned()],
            hub_references: vec!["FWNE/26/1283".to_owned()],
        }
    }

    fn why(text: &str) -> Option<String> {
        Some(agreement(&Asked::parse(text)?, &household())?.why.join(", "))
    }

    #[test]
    fn it_says_in_what_a_household_agrees() {
        for (text, expected) in [
            ("mensah ngozi", Some("name")),
            ("mensa", Some("name")),
            ("ngozy", Some("nearly “ngozy”")),
            ("shivaun", Some("sounds like “shivaun”")),
            ("oneil", Some("name")),
            ("onail", Some("nearly “onail”")),
            ("mensah 0123", Some("name, telephone ends 0123")),
            ("077009", Some("telephone begins 077009")),
            ("90012", Some("telephone has 90012 in it")),
            ("+44 7700 900123", Some("telephone")),
            ("99999", None),
            ("mensah 99999", None),
            ("123", Some("reference")),
            ("2296", Some("reference")),
            ("296", Some("reference ends 296")),
            ("1283", Some("the hub’s reference")),
            ("61283", Some("the hub’s reference ends 61283")),
            ("fwne 26 1283", Some("the hub’s reference")),
            ("fwne/26", Some("the hub’s reference begins so")),
            ("e123", Some("reference")),
            ("e-000123", Some("reference")),
            ("sr27ab", Some("postcode")),
            ("SR 27AB", Some("postcode")),
            ("SR2", Some("postcode in SR2")),
            ("sr 2", Some("postcode in SR2")),
            ("sr2 7a", Some("postcode begins SR27A")),
            ("ngozi.m@", Some("e-mail begins so")),
            ("morgan", None),
        ] {
            assert_eq!(why(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_agrees_best_comes_first() {
        let of = |name: &str| Sought { names: vec![name.to_owned()], ..Sought::default() };
        let distance = |text: &str, name: &str| agreement(&Asked::parse(text).unwrap(), &of(name)).unwrap().distance;
        let names = ["Ann Smith", "Ann Smithers", "Ann Smyth", "Ann Smythe"];
        let distances: Vec<_> = names.iter().map(|name| distance("smith", name)).collect();
        assert!(distances.is_sorted_by(|a, b| a < b), "{distances:?}");
        assert!(agreement(&Asked::parse("smith").unwrap(), &of("Ann Jones")).is_none());
    }
}
