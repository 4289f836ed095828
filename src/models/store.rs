//! Models as they are kept: each training is a version.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::report::Report;
use crate::Result;
use crate::database::OrgTx;

/// Versions of a model that are kept.
const KEPT: i32 = 26;

/// What is known of a model's version.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    /// Which model: `shift-fill`.
    pub name: String,
    /// Counts from 1.
    pub version: i32,
    /// When.
    pub trained_at: DateTime<Utc>,
    /// First business day it was learned from.
    pub first_day: NaiveDate,
    /// Last one.
    pub last_day: NaiveDate,
    /// Rows it was learned from and judged on.
    pub size: i64,
    /// The report of its back-test, as JSON.
    pub figures: serde_json::Value,
    /// Whether its predictions may be shown.
    pub shown: bool,
}

/// What is written down of a classifier's training.
pub(super) struct Training<'a, P> {
    pub name: &'a str,
    pub at: DateTime<Utc>,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    pub report: &'a Report,
    pub parameters: &'a P,
}

/// Writes it down; a training through the same day takes the place of the earlier one. Returns the version.
pub(super) async fn keep<P: Serialize>(tx: &mut OrgTx, training: &Training<'_, P>) -> Result<i32> {
    let Training { name, at, first_day, last_day, report, parameters } = training;
    let judged = Judged {
        name,
        at: *at,
        first_day: *first_day,
        last_day: *last_day,
        size: report.rows as i64,
        features: serde_json::to_value(&report.columns)?,
        figures: serde_json::to_value(report)?,
        parameters: serde_json::to_value(parameters)?,
        shown: report.verdict.shown,
    };
    keep_judged(tx, &judged).await
}

/// What is written down of any model's back-test.
pub(super) struct Judged<'a> {
    pub name: &'a str,
    pub at: DateTime<Utc>,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    /// Rows, days or customers it was judged by.
    pub size: i64,
    pub features: serde_json::Value,
    pub figures: serde_json::Value,
    pub parameters: serde_json::Value,
    pub shown: bool,
}

/// Writes it down as [`keep`] does.
pub(super) async fn keep_judged(tx: &mut OrgTx, judged: &Judged<'_>) -> Result<i32> {
    let Judged { name, at, first_day, last_day, size, features, figures, parameters, shown } = judged;
    let org = tx.org().0;
    let version = sqlx::query_scalar!(
        r#"insert into models (org_id, name, version, trained_at, first_day, last_day, size, features, figures, parameters, shown)
           select $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10
             from models where org_id = $1 and name = $2
           on conflict (org_id, name, last_day) do update set
               trained_at = excluded.trained_at, first_day = excluded.first_day, size = excluded.size,
               features = excluded.features, figures = excluded.figures, parameters = excluded.parameters, shown = excluded.shown
           returning version"#,
        org,
        *name,
        *at,
        *first_day,
        *last_day,
        *size,
        features,
        figures,
        parameters,
        *shown
    )
    .fetch_one(&mut **tx)
    .await?;
    sqlx::query!("delete from models where org_id = $1 and name = $2 and version <= $3", org, *name, version - KEPT)
        .execute(&mut **tx)
        .await?;
    Ok(version)
}

/// The newest version of a model; `None` before the first training.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn latest(tx: &mut OrgTx, name: &str) -> Result<Option<Trained>> {
    let trained = sqlx::query_as!(
        Trained,
        "select name, version, trained_at, first_day, last_day, size, figures, shown from models
          where org_id = $1 and name = $2 order by version desc limit 1",
        tx.org().0,
        name
    );
    Ok(trained.fetch_optional(&mut **tx).await?)
}

/// What a version learned.
pub(super) async fn parameters<P: DeserializeOwned>(tx: &mut OrgTx, trained: &Trained) -> Result<P> {
    let parameters = sqlx::query_scalar!(
        "select parameters from models where org_id = $1 and name = $2 and version = $3",
        tx.org().0,
        trained.name,
        trained.version
    );
    Ok(serde_json::from_value(parameters.fetch_one(&mut **tx).await?)?)
}
