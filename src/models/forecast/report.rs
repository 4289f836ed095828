//! What a rolling back-test of forecasts came to: as JSON, and in words.

use std::fmt::{Display, Formatter};

use chrono::NaiveDate;
use serde::Serialize;

use super::backtest::Rolling;

/// Series that are printed one by one, at most.
const PRINTED: usize = 20;

/// What a back-test came to. All figures are of days that were not known when they were forecast.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ForecastReport {
    /// `forecast`.
    pub model: &'static str,
    /// Days ahead.
    pub horizon: usize,
    /// Series that were judged.
    pub series: usize,
    /// Windows of all series together.
    pub windows: usize,
    /// Days that were forecast and known.
    pub days: usize,
    /// First day of the history, of all series.
    pub first: NaiveDate,
    /// Last day, of all series.
    pub last: NaiveDate,
    /// Whether it may be shown.
    pub verdict: ForecastVerdict,
    /// The combination: how far it was off.
    pub forecast: PointFigures,
    /// Its bands.
    pub bands: BandFigures,
    /// The same day of the week before.
    pub baseline: PointFigures,
    /// Its textbook bands for normal errors.
    pub baseline_bands: BandFigures,
    /// Each method that is combined, alone.
    pub methods: Vec<PointFigures>,
    /// Coverage by how many weeks ahead.
    pub by_week: Vec<WeekAhead>,
    /// Series by series.
    pub per_series: Vec<SeriesFigures>,
    /// What was done to the table, and left out.
    pub notes: Vec<String>,
}

/// Whether the forecast is worth showing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ForecastVerdict {
    /// Only then is it shown to users.
    pub shown: bool,
    /// In words.
    pub words: String,
}

/// How far off, on average over the windows; `None` where it cannot be said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PointFigures {
    /// Whose.
    pub name: String,
    /// Mean absolute error over that of the same day of the week before within the history.
    pub mase: Option<f64>,
    /// Symmetric mean absolute percentage error, 0–200.
    pub smape: Option<f64>,
    /// Distance of the horizon's total from what came, as a share of it.
    pub total_error: Option<f64>,
}

/// What bands held; `None` where there were none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BandFigures {
    /// Share of days inside the 80 % band.
    pub coverage_80: Option<f64>,
    /// Share of days inside the 95 % band.
    pub coverage_95: Option<f64>,
    /// Interval score of the 80 % band, in units of the weekly change; less is better.
    pub interval_score_80: Option<f64>,
    /// Of the 95 % band.
    pub interval_score_95: Option<f64>,
    /// Share of horizon totals inside their 80 % band.
    pub total_coverage_80: Option<f64>,
    /// Share of horizon totals inside their 95 % band.
    pub total_coverage_95: Option<f64>,
}

/// Coverage so many days ahead.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct WeekAhead {
    /// First day ahead, from 1.
    pub from: usize,
    /// Last day ahead.
    pub to: usize,
    /// Share of days inside the 80 % band.
    pub coverage_80: Option<f64>,
    /// Share of days inside the 95 % band.
    pub coverage_95: Option<f64>,
}

/// One series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeriesFigures {
    /// Its name.
    pub series: String,
    /// First day.
    pub first: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
    /// Days between that are not known.
    pub unknown_days: usize,
    /// Windows judged.
    pub windows: usize,
    /// MASE of the forecast.
    pub mase: Option<f64>,
    /// MASE of the same day of the week before.
    pub mase_baseline: Option<f64>,
    /// sMAPE of the forecast.
    pub smape: Option<f64>,
    /// Error of the horizon's total.
    pub total_error: Option<f64>,
    /// The bands.
    pub bands: BandFigures,
}

impl ForecastReport {
    #[expect(clippy::too_many_arguments, reason = "each is one part of the report, put together in one place")]
    pub(super) fn new(
        rolling: &Rolling<'_>,
        (windows, days): (usize, usize),
        (forecast, bands): (PointFigures, BandFigures),
        (baseline, baseline_bands): (PointFigures, BandFigures),
        methods: Vec<PointFigures>,
        by_week: Vec<WeekAhead>,
        per_series: Vec<SeriesFigures>,
        notes: Vec<String>,
    ) -> Self {
        let first = per_series.iter().map(|one| one.first).min().unwrap_or_default();
        let last = per_series.iter().map(|one| one.last).max().unwrap_or_default();
        Self {
            model: "forecast",
            horizon: rolling.horizon,
            series: per_series.len(),
            windows,
            days,
            first,
            last,
            verdict: ForecastVerdict::of(&forecast, &baseline),
            forecast,
            bands,
            baseline,
            baseline_bands,
            methods,
            by_week,
            per_series,
            notes,
        }
    }
}

impl ForecastVerdict {
    fn of(forecast: &PointFigures, baseline: &PointFigures) -> Self {
        let (shown, words) = match (forecast.mase, baseline.mase) {
            (Some(own), Some(simple)) if own < simple => {
                (true, "better than the same day of the week before: may be shown to users")
            }
            (Some(_), Some(_)) => (false, "not shown to users: not better than the same day of the week before"),
            _ => (false, "not shown to users: every week is like the one before, there is nothing to forecast"),
        };
        Self { shown, words: words.into() }
    }
}

impl Display for ForecastReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        self.head(f)?;
        self.compared(f)?;
        self.covered(f)?;
        self.one_by_one(f)
    }
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "–".into(), |value| format!("{value:.3}"))
}

fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| "–".into(), |value| format!("{:.1} %", 100.0 * value))
}

impl ForecastReport {
    fn head(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}: {}\n", self.model, self.verdict.words)?;
        writeln!(f, "Series      {}, {} to {}", self.series, self.first, self.last)?;
        writeln!(
            f,
            "Held out    {} windows of {} days at the series' ends, {} days; each forecast from what was before it",
            self.windows, self.horizon, self.days
        )?;
        self.notes.iter().try_for_each(|note| writeln!(f, "Note        {note}"))
    }

    fn compared(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let total = format!("{}-day total", self.horizon);
        writeln!(
            f,
            "\n{:<30} {:>7} {:>9} {total:>13} {:>9} {:>9} {:>9} {:>9}",
            "", "MASE", "sMAPE", "80 % band", "95 % band", "score 80", "score 95"
        )?;
        let banded = [(&self.forecast, Some(&self.bands)), (&self.baseline, Some(&self.baseline_bands))];
        for (point, bands) in banded.into_iter().chain(self.methods.iter().map(|method| (method, None))) {
            let smape = point.smape.map_or_else(|| "–".into(), |value| format!("{value:.1} %"));
            let off = percent(point.total_error);
            write!(f, "{:<30} {:>7} {smape:>9} {off:>13}", point.name, number(point.mase))?;
            if let Some(bands) = bands {
                let inside = [bands.coverage_80, bands.coverage_95].map(percent);
                let score = [bands.interval_score_80, bands.interval_score_95].map(number);
                write!(f, " {:>9} {:>9} {:>9} {:>9}", inside[0], inside[1], score[0], score[1])?;
            }
            writeln!(f)?;
        }
        Ok(())
    }

    fn covered(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "\nInside the bands")?;
        for week in &self.by_week {
            let days = format!("days {} – {}", week.from, week.to);
            writeln!(f, "{days:<14} {:>9} {:>9}", percent(week.coverage_80), percent(week.coverage_95))?;
        }
        let total = format!("{}-day total", self.horizon);
        let of = [self.bands.total_coverage_80, self.bands.total_coverage_95].map(percent);
        writeln!(f, "{total:<14} {:>9} {:>9}", of[0], of[1])
    }

    fn one_by_one(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        if self.series < 2 {
            return Ok(());
        }
        writeln!(
            f,
            "\n{:<30} {:>7} {:>9} {:>13} {:>9} {:>9}",
            "Series", "MASE", "baseline", "total", "80 % band", "95 % band"
        )?;
        for one in self.per_series.iter().take(PRINTED) {
            let name: String = one.series.chars().take(30).collect();
            let inside = [one.bands.coverage_80, one.bands.coverage_95].map(percent);
            writeln!(
                f,
                "{name:<30} {:>7} {:>9} {:>13} {:>9} {:>9}",
                number(one.mase),
                number(one.mase_baseline),
                percent(one.total_error),
                inside[0],
                inside[1]
            )?;
        }
        if self.series > PRINTED {
            writeln!(f, "and {} more: all are in --json", self.series - PRINTED)?;
        }
        Ok(())
    }
}
