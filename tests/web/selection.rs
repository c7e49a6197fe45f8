//! Many enquiries at once: chosen in the list, given to an officer or given a task after a page that says what will
//! happen; all of it or nothing.

use axum::http::StatusCode;
use hearth::domain::actor::Actor;
use hearth::domain::ids::{EnquiryId, UserId};
use hearth::domain::role::Role;
use hearth::features::pipeline;

use crate::given::{self, day};
use crate::support::{Client, Page, TestApp};

const ASSIGN: &str = "/enquiries/assignments/new";

struct Office {
    app: TestApp,
    jan: UserId,
    client: Client,
    ids: Vec<EnquiryId>,
}

/// Three that nobody has, one of Jan Teal's, one that is closed.
async fn office() -> Office {
    let app = TestApp::new().await;
    let jan = app.person("Jan Teal", &[Role::Officer]).await;
    let mut ids = Vec::new();
    for name in ["Amira Rahman", "Bola Adeyemi", "Carys Pugh"] {
        ids.push(given::enquiry().named(name).received("2025-10-01").create(&app).await);
    }
    let given = given::enquiry().named("Dan Poole").received("2025-10-02");
    ids.push(given.officer("Jan Teal", Some(jan)).create(&app).await);
    let given = given::enquiry().named("Eve Hale").received("2025-10-03");
    ids.push(given.closed("2025-10-05", "not_now").create(&app).await);
    Office { client: app.sign_in(Role::Officer).await, jan, ids, app }
}

impl Office {
    async fn chosen(&mut self, list: &str, values: &[(&str, &str)]) -> Page {
        let list = self.client.get(list).await;
        self.client.submit_to(&list, "#bulk", ASSIGN, values).await
    }

    async fn checked(&mut self, list: &str, values: &[(&str, &str)]) -> Page {
        let form = self.chosen(list, values).await;
        let jan = self.jan.to_string();
        self.client.submit(&form, "#selection", &[("officer", &jan)]).await
    }

    async fn with_jan(&self) -> i64 {
        self.app.count("select count(*) from enquiry_now where officer = 'Jan Teal'").await
    }

    async fn give(&self, id: EnquiryId, name: &str) {
        let mut write = self.app.state.db.write().await.unwrap();
        let actor = Actor { user: self.jan, at: self.app.now(), address: "192.0.2.1".to_owned() };
        pipeline::assign(&mut write, &actor, id, Some((name.to_owned(), None)), day("2025-10-14")).await.unwrap();
        write.commit().await.unwrap();
    }
}

#[tokio::test]
async fn ticked_rows_go_to_an_officer_after_a_page_that_says_so() {
    let mut office = office().await;
    let (first, second) = (office.ids[0].to_string(), office.ids[1].to_string());
    let check = office.checked("/enquiries?sort=name", &[("id", &first), ("id", &second)]).await;
    assert_eq!(check.status, StatusCode::OK);
    assert_eq!(check.text("h1"), "Give 2 enquiries to Jan Teal?");
    let said = check.text("main");
    assert!(said.contains("Jan Teal, from today") && said.contains("2 unassigned"), "{said}");
    assert!(said.contains("Amira Rahman") && said.contains("Bola Adeyemi") && !said.contains("Carys Pugh"));
    assert_eq!(office.with_jan().await, 1, "nothing is saved before it is confirmed");

    let done = office.client.submit(&check, "#check", &[]).await;
    assert_eq!(done.location(), "/enquiries?sort=name");
    assert_eq!(office.client.follow(&done).await.text(".flash"), "2 enquiries are with Jan Teal from today");
    assert_eq!(office.with_jan().await, 3);
    let assigned = "select count(*) from audit where action = 'assigned' and enquiry_id in (1, 2)";
    assert_eq!(office.app.count(assigned).await, 2, "an entry for each");
    let again = office.client.submit(&check, "#check", &[]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "a double click does it once");
    assert_eq!(office.app.count(assigned).await, 2);
}

#[tokio::test]
async fn all_that_match_leaves_what_has_ended_and_what_need_not_change_by_name() {
    let mut office = office().await;
    let check = office.checked("/enquiries?state=any", &[("which", "page")]).await;
    assert_eq!(check.text("h1"), "Give 3 enquiries to Jan Teal?");
    let left = check.text(".notice.warn");
    assert!(left.contains("Dan Poole: Jan Teal has it already"), "{left}");
    let form = office.chosen("/enquiries?state=any", &[("which", "page")]).await;
    assert!(form.text(".notice.warn").contains("Eve Hale: closed on 5 Oct 2025"));
    let form = office.chosen("/enquiries?stage=new", &[("which", "matching")]).await;
    assert_eq!(form.text("h1"), "Give 4 enquiries to an officer");
    assert!(form.text(".lede").contains("3 unassigned, 1 with Jan Teal"), "{}", form.text(".lede"));
}

#[tokio::test]
async fn what_somebody_else_changed_meanwhile_hinders_it_all_and_is_named() {
    let mut office = office().await;
    let check = office.checked("/enquiries", &[("which", "page")]).await;
    office.give(office.ids[1], "Ruth Pattison").await;
    let answer = office.client.submit(&check, "#check", &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let said = answer.text("main");
    assert!(said.contains("Bola Adeyemi: somebody changed it meanwhile: now with Ruth Pattison"), "{said}");
    assert_eq!(answer.text("h1"), "Give 2 enquiries to Jan Teal?");
    assert_eq!(office.with_jan().await, 1, "nothing of it is done");
    let done = office.client.submit(&answer, "#check", &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(office.with_jan().await, 3);
    assert_eq!(office.app.count("select count(*) from enquiry_now where officer = 'Ruth Pattison'").await, 1);
}

#[tokio::test]
async fn a_task_is_added_to_each() {
    let mut office = office().await;
    let list = office.client.get("/enquiries?state=any").await;
    let form = office.client.submit(&list, "#bulk", &[("which", "page")]).await;
    assert_eq!(form.text("h1"), "Add a task to 4 enquiries");
    let wrong = office.client.submit(&form, "#selection", &[("what", "Ring about the evening")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.errors(), ["Enter the day by which it is to be done"]);
    let check = office.client.submit(&wrong, "#selection", &[("due_on", "thursday")]).await;
    let said = check.text("main");
    assert!(said.contains("Ring about the evening") && said.contains("Thu 16 Oct 2025"), "{said}");
    assert!(said.contains("The enquiry’s officer") && said.contains("3 unassigned, 1 with Jan Teal"), "{said}");
    assert_eq!(office.app.count("select count(*) from task").await, 0);
    let done = office.client.submit(&check, "#check", &[]).await;
    assert_eq!(office.client.follow(&done).await.text(".flash p"), "The task is added to 4 enquiries");
    office.client.submit(&check, "#check", &[]).await;
    assert_eq!(office.app.count("select count(*) from task where with_officer = 1").await, 4);
    assert_eq!(office.app.count("select count(*) from task where user_id is not null").await, 1);
    let audited = "select count(distinct enquiry_id) from audit where action = 'task_made'";
    assert_eq!(office.app.count(audited).await, 4);
    // As a column of the list: in one statement for the whole page.
    let list = office.client.get("/enquiries?columns=next_task").await;
    assert_eq!(list.texts("tbody td[data-label]").concat().matches("by 16 Oct 2025").count(), 4);
}

#[tokio::test]
async fn tasks_that_were_added_to_many_are_taken_back_but_for_those_on_which_somebody_has_worked() {
    let mut office = office().await;
    let list = office.client.get("/enquiries?sort=name").await;
    let form = office.client.submit(&list, "#bulk", &[("which", "page")]).await;
    let values = [("what", "Ring about the evening"), ("due_on", "thursday")];
    let check = office.client.submit(&form, "#selection", &values).await;
    office.client.submit(&check, "#check", &[]).await;
    let again = office.client.submit(&check, "#check", &[]).await;
    let said = office.client.follow(&again).await;
    assert_eq!(said.text(".flash"), "The task is added to 4 enquiries Undo", "offered after a double click as well");
    let task = office.client.get("/tasks/2").await;
    office.client.submit(&task, "#completion", &[("outcome", "They come")]).await.location();

    // Nobody else takes it back, and nothing that they did themselves.
    let address = said.attribute(".flash form", "action");
    let mut other = office.app.sign_in_as(office.jan).await;
    let list = other.get("/enquiries").await;
    let csrf = list.attribute("[name=csrf]", "value");
    let nothing = other.post(&address, &[("csrf", &csrf)]).await;
    assert_eq!(other.follow(&nothing).await.text(".flash"), "There is nothing to take back");
    let open = "select count(*) from task where superseded_at is null and state = 'open'";
    assert_eq!(office.app.count(open).await, 3);

    for _ in 0..2 {
        let undone = office.client.submit(&said, ".flash form", &[]).await;
        assert_eq!(undone.location(), "/enquiries?sort=name");
        let page = office.client.follow(&undone).await;
        let taken = "3 tasks are taken back. 1 stays, because somebody has worked on it";
        assert_eq!(page.text(".flash"), taken);
    }
    assert_eq!(office.app.count(open).await, 0);
    assert_eq!(office.app.count("select count(*) from audit where action = 'task_withdrawn'").await, 3);
    assert_eq!(office.client.post("/enquiries/tasks/x/undoings", &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_cannot_be_done_is_a_sentence() {
    let mut office = office().await;
    let none = office.chosen("/enquiries", &[]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(none.errors(), ["No row is ticked. Tick some, or choose all on the page or all that match"]);
    let wrong = office.client.get(&format!("{ASSIGN}?which=zzz")).await;
    assert!(wrong.errors()[0].contains("“zzz” is not known"));
    let many = (1..=1001).map(|id| id.to_string()).collect::<Vec<_>>().join(".");
    let many = office.client.get(&format!("{ASSIGN}?which=page&on_page={many}")).await;
    assert!(many.errors()[0].contains("at most 1,000 can be changed at once"), "{:?}", many.errors());
    let form = office.chosen("/enquiries", &[("which", "page")]).await;
    let nobody = office.client.submit(&form, "#selection", &[]).await;
    assert_eq!(nobody.errors(), ["Choose who has them from now on"]);
    assert_eq!(nobody.text("h1"), "Give 4 enquiries to an officer", "what was chosen stays");
    let wrong = office.client.get(&format!("{ASSIGN}?which=matching&query=stage%3Dzzz")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "not everything where a filter is not understood");
}

#[tokio::test]
async fn nobody_changes_what_they_may_not_see() {
    let mut office = office().await;
    let named = office.app.person("Ruth Pattison", &[Role::Officer]).await;
    let hidden = given::enquiry().named("A Colleague").restricted_to(&[named]).create(&office.app).await;
    let form = office.client.get(&format!("{ASSIGN}?id={hidden}&id={}", office.ids[0])).await;
    assert_eq!(form.text("h1"), "Give 1 enquiry to an officer");
    assert!(!form.text("main").contains("A Colleague"));

    let worker = office.app.person("Dev Sandhu", &[Role::SocialWorker]).await;
    given::enquiry().named("His Own").officer("Dev Sandhu", Some(worker)).create(&office.app).await;
    let mut worker = office.app.sign_in_as(worker).await;
    let list = worker.get("/enquiries").await;
    assert!(!list.has("#bulk [formaction]") && !list.has(".files"), "neither assigns nor takes lists away");
    assert_eq!(worker.get(ASSIGN).await.status, StatusCode::FORBIDDEN);
    let form = worker.get(&format!("/enquiries/tasks/new?id={}", office.ids[0])).await;
    assert_eq!(form.text("h1"), "Add a task to enquiries", "not to somebody else's");
    let form = worker.submit(&list, "#bulk", &[("which", "page")]).await;
    assert_eq!(form.text("h1"), "Add a task to 1 enquiry");
}
