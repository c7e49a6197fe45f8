//! The list of words, and the form of one.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::actions::{self, WordRefusal};
use super::queries::{self, Version};
use super::views::{WordPage, WordsPage};
use crate::domain::glossary::{LONGEST, Term, terms};
use crate::domain::text::{tidy, upper_first};
use crate::features::access::{Conflict, Versions};
use crate::web::error::Result;
use crate::web::page::invalid;
use crate::web::{AppError, AppState, Ctx, Form, Path, finish};

const LIST: &str = "/settings/words";

pub async fn index(ctx: Ctx) -> WordsPage {
    WordsPage::new(&ctx, terms())
}

pub async fn edit(State(state): State<AppState>, ctx: Ctx, Path(key): Path<String>) -> Result<WordPage> {
    let term = of(&key)?;
    let versions = queries::list_versions(state.db.read(), &key).await?;
    Ok(WordPage::new(&ctx, form_of(&versions), term, versions, None))
}

/// Sent twice, the second changes nothing: the word is said so already.
pub async fn change(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(key): Path<String>,
    mut form: Form,
) -> Result<Response> {
    let term = of(&key)?;
    let word = typed(&mut form, &term);
    let versions = queries::list_versions(state.db.read(), &key).await?;
    if !form.is_valid() {
        return invalid(WordPage::new(&ctx, form, term, versions, None));
    }
    finish(async move {
        let mut write = state.db.write().await?;
        let seen = form.value("seen").parse().ok();
        match actions::change(&mut write, &ctx.actor(), &term, seen, word.as_deref()).await {
            Ok(()) => {
                write.commit().await?;
                actions::load(&state.db).await?;
                let said = match &word {
                    Some(word) => format!("“{}” is now “{word}”", term.standard),
                    None => format!("“{}” is called by its standard word", term.standard),
                };
                Ok(ctx.redirect(LIST, &said))
            }
            Err(WordRefusal::Database(error)) => Err(error.into()),
            Err(refused @ WordRefusal::Taken(_)) => {
                form.fail("word", refused.to_string());
                invalid(WordPage::new(&ctx, form, term, versions, None))
            }
            Err(stale @ WordRefusal::Stale) => {
                let versions = queries::list_versions(&mut *write, &key).await?;
                form.keep_what_was_typed(&form_of(&versions));
                let now = versions.first().and_then(|version| version.word.clone());
                let words = |word: Option<String>| word.unwrap_or_else(|| term.standard.to_owned());
                let rows = vec![Versions::of("Our word", words(now), words(word))];
                let conflict = Conflict { sentence: format!("{stale}."), rows };
                let page = WordPage::new(&ctx, form, term, versions, Some(conflict));
                Ok((StatusCode::CONFLICT, page).into_response())
            }
        }
    })
    .await
}

fn of(key: &str) -> Result<Term> {
    terms().into_iter().find(|term| term.key == key).ok_or(AppError::NotFound)
}

fn form_of(versions: &[Version]) -> Form {
    let now = versions.first();
    let word = now.and_then(|version| version.word.clone()).unwrap_or_default();
    let seen = now.map(|version| version.id.to_string()).unwrap_or_default();
    Form::of([("word", word), ("seen", seen)]).opened()
}

/// With the capital that a label begins with; in a sentence it loses it again. None: the standard one.
fn typed(form: &mut Form, term: &Term) -> Option<String> {
    let word = upper_first(&tidy(form.value("word")));
    if word.chars().count() > LONGEST {
        form.fail("word", format!("Use at most {LONGEST} characters"));
    }
    (!word.is_empty() && word != term.standard).then_some(word)
}
