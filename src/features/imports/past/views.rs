//! The pages of imports that are done.

use askama::Template;
use askama_web::WebTemplate;

use super::queries::{BuiltOn, Import, Made};
use crate::domain::audit::Action;
use crate::domain::ids::ImportId;
use crate::domain::text::grouped;
use crate::features::imports::uploads::{SavedMapping, Upload};
use crate::web::paging::Slice;
use crate::web::work::Progress;
use crate::web::{Ctx, Page};

#[derive(Template, WebTemplate)]
#[template(path = "imports/index.html")]
pub struct IndexPage {
    page: Page,
    imports: Vec<Import>,
    next: Option<String>,
    being_undone: Vec<ImportId>,
    on_their_way: Vec<Upload>,
    mappings: Vec<SavedMapping>,
}

impl IndexPage {
    pub fn new(
        ctx: &Ctx,
        imports: Slice<Import>,
        being_undone: Vec<ImportId>,
        on_their_way: Vec<Upload>,
        mappings: Vec<SavedMapping>,
    ) -> IndexPage {
        let Slice { rows, next } = imports;
        IndexPage { page: Page::new(ctx, "Imports"), imports: rows, next, being_undone, on_their_way, mappings }
    }

    fn is_being_undone(&self, import: &ImportId) -> bool {
        self.being_undone.contains(import)
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "imports/import.html")]
pub struct ImportPage {
    page: Page,
    import: Import,
    undoing: Undoing,
    /// While its refused rows can be downloaded.
    upload: Option<Upload>,
    made: Vec<Made>,
    next: Option<String>,
}

/// What is known of undoing an import that stands.
pub enum Undoing {
    None,
    UnderWay,
    /// Sentences that say who tried and why it could not be.
    Failed(String),
}

impl ImportPage {
    pub fn new(ctx: &Ctx, import: Import, undoing: Undoing, upload: Option<Upload>, made: Slice<Made>) -> ImportPage {
        let Slice { rows, next } = made;
        let page = Page::new(ctx, format!("Import of {}", import.file_name));
        ImportPage { page, import, undoing, upload, made: rows, next }
    }

    fn is_being_undone(&self) -> bool {
        self.import.undone_at.is_none() && matches!(self.undoing, Undoing::UnderWay)
    }

    fn why_not_undone(&self) -> Option<&str> {
        match &self.undoing {
            Undoing::Failed(why) if self.import.undone_at.is_none() => Some(why),
            _ => None,
        }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "imports/undo.html")]
pub struct UndoPage {
    page: Page,
    import: Import,
    built: Vec<Built>,
    more: bool,
    refused: Option<String>,
}

/// A record that somebody has worked on since.
struct Built {
    href: String,
    name: String,
    what: String,
}

const SHOWN: usize = 50;

impl UndoPage {
    pub fn new(ctx: &Ctx, import: Import, built: Vec<BuiltOn>, refused: Option<String>) -> UndoPage {
        let more = built.len() > SHOWN;
        let built = built.into_iter().take(SHOWN).map(shown).collect();
        UndoPage { page: Page::new(ctx, "Undo an import"), import, built, more, refused }
    }
}

/// Of a restricted record nothing is said but that it is there.
fn shown(built: BuiltOn) -> Built {
    let action = built.action.parse::<Action>().map_or("Changed it", Action::label);
    let what = format!("{action}, {}, {}", built.who, built.at.london_text());
    if built.restricted {
        return Built { href: String::new(), name: "A restricted record".to_owned(), what };
    }
    let name = built.name.map_or(built.reference.clone(), |name| format!("{name} ({})", built.reference));
    Built { href: format!("/enquiries/{}", built.enquiry), name, what }
}

/// How far it is, or that nothing is being undone.
#[derive(Template)]
#[template(path = "imports/undoing.html", blocks = ["progress"])]
pub struct UndoingPage {
    page: Page,
    import: Import,
    progress: Option<Progress>,
}

impl UndoingPage {
    pub fn new(ctx: &Ctx, import: Import, progress: Option<Progress>) -> UndoingPage {
        UndoingPage { page: Page::new(ctx, format!("Undoing {}", import.file_name)), import, progress }
    }

    fn hundredths(&self) -> Option<usize> {
        self.progress?.hundredths()
    }

    fn said(&self) -> String {
        match self.progress {
            Some(Progress { done, of: Some(of) }) => {
                format!("{} of {} enquiries taken back", grouped(done), grouped(of))
            }
            _ => "Waiting to begin".to_owned(),
        }
    }
}
