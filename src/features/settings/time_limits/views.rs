use askama::Template;
use askama_web::WebTemplate;

use crate::domain::time_limit::{Clock, Rules, TimeLimit, Unit};
use crate::features::access::Conflict;
use crate::features::time_limits::{LimitRow, Rebuild};
use crate::web::form::Choice;
use crate::web::{Ctx, Form, Page};

#[derive(Template, WebTemplate)]
#[template(path = "settings/time_limits.html")]
pub struct TablePage {
    page: Page,
    rows: Vec<Row>,
    /// While clocks are made anew after a change.
    progress: Option<String>,
}

struct Row {
    code: &'static str,
    label: &'static str,
    between: (&'static str, &'static str),
    limit: String,
    statutory: bool,
    source: String,
    /// `In use`, `Not in use`, `Waits for …`.
    state: &'static str,
    /// Changes that are known already.
    coming: Vec<String>,
}

impl TablePage {
    pub fn new(ctx: &Ctx, rules: &Rules, rebuild: Option<Rebuild>) -> TablePage {
        let rows = Clock::ALL.iter().filter_map(|clock| {
            let now = rules.in_force(*clock, ctx.today)?;
            let coming = rules.limits(*clock).iter().filter(|limit| limit.from > ctx.today);
            Some(Row {
                code: clock.code(),
                label: clock.label(),
                between: clock.between(),
                limit: now.words(),
                statutory: now.statutory,
                source: now.source.clone(),
                state: state(*clock, now),
                coming: coming.map(|limit| format!("{} from {}", described(limit), limit.from.words())).collect(),
            })
        });
        TablePage {
            page: Page::new(ctx, "Time limits"),
            rows: rows.collect(),
            progress: rebuild.map(|rebuild| format!("{} of {} enquiries done", rebuild.done, rebuild.total)),
        }
    }
}

fn state(clock: Clock, limit: &TimeLimit) -> &'static str {
    match (clock.is_watched(), limit.in_use) {
        (false, _) => "Inactive",
        (true, true) => "In use",
        (true, false) => "Not in use",
    }
}

fn described(limit: &TimeLimit) -> String {
    if limit.in_use { limit.words() } else { "not in use".to_owned() }
}

#[derive(Template, WebTemplate)]
#[template(path = "settings/time_limit.html")]
pub struct ClockPage {
    page: Page,
    form: Form,
    clock: Clock,
    second: Option<&'static str>,
    now: String,
    units: Vec<Choice>,
    history: Vec<LimitRow>,
    conflict: Option<Conflict>,
}

impl ClockPage {
    pub fn new(
        ctx: &Ctx,
        clock: Clock,
        now: &TimeLimit,
        form: Form,
        mut history: Vec<LimitRow>,
        conflict: Option<Conflict>,
    ) -> ClockPage {
        history.retain(|row| row.clock == clock);
        ClockPage {
            page: Page::new(ctx, format!("{}: time limit", clock.label()))
                .with_errors_of(&form)
                .with_conflict(conflict.is_some()),
            clock,
            second: clock.second_figure(),
            now: described(now),
            units: Choice::all(Unit::ALL, Unit::code, Unit::label),
            history,
            conflict,
            form,
        }
    }
}
