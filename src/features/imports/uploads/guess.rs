//! What a column of somebody else's sheet probably is, by its header: Hearth's own names, words that services use, and
//! what is spelt nearly so. Only ever offered; a person decides.

use std::sync::LazyLock;

use super::guess_words::WORDS;
use crate::domain::enquiry_row::Column as C;
use crate::domain::text::fold::squeeze;
use crate::features::imports::mapping::Target;

/// How alike two spellings must be, from 0 to 1.
const ALIKE: f64 = 0.87;

/// Whether a cell is a header as services write it, letter by letter.
pub fn knows(header: &str) -> bool {
    let squeezed = squeeze(header);
    !squeezed.is_empty() && (own(&squeezed).is_some() || SQUEEZED.iter().any(|(_, word)| *word == squeezed))
}

/// Hearth's own name of a column.
fn own(squeezed: &str) -> Option<Target> {
    OWN.iter().find(|(_, code)| code == squeezed).map(|(target, _)| *target)
}

/// As headers are compared.
static OWN: LazyLock<Vec<(Target, String)>> =
    LazyLock::new(|| Target::all().map(|target| (target, squeeze(target.code()))).collect());
static SQUEEZED: LazyLock<Vec<(Target, String)>> = LazyLock::new(|| {
    let words = WORDS.iter().flat_map(|(target, words)| words.iter().map(|word| (*target, squeeze(word))));
    // The service's own words come and go.
    let labels = Target::all().map(|target| (target, squeeze(target.standard_label())));
    words.chain(labels).chain(OWN.iter().cloned()).collect()
});

/// What each header probably is. Of two that look like the same thing the one that is spelt more like it gets it;
/// telephones, e-mails, parts of an address and notes may stand in several columns.
pub fn targets(headers: &[String]) -> Vec<Option<Target>> {
    let mut found: Vec<(f64, usize, Target)> = Vec::new();
    for (at, header) in headers.iter().enumerate() {
        found.extend(likely(header).map(|(alike, target)| (alike, at, target)));
    }
    found.sort_by(|(one, at, _), (other, later, _)| other.total_cmp(one).then(at.cmp(later)));
    let mut targets: Vec<Option<Target>> = vec![None; headers.len()];
    for (_, at, target) in found {
        if (repeats(target) || !targets.contains(&Some(target)))
            && let Some(place) = targets.get_mut(at)
        {
            *place = Some(target);
        }
    }
    targets
}

/// The likeliest, and how alike it is spelt; 2 is Hearth's own name.
fn likely(header: &str) -> Option<(f64, Target)> {
    let squeezed = squeeze(header);
    if squeezed.is_empty() {
        return None;
    }
    if let Some(own) = own(&squeezed) {
        return Some((2.0, own));
    }
    let scored = SQUEEZED.iter().map(|(target, word)| (alike(&squeezed, word), *target));
    // Of equals the first.
    let best = scored.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.filter(|(alike, _)| *alike >= ALIKE)
}

/// Short words are alike by chance: `stage 1` and `stage 2`, `tel` and `text`.
fn alike(one: &str, other: &str) -> f64 {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    match one == other {
        true => 1.0,
        false if one.chars().count().min(other.chars().count()) < 5 || digits(one) != digits(other) => 0.0,
        false => strsim::normalized_damerau_levenshtein(one, other),
    }
}

/// Which group of choices it stands in: who, the enquiry, dates, how it ended.
pub fn group_of(target: Target) -> usize {
    match target {
        Target::Names | Target::Phones | Target::Emails | Target::Contacts => 0,
        Target::Outcome | Target::EndedOn => 3,
        Target::Council | Target::Group => 1,
        Target::Column(column) => match column {
            C::Applicant1Name | C::Applicant1Email | C::Applicant1Phone => 0,
            C::Applicant2Name | C::Applicant2Email | C::Applicant2Phone | C::Address | C::Postcode => 0,
            C::PausedFrom | C::PausedTo | C::PauseReason | C::InTouch | C::InTouchFrom | C::ContactAgainOn => 3,
            C::ApprovedOn | C::ApprovedPlaces | C::ClosedOn | C::CloseReason => 3,
            C::EnquiredOn | C::ReceivedOn => 1,
            C::PanelRecommendation | C::Decision => 2,
            other if other.milestone().is_some() => 2,
            _ => 1,
        },
    }
}

fn repeats(target: Target) -> bool {
    matches!(target, Target::Phones | Target::Emails | Target::Column(C::Address | C::Notes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(headers: &[&str]) -> Vec<Option<String>> {
        let headers: Vec<String> = headers.iter().map(|it| (*it).to_owned()).collect();
        targets(&headers).into_iter().map(|target| target.map(|it| it.code().to_string())).collect()
    }

    #[test]
    fn a_councils_own_headers_are_known() {
        let headers = [
            ("Date of enq", "received_on"),
            ("Name(s)", "applicants.name"),
            ("Tel", "applicants.phone"),
            ("Email", "applicants.email"),
            ("Address", "address"),
            ("Postcode", "postcode"),
            ("How did they hear?", "source"),
            ("FwNE ref", "hub_reference"),
            ("IV date", "initial_visit_on"),
            ("ROI/App rec'd", "application_received_on"),
            ("Stage 1 start", "assessment_started_on"),
            ("Stage 1 end", "stage_1_outcome_on"),
            ("STF attended", "preparation_training_completed_on"),
            ("Stage 2", "stage_2_started_on"),
            ("Panel", "panel_on"),
            ("ADM", "decision_on"),
            ("Outcome", "outcome"),
            ("Reason", "close_reason"),
            ("SW", "officer"),
            ("Comments", "notes"),
        ];
        let guessed = guessed(&headers.map(|(header, _)| header));
        for ((header, target), guess) in headers.iter().zip(guessed) {
            assert_eq!(guess.as_deref(), Some(*target), "{header}");
        }
    }

    #[test]
    fn spelling_mistakes_are_forgiven_and_chance_is_not_trusted() {
        for (header, target) in [
            ("recieved_on", Some("received_on")),
            ("Inital visit", Some("initial_visit_on")),
            ("Aplication recieved", Some("application_received_on")),
            ("Postcde", Some("postcode")),
            ("Colour", None),
            ("", None),
            ("Number of bedrooms", None),
            ("Stage 3", None),
        ] {
            assert_eq!(guessed(&[header])[0].as_deref(), target, "{header}");
        }
    }

    #[test]
    fn one_thing_stands_in_one_column() {
        assert_eq!(
            guessed(&["Date", "received_on", "Tel", "Mobile"]),
            [None, Some("received_on"), Some("applicants.phone"), Some("applicants.phone")]
                .map(|it| it.map(str::to_owned))
        );
    }

    #[test]
    fn every_canonical_column_is_itself() {
        for target in Target::all() {
            assert_eq!(guessed(&[target.code()])[0].as_deref(), Some(target.code()));
        }
    }
}
