//! Two officers merge the same two, each otherwise: the second is told what was done, and what of theirs was not.

use axum::http::StatusCode;
use hearth::domain::role::Role;

use crate::given;
use crate::support::{Client, Page, TestApp};

const COMPARE: &str = "/households/alike/1/2";
const MERGE: &str = "form#merge";

struct Office {
    app: TestApp,
    priya: Client,
    tom: Client,
}

/// Sara Harker, logged on 1 and 6 October; the second time by another spelling, and visited.
async fn office() -> Office {
    let app = TestApp::new().await;
    let (priya, tom) =
        (app.person("Priya Nair", &[Role::Officer]).await, app.person("Tom Ashworth", &[Role::Officer]).await);
    given::enquiry().named("Sara Harker").phone("07700900001").create(&app).await;
    let second = given::enquiry().named("Sarah Harker").phone("07700900001").received("2025-10-06");
    second.visited("2025-10-09").source("Radio").create(&app).await;
    Office { priya: app.sign_in_as(priya).await, tom: app.sign_in_as(tom).await, app }
}

impl Office {
    /// Tom has opened a page; Priya merges as it is offered; he sends what he chose.
    async fn both(&mut self, path: &str, tom: &[(&str, &str)]) -> Page {
        let his = self.tom.get(path).await;
        let hers = self.priya.get(COMPARE).await;
        self.app.pass_minutes(1);
        assert_eq!(self.priya.submit(&hers, MERGE, &[]).await.location(), "/households/merges/1");
        self.app.pass_minutes(1);
        let answer = self.tom.submit(&his, MERGE, tom).await;
        assert_eq!(self.app.count("select count(*) from household_merge").await, 1);
        answer
    }
}

#[tokio::test]
async fn whoever_merges_second_sees_both_versions() {
    let mut office = office().await;
    let answer = office.both(COMPARE, &[("name_1", "goes"), ("fate_2", "back")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text("title").starts_with("Somebody else was first"), "{}", answer.text("title"));
    let said = answer.text(".conflict");
    assert!(said.contains("Somebody else was first") && said.contains("Nothing of what you chose was saved"), "{said}");
    assert!(said.contains("Priya Nair merged these two on 14 October 2025, 10:01."), "{said}");
    let both = answer.texts(".versions section");
    let expected = [
        "Applicants As it was done Sara Harker, 07700 900001 What you chose Sarah Harker, 07700 900001",
        "What their enquiries are As it was done E-000002 is the same enquiry as E-000001, logged twice \
         What you chose E-000002 is a second enquiry: they came back",
        "What was brought As it was done Initial visit, 9 Oct 2025 Source: Radio \
         Task: Write up the initial visit, due 13 Oct 2025 What you chose Nothing",
    ];
    let spaces = |text: &str| text.split_whitespace().collect::<String>();
    assert_eq!(
        both.iter().map(|it| spaces(it)).collect::<Vec<_>>(),
        expected.iter().map(|it| spaces(it)).collect::<Vec<_>>()
    );
    assert!(said.contains("The same in both: which record stays, address"), "{said}");
    assert!(answer.has("a[href='/households/merges/1']") && answer.has("a[href='/enquiries/1']"));
    // Sent again, it says the same; her own form sent twice leads where it led.
    assert_eq!(office.priya.get(COMPARE).await.location(), "/households/merges/1");
}

#[tokio::test]
async fn the_other_way_round_it_is_said_which_record_stays() {
    let mut office = office().await;
    let answer = office.both("/households/alike/2/1", &[("fate_1", "2")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let both = answer.texts(".versions section").join(" / ");
    assert!(both.starts_with("Which record stays"), "{both}");
    assert!(both.contains("E-000001 is the same enquiry as E-000002, logged twice"), "{both}");
}

#[tokio::test]
async fn whoever_chose_the_same_is_led_to_the_merge() {
    let mut office = office().await;
    let answer = office.both(COMPARE, &[]).await;
    assert_eq!(answer.location(), "/households/merges/1");
    let said = office.tom.follow(&answer).await.text(".flash");
    assert!(said.contains("Priya Nair merged these two on 14 October 2025, 10:01, as you chose"), "{said}");
}

#[tokio::test]
async fn nobody_is_told_of_a_record_that_they_may_not_open() {
    let mut office = office().await;
    let his = office.tom.get(COMPARE).await;
    let hers = office.priya.get(COMPARE).await;
    office.priya.submit(&hers, MERGE, &[]).await.location();
    let mut write = office.app.state.db.write().await.unwrap();
    sqlx::query("update enquiry set restricted = 1 where id = 2").execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();
    let answer = office.tom.submit(&his, MERGE, &[("name_1", "goes")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
