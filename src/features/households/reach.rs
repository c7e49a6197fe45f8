//! How a household is reached: its telephones, and what to mind before one rings.

use std::collections::HashMap;

use sqlx::SqliteExecutor;

use super::queries_reach::{self, Person};
use crate::domain::household::{Answer, Applicant};
use crate::domain::ids::EnquiryId;
use crate::domain::text::phone::shown;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telephone {
    pub number: String,
    /// For `tel:`.
    pub dialled: String,
    /// The given name, where the household has several people.
    pub whose: String,
}

pub fn telephones(applicants: &[Applicant]) -> Vec<Telephone> {
    let several = applicants.len() > 1;
    let of = |applicant: &Applicant| {
        let given = applicant.name.split(' ').next().unwrap_or_default().to_owned();
        let whose = if several { given } else { String::new() };
        let phones: Vec<String> = applicant.phones().map(str::to_owned).collect();
        phones.into_iter().map(move |number| {
            let dialled = number.chars().filter(|it| it.is_ascii_digit() || *it == '+').collect();
            Telephone { number: shown(&number), dialled, whose: whose.clone() }
        })
    };
    applicants.iter().flat_map(of).collect()
}

/// What somebody needs who is about to ring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    pub telephones: Vec<Telephone>,
    /// What would harm them if it were missed.
    pub never: Vec<&'static str>,
    /// What else they have asked for.
    pub mind: Vec<String>,
}

/// Of the households of a few enquiries. Whether they may be seen is the caller's.
pub async fn list_reach(
    db: impl SqliteExecutor<'_>,
    enquiries: &[EnquiryId],
) -> sqlx::Result<HashMap<EnquiryId, Reach>> {
    let people = queries_reach::list(db, enquiries).await?;
    let of_enquiries = people.chunk_by(|one, other| one.enquiry == other.enquiry);
    Ok(of_enquiries.filter_map(|people| Some((people.first()?.enquiry, reach(people)?))).collect())
}

fn reach(people: &[Person]) -> Option<Reach> {
    let home = people.first()?;
    let never = [
        (home.consent_to_contact, "They do not consent to be contacted."),
        (home.message_allowed, "Never leave a message."),
    ];
    let never = never.into_iter().filter(|(answer, _)| *answer == Answer::No).map(|(_, sentence)| sentence);
    let hours = home.contact_hours.as_ref().map(|hours| format!("When: {hours}."));
    let language = home.language.as_ref().map(|language| format!("Language: {language}."));
    let applicants: Vec<_> = people.iter().map(|person| person.applicant.clone()).collect();
    Some(Reach {
        telephones: telephones(&applicants),
        never: never.collect(),
        mind: hours.into_iter().chain(language).collect(),
    })
}
