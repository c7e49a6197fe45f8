use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use futures::future::try_join_all;
use serde::Deserialize;

use super::actions;
use super::forms;
use super::queries;
use super::rows::{Act, Row, is_planned, is_to_do};
use super::section::Section;
use super::sections::{Asking, Whose, find, tell_of_each_other, with_reach};
use super::views::{ActFragment, AgainPage, Cleared, SectionPage, SectionView, Switch, TodayPage};
use crate::domain::ids::{AppointmentId, EnquiryId, TaskId, UserId};
use crate::domain::ledger::{AttributeName, Fact, Milestone};
use crate::domain::milestone::MilestoneKind;
use crate::domain::note::NoteKind;
use crate::domain::role::{Permission, Reach};
use crate::features::access::{self, Subject, Viewer, show};
use crate::features::enquiries::{Giving, GivingRefusal};
use crate::features::pipeline::{self, Change, Seen};
use crate::features::{appointments, enquiries, tasks};
use crate::web::form::Choice;
use crate::web::{AppError, AppState, Ctx, Form, HX_RETARGET, Page, Path};

/// How many rows a section shows before "Show more".
const FEW: usize = 10;
const PAGE: usize = 50;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    whose: String,
    after: Option<String>,
}

pub async fn index(State(state): State<AppState>, ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    let viewer = Viewer::of(&ctx);
    let whose = Whose::read(&asked.whose, viewer);
    let people = people(&state).await?;
    let asking = Asking { ctx: &ctx, whose, viewer, limit: FEW, after: None, people: &people };
    let mut sections = Vec::new();
    // Side by side: each reads a connection of its own.
    let mut found = try_join_all(Section::ALL.iter().map(|section| find(&state, *section, &asking))).await?;
    tell_of_each_other(&mut found);
    for (section, found) in Section::ALL.iter().zip(found) {
        if found.rows.is_empty() {
            continue;
        }
        let more = found.next.is_some();
        sections.push(SectionView {
            section: *section,
            count: if more { format!("{} and more", found.rows.len()) } else { found.rows.len().to_string() },
            more: more.then(|| address(&format!("/today/{}", section.code()), whose)),
            rows: found.rows,
        });
    }
    let page = Page::new(&ctx, "Today");
    let mut colleagues = people.clone();
    colleagues.extend(left(&state).await?);
    let switch = (!viewer.own_only).then(|| switch(whose, colleagues, viewer.user));
    let day = ctx.today.0.strftime("%A %-d %B").to_string();
    let (csrf, back) = (page.csrf.clone(), address("/today", whose));
    let stranded = stranded(&state, &ctx).await?;
    show(StatusCode::OK, &TodayPage { page, csrf, back, sections, switch, day, stranded })
}

/// Restricted records that nobody may open any more, for whoever may name somebody.
async fn stranded(state: &AppState, ctx: &Ctx) -> Result<usize, AppError> {
    match ctx.may(Permission::NameForRestricted) {
        true => Ok(enquiries::count_stranded(state.db.read()).await?),
        false => Ok(0),
    }
}

fn switch(whose: Whose, people: Vec<Choice>, me: UserId) -> Switch {
    let links = [
        ("Mine", "/today", whose == Whose::Mine),
        ("Everybody’s", "/today?whose=everybody", whose == Whose::Everybody),
        ("Unassigned", "/today?whose=unassigned", whose == Whose::Unassigned),
    ];
    let colleague = if let Whose::Colleague(user) = whose { user.to_string() } else { String::new() };
    let colleagues = people.into_iter().filter(|choice| choice.value != me.to_string()).collect();
    Switch { links: links.to_vec(), colleagues, colleague }
}

fn address(path: &str, whose: Whose) -> String {
    let code = whose.code();
    if code.is_empty() { path.to_owned() } else { format!("{path}?whose={code}") }
}

async fn people(state: &AppState) -> Result<Vec<Choice>, AppError> {
    let colleagues = tasks::list_colleagues(state.db.read()).await?;
    Ok(colleagues.into_iter().map(|it| Choice::of(it.id.to_string(), it.name)).collect())
}

/// Whose work somebody has to look after: a deactivated person's open cases stay theirs until they are given to
/// somebody else.
async fn left(state: &AppState) -> Result<Vec<Choice>, AppError> {
    let left = queries::list_left(state.db.read()).await?;
    Ok(left.into_iter().map(|it| Choice::of(it.id.to_string(), format!("{} (has left)", it.name))).collect())
}

pub async fn section(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(section): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let section: Section = section.parse().map_err(|_| AppError::NotFound)?;
    let viewer = Viewer::of(&ctx);
    let whose = Whose::read(&asked.whose, viewer);
    let people = people(&state).await?;
    let asking = Asking { ctx: &ctx, whose, viewer, limit: PAGE, after: asked.after.as_deref(), people: &people };
    let found = find(&state, section, &asking).await?;
    let here = address(&format!("/today/{}", section.code()), whose);
    let and = if here.contains('?') { '&' } else { '?' };
    let page = Page::new(&ctx, section.label());
    let page = SectionPage {
        csrf: page.csrf.clone(),
        page,
        today: address("/today", whose),
        section,
        rows: found.rows,
        next: found.next.map(|next| format!("{here}{and}after={next}")),
        back: here,
    };
    show(StatusCode::OK, &page)
}

pub async fn contact(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    mut form: Form,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let in_touch = form.value("in_touch") == "yes";
    let act = Act::Contact { enquiry: id, in_touch };
    let Some(contact) = forms::contact(&mut form, ctx.today) else {
        return again(&state, &ctx, Some(&subject), form, act).await;
    };
    let token = form.one_time_token()?;
    let no_answer = contact.note.kind == NoteKind::NoAnswer;
    if no_answer && !in_touch {
        actions::no_answer(&state, &ctx, id, token, &contact).await?;
        let again = contact.again.map(|again| again.long()).unwrap_or_default();
        return cleared(&ctx, &form, Some(&subject), &format!("No answer is recorded. Try again on {again}"));
    }
    let ledger = actions::ledger(&state, id).await?;
    let changes = actions::changes(&ctx, &ledger, &contact, in_touch);
    let first = changes.iter().any(|change| matches!(change, Change::Record(_)));
    match pipeline::save(&state, &ctx, id, token, changes).await? {
        Ok(_) => {
            let said = match contact.again {
                Some(again) if in_touch => format!("Contact is recorded. They come back on {}", again.long()),
                _ if first => format!("{} is recorded", MilestoneKind::FirstContact.label()),
                _ => "Contact is recorded".to_owned(),
            };
            cleared(&ctx, &form, Some(&subject), &said)
        }
        Err(refused) => {
            form.fail("on", refused.to_string());
            again(&state, &ctx, Some(&subject), form, act).await
        }
    }
}

pub async fn milestone(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    mut form: Form,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let kind: MilestoneKind = form.value("kind").parse().map_err(|_| AppError::NotFound)?;
    let act = Act::milestone(id, kind);
    let Some((on, result)) = forms::milestone(&mut form, &act, ctx.today) else {
        return again(&state, &ctx, Some(&subject), form, act).await;
    };
    let token = form.one_time_token()?;
    let fact = Fact::Milestone(Milestone::new(kind, on).with_result(result));
    match pipeline::save(&state, &ctx, id, token, vec![Change::Record(fact)]).await? {
        Ok(_) => cleared(&ctx, &form, Some(&subject), &format!("{} is recorded", kind.label())),
        Err(refused) => {
            form.fail("on", refused.to_string());
            again(&state, &ctx, Some(&subject), form, act).await
        }
    }
}

pub async fn task(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<TaskId>,
    mut form: Form,
) -> Result<Response, AppError> {
    let task = tasks::find_current(state.db.read(), id).await?.ok_or(AppError::NotFound)?;
    let subject = match task.enquiry {
        Some(enquiry) => Some(access::open(&state, &ctx, enquiry, Permission::WriteEnquiries).await?),
        None if ctx.reach(Permission::WriteEnquiries) < Reach::All && task.user != Some(ctx.user.id) => {
            return Err(AppError::Forbidden);
        }
        None => None,
    };
    let act = |seen| Act::Task { task: seen, reaches: task.enquiry.is_some() };
    let tried = form.value("tried") == "yes";
    let (deed, said) = if tried && subject.is_some() {
        let again = forms::again(&mut form, ctx.today);
        let said = again.map(|again| format!("No answer is recorded. Try again on {}", again.long()));
        (again.map(|again| tasks::Deed::NoAnswer { seen: id, again }), said.unwrap_or_default())
    } else {
        let deed = forms::outcome(&mut form).map(|outcome| tasks::Deed::Complete { seen: id, outcome });
        (deed, format!("Done: {}", task.what))
    };
    let Some(deed) = deed else { return again(&state, &ctx, subject.as_ref(), form, act(id)).await };
    let token = form.one_time_token()?;
    match tasks::save(&state, &ctx, token, "/today".to_owned(), deed).await? {
        Ok(_) => cleared(&ctx, &form, subject.as_ref(), &said),
        Err(_) => {
            let now = tasks::find_current(state.db.read(), id).await?.ok_or(AppError::NotFound)?;
            let (by, at) = (now.by.clone(), now.recorded_at.london_text());
            if !is_to_do(&now) {
                return cleared(&ctx, &form, subject.as_ref(), &format!("{by} was first, on {at}: {}", now.ending()));
            }
            let due = now.due.long();
            form.fail(
                "",
                format!("{by} changed this task on {at}: “{}”, due {due}. Look again, then send it", now.what),
            );
            again(&state, &ctx, subject.as_ref(), form, act(now.id)).await
        }
    }
}

pub async fn visit(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<AppointmentId>,
    mut form: Form,
) -> Result<Response, AppError> {
    let visit = appointments::find_current(state.db.read(), id).await?.ok_or(AppError::NotFound)?;
    let subject = access::open(&state, &ctx, visit.enquiry, Permission::WriteEnquiries).await?;
    let token = form.one_time_token()?;
    match appointments::save(&state, &ctx, token, "/today".to_owned(), appointments::Deed::Keep { seen: id }).await? {
        Ok(_) => cleared(&ctx, &form, Some(&subject), &format!("{} is recorded", MilestoneKind::InitialVisit.label())),
        Err(refused) => {
            let now = appointments::find_current(state.db.read(), id).await?.ok_or(AppError::NotFound)?;
            let (by, at) = (now.by.clone(), now.recorded_at.london_text());
            if !is_planned(&now) {
                let said = format!("{by} was first, on {at}: {}", now.state.label());
                return cleared(&ctx, &form, Some(&subject), &said);
            }
            form.fail("", format!("{refused}. It is planned for {}", now.visit.when()));
            again(&state, &ctx, Some(&subject), form, Act::Visit(now.id)).await
        }
    }
}

pub async fn assign(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    mut form: Form,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::AssignEnquiries).await?;
    let people = people(&state).await?;
    let chosen = form.required_choice::<UserId>("officer", "Choose who has it from now on");
    let chosen = chosen.and_then(|user| people.iter().find(|it| it.value == user.to_string()).map(|it| (user, it)));
    let Some((user, person)) = chosen else {
        form.fail("officer", "Choose one of the people in the list");
        return again(&state, &ctx, Some(&subject), form, Act::Assign { enquiry: id, people }).await;
    };
    let token = form.one_time_token()?;
    let ledger = actions::ledger(&state, id).await?;
    let officer = ledger.facts().attribute(AttributeName::Officer).map(str::to_owned);
    if let Some(officer) = officer {
        return cleared(&ctx, &form, Some(&subject), &format!("Somebody was first: {officer} has it"));
    }
    let seen = Seen::of(&ledger, &[AttributeName::Officer]);
    let giving = Giving { officer: Some((person.label.clone(), user)), from: ctx.today, seen, naming: None };
    match enquiries::give(&state, &ctx, id, token, giving).await? {
        Ok(_) => cleared(&ctx, &form, Some(&subject), &format!("{} has it from now on", person.label)),
        Err(refused) => {
            let how = match refused {
                GivingRefusal::NotNamed { .. } => ". “Give to an officer” on the record offers to name them as well",
                GivingRefusal::Refused(_) => "",
            };
            form.fail("officer", format!("{refused}{how}"));
            again(&state, &ctx, Some(&subject), form, Act::Assign { enquiry: id, people }).await
        }
    }
}

/// What is said where the row stood: in its place for htmx, above the whole page without.
fn cleared(ctx: &Ctx, form: &Form, subject: Option<&Subject>, said: &str) -> Result<Response, AppError> {
    let name = subject.map(|subject| subject.name.clone()).unwrap_or_default();
    if !ctx.htmx {
        let whole = if name.is_empty() { said.to_owned() } else { format!("{name}: {said}") };
        return Ok(ctx.redirect(&back(form), &whole));
    }
    let href = subject.map_or_else(|| "/tasks".to_owned(), |subject| format!("/enquiries/{}", subject.id));
    show(StatusCode::OK, &Cleared { key: form.value("row").to_owned(), name, href, said: said.to_owned() })
}

/// The form once more, with what is wrong with what was sent: in its place for htmx, in a page of its own without.
async fn again(
    state: &AppState,
    ctx: &Ctx,
    subject: Option<&Subject>,
    form: Form,
    act: Act,
) -> Result<Response, AppError> {
    let back = back(&form);
    let page = Page::new(ctx, "Today").with_errors_of(&form);
    let csrf = page.csrf.clone();
    let mut row = Row::again(ctx, subject, form, act);
    with_reach(state, std::slice::from_mut(&mut row)).await?;
    if !ctx.htmx {
        return show(StatusCode::UNPROCESSABLE_ENTITY, &AgainPage { page, row, csrf, back });
    }
    let place = format!("#{} > .do", row.key);
    let mut answer = show(StatusCode::UNPROCESSABLE_ENTITY, &ActFragment { row, csrf, back })?;
    answer.headers_mut().insert(HX_RETARGET, place.parse()?);
    Ok(answer)
}

/// Our own page from which the form was sent.
fn back(form: &Form) -> String {
    let back = form.value("back");
    if back == "/today" || back.starts_with("/today?") || back.starts_with("/today/") {
        back.to_owned()
    } else {
        "/today".to_owned()
    }
}
