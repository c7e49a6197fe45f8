//! Names of applicants: tidied, couples taken apart, and the form in which they are compared.

use super::tidy;

/// The people of one cell, and what was said about them in brackets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    pub names: Vec<String>,
    pub remarks: Vec<String>,
    /// Somebody should look whether they are read right.
    pub odd: bool,
}

const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "professor",
    "rev",
    "revd",
    "reverend",
    "fr",
    "sir",
    "dame",
    "lady",
    "lord",
    "cllr",
    "councillor",
];

/// Begin a surname of several words.
const PARTICLES: &[&str] = &[
    "de", "da", "do", "dos", "del", "della", "di", "du", "la", "le", "van", "von", "der", "den", "ter", "ten", "ni",
    "nic", "mac", "mc", "o", "ap", "ab", "al", "el", "bin", "ibn", "bint", "st", "san", "abu", "ben", "ui", "uí", "ní",
    "ó",
];

/// Stand behind a name and are no part of the surname that a couple shares. "Senior" is a surname, too.
const SUFFIXES: &[&str] = &["jr", "jnr", "sr", "snr"];
const NUMBERED: &[&str] = &["II", "III", "IV"];

/// Said of somebody without naming them.
const NOBODY: &[&str] = &[
    "husband",
    "wife",
    "partner",
    "spouse",
    "family",
    "children",
    "child",
    "son",
    "daughter",
    "mother",
    "mum",
    "dad",
    "father",
    "sister",
    "brother",
    "fiance",
    "fiancee",
    "boyfriend",
    "girlfriend",
    "others",
    "co",
];

/// Couples in one cell are split; a shared surname goes to both; titles go unless only a surname remains; what
/// stands in brackets, or behind c/o, is a remark.
pub fn split(cell: &str) -> Names {
    let (text, mut remarks) = without_brackets(&without_entities(cell));
    let (text, care_of) = without_care_of(&text);
    let parts = parts(&text);
    let mut people: Vec<Person> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        if is_nobody(part) {
            remarks.push(tidy(part));
            continue;
        }
        let next_is_full = parts.get(at + 1).is_some_and(|next| !next.contains(',') && words(next).len() > 1);
        people.extend(people_of(part, next_is_full));
    }
    let mut names = named(people);
    if names.is_empty() && !text.trim().is_empty() {
        names.push(tidy(&text));
    }
    let odd = care_of.is_some() || names.iter().any(|name| is_odd(name));
    remarks.extend(care_of);
    remarks.retain(|remark| !remark.is_empty());
    Names { names, remarks, odd }
}

/// Only initials, or signs that no name has. Letters that an old encoding lost are another matter.
fn is_odd(name: &str) -> bool {
    let initial = |word: &str| word.is_ascii() && word.chars().filter(char::is_ascii_alphanumeric).count() < 2;
    name.split(' ').all(initial)
        || name.contains(|it: char| it.is_ascii_digit() || "@<>=:;#%^*_|\\{}[]()\"".contains(it))
}

/// Whether an old encoding lost letters of it: `?ukasz`. Such a name never replaces a better one.
pub fn garbled(name: &str) -> bool {
    name.contains(['?', '\u{FFFD}']) || name.contains("Ã") || name.contains("Å‚") || name.contains("Â ")
}

#[derive(Debug, Clone, Default)]
struct Person {
    title: Option<String>,
    /// Given names, and the surname behind them where it is not apart.
    words: Vec<String>,
    /// Where it stood before a comma.
    surname: Option<String>,
    /// `Jr`.
    suffix: Option<String>,
}

impl Person {
    fn of(text: &str, surname: Option<String>) -> Person {
        let mut words = words(text);
        let titles = words.iter().take_while(|word| is_title(word)).count();
        let title = words.drain(..titles).next();
        // Given name and surname are left before it, or a title and a surname.
        let others = words.len() + usize::from(surname.is_some()) + usize::from(title.is_some());
        let suffix = if others > 2 && words.len() > 1 { words.pop_if(|word| is_suffix(word)) } else { None };
        Person { title, words, surname, suffix }
    }

    fn is_title_only(&self) -> bool {
        self.words.is_empty() && self.surname.is_none()
    }

    /// Given name and surname both.
    fn is_full(&self) -> bool {
        self.words.len() + usize::from(self.surname.is_some()) > 1
    }

    fn family_name(&self) -> Option<String> {
        if let Some(surname) = &self.surname {
            return Some(surname.clone());
        }
        let begins = surname_begins(&self.words);
        self.words.get(begins..).filter(|_| begins > 0).map(|surname| surname.join(" "))
    }

    fn name(self) -> String {
        let titled = !self.is_full();
        self.title
            .filter(|_| titled)
            .into_iter()
            .chain(self.words)
            .chain(self.surname)
            .chain(self.suffix)
            .collect::<Vec<_>>()
            .join(" ")
    }
}

fn named(mut people: Vec<Person>) -> Vec<String> {
    let (titles, mut others): (Vec<Person>, Vec<Person>) = people.drain(..).partition(Person::is_title_only);
    match (titles.is_empty(), others.len()) {
        (false, 0) => return Vec::new(),
        (false, 1) => {
            if let Some(other) = others.pop() {
                others = titled_couple(titles, other);
            }
        }
        // `Mr & Mrs Olu and Rhys Hindmarsh`: everybody has a name of their own.
        (false, _) => others.iter_mut().for_each(|person| person.title = None),
        (true, _) => {}
    }
    share_surname(&mut others);
    others.into_iter().map(Person::name).filter(|name| !name.is_empty()).collect()
}

/// `Mr & Mrs Lamplugh`; in `Mr and Mrs J Smith` the initial is the first one's, as on an envelope.
fn titled_couple(titles: Vec<Person>, other: Person) -> Vec<Person> {
    let surname = other.family_name().or_else(|| other.words.last().cloned());
    let surname_only = |title: Option<String>| Person { title, surname: surname.clone(), ..Person::default() };
    if other.is_full() && other.title.is_some() && other.surname.is_none() {
        let mut couple = vec![Person { title: None, ..other.clone() }];
        couple.extend(titles.into_iter().skip(1).map(|person| surname_only(person.title)));
        couple.push(surname_only(other.title));
        return couple;
    }
    let comes_first = other.surname.is_some();
    let mut couple: Vec<Person> = titles.into_iter().map(|person| surname_only(person.title)).collect();
    couple.insert(if comes_first { 0 } else { couple.len() }, other);
    couple
}

/// `Dave and Sue Harker`, `HARKER, Sue & Dave`: who has one name only takes the surname of the next, else of the one
/// before.
fn share_surname(people: &mut [Person]) {
    let all_titled = people.iter().all(|person| person.title.is_some());
    for at in 0..people.len() {
        let Some(person) = people.get(at) else { continue };
        let lacks_surname =
            person.words.len() == 1 && person.surname.is_none() && (person.title.is_none() || all_titled);
        let after = people.iter().skip(at + 1).find(|other| other.is_full());
        let before = people.iter().take(at).rev().find(|other| other.is_full());
        let surname = after.or(before).and_then(Person::family_name);
        if let Some(person) = people.get_mut(at).filter(|_| lacks_surname) {
            person.surname = surname;
        }
    }
}

/// The people of a part between two connectors: one, or several between commas.
fn people_of(part: &str, next_is_full: bool) -> Vec<Person> {
    let mut pieces: Vec<String> = Vec::new();
    for piece in part.split(',').map(str::trim).filter(|piece| !piece.is_empty()) {
        match pieces.last_mut().filter(|_| is_suffix(piece)) {
            Some(before) => *before = format!("{before} {piece}"),
            None => pieces.push(piece.to_owned()),
        }
    }
    match pieces.as_slice() {
        [surname, given] if is_surname_first(surname, given, next_is_full) => {
            vec![Person::of(given, Some(without_capitals(&tidy(surname))))]
        }
        pieces => pieces.iter().map(|piece| Person::of(piece, None)).collect(),
    }
}

fn is_surname_first(left: &str, right: &str, next_is_full: bool) -> bool {
    let (left_words, right_words) = (words(left), words(right));
    if left_words.iter().any(|word| is_title(word)) {
        return false;
    }
    if is_in_capitals(left) {
        return true;
    }
    match left_words.len() {
        // `Sue, Dave and Priya Harker` is a list.
        1 => !(next_is_full && right_words.len() == 1),
        _ => right_words.len() == 1 || left_words.first().is_some_and(|word| is_particle(word)),
    }
}

/// Between `/`, `&`, `+`, `;`, new lines and the word "and". Names that merely contain it are left alone.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for piece in text.split(['/', '&', '+', ';', '\n', '\r']) {
        for word in piece.split_whitespace() {
            if word.eq_ignore_ascii_case("and") {
                parts.push(String::new());
            } else if let Some(part) = parts.last_mut() {
                part.push_str(word);
                part.push(' ');
            }
        }
        parts.push(String::new());
    }
    parts.into_iter().map(|part| tidy(part.trim_matches([' ', ',']))).filter(|part| !part.is_empty()).collect()
}

fn without_brackets(cell: &str) -> (String, Vec<String>) {
    let (mut text, mut remarks) = (cell.to_owned(), Vec::new());
    for (open, close) in [('(', ')'), ('[', ']')] {
        while let Some((from, to)) = bracketed(&text, open, close) {
            remarks.push(tidy(text.get(from + 1..to).unwrap_or_default()));
            text.replace_range(from..=to, " ");
        }
    }
    (text, remarks)
}

/// `&amp;` as `&`: what a web form or another program has written into a file.
fn without_entities(cell: &str) -> String {
    let mut pieces = cell.split('&');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once(';').and_then(|(entity, rest)| Some((letter_of(entity)?, rest))) {
            Some((letter, rest)) => {
                text.push(letter);
                text.push_str(rest);
            }
            None => {
                text.push('&');
                text.push_str(piece);
            }
        }
    }
    text
}

fn letter_of(entity: &str) -> Option<char> {
    if let Some(number) = entity.strip_prefix('#') {
        let hexadecimal = number.strip_prefix(['x', 'X']).map(|digits| u32::from_str_radix(digits, 16));
        return char::from_u32(hexadecimal.unwrap_or_else(|| number.parse()).ok()?);
    }
    Some(match entity {
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "lt" => '<',
        "gt" => '>',
        "nbsp" => ' ',
        _ => return None,
    })
}

/// `Ann Bell c/o Bob Cole`: who lives with Bob Cole is Ann Bell. With nobody before it, the one behind it is named.
fn without_care_of(text: &str) -> (String, Option<String>) {
    let begins_word = |at: &usize| text.get(..*at).is_some_and(|before| !before.ends_with(char::is_alphanumeric));
    let Some(at) = ["c/o", "C/O", "C/o"].iter().find_map(|care_of| text.find(care_of)).filter(begins_word) else {
        return (text.to_owned(), None);
    };
    let (before, behind) = text.split_at(at);
    let remark = tidy(behind);
    if before.contains(char::is_alphabetic) {
        return (before.to_owned(), Some(remark));
    }
    let whom = behind.chars().skip("c/o".len()).collect::<String>();
    (whom.trim_start_matches([':', ' ']).to_owned(), Some(remark))
}

/// The innermost first, so that brackets in brackets come out too.
fn bracketed(text: &str, open: char, close: char) -> Option<(usize, usize)> {
    let to = text.find(close).filter(|to| text.get(..*to).is_some_and(|before| before.contains(open)))?;
    Some((text.get(..to)?.rfind(open)?, to))
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(tidy).filter(|word| !word.is_empty()).collect()
}

fn is_title(word: &str) -> bool {
    TITLES.contains(&word.trim_end_matches('.').to_lowercase().as_str())
}

fn is_suffix(word: &str) -> bool {
    SUFFIXES.contains(&word.trim_end_matches('.').to_lowercase().as_str()) || NUMBERED.contains(&word)
}

fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word.to_lowercase().as_str())
}

/// `husband`, `her partner`, `2 children`, `?`: nobody is named. A surname may be one of these words, too.
fn is_nobody(part: &str) -> bool {
    const BESIDE: &[&str] = &["his", "her", "their", "the", "a", "an", "new", "one", "two", "three"];
    let plain = |word: &str| word.to_lowercase().trim_matches(|it: char| !it.is_alphanumeric()).to_owned();
    let words: Vec<String> = part.split_whitespace().map(plain).filter(|word| !word.is_empty()).collect();
    // `A & B` are two people.
    if words == ["a"] {
        return false;
    }
    words.iter().all(|word| {
        let word = word.as_str();
        NOBODY.contains(&word) || BESIDE.contains(&word) || word.chars().all(|it| it.is_ascii_digit())
    })
}

/// At least one given name stays in front.
fn surname_begins<S: AsRef<str>>(words: &[S]) -> usize {
    let mut begins = words.len().saturating_sub(1);
    while begins > 1 && words.get(begins - 1).is_some_and(|word| is_particle(word.as_ref())) {
        begins -= 1;
    }
    begins
}

fn is_in_capitals(text: &str) -> bool {
    let mut letters = text.chars().filter(|it| it.is_alphabetic());
    letters.clone().count() > 1 && letters.all(char::is_uppercase)
}

/// `O'NEILL-SMITH` as `O'Neill-Smith`.
fn without_capitals(surname: &str) -> String {
    if !is_in_capitals(surname) {
        return surname.to_owned();
    }
    let mut plain = String::with_capacity(surname.len());
    let mut begins = true;
    for letter in surname.chars() {
        if begins || plain.ends_with("Mc") {
            plain.push(letter);
        } else {
            plain.extend(letter.to_lowercase());
        }
        begins = !letter.is_alphabetic();
    }
    plain
}

#[cfg(test)]
mod tests;
