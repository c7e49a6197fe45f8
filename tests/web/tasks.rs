//! Tasks: made, changed, tried in vain, done; and what they do when their enquiry closes or goes to somebody else.

use axum::http::StatusCode;
use hearth::domain::actor::Actor;
use hearth::domain::ids::{EnquiryId, UserId};
use hearth::domain::role::Role;
use hearth::domain::task::Whose;
use hearth::features::pipeline;
use hearth::features::tasks::{self, Wanted};

use crate::given::{self, day};
use crate::support::{Client, Page, TestApp};

const FORM: &str = "form.form";

struct Office {
    app: TestApp,
    id: EnquiryId,
    priya: UserId,
    client: Client,
}

/// Priya Nair and her enquiry.
async fn office(enquiry: given::Enquiry) -> Office {
    let app = TestApp::new().await;
    let priya = app.person("Priya Nair", &[Role::Officer]).await;
    let id = enquiry.named("Amira Rahman").officer("Priya Nair", Some(priya)).create(&app).await;
    Office { id, priya, client: app.sign_in_as(priya).await, app }
}

impl Office {
    async fn made(&mut self, values: &[(&str, &str)]) -> Page {
        let page = self.client.get(&format!("/enquiries/{}/tasks/new", self.id)).await;
        let mut all = vec![("what", "Send the handbook"), ("due_on", "thursday")];
        all.retain(|(name, _)| values.iter().all(|(other, _)| other != name));
        all.extend(values);
        self.client.submit(&page, FORM, &all).await
    }

    /// The page of the first task that is to do.
    async fn task(&mut self) -> Page {
        let list = self.client.get(&format!("/enquiries/{}/tasks", self.id)).await;
        let href = list.attribute(".work a[href^='/tasks/']", "href");
        self.client.get(&href).await
    }

    async fn list(&mut self) -> Page {
        self.client.get(&format!("/enquiries/{}/tasks", self.id)).await
    }
}

#[tokio::test]
async fn a_task_is_made_done_and_put_back() {
    let mut office = office(given::enquiry()).await;
    let saved = office.made(&[]).await;
    assert_eq!(saved.location(), format!("/enquiries/{}/tasks", office.id));
    let list = office.list().await;
    assert!(list.text(".work li").contains("Send the handbook"), "{}", list.text(".work li"));
    assert_eq!(list.text(".work .clock"), "Due Thu 16 Oct");
    assert_eq!(list.text(".tabs a[aria-current] .n"), "1");

    let task = office.task().await;
    let done = office.client.submit(&task, "#completion", &[("outcome", "Sent by post")]).await;
    let list = office.client.follow(&done).await;
    assert!(list.text("details.mt4").contains("Done on Tue 14 Oct 2025 by Priya Nair: Sent by post"));

    let href = list.attribute("details a[href^='/tasks/']", "href");
    let task = office.client.get(&href).await;
    office.client.submit(&task, "#reopening", &[]).await.location();
    assert!(office.list().await.text(".work li").contains("Send the handbook"));
    for action in ["task_made", "task_done", "task_changed"] {
        let traces = "select count(*) from audit where enquiry_id is not null and action in ('task_made', 'task_done', 'task_changed')";
        assert_eq!(office.app.count(traces).await, 3, "{action}");
    }
    let words = "select count(*) from audit where detail like '%handbook%' or detail like '%by post%'";
    assert_eq!(office.app.count(words).await, 0, "what a task says is no part of the audit");
}

#[tokio::test]
async fn a_task_needs_words_a_day_ahead_and_somebody_or_nobody() {
    let mut office = office(given::enquiry()).await;
    let answer = office.made(&[("what", " "), ("due_on", "13/10/25"), ("whose", "9999")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.errors().len(), 3, "{:?}", answer.errors());
    assert!(answer.errors()[1].contains("Mon 13 Oct 2025 is over"));
    assert_eq!(answer.attribute("#due_on", "value"), "13/10/25");
    assert!(office.made(&[("whose", "nobody")]).await.status.is_redirection());
    assert!(office.made(&[("whose", "manager")]).await.status.is_redirection());
    let list = office.list().await;
    assert!(list.text("ol.work").contains("Unassigned") && list.text("ol.work").contains("Any manager"));
}

#[tokio::test]
async fn a_double_click_makes_one_task() {
    let mut office = office(given::enquiry()).await;
    let page = office.client.get(&format!("/enquiries/{}/tasks/new", office.id)).await;
    let values = [("what", "Send the handbook"), ("due_on", "tomorrow")];
    let first = office.client.submit(&page, FORM, &values).await.location();
    assert_eq!(office.client.submit(&page, FORM, &values).await.location(), first);
    assert_eq!(office.app.count("select count(*) from task").await, 1);
}

#[tokio::test]
async fn one_press_records_no_answer_and_moves_the_task_to_the_day_chosen() {
    let mut office = office(given::enquiry()).await;
    office.made(&[]).await;
    for again in ["tuesday", "in 2 weeks"] {
        let task = office.task().await;
        office.client.submit(&task, "#attempts", &[("again_on", again)]).await.location();
    }
    let list = office.list().await;
    assert!(list.text(".work").contains("2 attempts without an answer"));
    assert_eq!(list.text(".work .clock"), "Due Tue 28 Oct");
    assert_eq!(office.app.count("select count(*) from note where kind = 'no_answer'").await, 2);
    let task = office.task().await;
    assert!(task.text("main").contains("No answer. Moved from Thu 16 Oct 2025 to Tue 21 Oct 2025"));
    let wrong = office.client.submit(&task, "#attempts", &[("again_on", "yesterday")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(office.app.count("select count(*) from note").await, 2, "refused as a whole");
}

#[tokio::test]
async fn tasks_of_a_closed_enquiry_rest_and_wake_when_it_is_reopened() {
    let mut office = office(given::enquiry().contacted("2025-10-02")).await;
    office.made(&[]).await;
    let path = format!("/enquiries/{}/closures/new", office.id);
    let page = office.client.get(&path).await;
    office.client.submit(&page, FORM, &[("reason", "health"), ("on", "today")]).await.location();
    assert!(office.list().await.text(".work").contains("Resting: the enquiry is closed"));
    assert!(!office.client.get("/tasks").await.body.contains("Send the handbook"));
    let page = office.client.get(&format!("/enquiries/{}/reopenings/new", office.id)).await;
    office.client.submit(&page, FORM, &[("on", "today")]).await.location();
    assert!(office.list().await.texts(".work .clock").contains(&"Due Thu 16 Oct".to_owned()));
    assert!(office.client.get("/tasks").await.body.contains("Send the handbook"));
}

#[tokio::test]
async fn the_officers_tasks_go_with_the_enquiry_and_a_persons_stay() {
    let mut office = office(given::enquiry()).await;
    let tom = office.app.person("Tom Ashworth", &[Role::Officer]).await;
    office.made(&[("what", "The officer’s"), ("whose", "the_officer")]).await;
    office.made(&[("what", "Priya’s own")]).await;
    let page = office.client.get(&format!("/enquiries/{}/assignments/new", office.id)).await;
    office.client.submit(&page, FORM, &[("officer", &tom.to_string())]).await.location();
    let mine = office.client.get("/tasks").await;
    assert!(mine.body.contains("Priya’s own") && !mine.body.contains("The officer’s"));
    let his = office.app.sign_in_as(tom).await.get("/tasks").await;
    assert!(his.body.contains("The officer’s") && !his.body.contains("Priya’s own"));
}

#[tokio::test]
async fn reaching_the_family_ends_the_task_that_an_unanswered_call_made() {
    let office = office(given::enquiry()).await;
    let actor = Actor { user: office.priya, at: office.app.now(), address: "unknown".to_owned() };
    let mut write = office.app.state.db.write().await.unwrap();
    for again in ["2025-10-15", "2025-10-17"] {
        tasks::no_answer_of(&mut write, &actor, office.id, day(again)).await.unwrap();
    }
    let open = tasks::list_of_enquiry(&mut *write, office.id).await.unwrap();
    assert_eq!((open.len(), open[0].attempts, open[0].due), (1, 2, day("2025-10-17")));
    let contact = hearth::domain::ledger::Milestone::new(
        hearth::domain::milestone::MilestoneKind::FirstContact,
        day("2025-10-14"),
    );
    let fact = hearth::domain::ledger::Fact::Milestone(contact);
    pipeline::record(&mut write, &actor, office.id, fact).await.unwrap();
    let ended = tasks::list_of_enquiry(&mut *write, office.id).await.unwrap();
    assert!(ended.iter().any(|task| task.outcome == "They were reached"));
}

#[tokio::test]
async fn many_enquiries_get_a_task_each_with_an_audit_each() {
    let office = office(given::enquiry()).await;
    let second = given::enquiry().named("Tom Reed").create(&office.app).await;
    let actor = Actor { user: office.priya, at: office.app.now(), address: "unknown".to_owned() };
    let wanted = Wanted { what: "Invite to the open evening".into(), due: day("2025-10-20"), whose: Whose::Officer };
    let mut write = office.app.state.db.write().await.unwrap();
    let made = tasks::make_for_all(&mut write, &actor, &[office.id, second], &wanted).await.unwrap().unwrap();
    assert_eq!(made.last.0 - made.first.0, 1, "they follow each other");
    write.commit().await.unwrap();
    assert_eq!(office.app.count("select count(*) from audit where action = 'task_made'").await, 2);
    assert_eq!(office.app.count("select count(*) from task where user_id is null").await, 1, "nobody's enquiry");
}

#[tokio::test]
async fn two_people_on_one_task_lose_no_word() {
    let mut office = office(given::enquiry()).await;
    office.made(&[]).await;
    let tom = office.app.person("Tom Ashworth", &[Role::Officer]).await;
    let mut tom = office.app.sign_in_as(tom).await;
    let hers = office.task().await;
    let path = hers.attribute("#correction", "action").replace("/corrections", "");
    let his = tom.get(&path).await;
    office.client.submit(&hers, "#correction", &[("what", "Priya’s words")]).await.location();
    let answer = tom.submit(&his, "#correction", &[("what", "Tom’s words"), ("due_on", "friday")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let both = answer.text(".conflict");
    assert!(both.contains("Priya Nair changed this task") && both.contains("Priya’s words"), "{both}");
    assert_eq!(answer.attribute("#what", "value"), "Tom’s words");
    let saved = tom.submit(&answer, "#correction", &[]).await;
    assert!(tom.follow(&saved).await.text(".work").contains("Tom’s words"));
}

#[tokio::test]
async fn a_task_about_a_restricted_record_is_not_found_by_others() {
    let app = TestApp::new().await;
    let (priya, tom) =
        (app.person("Priya Nair", &[Role::Officer]).await, app.person("Tom Ashworth", &[Role::Officer]).await);
    let id = given::enquiry().named("Amira Rahman").restricted_to(&[priya]).create(&app).await;
    let mut hers = app.sign_in_as(priya).await;
    let page = hers.get(&format!("/enquiries/{id}/tasks/new")).await;
    hers.submit(&page, FORM, &[("what", "Ring quietly"), ("due_on", "today")]).await.location();
    let list = hers.get("/tasks?whose=everybody").await;
    let href = list.attribute(".work a[href^='/tasks/']", "href");
    let mut his = app.sign_in_as(tom).await;
    assert!(!his.get("/tasks?whose=everybody").await.body.contains("Ring quietly"));
    assert_eq!(his.get(&href).await.status, StatusCode::NOT_FOUND);
    let post = his.post(&format!("{href}/completions"), &[]).await;
    assert_eq!(post.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_social_worker_sees_tasks_of_their_own_cases_and_what_is_theirs() {
    let mut office = office(given::enquiry()).await;
    office.made(&[("what", "Not hers to see")]).await;
    let dev = office.app.person("Dev Sandhu", &[Role::SocialWorker]).await;
    let theirs = given::enquiry().named("Tom Reed").officer("Dev Sandhu", Some(dev)).create(&office.app).await;
    let mut client = office.app.sign_in_as(dev).await;
    let page = client.get(&format!("/enquiries/{theirs}/tasks/new")).await;
    client.submit(&page, FORM, &[("what", "Her own case"), ("due_on", "today")]).await.location();
    let page = client.get("/tasks/new").await;
    client.submit(&page, FORM, &[("what", "About no case"), ("due_on", "today")]).await.location();
    let list = client.get("/tasks?whose=everybody").await;
    assert!(list.body.contains("Her own case") && list.body.contains("About no case"));
    assert!(!list.body.contains("Not hers to see"));
    let href = office.task().await.attribute("#completion", "action").replace("/completions", "");
    assert_eq!(client.get(&href).await.status, StatusCode::FORBIDDEN);
}
