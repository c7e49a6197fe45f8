//! The cells of one row, each by itself: dates read, people found, words kept for later. Rows of one group add up.

use std::sync::Arc;

use super::dates::{self, DateCell};
use super::file::{Cell, Epoch, Row};
use super::header::Header;
use super::mapping::{Mapping, Target};
use crate::domain::enquiry_row::{Column, LONGEST_CELL};
use crate::domain::household::Applicant;
use crate::domain::text::{
    LONGEST_LINE, LONGEST_LINES, email, fold::squeeze, formula, grouped, name, phone, postcode, same_words, tidy,
    tidy_lines,
};

/// One sheet of a file, or the whole of a CSV.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    pub index: usize,
    pub name: Option<Arc<str>>,
    pub header: Header,
}

/// What is wrong with a row: in which column, in one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub sheet: usize,
    pub row: u32,
    pub column: Option<String>,
    pub sentence: String,
}

/// Where something stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    pub sheet: usize,
    pub row: u32,
    pub column: usize,
}

impl At {
    /// The file's own name of the column.
    pub fn name(self, sheets: &[Sheet]) -> String {
        sheets.get(self.sheet).map(|sheet| sheet.header.name(self.column)).unwrap_or_default()
    }
}

#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Of the first row.
    pub sheet: usize,
    pub row: u32,
    /// Dates of milestones, of the outcome, and the four of pauses and keeping in touch.
    pub dates: Vec<(Target, DateCell, At)>,
    /// Everything else but people, as it stood; at most one of each row, column and kind.
    pub texts: Vec<(Target, String, At)>,
    pub people: Vec<Applicant>,
    pub remarks: Vec<String>,
    pub odd_postcode: Option<(String, At)>,
    pub odd_name: Option<(String, At)>,
    /// The first thing that is wrong with the date of the enquiry, and with anything else.
    pub enquiry_problem: Option<Problem>,
    pub problem: Option<Problem>,
}

impl Draft {
    /// The error is a row of another council: nothing of it is kept.
    pub fn of(row: &Row, sheet: &Sheet, mapping: &Mapping, epoch: Epoch) -> Result<Draft, Problem> {
        let header = &sheet.header;
        let mut draft = Draft { sheet: sheet.index, row: row.number, ..Draft::default() };
        if is_of_another_council(row, header, mapping) {
            let sentence = "This row is for another council; nothing of it is kept".to_owned();
            let column = header.name_of(Target::Council);
            return Err(Problem { sheet: sheet.index, row: row.number, column, sentence });
        }
        let mut contacts = Contacts::default();
        let mut numbered: [Applicant; 2] = Default::default();
        for (column, cell) in row.cells.iter().enumerate() {
            let Some(target) = header.target(column) else { continue };
            if cell.is_empty() || mapping.is_blank(&cell.text()) {
                continue;
            }
            let at = At { sheet: sheet.index, row: row.number, column };
            let read = match target {
                target if target.is_date() => {
                    draft.date(target, at, dates::read(cell, mapping.date_order, epoch), header);
                    Ok(())
                }
                Target::Names | Target::Phones | Target::Emails | Target::Contacts => {
                    let read = contacts.add(target, cell);
                    draft.odd_name = draft.odd_name.take().or(contacts.odd.take().map(|odd| (odd, at)));
                    read
                }
                Target::Column(it) if is_person(it) => canonical_person(&mut numbered, it, cell, &mut draft.remarks),
                Target::Column(Column::Postcode) => draft.postcode(cell, at),
                target => draft.text(target, cell, at),
            };
            if let Err(sentence) = read {
                draft.refuse(at, header, sentence);
            }
        }
        draft.take_people(contacts, numbered, header);
        Ok(draft)
    }

    /// Adds another row of the same group.
    pub fn add(&mut self, other: Draft) {
        self.dates.extend(other.dates);
        self.texts.extend(other.texts);
        for person in other.people {
            match self.people.iter_mut().find(|known| squeeze(&known.name) == squeeze(&person.name)) {
                Some(known) => {
                    known.email = known.email.take().or(person.email);
                    known.phone = known.phone.take().or(person.phone);
                }
                None => self.people.push(person),
            }
        }
        for remark in other.remarks {
            if !self.remarks.contains(&remark) {
                self.remarks.push(remark);
            }
        }
        self.odd_postcode = self.odd_postcode.take().or(other.odd_postcode);
        self.odd_name = self.odd_name.take().or(other.odd_name);
        self.enquiry_problem = self.enquiry_problem.take().or(other.enquiry_problem);
        self.problem = self.problem.take().or(other.problem);
    }

    pub fn first(&self, target: Target) -> Option<(&str, At)> {
        self.all(target).next()
    }

    pub fn last(&self, target: Target) -> Option<(&str, At)> {
        self.all(target).last()
    }

    pub fn all(&self, target: Target) -> impl Iterator<Item = (&str, At)> {
        self.texts.iter().filter(move |(it, _, _)| *it == target).map(|(_, text, at)| (text.as_str(), *at))
    }

    /// What the columns of one kind say together: of a group the first row that says anything, `Address 1` and
    /// `Address 2` joined.
    pub fn joined(&self, target: Target, by: &str) -> Option<String> {
        let row = self.first(target).map(|(_, at)| (at.sheet, at.row))?;
        let texts: Vec<&str> =
            self.all(target).filter(|(_, at)| (at.sheet, at.row) == row).map(|(text, _)| text).collect();
        Some(texts.join(by))
    }

    fn refuse(&mut self, at: At, header: &Header, sentence: String) {
        let problem = Problem { sheet: at.sheet, row: at.row, column: Some(header.name(at.column)), sentence };
        self.problem.get_or_insert(problem);
    }

    fn date(&mut self, target: Target, at: At, read: Result<DateCell, String>, header: &Header) {
        let yes = "“Yes” is not a date; an enquiry needs one".to_owned();
        match read {
            Ok(DateCell::Nothing) => {}
            Ok(DateCell::Yes) if target.is_enquiry_date() => self.refuse_enquiry(at, header, yes),
            Ok(DateCell::Written(day)) if target.is_enquiry_date() && day.with_its_year().is_none() => {
                self.refuse_enquiry(at, header, "The date of an enquiry needs a year".to_owned());
            }
            Ok(date) => self.dates.push((target, date, at)),
            Err(sentence) if target.is_enquiry_date() => self.refuse_enquiry(at, header, sentence),
            Err(sentence) => self.refuse(at, header, sentence),
        }
    }

    fn refuse_enquiry(&mut self, at: At, header: &Header, sentence: String) {
        let problem = Problem { sheet: at.sheet, row: at.row, column: Some(header.name(at.column)), sentence };
        self.enquiry_problem.get_or_insert(problem);
    }

    fn postcode(&mut self, cell: &Cell, at: At) -> Result<(), String> {
        let target = Target::Column(Column::Postcode);
        let kept = postcode::parse(&text_of(target, cell)?).unwrap_or_else(|odd| {
            self.odd_postcode.get_or_insert((odd.to_string(), at));
            odd.0
        });
        self.texts.push((target, kept, at));
        Ok(())
    }

    fn text(&mut self, target: Target, cell: &Cell, at: At) -> Result<(), String> {
        let text = text_of(target, cell)?;
        let has_lines = matches!(target, Target::Column(Column::Notes | Column::Address));
        let text = if has_lines { tidy_lines(&text) } else { tidy(&text) };
        if !text.is_empty() {
            self.texts.push((target, text, at));
        }
        Ok(())
    }

    /// Telephones and e-mails of `applicants.*` are the first applicant's.
    fn take_people(&mut self, contacts: Contacts, numbered: [Applicant; 2], header: &Header) {
        let Contacts { mut people, phones, emails, remarks, .. } = contacts;
        self.remarks.extend(remarks);
        let join = |texts: Vec<String>| (!texts.is_empty()).then(|| texts.join("; "));
        let (phone, email) = (join(phones), join(emails));
        match people.first_mut() {
            Some(first) => (first.phone, first.email) = (phone, email),
            None if phone.is_some() || email.is_some() => {
                people.push(Applicant { name: String::new(), email, phone });
            }
            None => {}
        }
        for (person, column) in numbered.into_iter().zip([Column::Applicant1Name, Column::Applicant2Name]) {
            if person.name.is_empty() && (person.email.is_some() || person.phone.is_some()) {
                let column = header.name_of(Target::Column(column)).unwrap_or_else(|| column.code().to_owned());
                let sentence = "There is a telephone or an e-mail, but no name".to_owned();
                self.problem.get_or_insert(Problem {
                    sheet: self.sheet,
                    row: self.row,
                    column: Some(column),
                    sentence,
                });
            } else if !person.name.is_empty() {
                people.push(person);
            }
        }
        self.people = people;
    }
}

/// Of a file that several councils share.
pub fn is_of_another_council(row: &Row, header: &Header, mapping: &Mapping) -> bool {
    let councils = || (0..header.width()).filter(|column| header.target(*column) == Some(Target::Council));
    let ours = |column: usize| {
        let text = row.cell(column).text();
        mapping.only_councils.iter().any(|council| same_words(council, &text))
    };
    !mapping.only_councils.is_empty() && !councils().any(ours)
}

/// What the `applicants.*` columns of one row hold.
#[derive(Default)]
struct Contacts {
    people: Vec<Applicant>,
    phones: Vec<String>,
    emails: Vec<String>,
    remarks: Vec<String>,
    /// A sentence about names that may be read wrongly.
    odd: Option<String>,
}

impl Contacts {
    fn add(&mut self, target: Target, cell: &Cell) -> Result<(), String> {
        let text = text_of(target, cell)?;
        if target == Target::Names {
            refuse_formula(&text)?;
            let found = name::split(&text);
            if let Some(name) = found.names.iter().find(|name| name.chars().count() > LONGEST_LINE) {
                return Err(format!("“{}” is too long for a name", dates::shortened(name)));
            }
            self.odd = found.odd.then(|| {
                let names = found.names.join(" and ");
                format!("“{}” is taken as {names}: look whether that is right", dates::shortened(&text))
            });
            let people = found.names.into_iter().map(|name| Applicant { name, ..Applicant::default() });
            self.people.extend(people);
            self.remarks.extend(found.remarks);
            return Ok(());
        }
        let found = email::split(&text);
        self.emails.extend(found.addresses);
        if target == Target::Emails {
            let rest = tidy(&found.rest);
            // What is no address is kept as typed, in its column's place.
            if rest.chars().any(char::is_alphanumeric) {
                self.emails.push(rest);
            }
            return Ok(());
        }
        let phones = phone::split(&found.rest);
        self.phones.extend(phones.numbers);
        self.remarks.extend(phones.remarks);
        Ok(())
    }
}

/// `applicant_N_…` is only tidied, never split; what stands beside a telephone number goes to the notes.
fn canonical_person(
    numbered: &mut [Applicant; 2],
    column: Column,
    cell: &Cell,
    remarks: &mut Vec<String>,
) -> Result<(), String> {
    let text = text_of(Target::Column(column), cell)?;
    let [first, second] = numbered;
    match column {
        Column::Applicant1Name | Column::Applicant2Name => {
            refuse_formula(&text)?;
            let person = if column == Column::Applicant1Name { first } else { second };
            person.name = tidy(&text);
        }
        Column::Applicant1Email => first.email = Some(tidy(&text)),
        Column::Applicant2Email => second.email = Some(tidy(&text)),
        Column::Applicant1Phone => first.phone = phones(&text, remarks),
        _ => second.phone = phones(&text, remarks),
    }
    Ok(())
}

/// What holds no number is kept as it stands.
fn phones(text: &str, remarks: &mut Vec<String>) -> Option<String> {
    let found = phone::split(text);
    if found.numbers.is_empty() {
        let kept = tidy(text);
        return (!kept.is_empty()).then_some(kept);
    }
    remarks.extend(found.remarks);
    Some(found.numbers.join(phone::JOINED_BY))
}

fn is_person(column: Column) -> bool {
    matches!(
        column,
        Column::Applicant1Name
            | Column::Applicant1Email
            | Column::Applicant1Phone
            | Column::Applicant2Name
            | Column::Applicant2Email
            | Column::Applicant2Phone
    )
}

fn text_of(target: Target, cell: &Cell) -> Result<String, String> {
    let text = cell.text();
    let length = if text.len() > LONGEST_LINE { text.chars().count() } else { 0 };
    if length > LONGEST_CELL {
        return Err("This cell holds more text than a spreadsheet's can; a quotation mark may be missing".to_owned());
    }
    let most = longest(target);
    if length > most {
        return Err(format!(
            "This has {} characters, and {} at most are kept of it; a quotation mark may be missing, or the column may \
             hold something else",
            grouped(length),
            grouped(most)
        ));
    }
    Ok(formula::restored(&text).to_owned())
}

/// As much as the pages take: what is longer could not be saved there again.
fn longest(target: Target) -> usize {
    match target {
        Target::Column(Column::Notes) => LONGEST_CELL,
        Target::Column(Column::Address) => LONGEST_LINES,
        Target::Column(_) => LONGEST_LINE,
        _ => LONGEST_LINES,
    }
}

fn refuse_formula(name: &str) -> Result<(), String> {
    if formula::starts_one(name.trim_start_matches([' ', '\''])) {
        if !name.chars().any(char::is_alphanumeric) {
            return Err(format!("“{}” is no name; leave the cell empty where nobody is named", dates::shortened(name)));
        }
        return Err(format!("“{}” starts like a formula, not like a name", dates::shortened(name)));
    }
    Ok(())
}
