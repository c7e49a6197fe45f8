//! What is stored against what the domain says, and what is due, on databases of their own.

use sqlx::SqliteConnection;
use tempfile::TempDir;

use super::*;
use crate::db::{Db, Gate};
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::ledger::{Attribute, AttributeName, Facts, Milestone};
use crate::domain::milestone::MilestoneKind as K;
use crate::domain::pause::{InTouch, Pause, PauseReason};
use crate::domain::time_limit::{Clock, StateName};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

async fn database() -> (TempDir, Db) {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&folder.path().join("hearth.db"), Gate::Alone).await.unwrap();
    (folder, db)
}

/// The seeds are the table of the regulations and of common local rules, in the order of the pipeline.
#[tokio::test]
async fn every_clock_has_a_limit_from_the_beginning() {
    let (_folder, db) = database().await;
    let rules = rules(&mut db.read().acquire().await.unwrap()).await.unwrap();
    let words: Vec<_> = Clock::ALL
        .iter()
        .map(|clock| {
            let limit = rules.in_force(*clock, day("1990-01-01")).unwrap();
            format!("{} {}{}", clock.code(), limit.words(), if limit.statutory { ", statutory" } else { "" })
        })
        .collect();
    assert_eq!(
        words,
        [
            "first_contact 1 working day",
            "initial_visit 5 working days",
            "assessor_allocated 10 working days",
            "stage_1_outcome 10 working days, statutory",
            "observations 10 working days, statutory",
            "panel_recommendation 8 months, statutory",
            "papers_to_panel at least 5 working days before, statutory",
            "decision 7 working days, statutory",
            "decision_told 2 working days, statutory",
            "decision_written 5 working days, statutory",
            "representations_or_irm 28 calendar days, statutory",
            "papers_to_irm 10 working days, statutory",
            "records_to_another_service 15 working days, statutory",
            "temporary_approval 16 weeks, extended by 8, statutory",
            "first_review 12 months, statutory",
            "later_reviews 12 months, statutory",
            "unannounced_visit 12 months, statutory",
            "resignation 28 calendar days, statutory",
            "training_support_and_development 12 months, 18 for family and friends, statutory",
        ]
    );
    let observed = |year| {
        let days = rules.days.bank_holidays(year);
        days.iter().map(|it| it.on.to_string()[5..].to_owned()).collect::<Vec<_>>().join(" ")
    };
    // Moved and added: 1995, 1999, 2002, 2011, 2012, 2020, 2022 and 2023.
    for (year, days) in [
        (1995, "01-02 04-14 04-17 05-08 05-29 08-28 12-25 12-26"),
        (1999, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28 12-31"),
        (2002, "01-01 03-29 04-01 05-06 06-03 06-04 08-26 12-25 12-26"),
        (2011, "01-03 04-22 04-25 04-29 05-02 05-30 08-29 12-26 12-27"),
        (2012, "01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26"),
        (2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28"),
        (2022, "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27"),
        (2023, "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26"),
    ] {
        assert_eq!(observed(year), days, "{year}");
    }
}

fn received(on: &str) -> Facts {
    Facts { milestones: vec![Milestone::new(K::EnquiryReceived, day(on))], ..Facts::default() }
}

fn of_officer(facts: Facts, user: UserId) -> Facts {
    let officer = Attribute {
        name: AttributeName::Officer,
        value: Some("Kerry Blyth".to_owned()),
        user: Some(user),
        from: Some(day("2025-01-01")),
    };
    Facts { attributes: vec![officer], ..facts }
}

/// As little of an enquiry as a list needs.
async fn put(write: &mut SqliteConnection, id: i64, facts: &Facts, restricted: bool) {
    for (sql, value) in [
        ("insert into household (id, created_at, created_by) values (?1, 0, 1)", 0),
        (
            "insert into enquiry (id, household_id, reference, created_at, created_by, restricted) \
             values (?1, ?1, 'E-' || ?1, 0, 1, ?2)",
            i64::from(restricted),
        ),
    ] {
        sqlx::query(sql).bind(id).bind(value).execute(&mut *write).await.unwrap();
    }
    let in_touch = facts.in_touch.first().map(|it| it.from);
    sqlx::query(
        "insert into enquiry_now (enquiry_id, display_name, sort_name, day_on, received_on, stage, live, last_on, \
         in_touch_from) values (?1, 'Family ' || ?1, 'family', ?2, ?2, 'new', 1, ?2, ?3)",
    )
    .bind(id)
    .bind(facts.day_received().unwrap())
    .bind(in_touch)
    .execute(&mut *write)
    .await
    .unwrap();
    replace(write, &[(EnquiryId(id), facts)]).await.unwrap();
}

#[tokio::test]
async fn what_is_due_is_listed_by_page_and_by_whose_it_is() {
    let (_folder, db) = database().await;
    let mut write = db.write().await.unwrap();
    let kerry = UserId(1);
    // Monday 3 March 2025: contact is due on the 4th, the visit on the 10th.
    put(&mut write, 1, &of_officer(received("2025-03-03"), kerry), false).await;
    // Thursday 6th: Friday 7th and Thursday 13th.
    put(&mut write, 2, &received("2025-03-06"), false).await;
    // Friday 7th: Monday 10th and Friday 14th.
    put(&mut write, 3, &of_officer(received("2025-03-07"), kerry), false).await;
    put(&mut write, 4, &received("2025-03-03"), true).await;
    let kept = InTouch { from: day("2025-03-04"), to: None, contact_again_on: None };
    put(&mut write, 5, &Facts { in_touch: vec![kept], ..received("2025-03-03") }, false).await;
    let pause = Pause { from: day("2025-03-04"), to: None, reason: PauseReason::Illness };
    put(&mut write, 6, &Facts { pauses: vec![pause], ..received("2025-03-03") }, false).await;

    let rules = rules(&mut write).await.unwrap();
    // On Monday 10th.
    let asked = |whose, due| DueAsked { whose, due, today: day("2025-03-10"), reader: UserId(2) };
    let everybody = || Whose::Everybody;
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = list_due(&mut write, &asked(everybody(), Due::Overdue), &rules, after, 1).await.unwrap();
        let Some(last) = page.last() else { break };
        after = last.key();
        all.extend(page);
    }
    let said: Vec<_> = all
        .iter()
        .map(|row| (row.enquiry.0, row.timing.clock, state_words(&row.timing, row.state, day("2025-03-10"))))
        .collect();
    let overdue = |days| format!("Overdue by {days}");
    assert_eq!(
        said,
        [(1, Clock::FirstContact, overdue("4 working days")), (2, Clock::FirstContact, overdue("1 working day")),],
        "neither the restricted one, nor the paused one, nor the family that is kept in touch with"
    );

    let list = async |write: &mut SqliteConnection, whose, due| {
        let asked = asked(whose, due);
        let rows = list_due(write, &asked, &rules, None, 50).await.unwrap();
        rows.iter().map(|row| (row.enquiry.0, row.timing.clock.code())).collect::<Vec<_>>()
    };
    let mine = || Whose::Officer(kerry);
    assert_eq!(list(&mut write, mine(), Due::Overdue).await, [(1, "first_contact")]);
    assert_eq!(list(&mut write, mine(), Due::TodayOrTomorrow).await, [(1, "initial_visit"), (3, "first_contact")]);
    assert_eq!(list(&mut write, Whose::Unassigned, Due::Overdue).await, [(2, "first_contact")]);
    assert_eq!(list(&mut write, Whose::Unassigned, Due::TodayOrTomorrow).await, []);
    // Thursday is three working days away, Wednesday would be two.
    assert_eq!(list(&mut write, Whose::Unassigned, Due::Soon).await, []);
    let wednesday = DueAsked { today: day("2025-03-11"), ..asked(Whose::Unassigned, Due::Soon) };
    let soon = list_due(&mut write, &wednesday, &rules, None, 50).await.unwrap();
    assert_eq!(soon.iter().map(|row| row.state.name()).collect::<Vec<_>>(), [StateName::DueSoon]);
}

#[tokio::test]
async fn what_is_stored_comes_back_as_it_was() {
    let (_folder, db) = database().await;
    let mut write = db.write().await.unwrap();
    let pause = Pause { from: day("2025-03-05"), to: None, reason: PauseReason::Illness };
    let facts = Facts {
        pauses: vec![pause],
        milestones: vec![
            Milestone::new(K::EnquiryReceived, day("2025-03-03")),
            Milestone::new(K::FirstContact, day("2025-03-05")),
            Milestone::new(K::TemporaryApproval, day("2025-03-06")),
        ],
        ..Facts::default()
    };
    put(&mut write, 1, &facts, false).await;
    let (id, today, rules) = (EnquiryId(1), day("2025-06-20"), rules(&mut write).await.unwrap());
    let stored = list_open(&mut write, &[id], &rules, today).await.unwrap().remove(&id).unwrap();
    let direct: Vec<_> = crate::domain::time_limit::timings(&facts, &rules)
        .into_iter()
        .map(|timing| {
            let state = timing.state_on(today, &facts.pauses, &rules.days);
            (timing, state)
        })
        .collect();
    assert_eq!(stored.timings, direct[1..], "the first has been met");
    let said: Vec<_> = direct.iter().map(|(timing, state)| state_words(timing, *state, today)).collect();
    assert_eq!(said, ["Met in 1 working day", "Running, 4 working days left", "Due soon, 6 days left"]);
    assert_eq!(list_stored(&mut write, &[id]).await.unwrap()[&id], super::rows(id, &facts, &rules));
}
