//! What came back, looked at by selector.

use axum::http::header::LOCATION;
use axum::http::{HeaderMap, Method, StatusCode};
use scraper::{ElementRef, Html, Selector};

pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

pub struct SentForm {
    pub method: Method,
    pub action: String,
    pub fields: Vec<(String, String)>,
}

impl Page {
    pub(super) fn new(status: StatusCode, headers: HeaderMap, body: &[u8]) -> Page {
        Page { status, headers, body: String::from_utf8_lossy(body).into_owned() }
    }

    pub fn has(&self, selector: &str) -> bool {
        !self.texts(selector).is_empty()
    }

    /// The words of the first match, with spaces as a reader sees them.
    #[track_caller]
    pub fn text(&self, selector: &str) -> String {
        self.texts(selector).into_iter().next().unwrap_or_else(|| panic!("no {selector} in\n{}", self.body))
    }

    pub fn texts(&self, selector: &str) -> Vec<String> {
        self.with(selector, |found| found.map(words).collect())
    }

    #[track_caller]
    pub fn attribute(&self, selector: &str, name: &str) -> String {
        self.with(selector, |found| found.next().and_then(|one| one.attr(name)).map(str::to_owned))
            .unwrap_or_else(|| panic!("no {selector} with {name} in\n{}", self.body))
    }

    /// Of every match.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        self.with(selector, |found| found.filter_map(|one| one.attr(name)).map(str::to_owned).collect())
    }

    /// What a browser would send of an untouched form.
    #[track_caller]
    pub fn fields(&self, form: &str) -> Vec<(String, String)> {
        self.form(form).fields
    }

    /// Where a form goes.
    #[track_caller]
    pub fn action(&self, form: &str) -> String {
        self.form(form).action
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where a redirect leads.
    #[track_caller]
    pub fn location(&self) -> String {
        assert!(self.status.is_redirection(), "{} is no redirect:\n{}", self.status, self.body);
        self.headers[LOCATION].to_str().unwrap().to_owned()
    }

    /// The sentences of the error summary.
    pub fn errors(&self) -> Vec<String> {
        self.texts(".error-summary li")
    }

    #[track_caller]
    pub(super) fn form(&self, selector: &str) -> SentForm {
        self.with(selector, |found| {
            let form = found.next().unwrap_or_else(|| panic!("no {selector} in\n{}", self.body));
            let method = if form.attr("method") == Some("post") { Method::POST } else { Method::GET };
            let action = form.attr("action").expect("a form says where it goes").to_owned();
            SentForm { method, action, fields: filled_in(form) }
        })
    }

    fn with<T>(&self, selector: &str, look: impl FnOnce(&mut dyn Iterator<Item = ElementRef<'_>>) -> T) -> T {
        let html = Html::parse_document(&self.body);
        let selector = Selector::parse(selector).unwrap_or_else(|error| panic!("{selector}: {error}"));
        look(&mut html.select(&selector))
    }
}

/// What a browser would send of an untouched form.
fn filled_in(form: ElementRef<'_>) -> Vec<(String, String)> {
    let controls = Selector::parse("input[name], select[name], textarea[name]").unwrap();
    form.select(&controls)
        .filter(|control| control.attr("disabled").is_none())
        .filter_map(|control| {
            let value = match (control.value().name(), control.attr("type").unwrap_or("text")) {
                ("textarea", _) => control.text().collect::<String>().trim_start_matches('\n').to_owned(),
                ("select", _) => chosen(control)?,
                (_, "radio" | "checkbox") => {
                    control.attr("checked")?;
                    control.attr("value").unwrap_or("on").to_owned()
                }
                _ => control.attr("value").unwrap_or_default().to_owned(),
            };
            Some((control.attr("name")?.to_owned(), value))
        })
        .collect()
}

fn chosen(select: ElementRef<'_>) -> Option<String> {
    let options = Selector::parse("option").unwrap();
    let mut all = select.select(&options);
    let first = all.clone().next()?;
    let option = all.find(|option| option.attr("selected").is_some()).unwrap_or(first);
    Some(option.attr("value").map_or_else(|| words(option), str::to_owned))
}

fn words(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}
