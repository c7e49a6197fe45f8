//! Somebody with a browser: keeps cookies, reads the hidden fields of forms, sends them as the page would.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use scraper::{Html, Selector};
use ureq::Agent;
use ureq::http::Response;

use super::Service;

const PASSWORD: &str = "seven candles under the stairs";

/// Cheap to clone; clones share their cookies, as tabs do.
#[derive(Clone)]
pub struct Browser {
    agent: Agent,
    address: String,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
}

#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub body: String,
}

impl Page {
    /// A hidden field's value.
    pub fn field(&self, name: &str) -> String {
        let selector = Selector::parse(&format!(r#"main input[name="{name}"], input[name="{name}"]"#)).unwrap();
        let page = Html::parse_document(&self.body);
        let field = page.select(&selector).next().and_then(|field| field.value().attr("value"));
        field.unwrap_or_else(|| panic!("no field {name} in ({}) {}", self.status, self.body)).to_owned()
    }

    /// What a person reads in the middle of the page.
    pub fn text(&self) -> String {
        let page = Html::parse_document(&self.body);
        let main = Selector::parse("main").unwrap();
        let text: String = page.select(&main).flat_map(|main| main.text()).collect::<Vec<_>>().join(" ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl Browser {
    pub fn new(service: &Service) -> Browser {
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0).build();
        Browser { agent: config.into(), address: service.address.clone(), cookies: Arc::default() }
    }

    /// Makes the first account by the printed link, and signs in.
    pub fn first_administrator(service: &Service) -> Browser {
        let browser = Browser::new(service);
        let link = service.first_link();
        let page = browser.get(&link).unwrap();
        let account = [
            ("csrf", page.field("csrf")),
            ("name", "Ada Min".to_owned()),
            ("email", "ada@example.org".to_owned()),
            ("password", PASSWORD.to_owned()),
            ("again", PASSWORD.to_owned()),
        ];
        let made = browser.post(&link, &account).unwrap();
        assert_eq!(made.status, 303, "{}", made.text());
        browser.sign_in();
        browser
    }

    pub fn sign_in(&self) {
        let page = self.get("/sign-in").unwrap();
        let form = [
            ("csrf", page.field("csrf")),
            ("next", String::new()),
            ("email", "ada@example.org".to_owned()),
            ("password", PASSWORD.to_owned()),
        ];
        let entered = self.post("/sign-in", &form).unwrap();
        assert_eq!(entered.status, 303, "{}", entered.text());
    }

    /// The same person with the same cookies at a service that was started again.
    pub fn at(&self, service: &Service) -> Browser {
        Browser { address: service.address.clone(), ..self.clone() }
    }

    pub fn get(&self, path: &str) -> Result<Page, ureq::Error> {
        let request = self.agent.get(self.url(path)).header("cookie", self.cookie());
        self.page(request.call()?)
    }

    pub fn post(&self, path: &str, fields: &[(&str, String)]) -> Result<Page, ureq::Error> {
        let mut request = self.agent.post(self.url(path));
        for (name, value) in self.form_headers() {
            request = request.header(name, value);
        }
        self.page(request.send(encode(fields))?)
    }

    /// What a browser sends with a form of the service's own page.
    pub fn form_headers(&self) -> [(&'static str, String); 4] {
        [
            ("cookie", self.cookie()),
            ("content-type", "application/x-www-form-urlencoded".to_owned()),
            ("sec-fetch-site", "same-origin".to_owned()),
            ("origin", format!("http://{}", self.address)),
        ]
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn cookie(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn page(&self, mut response: Response<ureq::Body>) -> Result<Page, ureq::Error> {
        let mut cookies = self.cookies.lock().unwrap();
        for set in response.headers().get_all("set-cookie") {
            let pair = set.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        drop(cookies);
        Ok(Page { status: response.status().as_u16(), body: response.body_mut().read_to_string()? })
    }
}

pub fn encode(fields: &[(&str, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}
