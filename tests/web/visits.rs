//! Visits: planned, moved, cancelled, and recorded as the milestone that they become.

use axum::http::StatusCode;
use hearth::domain::ids::{EnquiryId, UserId};
use hearth::domain::role::Role;

use crate::given;
use crate::support::{Client, Page, TestApp};

const FORM: &str = "form.form";

struct Office {
    app: TestApp,
    id: EnquiryId,
    client: Client,
    tom: String,
}

async fn office() -> Office {
    let app = TestApp::new().await;
    let priya = app.person("Priya Nair", &[Role::Officer]).await;
    let tom = app.person("Tom Ashworth", &[Role::Officer]).await.to_string();
    let enquiry = given::enquiry().named("Amira Rahman").address("4 Roker Terrace").postcode("SR6 9PQ");
    let id = enquiry.contacted("2025-10-02").create(&app).await;
    Office { id, client: app.sign_in_as(priya).await, tom, app }
}

impl Office {
    async fn plan(&mut self, values: &[(&str, &str)]) -> Page {
        let page = self.client.get(&format!("/enquiries/{}/appointments/new", self.id)).await;
        let mut all = vec![("on", "thursday"), ("at", "5pm")];
        all.retain(|(name, _)| values.iter().all(|(other, _)| other != name));
        all.extend(values);
        self.client.submit(&page, FORM, &all).await
    }

    async fn list(&mut self) -> Page {
        self.client.get(&format!("/enquiries/{}/tasks", self.id)).await
    }

    /// The form behind a link of the list.
    async fn form(&mut self, noun: &str) -> Page {
        let list = self.list().await;
        let href = list.attribute(&format!("a[href$='/{noun}']"), "href");
        self.client.get(&href).await
    }
}

#[tokio::test]
async fn a_visit_is_planned_where_they_live_and_moved_with_a_reason() {
    let mut office = office().await;
    let (tom, safety) = (office.tom.clone(), "Has a dog. Ring the office at six");
    office.plan(&[("with", &tom), ("safety", safety)]).await.location();
    let list = office.list().await;
    assert_eq!(list.text("nav a[aria-current=page] .n"), "2", "the visit, and the check that its rule asks for");
    let said = list.text("ol.work:last-of-type li");
    for words in ["Thu 16 Oct, 17:00. Priya Nair and Tom Ashworth", "4 Roker Terrace, SR6 9PQ", safety] {
        assert!(said.contains(words), "{said}");
    }
    let form = office.form("corrections").await;
    let without = office.client.submit(&form, FORM, &[("at", "18:30")]).await;
    assert_eq!(without.errors(), ["Say why, in a few words: it is shown in the history"]);
    let moved = office.client.submit(&without, FORM, &[("at", "18:30"), ("with", ""), ("why", "They work late")]).await;
    let list = office.client.follow(&moved).await;
    assert!(list.body.contains("Thu 16 Oct, 18:30") && list.body.contains("Priya Nair, alone"));
    assert!(list.body.contains("“They work late”"));
    assert_eq!(office.app.count("select count(*) from appointment").await, 2);
    assert_eq!(office.app.count("select count(*) from audit where action like 'appointment_%'").await, 2);
    let words = "select count(*) from audit where detail like '%Roker%' or detail like '%dog%'";
    assert_eq!(office.app.count(words).await, 0);
}

#[tokio::test]
async fn a_visit_is_planned_at_a_time_that_there_is_and_by_two_people_at_most() {
    let mut office = office().await;
    for (values, field) in [
        (vec![("at", "soon")], "#at"),
        (vec![("on", "today"), ("at", "9:59")], "#at"),
        (vec![("on", "29/3/26"), ("at", "1:30am")], "#at"),
        (vec![("with", "PRIYA")], "#with"),
        (vec![("goes", "99999")], "#goes"),
    ] {
        let page = office.client.get(&format!("/enquiries/{}/appointments/new", office.id)).await;
        let priya = page.attribute("#goes option[selected]", "value");
        let values: Vec<_> = values
            .iter()
            .map(|(name, value)| (*name, if *value == "PRIYA" { priya.as_str() } else { *value }))
            .collect();
        let answer = office.plan(&values).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{values:?}");
        assert_eq!(answer.attribute(".error-summary a", "href"), field, "{values:?}");
    }
    assert_eq!(office.app.count("select count(*) from appointment").await, 0);
}

#[tokio::test]
async fn a_visit_keeps_its_time_when_the_clocks_go_back_in_between() {
    let mut office = office().await;
    office.plan(&[("on", "27/10/25"), ("at", "9:30")]).await.location();
    assert!(office.list().await.body.contains("Mon 27 Oct, 09:30"));
    office.app.pass_minutes(13 * 24 * 60);
    assert_eq!(office.app.now().to_string(), "2025-10-27T09:00:00.000Z");
    office.client = office.app.sign_in(Role::Officer).await;
    // Half past nine has not come yet: it is nine in London too.
    let form = office.form("corrections").await;
    let answer = office.client.submit(&form, FORM, &[("at", "9:15"), ("why", "Earlier")]).await;
    assert!(answer.status.is_redirection(), "{:?}", answer.errors());
}

#[tokio::test]
async fn who_plans_two_visits_at_once_is_told_and_may_mean_both() {
    let mut office = office().await;
    office.plan(&[]).await.location();
    let told = office.plan(&[("at", "19:00")]).await;
    let them = "A visit to them is planned that day already, at 17:00. Press “Plan the visit” again if both are meant";
    assert_eq!(told.errors(), [them]);
    assert_eq!(told.attribute(".error-summary a", "href"), "#at");
    assert_eq!(office.app.count("select count(*) from appointment").await, 1);
    office.client.submit(&told, FORM, &[]).await.location();
    assert_eq!(office.app.count("select count(*) from appointment").await, 2);

    // Another family, by the same person within the hour; an hour later nobody is asked.
    let second = given::enquiry().named("Donna Hodgson").contacted("2025-10-02").create(&office.app).await;
    let page = office.client.get(&format!("/enquiries/{second}/appointments/new")).await;
    let told = office.client.submit(&page, FORM, &[("on", "thursday"), ("at", "16:01")]).await;
    assert!(told.errors()[0].starts_with("Priya Nair already goes to Amira Rahman at 17:00 that day"));
    let other = office.client.submit(&told, FORM, &[("goes", &office.tom)]).await;
    assert!(other.status.is_redirection(), "{:?}", other.errors());
    // Where a move puts somebody in two places it is asked as well, and not of what stays as it is.
    let list = office.client.get(&format!("/enquiries/{second}/tasks")).await;
    let form = office.client.get(&list.attribute("a[href$='/corrections']", "href")).await;
    let priya = page.attribute("#goes option[selected]", "value");
    let told = office.client.submit(&form, FORM, &[("goes", &priya), ("why", "Tom is away")]).await;
    assert!(told.errors()[0].ends_with("Press “Save the change” again if both are meant"), "{:?}", told.errors());
    office.client.submit(&form, FORM, &[("place", "Her office"), ("why", "Nearer")]).await.location();

    // Of a record that she may not open she is not told whose it is.
    let tom: i64 = office.tom.parse().unwrap();
    let secret = given::enquiry().named("Secret Family").contacted("2025-10-02").restricted_to(&[UserId(tom)]);
    let secret = secret.create(&office.app).await;
    let mut his = office.app.sign_in_as(UserId(tom)).await;
    let page = his.get(&format!("/enquiries/{secret}/appointments/new")).await;
    his.submit(&page, FORM, &[("on", "friday"), ("at", "10:00")]).await.location();
    let page = office.client.get(&format!("/enquiries/{second}/appointments/new")).await;
    let values = [("on", "friday"), ("at", "10:30"), ("with", office.tom.as_str())];
    let told = office.client.submit(&page, FORM, &values).await;
    assert!(told.errors()[0].starts_with("Tom Ashworth already goes to another family at 10:00 that day"));
    assert!(!told.body.contains("Secret"));
}

#[tokio::test]
async fn one_press_records_the_visit_that_took_place() {
    let mut office = office().await;
    office.plan(&[]).await.location();
    let (id, to_come) = (office.id, "a[href$='/keepings']");
    let list = office.list().await;
    assert!(!list.has(to_come) && list.has("a[href$='/cancellations']"), "it is to come");
    assert!(!office.client.get(&format!("/enquiries/{id}")).await.has(to_come));
    let path = list.attribute("a[href$='/cancellations']", "href").replace("cancellations", "keepings");
    let page = office.client.get(&path).await;
    assert!(page.text("main").contains("It is planned for Thu 16 Oct, 17:00"), "{}", page.text("main"));
    assert!(page.has("a[href$='/corrections']") && !page.has(FORM));
    let early = office.client.post(&path, &[("form_token", &"t".repeat(43))]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.errors()[0].contains("It is planned for Thu 16 Oct 2025"), "{:?}", early.errors());
    office.app.pass_minutes(3 * 24 * 60);
    let mut client = office.app.sign_in(Role::Officer).await;
    let form = client.get(&format!("/enquiries/{}", office.id)).await;
    let form = client.get(&form.attribute(".next a[href$='/keepings']", "href")).await;
    client.submit(&form, FORM, &[]).await.location();
    let record = client.get(&format!("/enquiries/{}", office.id)).await;
    assert_eq!(record.texts(".facts .tag"), ["Visited"]);
    let visit = "select count(*) from milestone where kind = 'initial_visit' and happened_on = '2025-10-16'";
    assert_eq!(office.app.count(visit).await, 1);
    // Sent again by somebody else, it is kept already.
    let list = client.get(&format!("/enquiries/{}/tasks", office.id)).await;
    assert!(list.body.contains("Took place") && !list.has("a[href$='/keepings']"));
}

#[tokio::test]
async fn two_people_who_move_a_visit_see_both_versions() {
    let mut office = office().await;
    office.plan(&[]).await.location();
    let mut tom = office.app.sign_in(Role::Manager).await;
    let hers = office.form("corrections").await;
    let path = hers.attribute(FORM, "action");
    let his = tom.get(&path).await;
    office.client.submit(&hers, FORM, &[("at", "18:00"), ("why", "Work")]).await.location();
    let answer = tom.submit(&his, FORM, &[("at", "19:00"), ("why", "School")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let both = answer.text(".conflict");
    assert!(both.contains("18:00") && both.contains("19:00") && both.contains("Priya Nair"), "{both}");
    let saved = tom.submit(&answer, FORM, &[]).await;
    assert!(tom.follow(&saved).await.body.contains("Thu 16 Oct, 19:00"));
}

#[tokio::test]
async fn a_cancelled_visit_stays_in_the_history_and_is_not_kept() {
    let mut office = office().await;
    office.plan(&[("on", "today")]).await.location();
    let keeping = office.form("keepings").await;
    let form = office.form("cancellations").await;
    assert_eq!(office.client.submit(&form, FORM, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    office.client.submit(&form, FORM, &[("why", "They are ill")]).await.location();
    assert!(office.list().await.body.contains("“They are ill”"));
    let answer = office.client.submit(&keeping, FORM, &[]).await;
    assert!(office.client.follow(&answer).await.text(".flash").contains("Cancelled"));
    assert_eq!(office.app.count("select count(*) from milestone where kind = 'initial_visit'").await, 0);
}
