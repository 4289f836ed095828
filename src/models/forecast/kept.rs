//! The organization's own forecasts: how good they were is found out each week, what they say is written down each morning.

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::backtest::{Rolling, backtest};
use super::daily::Daily;
use super::outlook::{Outlook, outlooks};
use super::report::ForecastReport;
use super::{HORIZON, Method};
use crate::database::OrgTx;
use crate::models::store::{Judged, keep_judged};
use crate::units::SiteId;
use crate::{Error, Result};

/// Days of history that are looked at.
const DAYS: u64 = 3 * 365;
/// Windows of the rolling back-test.
const WINDOWS: usize = 6;
/// Series that are judged, at most: the whole organization, then its sites.
const MOST_JUDGED: usize = 24;

/// What is forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// What people are paid for their shifts, by the day; also of each site.
    Pay,
    /// Net revenue, by the day.
    Revenue,
}

impl Kind {
    /// All.
    pub const ALL: [Self; 2] = [Self::Pay, Self::Revenue];

    /// Its word in the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pay => "pay",
            Self::Revenue => "revenue",
        }
    }

    /// The name its back-tests are kept under.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pay => "forecast-pay",
            Self::Revenue => "forecast-revenue",
        }
    }
}

/// What the back-test of a kind came to, as a page says it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// In words.
    pub words: String,
    /// Windows it was judged by, of all series together.
    pub windows: usize,
    /// Series among them.
    pub series: usize,
    /// Mean absolute scaled error; that of the same day of the week before.
    pub mase: [Option<f64>; 2],
    /// Share of days inside the 80 % and the 95 % band.
    pub coverage: [Option<f64>; 2],
    /// How far the total of the horizon was off, as a share of it.
    pub total_error: Option<f64>,
    /// The last day it was judged by.
    pub through: NaiveDate,
}

/// The newest forecast of a series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// The last day that was known when it was made.
    pub through: NaiveDate,
    /// What it says; `None`: its back-test was not better than the week before, or there was none.
    pub outlook: Option<Outlook>,
    /// How good it was; `None` before the first back-test.
    pub verdict: Option<Verdict>,
}

/// A daily series of the organization, and whose it is.
struct Own {
    place: Uuid,
    daily: Daily,
}

/// Judges the forecasts of a kind on the organization's own days up to `last`, and writes down what came of it. Returns whether
/// there were days enough.
///
/// # Errors
/// [`Error::Database`].
pub async fn train(tx: &mut OrgTx, kind: Kind, last: NaiveDate, now: DateTime<Utc>) -> Result<bool> {
    let mut own = series(tx, kind, last).await?;
    own.truncate(MOST_JUDGED);
    let all: Vec<Daily> = own.into_iter().map(|own| own.daily).collect();
    let judging = tokio::task::spawn_blocking(move || {
        backtest(&Rolling { series: &all, horizon: HORIZON, windows: WINDOWS }).map(|report| (report, all))
    });
    let (report, all) = match thought(judging.await)? {
        // Too short: there is nothing to say yet.
        Err(Error::Invalid(_)) => return Ok(false),
        judged => judged?,
    };
    let judged = Judged {
        name: kind.name(),
        at: now,
        first_day: report.first,
        last_day: report.last,
        size: i64::try_from(all.iter().map(Daily::len).sum::<usize>()).unwrap_or(i64::MAX),
        features: serde_json::to_value(Method::ALL.map(Method::name))?,
        figures: serde_json::to_value(verdict(&report))?,
        parameters: serde_json::json!({ "horizon": HORIZON, "windows": WINDOWS }),
        shown: report.verdict.shown,
    };
    keep_judged(tx, &judged).await?;
    Ok(true)
}

fn verdict(report: &ForecastReport) -> Verdict {
    Verdict {
        words: report.verdict.words.clone(),
        windows: report.windows,
        series: report.series,
        mase: [report.forecast.mase, report.baseline.mase],
        coverage: [report.bands.coverage_80, report.bands.coverage_95],
        total_error: report.forecast.total_error,
        through: report.last,
    }
}

/// Forecasts a kind from the days up to `last` on, for the whole organization and its sites. Returns the rows written.
///
/// # Errors
/// [`Error::Database`].
pub async fn estimate(tx: &mut OrgTx, kind: Kind, last: NaiveDate) -> Result<u64> {
    let own = series(tx, kind, last).await?;
    let (places, all): (Vec<Uuid>, Vec<Daily>) = own.into_iter().map(|own| (own.place, own.daily)).unzip();
    let told = thought(tokio::task::spawn_blocking(move || outlooks(&all, HORIZON)).await)?;
    let mut rows = Vec::new();
    for (place, outlook) in places.into_iter().zip(told) {
        if let Some(outlook) = outlook {
            rows.push((place, serde_json::to_value(outlook)?));
        }
    }
    let (places, outlooks): (Vec<Uuid>, Vec<serde_json::Value>) = rows.into_iter().unzip();
    let org = tx.org().0;
    sqlx::query!("delete from forecasts where org_id = $1 and kind = $2", org, kind.word()).execute(&mut **tx).await?;
    let written = sqlx::query!(
        "insert into forecasts (org_id, kind, place, through, outlook)
         select $1, $2, p, $3, o from unnest($4::uuid[], $5::jsonb[]) t (p, o)",
        org,
        kind.word(),
        last,
        &places,
        &outlooks
    )
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected())
}

fn thought<T>(outcome: std::result::Result<T, tokio::task::JoinError>) -> Result<T> {
    outcome.map_err(|error| Error::io("forecasting")(std::io::Error::other(error)))
}

/// The newest forecast of a kind, of a site or of all; `None` before the first. The caller has asked whether it may be seen.
///
/// # Errors
/// [`Error::Database`]; [`Error::Json`] when what is kept is not what it should be.
pub async fn newest(tx: &mut OrgTx, kind: Kind, site: Option<SiteId>) -> Result<Option<Forecast>> {
    let org = tx.org().0;
    let row = sqlx::query!(
        r#"select f.through, f.outlook, m.figures as "figures?", m.shown as "shown?"
           from forecasts f
           left join lateral (
               select figures, shown from models where org_id = $1 and name = $4 order by version desc limit 1
           ) m on true
           where f.org_id = $1 and f.kind = $2 and f.place = $3"#,
        org,
        kind.word(),
        site.map_or(org, |site| site.0),
        kind.name()
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Forecast {
        through: row.through,
        outlook: match row.shown {
            Some(true) => Some(serde_json::from_value(row.outlook)?),
            _ => None,
        },
        verdict: row.figures.map(serde_json::from_value).transpose()?,
    }))
}

/// The series of a kind, the whole organization's first. Days without a row are zero.
async fn series(tx: &mut OrgTx, kind: Kind, last: NaiveDate) -> Result<Vec<Own>> {
    let (org, first) = (tx.org().0, last - Days::new(DAYS - 1));
    let rows: Vec<(Uuid, NaiveDate, f64)> = match kind {
        Kind::Pay => sqlx::query!(
            r#"select site_id, day, (regular + overtime + premium + travel)::float8 as "value!" from site_daily_costs
               where org_id = $1 and day between $2 and $3"#,
            org,
            first,
            last
        )
        .fetch_all(&mut **tx)
        .await?
        .into_iter()
        .map(|row| (row.site_id, row.day, row.value))
        .collect(),
        Kind::Revenue => sqlx::query!(
            r#"select day, (gross - refunds)::float8 as "value!" from daily_revenue_summaries
               where org_id = $1 and day between $2 and $3"#,
            org,
            first,
            last
        )
        .fetch_all(&mut **tx)
        .await?
        .into_iter()
        .map(|row| (org, row.day, row.value))
        .collect(),
    };
    let days = usize::try_from(DAYS).unwrap_or_default();
    let mut all: std::collections::BTreeMap<Uuid, Vec<Option<f64>>> = std::collections::BTreeMap::new();
    let mut whole = vec![Some(0.0); days];
    for (place, day, value) in rows {
        let at = usize::try_from((day - first).num_days()).unwrap_or_default();
        whole[at] = whole[at].map(|sum| sum + value);
        if place != org {
            all.entry(place).or_insert_with(|| vec![Some(0.0); days])[at] = Some(value);
        }
    }
    let of =
        |place: Uuid, values: &[Option<f64>]| Some(Own { place, daily: Daily::new(place.to_string(), first, values)? });
    Ok(of(org, &whole).into_iter().chain(all.iter().filter_map(|(place, values)| of(*place, values))).collect())
}
