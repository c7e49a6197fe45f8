//! The board: its columns and cards, moving them, and what is refused.

use axum::http::StatusCode;
use hearth::domain::fostering::FosteringType;
use hearth::domain::ids::{EnquiryId, UserId};
use hearth::domain::milestone::MilestoneKind;
use hearth::domain::role::Role;
use hearth::domain::stage::Stage;
use hearth::features::pipeline;

use crate::given;
use crate::support::{Client, Page, TestApp};

const FORM: &str = "form.move-form";

/// Today is Tuesday 14 October 2025.
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

fn column(page: &Page, stage: &str) -> String {
    page.text(&format!("[data-stage={stage}]"))
}

fn moves(id: EnquiryId, from: &str, to: &str) -> String {
    format!("/enquiries/{id}/moves/new?from={from}&to={to}")
}

impl Office {
    /// The form of a move, sent; and where that leads.
    async fn moved(&mut self, id: EnquiryId, from: &str, to: &str, typed: &[(&str, &str)]) -> Page {
        let form = self.client.get(&moves(id, from, to)).await;
        assert_eq!(form.status, StatusCode::OK, "{}", form.text("main"));
        let answer = self.client.submit(&form, FORM, typed).await;
        assert_eq!(answer.location(), "/board", "{}", answer.text("main"));
        self.client.follow(&answer).await
    }

    async fn refused(&mut self, id: EnquiryId, from: &str, to: &str) -> String {
        let page = self.client.get(&moves(id, from, to)).await;
        assert!(page.status.is_client_error() && !page.has(FORM), "{}", page.text("main"));
        page.text("[data-refused]")
    }

    async fn milestones(&self, id: EnquiryId) -> Vec<(MilestoneKind, String)> {
        let mut db = self.app.state.db.read().acquire().await.unwrap();
        let facts = pipeline::load(&mut db, id).await.unwrap().facts();
        facts.milestones.iter().map(|milestone| (milestone.kind, milestone.on.to_string())).collect()
    }

    async fn is_sound(&self) {
        let mut db = self.app.state.db.read().acquire().await.unwrap();
        assert_eq!(pipeline::disagreements(&mut db).await.unwrap(), pipeline::Disagreements::default());
    }
}

#[tokio::test]
async fn a_column_has_its_count_its_days_and_its_cards_the_latest_first() {
    let mut office = office().await;
    for (name, on) in [("Ann Early", "2025-10-02"), ("Ben Middle", "2025-10-09"), ("Cat Late", "2025-10-14")] {
        given::enquiry().named(name).received(on).officer("Priya Nair", Some(office.priya)).create(&office.app).await;
    }
    let visited = given::enquiry().named("Dee Visited").received("2025-09-01").contacted("2025-09-02");
    visited.visited("2025-10-13").create(&office.app).await;
    given::enquiry().named("Gone Closed").closed("2025-10-02", "no_spare_room").create(&office.app).await;
    given::enquiry().named("Gone Approved").received("2024-10-02").approved("2025-10-02").create(&office.app).await;
    let page = office.client.get("/board").await;
    assert_eq!(page.text("nav.nav a[aria-current]"), "Board");
    let stages = page.attributes(".col[data-stage]", "data-stage");
    assert_eq!(stages, ["new", "in_contact", "visited", "application", "stage_1", "stage_2", "panel", "decision"]);
    let head = page.text("[data-stage=new] .col-head");
    assert!(head.contains("New 3") && head.contains("Median 5 days, longest 12"), "{head}");
    assert!(column(&page, "visited").contains("Median 1 day, longest 1"));
    assert!(column(&page, "application").contains("Nobody is here"));
    assert_eq!(page.texts("[data-stage=new] h3"), ["Cat Late", "Ben Middle", "Ann Early"]);
    let card = page.text("[data-stage=new] .card:nth-of-type(3)");
    assert!(card.contains("12 days") && card.contains("PN") && card.contains("Overdue by"), "{card}");
    assert!(page.has("[data-stage=new] .card.is-over"));
    assert!(column(&page, "visited").contains("Unassigned"));
    assert!(!page.text("main").contains("Gone"));
    assert_eq!(page.text(".board-lede"), "4 enquiries go on.");
    let longest = office.client.get("/board?order=longest").await;
    assert_eq!(longest.texts("[data-stage=new] h3"), ["Ann Early", "Ben Middle", "Cat Late"]);
}

#[tokio::test]
async fn the_median_of_an_even_number_lies_between_and_a_column_opens_its_list() {
    let mut office = office().await;
    for on in ["2025-10-01", "2025-10-04", "2025-10-09", "2025-10-14"] {
        given::enquiry().received(on).create(&office.app).await;
    }
    let page = office.client.get("/board?officer=unassigned").await;
    assert!(column(&page, "new").contains("Median 7.5 days, longest 13"), "{}", column(&page, "new"));
    let list = page.attribute("[data-stage=new] h2 a", "href");
    assert_eq!(list, "/enquiries?stage=new&officer=unassigned");
    assert!(office.client.get(&list).await.text(".found").starts_with("4 enquiries"));
}

#[tokio::test]
async fn a_column_is_shown_a_page_at_a_time() {
    for order in ["", "&order=longest"] {
        let mut office = office().await;
        for number in 0..60 {
            let on = format!("2025-09-{:02}", number % 20 + 1);
            given::enquiry().named(&format!("Number {number}")).received(&on).create(&office.app).await;
        }
        let page = office.client.get(&format!("/board?officer=unassigned{order}")).await;
        let mut names = page.texts("[data-stage=new] h3");
        assert_eq!(names.len(), 8);
        let mut next = page.attribute("#more-new a", "href");
        // Without scripts: a page of that column alone; with them its cards alone.
        let alone = office.client.get(&next).await;
        assert_eq!(alone.text("h1"), "New");
        assert_eq!(alone.attributes(".col[data-stage]", "data-stage"), ["new"]);
        let mut htmx = office.client.clone().htmx();
        loop {
            let more = htmx.get(&next).await;
            assert!(!more.has("h1") && !more.has(".col"));
            names.extend(more.texts("h3"));
            if !more.has(".more a") {
                break;
            }
            next = more.attribute(".more a", "href");
        }
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 60);
        assert_eq!(office.client.get("/board/approved").await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn filters_are_those_of_the_list() {
    let mut office = office().await;
    let priya = office.priya;
    let mine = given::enquiry().named("Mia Mine").officer("Priya Nair", Some(priya));
    mine.kind(FosteringType::Remand).create(&office.app).await;
    given::enquiry().named("Tom’s own").officer("Tom Ashworth", None).create(&office.app).await;
    given::enquiry().named("No Body").paused("2025-10-02", "").create(&office.app).await;
    let talked = given::enquiry().named("Later On").officer("Priya Nair", Some(priya)).contacted("2025-10-02");
    talked.in_touch("2025-10-03", "2025-11-03").create(&office.app).await;
    for (query, names) in [
        ("", &["No Body", "Tom’s own", "Mia Mine", "Later On"][..]),
        ("?officer=me", &["Mia Mine", "Later On"]),
        ("?officer=Tom+Ashworth", &["Tom’s own"]),
        ("?officer=unassigned", &["No Body"]),
        ("?kind=remand", &["Mia Mine"]),
        ("?state=open", &["Tom’s own", "Mia Mine"]),
        ("?officer=me&state=open", &["Mia Mine"]),
    ] {
        let page = office.client.get(&format!("/board{query}")).await;
        assert_eq!(page.texts(".card h3"), names, "{query}");
    }
    let page = office.client.get("/board").await;
    assert!(column(&page, "new").contains("Paused") && page.has("[data-stage=new] .card.is-paused"));
    assert!(column(&page, "in_contact").contains("Keeping in touch, contact again 3 Nov"));
    assert_eq!(page.text(".board-lede"), "4 enquiries go on. Of these, 1 paused and 1 only kept in touch with.");
}

#[tokio::test]
async fn a_household_in_both_stages_stands_in_both_columns_marked() {
    let mut office = office().await;
    let both = given::enquiry().named("Amira Rahman").received("2025-06-01").applied("2025-07-01");
    let id = both.stage_1("2025-08-01").stage_2("2025-10-01").create(&office.app).await;
    let page = office.client.get("/board").await;
    let (first, second) = (column(&page, "stage_1"), column(&page, "stage_2"));
    assert!(
        first.contains("Also in Stage 2") && first.contains("74 days") && first.contains("Median 74 days"),
        "{first}"
    );
    assert!(second.contains("Also in Stage 1") && second.contains("13 days"), "{second}");
    assert_eq!(page.text(".board-lede"), "1 enquiry goes on.");
    assert!(office.refused(id, "stage_1", "panel").await.contains("Stage 1 has no outcome yet"));
    let page = office.moved(id, "stage_1", "stage_2", &[("on", "10/10/2025")]).await;
    assert!(column(&page, "stage_1").contains("Nobody is here"));
    assert!(column(&page, "stage_2").contains("Amira Rahman") && !column(&page, "stage_2").contains("Also in"));
    assert!(office.milestones(id).await.contains(&(MilestoneKind::Stage1OutcomeNotified, "2025-10-10".to_owned())));
    office.is_sound().await;
}

#[tokio::test]
async fn a_card_goes_from_the_first_column_to_approval_by_recording_what_happened() {
    let mut office = office().await;
    let id = given::enquiry().named("Miah Stone").received("2025-09-01").create(&office.app).await;
    for (from, to) in [("new", "in_contact"), ("in_contact", "visited"), ("visited", "application")] {
        let page = office.moved(id, from, to, &[("on", "2 september 2025")]).await;
        let label = to.parse::<Stage>().unwrap().label();
        assert_eq!(page.text(".flash"), format!("Miah Stone moved to {label}"));
        assert!(column(&page, to).contains("Miah Stone") && column(&page, to).contains("42 days"));
    }
    office.moved(id, "application", "stage_1", &[("on", "3 september 2025")]).await;
    let page = office.moved(id, "stage_1", "stage_2", &[("on", "4 september 2025")]).await;
    assert!(column(&page, "stage_1").contains("Miah Stone") && column(&page, "stage_2").contains("Miah Stone"));
    office.moved(id, "stage_2", "panel", &[("on", "6 october 2025"), ("result", "approve")]).await;
    // Today is filled in.
    office.moved(id, "panel", "decision", &[]).await;
    let page = office.moved(id, "decision", "approved", &[("places", "2")]).await;
    assert!(!page.has(".card"), "it has left the board");
    let recorded: Vec<_> = office.milestones(id).await.into_iter().map(|(kind, on)| (kind.code(), on)).collect();
    let expected = [
        ("enquiry_received", "2025-09-01"),
        ("first_contact", "2025-09-02"),
        ("initial_visit", "2025-09-02"),
        ("application_received", "2025-09-02"),
        ("assessment_started", "2025-09-03"),
        ("stage_2_started", "2025-09-04"),
        ("panel_recommendation", "2025-10-06"),
        ("panel_minutes_final", "2025-10-14"),
        ("decision_made", "2025-10-14"),
        ("approved", "2025-10-14"),
    ];
    assert_eq!(recorded, expected.map(|(kind, on)| (kind, on.to_owned())));
    assert_eq!(office.app.count("select approved_places from enquiry_now").await, 2);
    assert_eq!(office.app.count("select count(*) from audit where action = 'milestone_recorded'").await, 9);
    office.is_sound().await;
}

#[tokio::test]
async fn a_deferral_needs_saying_and_holds_the_card_at_panel() {
    let mut office = office().await;
    let stage_2 = given::enquiry().received("2025-06-01").applied("2025-07-01").stage_1("2025-08-01");
    let id = stage_2.stage_1_outcome("2025-08-20").stage_2("2025-09-01").create(&office.app).await;
    let form = office.client.get(&moves(id, "stage_2", "panel")).await;
    let without = office.client.submit(&form, FORM, &[("on", "yesterday")]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(without.errors(), ["Choose what was recommended"]);
    assert_eq!(without.attribute("#on", "value"), "yesterday");
    assert_eq!(office.client.submit(&without, FORM, &[("result", "defer")]).await.location(), "/board");
    assert!(office.refused(id, "panel", "decision").await.contains("The panel deferred on 13 October 2025"));
}

#[tokio::test]
async fn what_cannot_be_is_refused_in_the_rules_own_words_and_nothing_is_recorded() {
    let mut office = office().await;
    let visited = given::enquiry().received("2025-09-01").contacted("2025-09-02").visited("2025-09-09");
    let id = visited.create(&office.app).await;
    let before = office.milestones(id).await;
    assert!(office.refused(id, "visited", "stage_1").await.contains("From Visited it goes to Application next"));
    let back = office.refused(id, "visited", "new").await;
    assert!(back.contains("initial visit on 9 September 2025 puts it in Visited"), "{back}");
    assert!(back.contains("correct or withdraw the date on the record"), "{back}");
    assert!(office.refused(id, "new", "in_contact").await.contains("It is in Visited now"));
    let form = office.client.get(&moves(id, "visited", "application")).await;
    for (typed, sentence) in [
        ("1 september 2024", "before the enquiry of 1 September 2025"),
        ("1/1/2026", "in the future"),
        ("31 april", "is not a date"),
        ("", "Enter the day on which it happened"),
    ] {
        for mut client in [office.client.clone(), office.client.clone().htmx()] {
            let answer = client.submit(&form, FORM, &[("on", typed)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.errors()[0].contains(sentence), "{:?}", answer.errors());
            assert_eq!(answer.attribute("#on", "value"), typed);
        }
    }
    assert_eq!(office.milestones(id).await, before);
    // In its own card, not in place of the board.
    let mut htmx = office.client.clone().htmx();
    let answer = htmx.submit(&form, FORM, &[("on", "1/1/2026")]).await;
    assert_eq!(answer.header("hx-retarget"), format!("#move-{id}-visited"));
    let closed = given::enquiry().closed("2025-10-02", "no_spare_room").create(&office.app).await;
    assert!(office.refused(closed, "new", "in_contact").await.contains("It was closed on 2 October 2025"));
}

#[tokio::test]
async fn with_scripts_the_answer_is_the_board_and_says_what_was_done() {
    let mut office = office().await;
    let id = given::enquiry().named("Miah Stone").create(&office.app).await;
    given::enquiry().named("Other One").officer("Tom Ashworth", None).create(&office.app).await;
    let mut htmx = office.client.clone().htmx();
    let form = htmx.get(&format!("{}&board=officer%3Dunassigned", moves(id, "new", "in_contact"))).await;
    assert!(form.has(FORM) && !form.has("h1"));
    let saved = htmx.submit(&form, FORM, &[("on", "yesterday")]).await;
    assert_eq!(saved.status, StatusCode::OK);
    assert_eq!(saved.text("[data-say]"), "Miah Stone moved to In contact");
    assert_eq!(saved.text("[data-stage=in_contact] .card [data-focus]"), "Miah Stone");
    assert_eq!(saved.texts(".card h3"), ["Miah Stone"], "with the filters that it had");
    // Sent twice, it is recorded once, and the answer is the same.
    let again = htmx.submit(&form, FORM, &[("on", "yesterday")]).await;
    assert_eq!(again.text("[data-say]"), "Miah Stone moved to In contact");
    assert_eq!(office.milestones(id).await.len(), 2);
    let without = office.client.submit(&form, FORM, &[("on", "yesterday")]).await;
    assert_eq!(without.location(), "/board?officer=unassigned");
    // Changed and sent again, it is another move, and somebody was first.
    assert_eq!(office.client.submit(&form, FORM, &[]).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn of_two_who_move_one_card_the_second_sees_both_versions() {
    let mut office = office().await;
    let tom = office.app.person("Tom Ashworth", &[Role::Officer]).await;
    let mut tom = office.app.sign_in_as(tom).await;
    let id = given::enquiry().named("Miah Stone").received("2025-09-01").create(&office.app).await;
    let his = tom.get(&moves(id, "new", "in_contact")).await;
    office.moved(id, "new", "in_contact", &[("on", "3 september 2025")]).await;
    for mut client in [tom.clone(), tom.clone().htmx()] {
        let answer = client.submit(&his, FORM, &[("on", "4 september 2025")]).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        let said = answer.text("[data-refused]");
        assert!(said.contains("Priya Nair recorded first contact, on 3 September 2025"), "{said}");
        assert!(said.contains("Now: Wed 3 Sep 2025") && said.contains("Yours: Thu 4 Sep 2025"), "{said}");
        assert!(said.contains("It is in In contact now"), "{said}");
    }
    assert_eq!(office.milestones(id).await.len(), 2);
    // With scripts the board comes as it stands now, and says it where the card is; or above, where it has none.
    let mut htmx = tom.clone().htmx();
    let anew = htmx.submit(&his, FORM, &[("on", "4 september 2025")]).await;
    assert_eq!((anew.header("hx-retarget"), anew.header("hx-reswap")), ("#board", "innerHTML"));
    let card = format!("#cards-in_contact #card-{id}-in_contact");
    assert!(anew.has(&format!("{card} [data-refused][data-focus]")) && !anew.has(".refusal"));
    assert!(anew.text(&format!("{card} .meta")).contains("41 days"), "{}", anew.text(&card));
    assert_eq!(anew.text("#head-in_contact .n"), "1");
    let closing = office.client.get(&format!("/enquiries/{id}/closures/new")).await;
    let closed = [("on", "13 october 2025"), ("reason", "no_reply")];
    office.client.submit(&closing, "form.form", &closed).await.location();
    let gone = htmx.get(&moves(id, "in_contact", "visited")).await;
    assert_eq!((gone.status, gone.header("hx-retarget")), (StatusCode::CONFLICT, "#board"));
    assert_eq!(gone.text(".refusal h2"), "Miah Stone");
    assert!(gone.text(".refusal [data-refused]").contains("It was closed on 13 October 2025"));
    assert!(!gone.has(".card"));
}

#[tokio::test]
async fn what_somebody_else_recorded_meanwhile_is_shown_before_the_second_move_is_saved() {
    let mut office = office().await;
    let tom = office.app.person("Tom Ashworth", &[Role::Officer]).await;
    let mut tom = office.app.sign_in_as(tom).await;
    let contacted = given::enquiry().received("2025-09-01").contacted("2025-09-02");
    let id = contacted.create(&office.app).await;
    let his = tom.get(&moves(id, "in_contact", "visited")).await;
    let session = office.client.get(&format!("/enquiries/{id}/milestones/new?kind=information_session")).await;
    office.client.submit(&session, "form.form", &[("on", "9 september 2025")]).await.location();
    let answer = tom.submit(&his, FORM, &[("on", "12 september 2025")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text(".conflict").contains("Priya Nair recorded information session, on 9 September 2025"));
    assert_eq!(answer.attribute("#on", "value"), "12 september 2025");
    assert_eq!(tom.submit(&answer, FORM, &[]).await.location(), "/board");
    assert!(office.milestones(id).await.contains(&(MilestoneKind::InitialVisit, "2025-09-12".to_owned())));
}

#[tokio::test]
async fn twenty_sendings_of_one_move_record_it_once() {
    let mut office = office().await;
    let contacted = given::enquiry().received("2025-09-01").contacted("2025-09-02");
    let id = contacted.create(&office.app).await;
    // A visit may repeat, so nothing but the version and the token stands in the way.
    let forms = [
        office.client.get(&moves(id, "in_contact", "visited")).await,
        office.client.get(&moves(id, "in_contact", "visited")).await,
    ];
    let mut clients: Vec<_> = (0..20).map(|_| office.client.clone()).collect();
    let sent = clients.iter_mut().enumerate().map(|(at, client)| client.submit(&forms[at % 2], FORM, &[]));
    let answers = futures::future::join_all(sent).await;
    assert!(answers.iter().all(|it| matches!(it.status, StatusCode::SEE_OTHER | StatusCode::CONFLICT)));
    assert_eq!(answers.iter().filter(|it| it.status == StatusCode::SEE_OTHER).count(), 10);
    assert_eq!(office.milestones(id).await.len(), 3);
}

#[tokio::test]
async fn a_social_worker_sees_and_moves_their_own_cards_only() {
    let office = office().await;
    let worker = office.app.person("Sal Worker", &[Role::SocialWorker]).await;
    let own = given::enquiry().named("Own Case").officer("Sal Worker", Some(worker)).create(&office.app).await;
    let other = given::enquiry().named("Other Case").create(&office.app).await;
    let mut client = office.app.sign_in_as(worker).await;
    let page = client.get("/board?officer=unassigned").await;
    assert!(!page.has(".card"), "nobody’s are not theirs");
    let page = client.get("/board").await;
    assert_eq!(page.texts(".card h3"), ["Own Case"]);
    assert!(column(&page, "new").contains("New 1") && !page.has(".seg"));
    assert_eq!(client.get(&moves(own, "new", "in_contact")).await.status, StatusCode::OK);
    assert_eq!(client.get(&moves(other, "new", "in_contact")).await.status, StatusCode::FORBIDDEN);
    let mut board = office.app.sign_in(Role::Board).await;
    assert_eq!(board.get("/board").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_restricted_household_is_neither_shown_nor_counted_for_others() {
    let mut office = office().await;
    let priya = office.priya;
    let id = given::enquiry().named("A Councillor").restricted_to(&[priya]).create(&office.app).await;
    let page = office.client.get("/board").await;
    assert!(column(&page, "new").contains("A Councillor") && column(&page, "new").contains("Restricted"));
    let mut other = office.app.sign_in(Role::Officer).await;
    let page = other.get("/board").await;
    assert!(!page.has(".card") && column(&page, "new").contains("Nobody is here"));
    assert_eq!(other.get(&moves(id, "new", "in_contact")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_reopened_enquiry_comes_back_into_its_stage_on_that_day() {
    let mut office = office().await;
    let closed = given::enquiry().named("Back Again").received("2025-01-06").contacted("2025-01-07");
    closed.closed("2025-02-01", "not_now").reopened("2025-10-10").create(&office.app).await;
    let page = office.client.get("/board").await;
    assert!(column(&page, "in_contact").contains("4 days"), "{}", column(&page, "in_contact"));
    office.is_sound().await;
}
