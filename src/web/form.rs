//! A form as the browser sent it: what was typed is kept, and everything that is wrong is said at once.
//!
//! A feature's `forms.rs` reads each field by name; a field that cannot be read leaves its sentence here and gives
//! None. With any error the page is shown again, from this same value.

use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::{FromRequest, RawQuery, Request};

use super::ctx::Visit;
use super::error::AppError;
use super::{csrf_token, token};
use crate::domain::day::Day;
use crate::domain::text::{day_words, tidy_lines};

mod opened;

/// How much a form without a file may send. In bytes.
pub(super) const LIMIT: usize = 1024 * 1024;

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

/// One of what a select, radio buttons or checkboxes offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    pub fn of(value: impl Into<String>, label: impl Into<String>) -> Choice {
        Choice { value: value.into(), label: label.into() }
    }

    /// Of an enum with codes and labels: `Choice::all(Role::ALL, Role::code, Role::label)`.
    pub fn all<T: Copy>(all: &[T], code: fn(T) -> &'static str, label: fn(T) -> &'static str) -> Vec<Choice> {
        all.iter().map(|one| Choice::of(code(*one), label(*one))).collect()
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

    /// Of every field that was sent, as often as it was.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|(name, _)| name.as_str())
    }

    pub fn is_chosen(&self, field: &str, value: &str) -> bool {
        self.values(field).any(|chosen| chosen == value)
    }

    /// Fills a field in, in place of what stands there.
    pub fn set(&mut self, field: &str, value: impl Into<String>) {
        self.values.retain(|(name, _)| name != field);
        self.values.push((field.to_owned(), value.into()));
    }

    /// Everything that was sent in another form, and what was wrong with it, over what stands here.
    pub fn take_over(&mut self, sent: &Form) {
        self.values.retain(|(name, _)| sent.values.iter().all(|(other, _)| other != name));
        self.values.extend(sent.values.iter().cloned());
        self.errors.clone_from(&sent.errors);
        self.understood.clone_from(&sent.understood);
    }

    /// The trimmed text of a field; None when there is none.
    pub fn text(&self, field: &str) -> Option<String> {
        let text = self.value(field).trim();
        (!text.is_empty()).then(|| tidy_lines(text))
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

    /// A day that lies ahead, for what is still to do: "tuesday" is the next one.
    pub fn day_ahead(&mut self, field: &str, today: Day) -> Option<Day> {
        let text = self.text(field)?;
        match day_words::parse_ahead(&text, today) {
            Ok(day) if day < today => {
                self.fail(field, format!("{} is over. Enter today or a later day", day.long()));
                None
            }
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

    pub fn required_day_ahead(&mut self, field: &str, today: Day, sentence: &str) -> Option<Day> {
        if self.text(field).is_none() {
            self.fail(field, sentence);
            return None;
        }
        self.day_ahead(field, today)
    }

    pub fn required_day(&mut self, field: &str, today: Day, sentence: &str) -> Option<Day> {
        if self.text(field).is_none() {
            self.fail(field, sentence);
            return None;
        }
        self.day(field, today)
    }

    /// What one sending of the form is known by, for `one_time`: its token with what it says. A double click says the
    /// same twice; what was changed by going back to the page is another thing, and is not lost. A form without a
    /// token was not made by us.
    pub fn one_time_token(&self) -> Result<String, AppError> {
        let token = self.own_token()?;
        let mut said = form_urlencoded::Serializer::new(String::new());
        said.extend_pairs(self.values.iter().filter(|(name, _)| name != csrf_token::FIELD));
        Ok(format!("{token}.{}", token::derived(&said.finish(), token)))
    }

    /// The form's token alone: the same whatever it says.
    pub fn own_token(&self) -> Result<&str, AppError> {
        Some(self.value("form_token"))
            .filter(|token| token.len() == 43)
            .ok_or(AppError::Refused("This form is not complete, so nothing was saved. Reload the page and try again."))
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

    /// The token with which this form was sent, or a new one for a form that is shown for the first time.
    pub fn kept_token(&self, visit: &Visit) -> String {
        self.own_token().map_or_else(|_| visit.form_token(), str::to_owned)
    }

    /// The ids of what describes a field, for `aria-describedby`.
    pub fn described_by(&self, field: &str, hint: &str) -> Option<String> {
        let ids = [(!hint.is_empty(), "hint"), (self.error(field).is_some(), "error")];
        let ids: Vec<_> = ids.iter().filter(|(there, _)| *there).map(|(_, kind)| format!("{field}-{kind}")).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
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

/// What a date field that is being filled in is taken to mean, in words.
pub async fn date_words(visit: Visit, RawQuery(query): RawQuery) -> String {
    let query = query.unwrap_or_default();
    let text = form_urlencoded::parse(query.as_bytes()).last().map(|(_, value)| value.into_owned()).unwrap_or_default();
    if text.trim().is_empty() {
        return DATE_EXAMPLES.to_owned();
    }
    day_words::parse(&text, visit.today).map_or_else(|sentence| sentence, Day::long)
}

/// The same of a field whose day lies ahead.
pub async fn date_words_ahead(visit: Visit, RawQuery(query): RawQuery) -> String {
    let query = query.unwrap_or_default();
    let text = form_urlencoded::parse(query.as_bytes()).last().map(|(_, value)| value.into_owned()).unwrap_or_default();
    if text.trim().is_empty() {
        return DATE_EXAMPLES_AHEAD.to_owned();
    }
    day_words::parse_ahead(&text, visit.today).map_or_else(|sentence| sentence, Day::long)
}

pub const DATE_EXAMPLES_AHEAD: &str = "Such as tomorrow, tuesday or 3 november";

/// Under an empty date field.
pub const DATE_EXAMPLES: &str = "Such as today, 3 april or 3/4/24";

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

    #[derive(askama::Template)]
    #[template(
        source = r#"{% import "components/fields.html" as fields %}
            {% call fields::summary(form) %}{% endcall %}
            {% call fields::one_time("token") %}{% endcall %}
            {% call fields::text(form, "name", "Name", "As on the passport") %}{% endcall %}
            {% call fields::input(form, "secret", "Password", "", "password", "w-20", "current-password") %}{% endcall %}
            {% call fields::textarea(form, "note", "Note", "", 4) %}{% endcall %}
            {% call fields::select(form, "role", "Role", "", choices, "Choose a role") %}{% endcall %}
            {% call fields::radios(form, "kind", "Kind", "", choices) %}{% endcall %}
            {% call fields::checkboxes(form, "pick", "Pick", "Some", choices) %}{% endcall %}
            {% call fields::checkbox(form, "agreed", "I agree") %}{% endcall %}
            {% call fields::date(form, "on", "Date", "") %}{% endcall %}"#,
        ext = "html"
    )]
    struct Fields {
        form: Form,
        choices: Vec<Choice>,
    }

    #[test]
    fn the_fields_show_what_was_typed_what_is_wrong_and_what_was_understood() {
        use askama::Template;
        let mut form = sent("name=%3Cb%3E&secret=hush&note=x&role=b&kind=a&pick=a&pick=b&agreed=yes&on=3+april");
        form.fail("name", "Enter a name");
        form.fail("kind", "Choose a kind");
        form.fail("", "Nothing was saved");
        form.day("on", "2025-04-10".parse().unwrap());
        let choices = vec![Choice::of("a", "A"), Choice::of("b", "B")];
        let html = scraper::Html::parse_fragment(&Fields { form, choices }.render().unwrap());
        let find = |selector: &str| html.select(&scraper::Selector::parse(selector).unwrap()).next();
        for selector in [
            ".error-summary a[href='#name']",
            ".error-summary a[href='#kind']",
            ".error-summary li b",
            "input[name=form_token][value=token]",
            "#name[value='<b>'][aria-invalid][aria-describedby='name-hint name-error']",
            "#name-hint",
            ".field.wrong #name-error",
            "#secret[type=password][value='']",
            "#role option[value=b][selected]",
            "#role option[value='']",
            "fieldset.wrong #kind[type=radio][value=a][checked]",
            "fieldset[aria-describedby=pick-hint] #pick[type=checkbox][checked]",
            "#pick-2[value=b][checked]",
            "#agreed[checked]",
            "#on[value='3 april'][aria-describedby='on-understood']",
        ] {
            assert!(find(selector).is_some(), "{selector} in {}", html.html());
        }
        assert!(find("#note[aria-invalid]").is_none() && find("#kind-2[checked]").is_none());
        assert_eq!(find("#on-understood").unwrap().text().collect::<String>(), "Thu 3 Apr 2025");
        assert_eq!(find("#note").unwrap().text().collect::<String>(), "x");
        assert!(!html.html().contains("hush"));
    }

    #[test]
    fn the_first_sentence_for_a_field_stays() {
        let mut form = Form::default();
        form.fail("name", "Enter a name");
        form.fail("name", "Too long");
        assert_eq!(form.error("name"), Some("Enter a name"));
    }
}
