//! What is typed about people and passwords.

use crate::domain::ids::UserId;
use crate::domain::password::Password;
use crate::domain::person::{Person, PersonField, PersonInput};
use crate::domain::role::Role;
use crate::web::Form;

/// Fields `name`, `email`, `role` (several), `hub`.
pub fn person(form: &mut Form) -> Option<Person> {
    let input = PersonInput {
        name: form.value("name").to_owned(),
        email: form.value("email").to_owned(),
        roles: form.values("role").filter_map(|code| code.parse().ok()).collect(),
        hub: form.value("hub").to_owned(),
    };
    Person::parse(&input).map_err(|problems| fail(form, &problems)).ok()
}

/// The first account: administrator, and manager until they hand that on.
pub fn first_administrator(form: &mut Form) -> Option<Person> {
    let input = PersonInput {
        name: form.value("name").to_owned(),
        email: form.value("email").to_owned(),
        roles: vec![Role::Manager, Role::Admin],
        hub: String::new(),
    };
    Person::parse(&input).map_err(|problems| fail(form, &problems)).ok()
}

fn fail(form: &mut Form, problems: &[(PersonField, &'static str)]) {
    for (field, sentence) in problems {
        form.fail(name_of(*field), *sentence);
    }
}

fn name_of(field: PersonField) -> &'static str {
    match field {
        PersonField::Name => "name",
        PersonField::Email => "email",
        // The first of the boxes, where the error summary leads.
        PersonField::Roles => "role",
        PersonField::Hub => "hub",
    }
}

/// Fields `password` and `again`.
pub fn new_password(form: &mut Form, context: &[&str]) -> Option<Password> {
    let password = Password::parse(form.value("password"), context);
    if let Err(problem) = &password {
        form.fail("password", problem.to_string());
    }
    same_again(form);
    password.ok().filter(|_| form.is_valid())
}

pub fn same_again(form: &mut Form) {
    if form.error("password").is_none() && form.value("again") != form.value("password") {
        form.fail("again", "This is not the same as above. Type both again");
    }
}

/// What stands in the form of somebody who is there.
pub fn of_person(person: &Person, version: i64) -> Form {
    let fields = [
        ("name", person.name.clone()),
        ("email", person.email.clone()),
        ("hub", person.hub.clone().unwrap_or_default()),
        ("version", version.to_string()),
    ];
    let roles = person.roles.iter().map(|role| ("role", role.code().to_owned()));
    Form::of(fields.into_iter().chain(roles)).opened()
}

/// A version that cannot be read is no version of anything: the change is refused as stale.
pub fn version(form: &Form) -> i64 {
    form.value("version").parse().unwrap_or(-1)
}

/// The person of a path.
pub fn id(text: &str) -> Option<UserId> {
    text.parse().ok()
}
