//! The same household twice: found, told apart, merged side by side, undone; and two people at it at once.

use axum::http::StatusCode;
use hearth::domain::ids::EnquiryId;
use hearth::domain::role::Role;
use hearth::features::condition;

use crate::given;
use crate::support::{Client, Page, TestApp};

const MERGE: &str = "form#merge";
const DAY: i64 = 24 * 60;

struct Twice {
    app: TestApp,
    first: EnquiryId,
    second: EnquiryId,
    officer: Client,
}

/// Sara Harker, logged on 1 and 6 October; the second time by ear, with another number.
async fn twice() -> Twice {
    let app = TestApp::new().await;
    let first = given::enquiry()
        .named("Sara Harker")
        .phone("07700900001")
        .postcode("SR1 6XW")
        .received("2025-10-01")
        .contacted("2025-10-02")
        .note("2025-10-02", "Two cats")
        .create(&app)
        .await;
    let second = given::enquiry()
        .named("Sara Harker")
        .phone("07700900002")
        .email("sara@example.org")
        .postcode("SR1 6XW")
        .address("1 High Street")
        .received("2025-10-06")
        .visited("2025-10-09")
        .note("2025-10-09", "Has a spare room")
        .create(&app)
        .await;
    let priya = app.person("Priya Nair", &[Role::Officer]).await;
    Twice { officer: app.sign_in_as(priya).await, app, first, second }
}

impl Twice {
    async fn compare(&mut self) -> Page {
        let list = self.officer.get("/households/alike").await;
        self.officer.get(&list.attribute(".twins-list a[href^='/households/alike/']", "href")).await
    }

    async fn merged(&mut self, choices: &[(&str, &str)]) -> Page {
        let page = self.compare().await;
        let sent = self.officer.submit(&page, MERGE, choices).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        self.officer.follow(&sent).await
    }

    async fn record(&mut self, id: EnquiryId) -> Page {
        self.officer.get(&format!("/enquiries/{id}")).await
    }

    async fn undo(&mut self) -> Page {
        let page = self.officer.get("/households/merges/1").await;
        self.officer.submit(&page, "form[action$=undoings]", &[]).await
    }

    async fn is_sound(&self) {
        let mut read = self.app.state.db.read().acquire().await.unwrap();
        assert_eq!(condition::examine(&mut read, |_| ()).await.problems, Vec::<String>::new());
    }
}

#[tokio::test]
async fn what_shares_a_name_and_a_postcode_is_listed_with_what_agrees() {
    let mut it = twice().await;
    let page = it.officer.get("/households/alike").await;
    assert_eq!(page.texts(".twins-list > li").len(), 1);
    let pair = page.text(".twins-list > li");
    assert!(pair.contains("Possibly a duplicate") && pair.contains("the same name and postcode"), "{pair}");
    assert!(pair.contains("E-000001") && pair.contains("E-000002") && pair.contains("5 days apart"), "{pair}");
    let record = it.record(it.second).await;
    assert!(record.has("a[href='/households/alike/1/2']"));
}

/// Closed as a duplicate of the other there is nothing left to look at.
#[tokio::test]
async fn what_is_closed_as_a_duplicate_is_not_listed() {
    let mut it = twice().await;
    let form = it.officer.get(&format!("/enquiries/{}/closures/new", it.second)).await;
    let closed = it.officer.submit(&form, "form.form", &[("reason", "duplicate"), ("duplicate_of", "E-000001")]).await;
    assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.text("main"));
    let page = it.officer.get("/households/alike").await;
    assert!(page.text("main").contains("No two households look alike"), "{}", page.text("main"));
    assert!(!it.record(it.first).await.has("a[href='/households/alike/1/2']"), "the record agrees with the list");
    it.is_sound().await;
}

#[tokio::test]
async fn the_same_name_elsewhere_with_another_number_is_somebody_else() {
    let app = TestApp::new().await;
    for (phone, postcode) in [("07700900001", "SR1 6XW"), ("07700900002", "SR2 7AA")] {
        given::enquiry().named("Ann Lee").phone(phone).postcode(postcode).create(&app).await;
    }
    let page = app.sign_in(Role::Manager).await.get("/households/alike").await;
    assert!(page.text("main").contains("No two households look alike"), "{}", page.text("main"));
}

#[tokio::test]
async fn a_telephone_alone_and_an_e_mail_alone_make_two_look_alike() {
    let app = TestApp::new().await;
    given::enquiry().named("Ann Lee").phone("07700900001").create(&app).await;
    given::enquiry().named("Bob Shah").phone("07700900001").email("BOB@example.org").create(&app).await;
    given::enquiry().named("Robert Shah").email("bob@example.org").received("2022-01-05").create(&app).await;
    let page = app.sign_in(Role::Officer).await.get("/households/alike").await;
    let pairs = page.texts(".twins-list > li");
    assert_eq!(pairs.len(), 2);
    assert!(pairs[0].contains("the same e-mail") && pairs[0].contains("Came back"), "{}", pairs[0]);
    assert!(pairs[0].contains("3 years apart"), "{}", pairs[0]);
    assert!(pairs[1].contains("the same telephone") && pairs[1].contains("same day"), "{}", pairs[1]);
}

#[tokio::test]
async fn a_number_that_stands_on_dozens_says_nothing() {
    let app = TestApp::new().await;
    for number in 0..14 {
        let name = format!("Person {}", ["Alder", "Birch", "Cedar", "Elm", "Fir", "Gorse", "Hazel"][number % 7]);
        given::enquiry().named(&format!("{name}{number}")).phone("01914960000").create(&app).await;
    }
    let mut officer = app.sign_in(Role::Officer).await;
    // The first dozen were few enough when they were logged; doctor takes that, and making all anew leaves them out.
    let mut write = app.state.db.write().await.unwrap();
    assert_eq!(condition::examine(&mut write, |_| ()).await.problems, Vec::<String>::new());
    condition::rebuild(&mut write).await.unwrap();
    write.commit().await.unwrap();
    let page = officer.get("/households/alike").await;
    assert!(page.text("main").contains("No two households look alike"));
}

#[tokio::test]
async fn told_apart_is_remembered_with_who_and_when_whatever_is_recorded_afterwards() {
    let mut it = twice().await;
    let page = it.compare().await;
    let sent = it.officer.submit(&page, "form[action$=distinctions]", &[]).await;
    let list = it.officer.follow(&sent).await;
    assert!(list.text("main").contains("No two households look alike"), "{}", list.text("main"));
    assert!(!it.record(it.second).await.has("a[href='/households/alike/1/2']"));

    let household = it.officer.get(&format!("/enquiries/{}/household", it.second)).await;
    let saved = it.officer.submit(&household, "form.form", &[("phone_1", "07700 900001")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    assert!(it.officer.get("/households/alike").await.text("main").contains("No two households look alike"));
    let apart = it.officer.get("/households/told-apart").await;
    let said = apart.text(".twins-list > li");
    assert!(said.contains("Told apart by Priya Nair, 14 October 2025"), "{said}");
    it.is_sound().await;

    let page = it.officer.get("/households/alike/1/2").await;
    it.officer.submit(&page, "form[action$=withdrawals]", &[]).await;
    assert_eq!(it.officer.get("/households/alike").await.texts(".twins-list > li").len(), 1);
    let history = it.officer.get(&format!("/enquiries/{}/history", it.first)).await;
    let history = history.text("main");
    assert!(history.contains("not the sameWith E-000002"), "{history}");
    it.is_sound().await;
}

#[tokio::test]
async fn two_are_merged_into_one_with_both_histories() {
    let mut it = twice().await;
    let page = it.compare().await;
    // What only one has is taken; what differs is offered: both numbers.
    assert_eq!(page.attribute("input[name=phone_1][checked]", "value"), "both");
    assert_eq!(page.attribute("input[name=fate_2][checked]", "value"), "1");
    let offered = page.texts(".brings label").join(" / ");
    assert!(offered.contains("Initial visit, 9 Oct 2025") && offered.contains("spare room"), "{offered}");
    let merge = it.merged(&[]).await;
    assert!(merge.text("main").contains("They are one household now"), "{}", merge.text("main"));

    let first = it.record(it.first).await;
    let record = first.text("main");
    for expected in ["07700 900001", "07700 900002", "sara@example.org", "1 High Street", "Visited", "Has a spare room"]
    {
        assert!(record.contains(expected), "{expected} in {record}");
    }
    assert!(record.contains("Also logged asE-000002") && record.contains("Brought from E-000002"), "{record}");
    let second = it.record(it.second).await;
    let record = second.text("main");
    assert!(record.contains("Duplicate ofE-000001") && record.contains("Closed"), "{record}");
    assert!(second.has("a[href='/enquiries/1']"));
    let list = it.officer.get("/enquiries?q=harker").await;
    assert!(list.text("main").contains("E-000001"), "{}", list.text("main"));

    // It counts once, as known now; as known before, twice, as it did.
    let count = |page: &Page| page.text("main");
    let now = it.officer.get("/reports/funnel?from=2025-10-01&to=2025-10-31").await;
    assert!(count(&now).contains("1"), "{}", count(&now));
    assert_eq!(it.app.count("select count(*) from enquiry_now where ended_by = 'duplicate'").await, 1);
    // The address of the one that went leads on.
    let gone = it.officer.get("/households/alike/1/2").await;
    assert_eq!(gone.location(), "/households/merges/1");
    it.is_sound().await;
}

#[tokio::test]
async fn who_comes_back_after_years_is_known_and_counts_again() {
    let app = TestApp::new().await;
    let first = given::enquiry().named("Sara Harker").phone("07700900001").received("2022-03-01");
    let first = first.closed("2022-05-01", "not_now").create(&app).await;
    let again = given::enquiry().named("Sarah Harker").phone("07700900001").received("2025-10-06").create(&app).await;
    let mut it = Twice { officer: app.sign_in(Role::Officer).await, app, first, second: again };
    let page = it.compare().await;
    assert_eq!(page.attribute("input[name=fate_2][checked]", "value"), "back");
    // The record that stays goes on under its name.
    assert_eq!(page.attribute("input[name=name_1][checked]", "value"), "kept");
    it.merged(&[]).await;
    let record = it.record(it.first).await;
    assert_eq!(record.text("h1"), "Sara Harker");
    assert!(record.has("a[href='/enquiries/2']"), "{}", record.text("main"));
    assert_eq!(it.app.count("select count(*) from enquiry_now where ended_by = 'duplicate'").await, 0);
    assert_eq!(it.app.count("select count(distinct household_id) from enquiry").await, 1);
    it.is_sound().await;
}

#[tokio::test]
async fn a_merge_is_undone_exactly_and_can_be_done_again() {
    let mut it = twice().await;
    let before = (it.record(it.first).await.text(".identity"), it.record(it.second).await.text(".identity"));
    it.merged(&[]).await;
    it.app.pass_minutes(29 * DAY);
    it.officer = it.app.sign_in(Role::Officer).await;
    let undone = it.undo().await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.body);
    let page = it.officer.follow(&undone).await;
    assert!(page.text("main").contains("they are two households again"), "{}", page.text("main"));
    for (id, was) in [(it.first, &before.0), (it.second, &before.1)] {
        let record = it.record(id).await;
        let without_clocks = |text: &str| text.split("Time limit").next().unwrap_or_default().to_owned();
        assert_eq!(without_clocks(&record.text(".identity")), without_clocks(was));
    }
    let first = it.record(it.first).await.text(".timeline");
    assert!(first.contains("Withdrawn") && first.contains("merge undone"), "{first}");
    assert!(!first.contains("spare room"), "the note that was brought is withdrawn: {first}");
    let record = it.record(it.second).await;
    assert!(record.text(".timeline").contains("spare room"));
    it.is_sound().await;
    assert!(!it.officer.get("/households/merges/1").await.has("form[action$=undoings]"), "it is undone already");
}

#[tokio::test]
async fn after_thirty_days_it_is_too_late() {
    let mut it = twice().await;
    let open = it.merged(&[]).await;
    it.app.pass_minutes(31 * DAY);
    it.officer = it.app.sign_in(Role::Officer).await;
    let page = it.officer.get("/households/merges/1").await;
    assert!(!page.has("form[action$=undoings]"));
    assert!(page.text("main").contains("more than 30 days ago"), "{}", page.text("main"));
    let token = open.attribute("form[action$=undoings] [name=form_token]", "value");
    let late = it.officer.post("/households/merges/1/undoings", &[("form_token", &token)]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text("main").contains("Nothing was undone"), "{}", late.text("main"));
    assert_eq!(it.app.count("select count(*) from household_merge where undone_at is not null").await, 0);
}

#[tokio::test]
async fn what_was_changed_since_stands_in_the_way_and_the_page_says_what_to_do() {
    let mut it = twice().await;
    it.merged(&[]).await;
    let household = it.officer.get(&format!("/enquiries/{}/household", it.first)).await;
    it.officer.submit(&household, "form.form", &[("language", "Polish")]).await;
    let page = it.officer.get("/households/merges/1").await;
    let said = page.text("main");
    assert!(said.contains("Priya Nair has changed the household since. Put it back"), "{said}");
    let household = it.officer.get(&format!("/enquiries/{}/household", it.first)).await;
    it.officer.submit(&household, "form.form", &[("language", "")]).await;
    assert_eq!(it.undo().await.status, StatusCode::SEE_OTHER);
    it.is_sound().await;
}

#[tokio::test]
async fn a_later_closing_on_what_was_brought_is_no_obstacle_and_a_correction_of_it_is() {
    let mut it = twice().await;
    it.merged(&[]).await;
    let record = it.record(it.first).await;
    let visit = record.attributes(".timeline a[href*='/milestones/'][href$=corrections]", "href");
    let mut corrected = false;
    for href in visit {
        let page = it.officer.get(&href).await;
        if page.text("h1").contains("initial visit") {
            it.officer.submit(&page, "form.form", &[("on", "8 october 2025"), ("why", "The diary")]).await;
            corrected = true;
        }
    }
    assert!(corrected);
    let page = it.officer.get("/households/merges/1").await;
    assert!(page.text("main").contains("was corrected or withdrawn since"), "{}", page.text("main"));
}

#[tokio::test]
async fn a_form_sent_twice_merges_once() {
    let mut it = twice().await;
    let page = it.compare().await;
    let one = it.officer.submit(&page, MERGE, &[]).await;
    let other = it.officer.submit(&page, MERGE, &[]).await;
    assert_eq!(one.location(), "/households/merges/1");
    assert_eq!(other.location(), one.location());
    assert_eq!(it.app.count("select count(*) from household_merge").await, 1);
}

#[tokio::test]
async fn whoever_comes_second_sees_what_was_changed_and_keeps_what_they_chose() {
    let mut it = twice().await;
    let tom = it.app.person("Tom Ashworth", &[Role::Officer]).await;
    let mut tom = it.app.sign_in_as(tom).await;
    let his = tom.get("/households/alike/1/2").await;
    let household = it.officer.get(&format!("/enquiries/{}/household", it.first)).await;
    it.officer.submit(&household, "form.form", &[("phone_1", "07700 900009")]).await;
    let answer = tom.submit(&his, MERGE, &[("phone_1", "goes"), ("fate_2", "back")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let said = answer.text(".conflict");
    assert!(said.contains("Priya Nair changed one of the two"), "{said}");
    assert!(answer.text("main").contains("07700 900009"));
    assert_eq!(answer.attribute("input[name=fate_2][checked]", "value"), "back");
    assert_eq!(answer.attribute("input[name=phone_1][checked]", "value"), "goes");
    let sent = tom.submit(&answer, MERGE, &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    // And who had not seen that at all is led to what was done.
    let page = tom.submit(&his, MERGE, &[]).await;
    assert_eq!(page.location(), "/households/merges/1");
    it.is_sound().await;
}

#[tokio::test]
async fn a_form_of_the_household_that_went_saves_nothing_over_the_one_that_stays() {
    let mut it = twice().await;
    let mut tom = it.app.sign_in(Role::Officer).await;
    let open = tom.get(&format!("/enquiries/{}/household", it.second)).await;
    it.merged(&[]).await;
    let sent = tom.submit(&open, "form.form", &[("language", "Polish")]).await;
    assert_eq!(sent.status, StatusCode::CONFLICT);
    assert_eq!(sent.attribute("#language", "value"), "Polish");
    // What Tom has not touched is what it is now, and nothing of it is lost by saving again.
    let phones = sent.attribute("#phone_1", "value");
    assert!(phones.contains("07700900001") && phones.contains("07700900002"), "{phones}");
}

#[tokio::test]
async fn a_restricted_record_is_compared_by_named_people_only() {
    let app = TestApp::new().await;
    let named = app.person("Named Person", &[Role::Manager]).await;
    let secret = given::enquiry().named("Sara Harker").phone("07700900001").restricted_to(&[named]).create(&app).await;
    let open = given::enquiry().named("Sara Harker").phone("07700900001").create(&app).await;
    let mut other = app.sign_in(Role::Manager).await;
    assert!(other.get("/households/alike").await.text("main").contains("No two households look alike"));
    assert_eq!(other.get("/households/alike/1/2").await.status, StatusCode::NOT_FOUND);
    let mut it = Twice { officer: app.sign_in_as(named).await, app, first: secret, second: open };
    let page = it.compare().await;
    assert!(page.text("main").contains("is restricted"), "{}", page.text("main"));
    it.merged(&[]).await;
    assert_eq!(other.get("/households/merges/1").await.status, StatusCode::NOT_FOUND);
    assert!(other.get("/households/merges").await.text("main").contains("No households have been merged"));
}

#[tokio::test]
async fn a_closure_by_hand_names_the_other_enquiry() {
    let mut it = twice().await;
    let close = format!("/enquiries/{}/closures/new", it.second);
    let page = it.officer.get(&close).await;
    let values = [("on", "today"), ("reason", "not_now"), ("duplicate_of", "e-000001")];
    let refused = it.officer.submit(&page, "form.form", &values).await;
    assert_eq!(refused.errors(), ["Only a duplicate has another enquiry. Choose that reason, or leave this empty"]);
    let values = [("reason", "duplicate"), ("duplicate_of", "E-000777")];
    let refused = it.officer.submit(&refused, "form.form", &values).await;
    assert_eq!(refused.errors(), ["There is no other enquiry with this reference that you may open"]);
    let sent = it.officer.submit(&refused, "form.form", &[("duplicate_of", "e-000001")]).await;
    let record = it.officer.follow(&sent).await;
    assert!(record.text(".identity").contains("Duplicate ofE-000001"), "{}", record.text(".identity"));
    assert!(it.record(it.first).await.text(".identity").contains("Also logged asE-000002"));
}

#[tokio::test]
async fn an_enquiry_logged_for_a_household_that_was_merged_goes_to_the_one_it_is_now() {
    let mut it = twice().await;
    let mut tom = it.app.sign_in(Role::Officer).await;
    let form = tom.get("/enquiries/new").await;
    it.merged(&[]).await;
    let values = [("name_1", "Sara Harker"), ("received_on", "today"), ("household", "2")];
    let logged = tom.submit(&form, "form.new-enquiry, main form[action='/enquiries']", &values).await;
    assert_eq!(logged.status, StatusCode::SEE_OTHER, "{}", logged.body);
    assert_eq!(it.app.count("select count(distinct household_id) from enquiry").await, 1);
    // And it does not stand in the way of undoing.
    assert_eq!(it.undo().await.status, StatusCode::SEE_OTHER);
    assert_eq!(it.app.count("select household_id from enquiry where id = 3").await, 1);
    it.is_sound().await;
}
