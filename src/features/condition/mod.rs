//! The condition of a database: every check that `hearth doctor` makes, and that a backup has to pass.

#[cfg(test)]
mod tests;

use sqlx::SqliteConnection;

use crate::db::copy::{self, Examined};
use crate::features::{audit, households, pipeline, search, separations};

/// What `examine` proves where it finds nothing.
pub const CHECKED: [&str; 8] = [
    copy::EXAMINED[0],
    copy::EXAMINED[1],
    "enquiries against their ledgers",
    "time limits against their ledgers",
    "what households are recognised by",
    "what search finds them by",
    "households that have separated",
    "audit chain",
];

/// How many of many are named.
const NAMED: usize = 5;

/// Looks at everything, in the transaction it is given, so that it sees one instant of a database in use. `say` is
/// told what comes next. The schema must be today's. A check that fails is a problem like any other: a damaged page
/// does not hide what else is wrong.
pub async fn examine(connection: &mut SqliteConnection, mut say: impl FnMut(&str)) -> Examined {
    say("Checking every page and reference");
    let mut examined = copy::examine(connection).await.unwrap_or_else(|error| Examined {
        problems: vec![format!("the tables cannot be read: {error}")],
        ..Examined::default()
    });
    let problems = &mut examined.problems;

    say("Comparing every enquiry with its ledgers");
    match pipeline::disagreements(connection).await {
        Ok(wrong) => {
            if !wrong.standing.is_empty() {
                problems.push(format!(
                    "{} not stand as the ledgers say; `hearth doctor --rebuild` makes them anew: {}",
                    of(wrong.standing.len(), "enquiry does", "enquiries do"),
                    named(&wrong.standing)
                ));
            }
            if !wrong.clocks.is_empty() {
                problems.push(format!(
                    "the time limits of {} not what the ledgers say; `hearth doctor --rebuild` makes them anew: {}",
                    of(wrong.clocks.len(), "enquiry are", "enquiries are"),
                    named(&wrong.clocks)
                ));
            }
        }
        Err(error) => problems.push(format!("enquiries cannot be compared with their ledgers: {error}")),
    }

    say("Comparing what households are recognised by");
    match households::disagreements(connection).await {
        Ok(wrong) if wrong.is_empty() => {}
        Ok(wrong) => problems.push(format!(
            "{} not found by the people in it; `hearth doctor --rebuild` mends this: {}",
            of(wrong.len(), "household is", "households are"),
            named(&wrong)
        )),
        Err(error) => problems.push(format!("households cannot be compared with their people: {error}")),
    }

    say("Comparing what search finds households by");
    match search::agrees(connection).await {
        Ok(true) => {}
        Ok(false) => problems.push(
            "not every household is found by the people, numbers and references of it; `hearth doctor --rebuild` mends \
             this"
                .to_owned(),
        ),
        Err(error) => problems.push(format!("what search finds cannot be compared: {error}")),
    }

    say("Comparing households that have separated");
    match separations::list_wrong(connection).await {
        Ok(wrong) if wrong.is_empty() => {}
        Ok(wrong) => problems.push(format!(
            "{} not agree with the households and enquiries of it: {}",
            of(wrong.len(), "separation does", "separations do"),
            named(&wrong)
        )),
        Err(error) => problems.push(format!("separations cannot be compared with their households: {error}")),
    }

    say("Following the audit's chain");
    match audit::verify(connection).await {
        Ok(Ok(_)) => {}
        Ok(Err(broken)) => problems.push(format!(
            "the audit was changed outside Hearth: its entry {} does not follow from the one before",
            broken.id
        )),
        Err(error) => problems.push(format!("the audit cannot be read: {error}")),
    }
    examined
}

/// Makes anew what is derived: how enquiries stand, and what households are recognised and found by. Returns how many
/// enquiries.
pub async fn rebuild(connection: &mut SqliteConnection) -> sqlx::Result<usize> {
    households::rebuild(connection).await?;
    let enquiries = pipeline::rebuild(connection).await?;
    search::rebuild(connection).await?;
    Ok(enquiries)
}

fn of(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

fn named<T: std::fmt::Display>(ids: &[T]) -> String {
    let first: Vec<_> = ids.iter().take(NAMED).map(ToString::to_string).collect();
    let more = if ids.len() > NAMED { " …" } else { "" };
    format!("number {}{more}", first.join(", "))
}
