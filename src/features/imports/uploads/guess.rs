//! What a column of somebody else's sheet probably is, by its header: Hearth's own names, words that services use, and
//! what is spelt nearly so. Only ever offered; a person decides.

use std::sync::LazyLock;

use crate::domain::enquiry_row::Column as C;
use crate::domain::text::fold::squeeze;
use crate::features::imports::mapping::Target;

/// How alike two spellings must be, from 0 to 1.
const ALIKE: f64 = 0.87;

/// What services call their columns. Spaces, capitals and punctuation do not matter.
const WORDS: &[(Target, &[&str])] = &[
    (
        Target::Column(C::Reference),
        &["ref", "our ref", "enquiry ref", "enquiry number", "enquiry id", "id", "case ref"],
    ),
    (Target::Column(C::Hub), &["regional hub", "referred by hub", "hub name"]),
    (Target::Column(C::HubReference), &["hub ref", "fwne ref", "hub id", "hub number", "hub enquiry number"]),
    (
        Target::Column(C::Source),
        &[
            "how did they hear",
            "how heard",
            "heard about us",
            "source of enquiry",
            "enquiry source",
            "how did you hear",
            "where heard",
        ],
    ),
    (Target::Column(C::Campaign), &["marketing campaign", "advert"]),
    (
        Target::Column(C::FosteringType),
        &[
            "type of fostering",
            "kind of fostering",
            "fostering type",
            "type of carer",
            "type of care",
            "placement type",
        ],
    ),
    (Target::Column(C::EnquiredOn), &["date enquired at hub", "hub enquiry date", "enquired at hub", "date enquired"]),
    (
        Target::Column(C::ReceivedOn),
        &[
            "date of enquiry",
            "date of enq",
            "enquiry date",
            "date received",
            "received",
            "date enquiry received",
            "enq date",
            "initial enquiry",
            "date of initial enquiry",
            "date",
            "enquiry received",
            "date of contact",
        ],
    ),
    (
        Target::Names,
        &[
            "name",
            "names",
            "applicant",
            "applicants",
            "applicant name",
            "applicant names",
            "full name",
            "carer name",
            "household",
        ],
    ),
    (
        Target::Phones,
        &[
            "tel",
            "telephone",
            "phone",
            "mobile",
            "contact number",
            "phone number",
            "tel no",
            "telephone number",
            "mobile number",
            "landline",
        ],
    ),
    (Target::Emails, &["email", "e mail", "email address"]),
    (Target::Contacts, &["contact", "contact details", "tel email", "phone email"]),
    (
        Target::Column(C::Address),
        &["address", "home address", "address 1", "address line 1", "address 2", "address line 2", "town"],
    ),
    (Target::Column(C::Postcode), &["post code", "pcode", "pc"]),
    (
        Target::Column(C::Officer),
        &[
            "sw",
            "social worker",
            "allocated to",
            "officer",
            "worker",
            "recruitment officer",
            "assessing social worker",
            "allocated worker",
            "assessor",
        ],
    ),
    (Target::Column(C::PausedFrom), &["on hold from", "hold from", "date paused", "paused"]),
    (Target::Column(C::PausedTo), &["on hold to", "hold to", "resumed", "date resumed"]),
    (Target::Column(C::PauseReason), &["reason for hold", "hold reason", "reason paused"]),
    (Target::Column(C::InTouch), &["keeping in touch", "kit"]),
    (Target::Column(C::InTouchFrom), &["kit from", "keep in touch from"]),
    (
        Target::Column(C::ContactAgainOn),
        &["contact again", "follow up", "follow up date", "call back", "next contact", "review date"],
    ),
    (
        Target::Column(C::FirstContactOn),
        &[
            "first contact",
            "initial contact",
            "date of first contact",
            "first call",
            "initial call",
            "date contacted",
            "phone call",
        ],
    ),
    (
        Target::Column(C::InformationSessionOn),
        &["information session", "info session", "info event", "information evening", "information event"],
    ),
    (
        Target::Column(C::InitialVisitOn),
        &[
            "initial visit",
            "iv date",
            "iv",
            "home visit",
            "visit",
            "visit date",
            "date of initial visit",
            "initial home visit",
            "ihv",
        ],
    ),
    (Target::Column(C::InvitedToApplyOn), &["invited to apply", "invite to apply", "ita"]),
    (
        Target::Column(C::ApplicationReceivedOn),
        &[
            "application",
            "application received",
            "application date",
            "roi",
            "roi app recd",
            "roi received",
            "registration of interest",
            "app recd",
            "date of application",
            "applied",
        ],
    ),
    (
        Target::Column(C::AssessmentStartedOn),
        &[
            "stage 1 start",
            "stage 1 started",
            "assessment started",
            "start of stage 1",
            "stage 1",
            "s1 start",
            "stage one start",
        ],
    ),
    (
        Target::Column(C::Stage1InformationCompleteOn),
        &["stage 1 checks complete", "checks complete", "stage 1 information complete", "all checks in"],
    ),
    (
        Target::Column(C::Stage1OutcomeOn),
        &[
            "stage 1 end",
            "stage 1 complete",
            "stage 1 completed",
            "end of stage 1",
            "stage 1 outcome",
            "s1 end",
            "stage one end",
        ],
    ),
    (
        Target::Column(C::Stage2StartedOn),
        &[
            "stage 2",
            "stage 2 start",
            "stage 2 started",
            "start of stage 2",
            "s2 start",
            "stage two",
            "stage two start",
        ],
    ),
    (
        Target::Column(C::PreparationTrainingCompletedOn),
        &[
            "stf attended",
            "skills to foster",
            "stf",
            "prep training",
            "preparation training",
            "training",
            "training completed",
            "stf date",
        ],
    ),
    (
        Target::Column(C::ReportCompletedOn),
        &["report completed", "form f complete", "form f completed", "form f", "report complete"],
    ),
    (Target::Column(C::ReportSharedOn), &["report shared", "shared with applicants", "form f shared"]),
    (Target::Column(C::ObservationsOn), &["observations", "applicants observations", "comments received"]),
    (Target::Column(C::PapersSentOn), &["papers sent", "papers to panel"]),
    (Target::Column(C::PanelOn), &["panel", "panel date", "date of panel", "fostering panel"]),
    (Target::Column(C::PanelRecommendation), &["panel recommendation", "recommendation", "panel outcome"]),
    (Target::Column(C::PanelMinutesFinalOn), &["minutes final", "panel minutes", "final minutes"]),
    (Target::Column(C::DecisionOn), &["adm", "adm date", "decision date", "adm decision date", "date of decision"]),
    (Target::Column(C::Decision), &["adm decision", "decision"]),
    (Target::Column(C::DecisionToldOn), &["decision told", "told of decision"]),
    (Target::Column(C::DecisionWrittenOn), &["decision in writing", "decision letter", "letter sent"]),
    (Target::Column(C::RepresentationsOn), &["representations", "representations received"]),
    (Target::Column(C::IrmAppliedOn), &["irm", "irm applied", "irm application"]),
    (Target::Column(C::IrmRecommendationOn), &["irm recommendation"]),
    (Target::Column(C::ApprovedOn), &["approved", "approval", "approval date", "date approved", "date of approval"]),
    (Target::Column(C::ApprovedPlaces), &["places", "approved places", "number of places", "no of places"]),
    (Target::Column(C::ClosedOn), &["closed", "date closed", "closure date", "date of closure"]),
    (Target::EndedOn, &["date ended", "ended", "end date", "outcome date", "date of outcome"]),
    (Target::Outcome, &["outcome", "status", "result", "current status", "current position"]),
    (
        Target::Column(C::CloseReason),
        &[
            "reason",
            "reason for closing",
            "closure reason",
            "reason closed",
            "withdrawal reason",
            "reason for withdrawal",
            "why closed",
        ],
    ),
    (Target::Council, &["council", "local authority", "la", "authority"]),
    (Target::Group, &["household id", "family id"]),
    (
        Target::Column(C::Notes),
        &["notes", "comments", "note", "comment", "remarks", "further information", "other information"],
    ),
];

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
    let labels = Target::all().map(|target| (target, squeeze(target.label())));
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
