//! Tasks: what somebody has to do by a day, and how often they tried to reach a family for it.

use std::str::FromStr;

use super::day::Day;
use super::ids::UserId;
use super::role::{Permission, Reach, Role};
use crate::coded;

coded! {
    pub enum TaskState {
        Open = "open", "To do";
        /// The enquiry is approved or closed: nobody is reminded unless it goes on again.
        Resting = "resting", "Resting";
        Done = "done", "Done";
        Withdrawn = "withdrawn", "Not needed";
    }
}

coded! {
    /// How a task came to be.
    pub enum TaskOrigin {
        Person = "person", "Made by hand";
        /// A milestone was recorded, and the administrator's table asks for something then.
        Rule = "rule", "Made by a rule";
        /// Somebody rang and nobody answered.
        NoAnswer = "no_answer", "Made after a call without an answer";
    }
}

/// Whose task it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Whoever is the enquiry's officer, now and after it is given to somebody else.
    Officer,
    Person(UserId),
    /// Anybody with this role may take it.
    Role(Role),
    Nobody,
}

impl Whose {
    /// Roles that a task may be left to: those who may see every unrestricted record.
    pub fn roles() -> impl Iterator<Item = Role> {
        Role::ALL.iter().copied().filter(|role| role.reach(Permission::WriteEnquiries) == Reach::All)
    }

    /// As a form sends it.
    pub fn code(self) -> String {
        match self {
            Whose::Officer => "the_officer".to_owned(),
            Whose::Person(user) => user.to_string(),
            Whose::Role(role) => role.code().to_owned(),
            Whose::Nobody => "nobody".to_owned(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnybody;

impl FromStr for Whose {
    type Err = NotAnybody;

    fn from_str(text: &str) -> Result<Whose, NotAnybody> {
        match text {
            "the_officer" => Ok(Whose::Officer),
            "nobody" => Ok(Whose::Nobody),
            text => match (text.parse().map(UserId), Whose::roles().find(|role| role.code() == text)) {
                (Ok(user), _) => Ok(Whose::Person(user)),
                (_, Some(role)) => Ok(Whose::Role(role)),
                _ => Err(NotAnybody),
            },
        }
    }
}

/// "2 attempts without an answer".
pub fn attempts_in_words(attempts: i64) -> String {
    match attempts {
        0 => String::new(),
        1 => "1 attempt without an answer".to_owned(),
        attempts => format!("{attempts} attempts without an answer"),
    }
}

/// How urgent a day is, in words: "2 days over", "Due today", "Due Thu 16 Oct".
pub fn due_in_words(due: Day, today: Day) -> String {
    match today.days_until(due) {
        -1 => "1 day over".to_owned(),
        over if over < 0 => format!("{} days over", -over),
        0 => "Due today".to_owned(),
        1 => "Due tomorrow".to_owned(),
        _ => format!("Due {}", due.long_without_year()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_it_is_reads_back_as_it_was_sent() {
        for whose in [Whose::Officer, Whose::Person(UserId(7)), Whose::Role(Role::Manager), Whose::Nobody] {
            assert_eq!(whose.code().parse(), Ok(whose));
        }
        for wrong in ["", "board", "hub", "somebody"] {
            assert_eq!(wrong.parse::<Whose>(), Err(NotAnybody), "{wrong}");
        }
    }

    #[test]
    fn a_due_day_says_how_urgent_it_is() {
        let today: Day = "2025-10-14".parse().unwrap();
        for (due, words) in [
            ("2025-10-04", "10 days over"),
            ("2025-10-13", "1 day over"),
            ("2025-10-14", "Due today"),
            ("2025-10-15", "Due tomorrow"),
            ("2025-10-16", "Due Thu 16 Oct"),
        ] {
            assert_eq!(due_in_words(due.parse().unwrap(), today), words);
        }
    }
}
