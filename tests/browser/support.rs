//! The demonstration as a newcomer starts it, and real Chromium looking at it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chromiumoxide::cdp::browser_protocol::dom::SetFileInputFilesParams;
use chromiumoxide::cdp::browser_protocol::emulation::{
    MediaFeature, SetDeviceMetricsOverrideParams, SetEmulatedMediaParams,
};
use chromiumoxide::cdp::browser_protocol::input::{DispatchKeyEventParams, DispatchKeyEventType};
use chromiumoxide::cdp::browser_protocol::network;
use chromiumoxide::page::ScreenshotParams;
use chromiumoxide::{Browser, BrowserConfig, Page};
use futures::StreamExt;
use tempfile::TempDir;

const FLAGS: [&str; 6] = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];
const PATIENCE: Duration = Duration::from_secs(20);

/// `hearth demo` on a free port, with the sign-ins that it printed.
pub struct Demo {
    process: Child,
    pub address: String,
    password: String,
    /// The line in lower case, which begins with the role, and its e-mail.
    sign_ins: Vec<(String, String)>,
}

impl Demo {
    /// Few households: enough for every state, quick to make.
    pub fn start() -> Demo {
        let mut process = Command::new(env!("CARGO_BIN_EXE_hearth"))
            .args(["demo", "--listen", "127.0.0.1:0", "--households", "90"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("hearth demo starts");
        let lines = BufReader::new(process.stdout.take().expect("its output")).lines().map_while(Result::ok);
        let mut demo = Demo { process, address: String::new(), password: String::new(), sign_ins: Vec::new() };
        for line in lines {
            let mut words = line.split_whitespace();
            if words.any(|word| word == "password") {
                demo.password = words.next().unwrap_or_default().to_owned();
            } else if let Some(email) = line.split_whitespace().find(|word| word.contains('@')) {
                demo.sign_ins.push((line.trim().to_lowercase(), email.to_owned()));
            } else if let Some(address) = line.split_whitespace().find(|word| word.starts_with("http://")) {
                demo.address = address.trim_end_matches('/').to_owned();
                break;
            }
        }
        assert!(!demo.address.is_empty(), "the demonstration does not say where it is");
        demo
    }

    /// The e-mail and password printed for a role.
    pub fn sign_in_of(&self, role: &str) -> (&str, &str) {
        let found = self.sign_ins.iter().find(|(line, _)| line.starts_with(role));
        let (_, email) = found.unwrap_or_else(|| panic!("no sign-in for {role}: {:?}", self.sign_ins));
        (email, &self.password)
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// One browser with a profile of its own.
pub struct Chromium {
    browser: Browser,
    _profile: TempDir,
}

impl Chromium {
    pub async fn start() -> Chromium {
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let config = BrowserConfig::builder()
            .no_sandbox()
            .new_headless_mode()
            .user_data_dir(profile.path())
            .viewport(None)
            .args(FLAGS)
            .build()
            .expect("Chromium is installed (tests/run installs it)");
        let (browser, mut handler) = Browser::launch(config).await.expect("Chromium starts");
        tokio::spawn(async move { while handler.next().await.is_some() {} });
        Chromium { browser, _profile: profile }
    }

    pub async fn tab(&self, width: u32) -> Tab {
        let page = self.browser.new_page("about:blank").await.expect("a tab");
        let tab = Tab { page };
        tab.resize(width).await;
        tab
    }
}

/// A tab, with what a person does in it.
pub struct Tab {
    pub page: Page,
}

impl Tab {
    pub async fn resize(&self, width: u32) {
        let metrics = SetDeviceMetricsOverrideParams::new(i64::from(width), 900, 1.0, false);
        self.page.execute(metrics).await.expect("the window takes its size");
    }

    /// No script of a page is fetched, and pages hold none inside (the content security policy forbids it): as where
    /// JavaScript is off, and axe and the mouse still work.
    pub async fn without_javascript(&self) {
        self.page.execute(network::EnableParams::default()).await.expect("the network can be watched");
        let scripts = network::BlockPattern::new("*://*:*/static/*.js", true);
        let block = network::SetBlockedUrLsParams::builder().url_pattern(scripts).build();
        self.page.execute(block).await.expect("scripts are blocked");
    }

    /// Whether the page's own script has run.
    pub async fn has_javascript(&self) -> bool {
        let there = self.page.evaluate_expression("typeof htmx !== 'undefined'").await.expect("the page answers");
        there.into_value().expect("yes or no")
    }

    pub async fn dark(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let scheme = MediaFeature::new("prefers-color-scheme", value);
        self.page.emulate_media_features(vec![scheme]).await.expect("the colour scheme changes");
    }

    /// As it is printed, or on the screen again.
    pub async fn on_paper(&self, paper: bool) {
        let media = SetEmulatedMediaParams::builder().media(if paper { "print" } else { "" }).build();
        self.page.execute(media).await.expect("the medium changes");
    }

    /// What the page has to press, by its words, as far as it is shown.
    pub async fn pressable(&self) -> Vec<String> {
        let script = "[...document.querySelectorAll('main :is(a, button, select, summary)')]\
                      .filter(it => it.checkVisibility()).map(it => it.innerText.trim())";
        self.page.evaluate_expression(script).await.expect("the page answers").into_value().expect("a list of words")
    }

    /// A tab behind another one gets no clicks.
    pub async fn to_front(&self) {
        self.page.bring_to_front().await.expect("the tab comes to the front");
    }

    pub async fn open(&self, url: &str) {
        self.page.goto(url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    pub async fn sign_in(&self, demo: &Demo, role: &str) {
        let (email, password) = demo.sign_in_of(role);
        self.open(&demo.url("/sign-in")).await;
        self.fill("#email", email).await;
        self.fill("#password", password).await;
        self.press_button("Sign in").await;
        self.until_text("h1", |heading| heading != "Sign in").await;
    }

    /// The connection of this tab drops, or is there again.
    #[allow(deprecated, reason = "what replaces it sets rules for addresses, not the connection")]
    pub async fn offline(&self, offline: bool) {
        self.page.execute(network::EnableParams::default()).await.expect("the network can be watched");
        let conditions = network::EmulateNetworkConditionsParams::new(offline, 0.0, -1.0, -1.0);
        self.page.execute(conditions).await.expect("the connection drops");
    }

    /// Types into a field in place of what stands there.
    pub async fn fill(&self, selector: &str, text: &str) {
        let field = self.find(selector).await;
        field.click().await.expect("the field takes the focus");
        self.key_with("a", 2).await;
        self.key("Delete").await;
        self.write(text).await;
    }

    /// Chooses a file for a field, as a person does in the dialogue of the browser.
    pub async fn choose_file(&self, selector: &str, path: &Path) {
        let field = self.find(selector).await;
        let files = vec![path.to_string_lossy().into_owned()];
        let mut choose = SetFileInputFilesParams::new(files);
        choose.backend_node_id = Some(field.backend_node_id);
        self.page.execute(choose).await.expect("the field takes the file");
    }

    /// Clicks the first link, or thing that opens, with that text.
    pub async fn follow(&self, text: &str) {
        self.click_on(format!("//*[self::a or self::summary][normalize-space(.)='{text}']")).await;
    }

    /// Presses the button of the page with that text.
    pub async fn press_button(&self, text: &str) {
        self.click_on(format!("(//main//button[normalize-space(.)='{text}'])[last()]")).await;
    }

    /// Clicks what an XPath leads to, as soon as the page is complete and it is there: a button moves while the page above
    /// it is still on its way, and the last of two is another one until the second has come.
    pub async fn click_on(&self, path: impl Into<String>) {
        let path = path.into();
        let started = Instant::now();
        loop {
            self.complete().await;
            match self.page.find_xpath(path.clone()).await {
                Ok(element) => {
                    element.scroll_into_view().await.expect("it can be brought into view");
                    element.click().await.unwrap_or_else(|error| panic!("cannot click {path}: {error}"));
                    return;
                }
                Err(_) if started.elapsed() < PATIENCE => tokio::time::sleep(Duration::from_millis(50)).await,
                Err(error) => panic!("there is no {path} on {}: {error}", self.address().await),
            }
        }
    }

    /// Waits until the page has come with all that it needs.
    pub async fn complete(&self) {
        let started = Instant::now();
        // Between two pages there is nothing to ask: that is no answer yet.
        while self.says("document.readyState === 'complete'").await != Some(true) {
            assert!(started.elapsed() < PATIENCE, "{} is never complete", self.address().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn says(&self, script: &str) -> Option<bool> {
        self.page.evaluate_expression(script).await.ok()?.into_value().ok()
    }

    pub async fn find(&self, selector: &str) -> chromiumoxide::Element {
        let started = Instant::now();
        loop {
            match self.page.find_element(selector).await {
                Ok(element) => return element,
                Err(_) if started.elapsed() < PATIENCE => tokio::time::sleep(Duration::from_millis(50)).await,
                Err(error) => panic!("there is no {selector} on {}: {error}", self.address().await),
            }
        }
    }

    /// The text of the first match, as it is shown.
    pub async fn text(&self, selector: &str) -> String {
        match self.page.find_element(selector).await {
            Ok(element) => element.inner_text().await.ok().flatten().unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Waits until the text of the first match is as it should be, also across a change of page.
    pub async fn until_text(&self, selector: &str, right: impl Fn(&str) -> bool) -> String {
        let started = Instant::now();
        loop {
            let text = self.text(selector).await;
            if !text.is_empty() && right(&text) {
                return text;
            }
            let address = self.address().await;
            assert!(started.elapsed() < PATIENCE, "{selector} on {address} stays “{text}”");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub async fn address(&self) -> String {
        self.page.url().await.ok().flatten().unwrap_or_default()
    }

    /// Types where the focus is.
    pub async fn write(&self, text: &str) {
        let insert = chromiumoxide::cdp::browser_protocol::input::InsertTextParams::new(text);
        self.page.execute(insert).await.expect("the field takes text");
    }

    /// What stands in a field.
    pub async fn typed(&self, selector: &str) -> String {
        let value = self.find(selector).await.property("value").await.expect("a field has a value");
        value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    }

    pub async fn is_checked(&self, selector: &str) -> bool {
        let property = self.find(selector).await.property("checked").await.ok().flatten();
        property.is_some_and(|checked| checked.as_bool() == Some(true))
    }

    pub async fn key(&self, key: &str) {
        self.key_with(key, 0).await;
    }

    /// `modifiers`: 1 alt, 2 control, 8 shift.
    pub async fn key_with(&self, key: &str, modifiers: i64) {
        let definition = chromiumoxide::keys::get_key_definition(key).unwrap_or_else(|| panic!("no key {key}"));
        for kind in [DispatchKeyEventType::RawKeyDown, DispatchKeyEventType::KeyUp] {
            let mut event = DispatchKeyEventParams::builder()
                .r#type(kind.clone())
                .key(definition.key)
                .code(definition.code)
                .windows_virtual_key_code(definition.key_code)
                .native_virtual_key_code(definition.key_code)
                .modifiers(modifiers);
            if kind == DispatchKeyEventType::RawKeyDown {
                if key == "Enter" {
                    event = event.r#type(DispatchKeyEventType::KeyDown).text("\r");
                }
                if key == "a" && modifiers == 2 {
                    event = event.command("selectAll");
                }
            }
            self.page.execute(event.build().expect("a key event")).await.expect("the key is pressed");
        }
    }

    /// Presses a shortcut until it has put the focus where it leads: the page's scripts may still be on their way.
    pub async fn key_to(&self, key: &str, selector: &str) {
        let script = format!("document.activeElement !== null && document.activeElement.matches({selector:?})");
        let started = Instant::now();
        self.complete().await;
        while !self.has_javascript().await {
            assert!(started.elapsed() < PATIENCE, "{} never has its scripts", self.address().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        loop {
            let there = self.page.evaluate_expression(script.as_str()).await.expect("there is a focus");
            if there.into_value().expect("yes or no") {
                return;
            }
            assert!(started.elapsed() < PATIENCE, "{key} never leads to {selector} on {}", self.address().await);
            self.key(key).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Presses Tab until the focus is on what the selector names, and says how often that took.
    pub async fn tab_to(&self, selector: &str) -> usize {
        let script = format!("document.activeElement !== null && document.activeElement.matches({selector:?})");
        for pressed in 0..150 {
            let there = self.page.evaluate_expression(script.as_str()).await.expect("there is a focus");
            if there.into_value().expect("yes or no") {
                return pressed;
            }
            self.key("Tab").await;
        }
        panic!("Tab never reaches {selector} on {}", self.address().await);
    }

    /// Whether the focus can be seen: an outline, and the whole of it inside the window.
    pub async fn focus_is_visible(&self) -> bool {
        let script = "(() => { const e = document.activeElement, r = e.getBoundingClientRect(), s = getComputedStyle(e); \
                      return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && r.bottom > 0 && \
                      r.top < innerHeight && r.right > 0 && r.left < innerWidth; })()";
        self.page.evaluate_expression(script).await.expect("there is a focus").into_value().expect("yes or no")
    }

    /// Colours on their way to others, as after a change from light to dark, are there at once: a tab that nobody looks
    /// at would never bring them there.
    async fn end_transitions(&self) {
        let script = "document.getAnimations().filter(it => it instanceof CSSTransition).map(it => it.finish()).length";
        self.page.evaluate_expression(script).await.expect("transitions end");
    }

    /// What axe finds wrong, a line each; empty when there are no barriers that it knows of.
    pub async fn barriers(&self) -> Vec<String> {
        self.end_transitions().await;
        let axe = std::fs::read_to_string(folder().join("node_modules/axe-core/axe.min.js"))
            .expect("axe is installed (tests/run installs it)");
        self.page.evaluate_expression(axe).await.expect("axe loads");
        let run = "axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations.map(v => \
                   v.id + ': ' + v.help + ' at ' + v.nodes.map(n => n.target.join(' ') + ' [' + \
                   (n.any.concat(n.all, n.none).map(c => c.message).join('; ')) + ']').slice(0, 3).join(' | ')))";
        self.page.evaluate(run).await.expect("axe runs").into_value().expect("axe answers in lines")
    }

    /// How many pixels the page is wider than the window.
    pub async fn overflow(&self) -> i64 {
        let script = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        self.page.evaluate_expression(script).await.expect("the page has a width").into_value().expect("a number")
    }

    /// Kept under target/screenshots, to be looked at.
    pub async fn screenshot(&self, name: &str) {
        self.end_transitions().await;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/screenshots");
        std::fs::create_dir_all(&folder).expect("a folder for screenshots");
        let whole = ScreenshotParams::builder().full_page(true).build();
        self.page.save_screenshot(whole, folder.join(format!("{name}.png"))).await.expect("a picture");
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser")
}
