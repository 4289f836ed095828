//! What a back-test of lifetime values came to: as JSON, and in words.

use std::fmt::{Display, Formatter};

use chrono::NaiveDate;
use serde::Serialize;

use super::money::GammaGamma;
use super::pareto::ParetoNbd;
use super::purchases::BgNbd;
use crate::models::figures::{Decile, Figures};
use crate::models::report::Baseline;

/// What it came to. Everything is of the time after the cutoff, which no model had seen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LtvReport {
    /// `ltv`.
    pub model: &'static str,
    /// Who had bought before the cutoff.
    pub customers: usize,
    /// How many of them on one day only.
    pub bought_once: usize,
    /// First day.
    pub first: NaiveDate,
    /// First day that was held out.
    pub cutoff: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
    /// Weeks held out.
    pub weeks: f64,
    /// Whether it may be shown.
    pub verdict: LtvVerdict,
    /// What customers would spend.
    pub spend: SpendFigures,
    /// What simple answers say of that.
    pub spend_baselines: Vec<SpendFigures>,
    /// Who would buy nothing.
    pub churn: ChurnFigures,
    /// The fitted model of purchases, weeks.
    pub purchases: BgNbd,
    /// The other one.
    pub lifetimes: ParetoNbd,
    /// The fitted model of their worth.
    pub money: GammaGamma,
    /// What was done to the table, and how.
    pub notes: Vec<String>,
}

/// How near the spending told came to what was spent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpendFigures {
    /// Whose.
    pub name: String,
    /// Total told.
    pub predicted: f64,
    /// Total spent, what was paid back taken off.
    pub actual: f64,
    /// Told over spent; 1 is right.
    pub ratio: f64,
    /// Mean distance per customer.
    pub mae: f64,
    /// Share of what was spent by the tenth of customers told most, 0–1; the more the better.
    pub top_tenth: f64,
}

/// How well was told who buys nothing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChurnFigures {
    /// Share that bought nothing.
    pub rate: f64,
    /// Which kind of classifier was kept; what is told is its mean with Pareto/NBD.
    pub kept: String,
    /// Its figures.
    pub figures: Figures,
    /// Simple answers.
    pub baselines: Vec<Baseline>,
    /// Told against seen.
    pub deciles: Vec<Decile>,
}

/// Whether the models are worth showing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LtvVerdict {
    /// Whether both are.
    pub shown: bool,
    /// Whether lifetime values are: nearer to what each customer spent than at the own rate.
    pub value_shown: bool,
    /// Whether churn risks are: surer than recency alone.
    pub churn_shown: bool,
    /// In words.
    pub words: String,
}

impl SpendFigures {
    pub(super) fn of(name: &str, told: &[f64], spent: &[f64]) -> Self {
        let (predicted, actual) = (told.iter().sum::<f64>(), spent.iter().sum::<f64>());
        let mae =
            told.iter().zip(spent).map(|(told, spent)| (told - spent).abs()).sum::<f64>() / told.len().max(1) as f64;
        let mut order: Vec<usize> = (0..told.len()).collect();
        order.sort_by(|a, b| told[*b].total_cmp(&told[*a]));
        let top: f64 = order.iter().take(told.len().div_ceil(10)).map(|at| spent[*at]).sum();
        let share = |part: f64| if actual > 0.0 { part / actual } else { 0.0 };
        Self { name: name.into(), predicted, actual, ratio: share(predicted), mae, top_tenth: share(top) }
    }
}

impl LtvVerdict {
    pub(super) fn of(spend: &SpendFigures, baselines: &[SpendFigures], churn: &ChurnFigures) -> Self {
        let value_shown = baselines.iter().all(|simple| spend.mae < simple.mae);
        let churn_shown =
            churn.baselines.first().is_none_or(|recency| churn.figures.log_loss < recency.figures.log_loss);
        let words = match (value_shown, churn_shown) {
            (true, true) => "values and churn risks are better than the simple answers: may be shown to users",
            (true, false) => "values may be shown to users; churn risks not: recency alone does as well",
            (false, true) => "churn risks may be shown to users; values not: a simple answer is as near",
            (false, false) => "not shown to users: the simple answers do as well",
        };
        Self { shown: value_shown && churn_shown, value_shown, churn_shown, words: words.into() }
    }
}

impl Display for LtvReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}: {}\n", self.model, self.verdict.words)?;
        writeln!(f, "Customers   {}, of whom {} bought on one day only", self.customers, self.bought_once)?;
        writeln!(f, "Known       {} to the day before {}", self.first, self.cutoff)?;
        writeln!(f, "Held out    {} to {}, {:.0} weeks", self.cutoff, self.last, self.weeks)?;
        self.notes.iter().try_for_each(|note| writeln!(f, "Note        {note}"))?;
        self.spent(f)?;
        self.left(f)
    }
}

impl LtvReport {
    fn spent(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "\n{:<30} {:>16} {:>16} {:>7} {:>14} {:>12}",
            "What customers spend", "told", "spent", "ratio", "off by, each", "top 10 %"
        )?;
        for one in std::iter::once(&self.spend).chain(&self.spend_baselines) {
            let top = format!("{:.1} %", 100.0 * one.top_tenth);
            let SpendFigures { name, predicted, actual, ratio, mae, .. } = one;
            writeln!(f, "{name:<30} {predicted:>16.2} {actual:>16.2} {ratio:>7.3} {mae:>14.2} {top:>12}")?;
        }
        Ok(())
    }

    fn left(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let churn = &self.churn;
        writeln!(
            f,
            "\n{:<30} {:>22} {:>8} {:>9} {:>7} {:>9} {:>9}",
            "Who buys nothing", "AUC (95 % interval)", "Brier", "log loss", "ECE", "top 10 %", "low 10 %"
        )?;
        let own = format!("{} and Pareto/NBD", churn.kept);
        let named = std::iter::once((own.as_str(), &churn.figures))
            .chain(churn.baselines.iter().map(|simple| (simple.name.as_str(), &simple.figures)));
        for (name, figures) in named {
            let auc = format!("{:.3} ({:.3}–{:.3})", figures.auc.value, figures.auc.low, figures.auc.high);
            let [top, bottom] =
                [figures.top_decile, figures.bottom_decile].map(|share| format!("{:.1} %", 100.0 * share));
            let Figures { brier, log_loss, ece, .. } = figures;
            writeln!(f, "{name:<30} {auc:>22} {brier:>8.4} {log_loss:>9.4} {ece:>7.4} {top:>9} {bottom:>9}")?;
        }
        writeln!(f, "\nCalibration ({:.1} % bought nothing)", 100.0 * churn.rate)?;
        writeln!(f, "{:>6} {:>15} {:>10} {:>10}", "rows", "from – to", "told", "seen")?;
        for d in &churn.deciles {
            let range = format!("{:.3} – {:.3}", d.from, d.to);
            writeln!(f, "{:>6} {range:>15} {:>10.3} {:>10.3}", d.rows, d.predicted, d.observed)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand_of_four_customers() {
        let figures = SpendFigures::of("a", &[10.0, 0.0, 5.0, 1.0], &[20.0, 0.0, 0.0, 5.0]);
        assert_eq!((figures.predicted, figures.actual, figures.ratio), (16.0, 25.0, 0.64));
        assert_eq!((figures.mae, figures.top_tenth), ((10.0 + 5.0 + 4.0) / 4.0, 0.8));
    }
}
