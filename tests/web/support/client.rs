//! A browser: keeps cookies, follows nothing by itself, and sends the forms that it is shown.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, Response, StatusCode};
use hearth::web::csrf_token;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::page::SentForm;
use super::{Page, TestApp};

#[derive(Clone)]
pub struct Client {
    app: TestApp,
    cookies: BTreeMap<String, String>,
    htmx: bool,
}

impl Client {
    pub(super) fn new(app: TestApp) -> Client {
        Client { app, cookies: BTreeMap::new(), htmx: false }
    }

    /// From now on asks as htmx does.
    pub fn htmx(mut self) -> Client {
        self.htmx = true;
        self
    }

    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Sends a form of a page as a browser would: its hidden and filled-in fields, with `values` typed over them. A
    /// field that is named several times in `values` is sent several times.
    #[track_caller]
    pub fn submit<'a>(
        &'a mut self,
        page: &Page,
        form: &str,
        values: &[(&str, &str)],
    ) -> impl Future<Output = Page> + use<'a> {
        self.submit_form(page.form(form), values)
    }

    /// The same by a button that sends it elsewhere (`formaction`).
    #[track_caller]
    pub fn submit_to<'a>(
        &'a mut self,
        page: &Page,
        form: &str,
        action: &str,
        values: &[(&str, &str)],
    ) -> impl Future<Output = Page> + use<'a> {
        assert!(page.has(&format!("{form} [formaction='{action}']")), "no button sends {form} to {action}");
        self.submit_form(SentForm { action: action.to_owned(), ..page.form(form) }, values)
    }

    fn submit_form<'a>(&'a mut self, form: SentForm, values: &[(&str, &str)]) -> impl Future<Output = Page> + use<'a> {
        let mut fields = form.fields;
        fields.retain(|(name, _)| values.iter().all(|(typed, _)| typed != name));
        fields.extend(values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        async move {
            if form.method == Method::GET {
                self.get(&format!("{}?{}", form.action, encoded(&fields))).await
            } else {
                self.post_fields(&form.action, &fields).await
            }
        }
    }

    /// Sends a form that no page has shown: nothing but `values`, and the token that a page of ours would hold.
    pub async fn post(&mut self, path: &str, values: &[(&str, &str)]) -> Page {
        let mut fields: Vec<_> = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        if fields.iter().all(|(name, _)| name != csrf_token::FIELD) {
            fields.push((csrf_token::FIELD.to_owned(), self.csrf()));
        }
        self.post_fields(path, &fields).await
    }

    /// The token that a page of ours would hold for this browser.
    fn csrf(&mut self) -> String {
        if self.cookie("hearth").is_none() && self.cookie("hearth-visitor").is_none() {
            self.set_cookie("hearth-visitor", &"v".repeat(43));
        }
        csrf_token::masked(self.cookie("hearth").or(self.cookie("hearth-visitor")).unwrap_or_default())
    }

    async fn post_fields(&mut self, path: &str, fields: &[(String, String)]) -> Page {
        let request = Request::post(path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(encoded(fields)))
            .unwrap();
        self.send(request).await
    }

    /// Follows the redirect that a page is.
    #[track_caller]
    pub fn follow<'a>(&'a mut self, page: &Page) -> impl Future<Output = Page> + use<'a> {
        let location = page.location();
        async move { self.get(&location).await }
    }

    /// A download, as it is.
    pub async fn get_bytes(&mut self, path: &str) -> Vec<u8> {
        self.answer(Request::get(path).body(Body::empty()).unwrap()).await.2
    }

    /// Sends any request with this browser's cookies, and keeps those that come back.
    pub async fn send(&mut self, request: Request<Body>) -> Page {
        let (status, headers, bytes) = self.answer(request).await;
        Page::new(status, headers, &bytes)
    }

    async fn answer(&mut self, mut request: Request<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
        let headers = request.headers_mut();
        headers.entry(HOST).or_insert("localhost:8080".parse().unwrap());
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            headers.insert(COOKIE, cookies.join("; ").parse().unwrap());
        }
        if self.htmx {
            headers.insert("hx-request", "true".parse().unwrap());
        }
        let response = self.app.router.clone().oneshot(request).await.unwrap();
        self.keep_cookies(&response);
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        (parts.status, parts.headers, bytes.to_vec())
    }

    fn keep_cookies(&mut self, response: &Response<Body>) {
        for cookie in response.headers().get_all(SET_COOKIE) {
            let (pair, attributes) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.set_cookie(name, value);
            }
        }
    }
}

fn encoded(fields: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}
