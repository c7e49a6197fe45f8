//! `GET /enquiries/new`, `POST /enquiries` and `POST /households/known`. What is typed about people travels in the
//! body and never in an address, also where nothing is changed.

use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use sqlx::SqliteConnection;

use super::actions::{self, Outcome};
use super::forms::{Offered, Seen};
use super::known::Known;
use super::queries::Referred;
use super::views::NewPage;
use super::{forms, known, queries};
use crate::domain::ids::UserId;
use crate::domain::source::List;
use crate::features::access::Viewer;
use crate::features::enquiries::queries_recorded;
use crate::features::pipeline;
use crate::web::{AppError, AppState, Ctx, Form, finish, page};

const MAY_BE_KNOWN: &str =
    "This household may be known: choose it below, or press “Log the enquiry” again to log them as new";

pub async fn show(ctx: Ctx, State(state): State<AppState>) -> Result<Response, AppError> {
    let mut db = state.db.read().acquire().await?;
    let offered = offered(&mut db).await?;
    let me = offered.officers.iter().find(|(_, id)| *id == ctx.user.id).map(|(_, id)| id.to_string());
    let form = Form::of([
        ("received_on", ctx.today.words()),
        ("officer", me.unwrap_or_default()),
        ("message_allowed", "not_asked".to_owned()),
        ("consent_to_contact", "not_asked".to_owned()),
    ]);
    shown(&mut db, &ctx, form, offered, None).await.map(|page| Html(page).into_response())
}

/// Logs it; or makes room for one more person, or looks whether the household is known, and keeps what was typed.
pub async fn create(ctx: Ctx, State(state): State<AppState>, mut form: Form) -> Result<Response, AppError> {
    let mut db = state.db.read().acquire().await?;
    let offered = offered(&mut db).await?;
    match form.value("do") {
        "add_person" => {
            forms::add_person(&mut form);
            return shown(&mut db, &ctx, form, offered, None).await.map(|page| Html(page).into_response());
        }
        "check" => return shown(&mut db, &ctx, form, offered, None).await.map(|page| Html(page).into_response()),
        _ => {}
    }
    let Some(entered) = forms::parse(&mut form, ctx.today, &offered) else {
        let known = known(&mut db, &ctx, &form).await?;
        return page::invalid(NewPage::new(&ctx, form, offered, known, None));
    };
    // Nobody keeps a reader while waiting for the writer.
    drop(db);
    let (token, actor, writer) = (form.one_time_token()?, ctx.actor(), state.db.clone());
    let (viewer, seen) = (Viewer::of(&ctx), Seen::of(&form));
    let outcome = finish(async move {
        let mut write = writer.write().await?;
        let outcome = actions::log(&mut write, &actor, viewer, &entered, &seen, &token).await?;
        write.commit().await?;
        Ok::<_, AppError>(outcome)
    })
    .await?;
    let referred = match outcome {
        Outcome::Logged { location, message } => return Ok(ctx.redirect(&location, &message)),
        Outcome::Before(location) => return Ok(ctx.go(&location)),
        Outcome::Referred(referred) => {
            let sentence = match referred.restricted {
                true => "This referral is recorded already".to_owned(),
                false => format!("This referral is recorded already, as {}", referred.reference),
            };
            form.fail("hub_reference", sentence);
            Some(referred)
        }
        Outcome::HouseholdGone => {
            form.fail("household", "This household is no longer there. Choose another, or a new one");
            None
        }
        Outcome::MayBeKnown => {
            form.fail("household", MAY_BE_KNOWN);
            None
        }
    };
    let mut db = state.db.read().acquire().await?;
    let known = known(&mut db, &ctx, &form).await?;
    page::invalid(NewPage::new(&ctx, form, offered, known, referred))
}

/// What is known of the household, while somebody is still typing.
pub async fn recognise(ctx: Ctx, State(state): State<AppState>, form: Form) -> Result<Response, AppError> {
    let mut db = state.db.read().acquire().await?;
    let known = known(&mut db, &ctx, &form).await?;
    let page = NewPage::new(&ctx, form, Offered::default(), known, None);
    Ok(Html(page.as_known().render()?).into_response())
}

async fn shown(
    db: &mut SqliteConnection,
    ctx: &Ctx,
    form: Form,
    offered: Offered,
    referred: Option<Referred>,
) -> Result<String, AppError> {
    let known = known(db, ctx, &form).await?;
    Ok(NewPage::new(ctx, form, offered, known, referred).render()?)
}

async fn known(db: &mut SqliteConnection, ctx: &Ctx, form: &Form) -> sqlx::Result<Vec<Known>> {
    known::find(db, &forms::typed_keys(form), &forms::typed_names(form), Viewer::of(ctx)).await
}

async fn offered(db: &mut SqliteConnection) -> Result<Offered, AppError> {
    let officers = queries::list_officers(&mut *db).await?;
    Ok(Offered {
        officers: officers.into_iter().map(|officer| (officer.name, officer.id)).collect::<Vec<(String, UserId)>>(),
        sources: pipeline::list_offered(&mut *db, List::Source).await?,
        campaigns: pipeline::list_offered(&mut *db, List::Campaign).await?,
        hubs: queries_recorded::list_hubs(&mut *db).await?,
    })
}
