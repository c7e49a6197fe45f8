//! Whose cards the board shows, of which kind and in which order. All of it stands in the address.

use crate::domain::stage::Stage;
use crate::features::enquiries::{Kind, ME, UNASSIGNED};
use crate::web::Form;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    /// A name, `me` or `unassigned`; None is everybody's.
    pub officer: Option<String>,
    pub kind: Option<Kind>,
    /// Without those that are paused or only kept in touch with.
    pub open_only: bool,
    /// Who has been in the stage for longest comes first, not who came into it last.
    pub longest_first: bool,
}

impl Filters {
    pub fn parse(form: &Form) -> Filters {
        Filters {
            officer: form.text("officer"),
            kind: Kind::parse(form.value("kind")),
            open_only: form.value("state") == "open",
            longest_first: form.value("order") == "longest",
        }
    }

    /// As an address or a hidden field has them: `officer=me&kind=remand`.
    pub fn read(query: &str) -> Filters {
        Filters::parse(&Form::of(form_urlencoded::parse(query.as_bytes())))
    }

    pub fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.pairs());
        if self.longest_first {
            query.append_pair("order", "longest");
        }
        query.finish()
    }

    pub fn href(&self) -> String {
        with_query("/board", &self.query())
    }

    /// The list of one column's enquiries, with the same filters.
    pub fn list_href(&self, stage: Stage) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("stage", stage.code()).extend_pairs(self.pairs());
        format!("/enquiries?{}", query.finish())
    }

    pub fn is_mine(&self) -> bool {
        self.officer.as_deref() == Some(ME)
    }

    pub fn is_unassigned(&self) -> bool {
        self.officer.as_deref() == Some(UNASSIGNED)
    }

    /// What the list knows by the same names.
    fn pairs(&self) -> Vec<(&'static str, &str)> {
        let mut pairs = Vec::new();
        pairs.extend(self.officer.iter().map(|officer| ("officer", officer.as_str())));
        pairs.extend(self.kind.iter().map(|kind| ("kind", kind.code())));
        if self.open_only {
            pairs.push(("state", "open"));
        }
        pairs
    }
}

pub fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gives_filters_and_filters_their_address() {
        for query in ["", "officer=me", "officer=Jan+Teal&kind=remand&state=open&order=longest"] {
            assert_eq!(Filters::read(query).query(), query);
        }
        assert_eq!(Filters::read("kind=nonsense&state=closed&officer=+").query(), "");
        assert_eq!(Filters::read("officer=me&order=longest").href(), "/board?officer=me&order=longest");
        let list = Filters::read("officer=unassigned&order=longest").list_href(Stage::Stage1);
        assert_eq!(list, "/enquiries?stage=stage_1&officer=unassigned");
    }
}
