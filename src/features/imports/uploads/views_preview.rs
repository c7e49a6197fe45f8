//! The preview: what would become of each row, list by list.

use askama::Template;
use askama_web::WebTemplate;

use super::preview::{Line, List, Summary};
use super::queries::Upload;
use crate::domain::ids::ImportId;
use crate::domain::instant::Instant;
use crate::domain::text::grouped;
use crate::features::imports::read_rows::Place;
use crate::features::imports::taking::Newer;
use crate::web::{Ctx, Page};

/// Lines on a page.
pub const PAGE: usize = 50;

#[derive(Template, WebTemplate)]
#[template(path = "imports/preview.html")]
pub struct PreviewPage {
    page: Page,
    upload: Upload,
    summary: Summary,
    tabs: Vec<Tab>,
    list: List,
    lines: Vec<Shown>,
    next: Option<String>,
    /// Of this page of newer facts.
    after: String,
    taking: usize,
    all: bool,
    before: Option<(ImportId, String)>,
}

struct Tab {
    list: List,
    count: usize,
    current: bool,
}

struct Shown {
    line: Line,
    place: String,
    /// As the form sends it.
    code: String,
    taken: bool,
}

impl PreviewPage {
    pub fn new(
        ctx: &Ctx,
        upload: Upload,
        summary: Summary,
        list: List,
        (mut lines, next): (Vec<Line>, Option<String>),
        newer: Newer,
        before: Option<(ImportId, Instant)>,
    ) -> PreviewPage {
        lines.truncate(PAGE);
        let tabs = List::ALL.iter().filter_map(|it| {
            let count = summary.count(*it);
            (count > 0 || *it == list).then_some(Tab { list: *it, count, current: *it == list })
        });
        let offered = summary.count(List::Newer);
        let taking = match &newer {
            Newer::None => 0,
            Newer::All => offered,
            Newer::Of(places) => places.len().min(offered),
        };
        let tabs = tabs.collect();
        let lines = lines.into_iter().map(|line| shown(line, &newer)).collect();
        let before = before.map(|(id, at)| (id, at.london_text()));
        let title = format!("Preview of {}", upload.file_name);
        let all = newer == Newer::All;
        PreviewPage {
            page: Page::new(ctx, title),
            upload,
            summary,
            tabs,
            list,
            lines,
            next,
            after: String::new(),
            taking,
            all,
            before,
        }
    }

    #[must_use]
    pub fn after(self, after: String) -> PreviewPage {
        PreviewPage { after, ..self }
    }

    fn count(&self, code: &str) -> usize {
        code.parse().map_or(0, |list| self.summary.count(list))
    }

    fn known(&self) -> usize {
        [List::Known, List::Others, List::Newer].iter().map(|list| self.summary.count(*list)).sum()
    }

    fn is(&self, code: &str) -> bool {
        self.list.code() == code
    }

    fn compares(&self) -> bool {
        matches!(self.list, List::Others | List::Newer | List::LooksKnown)
    }

    fn button(&self) -> String {
        let new = match self.summary.count(List::New) {
            0 => None,
            1 => Some("1 new enquiry".to_owned()),
            count => Some(format!("{} new enquiries", grouped(count))),
        };
        let newer = match self.taking {
            0 => None,
            1 => Some("the newer facts of 1 row".to_owned()),
            count => Some(format!("the newer facts of {} rows", grouped(count))),
        };
        let both: Vec<String> = new.into_iter().chain(newer).collect();
        format!("Take in {}", both.join(" and "))
    }

    fn has_anything_to_take(&self) -> bool {
        self.summary.count(List::New) > 0 || self.taking > 0
    }
}

fn shown(line: Line, newer: &Newer) -> Shown {
    let words = match (&line.sheet, line.row) {
        (Some(sheet), Some(row)) => format!("{sheet}, row {row}"),
        (Some(sheet), None) => sheet.clone(),
        (None, Some(row)) => format!("Row {row}"),
        (None, None) => String::new(),
    };
    let place = line.row.map(|row| Place { sheet: line.sheet.as_deref().map(Into::into), row });
    let taken = place.as_ref().is_some_and(|place| match newer {
        Newer::None => false,
        Newer::All => true,
        Newer::Of(places) => places.contains(place),
    });
    let code = place.and_then(|place| serde_json::to_string(&place).ok()).unwrap_or_default();
    Shown { line, place: words, code, taken }
}
