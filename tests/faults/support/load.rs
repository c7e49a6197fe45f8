//! Writing load: several tabs of one person, each adding people or recording visits as fast as the service takes them.

use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::browser::{Browser, Page};

/// Unique over a whole test, so that a save of an earlier round cannot be taken for one of this.
static NUMBER: AtomicI32 = AtomicI32::new(1);

pub struct Load {
    stop: Arc<AtomicBool>,
    acknowledged: Arc<Mutex<Vec<String>>>,
    tabs: Vec<JoinHandle<()>>,
}

impl Load {
    /// Adds people: what is acknowledged is their e-mail addresses.
    pub fn start(browser: &Browser, tabs: usize) -> Load {
        Load::of(browser, tabs, |browser| {
            let email = next_email();
            let page = add_person(browser, &email)?;
            Ok((email, 200, page))
        })
    }

    /// Records visits to enquiries, no two on one day: what is acknowledged is the days.
    pub fn visits(browser: &Browser, tabs: usize, enquiries: i64) -> Load {
        Load::of(browser, tabs, move |browser| {
            let number = NUMBER.fetch_add(1, Ordering::SeqCst);
            let day = jiff::civil::date(2016, 1, 1).saturating_add(jiff::Span::new().days(number)).to_string();
            let path = format!("/enquiries/{}/milestones", i64::from(number) % enquiries + 1);
            let page = record_visit(browser, &path, &day)?;
            Ok((day, 303, page))
        })
    }

    /// Each turn gives what would be acknowledged, the status that acknowledges it, and the answer.
    fn of(
        browser: &Browser,
        tabs: usize,
        turn: impl Fn(&Browser) -> Result<(String, u16, Page), ureq::Error> + Clone + Send + 'static,
    ) -> Load {
        let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let tabs = (0..tabs)
            .map(|_| {
                let (browser, stop, acknowledged) = (browser.clone(), stop.clone(), acknowledged.clone());
                let turn = turn.clone();
                std::thread::spawn(move || {
                    // Ends too when the service is gone: what was sent last is then neither known nor unknown.
                    while !stop.load(Ordering::SeqCst) {
                        match turn(&browser) {
                            Ok((saved, status, page)) if page.status == status => {
                                acknowledged.lock().unwrap().push(saved)
                            }
                            Ok((saved, _, page)) => panic!("{saved}: {} {}", page.status, page.text()),
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

    /// Everything whose saving was acknowledged.
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

fn record_visit(browser: &Browser, path: &str, day: &str) -> Result<Page, ureq::Error> {
    let form = browser.get(&format!("{path}/new?kind=initial_visit"))?;
    assert_eq!(form.status, 200, "{}", form.text());
    let fields = [
        ("csrf", form.field("csrf")),
        ("form_token", form.field("form_token")),
        ("kind", "initial_visit".to_owned()),
        ("on", day.to_owned()),
    ];
    browser.post(path, &fields)
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
