//! Initial visits that are planned: when, who goes, where, and what to take care of.

use super::day::Day;
use super::ids::UserId;
use super::instant::Instant;
use super::time_of_day::TimeOfDay;
use crate::coded;

coded! {
    pub enum AppointmentState {
        Planned = "planned", "Planned";
        Kept = "kept", "Took place";
        Cancelled = "cancelled", "Cancelled";
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    pub on: Day,
    pub at: TimeOfDay,
    pub goes: UserId,
    /// Who goes along. Nobody: a lone visit.
    pub with: Option<UserId>,
    pub place: String,
    /// For whoever goes: what to take care of, who is told, when they ring in.
    pub safety: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AppointmentRefusal {
    #[error("There is no {at} on {}: the clocks go forward that night", on.words())]
    NoSuchTime { on: Day, at: TimeOfDay },
    #[error("That time is over. Record the visit on the page Dates instead")]
    Over,
    #[error("Choose two different people, or leave the second one empty")]
    SamePerson,
    #[error("It is planned for {}. A visit is recorded when it has taken place", .0.long())]
    NotYet(Day),
}

impl Appointment {
    /// Whether it can be planned so.
    pub fn plan(&self, now: Instant) -> Result<(), AppointmentRefusal> {
        let begins = self.at.on(self.on).ok_or(AppointmentRefusal::NoSuchTime { on: self.on, at: self.at })?;
        if begins < now {
            return Err(AppointmentRefusal::Over);
        }
        if self.with == Some(self.goes) {
            return Err(AppointmentRefusal::SamePerson);
        }
        Ok(())
    }

    /// On the day itself a visit may begin earlier than planned.
    pub fn keep(&self, today: Day) -> Result<(), AppointmentRefusal> {
        if self.on > today { Err(AppointmentRefusal::NotYet(self.on)) } else { Ok(()) }
    }

    /// One person goes alone.
    pub fn is_lone(&self) -> bool {
        self.with.is_none()
    }

    /// `Tue 14 Oct, 17:30`.
    pub fn when(&self) -> String {
        format!("{}, {}", self.on.long_without_year(), self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(on: &str, at: &str) -> Appointment {
        Appointment {
            on: on.parse().unwrap(),
            at: at.parse().unwrap(),
            goes: UserId(7),
            with: None,
            place: String::new(),
            safety: String::new(),
        }
    }

    #[test]
    fn a_visit_is_planned_ahead_at_a_time_that_there_is() {
        use AppointmentRefusal as R;
        let now = Instant::parse("2025-03-28T17:00:00Z").unwrap();
        assert_eq!(visit("2025-03-28", "17:00").plan(now), Ok(()));
        assert_eq!(visit("2025-03-28", "16:59").plan(now), Err(R::Over));
        let gap = visit("2025-03-30", "1:30am");
        assert_eq!(gap.plan(now), Err(R::NoSuchTime { on: gap.on, at: gap.at }));
        assert_eq!(
            gap.plan(now).unwrap_err().to_string(),
            "There is no 01:30 on 30 March 2025: the clocks go forward that night"
        );
        // Winter time: 16:59 in London is 16:59 in UTC; summer time: 17:30 is 16:30.
        let summer = Instant::parse("2025-03-31T16:29:00Z").unwrap();
        assert_eq!(visit("2025-03-31", "17:30").plan(summer), Ok(()));
        assert_eq!(visit("2025-03-31", "17:28").plan(summer), Err(R::Over));
        let two = Appointment { with: Some(UserId(7)), ..visit("2025-04-01", "10:00") };
        assert_eq!(two.plan(now), Err(R::SamePerson));
    }

    #[test]
    fn a_visit_is_kept_on_its_day_or_later() {
        let today: Day = "2025-03-28".parse().unwrap();
        assert_eq!(visit("2025-03-28", "17:30").keep(today), Ok(()));
        assert_eq!(visit("2025-03-27", "17:30").keep(today), Ok(()));
        assert!(visit("2025-03-29", "9:00").keep(today).is_err());
    }
}
