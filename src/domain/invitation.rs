//! One-time links: whoever holds one sets the password of one account, once, and before it expires.

use super::instant::Instant;
use crate::coded;

coded! {
    pub enum InvitationPurpose {
        /// Nobody is there yet: whoever started the program makes the first account.
        FirstAdministrator = "first_administrator", "First administrator";
        Invite = "invite", "Invitation";
        Reset = "reset", "New password";
    }
}

const HOUR: i64 = 60 * 60 * 1000;

impl InvitationPurpose {
    /// An invitation may wait for somebody to come back from leave; a reset is asked for by somebody who waits.
    pub fn expires_at(self, made_at: Instant) -> Instant {
        made_at.plus_milliseconds(match self {
            InvitationPurpose::Invite => 7 * 24 * HOUR,
            InvitationPurpose::FirstAdministrator | InvitationPurpose::Reset => 24 * HOUR,
        })
    }

    /// For how long, in words.
    pub fn lasts(self) -> &'static str {
        match self {
            InvitationPurpose::Invite => "7 days",
            InvitationPurpose::FirstAdministrator | InvitationPurpose::Reset => "24 hours",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_lasts_a_week_and_a_reset_a_day() {
        let made = Instant::parse("2025-10-14T08:00:00Z").unwrap();
        for (purpose, until) in [
            (InvitationPurpose::Invite, "2025-10-21T08:00:00.000Z"),
            (InvitationPurpose::Reset, "2025-10-15T08:00:00.000Z"),
            (InvitationPurpose::FirstAdministrator, "2025-10-15T08:00:00.000Z"),
        ] {
            assert_eq!(purpose.expires_at(made).to_string(), until);
        }
    }
}
