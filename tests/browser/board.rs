//! The board in real Chromium: cards carried with the mouse, moved by the menu and without scripts, refused, and put
//! back where a connection drops.

use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::input::{DispatchMouseEventParams, DispatchMouseEventType, MouseButton};

use crate::pages::look_at;
use crate::support::{Chromium, Demo, Tab};

/// The first card of the column In contact.
const CARD: &str = "#cards-in_contact .card";

#[tokio::test(flavor = "multi_thread")]
async fn a_card_is_carried_to_the_next_column_and_asks_for_the_day() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let tab = opened(&demo, &chromium, 1280).await;
    let (id, name) = first_card(&tab).await;
    carry(&tab, CARD, "#head-visited").await;
    // It stands where it was dropped, and the day is filled in.
    let carried = format!("#cards-visited #card-{id}-in_contact");
    tab.find(&format!("{carried} form")).await;
    assert!(has_focus(&tab, "#on").await, "the day has the focus");
    tab.screenshot("board-asks").await;
    tab.press_button("Move").await;
    tab.until_text("#live", |said| said == format!("{name} moved to Visited")).await;
    tab.find(&format!("#cards-visited #card-{id}-visited")).await;
    assert!(has_focus(&tab, &format!("#card-{id}-visited h3 a")).await, "the focus goes with the card");
    // It stays so, and is the milestone that the record shows.
    tab.open(&demo.url(&format!("/enquiries/{id}"))).await;
    assert!(tab.text(".identity").await.contains("Visited"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_goes_back_and_says_why() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let tab = opened(&demo, &chromium, 1280).await;
    let (id, name) = first_card(&tab).await;
    let home = format!("#cards-in_contact #card-{id}-in_contact");
    // Too far.
    carry(&tab, CARD, "#head-application").await;
    let said = tab.until_text(&format!("{home} [data-refused]"), |said| !said.is_empty()).await;
    assert!(said.contains("From In contact it goes to Visited next"), "{said}");
    assert!(has_focus(&tab, &format!("{home} [data-refused]")).await);
    tab.until_text("#live", |said| said.ends_with(&format!("The card of {name} is in In contact."))).await;
    // Back.
    carry(&tab, CARD, "#head-new").await;
    tab.until_text(&format!("{home} [data-refused]"), |said| said.contains("It cannot go back")).await;
    let mut found = Vec::new();
    look_at(&tab, "board-refused", &mut found).await;
    assert!(found.is_empty(), "{}", found.join("\n"));
    // A day that cannot be: the card goes back, what was typed stays.
    carry(&tab, CARD, "#head-visited").await;
    tab.find(&format!("#card-{id}-in_contact form")).await;
    tab.fill("#on", "1/1/2020").await;
    tab.press_button("Move").await;
    let said = tab.until_text(&format!("{home} .error-summary"), |said| said.contains("before the enquiry")).await;
    assert!(said.contains("Initial visit"), "{said}");
    assert_eq!(tab.typed(&format!("{home} #on")).await, "1/1/2020");
    let mut found = Vec::new();
    look_at(&tab, "board-wrong", &mut found).await;
    assert!(found.is_empty(), "{}", found.join("\n"));
    // Escape puts a card down where it was.
    press(&tab, &format!("{home} h3"), "#head-visited").await;
    tab.find(".carried").await;
    tab.key("Escape").await;
    assert!(tab.page.find_element(".carried").await.is_err() && tab.page.find_element(".is-lifted").await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_menu_moves_a_card_by_keyboard() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let tab = opened(&demo, &chromium, 1280).await;
    let (id, name) = first_card(&tab).await;
    tab.tab_to(&format!("{CARD} .move summary")).await;
    assert!(tab.focus_is_visible().await);
    tab.key("Enter").await;
    tab.tab_to(&format!("{CARD} a[data-to=visited]")).await;
    tab.key("Enter").await;
    tab.find(&format!("{CARD} form")).await;
    // Changed their mind.
    tab.tab_to(&format!("{CARD} [data-cancel]")).await;
    tab.key("Enter").await;
    tab.until_text("#live", |said| said == format!("Nothing was changed. The card of {name} is in In contact.")).await;
    assert!(has_focus(&tab, &format!("{CARD} .move summary")).await);
    tab.key("Enter").await;
    tab.tab_to(&format!("{CARD} a[data-to=visited]")).await;
    tab.key("Enter").await;
    tab.find(&format!("{CARD} form")).await;
    tab.tab_to(&format!("{CARD} form button")).await;
    tab.key("Enter").await;
    tab.until_text("#live", |said| said == format!("{name} moved to Visited")).await;
    assert!(has_focus(&tab, &format!("#card-{id}-visited h3 a")).await);
    assert!(tab.focus_is_visible().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_the_menu_leads_to_a_page() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let tab = chromium.tab(390).await;
    tab.without_javascript().await;
    tab.sign_in(&demo, "recruitment officer").await;
    tab.open(&demo.url("/board?state=open")).await;
    let (id, name) = first_card(&tab).await;
    tab.find(&format!("{CARD} .move summary")).await.click().await.expect("it opens");
    tab.find(&format!("{CARD} a[data-to=visited]")).await.click().await.expect("it can be followed");
    tab.until_text("h1", |heading| heading == "Move to Visited").await;
    tab.fill("#on", "1/1/2020").await;
    tab.press_button("Move").await;
    tab.until_text(".error-summary", |said| said.contains("before the enquiry")).await;
    tab.fill("#on", "today").await;
    tab.press_button("Move").await;
    tab.until_text(".flash", |said| said == format!("{name} moved to Visited")).await;
    assert!(tab.address().await.ends_with("/board?state=open"));
    tab.find(&format!("#cards-visited #card-{id}-visited")).await;
    assert!(!tab.has_javascript().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_drops_while_a_card_is_carried_changes_nothing() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let tab = opened(&demo, &chromium, 1280).await;
    let (id, name) = first_card(&tab).await;
    let home = format!("#cards-in_contact #card-{id}-in_contact");
    press(&tab, &format!("{CARD} h3"), "#head-visited").await;
    tab.offline(true).await;
    release(&tab, "#head-visited").await;
    let said = tab.until_text("#messages", |said| said.contains(&format!("The card of {name} is in In contact"))).await;
    assert!(said.contains("cannot be reached, and nothing was changed"), "{said}");
    tab.find(&home).await;
    // And after the day was typed.
    tab.offline(false).await;
    carry(&tab, CARD, "#head-visited").await;
    tab.find(&format!("#cards-visited #card-{id}-in_contact form")).await;
    assert_eq!(tab.text("#messages").await, "", "it has answered since");
    tab.fill("#on", "yesterday").await;
    tab.offline(true).await;
    tab.press_button("Move").await;
    tab.until_text("#messages", |said| said.contains("What you typed is still here")).await;
    assert_eq!(tab.typed(&format!("{home} #on")).await, "yesterday");
    tab.offline(false).await;
    tab.press_button("Move").await;
    tab.until_text("#live", |said| said == format!("{name} moved to Visited")).await;
    assert_eq!(tab.text("#messages").await, "", "what could not be reached before is reached now");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_officers_carry_one_card_and_the_second_sees_what_the_first_did() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let (other, one) = (chromium.tab(1280).await, opened(&demo, &chromium, 1280).await);
    other.to_front().await;
    other.open(&demo.url("/board")).await;
    let (id, name) = first_card(&other).await;
    carry(&other, CARD, "#head-visited").await;
    other.find(&format!("#card-{id}-in_contact form")).await;
    other.fill("#on", "yesterday").await;
    one.to_front().await;
    carry(&one, CARD, "#head-visited").await;
    one.find(&format!("#card-{id}-in_contact form")).await;
    one.press_button("Move").await;
    one.until_text("#live", |said| said == format!("{name} moved to Visited")).await;
    other.to_front().await;
    other.press_button("Move").await;
    let said = other.until_text("[data-refused]", |said| said.contains("Somebody else was first")).await;
    assert!(said.contains("recorded initial visit") && said.contains("It is in Visited now"), "{said}");
    // The card stands where it is now, not where it was, and says how long.
    let card = format!("#cards-visited #card-{id}-visited");
    other.find(&format!("{card} [data-refused]")).await;
    assert!(other.text(&format!("{card} .meta")).await.contains("Since today"));
    assert!(has_focus(&other, &format!("{card} [data-refused]")).await);
    other.screenshot("board-two-officers").await;
}

async fn opened(demo: &Demo, chromium: &Chromium, width: u32) -> Tab {
    let tab = chromium.tab(width).await;
    tab.to_front().await;
    tab.sign_in(demo, "recruitment officer").await;
    tab.open(&demo.url("/board")).await;
    tab
}

async fn first_card(tab: &Tab) -> (String, String) {
    let card = tab.find(CARD).await;
    let attribute = async |name| card.attribute(name).await.ok().flatten().unwrap_or_default();
    (attribute("data-id").await, attribute("data-name").await)
}

async fn carry(tab: &Tab, card: &str, to: &str) {
    press(tab, &format!("{card} h3"), to).await;
    release(tab, to).await;
}

/// Takes hold of something and carries it over something else, without letting go.
async fn press(tab: &Tab, what: &str, over: &str) {
    tab.find(what).await.scroll_into_view().await.expect("it can be brought into view");
    let (x, y) = middle(tab, what).await;
    let (to_x, to_y) = middle(tab, over).await;
    mouse(tab, DispatchMouseEventType::MouseMoved, x, y).await;
    mouse(tab, DispatchMouseEventType::MousePressed, x, y).await;
    for part in 1..=5 {
        let way = f64::from(part) / 5.0;
        mouse(tab, DispatchMouseEventType::MouseMoved, x + (to_x - x) * way, y + (to_y - y) * way).await;
    }
}

async fn release(tab: &Tab, over: &str) {
    let (x, y) = middle(tab, over).await;
    mouse(tab, DispatchMouseEventType::MouseMoved, x, y).await;
    mouse(tab, DispatchMouseEventType::MouseReleased, x, y).await;
}

async fn middle(tab: &Tab, selector: &str) -> (f64, f64) {
    let script = format!(
        "(() => {{ const r = document.querySelector({selector:?}).getBoundingClientRect(); \
         return [r.left + r.width / 2, r.top + r.height / 2]; }})()"
    );
    tab.page.evaluate_expression(script).await.expect("it is there").into_value().expect("a point")
}

async fn mouse(tab: &Tab, kind: DispatchMouseEventType, x: f64, y: f64) {
    let moves = kind == DispatchMouseEventType::MouseMoved;
    let mut event = DispatchMouseEventParams::new(kind, x, y);
    event.button = Some(if moves { MouseButton::None } else { MouseButton::Left });
    event.buttons = Some(1);
    event.click_count = (!moves).then_some(1);
    tab.page.execute(event).await.expect("the mouse moves");
}

/// Within a second: what comes anew has it a moment after it is there.
async fn has_focus(tab: &Tab, selector: &str) -> bool {
    for _ in 0..20 {
        if has_focus_now(tab, selector).await {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

async fn has_focus_now(tab: &Tab, selector: &str) -> bool {
    let script = format!("document.activeElement?.matches({selector:?}) === true");
    tab.page.evaluate_expression(script).await.expect("there is a focus").into_value().expect("yes or no")
}
