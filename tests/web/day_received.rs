//! What moves with the day received when that is corrected on the page.

use axum::http::StatusCode;
use hearth::domain::day::Period;
use hearth::domain::ids::{EnquiryId, EntryId};
use hearth::domain::ledger::Ledger;
use hearth::domain::milestone::MilestoneKind;
use hearth::domain::question::{Dimension, Question};
use hearth::domain::role::Role;
use hearth::features::{audit, pipeline, reports};

use crate::given::{self, day};
use crate::support::TestApp;

const FORM: &str = "form.form";

async fn ledger(app: &TestApp, id: EnquiryId) -> Ledger {
    pipeline::load(&mut app.state.db.read().acquire().await.unwrap(), id).await.unwrap()
}

/// Who has it from which day, as known now.
async fn officers(app: &TestApp, id: EnquiryId) -> Vec<(String, String)> {
    let dated = ledger(app, id).await.facts().attributes.into_iter().filter(|it| it.from.is_some());
    dated.map(|it| (it.value.unwrap_or_default(), it.from.unwrap().to_string())).collect()
}

/// Corrects the date of a milestone on its page.
async fn correct(app: &TestApp, id: EnquiryId, kind: MilestoneKind, on: &str) {
    let is_kind = |entry: EntryId, of: MilestoneKind| (of == kind).then_some(entry);
    let entry = ledger(app, id).await.milestones.iter().find_map(|it| is_kind(it.id, it.fact.kind)).unwrap();
    let mut officer = app.sign_in(Role::Officer).await;
    let page = officer.get(&format!("/enquiries/{id}/milestones/{entry}/corrections")).await;
    let saved = officer.submit(&page, FORM, &[("on", on), ("why", "The letter says so")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{:?}", saved.errors());
}

fn had(name: &str, from: &str) -> (String, String) {
    (name.to_owned(), from.to_owned())
}

#[tokio::test]
async fn the_officer_since_the_day_received_moves_with_it_and_is_never_nobody_between() {
    let app = TestApp::new().await;
    let received = given::enquiry().received("2025-04-10").officer("Jan Teal", None).create(&app).await;
    let enquired = given::enquiry().enquired("2025-04-11").officer("Jan Teal", None).create(&app).await;
    let other = given::enquiry().received("2025-04-02").officer("Moira Fenn", None).create(&app).await;
    correct(&app, received, MilestoneKind::EnquiryReceived, "2/4/25").await;
    correct(&app, enquired, MilestoneKind::Enquired, "3/4/25").await;
    assert_eq!(officers(&app, received).await, [had("Jan Teal", "2025-04-02")]);
    assert_eq!(officers(&app, enquired).await, [had("Jan Teal", "2025-04-03")]);
    assert_eq!(officers(&app, other).await, [had("Moira Fenn", "2025-04-02")]);

    // As at 5 April, between the days: two of Jan Teal's and one of Moira Fenn's, and nobody's none.
    let period = Period { from: day("2025-04-01"), to: day("2025-04-30") };
    let question = Question::new(period, Some(day("2025-04-05")), app.now(), app.now()).unwrap();
    let question = Question { by: Some(Dimension::Officer), ..question };
    let groups = reports::funnel(&app.state.db, &question, app.now()).await.unwrap().funnel.groups;
    let counts: Vec<_> = groups.iter().map(|it| (it.group.clone().unwrap(), it.enquiries())).collect();
    assert_eq!(counts, [("Jan Teal".to_owned(), 2), ("Moira Fenn".to_owned(), 1)]);

    // The same reason stands beside what was superseded, and each has its entry in the audit.
    let why = "select count(*) from attribute where name = 'officer' and superseded_why = 'The letter says so'";
    assert_eq!(app.count(why).await, 2);
    assert_eq!(app.count("select count(*) from audit where action = 'assigned'").await, 2);
    assert_eq!(app.count("select count(*) from audit where action = 'milestone_corrected'").await, 2);
    let mut connection = app.state.db.read().acquire().await.unwrap();
    assert_eq!(pipeline::disagreements(&mut connection).await.unwrap(), pipeline::Disagreements::default());
    assert!(audit::verify(&mut connection).await.unwrap().is_ok());
}

#[tokio::test]
async fn an_officer_moves_only_with_a_day_that_was_theirs_to_begin_on() {
    use MilestoneKind::{Enquired, EnquiryReceived};
    let app = TestApp::new().await;
    // Somebody else has it by the corrected day.
    let handed_on = given::enquiry().received("2025-04-01").officer("Jan Teal", None).create(&app).await;
    let assigned = async |id, name: &str, from| {
        let mut write = app.state.db.write().await.unwrap();
        let actor = hearth::domain::actor::Actor::command_line(app.now());
        pipeline::assign(&mut write, &actor, id, Some((name.to_owned(), None)), day(from)).await.unwrap();
        write.commit().await.unwrap();
    };
    assigned(handed_on, "Moira Fenn", "2025-04-03").await;
    correct(&app, handed_on, EnquiryReceived, "5/4/25").await;
    assert_eq!(officers(&app, handed_on).await, [had("Jan Teal", "2025-04-01"), had("Moira Fenn", "2025-04-03")]);

    // Given to somebody only later.
    let later = given::enquiry().received("2025-04-10").create(&app).await;
    assigned(later, "Moira Fenn", "2025-04-12").await;
    correct(&app, later, EnquiryReceived, "2/4/25").await;
    assert_eq!(officers(&app, later).await, [had("Moira Fenn", "2025-04-12")]);

    // The day enquired is not the day that counts where the day received is known (counting rule 1).
    let both = given::enquiry().enquired("2025-04-08").received("2025-04-10").officer("Jan Teal", None);
    let both = both.create(&app).await;
    correct(&app, both, Enquired, "2/4/25").await;
    assert_eq!(officers(&app, both).await, [had("Jan Teal", "2025-04-10")]);
}
