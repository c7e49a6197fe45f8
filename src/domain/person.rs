//! Somebody who uses the product: what is known of them, and what may not be taken from them.

use super::role::Role;

/// In characters.
const LONGEST: usize = 200;

/// What an administrator writes down about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    /// Lower case: what they sign in with.
    pub email: String,
    /// In the order of `Role::ALL`, each once, at least one.
    pub roles: Vec<Role>,
    /// The council or hub whose own referrals they may see; with the role `hub` only.
    pub hub: Option<String>,
}

/// What was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonInput {
    pub name: String,
    pub email: String,
    pub roles: Vec<Role>,
    pub hub: String,
}

/// Which field of a person a problem belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonField {
    Name,
    Email,
    Roles,
    Hub,
}

pub type PersonProblem = (PersonField, &'static str);

impl Person {
    /// All that is wrong at once.
    pub fn parse(input: &PersonInput) -> Result<Person, Vec<PersonProblem>> {
        let mut problems = Vec::new();
        let name = parse_name(&input.name).map_err(|problem| problems.push((PersonField::Name, problem)));
        let email = parse_email(&input.email).map_err(|problem| problems.push((PersonField::Email, problem)));
        let roles: Vec<Role> = Role::ALL.iter().copied().filter(|role| input.roles.contains(role)).collect();
        if roles.is_empty() {
            problems.push((PersonField::Roles, "Choose at least one role"));
        }
        let hub = input.hub.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_hub = roles.contains(&Role::Hub);
        if is_hub && hub.is_empty() {
            problems.push((PersonField::Hub, "Enter the name of the regional hub that they work for"));
        } else if hub.chars().count() > LONGEST {
            problems.push((PersonField::Hub, "Use at most 200 characters"));
        }
        match (name, email, problems.is_empty()) {
            (Ok(name), Ok(email), true) => Ok(Person { name, email, roles, hub: is_hub.then_some(hub) }),
            _ => Err(problems),
        }
    }
}

/// Runs of spaces become one.
pub fn parse_name(typed: &str) -> Result<String, &'static str> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err("Enter a name");
    }
    if name.chars().count() > LONGEST {
        return Err("Use at most 200 characters");
    }
    if name.chars().any(char::is_control) {
        return Err("Use letters, spaces and punctuation only");
    }
    Ok(name)
}

/// Lower case. Not more than a plausible address is asked for: whether it arrives is seen when something is sent.
pub fn parse_email(typed: &str) -> Result<String, &'static str> {
    const WRONG: &str = "Enter an e-mail address, such as name@council.gov.uk";
    let email = typed.trim().to_lowercase();
    let (local, domain) = email.rsplit_once('@').ok_or(WRONG)?;
    let strange =
        |letter: char| letter.is_whitespace() || letter.is_control() || matches!(letter, '<' | '>' | ',' | ';' | '"');
    let labels_hold = domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-'));
    if local.is_empty() || local.contains('@') || email.contains(strange) || !labels_hold || email.len() > LONGEST {
        return Err(WRONG);
    }
    // SQLite's lower() knows ASCII only, and the column's check compares with it.
    if !email.is_ascii() {
        return Err("Use an e-mail address of plain letters, digits and punctuation");
    }
    Ok(email)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This is the only active administrator. Make somebody else an administrator first")]
pub struct LastAdministrator;

/// Without an active administrator nobody could ever let anybody in again.
pub fn keeps_an_administrator(
    other_active_administrators: i64,
    active: bool,
    roles: &[Role],
) -> Result<(), LastAdministrator> {
    if other_active_administrators > 0 || (active && roles.contains(&Role::Admin)) {
        Ok(())
    } else {
        Err(LastAdministrator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input() -> PersonInput {
        PersonInput {
            name: "  Priya   Nair ".to_owned(),
            email: " Priya.Nair@Wearmouth.example ".to_owned(),
            roles: vec![Role::Admin, Role::Officer, Role::Admin],
            hub: "Foster with North East".to_owned(),
        }
    }

    #[test]
    fn what_was_typed_is_tidied() {
        let person = Person::parse(&input()).unwrap();
        assert_eq!(person.name, "Priya Nair");
        assert_eq!(person.email, "priya.nair@wearmouth.example");
        assert_eq!(person.roles, [Role::Officer, Role::Admin]);
        assert_eq!(person.hub, None, "only somebody of a hub has one");
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let problems = Person::parse(&PersonInput { roles: vec![Role::Hub], ..PersonInput::default() }).unwrap_err();
        let fields: Vec<PersonField> = problems.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, [PersonField::Name, PersonField::Email, PersonField::Hub]);
        assert_eq!(Person::parse(&PersonInput { roles: vec![], ..input() }).unwrap_err()[0].0, PersonField::Roles);
    }

    #[test]
    fn an_email_address_is_plausible() {
        for good in ["a@b", "a.b+c@council.gov.uk", "o'neill@x.example"] {
            assert_eq!(parse_email(good).as_deref(), Ok(good));
        }
        for bad in ["", "a", "@b", "a@", "a b@c", "a@b@c", "a@.b", "a@b.", "<a@b>", "a@b,c@d", "é@b", "a@-b"] {
            assert!(parse_email(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_last_administrator_stays() {
        assert_eq!(keeps_an_administrator(0, true, &[Role::Officer]), Err(LastAdministrator));
        assert_eq!(keeps_an_administrator(0, false, &[Role::Admin]), Err(LastAdministrator));
        assert_eq!(keeps_an_administrator(0, true, &[Role::Admin, Role::Manager]), Ok(()));
        assert_eq!(keeps_an_administrator(1, false, &[Role::Admin]), Ok(()));
    }
}
