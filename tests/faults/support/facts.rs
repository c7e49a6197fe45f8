//! Facts written by the product's own actions, before a service is started on them.

use std::path::Path;

use hearth::db::{Db, Gate};
use hearth::domain::actor::Actor;
use hearth::domain::day::Day;
use hearth::domain::ids::EnquiryId;
use hearth::domain::instant::Instant;
use hearth::domain::ledger::{Facts, Milestone};
use hearth::domain::milestone::MilestoneKind as Kind;
use hearth::features::enquiries::{self, NewEnquiry, Of};
use hearth::features::households::{Applicant, NewHousehold};

/// One a day from a day on, every other one contacted and trained; recorded three months after the first.
pub async fn make_enquiries(db: &Db, from: &str, count: usize) -> Vec<EnquiryId> {
    let recorded = Actor::command_line(Instant::end_of(day(from).plus_days(91)));
    let new = |number: i32| {
        let received = day(from).plus_days(number);
        let mut facts = Facts::default();
        facts.milestones.push(Milestone::new(Kind::EnquiryReceived, received));
        if number % 2 == 0 {
            facts.milestones.push(Milestone::new(Kind::FirstContact, received.plus_days(1)));
            facts.milestones.push(Milestone::new(Kind::PreparationTrainingCompleted, received.plus_days(9)));
        }
        let name = format!("Morgan {number}");
        let applicants = vec![Applicant { name, email: None, phone: None }];
        let of = Of::New(NewHousehold { applicants, ..NewHousehold::default() });
        NewEnquiry { reference: None, fingerprint: None, of, facts, notes: vec![], import: None }
    };
    let all: Vec<_> = (0..).take(count).map(new).collect();
    let mut write = db.write().await.unwrap();
    let made = enquiries::create(&mut write, &recorded, &all).await.unwrap();
    write.commit().await.unwrap();
    made
}

/// Runs something on the database opened as a service opens it.
pub fn on_db<T>(database: &Path, work: impl AsyncFnOnce(&Db) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let db = Db::open(database, Gate::Alone).await.unwrap();
        let result = work(&db).await;
        db.close().await;
        result
    })
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub fn actor(at: &str) -> Actor {
    Actor::command_line(Instant::parse(at).unwrap())
}
