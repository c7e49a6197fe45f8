//! Today: what needs doing in its order, cleared in place, with and without htmx.

use axum::http::StatusCode;
use hearth::domain::ids::{EnquiryId, UserId};
use hearth::domain::role::Role;

use crate::given;
use crate::support::{Client, Page, TestApp};

struct Office {
    app: TestApp,
    priya: UserId,
    client: Client,
}

async fn office() -> Office {
    let app = TestApp::new().await;
    let priya = app.person("Priya Nair", &[Role::Officer]).await;
    Office { client: app.sign_in_as(priya).await, priya, app }
}

impl Office {
    fn mine(&self, name: &str) -> given::Enquiry {
        given::enquiry().named(name).officer("Priya Nair", Some(self.priya))
    }

    async fn task(&mut self, id: EnquiryId, what: &str, due: &str) {
        let page = self.client.get(&format!("/enquiries/{id}/tasks/new")).await;
        self.client.submit(&page, "form.form", &[("what", what), ("due_on", due)]).await.location();
    }
}

#[tokio::test]
async fn an_empty_day_says_what_will_be_here() {
    let mut office = office().await;
    let start = office.client.get("/").await;
    let page = office.client.follow(&start).await;
    assert_eq!(page.text("h1"), "Today");
    assert_eq!(page.text("nav.nav a[aria-current]"), "Today");
    assert!(page.text(".lede").contains("Nothing needs doing just now. What will be here"));
    assert!(!page.has(".today section"));
}

#[tokio::test]
async fn paper_says_whose_day_it_is() {
    let mut office = office().await;
    for (address, whose) in [("/today", "Mine"), ("/today?whose=everybody", "Everybody’s")] {
        assert_eq!(office.client.get(address).await.text(".head .print-only"), whose);
    }
}

#[tokio::test]
async fn the_sections_stand_in_the_order_of_what_needs_doing() {
    let mut office = office().await;
    office.mine("Denise Okafor").received("2025-10-08").create(&office.app).await;
    let hub = office.mine("Beverley Stokes").received("2025-10-13").hub("Foster with North East", "NH-1");
    hub.recorded_at("2025-10-13T15:00:00Z").create(&office.app).await;
    office
        .mine("Lorraine Bates")
        .received("2025-05-01")
        .contacted("2025-05-02")
        .in_touch("2025-06-12", "2025-10-13")
        .create(&office.app)
        .await;
    given::enquiry().named("Yusuf Demir").received("2025-10-14").create(&office.app).await;
    let visited = office.mine("Siobhan Doyle").received("2025-10-13").contacted("2025-10-13").create(&office.app).await;
    let page = office.client.get(&format!("/enquiries/{visited}/appointments/new")).await;
    office.client.submit(&page, "form.form", &[("on", "friday"), ("at", "17:30")]).await.location();
    let page = office.client.get("/today").await;
    let headings: Vec<_> = page.texts(".today h2");
    let expected = [
        "Time limits overdue",
        "Due today and tomorrow",
        "New from the hub, not yet rung",
        "Tasks due",
        "Visits this week",
        "Keeping in touch",
        "Unassigned",
    ];
    assert_eq!(headings.len(), 7, "{headings:?}");
    for (heading, label) in headings.iter().zip(expected) {
        assert!(heading.starts_with(label), "{headings:?}");
    }
    assert!(page.text("[aria-labelledby=overdue]").contains("Denise Okafor"));
    // Monday 16:00 to Tuesday 10:00 in London: one hour and one hour.
    let new = page.text("[aria-labelledby=new]");
    assert!(new.contains("Beverley Stokes") && new.contains("2 hours waiting"), "{new}");
    assert!(page.text("[aria-labelledby=visits]").contains("Fri 17 Oct, 17:30"));
    assert!(page.text("[aria-labelledby=in-touch]").contains("1 day over"));
    assert!(page.text("[aria-labelledby=unassigned]").contains("Yusuf Demir"));
    assert!(!page.text("[aria-labelledby=overdue]").contains("Lorraine Bates"));
}

#[tokio::test]
async fn a_row_says_what_else_there_is_of_its_family() {
    let mut office = office().await;
    // Rung, and late with the visit, which is booked; and there is a task.
    let late = office.mine("Denise Okafor").received("2025-09-29").contacted("2025-09-30").create(&office.app).await;
    office.mine("Amira Rahman").received("2025-09-29").contacted("2025-09-30").create(&office.app).await;
    office.task(late, "Records check", "today").await;
    let row = format!("#clock-{late}-initial_visit");
    assert!(!office.client.get("/today").await.text(&row).contains("Visit"));
    let page = office.client.get(&format!("/enquiries/{late}/appointments/new")).await;
    office.client.submit(&page, "form.form", &[("on", "friday"), ("at", "10:00")]).await.location();

    let page = office.client.get("/today").await;
    assert_eq!(page.text(&format!("{row} .tag")), "Visit planned for Fri 17 Oct, 10:00");
    assert!(page.text(&row).contains("Also under Tasks due, Visits this week"), "{}", page.text(&row));
    assert!(page.text("[aria-labelledby=tasks] li").contains("Also under Time limits overdue, Visits this week"));
    assert_eq!(page.attributes(&format!("{row} .why a"), "href"), ["#tasks", "#visits"]);
    assert!(page.has("h2#tasks") && page.has("h2#visits"), "the links lead somewhere");
    let others = page.texts("[aria-labelledby=overdue] li").into_iter().find(|row| row.contains("Amira")).unwrap();
    assert!(!others.contains("Visit planned") && !others.contains("Visits this week"), "{others}");
    // On the section's own page too; and once the day is over, nobody has said whether it took place.
    let planned = office.client.get("/today/overdue").await.text(&format!("{row} .tag"));
    assert_eq!(planned, "Visit planned for Fri 17 Oct, 10:00");
    office.app.pass_minutes(4 * 24 * 60);
    let mut client = office.app.sign_in_as(office.priya).await;
    assert_eq!(client.get("/today").await.text(&format!("{row} .tag")), "Visit was planned for Fri 17 Oct, 10:00");
}

#[tokio::test]
async fn a_contact_clears_its_row_in_place_and_without_scripts_on_the_next_page() {
    for htmx in [true, false] {
        let mut office = office().await;
        let hub = office.mine("Beverley Stokes").phone("07700 900417").received("2025-10-14");
        let id = hub.hub("Foster with North East", "NH-1").create(&office.app).await;
        let page = office.client.get("/today?whose=everybody").await;
        let form = format!("#new-{id} form");
        let mut client = if htmx { office.client.clone().htmx() } else { office.client.clone() };
        let wrong = client.submit(&page, &form, &[("on", "31 april"), ("note", "Works nights")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(wrong.attribute(&format!("#new-{id}-note"), "value"), "Works nights");
        assert!(wrong.has("details.do[open] [data-focus]"));
        assert_eq!(wrong.text(".reach"), "07700 900417");
        // With scripts only what clears the row is put in its place: why it is here stays as it was.
        assert_eq!(wrong.has("h1"), !htmx);
        assert_eq!(wrong.has(".work li"), !htmx);
        let place = if htmx { format!("#new-{id} > .do") } else { String::new() };
        assert_eq!(wrong.header("hx-retarget"), place);
        let saved = client.submit(&wrong, if htmx { "form" } else { &form }, &[("on", "today")]).await;
        if htmx {
            assert_eq!(saved.status, StatusCode::OK);
            assert_eq!(
                saved.text(&format!("#new-{id}.cleared [data-say][data-focus]")),
                "Done Beverley Stokes: First contact is recorded"
            );
        } else {
            assert_eq!(saved.location(), "/today?whose=everybody");
            assert!(client.follow(&saved).await.text(".flash").contains("Beverley Stokes: First contact is recorded"));
        }
        assert!(!office.client.get("/today").await.has("[aria-labelledby=new]"));
        assert_eq!(office.app.count("select count(*) from note where body = 'Works nights'").await, 1);
        assert_eq!(office.app.count("select count(*) from milestone where kind = 'first_contact'").await, 1);
    }
}

#[tokio::test]
async fn whoever_is_to_ring_has_the_number_and_what_to_mind_in_the_row() {
    let mut office = office().await;
    let hub = office.mine("Beverley Stokes").phone("07700 900417").received("2025-10-14").hub("The hub", "NH-1");
    let id = hub.create(&office.app).await;
    office.mine("Liam Younger").received("2025-01-10").in_touch("2025-02-03", "2025-10-14").create(&office.app).await;
    let reach = |page: &Page| page.text(&format!("#new-{id} .reach"));
    let page = office.client.get("/today").await;
    assert_eq!(reach(&page), "07700 900417");
    assert_eq!(page.attribute(&format!("#new-{id} .reach a"), "href"), "tel:07700900417");
    assert_eq!(page.text("[aria-labelledby=in-touch] .reach"), "No telephone number is recorded.");
    let household = office.client.get(&format!("/enquiries/{id}/household")).await;
    let more = [
        ("name_2", "Joe Stokes"),
        ("phone_2", "07700 900418"),
        ("message_allowed", "no"),
        ("contact_hours", "after six"),
        ("language", "Polish"),
    ];
    office.client.submit(&household, "form.form", &more).await.location();
    let page = office.client.get("/today").await;
    let both = "07700 900417 (Beverley), 07700 900418 (Joe) Never leave a message. When: after six. Language: Polish.";
    assert_eq!(reach(&page), both);
    // Of each of its tasks too.
    office.task(id, "Ring about the spare room", "today").await;
    office.task(id, "Send the booklet", "today").await;
    let tasks = office.client.get("/today").await.texts("[aria-labelledby=tasks] .reach");
    assert_eq!(tasks, [both; 2]);
}

#[tokio::test]
async fn what_was_typed_in_place_is_handed_back_after_the_session_ended() {
    let mut office = office().await;
    let hub = office.mine("Beverley Stokes").received("2025-10-14").hub("Foster with North East", "NH-1");
    let id = hub.create(&office.app).await;
    let page = office.client.get("/today").await;
    let form = format!("#new-{id} form");
    let typed = [("on", "today"), ("note", "Works nights")];
    let mut client = office.client.clone().htmx();
    client.set_cookie("hearth", "a session that is over");
    let handed_back = client.submit(&page, &form, &typed).await;
    assert_eq!(handed_back.status, StatusCode::FORBIDDEN);
    assert_eq!((handed_back.header("hx-retarget"), handed_back.header("hx-reswap")), ("#main", "innerHTML"));
    assert!(!handed_back.body.contains("<html") && handed_back.has("h1[data-focus]"));
    assert!(handed_back.text(".typed").contains("Works nights"), "{}", handed_back.text(".typed"));
    // An ordinary form: what answers it is a page.
    assert!(handed_back.has("#sign-in [name=kept_body]") && !handed_back.has("#sign-in[hx-post], [hx-boost]"));
    // Signed in elsewhere meanwhile, and sent again from the page as it still stands: once more, then it is saved.
    let mut again = office.app.sign_in_as(office.priya).await;
    let asked = again.clone().htmx().submit(&page, &form, &typed).await;
    assert!(asked.text(".typed").contains("Works nights") && !asked.has("#sign-in"));
    assert_eq!(again.submit(&asked, "#late", &[]).await.location(), "/today");
    assert_eq!(office.app.count("select count(*) from note where body = 'Works nights'").await, 1);
}

#[tokio::test]
async fn no_answer_counts_and_comes_back_on_the_day_chosen() {
    let mut office = office().await;
    let hub = office.mine("Beverley Stokes").received("2025-10-14").hub("Foster with North East", "NH-1");
    let id = hub.create(&office.app).await;
    let page = office.client.get("/today").await;
    let form = format!("#new-{id} form");
    let wrong = office.client.submit(&page, &form, &[("kind", "no_answer")]).await;
    assert!(wrong.text("main").contains("Enter the day on which to try again"));
    office.client.submit(&page, &form, &[("kind", "no_answer"), ("again_on", "tomorrow")]).await.location();
    let page = office.client.get("/today").await;
    assert!(page.text(&format!("#new-{id}")).contains("1 attempt without an answer"));
    let tasks = page.text("[aria-labelledby=tasks]");
    assert!(tasks.contains("Try to reach them again") && tasks.contains("Due tomorrow"), "{tasks}");
    // From the task's own row: nobody answers again.
    let tried =
        office.client.submit(&page, "[aria-labelledby=tasks] form", &[("tried", "yes"), ("again_on", "friday")]).await;
    assert_eq!(tried.location(), "/today");
    let page = office.client.get("/today").await;
    assert!(page.text("[aria-labelledby=tasks]").contains("2 attempts without an answer"));
    assert_eq!(office.app.count("select count(*) from note where kind = 'no_answer'").await, 2);
}

#[tokio::test]
async fn every_row_is_cleared_by_its_one_action() {
    let mut office = office().await;
    let late = office.mine("Denise Okafor").received("2025-10-01").contacted("2025-10-02").create(&office.app).await;
    let kept = office
        .mine("Lorraine Bates")
        .received("2025-05-01")
        .contacted("2025-05-02")
        .in_touch("2025-06-12", "2025-10-13");
    let kept = kept.create(&office.app).await;
    let nobody = given::enquiry().named("Yusuf Demir").received("2025-10-14").create(&office.app).await;
    let visit = office.mine("Siobhan Doyle").received("2025-10-13").contacted("2025-10-13").create(&office.app).await;
    office.task(late, "Send the handbook", "today").await;
    let page = office.client.get(&format!("/enquiries/{visit}/appointments/new")).await;
    office.client.submit(&page, "form.form", &[("on", "today"), ("at", "17:30")]).await.location();
    let mut client = office.client.clone().htmx();

    let page = office.client.get("/today").await;
    let priya = office.priya.to_string();
    for (form, values, said) in [
        (format!("#clock-{late}-initial_visit form"), vec![("on", "yesterday")], "Initial visit is recorded"),
        ("[aria-labelledby=tasks] li:first-child form".to_owned(), vec![("outcome", "Sent")], "Done: "),
        ("[aria-labelledby=visits] form".to_owned(), vec![], "Initial visit is recorded"),
        (format!("#in-touch-{kept} form"), vec![("again_on", "in 6 months")], "They come back on Tue 14 Apr 2026"),
        (format!("#unassigned-{nobody} form"), vec![("officer", priya.as_str())], "Priya Nair has it from now on"),
    ] {
        let answer = client.submit(&page, &form, &values).await;
        assert_eq!(answer.status, StatusCode::OK, "{form}: {}", answer.body);
        assert!(answer.text(".cleared").contains(said), "{form}: {}", answer.text(".cleared"));
    }
    let page = office.client.get("/today").await;
    for gone in ["in-touch", "visits", "unassigned"] {
        assert!(!page.has(&format!("[aria-labelledby={gone}]")), "{gone}");
    }
    assert_eq!(office.app.count("select count(*) from milestone where kind = 'initial_visit'").await, 2);
}

#[tokio::test]
async fn somebody_else_was_first_is_said_in_the_row() {
    let mut office = office().await;
    let id = office.mine("Denise Okafor").received("2025-10-14").create(&office.app).await;
    office.task(id, "Send the handbook", "today").await;
    let page = office.client.get("/today").await;
    let tom = office.app.person("Tom Ashworth", &[Role::Officer]).await;
    let mut tom = office.app.sign_in_as(tom).await;
    let his = tom.get("/today?whose=everybody").await;
    tom.submit(&his, "[aria-labelledby=tasks] form", &[("outcome", "By post")]).await.location();
    let answer =
        office.client.clone().htmx().submit(&page, "[aria-labelledby=tasks] form", &[("outcome", "By e-mail")]).await;
    assert!(answer.text(".cleared").contains("Tom Ashworth was first"), "{}", answer.body);
    assert_eq!(office.app.count("select count(*) from task where outcome = 'By e-mail'").await, 0);
}

#[tokio::test]
async fn mine_a_colleagues_everybodys_and_nobodys() {
    let mut office = office().await;
    let tom = office.app.person("Tom Ashworth", &[Role::Officer]).await;
    office.mine("Denise Okafor").received("2025-10-08").create(&office.app).await;
    given::enquiry()
        .named("His Family")
        .officer("Tom Ashworth", Some(tom))
        .received("2025-10-08")
        .create(&office.app)
        .await;
    given::enquiry().named("Nobody Yet").received("2025-10-08").create(&office.app).await;
    for (address, seen) in [
        ("/today".to_owned(), vec!["Denise Okafor"]),
        (format!("/today?whose={tom}"), vec!["His Family"]),
        ("/today?whose=everybody".to_owned(), vec!["Denise Okafor", "His Family", "Nobody Yet"]),
        ("/today?whose=unassigned".to_owned(), vec!["Nobody Yet"]),
    ] {
        let page = office.client.get(&address).await;
        let overdue = page.text("[aria-labelledby=overdue]");
        for name in ["Denise Okafor", "His Family", "Nobody Yet"] {
            assert_eq!(overdue.contains(name), seen.contains(&name), "{address}: {name}");
        }
    }
}

#[tokio::test]
async fn restricted_records_and_others_cases_stay_out() {
    let mut office = office().await;
    let tom = office.app.person("Tom Ashworth", &[Role::Officer]).await;
    let hidden = given::enquiry().named("Hidden Family").received("2025-10-08").hub("Foster with North East", "NH-2");
    hidden.restricted_to(&[tom]).create(&office.app).await;
    let page = office.client.get("/today?whose=everybody").await;
    assert!(!page.body.contains("Hidden Family"));
    let his = office.app.sign_in_as(tom).await.get("/today?whose=everybody").await;
    assert_eq!(his.texts(".today section").len(), 4, "overdue, due, new and unassigned");

    let dev = office.app.person("Dev Sandhu", &[Role::SocialWorker]).await;
    office.mine("Denise Okafor").received("2025-10-08").create(&office.app).await;
    given::enquiry()
        .named("Own Case")
        .officer("Dev Sandhu", Some(dev))
        .received("2025-10-08")
        .create(&office.app)
        .await;
    let mut dev = office.app.sign_in_as(dev).await;
    for address in ["/today", "/today?whose=everybody", "/today?whose=unassigned", "/today/overdue?whose=everybody"] {
        let page = dev.get(address).await;
        assert!(page.body.contains("Own Case") && !page.body.contains("Denise Okafor"), "{address}");
    }
}

#[tokio::test]
async fn a_long_section_shows_ten_and_pages_by_key() {
    let mut office = office().await;
    for nth in 0..62 {
        let enquiry = given::enquiry().named(&format!("Family {nth:02}"));
        enquiry.received("2025-10-14").create(&office.app).await;
    }
    let page = office.client.get("/today").await;
    let section = "[aria-labelledby=unassigned]";
    assert_eq!(page.texts(&format!("{section} .work > li")).len(), 10);
    assert!(page.text(&format!("{section} h2")).contains("10 and more"));
    let more = page.attribute(&format!("{section} > p a"), "href");
    let first = office.client.get(&more).await;
    assert_eq!(first.texts(".work > li").len(), 50);
    let rest = office.client.get(&first.attribute(".pages a", "href")).await;
    assert_eq!(rest.texts(".work > li").len(), 12);
    assert!(!rest.has(".pages"));
    assert_eq!(office.client.get("/today/nothing").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_somebody_who_has_left_still_has_is_found() {
    let mut office = office().await;
    let carys = office.app.person("Carys Wood", &[Role::Officer]).await;
    let hers = given::enquiry().named("Her Family").officer("Carys Wood", Some(carys)).received("2025-10-08");
    let id = hers.create(&office.app).await;
    let mut admin = office.app.sign_in(Role::Admin).await;
    let page = admin.get(&format!("/people/{carys}")).await;
    admin.submit(&page, "#deactivate", &[]).await.location();

    let page = office.client.get("/today").await;
    let offered = page.texts("#whose option");
    assert!(offered.contains(&"Carys Wood (has left)".to_owned()), "{offered:?}");
    let list = office.client.get(&format!("/today?whose={carys}")).await;
    assert!(list.text("[aria-labelledby=overdue]").contains("Her Family"));
    assert_eq!(list.text("#whose option[selected]"), "Carys Wood (has left)");

    // Once somebody else has them all, there is nothing left to look for.
    let page = office.client.get(&format!("/enquiries/{id}/assignments/new")).await;
    office.client.submit(&page, "form.form", &[("officer", &office.priya.to_string())]).await.location();
    assert!(!office.client.get("/today").await.text("#whose").contains("Carys Wood"));
}
