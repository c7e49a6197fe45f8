//! What is recorded of an enquiry that was logged twice beside its dates: its kind, whence it came, whose it is.

use axum::http::StatusCode;
use hearth::domain::actor::Actor;
use hearth::domain::day::{Day, Period};
use hearth::domain::fostering::{FosteringType, TypeFilter};
use hearth::domain::ids::HouseholdId;
use hearth::domain::instant::Instant;
use hearth::domain::ledger::AttributeName;
use hearth::domain::question::{Basis, Dimension, Question};
use hearth::domain::role::Role;
use hearth::features::imports::Newer;
use hearth::features::{condition, pipeline, reports};

use crate::support::{Client, Page, TestApp};
use crate::{enquiry_new, given, import_undo};

const COMPARE: &str = "/households/alike/1/2";
const HUB: &str = "Foster with North East";

struct Twice {
    app: TestApp,
    officer: Client,
}

/// Logged on 1 October by somebody who asked nothing, and on 6 October with everything.
fn bare() -> given::Enquiry {
    given::enquiry().received("2025-10-01").named("Sara Harker").phone("07700900001")
}

fn full() -> given::Enquiry {
    let second = given::enquiry().received("2025-10-06").named("Sara Harker").phone("07700900001");
    let second = second.kind(FosteringType::ShortBreaks).source("Radio").campaign("Autumn").hub(HUB, "FWNE/25/0044");
    second.officer("Tom Ashworth", None)
}

const FULL: &str = "fostering_type = 'short_breaks' and source = 'Radio' and campaign = 'Autumn'
    and hub_reference = 'FWNE/25/0044' and officer = 'Tom Ashworth' and officer_from = '2025-10-06'";

async fn twice(first: given::Enquiry, second: given::Enquiry) -> Twice {
    let app = TestApp::new().await;
    let priya = app.person("Priya Nair", &[Role::Officer]).await;
    first.create(&app).await;
    second.create(&app).await;
    app.pass_minutes(1);
    Twice { officer: app.sign_in_as(priya).await, app }
}

impl Twice {
    async fn merge(&mut self, choices: &[(&str, &str)]) -> Page {
        let page = self.officer.get(COMPARE).await;
        let sent = self.officer.submit(&page, "form#merge", choices).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        self.app.pass_minutes(1);
        self.officer.follow(&sent).await
    }

    async fn undo(&mut self) {
        let page = self.officer.get("/households/merges/1").await;
        let undone = self.officer.submit(&page, "form[action$=undoings]", &[]).await;
        assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.text("main"));
        self.app.pass_minutes(1);
    }

    /// How many stand so.
    async fn stand(&self, how: &str) -> i64 {
        let sql = format!("select count(*) from enquiry_now where {how}");
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(self.app.state.db.read()).await.unwrap()
    }

    /// Which enquiry is known by a hub's reference, as whoever logs the same referral again is told.
    async fn known_by(&mut self, reference: &str) -> String {
        let typed = [("name_1", "Somebody Else"), ("hub", "foster with north east"), ("hub_reference", reference)];
        let page = enquiry_new::filled_in(&mut self.officer, &typed).await;
        page.errors().remove(0)
    }

    /// As a report splits them.
    async fn received(&self, by: Dimension, known_at: Instant) -> Vec<(String, i64)> {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let period = Period { from: day("2025-10-01"), to: day("2025-10-14") };
        let question = Question {
            period,
            as_at: day("2025-10-14"),
            known_at,
            by: Some(by),
            types: TypeFilter::All,
            basis: Basis::Cohort,
        };
        let report = reports::funnel(&self.app.state.db, &question, self.app.now()).await.unwrap();
        let report = serde_json::to_value(&report).unwrap();
        let group = |it: &serde_json::Value| {
            (it["group"].as_str().unwrap().to_owned(), it["steps"][0]["households"].as_i64().unwrap())
        };
        report["groups"].as_array().unwrap().iter().map(group).collect()
    }

    async fn is_sound(&self) {
        let mut read = self.app.state.db.read().acquire().await.unwrap();
        assert_eq!(condition::examine(&mut read, |_| ()).await.problems, Vec::<String>::new());
    }
}

#[tokio::test]
async fn what_only_the_one_that_goes_has_is_offered_and_taken_back_with_the_merge() {
    let mut it = twice(bare(), full()).await;
    let page = it.officer.get(COMPARE).await;
    let offered = ["Kind of fostering: Short breaks", "Source: Radio", "Campaign: Autumn", "Officer: Tom Ashworth"];
    assert_eq!(page.attributes("input[name=bring_2_1][checked]", "value").len(), offered.len());
    assert!(offered.iter().all(|words| page.texts(".brings label").contains(&(*words).to_owned())));
    // That no hub referred them is no gap: they came by themselves, and stay so unless somebody says otherwise.
    assert_eq!(page.texts(".brings legend"), ["Hub"]);
    assert_eq!(page.attribute("input[name=hub_2_1][checked]", "value"), "kept");
    assert!(page.text(".brings").contains("Direct to us (E-000001)"), "{}", page.text(".brings"));
    let merged = it.merge(&[("hub_2_1", "goes")]).await;
    let said = merged.text("[aria-labelledby=did]");
    assert!(said.contains("What E-000001 was given"), "{said}");
    assert!(offered.iter().all(|words| said.contains(words)), "{said}");
    assert!(said.contains("Hub: Foster with North East, FWNE/25/0044, in place of Direct to us"), "{said}");
    let record = it.officer.get("/enquiries/1").await;
    for words in ["Kind of fosteringShort breaks", "OfficerTom Ashworth", "SourceRadio", "Hub referenceFWNE/25/0044"] {
        assert!(record.text("main").contains(words), "{words} in {}", record.text("main"));
    }
    assert_eq!(it.stand(&format!("enquiry_id = 1 and {FULL}")).await, 1);
    it.is_sound().await;

    it.undo().await;
    assert_eq!(it.stand(&format!("enquiry_id = 2 and {FULL}")).await, 1);
    let nothing = "coalesce(fostering_type, source, campaign, hub, hub_reference, officer) is null";
    assert_eq!(it.stand(&format!("enquiry_id = 1 and {nothing}")).await, 1);
    let said = it.officer.get("/households/merges/1").await.text("[aria-labelledby=did]");
    assert!(said.contains("What E-000001 had been given") && said.contains("Source: Radio"), "{said}");
    it.is_sound().await;
    // And what nobody ticks stays where it is.
    let mut it = twice(bare(), full()).await;
    let merged = it.merge(&[("bring_2_1", "source")]).await.text("[aria-labelledby=did]");
    assert!(merged.contains("Source: Radio") && !merged.contains("Campaign"), "{merged}");
    assert_eq!(it.stand("enquiry_id = 1 and source = 'Radio' and coalesce(campaign, hub, officer) is null").await, 1);
}

#[tokio::test]
async fn figures_count_it_under_what_it_was_given_and_as_known_before_as_they_did() {
    let mut it = twice(bare(), full()).await;
    let before = it.app.now();
    it.app.pass_minutes(1);
    let splits = [
        (Dimension::Source, "Radio", "not recorded"),
        (Dimension::FosteringType, "short_breaks", "not recorded"),
        (Dimension::Hub, HUB, "direct"),
        (Dimension::Officer, "Tom Ashworth", "not recorded"),
    ];
    let mut was = Vec::new();
    for (by, value, nothing) in splits {
        let mut groups = it.received(by, before).await;
        groups.sort();
        let mut expected = vec![(value.to_owned(), 1), (nothing.to_owned(), 1)];
        expected.sort();
        assert_eq!(groups, expected, "{by:?}");
        was.push(it.received(by, before).await);
    }
    it.merge(&[("hub_2_1", "goes")]).await;
    for ((by, value, _), was) in splits.into_iter().zip(&was) {
        assert_eq!(it.received(by, it.app.now()).await, [(value.to_owned(), 1)]);
        assert_eq!(&it.received(by, before).await, was);
    }
    it.undo().await;
    for ((by, ..), was) in splits.into_iter().zip(&was) {
        assert_eq!(&it.received(by, it.app.now()).await, was);
    }
}

#[tokio::test]
async fn a_hub_that_sends_either_reference_again_still_finds_the_household() {
    let mut it = twice(bare(), full()).await;
    assert_eq!(it.known_by("FWNE 25 0044").await, "This referral is recorded already, as E-000002");
    it.merge(&[("hub_2_1", "goes")]).await;
    assert_eq!(it.known_by("fwne-25-0044").await, "This referral is recorded already, as E-000001");
    let file = format!("hub,hub_reference,received_on,applicant_1_name\n{HUB},fwne 25 0044,2025-10-06,Sara Harker\n");
    let report = import_undo::text(&it.app, &file, Newer::None).await;
    assert_eq!((report.created, report.already_known), (0, 1));

    let mut it = twice(bare().hub(HUB, "FWNE/25/0001"), full()).await;
    it.merge(&[("hub_2_1", "goes")]).await;
    assert_eq!(it.known_by("FWNE/25/0044").await, "This referral is recorded already, as E-000001");
    assert_eq!(it.known_by("FWNE/25/0001").await, "This referral is recorded already, as E-000002");
    assert_eq!(it.stand("hub_reference = 'FWNE/25/0044' and enquiry_id = 1").await, 1);
    it.is_sound().await;
    it.undo().await;
    assert_eq!(it.known_by("FWNE/25/0001").await, "This referral is recorded already, as E-000001");
    assert_eq!(it.stand(&format!("enquiry_id = 2 and {FULL}")).await, 1);
    it.is_sound().await;

    // Where nobody chooses, each keeps its own.
    let mut it = twice(bare().hub(HUB, "FWNE/25/0001"), full()).await;
    it.merge(&[]).await;
    assert_eq!(it.known_by("FWNE/25/0001").await, "This referral is recorded already, as E-000001");
    assert_eq!(it.known_by("FWNE/25/0044").await, "This referral is recorded already, as E-000002");
}

#[tokio::test]
async fn what_both_have_otherwise_is_chosen_as_for_the_household() {
    let first = bare().kind(FosteringType::Mainstream).source("Website").officer("Priya Nair", None);
    let mut it = twice(first, full()).await;
    let page = it.officer.get(COMPARE).await;
    let legends = page.texts(".brings legend");
    assert_eq!(legends, ["Kind of fostering", "Source", "Hub", "Officer"]);
    for field in ["fostering_type_2_1", "source_2_1", "officer_2_1"] {
        assert_eq!(page.attribute(&format!("input[name={field}][checked]"), "value"), "kept");
    }
    let said = page.text(".brings");
    assert!(said.contains("Website (E-000001)") && said.contains("Radio (E-000002)"), "{said}");
    let unsaid = it.officer.submit(&page, "form#merge", &[("source_2_1", "")]).await;
    assert_eq!(
        (unsaid.status, unsaid.errors()),
        (StatusCode::UNPROCESSABLE_ENTITY, vec!["Choose which is right: source".to_owned()])
    );

    let merged = it.merge(&[("source_2_1", "goes"), ("officer_2_1", "goes")]).await.text("[aria-labelledby=did]");
    assert!(merged.contains("Source: Radio, in place of Website"), "{merged}");
    assert!(merged.contains("Officer: Tom Ashworth, in place of Priya Nair"), "{merged}");
    let kept = "enquiry_id = 1 and fostering_type = 'mainstream' and source = 'Radio' and campaign = 'Autumn'";
    // Who takes it over from somebody has it from today.
    let officer = "officer = 'Tom Ashworth' and officer_from = '2025-10-14'";
    assert_eq!(it.stand(&format!("{kept} and {officer}")).await, 1);
    it.undo().await;
    let before = "fostering_type = 'mainstream' and source = 'Website' and campaign is null and officer = 'Priya Nair'";
    assert_eq!(it.stand(&format!("enquiry_id = 1 and {before}")).await, 1);
    assert_eq!(it.stand(&format!("enquiry_id = 2 and {FULL}")).await, 1);
    it.is_sound().await;
}

#[tokio::test]
async fn a_detail_that_was_corrected_since_stands_in_the_way_and_another_name_does_not() {
    let mut it = twice(bare(), full()).await;
    it.merge(&[]).await;
    let mut write = it.app.state.db.write().await.unwrap();
    let actor = Actor::command_line(it.app.now());
    pipeline::rename_recorded(&mut write, &actor, AttributeName::Source, "Radio", "Local radio").await.unwrap();
    write.commit().await.unwrap();
    it.app.pass_minutes(1);
    assert!(it.officer.get("/households/merges/1").await.has("form[action$=undoings]"));

    let form = it.officer.get("/enquiries/1/details").await;
    it.officer.submit(&form, "form.form", &[("fostering_type", "emergency")]).await.location();
    let said = it.officer.get("/households/merges/1").await.text("main");
    assert!(said.contains("A date or a detail that the merge recorded was corrected"), "{said}");
    let form = it.officer.get("/enquiries/1/details").await;
    it.officer.submit(&form, "form.form", &[("fostering_type", "short_breaks")]).await.location();
    it.undo().await;
    assert_eq!(it.stand("enquiry_id = 1 and coalesce(fostering_type, source) is null").await, 1);
    assert_eq!(it.stand("enquiry_id = 2 and source = 'Local radio'").await, 1);
    it.is_sound().await;
}

#[tokio::test]
async fn nobody_is_given_a_restricted_record_that_they_cannot_open() {
    let app = TestApp::new().await;
    let priya = app.person("Priya Nair", &[Role::Officer]).await;
    let tom = app.person("Tom Ashworth", &[Role::Officer]).await;
    bare().restricted_to(&[priya]).create(&app).await;
    full().officer("Tom Ashworth", Some(tom)).restricted_to(&[priya, tom]).create(&app).await;
    let mut it = Twice { officer: app.sign_in_as(priya).await, app };
    let page = it.officer.get(COMPARE).await;
    assert!(!page.texts(".brings label").iter().any(|words| words.contains("Officer")));
    let said = page.text(".brings");
    assert!(said.contains("Tom Ashworth does not get E-000001, which is open to named people only"), "{said}");
    it.merge(&[]).await;
    assert_eq!(it.stand("enquiry_id = 1 and officer is null and source = 'Radio'").await, 1);
}

#[tokio::test]
async fn of_two_duplicates_one_gives_what_both_have_otherwise() {
    let mut it = twice(bare(), full()).await;
    let third = given::enquiry().of(HouseholdId(2)).named("Sara Harker").received("2025-10-08");
    third.kind(FosteringType::Emergency).create(&it.app).await;
    let page = it.officer.get(COMPARE).await;
    assert_eq!(page.attributes("input[name=bring_3_1][checked]", "value"), ["fostering_type"]);
    assert!(!page.attributes("input[name=bring_2_1][checked]", "value").contains(&"fostering_type".to_owned()));
    let both = it.officer.submit(&page, "form#merge", &[("bring_2_1", "fostering_type")]).await;
    let sentence = "E-000003 and E-000002 each have another kind of fostering. Let only one of them give it";
    assert_eq!((both.status, both.errors()), (StatusCode::UNPROCESSABLE_ENTITY, vec![sentence.to_owned()]));
    assert!(both.has(&both.attribute(".error-summary a", "href")));
    it.merge(&[]).await;
    assert_eq!(it.stand("enquiry_id = 1 and fostering_type = 'emergency' and source = 'Radio'").await, 1);
    it.undo().await;
    assert_eq!(it.stand("enquiry_id = 1 and coalesce(fostering_type, source) is null").await, 1);
    it.is_sound().await;
}
