//! The columns of the list: which there are, and which are shown until somebody chooses.

use crate::coded;

coded! {
    /// In the order in which they stand. Who it is always leads, and is no choice.
    pub enum Column {
        Stage = "stage", "Stage";
        State = "state", "State";
        Limit = "limit", "Time limit";
        Officer = "officer", "Officer";
        Source = "source", "Source";
        Hub = "hub", "Came through";
        Campaign = "campaign", "Campaign";
        Kind = "kind", "Kind";
        Telephone = "telephone", "Telephone";
        Email = "email", "E-mail";
        Enquired = "enquired", "Enquired";
        Received = "received", "Received";
        DaysWithUs = "days", "Days with us";
        NextTask = "next_task", "Next task";
        NextVisit = "next_visit", "Next visit";
        LastContact = "last_contact", "Last contact";
        LastEvent = "last", "Last event";
        FirstContact = "first_contact", "First contact";
        InitialVisit = "initial_visit", "Initial visit";
        Application = "application", "Application";
        Stage1 = "stage_1", "Assessment started";
        Stage2 = "stage_2", "Stage 2 started";
        Panel = "panel", "Panel";
        Approved = "approved", "Approved";
        Closed = "closed", "Closed";
    }
}

/// What most people need to see whom to ring next.
pub const USUAL: [Column; 7] =
    [Column::Stage, Column::State, Column::Limit, Column::Officer, Column::Source, Column::Received, Column::LastEvent];

/// Codes with commas, as an address and the database have them.
pub fn codes(columns: &[Column]) -> String {
    columns.iter().map(|column| column.code()).collect::<Vec<_>>().join(",")
}

/// In their own order, each once. None where nothing of it is a column: an older or newer version may know others.
pub fn parse(codes: &str) -> Option<Vec<Column>> {
    of(codes.split(','))
}

pub fn of<'a>(codes: impl Iterator<Item = &'a str>) -> Option<Vec<Column>> {
    let mut columns: Vec<Column> = codes.filter_map(|code| code.trim().parse().ok()).collect();
    columns.sort_unstable();
    columns.dedup();
    (!columns.is_empty()).then_some(columns)
}

/// Where a column's cells come from, beyond the row that is read in any case.
impl Column {
    pub fn is_fact(self) -> bool {
        use Column as C;
        matches!(
            self,
            C::Campaign
                | C::Kind
                | C::Enquired
                | C::DaysWithUs
                | C::FirstContact
                | C::InitialVisit
                | C::Application
                | C::Stage1
                | C::Stage2
                | C::Panel
                | C::Approved
                | C::Closed
        )
    }

    pub fn is_of_people(self) -> bool {
        matches!(self, Column::Telephone | Column::Email)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back_in_the_order_of_the_columns() {
        assert_eq!(parse("officer,stage,stage"), Some(vec![Column::Stage, Column::Officer]));
        assert_eq!(parse(&codes(&USUAL)), Some(USUAL.to_vec()));
        assert_eq!(parse(&codes(Column::ALL)).as_deref(), Some(Column::ALL));
        for nothing in ["", "zzz", ",,"] {
            assert_eq!(parse(nothing), None);
        }
    }
}
