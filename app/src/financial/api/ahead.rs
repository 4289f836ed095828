//! A forecast as JSON. Amounts are text, as those that are known are.

use chrono::NaiveDate;
use muster::finance::{MonthEnd, decimal};
use muster::models::forecast::{DayAhead, Forecast, HORIZON, Outlook, Verdict};
use serde::Serialize;
use utoipa::ToSchema;

/// The days ahead.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ForecastAnswer {
    /// The last day that was known when it was made.
    through: NaiveDate,
    /// The next 30 days together; null, as are the days: its back-test was no better than the same day of the week before, or there
    /// was none yet.
    total: Option<String>,
    /// Bands of the total; null: too few past totals are known.
    total_band_80: Option<[String; 2]>,
    total_band_95: Option<[String; 2]>,
    days: Option<Vec<DayAheadAnswer>>,
    /// How good it was so far; null: it was not judged yet.
    quality: Option<ForecastQualityAnswer>,
}

/// A day that has not come.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DayAheadAnswer {
    day: NaiveDate,
    expected: String,
    band_80: [String; 2],
    band_95: [String; 2],
}

/// What the back-test came to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ForecastQualityAnswer {
    words: String,
    /// The last day it was judged by.
    through: NaiveDate,
    /// How far a day was off, in usual changes from week to week; and the same day of the week before.
    mase: Option<f64>,
    mase_of_week_before: Option<f64>,
    /// Shares of the days inside the bands, 0–1.
    coverage_80: Option<f64>,
    coverage_95: Option<f64>,
    /// How far the total of 30 days was off, as a share of it.
    total_error: Option<f64>,
}

/// What the month comes to by the forecast.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MonthEndAnswer {
    expected: String,
    /// Null: too few past totals are known.
    band_80: Option<[String; 2]>,
    band_95: Option<[String; 2]>,
    /// The chance that the budget is passed, 0–1; null: too few of the sites have one, or too few past totals are known.
    chance_over_budget: Option<f64>,
}

fn text(units: f64) -> String {
    decimal((100.0 * units).round() as i64).to_string()
}

fn band((low, high): (f64, f64)) -> [String; 2] {
    [text(low), text(high)]
}

impl From<&Forecast> for ForecastAnswer {
    fn from(it: &Forecast) -> Self {
        let outlook = it.outlook.as_ref();
        let within = |level: f64| outlook.and_then(|it| it.total_band(HORIZON, level)).map(band);
        let days = |it: &Outlook| it.days.iter().map(DayAheadAnswer::from).collect();
        Self {
            through: it.through,
            total: outlook.map(|it| text(it.total(HORIZON))),
            total_band_80: within(0.8),
            total_band_95: within(0.95),
            days: outlook.map(days),
            quality: it.verdict.as_ref().map(ForecastQualityAnswer::from),
        }
    }
}

impl From<&DayAhead> for DayAheadAnswer {
    fn from(it: &DayAhead) -> Self {
        Self { day: it.day, expected: text(it.point), band_80: band(it.of_80), band_95: band(it.of_95) }
    }
}

impl From<&Verdict> for ForecastQualityAnswer {
    fn from(it: &Verdict) -> Self {
        Self {
            words: it.words.clone(),
            through: it.through,
            mase: it.mase[0],
            mase_of_week_before: it.mase[1],
            coverage_80: it.coverage[0],
            coverage_95: it.coverage[1],
            total_error: it.total_error,
        }
    }
}

impl From<MonthEnd> for MonthEndAnswer {
    fn from(it: MonthEnd) -> Self {
        let cents = |of: (i64, i64)| [decimal(of.0), decimal(of.1)].map(|amount| amount.to_string());
        let [of_80, of_95] = it.bands;
        Self {
            expected: decimal(it.total).to_string(),
            band_80: of_80.map(cents),
            band_95: of_95.map(cents),
            chance_over_budget: it.chance_over,
        }
    }
}
