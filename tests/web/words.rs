//! The service's own words: said on every page and in the terminal, while codes and figures stay.

use std::process::Command;

use axum::http::StatusCode;
use hearth::domain::fostering::FosteringType;
use hearth::domain::glossary;
use hearth::domain::ids::EnquiryId;
use hearth::domain::role::Role;

use crate::given;
use crate::support::{Client, TestApp};

const FORM: &str = "#word-of-ours";
const VISIT: &str = "/settings/words/step.visit";
const FUNNEL: &str = "/reports/funnel?from=2025-04-01&to=2025-06-30&as_at=2025-09-30&type=all";

async fn set(admin: &mut Client, term: &str, word: &str) {
    let page = admin.get(&format!("/settings/words/{term}")).await;
    assert_eq!(admin.submit(&page, FORM, &[("word", word)]).await.location(), "/settings/words", "{term}");
}

/// One of everything that pages have a word for.
async fn service(app: &TestApp) -> Vec<EnquiryId> {
    let given = [
        given::enquiry()
            .named("Amira Rahman")
            .received("2025-04-02")
            .kind(FosteringType::ShortBreaks)
            .contacted("2025-04-03")
            .visited("2025-04-10")
            .applied("2025-05-01")
            .stage_1("2025-05-02")
            .stage_2("2025-06-01"),
        given::enquiry().named("Ben Stone").received("2025-04-10").kind(FosteringType::FamilyAndFriends),
        given::enquiry().named("Cara Mills").received("2025-05-05").contacted("2025-05-06").visited("2025-05-20"),
        given::enquiry().named("Dev Patel").received("2025-06-01").contacted("2025-06-02").paused("2025-07-01", ""),
        given::enquiry().named("Eve Hart").received("2025-06-30").in_touch("2025-07-10", "2026-01-10"),
    ];
    let mut ids = Vec::new();
    for enquiry in given {
        ids.push(enquiry.create(app).await);
    }
    ids
}

#[tokio::test]
async fn a_word_is_said_on_pages_and_in_the_terminal_until_the_standard_one_comes_back() {
    let app = TestApp::new().await;
    let ids = service(&app).await;
    let (mut admin, mut officer) = (app.sign_in(Role::Admin).await, app.sign_in(Role::Officer).await);
    let csv = "/reports/funnel.csv?from=2025-04-01&to=2025-06-30&as_at=2025-09-30&type=all";
    let before = officer.get(csv).await.body;
    set(&mut admin, "step.visit", "  home visit ").await;

    assert!(admin.get("/settings/words").await.text("main").contains("1 word is the service’s own"));
    let record = officer.get(&format!("/enquiries/{}", ids[0])).await;
    assert!(record.text("main").contains("Home visit") && !record.text("main").contains("Initial visit"));
    assert!(officer.get(FUNNEL).await.text("main").contains("Home visit"));
    let form = officer.get(&format!("/enquiries/{}/milestones/new?kind=initial_visit", ids[1])).await;
    assert_eq!(form.text("h1"), "Home visit");
    let refused = officer.submit(&form, "form.form", &[("on", "1/1/2025")]).await;
    assert_eq!(refused.errors(), ["Home visit cannot be on 1 January 2025, before the enquiry of 10 April 2025"]);
    assert_eq!(officer.get(csv).await.body, before, "files for machines hold codes");

    // A program that starts afterwards says it too.
    let mut hearth = Command::new(env!("CARGO_BIN_EXE_hearth"));
    let asked = "report funnel --from 2025-04-01 --to 2025-06-30 --as-at 2025-09-30 --type all";
    let said = hearth.args(asked.split(' ')).env("HEARTH_DATABASE", app.state.db.path()).output().unwrap();
    let table = String::from_utf8(said.stdout).unwrap();
    assert!(table.contains("Home visit") && !table.contains("Initial visit"), "{table}");

    set(&mut admin, "step.visit", "").await;
    assert!(officer.get(FUNNEL).await.text("main").contains("Initial visit"));
    let history = admin.get(VISIT).await.texts("section li");
    assert_eq!(history.len(), 2, "{history:?}");
    assert!(history[0].starts_with("Initial visit, the standard word") && history[1].starts_with("Home visit"));
    assert_eq!(app.count("select count(*) from audit where action = 'word_changed'").await, 2);
    assert!(admin.get("/settings/audit").await.text("main").contains("Word: Initial visit → Home visit"));
}

#[tokio::test]
async fn a_word_that_cannot_be_is_refused_with_what_was_typed() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin).await;
    let page = admin.get(VISIT).await;
    let long = "A visit at their home by two of us, both of them social workers";
    for (word, sentence) in [
        (long, "Use at most 40 characters"),
        ("panel", "“Panel” is said for something else already. Two things by one word cannot be told apart"),
    ] {
        let refused = admin.submit(&page, FORM, &[("word", word)]).await;
        assert_eq!((refused.status, refused.errors()), (StatusCode::UNPROCESSABLE_ENTITY, vec![sentence.to_owned()]));
        assert_eq!(refused.attribute("#word", "value"), word);
    }
    for unknown in ["step.nothing", "stage.other", "kind.other"] {
        let answer = admin.get(&format!("/settings/words/{unknown}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{unknown}");
    }
    // Sent twice, it is one change.
    admin.submit(&page, FORM, &[("word", "Home visit")]).await.location();
    admin.submit(&page, FORM, &[("word", "Home visit")]).await.location();
    assert_eq!(app.count("select count(*) from glossary_word").await, 1);
}

#[tokio::test]
async fn two_administrators_choose_a_word_and_the_second_sees_both() {
    let app = TestApp::new().await;
    let (mut one, mut two) = (app.sign_in(Role::Admin).await, app.sign_in(Role::Admin).await);
    let (first, second) = (one.get(VISIT).await, two.get(VISIT).await);
    one.submit(&first, FORM, &[("word", "Home visit")]).await.location();
    let conflict = two.submit(&second, FORM, &[("word", "First visit")]).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    let both = conflict.text(".versions");
    assert!(both.contains("Home visit") && both.contains("First visit"), "{both}");
    assert_eq!(conflict.attribute("#word", "value"), "First visit");
    assert_eq!(two.submit(&conflict, FORM, &[]).await.location(), "/settings/words");
    assert_eq!(glossary::said("Initial visit"), "First visit");
}

/// What is said between tags, in small letters.
fn written(page: &str) -> String {
    page.split('<')
        .filter_map(|piece| piece.split_once('>'))
        .map(|(_, text)| text)
        .collect::<Vec<_>>()
        .join("|")
        .to_lowercase()
}

/// Everything with a word of its own: what is still said in the standard one was written past the glossary.
#[tokio::test]
async fn no_page_says_a_standard_word_that_the_service_has_replaced() {
    let app = TestApp::new().await;
    let ids = service(&app).await;
    let priya = app.person("Priya Nair", &[Role::Officer]).await;
    let mut officer = app.sign_in_as(priya).await;
    let (stage, form) = (ids[0], format!("/enquiries/{}/milestones/new?kind=initial_visit", ids[1]));
    let pages = [
        "/today?whose=unassigned".to_owned(),
        "/enquiries?state=any".to_owned(),
        "/enquiries/new".to_owned(),
        "/board?officer=unassigned".to_owned(),
        FUNNEL.to_owned(),
        FUNNEL.replace("type=all", "by=fostering_type"),
        "/reports/clocks?from=2025-04-01&to=2025-06-30".to_owned(),
        "/search?q=rahman".to_owned(),
        format!("/enquiries/{stage}"),
        format!("/enquiries/{stage}/notes"),
        format!("/enquiries/{stage}/notes/new"),
        format!("/enquiries/{stage}/history"),
        format!("/enquiries/{}", ids[3]),
        format!("/enquiries/{}", ids[4]),
        form,
    ];
    // Of one word ("Open", "New") a page may say more than the term.
    let replaced: Vec<_> = glossary::terms().into_iter().filter(|term| term.standard.contains(' ')).collect();
    let words: Vec<_> = (0..replaced.len()).map(|at| format!("Zyx{at}")).collect();
    glossary::say(replaced.iter().map(|term| term.key.as_str()).zip(words.iter().map(String::as_str)));
    let mut left = Vec::new();
    let mut said = 0;
    for address in &pages {
        let page = officer.get(address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        // What a task says is the rule's, which an administrator words.
        let tasks = ["Write up the initial visit", "Allocate an assessing social worker"];
        let body = tasks.iter().fold(page.body, |body, task| body.replace(task, ""));
        let text = body.split_once("<main").map_or_else(String::new, |(_, main)| written(main));
        said += text.matches("zyx").count();
        let standard = replaced.iter().map(|term| term.standard.to_lowercase());
        left.extend(standard.filter_map(|word| {
            let at = text.find(&word)?;
            let around = text[..at].rsplit('|').next()?.len();
            Some(format!("{address}: {word}, in “{}”", text[at - around..].split('|').next()?))
        }));
    }
    assert!(left.is_empty(), "{left:#?}");
    assert!(said > 100, "the pages have few words of the glossary: {said}");
}
