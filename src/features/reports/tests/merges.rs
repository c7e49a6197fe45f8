//! Merges and their undoing over random ledgers: no report as known before changes, nothing that is stored disagrees
//! with the ledgers, and what is undone is as it was.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sqlx::{Connection, SqliteConnection};

use super::{empty, now, store, variants};
use crate::domain::actor::Actor;
use crate::domain::day::{Day, Period};
use crate::domain::fostering::TypeFilter;
use crate::domain::funnel::arbitrary;
use crate::domain::ids::{EnquiryId, EntryId, HouseholdId, MergeId, RootId, UserId};
use crate::domain::instant::Instant;
use crate::domain::ledger::{Attribute, AttributeName, Entry, Facts, Ledger, Milestone, Stamp};
use crate::domain::merge::Fate;
use crate::domain::milestone::MilestoneKind;
use crate::domain::question::{Basis, Dimension, Question};
use crate::features::alike::{self, Joined, Merge, Offer};
use crate::features::reports::funnel;
use crate::features::{audit, households, pipeline, search};

/// What somebody tries; numbers are taken modulo what there is.
#[derive(Debug, Clone)]
enum Attempt {
    Merge { kept: usize, goes: usize, same: Vec<bool>, brings: bool },
    Undo(usize),
}

fn attempt() -> impl Strategy<Value = Attempt> {
    prop_oneof![
        3 => (0..6_usize, 0..6_usize, vec(any::<bool>(), 6), any::<bool>())
            .prop_map(|(kept, goes, same, brings)| Attempt::Merge { kept, goes, same, brings }),
        2 => (0..6_usize).prop_map(Attempt::Undo),
    ]
}

pub fn at(minutes: usize) -> Actor {
    let at = now().plus_milliseconds(i64::try_from(minutes).unwrap() * 60_000);
    Actor { at, ..Actor::command_line(at) }
}

/// Whether it was done; what is refused leaves nothing.
async fn merge(
    connection: &mut SqliteConnection,
    actor: &Actor,
    attempt: &Attempt,
    households: usize,
) -> Option<MergeId> {
    let Attempt::Merge { kept, goes, same, brings } = attempt else { return None };
    let id = |number: &usize| HouseholdId(i64::try_from(number % households).unwrap() + 1);
    let two = alike::two(connection, id(kept), id(goes), UserId::COMMAND_LINE).await.unwrap()?;
    let enquiries = two.goes.enquiries.iter().zip(same.iter().cycle()).map(|(enquiry, same)| {
        let other = &two.kept.enquiries[0];
        let offers = alike::offers(enquiry, other, actor.at.london_day()).into_iter().map(|(offer, _)| offer);
        // What both have otherwise is that of the one that goes.
        let choices = alike::choices(enquiry, other).into_iter().map(|(name, _)| Offer::Detail(name));
        let given = offers.chain(choices).filter(|_| *brings).collect();
        let fate = if *same { Fate::SameAs(other.row.id) } else { Fate::CameBack };
        Joined { enquiry: enquiry.row.id, fate, brings: given }
    });
    let merge = Merge {
        kept: id(kept),
        goes: id(goes),
        seen: two.seen.clone(),
        portrait: two.kept.portrait.clone(),
        enquiries: enquiries.collect(),
    };
    let mut transaction = connection.begin().await.unwrap();
    let done = alike::merge(&mut transaction, actor, &merge).await;
    match done {
        Ok(id) => {
            transaction.commit().await.unwrap();
            Some(id)
        }
        Err(alike::MergeError::Database(error)) => panic!("{error}"),
        Err(_) => {
            transaction.rollback().await.unwrap();
            None
        }
    }
}

async fn undo(connection: &mut SqliteConnection, actor: &Actor, id: MergeId) -> bool {
    let mut transaction = connection.begin().await.unwrap();
    match alike::undo(&mut transaction, actor, id).await {
        Ok(()) => {
            transaction.commit().await.unwrap();
            true
        }
        Err(alike::UndoError::Database(error)) => panic!("{error}"),
        Err(_) => {
            transaction.rollback().await.unwrap();
            false
        }
    }
}

pub async fn is_sound(connection: &mut SqliteConnection) -> Result<(), TestCaseError> {
    prop_assert_eq!(pipeline::disagreements(connection).await.unwrap(), pipeline::Disagreements::default());
    prop_assert_eq!(households::disagreements(connection).await.unwrap(), vec![]);
    prop_assert!(search::agrees(connection).await.unwrap());
    prop_assert!(audit::verify(connection).await.unwrap().is_ok());
    Ok(())
}

/// What is in force of each enquiry, and whose it is.
pub async fn all(connection: &mut SqliteConnection, enquiries: usize) -> Vec<(i64, Facts)> {
    let mut all = Vec::new();
    for id in 1..=i64::try_from(enquiries).unwrap() {
        let household = sqlx::query_scalar::<_, i64>("select household_id from enquiry where id = ?")
            .bind(id)
            .fetch_one(&mut *connection)
            .await
            .unwrap();
        let mut facts = pipeline::load(connection, EnquiryId(id)).await.unwrap().facts();
        // Of equal dates the order is that of the recording.
        facts.milestones.sort_by_key(|it| (it.on, it.kind));
        all.push((household, facts));
    }
    all
}

async fn check(ledgers: Vec<Ledger>, attempts: Vec<Attempt>, question: Question) -> Result<(), TestCaseError> {
    let mut connection = empty().await;
    store(&mut connection, &ledgers).await;
    households::rebuild(&mut connection).await.unwrap();
    search::rebuild(&mut connection).await.unwrap();
    let connection = &mut connection;
    // Where it came through a hub, it is known there by a reference of its own.
    for number in 1..=i64::try_from(ledgers.len()).unwrap() {
        let reference = (AttributeName::HubReference, Some(format!("R{number}")));
        let set = pipeline::set_attributes(connection, &at(0), EnquiryId(number), &[reference], "hub").await;
        prop_assert!(!matches!(set, Err(pipeline::ActionError::Database(_))), "{:?}", set);
    }
    let began = all(connection, ledgers.len()).await;
    let known_at: Instant = now();
    let questions = variants(Question { known_at, ..question });
    let before = funnel::read(connection, &questions, known_at).await.unwrap();
    let (mut standing, mut minutes) = (Vec::new(), 0);
    for attempt in attempts {
        minutes += 1;
        match &attempt {
            Attempt::Merge { .. } => standing.extend(merge(connection, &at(minutes), &attempt, ledgers.len()).await),
            Attempt::Undo(number) if !standing.is_empty() => {
                let number = number % standing.len();
                if undo(connection, &at(minutes), standing[number]).await {
                    standing.remove(number);
                }
            }
            Attempt::Undo(_) => {}
        }
        is_sound(connection).await?;
        let present = at(minutes).at.plus_milliseconds(1);
        prop_assert_eq!(&funnel::read(connection, &questions, present).await.unwrap(), &before, "after {:?}", attempt);
    }
    // The latest first nothing stands in the way.
    while let Some(id) = standing.pop() {
        minutes += 1;
        prop_assert!(undo(connection, &at(minutes), id).await, "{} can be undone", id);
    }
    is_sound(connection).await?;
    prop_assert_eq!(all(connection, ledgers.len()).await, began);
    Ok(())
}

#[test]
fn merges_and_their_undoing_change_nothing_that_was_known() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(24) });
    let cases = (vec(arbitrary::ledger(), 2..6), vec(attempt(), 1..8), arbitrary::question());
    runner.run(&cases, |(ledgers, attempts, question)| runtime.block_on(check(ledgers, attempts, question))).unwrap();
}

fn entry<F>(id: i64, fact: F) -> Entry<F> {
    let recorded = Stamp { at: now().plus_milliseconds(-1), by: UserId::COMMAND_LINE };
    Entry { id: EntryId(id), root: RootId(id), fact, recorded, superseded: None }
}

/// Received on 1 December, with what reports group by.
fn received(details: &[(AttributeName, &str)]) -> Ledger {
    let day: Day = "2029-12-01".parse().unwrap();
    let detail = |(at, (name, value)): (usize, &(AttributeName, &str))| {
        let from = (*name == AttributeName::Officer).then_some(day);
        entry(at as i64 + 1, Attribute { name: *name, value: Some((*value).to_owned()), user: None, from })
    };
    Ledger {
        milestones: vec![entry(1, Milestone::new(MilestoneKind::EnquiryReceived, day))],
        attributes: details.iter().enumerate().map(detail).collect(),
        ..Ledger::default()
    }
}

/// How many enquiries each group has.
async fn grouped(connection: &mut SqliteConnection, by: Dimension, known_at: Instant) -> Vec<(String, i64)> {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let question = Question {
        period: Period { from: day("2029-12-01"), to: day("2029-12-31") },
        as_at: day("2029-12-31"),
        known_at,
        types: TypeFilter::All,
        basis: Basis::Cohort,
        by: Some(by),
    };
    let funnels = funnel::read(connection, &[question], at(9).at).await.unwrap();
    let mut groups: Vec<_> =
        funnels[0].groups.iter().map(|it| (it.group.clone().unwrap(), it.steps[0].households)).collect();
    groups.sort();
    groups
}

#[tokio::test]
async fn what_the_other_is_given_counts_once_and_as_known_before_where_it_did() {
    let mut connection = empty().await;
    let kept = received(&[(AttributeName::Source, "Website")]);
    let goes = received(&[
        (AttributeName::Source, "Radio"),
        (AttributeName::FosteringType, "short_breaks"),
        (AttributeName::Hub, "North"),
        (AttributeName::HubReference, "N1"),
        (AttributeName::Officer, "Tom Reed"),
    ]);
    store(&mut connection, &[kept, goes]).await;
    households::rebuild(&mut connection).await.unwrap();
    search::rebuild(&mut connection).await.unwrap();
    let connection = &mut connection;
    let splits = [
        (Dimension::Source, "Radio"),
        (Dimension::FosteringType, "short_breaks"),
        (Dimension::Hub, "North"),
        (Dimension::Officer, "Tom Reed"),
    ];
    let mut before = Vec::new();
    for (by, _) in splits {
        before.push(grouped(connection, by, now()).await);
    }
    assert_eq!(before[0], [("Radio".to_owned(), 1), ("Website".to_owned(), 1)]);
    let attempt = Attempt::Merge { kept: 0, goes: 1, same: vec![true], brings: true };
    let merged = merge(connection, &at(1), &attempt, 2).await.unwrap();
    for ((by, value), before) in splits.into_iter().zip(&before) {
        assert_eq!(grouped(connection, by, at(2).at).await, [(value.to_owned(), 1)], "{by:?}");
        assert_eq!(&grouped(connection, by, now()).await, before, "{by:?}");
    }
    is_sound(connection).await.unwrap();
    assert!(undo(connection, &at(3), merged).await);
    for ((by, _), before) in splits.into_iter().zip(&before) {
        assert_eq!(&grouped(connection, by, at(4).at).await, before, "{by:?}");
    }
    is_sound(connection).await.unwrap();
}
