//! Clients that go away, dawdle, or come in greater number than there are file descriptors.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use sqlx::Connection;

use crate::support::browser::{Browser, encode};
use crate::support::load::{add_person, next_email, person};
use crate::support::{Person, Place, Service, on_database};

/// A whole request as bytes.
fn request(browser: &Browser, path: &str, body: &str) -> String {
    let mut text = format!("POST {path} HTTP/1.1\r\nhost: {}\r\ncontent-length: {}\r\n", browser.address(), body.len());
    for (name, value) in browser.form_headers() {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text + "\r\n" + body
}

#[test]
fn a_write_is_finished_although_its_client_has_gone_and_half_a_form_begins_none() {
    let place = Place::new();
    let (service, browser) = place.serve_signed_in();
    let emails: Vec<String> = (0..5).map(|_| next_email()).collect();
    let requests = emails.iter().map(|email| {
        let form = browser.get("/people/new").unwrap();
        request(&browser, "/people", &encode(&person(&form, email)))
    });
    let requests: Vec<_> = requests.collect();
    let half = next_email();
    let form = browser.get("/people/new").unwrap();
    let half_form = request(&browser, "/people", &encode(&person(&form, &half)));

    // While somebody else holds the lock every write has begun and none can end. Then the clients go.
    on_database(&place.database, async |connection| {
        let held = connection.begin_with("begin immediate").await.unwrap();
        let clients: Vec<_> = requests.iter().map(|text| send(&browser, text.as_bytes())).collect();
        let cut = send(&browser, &half_form.as_bytes()[..half_form.len() - 10]);
        std::thread::sleep(Duration::from_secs(3));
        drop((clients, cut));
        std::thread::sleep(Duration::from_millis(500));
        held.rollback().await.unwrap();
    });
    while place.people().len() < emails.len() {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(service.stop().success());
    let people = place.people();
    assert!(people.iter().all(Person::is_whole), "{people:?}");
    let mut there: Vec<_> = people.into_iter().map(|person| person.email).collect();
    there.sort();
    assert_eq!(there, emails, "each once, and nobody of half a form");
    place.doctor();
}

fn send(browser: &Browser, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(browser.address()).unwrap();
    stream.write_all(bytes).unwrap();
    stream
}

#[test]
fn slow_clients_keep_nobody_out_and_do_not_stop_a_stop() {
    let place = Place::new();
    let (service, browser) = place.serve_signed_in();
    let form = browser.get("/people/new").unwrap();
    let text = request(&browser, "/people", &encode(&person(&form, &next_email())));
    let slow: Vec<TcpStream> = (0..100)
        .map(|number| {
            let mut stream = TcpStream::connect(browser.address()).unwrap();
            // Some have not even sent a line, some are in the middle of the body.
            let sent = if number % 2 == 0 { 5 } else { text.len() - 7 };
            stream.write_all(&text.as_bytes()[..sent]).unwrap();
            stream
        })
        .collect();
    let email = next_email();
    assert_eq!(add_person(&browser, &email).unwrap().status, 200);
    assert!(service.stop().success());
    drop(slow);
    assert_eq!(place.people().into_iter().map(|person| person.email).collect::<Vec<_>>(), [email]);
}

#[test]
fn when_file_descriptors_run_out_nothing_is_lost_and_it_goes_on_afterwards() {
    let place = Place::new();
    let (service, browser) = place.serve_signed_in();
    assert!(service.stop().success());
    let service = Service::start(limited(&place, "ulimit -n 40")).unwrap();
    let browser = browser.at(&service);
    let before = next_email();
    assert_eq!(add_person(&browser, &before).unwrap().status, 200);
    let mut many = Vec::new();
    for _ in 0..120 {
        many.extend(TcpStream::connect(browser.address()));
    }
    assert!(many.len() > 40, "more connections than descriptors");
    drop(many);
    let after = next_email();
    let fresh = browser.at(&service);
    assert_eq!(add_person(&fresh, &after).unwrap().status, 200);
    assert!(service.stop().success());
    assert_eq!(place.people().into_iter().map(|person| person.email).collect::<Vec<_>>(), [before, after]);
    place.doctor();
}

#[test]
fn a_click_sent_twenty_times_at_once_makes_one_thing() {
    let place = Place::new();
    let (service, browser) = place.serve_signed_in();
    let email = next_email();
    let form = browser.get("/people/new").unwrap();
    let text = request(&browser, "/people", &encode(&person(&form, &email)));
    let clicks: Vec<_> = (0..20)
        .map(|_| {
            let (text, address) = (text.clone(), browser.address().to_owned());
            std::thread::spawn(move || {
                let mut stream = TcpStream::connect(address).unwrap();
                stream.write_all(text.as_bytes()).unwrap();
                let mut start = [0; 12];
                stream.read_exact(&mut start).unwrap();
                String::from_utf8_lossy(&start[9..]).into_owned()
            })
        })
        .collect();
    let answers: Vec<_> = clicks.into_iter().map(|click| click.join().unwrap()).collect();
    assert_eq!(answers.iter().filter(|status| *status == "200").count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| *status == "303").count(), 19, "{answers:?}");
    assert_eq!(place.people().len(), 1);
    assert!(service.stop().success());
}

/// The service behind a limit of the shell.
pub fn limited(place: &Place, limit: &str) -> Command {
    let serve = place.command(&["serve", "--listen", "127.0.0.1:0", "--log", "error"]);
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!(r#"{limit}; exec "$0" "$@""#)).arg(serve.get_program()).args(serve.get_args());
    command.current_dir(place.folder.path());
    command
}
