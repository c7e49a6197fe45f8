//! The pages of imports that are done.

use askama::Template;
use askama_web::WebTemplate;

use super::queries::{BuiltOn, Import, Made};
use crate::domain::audit::Action;
use crate::features::imports::uploads::{SavedMapping, Upload};
use crate::web::paging::Slice;
use crate::web::{Ctx, Page};

#[derive(Template, WebTemplate)]
#[template(path = "imports/index.html")]
pub struct IndexPage {
    page: Page,
    imports: Vec<Import>,
    next: Option<String>,
    on_their_way: Vec<Upload>,
    mappings: Vec<SavedMapping>,
}

impl IndexPage {
    pub fn new(ctx: &Ctx, imports: Slice<Import>, on_their_way: Vec<Upload>, mappings: Vec<SavedMapping>) -> IndexPage {
        let Slice { rows, next } = imports;
        IndexPage { page: Page::new(ctx, "Imports"), imports: rows, next, on_their_way, mappings }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "imports/import.html")]
pub struct ImportPage {
    page: Page,
    import: Import,
    /// While its refused rows can be downloaded.
    upload: Option<Upload>,
    made: Vec<Made>,
    next: Option<String>,
}

impl ImportPage {
    pub fn new(ctx: &Ctx, import: Import, upload: Option<Upload>, made: Slice<Made>) -> ImportPage {
        let Slice { rows, next } = made;
        let page = Page::new(ctx, format!("Import of {}", import.file_name));
        ImportPage { page, import, upload, made: rows, next }
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
