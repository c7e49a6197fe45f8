//! Writing load: several tabs of one person, each adding people as fast as the service takes them.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::browser::{Browser, Page};

/// Unique over a whole test, so that a save of an earlier round cannot be taken for one of this.
static NUMBER: AtomicU32 = AtomicU32::new(1);

pub struct Load {
    stop: Arc<AtomicBool>,
    acknowledged: Arc<Mutex<Vec<String>>>,
    tabs: Vec<JoinHandle<()>>,
}

impl Load {
    pub fn start(browser: &Browser, tabs: usize) -> Load {
        let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let tabs = (0..tabs)
            .map(|_| {
                let (browser, stop, acknowledged) = (browser.clone(), stop.clone(), acknowledged.clone());
                std::thread::spawn(move || {
                    // Ends too when the service is gone: what was sent last is then neither known nor unknown.
                    while !stop.load(Ordering::SeqCst) {
                        let email = next_email();
                        match add_person(&browser, &email) {
                            Ok(page) if page.status == 200 => acknowledged.lock().unwrap().push(email),
                            Ok(page) => panic!("{}: {}", page.status, page.text()),
                            Err(_) => break,
                        }
                    }
                })
            })
            .collect();
        Load { stop, acknowledged, tabs }
    }

    /// Waits until so many were saved.
    pub fn until(&self, saved: usize) {
        while self.acknowledged.lock().unwrap().len() < saved {
            assert!(!self.tabs.iter().all(JoinHandle::is_finished), "nobody is saving any more");
            std::thread::yield_now();
        }
    }

    /// The e-mail addresses of everybody whose saving was acknowledged.
    pub fn end(self) -> Vec<String> {
        self.stop.store(true, Ordering::SeqCst);
        for tab in self.tabs {
            tab.join().unwrap();
        }
        Arc::into_inner(self.acknowledged).unwrap().into_inner().unwrap()
    }
}

pub fn next_email() -> String {
    format!("load-{:05}@example.org", NUMBER.fetch_add(1, Ordering::SeqCst))
}

/// One save through the page: the form with its one-time token, then what a person would send.
pub fn add_person(browser: &Browser, email: &str) -> Result<Page, ureq::Error> {
    let form = browser.get("/people/new")?;
    assert_eq!(form.status, 200, "{}", form.text());
    browser.post("/people", &person(&form, email))
}

pub fn person(form: &Page, email: &str) -> [(&'static str, String); 5] {
    [
        ("csrf", form.field("csrf")),
        ("form_token", form.field("form_token")),
        ("name", format!("Somebody {email}")),
        ("email", email.to_owned()),
        ("role", "officer".to_owned()),
    ]
}
