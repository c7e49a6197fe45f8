//! Applicants who separate: who stays, who leaves, whether they go on, and what each record says.

use axum::http::StatusCode;
use hearth::domain::ids::EnquiryId;
use hearth::domain::role::Role;
use hearth::features::condition;

use crate::given;
use crate::support::{Client, Page, TestApp};

pub const FORM: &str = "form.form";
pub const PRIYA: (&str, &str) = ("stays", "1 Priya Nair");
const TOM: (&str, &str) = ("stays", "2 Tom Reed");
pub const NOT_NOW: [(&str, &str); 3] = [("separated_on", "1/10/25"), PRIYA, ("goes_on", "not_now")];
pub const OWN: [(&str, &str); 3] = [("separated_on", "1/10/25"), PRIYA, ("goes_on", "own")];

pub struct Couple {
    pub app: TestApp,
    /// Their first enquiry, years ago, and the one that is open.
    pub first: EnquiryId,
    pub second: EnquiryId,
    pub officer: Client,
}

pub fn both() -> given::Enquiry {
    let priya = given::enquiry().named("Priya Nair").phone("07700900001").email("priya@example.org");
    priya.named("Tom Reed").phone("07700900002").email("tom@example.org").postcode("SR1 6XW").address("1 High Street")
}

pub async fn couple() -> Couple {
    let app = TestApp::new().await;
    let first = both().received("2022-03-01").closed("2022-05-01", "not_now").create(&app).await;
    let household = given::household_of(&app, first).await;
    let second = both().of(household).received("2025-08-01").visited("2025-08-10").note("2025-08-10", "A spare room");
    let second = second.create(&app).await;
    let kerry = app.person("Kerry Blyth", &[Role::Officer]).await;
    Couple { officer: app.sign_in_as(kerry).await, app, first, second }
}

impl Couple {
    pub async fn form(&mut self) -> Page {
        self.officer.get(&format!("/enquiries/{}/separations/new", self.second)).await
    }

    pub async fn separated(&mut self, values: &[(&str, &str)]) -> Page {
        let form = self.form().await;
        let sent = self.officer.submit(&form, FORM, values).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        self.officer.follow(&sent).await
    }

    pub async fn record(&mut self, id: impl std::fmt::Display) -> Page {
        self.officer.get(&format!("/enquiries/{id}")).await
    }

    pub async fn undo(&mut self) -> Page {
        let page = self.officer.get("/households/separations/1").await;
        self.officer.submit(&page, "form[action$=undoings]", &[]).await
    }

    /// Why it cannot be undone.
    pub async fn stands_in_the_way(&mut self) -> String {
        let page = self.officer.get("/households/separations/1").await;
        assert!(!page.has("form[action$=undoings]"), "{}", page.text("main"));
        page.text("[aria-labelledby=undo]")
    }

    pub async fn is_sound(&self) {
        let mut read = self.app.state.db.read().acquire().await.unwrap();
        assert_eq!(condition::examine(&mut read, |_| ()).await.problems, Vec::<String>::new());
    }
}

#[tokio::test]
async fn who_leaves_takes_their_own_number_along_and_the_record_stays() {
    let mut it = couple().await;
    let people = it.officer.get(&format!("/enquiries/{}/people", it.second)).await;
    assert!(people.has("a[href='/enquiries/2/separations/new']"));
    let done = it.separated(&NOT_NOW).await;
    let said = done.text("main");
    assert!(said.contains("They separated on 1 October 2025. Kerry Blyth recorded it"), "{said}");
    assert!(said.contains("Left, without an enquiry") && said.contains("07700 900002"), "{said}");

    let record = it.record(it.second).await;
    assert_eq!(record.text("h1"), "Priya Nair");
    let text = record.text("main");
    for kept in ["07700 900001", "priya@example.org", "1 High Street", "Visited", "A spare room", "Tom Reed left"] {
        assert!(text.contains(kept), "{kept} in {text}");
    }
    for path in ["", "/people", "/history", "/notes"] {
        let page = it.officer.get(&format!("/enquiries/{}{path}", it.second)).await;
        let text = page.text("main");
        assert!(!text.contains("900002") && !text.contains("tom@example.org"), "{path}: {text}");
    }
    let history = it.officer.get(&format!("/enquiries/{}/history", it.second)).await.text("main");
    assert!(history.contains("Tom Reed left on 1 Oct 2025; Priya Nair went on"), "{history}");
    assert!(!it.officer.get(&format!("/enquiries/{}/people", it.second)).await.has("a[href$='separations/new']"));
    // The home stayed, and how to reach him safely is not known.
    let new = "select count(*) from household where id = 2 and address is null and postcode is null
        and message_allowed = 'not_asked' and consent_to_contact = 'not_asked'";
    assert_eq!(it.app.count(new).await, 1);
    // By his number he is found, as himself, and she no longer is.
    let found = it.officer.get("/search?q=900002").await;
    assert_eq!(found.texts(".results h3"), ["Tom Reed"]);
    assert!(found.text(".results").contains("E-000002 Before they separated"), "{}", found.text(".results"));
    assert_eq!(it.officer.get("/search?q=priya").await.texts(".results h3"), ["Priya Nair SR1 6XW"]);
    it.is_sound().await;
}

#[tokio::test]
async fn whoever_did_not_go_on_is_known_when_they_come_with_the_history_that_is_theirs() {
    let mut it = couple().await;
    it.separated(&NOT_NOW).await;
    let form = it.officer.get("/enquiries/new").await;
    let values = [("name_1", "Tom Reed"), ("phone_1", "07700 900002"), ("received_on", "today"), ("do", "check")];
    let known = it.officer.submit(&form, "#new-enquiry", &values).await;
    let first = known.text(".known li");
    assert!(first.contains("Tom Reed") && !first.contains("Priya"), "{first}");
    assert!(first.contains("Before they separated") && first.contains("E-000001") && first.contains("E-000002"));
    let values = [("household", "2"), ("do", "")];
    let logged = it.officer.submit(&known, "#new-enquiry", &values).await;
    let record = it.officer.follow(&logged).await;
    assert_eq!(record.text("h1"), "Tom Reed");
    assert!(record.text(".identity").contains("07700 900002"));
    let people = it.officer.get("/enquiries/3/people").await;
    let before = people.text("[aria-labelledby=before]");
    assert!(before.contains("E-000001") && before.contains("E-000002"), "{before}");
    assert!(people.text("[aria-labelledby=separated]").contains("From Priya Nair"));
    assert!(it.stands_in_the_way().await.contains("Kerry Blyth has worked on the new household since"));
    it.is_sound().await;
}

#[tokio::test]
async fn who_goes_on_has_one_enquiry_from_that_day_and_nothing_known_before_changes() {
    let mut it = couple().await;
    let kerry = it.app.count("select id from user where name = 'Kerry Blyth'").await.to_string();
    it.app.pass_minutes(10);
    let asked = "/reports/funnel?from=2022-01-01&to=2025-12-31&as_at=2025-10-14&known_at=2025-10-14T09:05:00Z";
    let before = it.officer.get(asked).await.text("main");
    let now = "/reports/funnel?from=2022-01-01&to=2025-12-31&as_at=2025-10-14";
    assert!(it.officer.get(now).await.text("tbody tr").contains('2'));

    let done = it.separated(&[&OWN[..], &[("officer", &kerry)]].concat()).await;
    assert!(done.text("main").contains("Goes on with E-000003"), "{}", done.text("main"));
    let own = it.record(3).await;
    assert_eq!(own.text("h1"), "Tom Reed");
    let text = own.text("main");
    for expected in ["Kerry Blyth", "07700 900002", "Not asked yet", "Separated from Priya Nair", "E-000001", "1 Oct"] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    assert!(!text.contains("900001") && !text.contains("priya@example.org") && !text.contains("High Street"), "{text}");
    let first = it.record(it.second).await;
    assert!(first.has("a[href='/enquiries/3']") && first.text("main").contains("Goes on as E-000003"));

    it.app.pass_minutes(10);
    assert_eq!(it.officer.get(asked).await.text("main"), before, "as known before");
    // The couple's two and his one.
    assert!(it.officer.get(now).await.text("tbody tr").contains('3'));
    assert_eq!(it.app.count("select count(*) from enquiry_now where day_on = '2025-10-01'").await, 1);
    assert_eq!(it.app.count("select count(distinct household_id) from enquiry").await, 2);
    // They may share what they shared: nobody is asked whether they are the same.
    let alike = it.officer.get("/households/alike").await;
    assert!(alike.text("main").contains("No two households look alike"), "{}", alike.text("main"));
    it.is_sound().await;
}

#[tokio::test]
async fn a_shared_number_and_a_shared_home_make_nobody_a_duplicate() {
    let app = TestApp::new().await;
    let line = "01914960000";
    let couple = given::enquiry().named("Ann Harker").phone(line).named("Bob Harker").phone(line).postcode("SR1 6XW");
    let id = couple.received("2025-08-01").create(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    let form = officer.get(&format!("/enquiries/{id}/separations/new")).await;
    let values = [("separated_on", "today"), ("stays", "2 Bob Harker"), ("goes_on", "own"), ("home", "both")];
    let sent = officer.submit(&form, FORM, &values).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    assert_eq!(app.count("select count(*) from household_pair where told_apart = 1").await, 1);
    assert!(officer.get("/households/alike").await.text("main").contains("No two households look alike"));
    assert!(officer.get("/households/told-apart").await.text("main").contains("Told apart by Recruitment officer"));
    assert_eq!(app.count("select count(*) from household where postcode = 'SR1 6XW'").await, 2);
    let mut read = app.state.db.read().acquire().await.unwrap();
    assert_eq!(condition::examine(&mut read, |_| ()).await.problems, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_wrong_is_said_at_once_and_what_was_typed_is_kept() {
    let mut it = couple().await;
    let form = it.form().await;
    let nothing = it.officer.submit(&form, FORM, &[]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        nothing.errors(),
        [
            "Enter the day on which they separated",
            "Tick who goes on with this enquiry",
            "Say whether those who leave go on"
        ]
    );
    let values =
        [("separated_on", "31/7/25"), PRIYA, TOM, ("goes_on", "own"), ("note", "Amicable"), ("home", "leaves")];
    let wrong = it.officer.submit(&nothing, FORM, &values).await;
    assert_eq!(
        wrong.errors(),
        [
            "They enquired together on Fri 1 Aug 2025. Enter that day or a later one",
            "Everybody is ticked. Leave out who leaves"
        ]
    );
    assert_eq!(wrong.attribute("#separated_on", "value"), "31/7/25");
    assert_eq!(wrong.attributes("[name=stays][checked]", "value").len(), 2);
    assert_eq!(wrong.attribute("[name=home][checked]", "value"), "leaves");
    assert_eq!(wrong.text("textarea"), "Amicable");
    let values = [("separated_on", "20/10/25"), PRIYA, ("officer", "999")];
    let late = it.officer.submit(&wrong, FORM, &values).await;
    assert_eq!(
        late.errors(),
        [
            "Mon 20 Oct 2025 is still to come. It is recorded when it has happened",
            "Choose one of the people in the list"
        ]
    );
    assert_eq!(it.app.count("select count(*) from household_separation").await, 0);
}

#[tokio::test]
async fn a_form_sent_twice_separates_once() {
    let mut it = couple().await;
    let form = it.form().await;
    let one = it.officer.submit(&form, FORM, &OWN).await;
    let other = it.officer.submit(&form, FORM, &OWN).await;
    assert_eq!(one.location(), "/households/separations/1");
    assert_eq!(other.location(), one.location());
    assert_eq!(it.app.count("select count(*) from enquiry").await, 3);
    // Said otherwise by going back, it is another thing, for which nobody is left.
    let again = it.officer.submit(&form, FORM, &NOT_NOW).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.body);
    let said = again.text(".conflict");
    assert!(said.contains("You have recorded it already") && said.contains("that Tom Reed left"), "{said}");
    let form = it.form().await;
    assert_eq!(form.location(), "/enquiries/2/people");
}

#[tokio::test]
async fn of_a_couple_whoever_comes_second_is_told_who_was_first_and_keeps_choices_and_note() {
    let mut it = couple().await;
    let alison = it.app.person("Alison Hepple", &[Role::Manager]).await;
    let mut alison = it.app.sign_in_as(alison).await;
    let (hers, his) = (alison.get("/enquiries/2/separations/new").await, it.form().await);
    assert_eq!(alison.submit(&hers, FORM, &NOT_NOW).await.location(), "/households/separations/1");
    let values =
        [("separated_on", "2/10/25"), TOM, ("goes_on", "own"), ("home", "leaves"), ("note", "She rang.\nHe stays")];
    let answer = it.officer.submit(&his, FORM, &values).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
    let conflict = answer.text(".conflict");
    for words in [
        "Somebody else was first",
        "Alison Hepple recorded on 14 October 2025, 10:00 that Tom Reed left on 1 October 2025.",
        "Nothing of yours was recorded",
        "Wed 1 Oct 2025",
        "Thu 2 Oct 2025",
        "Tom Reed goes on",
    ] {
        assert!(conflict.contains(words), "{words} in {conflict}");
    }
    assert!(answer.has(".conflict a[href='/households/separations/1']"));
    assert!(answer.text("title").contains("Somebody else was first"));
    let chosen = answer.text(".typed");
    for words in ["They go on themselves", "Of those who leave"] {
        assert!(chosen.contains(words), "{words} in {chosen}");
    }
    assert_eq!(answer.text("textarea"), "She rang. He stays");
    assert!(!answer.has("[name=separated_on]"), "what can only be refused is not offered");
    assert_eq!(it.app.count("select count(*) from household_separation").await, 1);
    assert_eq!(it.app.count("select count(*) from enquiry").await, 2);
    // What was written is kept by one press.
    let kept = it.officer.submit(&answer, "form[action$='/notes']", &[]).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
    assert!(it.record(2).await.text(".timeline").contains("She rang. He stays"));
    it.is_sound().await;
}

#[tokio::test]
async fn of_three_whoever_comes_second_is_told_who_left_and_can_go_on() {
    let app = TestApp::new().await;
    let three = both().named("Ann Lee").phone("07700900003").received("2025-08-01").create(&app).await;
    let mut it = Couple { officer: app.sign_in(Role::Officer).await, first: three, second: three, app };
    let alison = it.app.person("Alison Hepple", &[Role::Manager]).await;
    let mut alison = it.app.sign_in_as(alison).await;
    let (hers, his) = (alison.get("/enquiries/1/separations/new").await, it.form().await);
    alison.submit(&hers, FORM, &[&NOT_NOW[..], &[("stays", "3 Ann Lee")]].concat()).await.location();
    let answer = it.officer.submit(&his, FORM, &[&OWN[..], &[TOM, ("note", "She rang")]].concat()).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
    let conflict = answer.text(".conflict");
    assert!(conflict.contains("Alison Hepple recorded on 14 October 2025, 10:00 that Tom Reed left"), "{conflict}");
    assert_eq!(answer.attributes("[name=stays][checked]", "value"), ["1 Priya Nair"]);
    assert_eq!(answer.text("textarea"), "She rang");
    assert_eq!(it.officer.submit(&answer, FORM, &[]).await.location(), "/households/separations/2");
    it.is_sound().await;
}

#[tokio::test]
async fn whoever_comes_second_sees_both_and_loses_nothing() {
    let mut it = couple().await;
    let tom = it.app.person("Tom Ashworth", &[Role::Officer]).await;
    let mut tom = it.app.sign_in_as(tom).await;
    let his = tom.get("/enquiries/2/separations/new").await;
    let household = it.officer.get("/enquiries/2/household").await;
    let more = [("name_3", "Ann Lee"), ("phone_1", "07700 900009")];
    assert_eq!(it.officer.submit(&household, FORM, &more).await.status, StatusCode::SEE_OTHER);
    let answer = tom.submit(&his, FORM, &[&NOT_NOW[..], &[("note", "She rang")]].concat()).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
    let conflict = answer.text(".conflict");
    assert!(conflict.contains("Kerry Blyth changed this household on 14 October 2025"), "{conflict}");
    assert!(conflict.contains("Ann Lee") && conflict.contains("Priya Nair goes on"), "{conflict}");
    assert_eq!(answer.attributes("[name=stays][checked]", "value"), ["1 Priya Nair"]);
    assert_eq!(answer.text("textarea"), "She rang");
    let values = [PRIYA, ("stays", "3 Ann Lee")];
    let sent = tom.submit(&answer, FORM, &values).await;
    assert_eq!(sent.location(), "/households/separations/1");
    let record = it.record(2).await;
    assert_eq!(record.text("h1"), "Priya Nair and Ann Lee");
    assert!(record.text("main").contains("07700 900009"));
    it.is_sound().await;
}

#[tokio::test]
async fn two_at_once_make_one_separation() {
    let it = couple().await;
    let mut one = it.app.sign_in(Role::Officer).await;
    let mut other = it.app.sign_in(Role::Manager).await;
    let (hers, his) = (one.get("/enquiries/2/separations/new").await, other.get("/enquiries/2/separations/new").await);
    let (first, second) = futures::join!(one.submit(&hers, FORM, &OWN), other.submit(&his, FORM, &OWN));
    let second = if first.status == StatusCode::CONFLICT {
        assert_eq!(second.location(), "/households/separations/1");
        first
    } else {
        assert_eq!(first.location(), "/households/separations/1");
        second
    };
    assert_eq!(second.status, StatusCode::CONFLICT, "{}", second.body);
    assert!(second.text(".conflict").contains("that Tom Reed left"), "{}", second.text(".conflict"));
    assert_eq!(it.app.count("select count(*) from household_separation").await, 1);
    it.is_sound().await;
}

#[tokio::test]
async fn a_restricted_household_stays_with_the_people_who_are_named() {
    let app = TestApp::new().await;
    let named = app.person("Named Person", &[Role::Manager]).await;
    let id = both().received("2025-08-01").restricted_to(&[named]).create(&app).await;
    let mut it = Couple { officer: app.sign_in_as(named).await, first: id, second: id, app };
    assert!(it.form().await.text("main").contains("This household is restricted"));
    it.separated(&OWN).await;
    assert_eq!(it.record(2).await.text("h1"), "Tom Reed");
    let mut other = it.app.sign_in(Role::Manager).await;
    for path in ["/enquiries/1/separations/new", "/enquiries/2", "/households/separations/1"] {
        assert_eq!(other.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!other.get("/search?q=900002").await.has("a[href='/enquiries/2']"));
    let undone = it.undo().await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER);

    // Without an enquiry only they know that there is somebody; what he begins later is theirs too.
    it.separated(&NOT_NOW).await;
    let values = [("name_1", "Tom Reed"), ("phone_1", "07700 900002"), ("received_on", "today"), ("do", "check")];
    let form = other.get("/enquiries/new").await;
    let unknown = other.submit(&form, "#new-enquiry", &values).await;
    assert!(unknown.text(".known").contains("Nobody with this name or one like it"), "{}", unknown.text(".known"));
    assert!(!other.get("/search?q=900002").await.has(".results"));
    assert!(it.officer.get("/search?q=900002").await.has(".results"));
    let form = it.officer.get("/enquiries/new").await;
    let known = it.officer.submit(&form, "#new-enquiry", &values).await;
    let household = known.attribute(".known [name=household]", "value");
    let logged = it.officer.submit(&known, "#new-enquiry", &[("household", &household), ("do", "")]).await;
    let address = logged.location();
    assert_eq!(it.officer.follow(&logged).await.text("h1"), "Tom Reed");
    assert_eq!(other.get(&address).await.status, StatusCode::NOT_FOUND);
    it.is_sound().await;
}

#[tokio::test]
async fn one_restricted_enquiry_of_the_household_keeps_others_from_separating_it() {
    let mut it = couple().await;
    let named = it.app.person("Named Person", &[Role::Manager]).await;
    let household = given::household_of(&it.app, it.first).await;
    both().of(household).received("2025-09-01").restricted_to(&[named]).create(&it.app).await;
    assert_eq!(it.form().await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_social_worker_sees_that_they_separated_and_no_more() {
    let mut it = couple().await;
    let dev = it.app.person("Dev Sandhu", &[Role::SocialWorker]).await;
    let own = both().received("2025-08-01").officer("Dev Sandhu", Some(dev)).create(&it.app).await;
    let mut dev = it.app.sign_in_as(dev).await;
    assert!(!dev.get(&format!("/enquiries/{own}/people")).await.has("a[href$='separations/new']"));
    assert_eq!(dev.get(&format!("/enquiries/{own}/separations/new")).await.status, StatusCode::FORBIDDEN);
    it.second = own;
    it.separated(&OWN).await;
    let people = dev.get(&format!("/enquiries/{own}/people")).await;
    let separated = people.text("[aria-labelledby=separated]");
    assert!(separated.contains("Tom Reed left") && !separated.contains("E-00"), "{separated}");
    assert!(!people.has("[aria-labelledby=separated] a"));
}
