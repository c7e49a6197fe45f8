//! The enquiry of those who leave and go on themselves: what it begins with, and that nobody is alarmed by it.

use axum::http::StatusCode;
use hearth::domain::fostering::FosteringType;
use hearth::domain::role::Role;

use crate::separation::{Couple, FORM, NOT_NOW, OWN, both};
use crate::support::TestApp;

/// Of whom everything is known that reports group by.
async fn kinship() -> Couple {
    let app = TestApp::new().await;
    let couple = both().received("2025-08-01").contacted("2025-08-02").kind(FosteringType::FamilyAndFriends);
    let couple = couple.source("Children’s team").campaign("Spring").hub("Foster North", "FN-12");
    let id = couple.create(&app).await;
    Couple { officer: app.sign_in(Role::Officer).await, first: id, second: id, app }
}

#[tokio::test]
async fn who_goes_on_begins_with_what_was_known_of_them() {
    let mut it = kinship().await;
    let form = it.form().await;
    assert_eq!(form.attribute("#kind option[selected]", "value"), "family_and_friends");
    let fields = ["#source", "#campaign", "#hub", "#first_contact"];
    let filled_in = fields.map(|field| form.attribute(field, "value"));
    // That somebody has spoken with them since is for them to say.
    assert_eq!(filled_in, ["Children’s team", "Spring", "Foster North", ""]);
    it.separated(&[&OWN[..], &[("first_contact", "1/10/25")]].concat()).await;
    let now = "select count(*) from enquiry_now
        where fostering_type = 'family_and_friends' and source = 'Children’s team' and campaign = 'Spring'
            and hub = 'Foster North'";
    assert_eq!(it.app.count(now).await, 2);
    assert_eq!(it.app.count("select count(*) from attribute where enquiry_id = 2 and name = 'hub_reference'").await, 0);
    assert_eq!(it.app.count("select count(*) from enquiry_now where first_contact_on = '2025-10-01'").await, 1);
    let own = it.record(2).await;
    assert!(own.text(".identity").contains("Family and friends"), "{}", own.text(".identity"));
    let next = own.text(".next");
    assert!(next.contains("Initial visit") && !next.contains("Nobody has spoken"), "{next}");
    let limits = own.texts(".limits li");
    assert!(limits.iter().any(|it| it.starts_with("First contact") && it.contains("Met in 0")), "{limits:?}");
    assert!(own.has(".side-column a[href='/enquiries/1']"), "what was before is one step away");
    it.is_sound().await;
}

#[tokio::test]
async fn what_is_otherwise_for_those_who_go_on_is_changed_on_the_form() {
    let mut it = kinship().await;
    let values = [
        ("kind", "long_term"),
        ("source", "Word of mouth"),
        ("campaign", ""),
        ("hub", ""),
        ("first_contact", "10/10/25"),
    ];
    it.separated(&[&OWN[..], &values].concat()).await;
    let now = "select count(*) from enquiry_now
        where fostering_type = 'long_term' and source = 'Word of mouth' and campaign is null and hub is null
            and first_contact_on = '2025-10-10' and received_on = '2025-10-01'";
    assert_eq!(it.app.count(now).await, 1);
    it.is_sound().await;
}

#[tokio::test]
async fn where_nobody_has_spoken_with_them_since_the_first_contact_is_still_to_come() {
    let mut it = kinship().await;
    it.separated(&[&OWN[..], &[("first_contact", "")]].concat()).await;
    assert!(it.record(2).await.text(".next").contains("Nobody has spoken with them yet"));
    assert_eq!(it.app.count("select count(*) from milestone where enquiry_id = 2").await, 1);
}

#[tokio::test]
async fn a_first_contact_lies_between_the_separation_and_today() {
    let mut it = kinship().await;
    let form = it.form().await;
    for (typed, sentence) in [
        ("30/9/25", "They separated on Wed 1 Oct 2025. Enter that day or a later one, or nothing where nobody"),
        ("20/10/25", "Mon 20 Oct 2025 is still to come"),
        ("31/2/25", ""),
    ] {
        let values = [&OWN[..], &[("first_contact", typed), ("kind", "zzz")]].concat();
        let wrong = it.officer.submit(&form, FORM, &values).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let errors = wrong.errors();
        assert_eq!(errors.len(), 2, "{errors:?}");
        assert!(errors[0].contains("Choose a kind of fostering") && errors[1].starts_with(sentence), "{errors:?}");
        assert_eq!(wrong.attribute("#first_contact", "value"), typed);
        assert_eq!(wrong.attribute("#source", "value"), "Children’s team");
    }
    // Where nobody goes on, none of it is asked.
    let values = [&NOT_NOW[..], &[("first_contact", "nonsense"), ("kind", "zzz")]].concat();
    assert_eq!(it.officer.submit(&form, FORM, &values).await.location(), "/households/separations/1");
    assert_eq!(it.app.count("select count(*) from enquiry").await, 1);
}

#[tokio::test]
async fn what_is_not_recorded_is_asked_and_what_no_couple_had_is_not() {
    let app = TestApp::new().await;
    let id = both().received("2025-08-01").create(&app).await;
    let mut it = Couple { officer: app.sign_in(Role::Officer).await, first: id, second: id, app };
    let form = it.form().await;
    assert!(form.has("#kind") && form.has("#source") && !form.has("#campaign") && !form.has("#hub"));
    assert_eq!(form.attribute("#source", "value"), "");
    it.separated(&OWN).await;
    assert_eq!(
        it.app.count("select count(*) from enquiry_now where source is null and fostering_type is null").await,
        2
    );
}
