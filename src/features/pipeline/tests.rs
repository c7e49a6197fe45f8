use tempfile::TempDir;

use super::*;
use crate::db::{Db, Gate};
use crate::domain::actor::Actor;
use crate::domain::day::Day;
use crate::domain::fostering::FosteringType;
use crate::domain::ids::EnquiryId;
use crate::domain::instant::Instant;
use crate::domain::ledger::{Attribute, AttributeName, Fact, Facts, Milestone, Place};
use crate::domain::milestone::MilestoneKind as K;
use crate::domain::pause::{Pause, PauseReason};
use crate::domain::reason::ReasonCode;
use crate::features::enquiries::{self, NewEnquiry, Of};
use crate::features::households::{Applicant, NewHousehold};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn on(instant: &str) -> Actor {
    Actor::command_line(Instant::parse(instant).unwrap())
}

async fn database() -> (TempDir, Db) {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&folder.path().join("hearth.db"), Gate::Alone).await.unwrap();
    (folder, db)
}

fn enquiry(name: &str, received: &str) -> NewEnquiry {
    let applicants = vec![Applicant { name: name.to_owned(), email: None, phone: Some("07700900001".to_owned()) }];
    let officer = Attribute {
        name: AttributeName::Officer,
        value: Some("Jan Teal".to_owned()),
        user: None,
        from: Some(day(received)),
    };
    let kind = Attribute {
        name: AttributeName::FosteringType,
        value: Some(FosteringType::ShortBreaks.code().to_owned()),
        user: None,
        from: None,
    };
    NewEnquiry {
        reference: None,
        fingerprint: None,
        of: Of::New(NewHousehold { applicants, ..NewHousehold::default() }),
        facts: Facts {
            milestones: vec![Milestone::new(K::EnquiryReceived, day(received))],
            attributes: vec![officer, kind],
            ..Facts::default()
        },
        notes: vec![],
        import: None,
    }
}

#[tokio::test]
async fn a_correction_changes_what_is_known_now_and_not_what_was_known_then() {
    let (_folder, db) = database().await;
    let mut write = db.write().await.unwrap();
    let id = enquiries::create(&mut write, &on("2025-03-03T09:00:00Z"), &[enquiry("Amira Rahman", "2025-03-03")])
        .await
        .unwrap()[0];
    let visit = |date| Fact::Milestone(Milestone::new(K::InitialVisit, day(date)));
    record(&mut write, &on("2025-03-12T09:00:00Z"), id, visit("2025-03-12")).await.unwrap();
    let first = load(&mut write, id).await.unwrap().milestones[1].id;
    let later = on("2025-03-19T09:00:00Z");
    let place = Place::Milestone(first);
    correct(&mut write, &later, id, place, visit("2025-03-11"), "the diary was a day out").await.unwrap();

    let ledger = load(&mut write, id).await.unwrap();
    let visited = |facts: Facts| facts.first_on(K::InitialVisit);
    assert_eq!(visited(ledger.facts()), Some(day("2025-03-11")));
    let between = Instant::parse("2025-03-15T00:00:00Z").unwrap();
    assert_eq!(visited(ledger.facts_known_at(between)), Some(day("2025-03-12")));
    assert_eq!(visited(ledger.facts_known_at(Instant::parse("2025-03-10").unwrap())), None);

    // The version that was corrected cannot be corrected again: somebody else was first.
    let again = correct(&mut write, &later, id, place, visit("2025-03-10"), "no").await;
    assert!(matches!(again, Err(ActionError::Stale)));
    assert_eq!(disagreements(&mut write).await.unwrap(), Disagreements::default());
    assert_eq!(crate::features::audit::verify(&mut write).await.unwrap(), Ok(4));
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_leaves_nothing() {
    let (_folder, db) = database().await;
    let mut write = db.write().await.unwrap();
    let actor = on("2025-10-14T09:00:00Z");
    let id = enquiries::create(&mut write, &actor, &[enquiry("Amira Rahman", "2025-03-03")]).await.unwrap()[0];
    let before = load(&mut write, id).await.unwrap();
    for (kind, date) in
        [(K::FirstContact, "2025-03-02"), (K::FirstContact, "2025-10-15"), (K::EnquiryReceived, "2025-03-04")]
    {
        let refused = record(&mut write, &actor, id, Fact::Milestone(Milestone::new(kind, day(date)))).await;
        assert!(matches!(refused, Err(ActionError::Refused(_))), "{kind:?} {date}");
    }
    let received = Place::Milestone(before.milestones[0].id);
    assert!(matches!(withdraw(&mut write, &actor, id, received, "no").await, Err(ActionError::NoDayLeft)));
    let nobody =
        record(&mut write, &actor, EnquiryId(99), Fact::Milestone(Milestone::new(K::Approved, day("2025-04-01"))));
    assert!(matches!(nobody.await, Err(ActionError::NotFound)));
    assert_eq!(load(&mut write, id).await.unwrap(), before);
}

#[tokio::test]
async fn how_things_stand_agrees_with_the_ledgers_whatever_happens() {
    let (_folder, db) = database().await;
    let mut write = db.write().await.unwrap();
    let actor = on("2025-10-14T09:00:00Z");
    let many: Vec<_> = (0..1_500).map(|n| enquiry(&format!("Person {n}"), "2025-03-03")).collect();
    let ids = enquiries::create(&mut write, &actor, &many).await.unwrap();
    let id = ids[1_234];
    let closed = |on| Fact::Milestone(Milestone::closed(day(on), ReasonCode("not_now".to_owned())));
    let pause = Pause { from: day("2025-04-01"), to: Some(day("2025-05-01")), reason: PauseReason::Illness };
    record(&mut write, &actor, id, Fact::Pause(pause)).await.unwrap();
    record(&mut write, &actor, id, closed("2025-06-01")).await.unwrap();
    assert!(matches!(record(&mut write, &actor, id, closed("2025-07-01")).await, Err(ActionError::Refused(_))));
    let reopened = Fact::Milestone(Milestone::new(K::Reopened, day("2025-08-01")));
    record(&mut write, &actor, id, reopened).await.unwrap();
    assign(&mut write, &actor, id, Some(("Moira Fenn".to_owned(), None)), day("2025-09-01")).await.unwrap();
    set_attributes(&mut write, &actor, id, &[(AttributeName::Source, Some("Radio".to_owned()))], "asked")
        .await
        .unwrap();
    assert_eq!(disagreements(&mut write).await.unwrap(), Disagreements::default());
    assert_eq!(rebuild(&mut write).await.unwrap(), 1_500);
    assert_eq!(disagreements(&mut write).await.unwrap(), Disagreements::default());

    sqlx::query("update enquiry_now set stage = 'panel' where enquiry_id = ?")
        .bind(id)
        .execute(&mut *write)
        .await
        .unwrap();
    assert_eq!(disagreements(&mut write).await.unwrap().standing, vec![id]);
    write.commit().await.unwrap();
}
