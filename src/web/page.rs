//! What the layout needs to know of a page.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use super::ctx::Visit;
use super::error::AppError;
use super::form::Form;
use super::session::{Flash, Remaining};
use crate::domain::role::{Permission, Reach};

/// The main navigation: only pages that exist, and only for those who may open them.
const NAV: [(&str, &str, Permission); 7] = [
    ("Today", "/today", Permission::ReadEnquiries),
    ("Enquiries", "/enquiries", Permission::ReadEnquiries),
    ("Board", "/board", Permission::ReadEnquiries),
    ("Duplicates", "/households/alike", Permission::MergeHouseholds),
    ("Reports", "/reports", Permission::ReadReports),
    ("Imports", "/settings/imports", Permission::ImportEnquiries),
    ("People", "/people", Permission::ManagePeople),
];

#[derive(Debug, Clone)]
pub struct Page {
    /// Without the product's name.
    pub title: String,
    pub service_name: String,
    pub nav: Vec<NavItem>,
    /// The name of who has signed in.
    pub user: Option<String>,
    /// When the page was made, for its print: `14 October 2025, 10:12`.
    pub made: String,
    /// How long they stay signed in.
    pub remaining: Option<Remaining>,
    pub flash: Option<Flash>,
    pub csrf: String,
    pub may_search: bool,
    pub may_create: bool,
    /// What the search box shows.
    pub search: String,
}

#[derive(Debug, Clone)]
pub struct NavItem {
    pub label: &'static str,
    pub href: &'static str,
    pub current: bool,
}

impl Page {
    pub fn new(visit: &Visit, title: impl Into<String>) -> Page {
        let user = visit.user.as_ref();
        let may = |permission| user.is_some_and(|user| user.reach(permission) > Reach::None);
        Page {
            title: title.into(),
            service_name: visit.service_name.clone(),
            nav: NAV
                .iter()
                .filter(|(_, _, permission)| may(*permission))
                .map(|(label, href, _)| NavItem { label, href, current: is_under(&visit.path, href) })
                .collect(),
            user: user.map(|user| user.name.clone()),
            made: visit.now.london_text(),
            remaining: visit.remaining,
            flash: visit.flash.clone(),
            csrf: visit.csrf(),
            may_search: may(Permission::ReadEnquiries),
            may_create: may(Permission::CreateEnquiries),
            search: String::new(),
        }
    }

    /// The page of a form that was sent: says so in its title when something is wrong, as a screen reader reads that
    /// first.
    #[must_use]
    pub fn with_errors_of(mut self, form: &Form) -> Page {
        if !form.errors().is_empty() {
            self.title = format!("Error: {}", self.title);
        }
        self
    }

    /// The page that shows what somebody else did first says so in its title too.
    #[must_use]
    pub fn with_conflict(mut self, is_conflict: bool) -> Page {
        if is_conflict {
            self.title = format!("Somebody else was first: {}", self.title);
        }
        self
    }

    #[must_use]
    pub fn with_search(mut self, words: &str) -> Page {
        words.clone_into(&mut self.search);
        self
    }

    /// Errors may come before anybody knows who is asking.
    pub(super) fn of_error(visit: Option<&Visit>, title: &str) -> Page {
        match visit {
            Some(visit) => Page { flash: None, ..Page::new(visit, title) },
            None => Page {
                title: title.to_owned(),
                service_name: String::new(),
                nav: Vec::new(),
                user: None,
                made: String::new(),
                remaining: None,
                flash: None,
                csrf: String::new(),
                may_search: false,
                may_create: false,
                search: String::new(),
            },
        }
    }

    /// "Priya Nair" is PN.
    pub fn initials(&self) -> String {
        initials(self.user.as_deref().unwrap_or_default())
    }
}

/// The first letters of the first and the last word of a name.
pub fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let first = words.first().and_then(|word| word.chars().next());
    let last = words.iter().skip(1).next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// The form again, with what is wrong with it.
pub fn invalid(page: impl Template) -> Result<Response, AppError> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response())
}

fn is_under(path: &str, href: &str) -> bool {
    path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_and_last_name() {
        for (name, letters) in
            [("Priya Nair", "PN"), ("Jo", "J"), ("Ana María de la Cruz", "AC"), ("élan", "É"), ("", "")]
        {
            assert_eq!(initials(name), letters);
        }
    }

    #[test]
    fn a_page_is_under_its_own_navigation_item_only() {
        assert!(is_under("/enquiries", "/enquiries"));
        assert!(is_under("/enquiries/5/notes", "/enquiries"));
        assert!(!is_under("/enquiries-old", "/enquiries"));
        assert!(!is_under("/", "/enquiries"));
    }
}
