//! The pages about people and signing in.

use askama::Template;
use askama_web::WebTemplate;

use super::queries::{InvitationRow, PersonRow};
use crate::domain::ids::UserId;
use crate::domain::invitation::InvitationPurpose;
use crate::domain::role::Role;
use crate::features::access::{Conflict, Versions};
use crate::web::session::{Ended, OpenSession};
use crate::web::{Ctx, Form, Page, Visit};

#[derive(Template, WebTemplate)]
#[template(path = "users/sign_in.html")]
pub struct SignInPage {
    page: Page,
    form: Form,
    notice: Option<&'static str>,
}

impl SignInPage {
    pub fn new(visit: &Visit, form: Form) -> SignInPage {
        // Once they have tried again, what is wrong now matters more.
        let notice = visit.ended.filter(|_| form.is_valid()).map(|ended| match ended {
            Ended::Idle => "You were signed out after 30 minutes.",
            Ended::Absolute => "You were signed out after 12 hours, as everybody is.",
            Ended::Otherwise => "Your session has ended.",
        });
        SignInPage { page: Page::new(visit, "Sign in").with_errors_of(&form), form, notice }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "users/invitation.html")]
pub struct InvitationPage {
    page: Page,
    form: Form,
    token: String,
    purpose: InvitationPurpose,
    name: String,
    email: String,
}

impl InvitationPage {
    pub fn new(visit: &Visit, form: Form, token: String, invitation: &InvitationRow) -> InvitationPage {
        let title = match invitation.purpose {
            InvitationPurpose::FirstAdministrator => "Make the first account",
            InvitationPurpose::Invite => "Choose your password",
            InvitationPurpose::Reset => "Choose a new password",
        };
        InvitationPage {
            page: Page::new(visit, title).with_errors_of(&form),
            form,
            token,
            purpose: invitation.purpose,
            name: invitation.name.clone().unwrap_or_default(),
            email: invitation.email.clone().unwrap_or_default(),
        }
    }

    fn is_first(&self) -> bool {
        self.purpose == InvitationPurpose::FirstAdministrator
    }

    fn heading(&self) -> &str {
        self.page.title.trim_start_matches("Error: ")
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "users/gone.html")]
pub struct GonePage {
    page: Page,
    /// It would have made the first administrator, and there is one.
    not_first: bool,
}

impl GonePage {
    pub fn new(visit: &Visit) -> GonePage {
        GonePage { page: Page::new(visit, "This link can no longer be used"), not_first: false }
    }

    pub fn not_first(visit: &Visit) -> GonePage {
        GonePage { not_first: true, ..GonePage::new(visit) }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "users/account.html")]
pub struct AccountPage {
    page: Page,
    form: Form,
    own: PersonRow,
    sessions: Vec<SessionLine>,
}

struct SessionLine {
    /// Its hash: it says which it is and cannot be used to come in.
    hash: String,
    here: bool,
    browser: String,
    address: String,
    began: String,
    seen: String,
}

impl AccountPage {
    pub fn new(ctx: &Ctx, form: Form, own: PersonRow, sessions: Vec<OpenSession>) -> AccountPage {
        let here = ctx.session_hash().unwrap_or_default();
        let line = |session: OpenSession| SessionLine {
            hash: session.token_hash.iter().map(|byte| format!("{byte:02x}")).collect(),
            here: session.token_hash == here,
            browser: browser_words(&session.browser),
            address: session.address,
            began: session.created_at.london_text(),
            seen: session.last_seen_at.london_text(),
        };
        let sessions = sessions.into_iter().map(line).collect();
        AccountPage { page: Page::new(ctx, "Your account").with_errors_of(&form), form, own, sessions }
    }
}

/// What `SessionLine::hash` was made from.
pub fn hash_of(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        hex.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits?;
    (digits.len() % 2 == 0).then(|| digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// "Firefox on Windows", as far as a browser can be believed about itself.
fn browser_words(user_agent: &str) -> String {
    let named = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    // Nearly every browser also claims to be those further down.
    let browser = named(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = named(&[
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "an iPhone"),
        ("iPad", "an iPad"),
        ("Mac OS X", "a Mac"),
        ("CrOS", "a Chromebook"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        _ => "Another browser".to_owned(),
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "users/people.html")]
pub struct PeoplePage {
    page: Page,
    people: Vec<PersonRow>,
    active: usize,
}

impl PeoplePage {
    pub fn new(ctx: &Ctx, people: Vec<PersonRow>) -> PeoplePage {
        let active = people.iter().filter(|person| person.active).count();
        PeoplePage { page: Page::new(ctx, "People"), people, active }
    }
}

impl PersonRow {
    fn state(&self) -> &'static str {
        match (self.active, self.has_password) {
            (false, _) => "Deactivated",
            (true, false) => "Invited",
            (true, true) => "Active",
        }
    }

    /// Until when their link can be used; that somebody invited has none any more.
    fn link_words(&self) -> Option<String> {
        match self.link_until {
            Some(until) => Some(format!("link until {}", until.london_text())),
            None if self.active && !self.has_password => Some("link expired".to_owned()),
            None => None,
        }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "users/new_person.html")]
pub struct NewPersonPage {
    page: Page,
    form: Form,
}

impl NewPersonPage {
    pub fn new(ctx: &Ctx, form: Form) -> NewPersonPage {
        NewPersonPage { page: Page::new(ctx, "Add a person").with_errors_of(&form), form }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "users/person.html")]
pub struct PersonPage {
    page: Page,
    form: Form,
    person: PersonRow,
    conflict: Option<Conflict>,
    leaves: Leaves,
    own: bool,
}

/// What somebody leaves behind.
pub struct Leaves {
    /// Live enquiries that are assigned to them.
    pub live: i64,
    /// Restricted records that nobody else may open.
    pub stranded: usize,
}

impl PersonPage {
    pub fn new(ctx: &Ctx, form: Form, person: PersonRow, conflict: Option<Conflict>, leaves: Leaves) -> PersonPage {
        let own = person.id == ctx.user.id;
        let page = Page::new(ctx, person.name.clone()).with_errors_of(&form).with_conflict(conflict.is_some());
        PersonPage { page, form, person, conflict, leaves, own }
    }

    fn live_words(&self) -> String {
        match self.leaves.live {
            0 => "No open enquiry is assigned to them.".to_owned(),
            1 => "One open enquiry stays assigned to them until you give it to somebody else.".to_owned(),
            n => format!("{n} open enquiries stay assigned to them until you give them to somebody else."),
        }
    }

    fn stranded_words(&self) -> Option<String> {
        let records = match self.leaves.stranded {
            0 => return None,
            1 => "One restricted record is".to_owned(),
            n => format!("{n} restricted records are"),
        };
        Some(format!("{records} open to nobody else: a manager then names somebody on Today."))
    }
}

/// What is saved beside what was typed.
pub fn versions(saved: &PersonRow, typed: &Form) -> Vec<Versions> {
    let roles = |roles: &[Role]| roles.iter().map(|role| role.label()).collect::<Vec<_>>().join(", ");
    let typed_roles: Vec<Role> =
        Role::ALL.iter().copied().filter(|role| typed.is_chosen("role", role.code())).collect();
    vec![
        Versions::of("Name", &saved.name, typed.value("name")),
        Versions::of("Work e-mail", &saved.email, typed.value("email")),
        Versions::of("Roles", roles(&saved.roles()), roles(&typed_roles)),
        Versions::of("Regional hub", saved.hub.clone().unwrap_or_default(), typed.value("hub")),
    ]
}

#[derive(Template, WebTemplate)]
#[template(path = "users/link.html")]
pub struct LinkPage {
    page: Page,
    id: UserId,
    name: String,
    url: String,
    purpose: InvitationPurpose,
    until: String,
}

impl LinkPage {
    pub fn new(ctx: &Ctx, id: UserId, name: &str, url: String, purpose: InvitationPurpose) -> LinkPage {
        let until = purpose.expires_at(ctx.now).london_text();
        LinkPage { page: Page::new(ctx, "One-time link"), id, name: name.to_owned(), url, purpose, until }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_by_its_name() {
        for (said, words) in [
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0",
                "Edge on Windows",
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on an iPhone"),
            ("curl/8", "Another browser"),
        ] {
            assert_eq!(browser_words(said), words);
        }
    }

    #[test]
    fn a_sessions_hash_comes_back_from_its_page() {
        assert_eq!(hash_of("00ff10"), Some(vec![0, 255, 16]));
        assert_eq!((hash_of("0"), hash_of("xy"), hash_of("é0")), (None, None, None));
    }
}
