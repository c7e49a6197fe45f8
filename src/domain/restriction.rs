//! Who may open a record: whoever may read enquiries, or only named people (a colleague, a councillor, a relative of
//! staff).

use std::collections::BTreeSet;

use super::ids::UserId;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenTo {
    Everybody,
    Named(BTreeSet<UserId>),
}

impl OpenTo {
    /// Whoever restricts a record stays among those who may open it.
    #[must_use]
    pub fn with(mut self, user: UserId) -> OpenTo {
        if let OpenTo::Named(named) = &mut self {
            named.insert(user);
        }
        self
    }

    pub fn names(&self, user: UserId) -> bool {
        matches!(self, OpenTo::Named(named) if named.contains(&user))
    }

    /// As a form holds it that was opened over it.
    pub fn code(&self) -> String {
        match self {
            OpenTo::Everybody => "everybody".to_owned(),
            OpenTo::Named(named) => named.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_restricts_it_stays_among_the_named() {
        let [jan, priya] = [UserId(7), UserId(12)];
        let named = OpenTo::Named(BTreeSet::from([priya])).with(jan);
        assert_eq!(named.code(), "7 12");
        assert!(named.names(jan) && named.names(priya));
        assert_eq!(OpenTo::Everybody.with(jan), OpenTo::Everybody);
        assert!(!OpenTo::Everybody.names(jan));
        assert_ne!(OpenTo::Named(BTreeSet::new()).code(), OpenTo::Everybody.code());
    }
}
