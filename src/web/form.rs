//! A form as the browser sent it: what was typed is kept, and everything that is wrong is said at once.
//!
//! A feature's `forms.rs` reads each field by name; a field that cannot be read leaves its sentence here and gives
//! None. With any error the page is shown again, from this same value.

use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};

use super::error::AppError;
use crate::domain::day::Day;
use crate::domain::text::day_words;

#[derive(Debug, Clone, Default)]
pub struct Form {
    values: Vec<(String, String)>,
    errors: Vec<FieldError>,
    understood: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    pub field: String,
    pub sentence: String,
}

/// One of what a select or a group of radio buttons offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    pub fn of(value: impl Into<String>, label: impl Into<String>) -> Choice {
        Choice { value: value.into(), label: label.into() }
    }
}

impl Form {
    /// An empty form, or one to change something: fields with what they hold now.
    pub fn of<N: Into<String>, V: Into<String>>(values: impl IntoIterator<Item = (N, V)>) -> Form {
        let values = values.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Form { values, ..Form::default() }
    }

    /// What stands in a field, as it was typed.
    pub fn value(&self, field: &str) -> &str {
        self.values.iter().find(|(name, _)| name == field).map_or("", |(_, value)| value)
    }

    /// All that was chosen of a field that can be chosen several times.
    pub fn values<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        self.values.iter().filter(move |(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    pub fn is_chosen(&self, field: &str, value: &str) -> bool {
        self.values(field).any(|chosen| chosen == value)
    }

    /// Fills a field in, in place of what stands there.
    pub fn set(&mut self, field: &str, value: impl Into<String>) {
        self.values.retain(|(name, _)| name != field);
        self.values.push((field.to_owned(), value.into()));
    }

    /// The trimmed text of a field; None when there is none.
    pub fn text(&self, field: &str) -> Option<String> {
        let text = self.value(field).trim();
        (!text.is_empty()).then(|| text.replace("\r\n", "\n"))
    }

    /// The trimmed text of a field that must have some.
    pub fn required(&mut self, field: &str, sentence: &str) -> Option<String> {
        let text = self.text(field);
        if text.is_none() {
            self.fail(field, sentence);
        }
        text
    }

    /// A code, a number, an id: one of what `T` reads. None without an error when nothing was chosen.
    pub fn choice<T: FromStr>(&mut self, field: &str, sentence: &str) -> Option<T> {
        let text = self.text(field)?;
        let chosen = text.parse().ok();
        if chosen.is_none() {
            self.fail(field, sentence);
        }
        chosen
    }

    pub fn required_choice<T: FromStr>(&mut self, field: &str, sentence: &str) -> Option<T> {
        if self.text(field).is_none() {
            self.fail(field, sentence);
            return None;
        }
        self.choice(field, sentence)
    }

    /// A day in words or figures ("today", "3 april", 3/4/24); what was understood is said under the field. None
    /// without an error when the field is empty.
    pub fn day(&mut self, field: &str, today: Day) -> Option<Day> {
        let text = self.text(field)?;
        match day_words::parse(&text, today) {
            Ok(day) => {
                self.understood.push((field.to_owned(), day.long()));
                Some(day)
            }
            Err(sentence) => {
                self.fail(field, sentence);
                None
            }
        }
    }

    pub fn required_day(&mut self, field: &str, today: Day, sentence: &str) -> Option<Day> {
        if self.text(field).is_none() {
            self.fail(field, sentence);
            return None;
        }
        self.day(field, today)
    }

    /// The one-time token of the form, for `one_time`; a form without it was not made by us.
    pub fn one_time_token(&self) -> Result<String, AppError> {
        let token = self.value("form_token");
        if token.len() == 43 {
            Ok(token.to_owned())
        } else {
            Err(AppError::Refused("This form is not complete, so nothing was saved. Reload the page and try again."))
        }
    }

    /// Something is wrong with a field, or with the whole form (an empty name). The first sentence for a field stays.
    pub fn fail(&mut self, field: &str, sentence: impl Into<String>) {
        if self.error(field).is_none() {
            self.errors.push(FieldError { field: field.to_owned(), sentence: sentence.into() });
        }
    }

    pub fn error(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|error| error.field == field).map(|error| error.sentence.as_str())
    }

    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    pub fn is_valid(&self) -> bool {
        self.errors.is_empty()
    }

    /// What a date field was taken to mean: "Thu 3 Apr 2025".
    pub fn understood(&self, field: &str) -> Option<&str> {
        self.understood.iter().find(|(name, _)| name == field).map(|(_, day)| day.as_str())
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Form, AppError> {
        let bytes = Bytes::from_request(request, state).await.map_err(|_| AppError::TooLarge)?;
        Ok(Form::of(form_urlencoded::parse(&bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(body: &str) -> Form {
        Form::of(form_urlencoded::parse(body.as_bytes()))
    }

    #[test]
    fn what_was_typed_is_kept_and_every_error_is_said() {
        let mut form = sent("name=+&kind=nonsense&note=a%0D%0Ab&pick=1&pick=2");
        assert_eq!(form.required("name", "Enter a name"), None);
        assert_eq!(form.required_choice::<i64>("kind", "Choose a kind"), None);
        assert_eq!(form.required_choice::<i64>("missing", "Choose one"), None);
        assert_eq!(form.choice::<i64>("missing too", "Choose one"), None);
        assert_eq!(form.text("note").as_deref(), Some("a\nb"));
        assert_eq!(form.values("pick").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(form.value("kind"), "nonsense");
        let said: Vec<_> = form.errors().iter().map(|error| error.sentence.as_str()).collect();
        assert_eq!(said, ["Enter a name", "Choose a kind", "Choose one"]);
    }

    #[test]
    fn a_date_field_says_what_it_understood() {
        let today = "2025-04-10".parse().unwrap();
        let mut form = sent("on=3+april&wrong=31+april");
        assert_eq!(form.day("on", today).map(|day| day.to_string()).as_deref(), Some("2025-04-03"));
        assert_eq!(form.understood("on"), Some("Thu 3 Apr 2025"));
        assert_eq!(form.day("wrong", today), None);
        assert!(form.error("wrong").is_some());
        assert_eq!(form.day("empty", today), None);
        assert!(form.error("empty").is_none());
    }

    #[test]
    fn the_first_sentence_for_a_field_stays() {
        let mut form = Form::default();
        form.fail("name", "Enter a name");
        form.fail("name", "Too long");
        assert_eq!(form.error("name"), Some("Enter a name"));
    }
}
