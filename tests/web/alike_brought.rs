//! Records of one household that nothing says look alike; and what an enquiry that was logged twice still holds when the
//! other goes on: a visit that is planned, keeping in touch.

use axum::http::StatusCode;
use hearth::domain::role::Role;
use hearth::features::condition;

use crate::given;
use crate::support::{Client, Page, TestApp};

const COMPARE: &str = "/households/alike/1/2";
const PLANNED: &str = "select count(*) from appointment where superseded_at is null and state = 'planned'";

struct Twice {
    app: TestApp,
    officer: Client,
}

/// Enquiry 1 goes on; of 2 a visit is planned, and they are kept in touch with.
async fn twice(first: given::Enquiry) -> Twice {
    let app = TestApp::new().await;
    let tom = app.person("Tom Ashworth", &[Role::Officer]).await.to_string();
    let priya = app.person("Priya Nair", &[Role::Officer]).await;
    first.named("Sara Harker").phone("07700900001").create(&app).await;
    let second = given::enquiry().named("Sara Harker").phone("07700900001").received("2025-10-06");
    second.in_touch("2025-10-07", "2026-01-12").create(&app).await;
    let mut officer = app.sign_in_as(priya).await;
    let page = officer.get("/enquiries/2/appointments/new").await;
    let values = [("on", "thursday"), ("at", "5pm"), ("with", &tom), ("place", "4 Roker Terrace"), ("safety", "A dog")];
    officer.submit(&page, "form.form", &values).await.location();
    Twice { app, officer }
}

impl Twice {
    async fn merge(&mut self) {
        let page = self.officer.get(COMPARE).await;
        let sent = self.officer.submit(&page, "form#merge", &[("fate_2", "1")]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    }

    async fn undo(&mut self) -> Page {
        let page = self.officer.get("/households/merges/1").await;
        self.officer.submit(&page, "form[action$=undoings]", &[]).await
    }

    async fn record(&mut self, id: i64) -> String {
        self.officer.get(&format!("/enquiries/{id}")).await.text("main")
    }

    async fn is_sound(&self) {
        let mut read = self.app.state.db.read().acquire().await.unwrap();
        assert_eq!(condition::examine(&mut read, |_| ()).await.problems, Vec::<String>::new());
    }
}

#[tokio::test]
async fn both_cards_say_what_decides_which_of_two_goes_on() {
    let mut it = twice(given::enquiry()).await;
    let page = it.officer.get(COMPARE).await;
    let (first, second) = (page.text("[aria-labelledby=first]"), page.text("[aria-labelledby=second]"));
    assert!(first.contains("Open. Kind of fostering: not recorded"), "{first}");
    for words in [
        "Keeping in touch. Kind of fostering",
        "Kept in touch with since 7 Oct 2025, to be contacted again on Mon 12 Jan 2026",
        "Visit planned for Thu 16 Oct 2025, 17:00, Priya Nair and Tom Ashworth",
    ] {
        assert!(second.contains(words), "{second}");
    }
    assert_eq!(page.attribute("input[name=fate_2][checked]", "value"), "1");
    // The other way round what is under way would go into what rests: that is for a person to say.
    let swapped = it.officer.get("/households/alike/2/1").await;
    assert!(!swapped.has("input[name=fate_1][checked]"));
    assert!(swapped.text("form#merge").contains("let the first go into the second instead"), "{}", swapped.body);
    let answer = it.officer.submit(&swapped, "form#merge", &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.errors()[0].starts_with("Say what E-"), "{:?}", answer.errors());
    assert!(page.texts(".taken").iter().any(|said| said.contains("Not asked yet")), "as on the record");
}

#[tokio::test]
async fn a_planned_visit_and_keeping_in_touch_go_to_the_enquiry_that_stays() {
    let mut it = twice(given::enquiry()).await;
    let offered = it.officer.get(COMPARE).await.texts(".brings label");
    let visit = "Visit planned for Thu 16 Oct 2025, 17:00, Priya Nair and Tom Ashworth";
    let in_touch = "Kept in touch with since 7 Oct 2025, to be contacted again on Mon 12 Jan 2026";
    assert_eq!(offered, [visit, in_touch]);
    it.merge().await;
    let record = it.record(1).await;
    assert!(record.contains("Visit planned: Thu 16 Oct, 17:00. Priya Nair and Tom Ashworth"), "{record}");
    assert!(record.contains("Contact them again on Mon 12 Jan 2026"), "{record}");
    assert!(!it.record(2).await.contains("Visit planned:"), "whoever goes is told once");
    let tasks = it.officer.get("/enquiries/1/tasks").await.text("main");
    assert!(tasks.contains("4 Roker Terrace") && tasks.contains("A dog"), "{tasks}");
    let history = it.officer.get("/enquiries/1/history").await.text("main");
    assert!(history.contains("Planned a visit") && history.contains("Kept in touch"), "{history}");
    assert_eq!(
        it.app.count("select count(*) from enquiry_now where contact_again_on is not null and live = 1").await,
        1
    );
    it.is_sound().await;
}

#[tokio::test]
async fn undone_each_has_what_it_had() {
    let mut it = twice(given::enquiry()).await;
    it.merge().await;
    assert_eq!(it.app.count(PLANNED).await, 2);
    assert_eq!(it.undo().await.status, StatusCode::SEE_OTHER);
    assert_eq!(it.app.count(PLANNED).await, 1);
    let others = "select count(*) from appointment
        where state = 'planned' and superseded_at is null and not (enquiry_id = 2 and root_id = id and safety = 'A dog')";
    assert_eq!(it.app.count(others).await, 0);
    assert_eq!(it.app.count("select count(*) from in_touch where superseded_at is null").await, 1);
    let others = "select count(*) from in_touch
        where superseded_at is null and not (enquiry_id = 2 and contact_again_on = '2026-01-12')";
    assert_eq!(it.app.count(others).await, 0);
    let record = it.record(2).await;
    assert!(record.contains("Visit planned: Thu 16 Oct, 17:00") && record.contains("Mon 12 Jan 2026"), "{record}");
    let history = it.officer.get("/enquiries/1/history").await.text("main");
    assert!(history.contains("Cancelled a planned visit") && history.contains("merge undone"), "{history}");
    it.is_sound().await;
}

#[tokio::test]
async fn on_the_duplicate_a_visit_says_where_it_went_and_nothing_is_changed_there() {
    let mut it = twice(given::enquiry()).await;
    let before = it.officer.get("/enquiries/2/tasks").await;
    let moving = before.attribute("a[href$='/corrections']", "href");
    let open = it.officer.get(&before.attribute("a[href$='/cancellations']", "href")).await;
    it.app.pass_minutes(1);
    it.merge().await;
    let list = it.officer.get("/enquiries/2/tasks").await;
    let said = list.text("ol.work:last-of-type li");
    assert!(said.contains("It went over to E-000001") && said.contains("Went over"), "{said}");
    assert!(list.has("a[href='/enquiries/1/tasks']"));
    assert!(!list.has("a[href$='/corrections']") && !list.has("a[href$='/cancellations']"));
    assert_eq!(list.text("nav a[aria-current=page] .n"), "0");
    // An address that was kept leads on, and a form that was open changes nothing.
    let elsewhere = it.officer.get(&moving).await;
    assert_eq!(elsewhere.location(), "/enquiries/1/tasks");
    let said = it.officer.follow(&elsewhere).await;
    assert!(said.text(".flash").contains("went over to E-000001"), "{}", said.text(".flash"));
    let refused = it.officer.submit(&open, "form.form", &[("why", "They are ill")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.errors()[0].contains("went over to E-000001"), "{:?}", refused.errors());
    assert_eq!(refused.attribute("#why", "value"), "They are ill");
    // Cancelled where it is, it is over on both.
    let form = it.officer.get(&said.attribute("a[href$='/cancellations']", "href")).await;
    it.officer.submit(&form, "form.form", &[("why", "They are ill")]).await.location();
    let said = it.officer.get("/enquiries/2/tasks").await.text("ol.work:last-of-type li");
    assert!(said.contains("It went over to E-000001") && !said.contains("Planned"), "{said}");
    it.is_sound().await;
}

#[tokio::test]
async fn what_a_merge_closed_leads_to_the_one_that_goes_on_and_to_the_merge() {
    let mut it = twice(given::enquiry()).await;
    it.merge().await;
    let record = it.officer.get("/enquiries/2").await;
    let next = record.text(".panel.next");
    assert!(next.contains("the family goes on with E-000001. Priya Nair merged the two on 14 October 2025"), "{next}");
    assert_eq!(record.attributes(".panel.next a", "href"), ["/enquiries/1", "/households/merges/1"]);
    assert!(!record.has("a[href$='/reopenings/new']") && !next.contains("reopened"), "{next}");
    assert!(!it.officer.get("/enquiries/2/milestones").await.has("a[href$='kind=reopened']"));
    // Why it is closed is said once.
    let state = record.text(".identity");
    assert!(state.contains("Closed on Tue 14 Oct 2025: duplicate of another enquiry"), "{state}");
    let rung = record.text(".ladder .ended");
    assert!(rung.contains("Duplicate of another enquiry") && !rung.contains("Duplicate:"), "{rung}");
    assert!(!record.text(".timeline").contains("Duplicate: "), "{}", record.text(".timeline"));

    let merge = it.officer.get("/households/merges/1").await.text("[aria-labelledby=did]");
    for words in
        ["What E-000001 was given", "Visit planned for Thu 16 Oct 2025, 17:00", "Kept in touch with since 7 Oct"]
    {
        assert!(merge.contains(words), "{words} in {merge}");
    }
    it.app.pass_minutes(5);
    it.undo().await.location();
    let record = it.officer.get("/enquiries/2").await;
    assert!(!record.text(".panel.next").contains("goes on with"), "{}", record.text(".panel.next"));
    // The visit that went with the merge was not cancelled by a person.
    let said = it.officer.get("/enquiries/1/tasks").await.text("ol.work:last-of-type li");
    assert!(said.contains("A merge had brought it here, and Priya Nair undid that merge on 14 October 2025, 10:05"));
    assert!(said.contains("Taken back") && !said.contains("Cancelled") && !said.contains("merge undone"), "{said}");
    let merge = it.officer.get("/households/merges/1").await.text("[aria-labelledby=did]");
    assert!(merge.contains("What E-000001 had been given") && merge.contains("Visit planned for"), "{merge}");
}

#[tokio::test]
async fn a_visit_that_was_moved_since_is_put_back_before_the_merge_is_undone() {
    let mut it = twice(given::enquiry()).await;
    it.merge().await;
    let list = it.officer.get("/enquiries/1/tasks").await;
    let form = it.officer.get(&list.attribute("a[href^='/enquiries/1/'][href$='/corrections']", "href")).await;
    it.officer.submit(&form, "form.form", &[("at", "18:30"), ("why", "They work late")]).await.location();
    let said = it.officer.get("/households/merges/1").await.text("main");
    assert!(said.contains("Priya Nair changed the visit that the merge brought: it was planned for Thu 16 Oct, 17:00"));
    let list = it.officer.get("/enquiries/1/tasks").await;
    let form = it.officer.get(&list.attribute("a[href^='/enquiries/1/'][href$='/cancellations']", "href")).await;
    it.officer.submit(&form, "form.form", &[("why", "Not them")]).await.location();
    let said = it.officer.get("/households/merges/1").await.text("#undo ~ .notice");
    let again = "Undone, it is planned for Thu 16 Oct, 17:00 again with E-000002: cancel it there too";
    assert!(said.starts_with("Priya Nair cancelled the visit") && said.contains(again), "{said}");
    assert_eq!(it.undo().await.status, StatusCode::SEE_OTHER);
    assert_eq!(it.app.count(PLANNED).await, 1);
    it.is_sound().await;
}

#[tokio::test]
async fn what_the_other_enquiry_cannot_have_stays_and_the_page_says_why() {
    let mut it = twice(given::enquiry().closed("2025-10-08", "not_now")).await;
    let said = it.officer.get(COMPARE).await;
    assert!(said.texts(".brings label").is_empty());
    let said = said.text(".brings");
    assert_eq!(said.matches("this stays with E-000002, as E-000001 has ended").count(), 2, "{said}");
    let mut it = twice(given::enquiry().in_touch("2025-10-02", "2025-12-01")).await;
    let page = it.officer.get(COMPARE).await;
    assert_eq!(page.texts(".brings label").len(), 1, "the visit");
    assert!(page.text(".brings").contains("as E-000001 has been kept in touch with itself"));
}

#[tokio::test]
async fn the_other_record_is_found_from_the_record_and_stands_beside_it() {
    let app = TestApp::new().await;
    let named = app.person("Named Person", &[Role::Manager]).await;
    given::enquiry().named("Sara Harker").phone("07700900001").create(&app).await;
    given::enquiry().named("Zofia Nowak").phone("07700900077").create(&app).await;
    given::enquiry().named("Zofia Nowak").phone("07700900078").restricted_to(&[named]).create(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    let record = officer.get("/enquiries/1").await;
    assert!(record.has("a[href='/enquiries/1/alike']"));
    let page = officer.get("/enquiries/1/alike").await;
    assert_eq!(page.attribute("form[role=search][method=get]", "action"), "/enquiries/1/alike");
    for typed in ["e-000002", "nowak", "900077", "zofia+0077"] {
        let found = officer.get(&format!("/enquiries/1/alike?q={typed}")).await;
        assert_eq!(found.attributes(".twins-list a.button", "href"), ["/households/alike/1/2"], "{typed}");
    }
    let beside = officer.get("/households/alike/1/2").await;
    assert!(beside.text("main").contains("Nothing by which they are recognised agrees"), "{}", beside.text("main"));
    let sent = officer.submit(&beside, "form#merge", &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    // What agrees with the record in more than the name comes first.
    given::enquiry().named("Ana Harker").phone("07700900001").create(&app).await;
    given::enquiry().named("Bo Harker").create(&app).await;
    let found = officer.get("/enquiries/1/alike?q=harker").await;
    assert_eq!(found.attributes(".twins-list a.button", "href")[0], "/households/alike/1/4", "before the newer one");
    // Itself is not another one, too little finds nothing, and a restricted one is found by named people only.
    let own = officer.get("/enquiries/1/alike?q=sara").await.text("main");
    assert!(own.contains("Nobody else found for “sara”"), "{own}");
    assert!(officer.get("/enquiries/1/alike?q=z").await.text("main").contains("type at least two letters"));
    assert!(officer.get("/enquiries/1/alike?q=900078").await.text("main").contains("Nobody else found"));
    let found = app.sign_in_as(named).await.get("/enquiries/1/alike?q=900078").await;
    assert_eq!(found.attributes(".twins-list a.button", "href"), ["/households/alike/1/3"]);
    assert_eq!(app.sign_in(Role::SocialWorker).await.get("/enquiries/1/alike").await.status, StatusCode::FORBIDDEN);
}
