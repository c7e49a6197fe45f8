use std::collections::{BTreeMap, BTreeSet};

use tempfile::TempDir;

use super::story::{Story, What};
use super::*;
use crate::db::{Db, Gate};
use crate::domain::day::Day;
use crate::domain::fostering::FosteringType;
use crate::domain::instant::Instant;
use crate::domain::ledger::{AttributeName, Facts};
use crate::domain::milestone::MilestoneKind as K;
use crate::domain::order;
use crate::domain::password::Password;
use crate::domain::stage::Stage;
use crate::domain::standing::{Standing, State};
use crate::features::{condition, pipeline};

const NOW: &str = "2025-10-14T09:00:00Z";

fn plan(households: usize) -> Plan {
    Plan { households, years: 3, seed: 1, now: Instant::parse(NOW).unwrap() }
}

fn facts(stories: &[Story], plan: &Plan) -> Vec<Facts> {
    stories.iter().map(|story| story.facts_at(plan.now)).collect()
}

async fn played(plan: &Plan) -> (TempDir, Db, Vec<Story>) {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&folder.path().join("hearth.db"), Gate::Alone).await.unwrap();
    let password = Password::parse("kettle brick ocean lantern", &[]).unwrap();
    build(&db, plan, password, |_| {}).await.unwrap();
    let stories = stories(plan);
    (folder, db, stories)
}

#[test]
fn the_same_seed_tells_the_same_stories_and_another_one_others() {
    let one = facts(&stories(&plan(200)), &plan(200));
    assert_eq!(one, facts(&stories(&plan(200)), &plan(200)));
    let other = Plan { seed: 2, ..plan(200) };
    assert_ne!(one, facts(&stories(&other), &other));
}

#[test]
fn everything_that_can_happen_does() {
    let plan = plan(900);
    let stories = stories(&plan);
    let today = plan.now.london_day();
    let facts = facts(&stories, &plan);
    let standings: Vec<_> = facts.iter().map(|facts| Standing::of(facts).unwrap()).collect();
    let all = |kinds: BTreeSet<&'static str>, expected: &[&'static str]| {
        let missing: Vec<_> = expected.iter().filter(|it| !kinds.contains(*it)).collect();
        assert!(missing.is_empty(), "missing: {missing:?}");
    };
    let open = |it: &&Standing| matches!(it.state_on(today), State::Open | State::Approved);
    let codes = |all: &[Stage]| all.iter().map(|it| it.code()).collect::<Vec<_>>();
    all(standings.iter().filter(open).map(|it| it.stage.code()).collect(), &codes(Stage::ALL));
    let states: Vec<_> = State::ALL.iter().map(|it| it.code()).collect();
    all(standings.iter().map(|it| it.state_on(today).code()).collect(), &states);
    let kinds: Vec<_> = FosteringType::ALL.iter().map(|it| it.code()).collect();
    all(facts.iter().filter_map(|it| it.fostering_type().map(FosteringType::code)).collect(), &kinds);
    let milestones: Vec<_> = K::ALL.iter().map(|it| it.code()).collect();
    all(facts.iter().flat_map(|it| &it.milestones).map(|it| it.kind.code()).collect(), &milestones);

    let reasons = [
        "no_spare_room",
        "work_or_childcare",
        "health",
        "housing_or_tenancy",
        "moving_away",
        "chose_another_agency",
        "not_now",
        "no_reply",
        "not_recorded",
        "AW0",
        "AW1",
        "AW2",
        "AW3",
        "AW4",
        "AW5",
        "not_eligible",
        "out_of_area",
        "safeguarding",
        "suitability",
        "stage_1_outcome",
        "not_approved",
        "service_other",
        "transferred",
        "duplicate",
    ];
    let closures: Vec<_> = facts.iter().filter_map(|it| it.closure()?.close_reason.clone()).collect();
    let missing: Vec<_> = reasons.iter().filter(|code| closures.iter().all(|it| it.0 != **code)).collect();
    assert!(missing.is_empty(), "missing: {missing:?}");

    let happened = |wanted: fn(&What) -> bool| {
        stories.iter().flat_map(|it| &it.events).filter(|it| it.at <= plan.now && wanted(&it.what)).count()
    };
    assert!(happened(|it| matches!(it, What::Correct { .. })) > 50);
    assert!(happened(|it| matches!(it, What::Withdraw { .. })) > 3);
    assert!(happened(|it| matches!(it, What::Note(_))) > 900);
    let repeated = |kind: K| facts.iter().any(|it| it.milestones.iter().filter(|it| it.kind == kind).count() > 1);
    assert!(repeated(K::InitialVisit) && repeated(K::PanelRecommendation) && repeated(K::DecisionMade));
    assert!(standings.iter().filter(|it| it.live() && it.officer_from.is_none()).count() >= 3);
    assert!(stories.iter().filter(|it| it.returns.is_some()).count() > 10);
}

#[test]
fn a_finished_year_looks_like_one() {
    let plan = plan(900);
    let facts = facts(&stories(&plan), &plan);
    let (from, to): (Day, Day) = ("2022-11-01".parse().unwrap(), "2024-06-30".parse().unwrap());
    let cohort: Vec<_> = facts
        .iter()
        .filter(|it| it.day_received().is_some_and(|day| from <= day && day <= to))
        .filter(|it| it.fostering_type() != Some(FosteringType::FamilyAndFriends))
        .filter(|it| it.closure().and_then(|it| it.close_reason.as_ref()).is_none_or(|it| it.0 != "duplicate"))
        .collect();
    let share = |kinds: &[K]| {
        let reached = cohort.iter().filter(|it| kinds.iter().any(|kind| it.first(*kind).is_some())).count();
        #[expect(clippy::cast_precision_loss, reason = "hundreds")]
        let share = 100.0 * reached as f64 / cohort.len() as f64;
        share
    };
    assert!(cohort.len() > 300, "{}", cohort.len());
    for (kinds, low, high) in [
        (&[K::FirstContact, K::InitialVisit][..], 80.0, 91.0),
        (&[K::InitialVisit], 33.0, 44.0),
        (&[K::ApplicationReceived], 8.0, 15.0),
        (&[K::Stage2Started], 6.0, 12.5),
        (&[K::PanelRecommendation], 4.5, 10.5),
        (&[K::Approved], 3.5, 9.0),
    ] {
        assert!((low..=high).contains(&share(kinds)), "{kinds:?}: {}", share(kinds));
    }
}

#[test]
fn every_story_is_in_order_at_every_moment() {
    // A Sunday, the first of January, a leap day, the night in which the clocks go back, and before the office opens.
    let moments = ["2026-11-22T12:00:00Z", "2026-01-01T09:00:00Z", "2024-02-29T16:40:00Z", "2025-10-26T00:30:00Z"];
    let odd = moments.map(|now| Plan { now: Instant::parse(now).unwrap(), ..plan(120) });
    let sizes = [plan(0), plan(1), plan(50), plan(3_000), Plan { seed: 7, ..plan(600) }];
    for plan in sizes.into_iter().chain(odd) {
        for story in stories(&plan) {
            assert!(story.events.is_sorted_by_key(|event| event.at), "{story:?}");
            for event in story.events.iter().filter(|event| event.at <= plan.now) {
                let refusals = order::refusals(&story.facts_at(event.at), event.at.london_day());
                assert_eq!(refusals, vec![], "{story:#?}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_played_is_sound_and_what_the_stories_say() {
    for households in [50, 300] {
        let plan = plan(households);
        let (_folder, db, stories) = played(&plan).await;
        let mut read = db.read().acquire().await.unwrap();
        assert_eq!(pipeline::disagreements(&mut read).await.unwrap(), pipeline::Disagreements::default());
        assert_eq!(condition::examine(&mut read, |_| ()).await.problems, Vec::<String>::new());
        let count = |sql: &'static str| sqlx::query_scalar::<_, i64>(sql).fetch_one(db.read());
        // Who has separated has a household more, and may have an enquiry more, than the stories tell.
        let told = "select count(*) from household where id not in (select new_id from household_separation)";
        assert_eq!(count(told).await.unwrap(), i64::try_from(households).unwrap());
        let own = "select own_enquiry_id from household_separation where own_enquiry_id is not null";
        let told = sqlx::AssertSqlSafe(format!("select count(*) from enquiry where id not in ({own})"));
        let told: i64 = sqlx::query_scalar(told).fetch_one(db.read()).await.unwrap();
        assert_eq!(told, i64::try_from(stories.len()).unwrap());
        let late = "select count(*) from milestone where recorded_at > 1760432400000 or happened_on > '2025-10-14'";
        assert_eq!(count(late).await.unwrap(), 0);
        assert!(count("select count(*) from milestone where superseded_at is not null").await.unwrap() > 2);
        let of_stages =
            format!("select stage, count(*) from enquiry_now where enquiry_id not in ({own}) group by stage");
        let of_stages = sqlx::AssertSqlSafe(of_stages);
        let stored: BTreeMap<String, i64> =
            sqlx::query_as(of_stages).fetch_all(db.read()).await.unwrap().into_iter().collect();
        let mut told: BTreeMap<String, i64> = BTreeMap::new();
        for facts in facts(&stories, &plan) {
            *told.entry(Stage::of(&facts).code().to_owned()).or_default() += 1;
        }
        assert_eq!(stored, told);
    }
}

#[test]
fn hub_references_are_the_hubs_own() {
    let plan = plan(900);
    let stories = stories(&plan);
    let references: Vec<_> = facts(&stories, &plan)
        .iter()
        .filter_map(|it| it.attribute(AttributeName::HubReference).map(str::to_owned))
        .collect();
    let different: BTreeSet<_> = references.iter().collect();
    assert_eq!(different.len(), references.len());
    let share = references.len() * 100 / stories.len();
    assert!((25..42).contains(&share), "{share}");
}

/// Three years of everything that can happen stand on the board after the migration as the domain has them.
#[tokio::test]
async fn the_migration_of_the_board_says_since_when_as_the_domain_does() {
    let (_folder, db, _) = played(&plan(300)).await;
    let all = crate::db::MIGRATIONS.iter().find(|migration| migration.version == 15).unwrap();
    let sql = all.sql.as_str();
    let (begins, ends) = (sql.find("create table stage_of").unwrap(), sql.find("-- A column of the board:").unwrap());
    let mut write = db.write().await.unwrap();
    let forget = "update enquiry_now set stage_since = '', stage_1_since = null";
    sqlx::query(forget).execute(&mut *write).await.unwrap();
    assert!(!pipeline::disagreements(&mut write).await.unwrap().standing.is_empty());
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql[begins..ends].to_owned())).execute(&mut *write).await.unwrap();
    assert_eq!(pipeline::disagreements(&mut write).await.unwrap(), pipeline::Disagreements::default());
}
