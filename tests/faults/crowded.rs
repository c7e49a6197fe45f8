//! Somebody else holds the write lock.

use std::process::Stdio;

use sqlx::Connection;

use crate::support::load::{add_person, next_email};
use crate::support::{Place, on_database};

#[test]
fn while_another_program_writes_pages_answer_saves_say_so_and_commands_wait() {
    let place = Place::new();
    let (service, browser) = place.serve_signed_in();
    let (late, patient) = (next_email(), next_email());
    let waiting = on_database(&place.database, async |connection| {
        let held = connection.begin_with("begin immediate").await.unwrap();
        let command = ["user", "add", "--email", &patient, "--name", "Patient Reed", "--role", "officer"];
        let waiting = place.command(&command).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();

        assert_eq!(browser.get("/people").unwrap().status, 200, "reading needs no lock");
        let refused = add_person(&browser, &late).unwrap();
        assert_eq!(refused.status, 503, "{}", refused.text());
        let words = refused.text();
        assert!(words.contains("Something else is writing to the database just now"), "{words}");
        assert!(words.contains("Nothing was changed"), "{words}");
        held.rollback().await.unwrap();
        waiting
    });
    let waited = waiting.wait_with_output().unwrap();
    assert!(waited.status.success(), "{}", String::from_utf8_lossy(&waited.stderr));
    assert_eq!(add_person(&browser, &late).unwrap().status, 200, "and then it works again");
    let mut emails: Vec<_> = place.people().into_iter().map(|person| person.email).collect();
    emails.sort();
    assert_eq!(emails, [late, patient]);
    assert!(service.stop().success());
    place.doctor();
}
