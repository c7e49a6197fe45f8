//! A report: the head that says what was asked and of whom, and the figures.

use serde::Serialize;
use sqlx::SqliteConnection;

use super::queries;
use crate::db::Db;
use crate::domain::day::Day;
use crate::domain::fostering::TypeFilter;
use crate::domain::funnel::Funnel;
use crate::domain::instant::Instant;
use crate::domain::question::{Basis, Dimension, Question};

/// How every report begins.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Head {
    pub report: &'static str,
    pub service: String,
    pub from: Day,
    pub to: Day,
    #[serde(rename = "type")]
    pub types: TypeFilter,
    pub as_at: Day,
    pub known_at: Instant,
    pub basis: Basis,
    pub by: Option<Dimension>,
}

impl Head {
    pub(super) fn new(report: &'static str, service: String, question: &Question) -> Head {
        Head {
            report,
            service,
            from: question.period.from,
            to: question.period.to,
            types: question.types,
            as_at: question.as_at,
            known_at: question.known_at,
            basis: question.basis,
            by: question.by,
        }
    }
}

/// Serialises as the documented JSON.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FunnelReport {
    #[serde(flatten)]
    pub head: Head,
    #[serde(flatten)]
    pub funnel: Funnel,
}

/// The funnels of several questions, all of the same moment of the database. `now` tells whether what is asked about
/// is what is known at present.
pub async fn funnels(db: &Db, questions: &[Question], now: Instant) -> sqlx::Result<Vec<FunnelReport>> {
    let mut snapshot = db.read().begin().await?;
    let service = service_name(&mut snapshot).await?;
    let funnels = super::funnel::read(&mut snapshot, questions, now).await?;
    let report = |(question, funnel)| FunnelReport { head: Head::new("funnel", service.clone(), question), funnel };
    Ok(questions.iter().zip(funnels).map(report).collect())
}

pub async fn funnel(db: &Db, question: &Question, now: Instant) -> sqlx::Result<FunnelReport> {
    let mut reports = funnels(db, std::slice::from_ref(question), now).await?;
    Ok(reports.remove(0))
}

pub(super) async fn service_name(connection: &mut SqliteConnection) -> sqlx::Result<String> {
    Ok(queries::find_setting(connection, "service_name").await?.unwrap_or_default())
}

/// Below this count a figure is marked as a small number and gets no rating.
pub async fn small_number(db: &Db) -> sqlx::Result<i64> {
    const USUAL: i64 = 10;
    let mut connection = db.read().acquire().await?;
    let set = queries::find_setting(&mut connection, "small_number").await?;
    Ok(set.and_then(|text| text.parse().ok()).unwrap_or(USUAL))
}
