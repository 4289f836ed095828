//! What a back-test came to, the same for every model: as JSON, and in words.

use std::fmt::{Display, Formatter};

use serde::Serialize;

use super::backtest::Answers;
use super::classifier::{Kind, Trial};
use super::figures::{Decile, Figures, Interval, surprise};
use super::table::{Column, Values};

/// What a back-test came to. All figures are of rows the model had not seen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Which model: `shift-fill`, `churn`.
    pub model: String,
    /// What was predicted, in words.
    pub target: String,
    /// Rows there were.
    pub rows: usize,
    /// How many of them came true.
    pub positives: usize,
    /// Share that came true among the rows held out.
    pub base_rate: f64,
    /// Which rows were held out.
    pub split: Split,
    /// Whether it may be shown.
    pub verdict: Verdict,
    /// How good the model is.
    pub figures: Figures,
    /// How good simple answers are on the same rows.
    pub baselines: Vec<Baseline>,
    /// Predicted against observed.
    pub deciles: Vec<Decile>,
    /// What became of each band.
    pub bands: Vec<BandRate>,
    /// Which kind of model was kept (last, where there are folds).
    pub kept: Kind,
    /// How its log odds were turned into probabilities.
    pub calibration: String,
    /// Both kinds on training rows held out, the mean over the folds.
    pub trials: Vec<Trial>,
    /// What moves the probabilities most, the strongest first.
    pub drivers: Vec<Driver>,
    /// Three rows with their reasons.
    pub examples: Vec<Example>,
    /// What the model saw.
    pub columns: Vec<Seen>,
    /// Columns that alone tell the outcome.
    pub leaks: Vec<String>,
    /// What was done to the table before.
    pub notes: Vec<String>,
}

/// Which rows were held out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Split {
    /// The later ones.
    Time {
        /// By which column.
        column: String,
        /// From when on.
        from: String,
        /// Rows learned from.
        known: usize,
        /// Rows held out.
        asked: usize,
    },
    /// Each of equal parts in its turn.
    Folds {
        /// How many.
        folds: usize,
        /// Rows learned from each time.
        known: usize,
        /// Rows held out, over all.
        asked: usize,
    },
}

/// A simple answer's figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Baseline {
    /// Which answer.
    pub name: String,
    /// How good it is.
    pub figures: Figures,
}

/// Whether the model is worth showing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// Only then is it shown to users.
    pub shown: bool,
    /// The best simple answer.
    pub against: String,
    /// Log loss gained on it per row, in nats, with the interval of the paired difference.
    pub gain: Interval,
    /// The verdict in words.
    pub words: String,
}

/// What became of the rows of a band.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BandRate {
    /// Its name.
    pub name: String,
    /// Lowest probability.
    pub from: f64,
    /// Probability that is no longer in it.
    pub to: f64,
    /// Rows in it.
    pub rows: usize,
    /// How many came true.
    pub positives: usize,
}

/// How much a column moves the probabilities.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Driver {
    /// Which column.
    pub column: String,
    /// Mean size of its contribution, in log odds.
    pub effect: f64,
}

/// One row with its reasons.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Example {
    /// Which row, from 1; of a file, its line.
    pub row: usize,
    /// What was predicted.
    pub probability: f64,
    /// What became of it.
    pub came_true: bool,
    /// The top three reasons.
    pub reasons: Vec<String>,
}

/// A column the model saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// Its name.
    pub name: String,
    /// `number` or `category`.
    pub kind: &'static str,
    /// Levels of a category.
    pub levels: usize,
    /// Rows in which it is missing.
    pub missing: usize,
}

impl From<&Column> for Seen {
    fn from(column: &Column) -> Self {
        let (kind, levels) = match &column.values {
            Values::Numbers(_) => ("number", 0),
            Values::Categories(values) => ("category", values.levels.len()),
        };
        Self { name: column.name.clone(), kind, levels, missing: column.values.missing() }
    }
}

impl Verdict {
    /// Compares with the best of the baselines, row by row.
    pub(super) fn of(answers: &Answers, baselines: &[Baseline], leaks: &[String]) -> Self {
        let simple_is_best = baselines.len() > 1 && baselines[1].figures.log_loss < baselines[0].figures.log_loss;
        let simple = if simple_is_best { &answers.simple } else { &answers.base };
        let against = baselines.get(usize::from(simple_is_best)).map_or_else(String::new, |best| best.name.clone());
        let gains: Vec<f64> = (0..answers.rows.len())
            .map(|at| surprise(simple[at], answers.outcomes[at]) - surprise(answers.model[at], answers.outcomes[at]))
            .collect();
        let n = gains.len() as f64;
        let mean = gains.iter().sum::<f64>() / n;
        let spread = gains.iter().map(|gain| (gain - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
        let gain = Interval::normal(mean, (spread / n).sqrt());
        let better = gain.low > 0.0;
        let words = match (leaks, better) {
            ([], true) => format!("better than {against}: may be shown to users"),
            ([], false) => format!("not shown to users: not clearly better than {against}"),
            (leaks, _) => {
                format!("not shown to users: {} tells the outcome alone, so nothing is proven", leaks.join(", "))
            }
        };
        Self { shown: better && leaks.is_empty(), against, gain, words }
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        self.head(f)?;
        self.compared(f)?;
        self.calibrated(f)?;
        self.explained(f)
    }
}

impl Report {
    fn head(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}: {}\n", self.model, self.verdict.words)?;
        writeln!(f, "Predicted   {}", self.target)?;
        writeln!(
            f,
            "Rows        {}, of which {} came true ({})",
            self.rows,
            self.positives,
            percent(self.positives, self.rows)
        )?;
        match &self.split {
            Split::Time { column, from, known, asked } => {
                writeln!(
                    f,
                    "Held out    the {asked} rows with {column} at or after {from}; learned from the {known} before"
                )
            }
            Split::Folds { folds, known, asked } => {
                writeln!(
                    f,
                    "Held out    all {asked} rows, in {folds} folds; learned from about {known} others each time"
                )
            }
        }?;
        let trial =
            |trial: &Trial| format!("{} (AUC {:.3}, log loss {:.4})", trial.kind.name(), trial.auc, trial.log_loss);
        let trials: Vec<String> = self.trials.iter().map(trial).collect();
        writeln!(
            f,
            "Kept        {}, calibration {}; tried: {}",
            self.kept.name(),
            self.calibration,
            trials.join(", ")
        )?;
        self.notes.iter().try_for_each(|note| writeln!(f, "Note        {note}"))
    }

    fn compared(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "\n{:<34} {:>22} {:>8} {:>9} {:>7} {:>9} {:>9}",
            "", "AUC (95 % interval)", "Brier", "log loss", "ECE", "top 10 %", "low 10 %"
        )?;
        let named = std::iter::once(("the model", &self.figures))
            .chain(self.baselines.iter().map(|baseline| (baseline.name.as_str(), &baseline.figures)));
        for (name, figures) in named {
            let Interval { value, low, high } = figures.auc;
            let auc = format!("{value:.3} ({low:.3}–{high:.3})");
            let [brier, loss, ece] = [figures.brier, figures.log_loss, figures.ece];
            let [top, bottom] =
                [figures.top_decile, figures.bottom_decile].map(|share| format!("{:.1} %", 100.0 * share));
            writeln!(f, "{name:<34} {auc:>22} {brier:>8.4} {loss:>9.4} {ece:>7.4} {top:>9} {bottom:>9}")?;
        }
        let Interval { value, low, high } = self.verdict.gain;
        writeln!(f, "Log loss gained on '{}': {value:.4} a row ({low:.4} to {high:.4})", self.verdict.against)
    }

    fn calibrated(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let (ece, chance) = (self.figures.ece, self.figures.ece_by_chance);
        writeln!(f, "\nCalibration (expected error {ece:.4}; perfect probabilities would show {chance:.4} by chance)")?;
        writeln!(f, "{:>6} {:>15} {:>10} {:>10}", "rows", "from – to", "predicted", "observed")?;
        for d in &self.deciles {
            let range = format!("{:.3} – {:.3}", d.from, d.to);
            writeln!(f, "{:>6} {range:>15} {:>10.3} {:>10.3}", d.rows, d.predicted, d.observed)?;
        }
        writeln!(f, "\nBands")?;
        for band in &self.bands {
            let range = format!("{:.3} – {:.3}", band.from, band.to);
            let rate = percent(band.positives, band.rows);
            writeln!(f, "{:<8} {range:>15} {:>8} rows, {rate} came true", band.name, band.rows)?;
        }
        Ok(())
    }

    fn explained(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "\nWhat moves it (mean size of the contribution, log odds)")?;
        for driver in &self.drivers {
            writeln!(f, "{:>8.3}  {}", driver.effect, driver.column)?;
        }
        writeln!(f, "\nThe least likely, the middle and the likeliest row")?;
        for example in &self.examples {
            let became = if example.came_true { "came true" } else { "did not" };
            let reasons = example.reasons.join("; ");
            writeln!(f, "line {:<8} {:.3} ({became}): {reasons}", example.row, example.probability)?;
        }
        for leak in &self.leaks {
            writeln!(
                f,
                "\nWarning: '{leak}' alone tells the outcome. It was probably written down after the fact: leave it out with --drop {leak:?}."
            )?;
        }
        Ok(())
    }
}

fn percent(part: usize, of: usize) -> String {
    if of == 0 { "–".into() } else { format!("{:.1} %", 100.0 * part as f64 / of as f64) }
}
