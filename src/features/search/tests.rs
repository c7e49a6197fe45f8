use tempfile::TempDir;

use super::*;
use crate::db::{Db, Gate};
use crate::domain::actor::Actor;
use crate::domain::ids::{HouseholdId, UserId};
use crate::domain::instant::Instant;
use crate::domain::ledger::{Facts, Milestone};
use crate::domain::milestone::MilestoneKind;
use crate::domain::search::Asked;
use crate::features::access::Viewer;
use crate::features::enquiries::{self, NewEnquiry, Of};
use crate::features::households::{Applicant, NewHousehold};

async fn database(names: &[&str]) -> (TempDir, Db) {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&folder.path().join("hearth.db"), Gate::Alone).await.unwrap();
    let actor = Actor::command_line(Instant::parse("2025-03-03T09:00:00Z").unwrap());
    let received = Milestone::new(MilestoneKind::EnquiryReceived, "2025-03-03".parse().unwrap());
    let made: Vec<_> = names
        .iter()
        .map(|name| NewEnquiry {
            reference: None,
            fingerprint: None,
            of: Of::New(NewHousehold {
                applicants: vec![Applicant { name: (*name).to_owned(), ..Applicant::default() }],
                ..NewHousehold::default()
            }),
            facts: Facts { milestones: vec![received.clone()], ..Facts::default() },
            notes: vec![],
            import: None,
        })
        .collect();
    let mut write = db.write().await.unwrap();
    enquiries::create(&mut write, &actor, &made).await.unwrap();
    write.commit().await.unwrap();
    (folder, db)
}

async fn found(db: &Db, text: &str, most: usize) -> (Vec<i64>, bool) {
    let mut read = db.read().acquire().await.unwrap();
    let viewer = Viewer { user: UserId(1), own_only: false };
    let found = find(&mut read, &Asked::parse(text).unwrap(), viewer, most, 1).await.unwrap();
    (found.households.into_iter().map(|HouseholdId(id)| id).collect(), found.more)
}

async fn is_sound(db: &Db) -> bool {
    agrees(&mut db.read().acquire().await.unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_database_from_before_there_was_a_search_is_brought_in_when_the_program_starts() {
    let (_folder, db) = database(&["Amira Rahman", "Lowri Pugh", "王伟", "Zoë Walton"]).await;
    assert!(is_sound(&db).await);
    sqlx::raw_sql("insert into household_words (household_words) values ('delete-all')")
        .execute(db.writer())
        .await
        .unwrap();
    assert_eq!(found(&db, "pugh", 10).await.0, [0; 0]);
    assert!(!is_sound(&db).await);
    complete(&db).await.unwrap();
    assert_eq!(found(&db, "pugh", 10).await.0, [2]);
    assert_eq!(found(&db, "王伟", 10).await.0, [3]);
    assert!(is_sound(&db).await);
    complete(&db).await.unwrap();
    assert!(is_sound(&db).await, "a second time there is nothing to do");
}

#[tokio::test]
async fn the_index_is_made_anew_and_what_differs_is_noticed() {
    for change in [
        "delete from household_words where rowid = 1",
        "insert into household_words (rowid, words) values (7, 'nnobody')",
        "insert or replace into household_words (rowid, words) values (2, 'npugh')",
        "update member set name = 'Lowri Pew' where household_id = 2",
        "update enquiry set reference = 'WF-1' where id = 2",
    ] {
        let (_folder, db) = database(&["Amira Rahman", "Lowri Pugh"]).await;
        sqlx::raw_sql(change).execute(db.writer()).await.unwrap();
        assert!(!is_sound(&db).await, "{change}");
        let mut write = db.write().await.unwrap();
        rebuild(&mut write).await.unwrap();
        write.commit().await.unwrap();
        assert!(is_sound(&db).await, "{change}");
    }
}

#[tokio::test]
async fn a_search_that_finds_too_many_ends_and_says_so() {
    let (_folder, db) = database(&["Ann Smith", "Bea Smith", "Cal Smyth", "Dai Smithson", "Eve Jones"]).await;
    assert_eq!(found(&db, "smith", 10).await, (vec![2, 1, 4], false), "written so first, the newest before the others");
    assert_eq!(found(&db, "smith", 1).await, (vec![2], true));
    let (mut nearly, _) = found(&db, "smeth", 10).await;
    nearly.sort_unstable();
    assert_eq!(nearly, [1, 2, 3], "nobody is written so: those with a slip");
}
