//! What lies on the desks today: visits of the week, families who did not answer, tasks made by hand; and the tasks of
//! rules, which somebody does within some days.

use super::diary;
use super::queries;
use super::staff::{Desk, MANAGER};
use super::story::{Event, Story, What};
use crate::db::Db;
use crate::domain::actor::Actor;
use crate::domain::appointment::Appointment;
use crate::domain::ids::UserId;
use crate::domain::instant::Instant;
use crate::domain::ledger::Fact;
use crate::domain::milestone::MilestoneKind as K;
use crate::domain::stage::Stage;
use crate::domain::task::Whose;
use crate::domain::time_of_day::TimeOfDay;
use crate::features::appointments::{self, Deed};
use crate::features::tasks::{self, Wanted};

const HOUR: i64 = 60 * 60 * 1000;

/// When the tasks of rules are done: within three days, but for a few of the last weeks.
pub fn clearing(story: &Story, index: usize, until: Instant) -> Vec<Event> {
    let lately = until.london_day().plus_days(-21);
    let asks = |kind| {
        matches!(
            kind,
            K::FirstContact | K::InformationSession | K::InitialVisit | K::ApplicationReceived | K::AssessmentStarted
        )
    };
    let done = story.events.iter().enumerate().filter_map(|(nth, event)| match &event.what {
        What::Record(Fact::Milestone(it)) if asks(it.kind) && (it.on < lately || !(index + nth).is_multiple_of(4)) => {
            let wait = i32::try_from(1 + (index + nth) % 3).unwrap_or(1);
            let at = Instant::start_of(diary::days_later(event.at.london_day(), wait));
            let hour = 9 + i64::try_from((index + nth) % 8).unwrap_or(0);
            let by: Desk = if it.kind == K::ApplicationReceived { MANAGER } else { event.by };
            Some(Event { at: at.plus_milliseconds(hour * HOUR), by, what: What::ClearTasks })
        }
        _ => None,
    });
    done.collect()
}

/// What the office has before it on the last day.
pub async fn lay_out(db: &Db, accounts: &[UserId], now: Instant) -> anyhow::Result<()> {
    let last = diary::last_full_day(now);
    let at = Instant::start_of(last).plus_milliseconds(15 * HOUR);
    let today = now.london_day();
    let mut write = db.write().await?;
    let waiting = queries::list_waiting(&mut write).await?;
    for (nth, (enquiry, stage, officer, home)) in waiting.into_iter().enumerate() {
        let officer = officer.unwrap_or(accounts[MANAGER.0]);
        let actor = Actor { user: officer, at, address: "192.0.2.10".to_owned() };
        match stage {
            Stage::New if nth % 3 == 0 => {
                tasks::no_answer_of(&mut write, &actor, enquiry, diary::open_day(today)).await?;
            }
            Stage::InContact if nth % 2 == 0 => {
                let on = diary::open_day(today.plus_days(1 + i32::try_from(nth % 5).unwrap_or(0)));
                let hours = [("10:00", false), ("17:30", true), ("14:15", false)];
                let (time, lone) = hours[nth % hours.len()];
                let Ok(starts) = time.parse::<TimeOfDay>() else { continue };
                let with = accounts.get(5 + nth % 3).copied().filter(|with| !lone && *with != officer);
                let safety =
                    if lone { "Lone visit: rings the office when it is over, by seven at the latest" } else { "" };
                let visit = Appointment {
                    on,
                    at: starts,
                    goes: officer,
                    with,
                    place: home.unwrap_or_default(),
                    safety: safety.to_owned(),
                };
                appointments::apply(&mut write, &actor, Deed::Plan { enquiry, visit }).await?;
            }
            Stage::Visited if nth % 2 == 0 => {
                let what = "Send the handbook on parent and child placements".to_owned();
                let due = diary::open_day(today.plus_days(i32::try_from(nth % 4).unwrap_or(0)));
                tasks::make(&mut write, &actor, Some(enquiry), &Wanted { what, due, whose: Whose::Officer }).await?;
            }
            _ => {}
        }
    }
    let manager = Actor { user: accounts[MANAGER.0], at, address: "192.0.2.14".to_owned() };
    let what = "Book the library for the next information evening".to_owned();
    let wanted = Wanted { what, due: diary::open_day(today), whose: Whose::Nobody };
    tasks::make(&mut write, &manager, None, &wanted).await?;
    write.commit().await?;
    Ok(())
}
