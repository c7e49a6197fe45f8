//! Kinds of fostering, and the two sides that reports never net against each other.

use crate::coded;

coded! {
    /// One primary kind an enquiry (Ofsted's primary placement offer).
    pub enum FosteringType {
        Mainstream = "mainstream", "Mainstream";
        LongTerm = "long_term", "Long term";
        ShortTerm = "short_term", "Short term";
        ShortBreaks = "short_breaks", "Short breaks";
        Emergency = "emergency", "Emergency";
        ParentAndChild = "parent_and_child", "Parent and child";
        Remand = "remand", "Remand";
        FosteringToAdopt = "fostering_to_adopt", "Fostering to adopt";
        FamilyAndFriends = "family_and_friends", "Family and friends";
        SupportedLodgings = "supported_lodgings", "Supported lodgings";
        Other = "other", "Other";
    }
}

impl FosteringType {
    /// What others call the same kind: kinship is fostering by family and friends, who are "connected persons".
    pub fn also_called(self) -> &'static [&'static str] {
        match self {
            FosteringType::FamilyAndFriends => &["Kinship", "Connected person", "Connected persons"],
            _ => &[],
        }
    }
}

coded! {
    /// Which enquiries a report is about.
    pub enum TypeFilter {
        All = "all", "All";
        Mainstream = "mainstream", "Mainstream";
        Kinship = "kinship", "Kinship";
    }
}

impl TypeFilter {
    pub fn includes(self, kind: Option<FosteringType>) -> bool {
        self.takes(Side::of(kind))
    }

    pub fn takes(self, side: Side) -> bool {
        match self {
            TypeFilter::All => true,
            TypeFilter::Mainstream => side == Side::Mainstream,
            TypeFilter::Kinship => side == Side::Kinship,
        }
    }
}

coded! {
    /// Where an enquiry belongs in figures: kinship is family and friends; supported lodgings is neither; everything
    /// else is mainstream, also where no kind is recorded (Ofsted).
    pub enum Side {
        Mainstream = "mainstream", "Mainstream";
        Kinship = "kinship", "Kinship";
        Neither = "neither", "Neither";
    }
}

impl Side {
    pub fn of(kind: Option<FosteringType>) -> Side {
        match kind {
            Some(FosteringType::FamilyAndFriends) => Side::Kinship,
            Some(FosteringType::SupportedLodgings) => Side::Neither,
            _ => Side::Mainstream,
        }
    }
}
