//! Who may open a record: restricted, changed by two at once, opened up again, and what is left when nobody is.

use axum::http::StatusCode;
use hearth::domain::ids::{EnquiryId, UserId};
use hearth::domain::role::Role;
use hearth::features::audit;

use crate::given;
use crate::record::{FORM, record};
use crate::support::{Client, Page, TestApp};

struct Office {
    app: TestApp,
    jan: UserId,
    priya: UserId,
    tom: UserId,
    /// Jan Teal's browser; she is a manager, the others are officers.
    client: Client,
}

async fn office() -> Office {
    let app = TestApp::new().await;
    let jan = app.person("Jan Teal", &[Role::Manager]).await;
    let priya = app.person("Priya Nair", &[Role::Officer]).await;
    let tom = app.person("Tom Reed", &[Role::Officer]).await;
    Office { client: app.sign_in_as(jan).await, jan, priya, tom, app }
}

fn path(id: EnquiryId) -> String {
    format!("/enquiries/{id}/restriction")
}

fn box_of(user: UserId) -> String {
    format!("named_{user}")
}

impl Office {
    /// A household that would stand on every page.
    async fn colleague(&self) -> EnquiryId {
        let enquiry = given::enquiry().named("Amira Colleague").phone("07700900417").received("2025-10-01");
        enquiry.officer("Tom Reed", Some(self.tom)).create(&self.app).await
    }

    /// Jan restricts it, with these ticks over what the page offers.
    async fn restrict(&mut self, id: EnquiryId, ticks: &[(UserId, &str)]) -> Page {
        let form = self.client.get(&path(id)).await;
        let names: Vec<_> = ticks.iter().map(|(user, tick)| (box_of(*user), *tick)).collect();
        let mut values = vec![("who", "named")];
        values.extend(names.iter().map(|(name, tick)| (name.as_str(), *tick)));
        let saved = self.client.submit(&form, FORM, &values).await;
        self.client.follow(&saved).await
    }

    async fn of(&self, user: UserId) -> Client {
        self.app.sign_in_as(user).await
    }

    async fn deactivate(&self, user: UserId) {
        let mut admin = self.app.sign_in(Role::Admin).await;
        let person = admin.get(&format!("/people/{user}")).await;
        admin.submit(&person, "#deactivate", &[]).await.location();
    }

    async fn changes(&self) -> i64 {
        self.app.count("select count(*) from audit where action = 'restriction_changed'").await
    }
}

/// Every page on which somebody who may not open the record could have met it.
async fn is_met(client: &mut Client) -> Vec<&'static str> {
    let pages = [
        "/enquiries",
        "/enquiries.csv",
        "/board",
        "/today?whose=everybody",
        "/tasks?whose=everybody",
        "/search?q=colleague",
        "/search?q=0417",
        "/households/alike",
        "/reports/funnel/households?from=2025-10-01&to=2025-10-14&type=all&step=enquiry",
    ];
    let mut met = Vec::new();
    for page in pages {
        if client.get(page).await.body.contains("Amira Colleague") {
            met.push(page);
        }
    }
    let typed = [("name_1", "Amira Colleague"), ("phone_1", "07700900417")];
    if client.post("/households/known", &typed).await.body.contains("Amira Colleague") {
        met.push("/households/known");
    }
    met
}

/// Received and counted, whoever may open it.
async fn counted(client: &mut Client) -> String {
    let page = client.get("/reports/funnel/households?from=2025-10-01&to=2025-10-14&type=all&step=enquiry").await;
    page.text("h1")
}

#[tokio::test]
async fn a_restricted_record_is_gone_for_others_at_once_and_comes_back_when_it_is_opened_up() {
    let mut office = office().await;
    let id = office.colleague().await;
    given::enquiry().named("Amira Colleague").phone("07700900417").received("2025-10-02").create(&office.app).await;
    let task = office.client.get(&format!("/enquiries/{id}/tasks/new")).await;
    office.client.submit(&task, FORM, &[("what", "Ring Amira Colleague"), ("due_on", "today")]).await.location();
    let second = "update enquiry set restricted = 1 where id = 2";
    let mut write = office.app.state.db.write().await.unwrap();
    sqlx::query(second).execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();
    let mut priya = office.of(office.priya).await;
    let before = is_met(&mut priya).await;
    assert_eq!(before.len(), 9, "everywhere but among the duplicates, as the other is restricted: {before:?}");

    let page = office.restrict(id, &[(office.tom, "yes")]).await;
    assert_eq!(page.text(".flash"), "Jan Teal and Tom Reed may open it");
    assert!(page.text(".facts").contains("RestrictedJan Teal and Tom Reed may open it."), "{}", page.text(".facts"));
    assert_eq!(is_met(&mut priya).await, [""; 0]);
    assert_eq!(record(&mut priya, id).await.status, StatusCode::NOT_FOUND);
    assert_eq!(priya.get(&path(id)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(priya.post(&path(id), &[("who", "everybody")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(counted(&mut priya).await, "2 households behind the figure");
    assert_eq!(record(&mut office.of(office.tom).await, id).await.status, StatusCode::OK);
    assert_eq!(is_met(&mut office.of(office.tom).await).await.len(), 9);

    let form = office.client.get(&path(id)).await;
    let saved = office.client.submit(&form, FORM, &[("who", "everybody")]).await;
    let page = office.client.follow(&saved).await;
    assert_eq!(page.text(".flash"), "Everybody who may read enquiries may open it");
    assert!(!page.text(".facts").contains("Restricted"));
    assert_eq!(is_met(&mut priya).await, before);
    assert_eq!(office.app.count("select count(*) from enquiry_access").await, 0);
}

#[tokio::test]
async fn the_history_says_who_might_open_it_before_and_after() {
    let mut office = office().await;
    let id = office.colleague().await;
    office.restrict(id, &[(office.tom, ""), (office.priya, "yes")]).await;
    office.restrict(id, &[(office.priya, "")]).await;
    let history = office.client.get(&format!("/enquiries/{id}/history")).await;
    let lines: Vec<_> =
        history.texts(".history tr").into_iter().filter(|line| line.contains("Changed who may open")).collect();
    assert!(lines[0].contains("Jan Teal") && lines[0].ends_with("Open to Jan Teal and Priya Nair, now to Jan Teal"));
    assert!(lines[1].ends_with("Open to everybody, now to Jan Teal and Priya Nair"), "{lines:?}");
    let mut read = office.app.state.db.read().acquire().await.unwrap();
    assert!(audit::verify(&mut read).await.unwrap().is_ok());

    // What changes nothing is no change.
    office.restrict(id, &[]).await;
    assert_eq!(office.changes().await, 2);
}

#[tokio::test]
async fn the_officer_is_ticked_to_begin_with_and_it_is_said_when_they_are_left_out() {
    let mut office = office().await;
    let id = office.colleague().await;
    let form = office.client.get(&path(id)).await;
    let tom = format!("#named_{}", office.tom);
    assert!(form.has(&format!("{tom}[checked]")) && form.has("#who[checked]"));
    assert!(!form.has(&format!("#named_{}", office.jan)), "whoever saves has no box");
    assert!(form.text("#named-hint").contains("You, Jan Teal, stay among them. Tom Reed is its officer"));
    let page = office.restrict(id, &[(office.tom, "")]).await;
    assert_eq!(page.text(".flash"), "Only Jan Teal may open it. Tom Reed, its officer, may not");
    assert!(page.text(".facts").contains("Tom Reed, its officer, may not"));
    assert_eq!(record(&mut office.of(office.tom).await, id).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_tick_without_a_choice_is_asked_about_and_a_form_sent_twice_is_one_change() {
    let mut office = office().await;
    let id = office.colleague().await;
    let form = office.client.get(&path(id)).await;
    let tick = box_of(office.priya);
    let answer = office.client.submit(&form, FORM, &[(&tick, "yes")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.errors(), ["Choose “Only these people” as well, or leave the boxes as they were"]);
    assert!(answer.has(&format!("#{tick}[checked]")), "what was ticked stays");
    let first = office.client.submit(&answer, FORM, &[("who", "named")]).await;
    let again = office.client.submit(&answer, FORM, &[("who", "named")]).await;
    assert_eq!(first.location(), again.location());
    assert_eq!(office.changes().await, 1);
    let answer = office.client.submit(&form, FORM, &[("who", "")]).await;
    assert_eq!(answer.errors(), ["Choose who may open it"]);
}

#[tokio::test]
async fn of_two_at_once_neither_loses_whom_they_named() {
    let mut office = office().await;
    let ann = office.app.person("Ann Lee", &[Role::Officer]).await;
    let id = office.colleague().await;
    office.restrict(id, &[(office.tom, "yes")]).await;
    let mut tom = office.of(office.tom).await;
    let his = tom.get(&path(id)).await;
    office.restrict(id, &[(office.priya, "yes")]).await;
    let answer = tom.submit(&his, FORM, &[(&box_of(ann), "yes")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text(".conflict").contains("Jan Teal changed who may open this record on 14 October"));
    let versions = answer.text(".versions");
    assert!(versions.contains("Jan Teal, Priya Nair and Tom Reed"), "{versions}");
    assert!(versions.contains("Ann Lee, Jan Teal, Priya Nair and Tom Reed"), "{versions}");
    tom.submit(&answer, FORM, &[]).await.location();
    let named = "select count(*) from enquiry_access where enquiry_id = 1";
    assert_eq!(office.app.count(named).await, 4);

    // Whoever is taken out meanwhile finds nothing, and changes nothing.
    let his = tom.get(&path(id)).await;
    office.restrict(id, &[(office.tom, "")]).await;
    assert_eq!(tom.submit(&his, FORM, &[("who", "everybody")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(office.app.count(named).await, 3);
}

#[tokio::test]
async fn an_enquiry_is_restricted_from_its_first_moment() {
    let mut office = office().await;
    let mut priya = office.of(office.priya).await;
    let form = priya.get("/enquiries/new").await;
    let typed = [("name_1", "Amira Colleague"), ("phone_1", "07700 900417"), ("only_me", "yes")];
    let saved = priya.submit(&form, "#new-enquiry", &typed).await;
    let page = priya.follow(&saved).await;
    assert!(page.text(".flash").contains("Only you may open it."), "{}", page.text(".flash"));
    assert!(page.text(".facts").contains("Only Priya Nair may open it"));
    assert_eq!(office.client.get(&saved.location()).await.status, StatusCode::NOT_FOUND);
    assert!(is_met(&mut office.client).await.is_empty());
    assert_eq!(office.changes().await, 1);
    // What is wrong with the form does not take the tick away.
    let form = priya.get("/enquiries/new").await;
    let answer = priya.submit(&form, "#new-enquiry", &[("only_me", "yes")]).await;
    assert!(answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.has("#only_me[checked]"));
}

#[tokio::test]
async fn another_open_enquiry_of_the_household_is_pointed_out() {
    let mut office = office().await;
    let id = office.colleague().await;
    let household = given::household_of(&office.app, id).await;
    let other = given::enquiry().of(household).named("Amira Colleague").create(&office.app).await;
    let notice = office.client.get(&path(id)).await.text(".notice");
    assert!(notice.contains("Everybody may open E-000002 of the same household"), "{notice}");
    office.restrict(other, &[]).await;
    assert!(!office.client.get(&path(id)).await.has(".notice"));
}

#[tokio::test]
async fn a_social_worker_may_be_named_but_not_name_and_opens_only_what_is_theirs() {
    let mut office = office().await;
    let dev = office.app.person("Dev Sandhu", &[Role::SocialWorker]).await;
    office.app.person("Ines Marr", &[Role::Board]).await;
    let enquiry = given::enquiry().named("Amira Colleague").officer("Dev Sandhu", Some(dev));
    let (his, other) = (enquiry.create(&office.app).await, office.colleague().await);
    let form = office.client.get(&path(other)).await;
    assert!(form.text(FORM).contains("Dev Sandhu (only while the enquiry is assigned to them)"));
    assert!(!form.text(FORM).contains("Ines Marr"), "a board member may read no enquiry");
    let page = office.restrict(his, &[]).await;
    assert!(page.text(".facts").contains("Dev Sandhu and Jan Teal may open it"), "{}", page.text(".facts"));
    let page = office.restrict(other, &[(dev, "yes")]).await;
    assert!(page.text(".facts").contains("Dev Sandhu may not at present, though named"), "{}", page.text(".facts"));
    let mut dev = office.of(dev).await;
    let page = record(&mut dev, his).await;
    assert!(page.status == StatusCode::OK && !page.has("a[href$='/restriction']"));
    assert_eq!(dev.get(&path(his)).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn who_is_deactivated_stays_named_until_somebody_takes_their_tick_away() {
    let mut office = office().await;
    let id = office.colleague().await;
    office.restrict(id, &[(office.priya, "yes"), (office.tom, "")]).await;
    office.deactivate(office.priya).await;
    let page = record(&mut office.client, id).await;
    let facts = page.text(".facts");
    assert!(facts.contains("Only Jan Teal may open it. Priya Nair may not at present, though named"), "{facts}");
    let form = office.client.get(&path(id)).await;
    assert!(form.has(&format!("#named_{}[checked]", office.priya)));
    assert!(form.text(FORM).contains("Priya Nair (deactivated; named for when they come back)"));
    office.restrict(id, &[(office.priya, "")]).await;
    assert!(!office.client.get(&path(id)).await.text(FORM).contains("Priya Nair"));
}

#[tokio::test]
async fn when_the_last_who_is_named_has_left_a_manager_names_somebody_without_opening_it() {
    let mut office = office().await;
    let id = office.colleague().await;
    let mut priya = office.of(office.priya).await;
    let form = priya.get(&path(id)).await;
    priya.submit(&form, FORM, &[("who", "named"), (&box_of(office.tom), "")]).await.location();
    assert!(!office.client.get("/today").await.body.contains("/enquiries/restrictions"));
    let mut admin = office.app.sign_in(Role::Admin).await;
    let person = admin.get(&format!("/people/{}", office.priya)).await;
    assert!(
        person.text("main").contains("One restricted record is open to nobody else: a manager then names somebody")
    );
    office.deactivate(office.priya).await;

    let today = office.client.get("/today").await;
    assert!(today.text(".notice").contains("Nobody may open one restricted record any more"));
    let page = office.client.get(&today.attribute(".notice a", "href")).await;
    assert!(page.text(FORM).contains("E-000001, received Wed 1 Oct 2025; named: Priya Nair"), "{}", page.text(FORM));
    assert!(!page.body.contains("Amira"), "not whose it is");
    let nothing = office.client.submit(&page, FORM, &[]).await;
    assert_eq!(nothing.errors(), ["Choose a record", "Choose who may open it"]);
    let (record_id, tom) = (id.to_string(), office.tom.to_string());
    let chosen = [("enquiry", record_id.as_str()), ("person", tom.as_str())];
    let saved = office.client.submit(&page, FORM, &chosen).await;
    let after = office.client.follow(&saved).await;
    assert_eq!(after.text(".lede"), "Every restricted record has somebody who may open it.");
    assert_eq!(record(&mut office.client, id).await.status, StatusCode::NOT_FOUND, "she has not opened it by that");
    let mut tom = office.of(office.tom).await;
    assert!(record(&mut tom, id).await.text(".facts").contains("Only Tom Reed may open it"));
    assert!(tom.get(&format!("/enquiries/{id}/history")).await.text(".history").contains("Jan Teal"));

    // Where somebody is left nobody else decides.
    let late = office.client.submit(&page, FORM, &[chosen[0], ("person", &office.jan.to_string())]).await;
    assert_eq!(late.errors(), ["Somebody may open this record again. Ask them"]);
    assert_eq!(tom.get("/enquiries/restrictions").await.status, StatusCode::FORBIDDEN);
    assert_eq!(admin.get("/enquiries/restrictions").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn before_somebody_is_given_a_record_that_they_could_not_open_they_are_asked_about() {
    let mut office = office().await;
    let id = office.colleague().await;
    office.restrict(id, &[(office.tom, "yes")]).await;
    let (changes, given) = (office.changes().await, "select count(*) from enquiry_now where officer = 'Priya Nair'");
    let form = office.client.get(&format!("/enquiries/{id}/assignments/new")).await;
    let asked = office.client.submit(&form, FORM, &[("officer", &office.priya.to_string())]).await;
    assert_eq!(asked.text("h1"), "Name Priya Nair as well?");
    assert!(asked.text(".lede").contains("Priya Nair is not one of them"), "{}", asked.text(".lede"));
    assert!(asked.text("main").contains("Now: Jan Teal and Tom Reed may open it"));
    assert_eq!((office.app.count(given).await, office.changes().await), (0, changes), "nothing before the answer");

    let saved = office.client.submit(&asked, FORM, &[]).await;
    let page = office.client.follow(&saved).await;
    assert_eq!(page.text(".flash"), "Priya Nair may open it and has it from now on");
    assert_eq!((office.app.count(given).await, office.changes().await), (1, changes + 1));
    assert_eq!(record(&mut office.of(office.priya).await, id).await.status, StatusCode::OK);
    assert_eq!(record(&mut office.of(office.tom).await, id).await.status, StatusCode::OK, "whoever was named stays");

    // Back to somebody who is named, nobody asks.
    let form = office.client.get(&format!("/enquiries/{id}/assignments/new")).await;
    let saved = office.client.submit(&form, FORM, &[("officer", &office.tom.to_string())]).await;
    assert_eq!(office.client.follow(&saved).await.text(".flash"), "Tom Reed from now on");
}

#[tokio::test]
async fn many_are_given_but_never_a_restricted_one_that_its_officer_could_not_open() {
    let mut office = office().await;
    let id = office.colleague().await;
    let other = given::enquiry().named("Carys Pugh").received("2025-10-01").create(&office.app).await;
    office.restrict(id, &[(office.tom, "yes")]).await;
    let list = office.client.get("/enquiries").await;
    let form = office.client.submit_to(&list, "#bulk", "/enquiries/assignments/new", &[("which", "page")]).await;
    let check = office.client.submit(&form, "#selection", &[("officer", &office.priya.to_string())]).await;
    assert_eq!(check.text("h1"), "Give 1 enquiry to Priya Nair?");
    let said = check.text(".notice.warn");
    let why = "Amira Colleague: open to named people only, and Priya Nair is not one of them";
    assert!(said.contains("1 of those chosen (E-000001) is open to named people only"), "{said}");
    assert!(said.contains(why) && said.contains("offers to name them as well"), "{said}");

    // Restricted between the page and its answer: nothing is done, and the page says why.
    office.restrict(other, &[]).await;
    let hindered = office.client.submit(&check, "#check", &[]).await;
    assert_eq!(hindered.status, StatusCode::CONFLICT);
    assert!(hindered.text(".notice.warn:not(.conflict)").contains("Carys Pugh: open to named people only"));
    assert_eq!(office.app.count("select count(*) from enquiry_now where officer = 'Priya Nair'").await, 0);
}

#[tokio::test]
async fn today_gives_nobody_a_record_that_they_could_not_open() {
    let mut office = office().await;
    let id = given::enquiry().named("Amira Colleague").received("2025-10-01").create(&office.app).await;
    office.restrict(id, &[]).await;
    let page = office.client.get("/today?whose=everybody").await;
    let form = format!("form[action='/today/assignments/{id}']");
    let answer = office.client.submit(&page, &form, &[("officer", &office.priya.to_string())]).await;
    assert!(answer.text("main").contains("Priya Nair is not one of them"), "{}", answer.text("main"));
    assert_eq!(office.app.count("select count(*) from enquiry_now where officer = 'Priya Nair'").await, 0);
}
