//! Who may open a record now, who else could be named, and the same in words.

use std::collections::BTreeSet;

use sqlx::{SqliteConnection, SqliteExecutor};

use super::queries::{self, Colleague, Stranded};
use crate::domain::household::display_name;
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::restriction::OpenTo;
use crate::domain::role::{Permission, Reach, Role, reach};

pub struct Now {
    pub open_to: OpenTo,
    /// Who may be named, and who is.
    pub colleagues: Vec<Colleague>,
    /// Whose case it is, where they have an account.
    pub officer: Option<UserId>,
}

impl Now {
    pub async fn load(connection: &mut SqliteConnection, enquiry: EnquiryId) -> sqlx::Result<Now> {
        let standing = queries::find(&mut *connection, enquiry).await?.ok_or(sqlx::Error::RowNotFound)?;
        let mut colleagues = queries::list_colleagues(connection, Some(enquiry)).await?;
        colleagues.retain(|colleague| colleague.named || colleague.reads());
        let named = colleagues.iter().filter(|it| it.named).map(|it| it.id).collect::<BTreeSet<_>>();
        let open_to = if standing.restricted { OpenTo::Named(named) } else { OpenTo::Everybody };
        Ok(Now { open_to, colleagues, officer: standing.officer })
    }

    /// Its officer, if they have an account and may open what is theirs.
    pub fn officer(&self) -> Option<&Colleague> {
        self.colleagues.iter().find(|it| Some(it.id) == self.officer && it.reads())
    }

    /// Their names; None for everybody.
    pub fn names(&self, open_to: &OpenTo) -> Option<Vec<&str>> {
        match open_to {
            OpenTo::Everybody => None,
            OpenTo::Named(_) => Some(self.of(|it| open_to.names(it.id))),
        }
    }

    /// “Jan Teal and Priya Nair may open it. Tom Reed, its officer, may not”.
    pub fn sentence(&self, open_to: &OpenTo) -> String {
        let OpenTo::Named(_) = open_to else { return format!("{EVERYBODY} may open it") };
        let may = self.of(|it| open_to.names(it.id) && it.may_open(self.officer));
        let not_now = self.of(|it| open_to.names(it.id) && !it.may_open(self.officer));
        let only = if may.len() == 1 { "Only " } else { "" };
        let mut said = format!("{only}{} may open it", listed(&may));
        if !not_now.is_empty() {
            said.push_str(&format!(". {} may not at present, though named", listed(&not_now)));
        }
        if let Some(officer) = self.officer().filter(|it| !open_to.names(it.id)) {
            said.push_str(&format!(". {}, its officer, may not", officer.name));
        }
        said
    }

    fn of(&self, which: impl Fn(&Colleague) -> bool) -> Vec<&str> {
        self.colleagues.iter().filter(|it| which(it)).map(|it| it.name.as_str()).collect()
    }
}

pub const EVERYBODY: &str = "Everybody who may read enquiries";

pub fn listed(names: &[&str]) -> String {
    match names {
        [] => "Nobody".to_owned(),
        names => display_name(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()),
    }
}

impl Colleague {
    fn reach(&self) -> Reach {
        let held = self.roles.as_deref().unwrap_or_default().split(',');
        let roles: Vec<Role> = held.filter_map(|code| code.parse().ok()).collect();
        reach(&roles, Permission::ReadEnquiries)
    }

    /// Whether naming them can open anything to them.
    pub fn reads(&self) -> bool {
        self.active && self.reach() > Reach::None
    }

    pub fn reads_everything(&self) -> bool {
        self.active && self.reach() == Reach::All
    }

    fn may_open(&self, officer: Option<UserId>) -> bool {
        self.reads_everything() || (self.reads() && officer == Some(self.id))
    }

    /// As the form offers them.
    pub fn label(&self, officer: Option<UserId>) -> String {
        let about = match (self.active, self.reach()) {
            (false, _) => "deactivated; named for when they come back",
            (true, Reach::None) => "may not read enquiries at present",
            (true, _) if officer == Some(self.id) => "its officer",
            (true, Reach::Own) => "only while the enquiry is assigned to them",
            (true, Reach::All) => return self.name.clone(),
        };
        format!("{} ({about})", self.name)
    }
}

/// Who may open it, as [`Now::sentence`] says it.
pub async fn sentence(connection: &mut SqliteConnection, enquiry: EnquiryId) -> sqlx::Result<String> {
    let now = Now::load(connection, enquiry).await?;
    Ok(now.sentence(&now.open_to))
}

/// Restricted records that nobody may open.
pub async fn list_stranded(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<Stranded>> {
    queries::list_stranded(db, &reading(Reach::All), &reading(Reach::Own), None).await
}

pub async fn count_stranded(db: impl SqliteExecutor<'_>) -> sqlx::Result<usize> {
    Ok(list_stranded(db).await?.len())
}

/// Those that nobody may open once this person is gone.
pub async fn count_stranded_without(db: impl SqliteExecutor<'_>, person: UserId) -> sqlx::Result<usize> {
    let left = queries::list_stranded(db, &reading(Reach::All), &reading(Reach::Own), Some(person)).await?;
    Ok(left.len())
}

fn reading(reach: Reach) -> Vec<Role> {
    Role::ALL.iter().copied().filter(|role| role.reach(Permission::ReadEnquiries) == reach).collect()
}
