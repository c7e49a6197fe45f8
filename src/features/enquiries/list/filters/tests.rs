//! Filters and their address.

use super::*;

fn asked(query: &str) -> Filters {
    let mut form = Form::of(form_urlencoded::parse(query.as_bytes()));
    Filters::parse(&mut form, "2025-10-14".parse().unwrap())
}

#[test]
fn an_address_gives_filters_and_filters_their_address() {
    for query in [
        "",
        "stage=new&stage=stage_1&officer=me&officer=Jan+Teal&hub=direct&kind=all_mainstream&kind=not_recorded",
        "state=any&from=2025-01-01&to=2025-03-31&sort=name&order=desc",
        "state=closed&sort=last",
        "limit=overdue&limit=due_soon",
        "q=Nair",
        "q=Nair&state=open&state=paused&state=in_touch",
        "view=plain&stage=new",
        "view=7&state=open&state=paused&state=in_touch&columns=stage%2Cofficer",
        "view=7&state=any",
    ] {
        assert_eq!(asked(query).query(), query);
    }
    assert_eq!(asked("state=open&state=paused&state=in_touch").query(), "");
    assert_eq!(asked("stage=nonsense&sort=nonsense&after=nonsense&stage=new&stage=new").query(), "stage=new");
    let key = ("nair priya".to_owned(), "2025-03-03".parse().unwrap(), 7);
    let paged = Filters { page: Some(At::After(key)), ..asked("sort=name") };
    assert_eq!(asked(&paged.query()), paged);
}

#[test]
fn what_is_not_known_is_said_and_filters_nothing() {
    let said = |query: &str| {
        let mut form = Form::of(form_urlencoded::parse(query.as_bytes()));
        let filters = Filters::parse(&mut form, "2025-10-14".parse().unwrap());
        (filters.query(), form.errors().iter().map(|error| error.sentence.clone()).collect::<Vec<_>>())
    };
    assert_eq!(
        said("stage=zzz&stage=new&limit=zzz&kind=&state=any&sort=up"),
        (
            "stage=new&state=any".to_owned(),
            vec![
                "The order “up” is not known, so it is left out".to_owned(),
                "The stage “zzz” is not known, so it is left out".to_owned(),
                "The time limit “zzz” is not known, so it is left out".to_owned(),
            ]
        )
    );
    assert_eq!(said("state=zzz").0, "", "the usual states stay");
    assert_eq!(said("state=any&officer=&from=2025-01-01"), ("state=any&from=2025-01-01".to_owned(), vec![]));
}

#[test]
fn a_view_keeps_filters_and_order_and_nothing_else() {
    let filters = asked("view=7&stage=new&state=any&sort=name&columns=stage&after=x");
    assert_eq!(filters.content(), "stage=new&state=any&sort=name");
    assert_eq!(asked("view=7&state=open&state=paused&state=in_touch").content(), "");
}

#[test]
fn the_list_begins_with_what_has_not_ended_and_a_search_with_everybody() {
    assert_eq!(asked("").states, IN_PROGRESS);
    assert_eq!(asked("q=nair").states, []);
    assert_eq!(asked("state=any").states, []);
    assert_eq!(asked("state=any&state=closed").states, [State::Closed]);
}

#[test]
fn mainstream_is_everything_but_kinship_and_supported_lodgings() {
    let codes = asked("kind=all_mainstream").kind_codes();
    assert!(codes.contains(&"") && codes.contains(&"mainstream") && codes.contains(&"remand"));
    assert!(!codes.contains(&"family_and_friends") && !codes.contains(&"supported_lodgings"));
}
