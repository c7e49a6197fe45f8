//! Separations and their undoing over random ledgers: no report as known before changes, each enquiry counts once, and
//! what is undone is as it was.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sqlx::{Connection, SqliteConnection};

use super::merges::{all, at, is_sound};
use super::{empty, now, store, variants};
use crate::db::Json;
use crate::domain::actor::Actor;
use crate::domain::day::{Day, Period};
use crate::domain::fostering::TypeFilter;
use crate::domain::funnel::arbitrary;
use crate::domain::ids::{HouseholdId, SeparationId, UserId};
use crate::domain::instant::Instant;
use crate::domain::ledger::Ledger;
use crate::domain::question::{Basis, Question};
use crate::domain::separation::Home;
use crate::features::pipeline;
use crate::features::reports::funnel;
use crate::features::separations::{self, NextEnquiry, Separation, SeparationError, UndoError};

/// What somebody tries; numbers are taken modulo what there is.
#[derive(Debug, Clone)]
enum Attempt {
    Separate { household: usize, days: i32, own: bool, home: Home },
    Undo(usize),
}

fn attempt() -> impl Strategy<Value = Attempt> {
    prop_oneof![
        3 => (0..6_usize, 0..300_i32, any::<bool>(), proptest::sample::select(Home::ALL))
            .prop_map(|(household, days, own, home)| Attempt::Separate { household, days, own, home }),
        1 => (0..6_usize).prop_map(Attempt::Undo),
    ]
}

/// Every household has somebody more, at the same number.
async fn couples(connection: &mut SqliteConnection, households: usize) {
    let ids: Vec<_> = (1..=households).collect();
    let statement = "insert into member (household_id, position, name, sort_name, phone)
        select value, 2, 'Bob ' || value, 'bob ' || value, '0770090000' || value from json_each(?)";
    sqlx::query(statement).bind(Json(&ids)).execute(&mut *connection).await.unwrap();
    let statement = "update member set phone = '0770090000' || household_id";
    sqlx::query(statement).execute(&mut *connection).await.unwrap();
    crate::features::condition::rebuild(connection).await.unwrap();
}

/// The day on which those who left began their own enquiry, where they did; what is refused leaves nothing.
async fn separate(
    connection: &mut SqliteConnection,
    actor: &Actor,
    household: HouseholdId,
    (days, own, home): (i32, bool, Home),
) -> Option<(SeparationId, Option<Day>)> {
    let together = separations::together(connection, household, UserId::COMMAND_LINE).await.unwrap()?;
    let row = together.enquiries.first()?;
    let on = row.day.plus_days(days);
    // As the form fills it in.
    let before = pipeline::load(connection, row.id).await.unwrap().facts();
    let next = NextEnquiry { first_contact: Some(on), ..NextEnquiry::continuing(&before) };
    let wanted = Separation {
        enquiry: row.id,
        household,
        version: together.household.version,
        on,
        stays: vec![0],
        home,
        next: own.then_some(next),
        note: None,
    };
    let mut transaction = connection.begin().await.unwrap();
    match separations::separate(&mut transaction, actor, &wanted).await {
        Ok(id) => {
            transaction.commit().await.unwrap();
            Some((id, own.then_some(on)))
        }
        Err(SeparationError::Database(error)) => panic!("{error}"),
        Err(_) => None,
    }
}

async fn undo(connection: &mut SqliteConnection, actor: &Actor, id: SeparationId) -> bool {
    let mut transaction = connection.begin().await.unwrap();
    match separations::undo(&mut transaction, actor, id).await {
        Ok(()) => {
            transaction.commit().await.unwrap();
            true
        }
        Err(UndoError::Database(error)) => panic!("{error}"),
        Err(_) => false,
    }
}

async fn enquiries(connection: &mut SqliteConnection, question: Question, present: Instant) -> i64 {
    let funnel = funnel::read(connection, &[question], present).await.unwrap();
    funnel[0].groups.first().map_or(0, |group| group.steps[0].households)
}

async fn check(ledgers: Vec<Ledger>, attempts: Vec<Attempt>, question: Question) -> Result<(), TestCaseError> {
    let connection = &mut empty().await;
    store(connection, &ledgers).await;
    couples(connection, ledgers.len()).await;
    let began = all(connection, ledgers.len()).await;
    let as_known = Question { known_at: now(), ..question };
    let questions = variants(as_known);
    let before = funnel::read(connection, &questions, now()).await.unwrap();
    let plain = Question { types: TypeFilter::All, basis: Basis::Cohort, by: None, ..as_known };
    let counted = enquiries(connection, plain, now()).await;
    let mut standing: Vec<(SeparationId, Option<Day>)> = Vec::new();
    for (minutes, attempt) in attempts.iter().enumerate() {
        let actor = at(minutes + 1);
        match attempt {
            Attempt::Separate { household, days, own, home } => {
                let household = HouseholdId(i64::try_from(household % ledgers.len()).unwrap() + 1);
                standing.extend(separate(connection, &actor, household, (*days, *own, *home)).await);
            }
            Attempt::Undo(number) if !standing.is_empty() => {
                let (id, _) = standing.remove(number % standing.len());
                prop_assert!(undo(connection, &actor, id).await, "nothing was built on {}", id);
            }
            Attempt::Undo(_) => {}
        }
        is_sound(connection).await?;
        prop_assert_eq!(separations::list_wrong(connection).await.unwrap(), vec![]);
        let present = actor.at.plus_milliseconds(1);
        prop_assert_eq!(&funnel::read(connection, &questions, present).await.unwrap(), &before, "after {:?}", attempt);
        let more = standing.iter().filter(|(_, on)| on.is_some_and(|on| plain.includes(on))).count();
        let more = i64::try_from(more).unwrap();
        let known_now = Question { known_at: present, ..plain };
        prop_assert_eq!(enquiries(connection, known_now, present).await, counted + more, "after {:?}", attempt);
    }
    let later = at(attempts.len() + 1);
    for (id, _) in standing {
        prop_assert!(undo(connection, &later, id).await);
    }
    is_sound(connection).await?;
    prop_assert_eq!(all(connection, ledgers.len()).await, began);
    Ok(())
}

#[test]
fn separations_change_nothing_that_was_known_and_count_each_once() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(24) });
    let cases = (vec(arbitrary::ledger(), 2..5), vec(attempt(), 1..8), arbitrary::question());
    runner.run(&cases, |(ledgers, attempts, question)| runtime.block_on(check(ledgers, attempts, question))).unwrap();
}

/// By hand: a kinship couple that enquired in April and was visited in May separates on 2 July, and both go on. April to
/// June has one enquiry with one visit, July to September one that was spoken with and not visited, and neither is
/// mainstream; undone, nothing of the second is left but what was known in between.
#[tokio::test]
async fn a_couple_counts_once_and_who_goes_on_alone_from_that_day() {
    use crate::domain::fostering::FosteringType;
    use crate::domain::funnel::Group;
    use crate::domain::ledger::{Attribute, AttributeName, Facts, Milestone};
    use crate::domain::milestone::MilestoneKind::{EnquiryReceived, InitialVisit};
    use crate::features::enquiries::{self as making, NewEnquiry, Of};
    use crate::features::households::{Applicant, NewHousehold};

    let connection = &mut empty().await;
    let day = |text: &str| text.parse::<Day>().unwrap();
    let person = |name: &str| Applicant { name: name.to_owned(), ..Applicant::default() };
    let couple = NewEnquiry {
        reference: None,
        fingerprint: None,
        of: Of::New(NewHousehold {
            applicants: vec![person("Ann Lee"), person("Bob Shah")],
            ..NewHousehold::default()
        }),
        facts: Facts {
            milestones: vec![
                Milestone::new(EnquiryReceived, day("2025-04-10")),
                Milestone::new(InitialVisit, day("2025-05-02")),
            ],
            attributes: vec![Attribute {
                name: AttributeName::FosteringType,
                value: Some(FosteringType::FamilyAndFriends.code().to_owned()),
                user: None,
                from: None,
            }],
            ..Facts::default()
        },
        notes: Vec::new(),
        import: None,
    };
    making::create(connection, &at(0), &[couple]).await.unwrap();
    let made = separate(connection, &at(10), HouseholdId(1), (83, true, Home::Stays)).await;
    assert_eq!(made.map(|(_, on)| on), Some(Some(day("2025-07-02"))));
    let count = async |connection: &mut SqliteConnection, known: usize, quarter: (&str, &str), present: usize| {
        let question = Question {
            period: Period { from: day(quarter.0), to: day(quarter.1) },
            as_at: day("2025-12-31"),
            known_at: at(known).at,
            types: TypeFilter::All,
            basis: Basis::Cohort,
            by: None,
        };
        let mainstream = Question { types: TypeFilter::Mainstream, ..question };
        let kinship = Question { types: TypeFilter::Kinship, ..question };
        let funnel = funnel::read(connection, &[question, mainstream, kinship], at(present).at).await.unwrap();
        let counted = |at: usize| {
            let steps = |it: &Group| [0, 1, 2].map(|step| it.steps[step].households);
            funnel[at].groups.first().map_or([0; 3], steps)
        };
        assert_eq!(counted(1), [0; 3], "none of them is mainstream");
        assert_eq!(counted(2), counted(0));
        counted(0)
    };
    let (spring, summer) = (("2025-04-01", "2025-06-30"), ("2025-07-01", "2025-09-30"));
    for (known, quarter, expected) in
        [(5, spring, [1, 1, 1]), (5, summer, [0; 3]), (15, spring, [1, 1, 1]), (15, summer, [1, 1, 0])]
    {
        assert_eq!(
            count(connection, known, quarter, 20).await,
            expected,
            "as known after {known} minutes: {quarter:?}"
        );
    }
    assert!(undo(connection, &at(30), SeparationId(1)).await);
    for (known, quarter, expected) in
        [(15, spring, [1, 1, 1]), (15, summer, [1, 1, 0]), (35, spring, [1, 1, 1]), (35, summer, [0; 3])]
    {
        assert_eq!(
            count(connection, known, quarter, 40).await,
            expected,
            "as known after {known} minutes: {quarter:?}"
        );
    }
}
