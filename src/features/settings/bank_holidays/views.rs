use askama::Template;
use askama_web::WebTemplate;

use crate::domain::working_days::{BankHoliday, WorkingDays};
use crate::features::time_limits::{Rebuild, SpecialDayRow};
use crate::web::form::Choice;
use crate::web::{Ctx, Form, Page};

#[derive(Template, WebTemplate)]
#[template(path = "settings/bank_holidays.html")]
pub struct HolidaysPage {
    page: Page,
    form: Form,
    /// The year before, this one and the next two.
    years: Vec<(i16, Vec<BankHoliday>)>,
    special: Vec<SpecialDayRow>,
    /// Replaced or removed.
    earlier: Vec<SpecialDayRow>,
    kinds: Vec<Choice>,
    progress: Option<String>,
}

impl HolidaysPage {
    pub fn new(
        ctx: &Ctx,
        form: Form,
        days: &WorkingDays,
        rows: Vec<SpecialDayRow>,
        rebuild: Option<Rebuild>,
    ) -> HolidaysPage {
        let this = ctx.today.0.year();
        let (special, earlier) = rows.into_iter().partition(|row| row.superseded_at.is_none());
        HolidaysPage {
            page: Page::new(ctx, "Bank holidays").with_errors_of(&form),
            form,
            years: (this - 1..=this + 2).map(|year| (year, days.bank_holidays(year))).collect(),
            special,
            earlier,
            kinds: vec![
                Choice::of("holiday", "A bank holiday beyond the rule"),
                Choice::of("working_day", "A working day: the holiday was moved away from it"),
            ],
            progress: rebuild.map(|rebuild| format!("{} of {} enquiries done", rebuild.done, rebuild.total)),
        }
    }
}
