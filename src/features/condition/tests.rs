use tempfile::TempDir;

use super::*;
use crate::db::{Db, Gate};
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::instant::Instant;
use crate::domain::ledger::{Facts, Milestone};
use crate::domain::milestone::MilestoneKind;
use crate::features::enquiries::{self, NewEnquiry, Of};
use crate::features::households::{Applicant, NewHousehold};

async fn database() -> (TempDir, Db) {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&folder.path().join("hearth.db"), Gate::Alone).await.unwrap();
    let actor = Actor::command_line(Instant::parse("2025-03-03T09:00:00Z").unwrap());
    let mut write = db.write().await.unwrap();
    let day = "2025-03-03".parse().unwrap();
    let made: Vec<_> = ["Amira Rahman", "Lowri Pugh", "Tom Reed"]
        .into_iter()
        .map(|name| NewEnquiry {
            reference: None,
            fingerprint: None,
            of: Of::New(NewHousehold {
                applicants: vec![Applicant {
                    name: name.to_owned(),
                    email: Some("one@example.org".to_owned()),
                    phone: Some("07700900001; +447700900002".to_owned()),
                }],
                postcode: Some("ZZ99 3CZ".to_owned()),
                ..NewHousehold::default()
            }),
            facts: Facts { milestones: vec![Milestone::new(MilestoneKind::EnquiryReceived, day)], ..Facts::default() },
            notes: vec![],
            import: None,
        })
        .collect();
    for enquiry in enquiries::create(&mut write, &actor, &made).await.unwrap() {
        audit::record(&mut write, &actor, &Event::of_enquiry(Action::EnquiryCreated, enquiry)).await.unwrap();
    }
    write.commit().await.unwrap();
    (folder, db)
}

async fn problems(db: &Db) -> Vec<String> {
    examine(&mut db.read().acquire().await.unwrap(), |_| ()).await.problems
}

#[tokio::test]
async fn a_sound_database_has_no_problems_and_all_its_rows() {
    let (_folder, db) = database().await;
    let mut told = Vec::new();
    let examined = examine(&mut db.read().acquire().await.unwrap(), |what| told.push(what.to_owned())).await;
    assert_eq!(examined.problems, Vec::<String>::new());
    assert_eq!((examined.rows["enquiry"], examined.rows["audit"], examined.rows["household_key"]), (3, 3, 15));
    assert_eq!(told.len(), 6);
}

#[tokio::test]
async fn what_was_changed_behind_our_back_is_found_and_mended() {
    for (change, word) in [
        ("update enquiry_now set first_contact_on = '2025-03-04' where enquiry_id = 2", "ledgers say"),
        ("delete from enquiry_now where enquiry_id = 3", "hearth doctor --rebuild"),
        ("update milestone set happened_on = '2025-03-05' where enquiry_id = 1", "ledgers say"),
        ("update limit_now set due_on = '2025-03-05' where enquiry_id = 2", "the time limits of 1 enquiry"),
        ("delete from limit_now where enquiry_id = 3", "the time limits of 1 enquiry"),
        ("delete from household_key where household_id = 3 and kind = 'email'", "found by the people"),
        ("update member set phone = '07700900777' where household_id = 1", "found by the people"),
        ("delete from household_words where rowid = 2", "numbers and references"),
        ("insert into household_words (rowid, words) values (9, 'nnobody')", "numbers and references"),
        ("update enquiry set reference = 'WF-2296' where id = 3", "numbers and references"),
    ] {
        let (folder, db) = database().await;
        sqlx::raw_sql(change).execute(db.writer()).await.unwrap();
        let found = problems(&db).await;
        assert!(!found.is_empty() && found.iter().all(|one| one.contains(word)), "{change}: {found:?}");
        let mut write = db.write().await.unwrap();
        assert_eq!(rebuild(&mut write).await.unwrap(), 3);
        write.commit().await.unwrap();
        // Looked at by somebody who comes anew, as `hearth doctor` does: SQLite's own check of a full-text index goes by
        // what its connection remembers of it.
        db.close().await;
        let db = Db::open(&folder.path().join("hearth.db"), Gate::Alone).await.unwrap();
        assert_eq!(problems(&db).await, Vec::<String>::new(), "{change}");
    }
}

#[tokio::test]
async fn what_cannot_be_mended_is_found() {
    for (change, word) in [
        ("delete from audit where id = 2", "entry 3"),
        ("update audit set address = 'elsewhere' where id = 1", "entry 1"),
        ("update audit set detail = '{}' where id = 2", "entry 2"),
        ("pragma foreign_keys = off; delete from household where id = 2", "not there"),
        (
            "insert into household_separation (from_id, new_id, enquiry_id, separated_on, recorded_at, recorded_by)
            values (1, 2, 1, '2025-03-04', 0, 1)",
            "1 separation does not agree",
        ),
    ] {
        let (_folder, db) = database().await;
        sqlx::raw_sql(change).execute(db.writer()).await.unwrap();
        let found = problems(&db).await;
        assert!(found.iter().any(|problem| problem.contains(word)), "{change}: {found:?}");
    }
}
