//! By what a report is split, as known now: written once for all statements that do not read the ledgers.

/// A statement that begins, says its enquiry's `label` (without a name, so that the rest may give it one), and ends. `one`
/// is the row with the enquiry's id; `enquiry_now`'s columns are there without a name. Who has it on the as-at date may be
/// somebody before the officer of today: that is asked of the ledger.
///
/// ?1: by, empty where it is not split. ?2: as at. What else is asked follows.
macro_rules! labelled {
    ($row:ident, $begin:literal, $end:literal, $by:expr, $as_at:expr $(, $argument:expr)*) => {
        sqlx::query_as!(
            $row,
            $begin + r#"case ?1
                when 'source' then source
                when 'campaign' then campaign
                when 'fostering_type' then fostering_type
                when 'hub' then hub
                when 'officer' then case
                    when officer_from is null or officer_from <= ?2 then officer
                    else (
                        select value
                        from attribute
                        where attribute.enquiry_id = one.enquiry_id
                            and name = 'officer'
                            and from_on <= ?2
                            and superseded_at is null
                        order by from_on desc, root_id desc
                        limit 1
                    )
                end
            end"# + $end,
            $by,
            $as_at
            $(, $argument)*
        )
    };
}
