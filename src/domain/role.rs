//! Who may do what: the whole matrix in one table.

use crate::coded;

coded! {
    /// Several to a person. Rights are read at each request: a removed role ends at once.
    pub enum Role {
        Officer = "officer", "Recruitment officer";
        Manager = "manager", "Manager";
        /// Assessing or supervising: own cases only.
        SocialWorker = "social_worker", "Social worker";
        Panel = "panel", "Panel adviser";
        /// Independent of the panel (Fostering Services (England) Regulations 2011).
        DecisionMaker = "decision_maker", "Decision maker";
        /// Figures only, never a person.
        Board = "board", "Board member";
        /// Own referrals: what it sent, stage, dates, outcome.
        Hub = "hub", "Regional hub";
        /// Settings and people; no case content.
        Admin = "admin", "Administrator";
    }
}

coded! {
    /// What a route asks for.
    pub enum Permission {
        /// Being signed in is enough: one's own account and sessions.
        OwnAccount = "own_account", "Own account";
        ReadEnquiries = "read_enquiries", "Read enquiries";
        WriteEnquiries = "write_enquiries", "Change enquiries";
        /// Make new ones, and see whether a household is known.
        CreateEnquiries = "create_enquiries", "Log new enquiries";
        AssignEnquiries = "assign_enquiries", "Give enquiries to an officer";
        /// Say who may open a record.
        RestrictEnquiries = "restrict_enquiries", "Say who may open a record";
        /// Of a restricted record that nobody may open any more, without opening it.
        NameForRestricted = "name_for_restricted", "Name somebody for a restricted record that nobody may open";
        /// Take what the list shows away as a file.
        ExportEnquiries = "export_enquiries", "Export enquiries";
        /// Share views of the list with everybody, and keep those that are shared.
        ShareViews = "share_views", "Share views with everybody";
        /// Say that two households are one, or are not; undo it.
        MergeHouseholds = "merge_households", "Merge households";
        /// Bring in whole files, and undo that.
        ImportEnquiries = "import_enquiries", "Import files";
        ReadReports = "read_reports", "Read reports";
        /// The households behind a figure.
        ReadReportHouseholds = "read_report_households", "See the households behind a figure";
        ManagePeople = "manage_people", "Manage people and settings";
    }
}

/// How far a permission goes, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    None,
    /// Cases assigned to them.
    Own,
    /// Every unrestricted record; a restricted one is open to named people only.
    All,
}

impl Role {
    /// What it lets a person do, in a sentence for whoever gives it to them.
    pub fn sentence(self) -> &'static str {
        match self {
            Role::Officer => {
                "Logs enquiries, imports files and takes enquiries forward: every record that is not restricted."
            }
            Role::Manager => {
                "Everything that an officer may do; shares views of the list with everybody; names somebody for a \
                 restricted record that nobody may open."
            }
            Role::SocialWorker => "Sees and changes the cases that are assigned to them; reads reports.",
            Role::Panel => "Reads reports.",
            Role::DecisionMaker => "Reads reports. Stays independent of the panel.",
            Role::Board => "Sees figures only, never a person.",
            Role::Hub => "Sees what became of the referrals that their own hub sent.",
            Role::Admin => "Manages people and settings; sees no case.",
        }
    }

    /// The whole matrix.
    pub fn reach(self, permission: Permission) -> Reach {
        use Permission as P;
        use Reach::{All, None, Own};
        match (self, permission) {
            (_, P::OwnAccount) => All,
            (Role::Admin, P::ManagePeople) => All,
            (_, P::ManagePeople) => None,
            (Role::Officer | Role::Manager, P::ImportEnquiries) => All,
            (_, P::ImportEnquiries) => None,
            (Role::Officer, P::ShareViews | P::NameForRestricted) => None,
            (Role::Officer | Role::Manager, _) => All,
            (Role::SocialWorker, P::ReadEnquiries | P::WriteEnquiries) => Own,
            (Role::SocialWorker | Role::Panel | Role::DecisionMaker | Role::Board, P::ReadReports) => All,
            (Role::SocialWorker | Role::Panel | Role::DecisionMaker | Role::Board | Role::Hub | Role::Admin, _) => None,
        }
    }
}

/// The furthest that any of a person's roles goes.
pub fn reach(roles: &[Role], permission: Permission) -> Reach {
    roles.iter().map(|role| role.reach(permission)).max().unwrap_or(Reach::None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_board_member_sees_figures_and_nobody() {
        let may = |permission| reach(&[Role::Board], permission);
        assert_eq!(may(Permission::ReadReports), Reach::All);
        for permission in [Permission::ReadEnquiries, Permission::WriteEnquiries, Permission::ReadReportHouseholds] {
            assert_eq!(may(permission), Reach::None);
        }
    }

    #[test]
    fn an_administrator_sees_no_case() {
        assert_eq!(reach(&[Role::Admin], Permission::ImportEnquiries), Reach::None);
        assert_eq!(reach(&[Role::Admin], Permission::ReadEnquiries), Reach::None);
        assert_eq!(reach(&[Role::Admin, Role::Manager], Permission::ReadEnquiries), Reach::All);
    }

    #[test]
    fn only_a_manager_shares_views_and_a_social_worker_takes_no_list_away() {
        assert_eq!(reach(&[Role::Officer], Permission::ShareViews), Reach::None);
        assert_eq!(reach(&[Role::Officer, Role::Manager], Permission::ShareViews), Reach::All);
        assert_eq!(reach(&[Role::Officer], Permission::ExportEnquiries), Reach::All);
        assert_eq!(reach(&[Role::SocialWorker], Permission::ExportEnquiries), Reach::None);
    }

    #[test]
    fn who_may_open_a_record_is_said_by_officers_and_managers_and_by_a_manager_where_nobody_is_left() {
        for role in Role::ALL {
            let (officer, manager) = (*role == Role::Officer, *role == Role::Manager);
            let all_if = |may| if may { Reach::All } else { Reach::None };
            assert_eq!(role.reach(Permission::RestrictEnquiries), all_if(officer || manager));
            assert_eq!(role.reach(Permission::NameForRestricted), all_if(manager));
        }
    }

    #[test]
    fn nobody_may_do_anything_without_a_role() {
        for permission in Permission::ALL {
            assert_eq!(reach(&[], *permission), Reach::None);
        }
    }
}
