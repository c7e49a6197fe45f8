//! Two people on one form. What each field held when the form was opened goes with it in hidden fields, so that what
//! somebody did not touch is never written over what another has recorded meanwhile.

use std::collections::BTreeSet;

use super::Form;
use crate::domain::text::tidy_lines;

const WAS: &str = "was_";

impl Form {
    /// A form to change what is there: each field knows from now on what it held. The version that was seen is a field
    /// like the others. Its page writes `fields::opened(form)`.
    #[must_use]
    pub fn opened(mut self) -> Form {
        self.remember(&self.clone());
        self
    }

    /// What was kept of an unfinished form, over the version from which it was made.
    #[must_use]
    pub fn opened_over(mut self, version: &Form) -> Form {
        self.remember(version);
        self
    }

    /// What a field held when the form was opened.
    pub fn was(&self, field: &str) -> &str {
        self.value(&format!("{WAS}{field}")).trim()
    }

    /// Every field that held something when the form was opened, and what: for the hidden fields.
    pub fn held(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().filter(|(name, value)| name.starts_with(WAS) && !value.is_empty()).map(both)
    }

    /// Somebody else saved first: what this person has not touched becomes what it is `now`, an opened form, so that
    /// saving again takes nothing of the other's away; what they typed stays.
    pub fn keep_what_was_typed(&mut self, now: &Form) {
        for field in self.remembered().union(&now.remembered()) {
            if self.tidied(field) == self.tidied(&format!("{WAS}{field}")) {
                self.values.retain(|(name, _)| name != field);
                self.values.extend(now.values.iter().filter(|(name, _)| name == field).cloned());
                self.understood.retain(|(name, _)| name != field);
            }
        }
        self.remember(now);
    }

    fn remember(&mut self, version: &Form) {
        self.values.retain(|(name, _)| !name.starts_with(WAS));
        let fields = version.values.iter().filter(|(name, _)| !name.starts_with(WAS));
        self.values.extend(fields.map(|(name, value)| (format!("{WAS}{name}"), value.clone())));
    }

    fn remembered(&self) -> BTreeSet<String> {
        self.values.iter().filter_map(|(name, _)| name.strip_prefix(WAS)).map(str::to_owned).collect()
    }

    /// A browser sends other line ends than it was given, and nothing at all of a box without a tick.
    fn tidied(&self, field: &str) -> BTreeSet<String> {
        self.values(field).map(|value| tidy_lines(value.trim())).filter(|value| !value.is_empty()).collect()
    }
}

fn both((name, value): &(String, String)) -> (&str, &str) {
    (name, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a browser sends it: what was rendered, with what somebody typed.
    fn sent(opened: &Form, typed: &[(&str, &str)]) -> Form {
        let mut form = Form::of(opened.values.iter().filter(|(_, value)| !value.is_empty()).cloned());
        for (field, value) in typed {
            form.set(field, *value);
        }
        form
    }

    #[test]
    fn what_was_not_touched_is_as_it_is_now_and_what_was_typed_stays() {
        let opened = Form::of([("source", ""), ("place", "Home"), ("hub", "North"), ("seen", "1")]).opened();
        let mut form = sent(&opened, &[("place", "Office"), ("campaign", "Spring"), ("why", "A flyer")]);
        let now =
            Form::of([("source", "Radio"), ("place", "School"), ("hub", ""), ("campaign", ""), ("seen", "2")]).opened();
        form.keep_what_was_typed(&now);
        let values = ["source", "place", "hub", "campaign", "why", "seen"].map(|field| form.value(field));
        assert_eq!(values, ["Radio", "Office", "", "Spring", "A flyer", "2"]);
        assert_eq!(["source", "place", "hub"].map(|field| form.was(field)), ["Radio", "School", ""]);
    }

    #[test]
    fn several_choices_are_touched_together_and_in_any_order() {
        let opened = Form::of([("role", "officer"), ("role", "panel")]).opened();
        let now = Form::of([("role", "manager"), ("role", "admin")]).opened();
        let roles = |form: &Form| form.values("role").map(str::to_owned).collect::<Vec<_>>();
        let mut same =
            Form::of([("role", "panel"), ("role", "officer"), ("was_role", "officer"), ("was_role", "panel")]);
        same.keep_what_was_typed(&now);
        assert_eq!(roles(&same), ["manager", "admin"]);
        let mut none = sent(&opened, &[]);
        none.values.retain(|(name, _)| name != "role");
        none.keep_what_was_typed(&now);
        assert!(roles(&none).is_empty(), "every tick was taken away");
    }

    #[test]
    fn line_ends_are_not_typed() {
        let mut form = Form::of([("body", "a\r\nb "), ("was_body", "a\nb")]);
        form.keep_what_was_typed(&Form::of([("body", "c")]).opened());
        assert_eq!(form.value("body"), "c");
    }
}
