//! The generator's enquiries as a file with the canonical header row, as a service would bring them.

use std::path::Path;

use hearth::domain::ledger::{AttributeName, Facts};
use hearth::domain::milestone::MilestoneKind;
use hearth::features::demo::{self, Plan};
use hearth::features::enquiries::Of;

/// Returns the number of rows.
pub fn write(plan: &Plan, path: &Path) -> anyhow::Result<usize> {
    let mut file = csv::Writer::from_path(path)?;
    let kinds: Vec<_> = MilestoneKind::ALL.iter().filter(|kind| kind.column().is_some()).collect();
    let mut header = vec![
        "applicant_1_name",
        "applicant_1_email",
        "applicant_1_phone",
        "applicant_2_name",
        "applicant_2_email",
        "applicant_2_phone",
        "address",
        "postcode",
        "hub",
        "hub_reference",
        "source",
        "campaign",
        "fostering_type",
        "officer",
        "close_reason",
        "panel_recommendation",
        "decision",
        "approved_places",
        "notes",
    ];
    header.extend(kinds.iter().filter_map(|kind| kind.column()));
    file.write_record(&header)?;
    let mut rows = 0;
    for story in demo::stories(plan) {
        let (enquiry, facts) = (story.enquiry(), story.facts_at(plan.now));
        let Of::New(household) = &enquiry.of else { continue };
        let mut row = Vec::with_capacity(header.len());
        for position in 0..2 {
            let of = household.applicants.get(position);
            row.push(of.map(|it| it.name.clone()).unwrap_or_default());
            row.push(of.and_then(|it| it.email.clone()).unwrap_or_default());
            row.push(of.and_then(|it| it.phone.clone()).unwrap_or_default());
        }
        row.push(household.address.clone().unwrap_or_default());
        row.push(household.postcode.clone().unwrap_or_default());
        use AttributeName as A;
        for name in [A::Hub, A::HubReference, A::Source, A::Campaign, A::FosteringType, A::Officer] {
            row.push(facts.attribute(name).unwrap_or_default().to_owned());
        }
        row.extend(results(&facts));
        row.push(enquiry.notes.iter().map(|note| note.body.as_str()).collect::<Vec<_>>().join("\n"));
        row.extend(kinds.iter().map(|kind| day(&facts, **kind)));
        file.write_record(&row)?;
        rows += 1;
    }
    file.flush()?;
    Ok(rows)
}

fn results(facts: &Facts) -> [String; 4] {
    let result = |kind| facts.last(kind).and_then(|it| it.result).map(|it| it.code().to_owned()).unwrap_or_default();
    let reason = facts.closure().and_then(|it| it.close_reason.as_ref()).map(|it| it.0.clone());
    let places = facts.first(MilestoneKind::Approved).and_then(|it| it.places).map(|it| it.to_string());
    [
        reason.unwrap_or_default(),
        result(MilestoneKind::PanelRecommendation),
        result(MilestoneKind::DecisionMade),
        places.unwrap_or_default(),
    ]
}

fn day(facts: &Facts, kind: MilestoneKind) -> String {
    let on = match kind {
        MilestoneKind::Closed => facts.closure().map(|it| it.on),
        kind => facts.first_on(kind),
    };
    on.map(|on| on.to_string()).unwrap_or_default()
}
