//! The fast ways of counting against the slow and obvious one, in a real database.

mod merges;
mod separations;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};

use super::{clocks, funnel};
use crate::db::{Json, MIGRATIONS};
use crate::domain::fostering::TypeFilter;
use crate::domain::funnel::{arbitrary, count};

use crate::domain::instant::Instant;
use crate::domain::ledger::{Entry, Ledger};
use crate::domain::question::{Basis, Dimension, Question};
use crate::features::pipeline;

async fn empty() -> SqliteConnection {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    MIGRATIONS.run(&mut connection).await.unwrap();
    connection
}

/// The columns that every ledger has, with its own.
fn row<F>(enquiry: usize, entry: &Entry<F>, mut own: Value) -> Value {
    // Ids are unique in a table, so each enquiry has a hundred of its own.
    let id = |number: i64| enquiry as i64 * 100 + number;
    own["id"] = json!(id(entry.id.0));
    own["root_id"] = json!(id(entry.root.0));
    own["enquiry_id"] = json!(enquiry);
    own["recorded_at"] = json!(entry.recorded.at.as_millisecond());
    own["superseded_at"] = json!(entry.superseded.as_ref().map(|superseded| superseded.at.as_millisecond()));
    own
}

/// Writes ledgers as they are, and how they stand.
async fn store(connection: &mut SqliteConnection, ledgers: &[Ledger]) {
    let (mut milestones, mut attributes, mut pauses, mut kept) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (number, ledger) in ledgers.iter().enumerate() {
        let of = number + 1;
        milestones.extend(ledger.milestones.iter().map(|entry| {
            row(of, entry, json!({"kind": entry.fact.kind, "on": entry.fact.on, "reason": entry.fact.close_reason}))
        }));
        attributes.extend(ledger.attributes.iter().map(|entry| {
            row(of, entry, json!({"name": entry.fact.name, "value": entry.fact.value, "from": entry.fact.from}))
        }));
        pauses.extend(ledger.pauses.iter().map(|entry| {
            row(of, entry, json!({"from": entry.fact.from, "to": entry.fact.to, "reason": entry.fact.reason}))
        }));
        kept.extend(
            ledger.in_touch.iter().map(|entry| row(of, entry, json!({"from": entry.fact.from, "to": entry.fact.to}))),
        );
    }
    let enquiries: Vec<_> = (1..=ledgers.len()).collect();
    for statement in [
        "insert into household (id, created_at, created_by) select value, 0, 1 from json_each(?)",
        "insert into member (household_id, position, name, sort_name)
        select value, 1, 'Ann ' || value, 'ann ' || value from json_each(?)",
        "insert into enquiry (id, household_id, reference, created_at, created_by)
        select value, value, 'E-' || value, 0, 1 from json_each(?)",
    ] {
        sqlx::query(statement).bind(Json(&enquiries)).execute(&mut *connection).await.unwrap();
    }
    for (statement, rows) in [
        (
            "insert into milestone (id, root_id, enquiry_id, kind, happened_on, close_reason, recorded_at, recorded_by,
                superseded_at, superseded_by, superseded_why)
            select value ->> 'id', value ->> 'root_id', value ->> 'enquiry_id', value ->> 'kind', value ->> 'on',
                value ->> 'reason', value ->> 'recorded_at', 1, value ->> 'superseded_at',
                iif(value ->> 'superseded_at' is null, null, 1), iif(value ->> 'superseded_at' is null, null, 'x')
            from json_each(?)",
            &milestones,
        ),
        (
            "insert into attribute (id, root_id, enquiry_id, name, value, from_on, recorded_at, recorded_by,
                superseded_at, superseded_by, superseded_why)
            select value ->> 'id', value ->> 'root_id', value ->> 'enquiry_id', value ->> 'name', value ->> 'value',
                value ->> 'from', value ->> 'recorded_at', 1, value ->> 'superseded_at',
                iif(value ->> 'superseded_at' is null, null, 1), iif(value ->> 'superseded_at' is null, null, 'x')
            from json_each(?)",
            &attributes,
        ),
        (
            "insert into pause (id, root_id, enquiry_id, from_on, to_on, reason, recorded_at, recorded_by,
                superseded_at, superseded_by, superseded_why)
            select value ->> 'id', value ->> 'root_id', value ->> 'enquiry_id', value ->> 'from', value ->> 'to',
                value ->> 'reason', value ->> 'recorded_at', 1, value ->> 'superseded_at',
                iif(value ->> 'superseded_at' is null, null, 1), iif(value ->> 'superseded_at' is null, null, 'x')
            from json_each(?)",
            &pauses,
        ),
        (
            "insert into in_touch (id, root_id, enquiry_id, from_on, to_on, recorded_at, recorded_by,
                superseded_at, superseded_by, superseded_why)
            select value ->> 'id', value ->> 'root_id', value ->> 'enquiry_id', value ->> 'from', value ->> 'to',
                value ->> 'recorded_at', 1, value ->> 'superseded_at',
                iif(value ->> 'superseded_at' is null, null, 1), iif(value ->> 'superseded_at' is null, null, 'x')
            from json_each(?)",
            &kept,
        ),
    ] {
        sqlx::query(statement).bind(Json(rows)).execute(&mut *connection).await.unwrap();
    }
    pipeline::rebuild(connection).await.unwrap();
}

/// After everything that was ever recorded in the random ledgers.
fn now() -> Instant {
    Instant::parse("2030-01-01").unwrap()
}

/// The instant of the last thing recorded or superseded by then, and the millisecond before it.
fn known_around(ledgers: &[Ledger], at: Instant) -> Vec<Instant> {
    let instants = ledgers.iter().flat_map(|ledger| {
        ledger.milestones.iter().flat_map(|entry| {
            [Some(entry.recorded.at), entry.superseded.as_ref().map(|superseded| superseded.at)].into_iter().flatten()
        })
    });
    let last = instants.filter(|instant| *instant <= at).max().unwrap_or(at);
    vec![last, last.plus_milliseconds(-1)]
}

/// Every kind of question about the same days.
fn variants(question: Question) -> Vec<Question> {
    let splits = [None].into_iter().chain(Dimension::ALL.iter().copied().map(Some));
    splits.flat_map(|by| Basis::ALL.iter().map(move |basis| Question { basis: *basis, by, ..question })).collect()
}

/// Runs async tests of random ledgers; each has a database of its own.
fn check<F>(cases: u32, test: F)
where
    F: AsyncFn(SqliteConnection, Vec<Ledger>, Question) -> Result<(), TestCaseError>,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(cases) });
    runner
        .run(&(vec(arbitrary::ledger(), 0..60), arbitrary::question()), |(ledgers, question)| {
            runtime.block_on(async {
                let mut connection = empty().await;
                store(&mut connection, &ledgers).await;
                test(connection, ledgers, question).await
            })
        })
        .unwrap();
}

#[test]
fn the_ledger_and_the_quick_way_count_what_the_rules_count() {
    check(40, async |mut connection, ledgers, question| {
        let known = known_around(&ledgers, question.known_at);
        // All of an instant at once, as a page asks them: one reading answers several.
        let later = now().plus_milliseconds(1);
        for (known_at, present, way) in known
            .into_iter()
            .map(|it| (it, now(), "the ledger"))
            .chain([(now(), now(), "quick"), (now(), later, "as known now")])
        {
            let of_every_type = TypeFilter::ALL.iter().map(|types| Question { types: *types, known_at, ..question });
            let questions: Vec<_> = of_every_type.flat_map(variants).collect();
            let funnels = funnel::read(&mut connection, &questions, present).await.unwrap();
            for (question, counted) in questions.iter().zip(&funnels) {
                prop_assert_eq!(counted, &count(&ledgers, &arbitrary::reasons(), question), "{}, {:?}", way, question);
            }
            // And each alone, as the command line asks it.
            for at in [0, questions.len() / 2, questions.len() - 1] {
                let alone = funnel::read(&mut connection, &questions[at..=at], present).await.unwrap();
                prop_assert_eq!(&alone[..], &funnels[at..=at], "alone, {:?}", questions[at]);
            }
        }
        Ok(())
    });
}

#[test]
fn clocks_as_they_are_stored_are_those_of_the_ledgers() {
    check(40, async |mut connection, _, question| {
        let today = now().london_day();
        for types in TypeFilter::ALL {
            for by in [None].into_iter().chain(Dimension::ALL.iter().copied().map(Some)) {
                let basis = Basis::Cohort;
                let question = Question { types: *types, by, basis, known_at: now(), as_at: today, ..question };
                let stored = clocks::read(&mut connection, &question, now()).await.unwrap();
                let counted = clocks::count_ledgers(&mut connection, &question).await.unwrap();
                prop_assert_eq!(stored, counted, "{:?}", question);
            }
        }
        Ok(())
    });
}
