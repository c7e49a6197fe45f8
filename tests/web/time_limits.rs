//! Time limits: on the record, in the list, in the settings and in the report.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use hearth::domain::fostering::FosteringType;
use hearth::domain::milestone::MilestoneKind as K;
use hearth::domain::role::Role;
use hearth::features::pipeline;
use hearth::web::csrf_token;

use crate::given;
use crate::support::{Client, TestApp};

/// Tuesday 14 October 2025. Of four families: one is overdue, one due, one ran late, one is paused.
async fn four(app: &TestApp) {
    // Received on Wednesday 1 October: contact was due on the 2nd, the visit on the 8th; 4 working days over.
    given::enquiry().named("Amira Rahman").received("2025-10-01").officer("Jan Teal", None).create(app).await;
    // Received on Monday: contact is due today; the visit is five working days away.
    given::enquiry().named("Tom Reed").received("2025-10-13").create(app).await;
    given::enquiry()
        .named("Priya Nair")
        .received("2025-09-01")
        .contacted("2025-09-03")
        .visited("2025-09-05")
        .applied("2025-09-10")
        .create(app)
        .await;
    given::enquiry()
        .named("Joel Hart")
        .received("2025-10-06")
        .contacted("2025-10-06")
        .paused("2025-10-07", "")
        .create(app)
        .await;
}

#[tokio::test]
async fn the_record_says_how_each_time_limit_stands() {
    let app = TestApp::new().await;
    four(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    let page = officer.get("/enquiries/1").await;
    assert_eq!(page.text(".identity .clock"), "Overdue by 8 working days");
    assert_eq!(page.texts(".limits li b"), ["First contact", "Initial visit"]);
    assert_eq!(page.texts(".limits li > .clock"), ["Overdue by 8 working days", "Overdue by 4 working days"]);
    assert!(page.text(".limits").contains("5 working days from Wed 1 Oct 2025, until Wed 8 Oct 2025"));

    let page = officer.get("/enquiries/3").await;
    assert_eq!(page.text(".identity .clock"), "Running, 208 days left");
    assert_eq!(
        page.texts(".limits li > .clock"),
        ["Missed by 1 working day, took 2", "Met in 4 working days", "Running, 208 days left"]
    );
    assert!(page.text(".limits").contains("Statutory") && page.text(".limits").contains("14.4"));

    let page = officer.get("/enquiries/4").await;
    assert_eq!(page.texts(".limits li > .clock"), ["Met in 0 working days", "Running, 5 working days left"]);
    assert_eq!(page.text(".limits .clock.paused"), "Paused since 7 Oct 2025: put forward");
}

#[tokio::test]
async fn the_list_shows_the_worst_and_is_filtered_by_how_they_stand() {
    let app = TestApp::new().await;
    four(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    let names = |page: &crate::support::Page| page.texts(".who-name");
    let page = officer.get("/enquiries?limit=overdue").await;
    assert_eq!(names(&page), ["Amira Rahman"]);
    assert_eq!(page.text("td .clock.over"), "Overdue by 8 working days");
    assert!(page.text(".applied").contains("Time limit: overdue"), "{}", page.text(".applied"));
    assert_eq!(names(&officer.get("/enquiries?limit=due_soon").await), ["Tom Reed"]);
    assert_eq!(names(&officer.get("/enquiries?limit=running&sort=name").await), ["Priya Nair", "Tom Reed"]);
    assert_eq!(
        names(&officer.get("/enquiries?limit=overdue&limit=due_soon&sort=name").await),
        ["Amira Rahman", "Tom Reed"]
    );
    assert_eq!(names(&officer.get("/enquiries?limit=overdue&sort=officer").await), ["Amira Rahman"]);
    assert_eq!(names(&officer.get("/enquiries?limit=overdue&q=rahman").await), ["Amira Rahman"]);
}

#[tokio::test]
async fn supported_lodgings_have_none() {
    let app = TestApp::new().await;
    let id = given::enquiry().received("2025-09-01").kind(FosteringType::SupportedLodgings).create(&app).await;
    let page = app.sign_in(Role::Officer).await.get(&format!("/enquiries/{id}")).await;
    assert!(!page.has(".identity .clock") && !page.has(".limits"));
}

const TABLE: &str = "/settings/time-limits";

#[tokio::test]
async fn a_limit_is_not_taken_away_unasked() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin).await;
    let rows = "select count(*) from time_limit where superseded_at is null and recorded_at > '1971'";
    let stage_1 = format!("{TABLE}/stage_1_outcome");
    let form = admin.get(&stage_1).await;
    assert!(!form.has("#sure"));
    for (taken_away, said) in [("in_use", "shown nowhere"), ("statutory", "a pause would put it forward")] {
        let asked = admin.submit(&form, "#limit", &[("from", "today"), (taken_away, "")]).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        let question = asked.text(".error-summary");
        assert!(question.contains("It is statutory (") && question.contains(said), "{question}");
        assert_eq!(app.count(rows).await, 0, "{taken_away}");
        assert!(!asked.has(&format!("#{taken_away}[checked]")), "what was chosen stands");
    }
    let asked = admin.submit(&form, "#limit", &[("from", "today"), ("in_use", "")]).await;
    assert_eq!(admin.submit(&asked, "#limit", &[("sure", "yes")]).await.location(), TABLE);
    assert_eq!(app.count(rows).await, 1);
    // Back into use, and a local limit's length: nothing to ask.
    let form = admin.get(&stage_1).await;
    assert_eq!(admin.submit(&form, "#limit", &[("from", "today"), ("in_use", "yes")]).await.location(), TABLE);
    let says = admin.get(TABLE).await.text(".lede");
    assert!(says.contains("what began since then") && !says.contains("never"), "{says}");
}

#[tokio::test]
async fn an_administrator_changes_a_limit_from_a_day_on() {
    let app = TestApp::new().await;
    four(&app).await;
    let mut admin = app.sign_in(Role::Admin).await;
    let page = admin.get(TABLE).await;
    assert_eq!(page.texts("tbody tr").len(), 19);
    assert_eq!(page.texts("td .dashed").len(), 8, "eight wait for what cannot be recorded yet");

    let visit = format!("{TABLE}/initial_visit");
    let form = admin.get(&visit).await;
    // A past day needs a word more, and nothing is lost.
    let refused = admin.submit(&form, "#limit", &[("from", "1 september 2025"), ("amount", "15")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.attribute("#amount", "value"), "15");
    for (amount, unit) in [("0", "working_days"), ("many", "working_days"), ("5", "years")] {
        let page = admin.submit(&form, "#limit", &[("from", "today"), ("amount", amount), ("unit", unit)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{amount} {unit}");
    }
    // From today: what began before keeps its limit.
    let saved = admin.submit(&form, "#limit", &[("from", "today"), ("amount", "3")]).await;
    assert_eq!(saved.location(), TABLE);
    assert_eq!(
        app.count("select count(*) from time_limit where clock = 'initial_visit' and superseded_at is null").await,
        2
    );
    assert_eq!(app.count("select count(*) from audit where action = 'time_limit_changed'").await, 1);
    pipeline::work_out_limits(&app.state.db).await.unwrap();
    let mut officer = app.sign_in(Role::Officer).await;
    assert_eq!(officer.get("/enquiries/1").await.texts(".limits li > .clock")[1], "Overdue by 4 working days");

    // Somebody else's page is older now.
    let late = admin.submit(&form, "#limit", &[("from", "today"), ("source", "")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    let late = admin.submit(&late, "#limit", &[("from", "today"), ("source", "Our own standard")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "what was wrong first does not make it newer");
    assert_eq!(late.attribute("#amount", "value"), "3", "what they have not touched is as it is now");
    let late = admin.submit(&form, "#limit", &[("from", "today"), ("amount", "4")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text("#conflict").contains("3 working days"));
    assert_eq!(late.attribute("#amount", "value"), "4");
    let replaced = admin.submit(&late, "#limit", &[]).await;
    assert_eq!(replaced.location(), TABLE);
    assert_eq!(
        app.count("select count(*) from time_limit where clock = 'initial_visit' and superseded_at is not null").await,
        1
    );

    // It held already since September: it reaches what began since then, once that is worked out.
    let form = admin.get(&visit).await;
    let values = [("from", "1 september 2025"), ("amount", "8"), ("held_already", "yes")];
    assert_eq!(admin.submit(&form, "#limit", &values).await.location(), TABLE);
    assert!(admin.get(TABLE).await.text("[role=status].notice").contains("0 of 4 enquiries done"));
    pipeline::work_out_limits(&app.state.db).await.unwrap();
    assert!(!admin.get(TABLE).await.has("[role=status].notice"));
    assert_eq!(officer.get("/enquiries?limit=overdue").await.text("td .clock"), "Overdue by 8 working days");
    assert_eq!(officer.get("/enquiries/1").await.texts(".limits li > .clock")[1], "Overdue by 1 working day");
    let disagreements = pipeline::disagreements(&mut app.state.db.read().acquire().await.unwrap()).await.unwrap();
    assert_eq!(disagreements, pipeline::Disagreements::default());
}

async fn upload(client: &mut Client, file: &str) -> crate::support::Page {
    let token = csrf_token::masked(client.cookie("hearth").unwrap());
    let body = format!(
        "--b\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n--b\r\ncontent-disposition: form-data; \
         name=\"file\"; filename=\"list.csv\"\r\ncontent-type: text/csv\r\n\r\n{file}\r\n--b--\r\n"
    );
    let request = Request::post("/settings/bank-holidays/lists")
        .header("content-type", "multipart/form-data; boundary=b")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body))
        .unwrap();
    client.send(request).await
}

#[tokio::test]
async fn the_official_list_and_days_by_hand_change_what_is_a_working_day() {
    let app = TestApp::new().await;
    four(&app).await;
    let mut admin = app.sign_in(Role::Admin).await;
    let page = admin.get("/settings/bank-holidays").await;
    assert!(page.body.contains("State funeral"));

    // One more holiday on Friday 10 October 2025: the visit of the 1st is a day less overdue.
    let added =
        admin.submit(&page, "#day", &[("on", "10 october 2025"), ("kind", "holiday"), ("name", "Jubilee")]).await;
    assert_eq!(added.location(), "/settings/bank-holidays");
    pipeline::work_out_limits(&app.state.db).await.unwrap();
    let mut officer = app.sign_in(Role::Officer).await;
    assert_eq!(officer.get("/enquiries/1").await.texts(".limits li > .clock")[1], "Overdue by 3 working days");
    for (on, kind, name) in [
        ("10 october 2025", "holiday", "Twice"),
        ("25 december 2025", "holiday", "Known"),
        ("today", "", "x"),
        ("today", "holiday", ""),
    ] {
        let refused = admin.submit(&page, "#day", &[("on", on), ("kind", kind), ("name", name)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{on}");
    }
    for (on, kind, said) in [
        ("11 october 2025", "holiday", "Sat 11 Oct 2025 is on a weekend, which is never a working day"),
        ("12 october 2025", "working_day", "Sun 12 Oct 2025 is on a weekend, which is never a working day"),
        ("13 october 2025", "working_day", "Mon 13 Oct 2025 is a working day already"),
        ("25 december 2025", "holiday", "Thu 25 Dec 2025 is a bank holiday already"),
    ] {
        let refused = admin.submit(&page, "#day", &[("on", on), ("kind", kind), ("name", "Jubilee")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{on}");
        assert!(refused.errors()[0].starts_with(said), "{:?}", refused.errors());
    }

    // The official list of the year does not know it: it goes. Broken files change nothing and say why.
    for (file, word) in [("", "Choose a file"), ("2025-01-01,New Year\n", "2025 has 1"), ("nonsense\nmore\n", "Row 2")]
    {
        let refused = upload(&mut admin, file).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.errors()[0].contains(word), "{:?}", refused.errors());
    }
    let list = "2025-01-01,a\n2025-04-18,b\n2025-04-21,c\n2025-05-05,d\n2025-05-26,e\n2025-08-25,f\n2025-12-25,g\n2025-12-26,h\n";
    let taken = upload(&mut admin, list).await;
    assert!(admin.follow(&taken).await.text(".flash").contains("0 added, 1 removed"));
    pipeline::work_out_limits(&app.state.db).await.unwrap();
    assert_eq!(officer.get("/enquiries/1").await.texts(".limits li > .clock")[1], "Overdue by 4 working days");
    let again = upload(&mut admin, list).await;
    assert!(admin.follow(&again).await.text(".flash").contains("agrees"));

    // What came with Hearth can be removed too, and is kept in the history.
    let page = admin.get("/settings/bank-holidays").await;
    let removed = admin.submit(&page, "form[action$='withdrawals']", &[]).await;
    assert_eq!(removed.location(), "/settings/bank-holidays");
    assert_eq!(admin.submit(&page, "form[action$='withdrawals']", &[]).await.status, StatusCode::NOT_FOUND);
}

fn cells(page: &crate::support::Page, row: usize) -> Vec<String> {
    let row = format!(
        "#mainstream ~ .scroll tbody tr:nth-child({row}) td, section:first-of-type tbody tr:nth-child({row}) td"
    );
    page.texts(&row)
}

#[tokio::test]
async fn the_report_counts_each_state_and_opens_the_households_behind_it() {
    let app = TestApp::new().await;
    four(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    let page = officer.get("/reports/clocks?from=2025-09-01&to=2025-10-14&type=all").await;
    assert_eq!(page.text("h1"), "Too few time limits to rate");
    // First contact: started 4; met 1, missed 1, running 2 (1 due soon, 1 overdue), ended 0, not recorded 0.
    let first = cells(&page, 1);
    assert_eq!(first[1..9], ["4", "1", "1", "2", "1", "1", "0", "0"]);
    assert_eq!(first[9], "1 working day");
    assert!(page.has(".low"), "small numbers are marked");
    let overdue = page.attribute("a[aria-label='1 First contact: and overdue']", "href");
    let behind = officer.get(&overdue).await;
    assert_eq!(behind.text("h1"), "1 time limit behind the figure");
    assert_eq!(behind.text("tbody th"), "Amira Rahman");
    assert!(behind.text("tbody tr").contains("Overdue by 8"));

    let csv = officer.get("/reports/clocks.csv?from=2025-09-01&to=2025-10-14&type=all&by=officer").await;
    assert!(
        csv.body.contains("Jan Teal,first_contact,1 working day,false,1,1,0,1,0,0,0,0,,working_days,0,0,"),
        "{}",
        csv.body
    );
    let xlsx = officer.get("/reports/clocks.xlsx?from=2025-09-01&to=2025-10-14&by=quarter").await;
    assert_eq!(xlsx.status, StatusCode::OK);
    let refused = officer.get("/reports/clocks?from=never").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    // A board member sees the figures and nobody behind them.
    let mut board = app.sign_in(Role::Board).await;
    let page = board.get("/reports/clocks?from=2025-09-01&to=2025-10-14&type=all").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.has("td a"));
}

#[tokio::test]
async fn what_was_known_once_is_measured_as_it_was_known_then() {
    let app = TestApp::new().await;
    let recorded = "2025-10-01T10:00:00Z";
    given::enquiry()
        .received("2025-09-01")
        .contacted("2025-09-01")
        .visited("2025-09-09")
        .recorded_at(recorded)
        .create(&app)
        .await;
    given::enquiry()
        .received("2025-09-02")
        .recorded_at(recorded)
        .milestone(K::FirstContact, "2025-09-03")
        .create(&app)
        .await;
    let mut officer = app.sign_in(Role::Officer).await;
    let then = "/reports/clocks?from=2025-09-01&to=2025-09-30&type=all&known_at=2025-10-13";
    let now = "/reports/clocks?from=2025-09-01&to=2025-09-30&type=all";
    // Received on Monday 1 September, visited on Tuesday 9: six working days.
    let before = cells(&officer.get(then).await, 2);
    assert_eq!(before[1..4], ["2", "0", "1"]);
    assert_eq!(cells(&officer.get(now).await, 2)[1..4], ["2", "0", "1"]);

    let mut admin = app.sign_in(Role::Admin).await;
    let form = admin.get("/settings/time-limits/initial_visit").await;
    let values = [("from", "1 september 2025"), ("amount", "8"), ("held_already", "yes")];
    admin.submit(&form, "#limit", &values).await.location();
    // While it is worked out, from the ledgers; and afterwards, from what is stored: the same.
    let waiting = cells(&officer.get(now).await, 2);
    assert_eq!(waiting[1..4], ["2", "1", "0"]);
    pipeline::work_out_limits(&app.state.db).await.unwrap();
    assert_eq!(cells(&officer.get(now).await, 2), waiting);
    assert_eq!(cells(&officer.get(then).await, 2), before, "an earlier figure stays as it was");
}
