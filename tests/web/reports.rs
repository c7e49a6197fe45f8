//! Reports: the same figures on the page, in files and on the command line, and the households behind each.

use std::process::{Command, Output};

use axum::http::StatusCode;
use hearth::domain::day::{Day, Period};
use hearth::domain::fostering::FosteringType;
use hearth::domain::funnel::{Group, Outcome, Step};
use hearth::domain::instant::Instant;
use hearth::domain::question::{Basis, Dimension, Question};
use hearth::domain::role::Role;
use hearth::features::{audit, reports};
use scraper::{Html, Selector};

use crate::given;
use crate::support::{Client, TestApp};

/// Seven households of April to June 2025, one of each outcome; one duplicate; one received a day too late.
async fn seven(app: &TestApp) {
    for enquiry in [
        given::enquiry()
            .reference("A")
            .named("Amira Rahman")
            .received("2025-04-02")
            .source("=Radio")
            .kind(FosteringType::LongTerm)
            .contacted("2025-04-03")
            .visited("2025-04-10")
            .applied("2025-05-01")
            .stage_2("2025-06-01")
            .panel("2025-09-01")
            .approved("2025-09-10"),
        given::enquiry()
            .reference("B")
            .named("Ben Stone")
            .received("2025-04-10")
            .source("=Radio")
            .contacted("2025-04-12")
            .closed("2025-05-01", "not_now"),
        // No first contact is recorded: the visit implies it.
        given::enquiry()
            .reference("C")
            .named("Cara Mills")
            .received("2025-05-05")
            .hub("Foster with North East", "F1")
            .visited("2025-05-20"),
        given::enquiry()
            .reference("D")
            .named("Dev Patel")
            .received("2025-06-01")
            .source("Website")
            .contacted("2025-06-02")
            .paused("2025-07-01", ""),
        given::enquiry()
            .reference("E")
            .named("Eve Hart")
            .received("2025-06-30")
            .source("Website")
            .in_touch("2025-07-10", "2026-01-10"),
        given::enquiry()
            .reference("F")
            .named("Fay Low")
            .received("2025-05-01")
            .source("Website")
            .kind(FosteringType::FamilyAndFriends)
            .closed("2025-06-01", "not_eligible"),
        // The contact is after the as-at date of these tests.
        given::enquiry()
            .reference("G")
            .named("Gus Roe")
            .received("2025-06-15")
            .source("Website")
            .closed("2025-09-30", "transferred"),
        given::enquiry().reference("H").named("Hal Twice").received("2025-05-02").closed("2025-05-03", "duplicate"),
        given::enquiry().reference("I").named("Ivy Late").received("2025-07-01").contacted("2025-07-02"),
    ] {
        enquiry.create(app).await;
    }
}

fn question() -> Question {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let period = Period { from: day("2025-04-01"), to: day("2025-06-30") };
    let known_at = Instant::parse("2025-10-14").unwrap();
    Question::new(period, Some(day("2025-09-30")), known_at, known_at).unwrap()
}

const QUERY: &str = "from=2025-04-01&to=2025-06-30&as_at=2025-09-30";

async fn groups(app: &TestApp, question: &Question) -> Vec<Group> {
    reports::funnel(&app.state.db, question, app.now()).await.unwrap().funnel.groups
}

#[tokio::test]
async fn seven_households_are_counted_as_they_are_by_hand() {
    let app = TestApp::new().await;
    seven(&app).await;
    let whole = groups(&app, &question()).await.remove(0);
    let steps: Vec<_> = whole.steps.iter().map(|step| (step.households, step.implied)).collect();
    assert_eq!(steps, [(7, 0), (4, 1), (2, 0), (1, 0), (1, 0), (1, 0), (1, 0)]);
    for outcome in Outcome::ALL {
        assert_eq!(whole.outcomes.of(*outcome), 1, "{outcome:?}");
    }
    assert_eq!(whole.step(Step::Visit).of_previous, Some(0.5));

    let activity = Question { basis: Basis::Activity, ..question() };
    let steps: Vec<_> = groups(&app, &activity).await.remove(0).steps.iter().map(|step| step.households).collect();
    assert_eq!(steps, [7, 3, 2, 1, 1, 0, 0]);

    // Nothing was recorded before today.
    let earlier = Question { known_at: Instant::parse("2025-10-13").unwrap(), ..question() };
    assert_eq!(groups(&app, &earlier).await[0].enquiries(), 0);
    assert!(groups(&app, &Question { by: Some(Dimension::Source), ..earlier }).await.is_empty());
}

#[tokio::test]
async fn the_json_and_the_csv_are_promises() {
    let app = TestApp::new().await;
    seven(&app).await;
    let report = reports::funnel(&app.state.db, &question(), app.now()).await.unwrap();
    insta::assert_snapshot!("funnel_json", serde_json::to_string_pretty(&report).unwrap());
    let by_source = Question { by: Some(Dimension::Source), ..question() };
    let report = reports::funnel(&app.state.db, &by_source, app.now()).await.unwrap();
    insta::assert_snapshot!("funnel_table", reports::funnel_table(&report, 10));
    let csv = String::from_utf8(reports::funnel_csv(&[report]).unwrap()).unwrap();
    insta::assert_snapshot!("funnel_csv", csv.replace("\r\n", "\n"));
}

fn hearth(app: &TestApp, arguments: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hearth"))
        .args(arguments.split(' '))
        .env("HEARTH_DATABASE", app.state.db.path())
        .output()
        .unwrap()
}

#[tokio::test]
async fn the_command_line_prints_the_same_beside_the_running_service() {
    let app = TestApp::new().await;
    seven(&app).await;
    let asked = "report funnel --from 2025-04-01 --to 2025-06-30 --as-at 2025-09-30 --known-at 2025-10-14";
    let output = hearth(&app, &format!("{asked} --format json"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report = reports::funnel(&app.state.db, &question(), app.now()).await.unwrap();
    let printed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(printed, serde_json::to_value(&report).unwrap());
    assert_eq!(printed["known_at"], "2025-10-14T22:59:59.999Z");
    let last = hearth(&app, "report funnel --from 2025-04-01 --to 2025-06-30 --as-at 2025-09-30 --known-at 9999-12-31");
    let steps =
        |stdout: &[u8]| String::from_utf8_lossy(stdout).lines().filter(|it| it.contains('%')).collect::<String>();
    assert_eq!(steps(&last.stdout), steps(&hearth(&app, asked).stdout));
    let table = String::from_utf8(hearth(&app, asked).stdout).unwrap();
    assert!(table.contains("First contact           4        1         57.1%"), "{table}");

    for wrong in [
        "report funnel --from 2025-04-02 --to 2025-04-01",
        "report funnel --from 2025-02-30 --to 2025-04-01",
        "report funnel --to 2025-04-01",
        "report funnel --from 2025-04-01 --to 2025-04-01 --by weather",
        "report funnel --from 2025-04-01 --to 2025-04-01 --known-at yesterday",
        "report weather --from 2025-04-01 --to 2025-04-01",
    ] {
        let output = hearth(&app, wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{wrong}");
    }
}

#[tokio::test]
async fn the_page_says_what_it_found_and_where_it_comes_from() {
    let app = TestApp::new().await;
    seven(&app).await;
    let page = app.sign_in(Role::Manager).await.get(&format!("/reports/funnel?{QUERY}&type=all")).await;
    assert_eq!(page.status, StatusCode::OK);
    // Seven are too few to say more.
    assert_eq!(page.text("h1"), "7 enquiries: too few for a rate");
    assert_eq!(
        page.texts(".provenance dd"),
        [
            "1 April 2025 to 30 June 2025",
            "30 September 2025",
            "14 October 2025, 10:00 (now)",
            "Cohort of households",
            "57% (3 of 7 still open, paused or in touch)",
        ]
    );
    assert_eq!(page.text("figure h3"), "1 of 7 enquiries ended in approval so far");
    assert_eq!(page.texts(".panel tbody tr:nth-child(2) td"), ["4", "57.1%", "25.0 to 84.2%", "57.1%"]);
    assert_eq!(page.text(".panel tbody tr:nth-child(2) .low"), "small number");
    assert_eq!(page.texts(".figures dd"), ["1"; 7]);
    assert_eq!(page.text("svg.wide .lost"), "3 fewer");
    assert_eq!(page.text("svg.wide .lost + .t2"), "1 in touch for later, 1 ended by us, 1 transferred");
}

#[tokio::test]
async fn mainstream_stands_beside_kinship() {
    let app = TestApp::new().await;
    seven(&app).await;
    let page = app.sign_in(Role::Manager).await.get(&format!("/reports/funnel?{QUERY}")).await;
    assert_eq!(page.texts("h2.side-head"), ["Mainstream", "Kinship"]);
    assert_eq!(page.texts("tbody tr:first-child > td:nth-child(2)")[0], "6");
    assert!(
        page.text(".provenance")
            .contains("mainstream 50% (3 of 6 still open, paused or in touch); kinship 100% (0 of 1")
    );
}

/// Every link of a page to households, with the figure that it stands on.
fn links(body: &str) -> Vec<(i64, String)> {
    let selector = Selector::parse("a[href^='/reports/funnel/households']").unwrap();
    let html = Html::parse_document(body);
    let link = |link: scraper::ElementRef<'_>| {
        (link.text().collect::<String>().trim().parse().unwrap(), link.attr("href").unwrap().to_owned())
    };
    html.select(&selector).map(link).collect()
}

async fn follow_every_link(client: &mut Client, address: &str) -> usize {
    let page = client.get(address).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let links = links(&page.body);
    for (figure, href) in &links {
        let households = client.get(href).await;
        assert_eq!(households.texts("table.rows tbody tr").len() as i64, *figure, "{href}");
        assert!(households.text("h1").starts_with(&format!("{figure} household")), "{href}");
    }
    links.len()
}

#[tokio::test]
async fn every_figure_leads_to_as_many_households() {
    let app = TestApp::new().await;
    seven(&app).await;
    let mut manager = app.sign_in(Role::Manager).await;
    for basis in Basis::ALL {
        for by in Dimension::ALL {
            let period = "from=2025-02-10&to=2025-07-31&as_at=2025-09-30";
            let address = format!("/reports/funnel?{period}&basis={}&by={}", basis.code(), by.code());
            assert!(follow_every_link(&mut manager, &address).await > 15, "{address}");
        }
    }
    // What was known yesterday is nothing: nothing to open.
    assert_eq!(follow_every_link(&mut manager, &format!("/reports/funnel?{QUERY}&known_at=13+oct+2025")).await, 0);
}

#[tokio::test]
async fn a_figure_names_its_households_and_the_opening_is_written_down() {
    let app = TestApp::new().await;
    seven(&app).await;
    let mut manager = app.sign_in(Role::Manager).await;
    let address = format!("/reports/funnel/households?{QUERY}&type=all&furthest=enquiry&outcome=service_ended");
    let page = manager.get(&address).await;
    assert_eq!(page.text("h1"), "1 household behind the figure");
    assert_eq!(page.text("tbody tr"), "Fay Low F 1 May 2025 Enquiry Ended by the service New");
    audit::write_openings(&app.state).await.unwrap();
    let openings = "select count(*) from audit where action = 'report_households_opened'
        and detail ->> 'outcome' = 'service_ended' and json_array_length(detail, '$.enquiries') = 1";
    assert_eq!(app.count(openings).await, 1);

    for wrong in ["step=nonsense", "by=quarter&group=2025-Q9", "from=2026-01-01&to=2025-01-01"] {
        let page = manager.get(&format!("/reports/funnel/households?{wrong}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test]
async fn long_lists_are_paged_and_show_each_household_once() {
    let app = TestApp::new().await;
    for number in 0..120 {
        let day = format!("2025-05-{:02}", 1 + number % 7);
        given::enquiry().named(&format!("Person {number:03}")).received(&day).create(&app).await;
    }
    let mut manager = app.sign_in(Role::Manager).await;
    let mut page = manager.get(&format!("/reports/funnel/households?{QUERY}&type=all&step=enquiry")).await;
    let mut names = page.texts("table.rows tbody th");
    while page.has(".pages a") {
        page = manager.get(&page.attribute(".pages a", "href")).await;
        names.extend(page.texts("table.rows tbody th"));
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 120);
}

#[tokio::test]
async fn a_restricted_household_is_counted_but_shown_to_named_people_only() {
    let app = TestApp::new().await;
    seven(&app).await;
    let named = app.person("Nia Cole", &[Role::Officer]).await;
    let secret = given::enquiry().named("Secret Person").received("2025-05-09").restricted_to(&[named]);
    secret.create(&app).await;
    let address = format!("/reports/funnel/households?{QUERY}&type=all&step=enquiry");
    let page = app.sign_in(Role::Manager).await.get(&address).await;
    assert_eq!(page.text("h1"), "8 households behind the figure");
    assert!(!page.body.contains("Secret Person"));
    assert!(page.text(".notice").starts_with("One of them is restricted and is not shown."));
    let page = app.sign_in_as(named).await.get(&address).await;
    assert!(page.body.contains("Secret Person") && !page.has(".notice"));
}

#[tokio::test]
async fn a_board_member_sees_figures_and_nobody_behind_them() {
    let app = TestApp::new().await;
    seven(&app).await;
    let mut board = app.sign_in(Role::Board).await;
    let page = board.get(&format!("/reports/funnel?{QUERY}&by=source")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.has(".figures dd") && links(&page.body).is_empty());
    assert!(!page.body.contains("/households"));
    let page = board.get(&format!("/reports/funnel/households?{QUERY}&step=enquiry")).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn files_have_the_figures_of_the_page_and_run_nothing() {
    let app = TestApp::new().await;
    seven(&app).await;
    let mut board = app.sign_in(Role::Board).await;
    let page = board.get(&format!("/reports/funnel?{QUERY}&by=source&type=all")).await;
    let csv = board.get(&page.attribute("a[href^='/reports/funnel.csv']", "href")).await;
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"funnel-2025-04-01-to-2025-06-30.csv\"");
    let by_source = Question { by: Some(Dimension::Source), known_at: app.now(), ..question() };
    let report = reports::funnel(&app.state.db, &by_source, app.now()).await.unwrap();
    let expected = String::from_utf8(reports::funnel_csv(&[report]).unwrap()).unwrap();
    assert_eq!(csv.body.trim_start_matches('\u{feff}'), expected);
    assert!(expected.contains(",'=Radio,step,enquiry,2,0,1,,,"), "{expected}");

    let xlsx = board.get(&page.attribute("a[href^='/reports/funnel.xlsx']", "href")).await;
    assert_eq!(xlsx.header("content-disposition"), "attachment; filename=\"funnel-2025-04-01-to-2025-06-30.xlsx\"");
    assert!(xlsx.body.starts_with("PK"));
}

#[tokio::test]
async fn what_cannot_be_understood_is_said_beside_what_was_typed() {
    let app = TestApp::new().await;
    let page = app.sign_in(Role::Manager).await.get("/reports/funnel?from=soon&to=1/4/25&known_at=then").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.errors().len(), 2);
    assert!(page.text("title").starts_with("Error:"));
    assert_eq!(page.attribute("#from", "value"), "soon");
    assert!(!page.has("figure"));
}

#[tokio::test]
async fn nothing_received_is_said_and_drawn_as_nothing() {
    let app = TestApp::new().await;
    let page = app.sign_in(Role::Board).await.get("/reports/funnel").await;
    assert_eq!(page.text("h1"), "No enquiries were received in this period");
    assert!(!page.has("svg.plot") && page.text(".empty").starts_with("Nothing was received"));
}
