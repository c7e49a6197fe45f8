//! A figure as it was known at an instant is the same for ever: after a kill, after corrections, after a restore.

use hearth::db::Db;
use hearth::domain::ids::EnquiryId;
use hearth::domain::ledger::{Fact, Milestone, Place as Entry};
use hearth::domain::milestone::MilestoneKind as Kind;
use hearth::features::pipeline;

use crate::damaged::back_up;
use crate::support::Place;
use crate::support::facts::{actor, day, make_enquiries, on_db};
use crate::support::load::Load;

const KNOWN_AT: &str = "2025-10-02T09:30:00Z";

#[test]
fn a_figure_as_known_then_survives_kills_corrections_and_a_restore() {
    let place = Place::new();
    let enquiries = on_db(&place.database, async |db| make_enquiries(db, "2025-04-01", 12).await);
    let then = funnel(&place);
    assert!(then.contains(r#""households":12"#), "{then}");

    let (service, browser) = place.serve_signed_in();
    let load = Load::start(&browser, 2);
    load.until(10);
    service.kill();
    load.end();
    assert_eq!(funnel(&place), then, "after a kill");
    let backup = back_up(&place);

    on_db(&place.database, async |db| corrections(db, &enquiries).await);
    assert_eq!(funnel(&place), then, "after corrections");
    let now = funnel_known_at(&place, "2025-12-01T09:00:00Z");
    let figures = |report: &str| report[report.find("\"groups\"").unwrap()..].to_owned();
    assert_ne!(figures(&now), figures(&then), "the corrections count from when they were recorded");

    assert!(place.run(&["restore", &backup]).ok);
    assert_eq!(funnel(&place), then, "after a restore");
    place.doctor();
}

fn funnel(place: &Place) -> String {
    funnel_known_at(place, KNOWN_AT)
}

fn funnel_known_at(place: &Place, instant: &str) -> String {
    let period = ["--from", "2025-04-01", "--to", "2025-06-30", "--as-at", "2025-09-30"];
    let arguments = [&["report", "funnel"][..], &period, &["--known-at", instant, "--format", "json"]].concat();
    let said = place.run(&arguments);
    assert!(said.ok, "{}", said.error);
    // White space is no figure.
    serde_json::from_str::<serde_json::Value>(&said.out).unwrap().to_string()
}

/// Recorded after the instant: visits that were forgotten, and a contact that never was.
async fn corrections(db: &Db, enquiries: &[EnquiryId]) {
    let later = actor("2025-11-15T09:00:00Z");
    let mut write = db.write().await.unwrap();
    let visit = Fact::Milestone(Milestone::new(Kind::InitialVisit, day("2025-05-20")));
    for forgotten in [1, 3, 5] {
        pipeline::record(&mut write, &later, enquiries[forgotten], visit.clone()).await.unwrap();
    }
    let ledger = pipeline::load(&mut write, enquiries[0]).await.unwrap();
    let never = ledger.milestones.iter().find(|entry| entry.fact.kind == Kind::FirstContact).unwrap().id;
    pipeline::withdraw(&mut write, &later, enquiries[0], Entry::Milestone(never), "it was another family")
        .await
        .unwrap();
    write.commit().await.unwrap();
}
