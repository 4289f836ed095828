//! Would it have been right? What customers were worth is told at a cutoff, and compared with what they then spent.

use chrono::{Days, NaiveDate};

use super::churn::{Looks, chances};
use super::customers::{Customer, Ledger};
use super::report::{ChurnFigures, LtvReport, LtvVerdict, SpendFigures};
use super::spend::Spend;
use crate::models::figures::{Figures, deciles};
use crate::models::report::Baseline;
use crate::{Error, Result};

/// Fewer customers than this can be told nothing of.
pub(super) const FEWEST: usize = 50;
/// Days before that year: in a company's first weeks everybody is new.
const BEFORE_SEASON: u64 = 150;
/// How much of last year's same weeks is believed.
const SEASON: f64 = 0.75;

/// What is to be judged.
#[derive(Debug, Clone, Copy)]
pub struct Holdout<'a> {
    /// What each customer paid and got back.
    pub ledgers: &'a [Ledger],
    /// First day of anything.
    pub first: NaiveDate,
    /// Last day of anything.
    pub last: NaiveDate,
    /// The first day that is held out.
    pub cutoff: NaiveDate,
    /// Same customers and seed, same answer.
    pub seed: u64,
}

/// Who was a customer at the cutoff, and what became of it.
struct Known {
    customers: Vec<Customer>,
    spent: Vec<f64>,
    silent: Vec<bool>,
}

/// Fits to what was before the cutoff, and compares with what came.
///
/// # Errors
/// [`Error::Invalid`] where there is too little before or after the cutoff.
pub fn backtest(holdout: &Holdout<'_>) -> Result<LtvReport> {
    let Holdout { ledgers, first, last, cutoff, seed } = *holdout;
    if !(first < cutoff && cutoff <= last) {
        return Err(Error::Invalid(format!(
            "--cutoff {cutoff}: purchases are from {first} to {last}; choose a day between"
        )));
    }
    let end = last + Days::new(1);
    let days = (end - cutoff).num_days();
    let weeks = days as f64 / 7.0;
    let known = known(ledgers, first, cutoff, end);
    if known.customers.len() < FEWEST {
        return Err(Error::Invalid(format!(
            "{} customers had bought before {cutoff}: {FEWEST} are needed",
            known.customers.len()
        )));
    }
    let looks = Looks::before(ledgers, first, cutoff, days)?;
    let spend = Spend::fitted(&known.customers, seed);
    let season = season(holdout, end);
    let told: Vec<f64> = known.customers.iter().map(|one| season * spend.expected(one, weeks)).collect();
    let own_rate: Vec<f64> =
        known.customers.iter().map(|one| one.mean * one.purchases / one.age.max(1.0) * weeks).collect();
    let (paid, lived) = known
        .customers
        .iter()
        .fold((0.0, 0.0), |(paid, lived), one| (paid + one.mean * one.purchases, lived + one.age));
    let alike = vec![paid / lived.max(1.0) * weeks; told.len()];
    let spend_figures = |name: &str, told: &[f64]| SpendFigures::of(name, told, &known.spent);
    let baselines = vec![
        spend_figures("each goes on at the own rate", &own_rate),
        spend_figures("everybody at the mean rate", &alike),
    ];
    let churn = churn(&looks, &known, &spend, weeks, seed)?;
    let spend_told = spend_figures("BG and Pareto/NBD, Gamma-Gamma", &told);
    let mut notes = vec![format!(
        "who leaves was learned at {} with {:.0} weeks after each",
        looks.cutoffs.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        looks.weeks
    )];
    if season != 1.0 {
        notes.push(format!("spending is taken times {season:.2}, by what came of last year's same weeks"));
    }
    if looks.weeks < weeks - 1e-9 {
        notes.push("what is held out is longer than half of what is known: chances were carried over to it".into());
    }
    Ok(LtvReport {
        model: "ltv",
        customers: known.customers.len(),
        bought_once: known.customers.iter().filter(|one| one.repeats <= 0.0).count(),
        first,
        cutoff,
        last,
        weeks,
        verdict: LtvVerdict::of(&spend_told, &baselines, &churn),
        spend: spend_told,
        spend_baselines: baselines,
        churn,
        purchases: spend.purchases,
        lifetimes: spend.lifetimes,
        money: spend.money,
        notes,
    })
}

fn known(ledgers: &[Ledger], first: NaiveDate, cutoff: NaiveDate, end: NaiveDate) -> Known {
    let mut known = Known { customers: Vec::new(), spent: Vec::new(), silent: Vec::new() };
    for ledger in ledgers {
        let Some(customer) = ledger.before(cutoff, first) else { continue };
        let (spent, bought) = ledger.between(cutoff, end);
        known.customers.push(customer);
        known.spent.push(spent);
        known.silent.push(!bought);
    }
    known
}

/// What customers spent in the same weeks of last year against what would have been told then, in part: the season, and
/// what the models are usually off. 1 without more than a whole year before the cutoff.
pub(super) fn season(holdout: &Holdout<'_>, end: NaiveDate) -> f64 {
    let Holdout { ledgers, first, cutoff, seed, .. } = *holdout;
    let year = Days::new(365);
    let (from, to) = (cutoff - year, (end - year).min(cutoff));
    if first + Days::new(BEFORE_SEASON) > from {
        return 1.0;
    }
    let then = known(ledgers, first, from, to);
    if then.customers.len() < FEWEST {
        return 1.0;
    }
    let (spend, weeks) = (Spend::fitted(&then.customers, seed), (to - from).num_days() as f64 / 7.0);
    let told: f64 = then.customers.iter().map(|one| spend.expected(one, weeks)).sum();
    let spent: f64 = then.spent.iter().sum();
    if told > 0.0 && spent > 0.0 { (spent / told).powf(SEASON).clamp(0.5, 2.0) } else { 1.0 }
}

fn churn(looks: &Looks, known: &Known, spend: &Spend, weeks: f64, seed: u64) -> Result<ChurnFigures> {
    let chances = chances(looks, &known.customers, spend, weeks, seed)?;
    let all = std::iter::once(0..known.silent.len()).collect::<Vec<_>>();
    let figures = |told: &[f64]| {
        Figures::of(told, &known.silent, &all).ok_or_else(|| {
            Error::Invalid("after the cutoff all customers bought, or none did: there is nothing to judge by".into())
        })
    };
    let silent = known.silent.iter().filter(|silent| **silent).count();
    Ok(ChurnFigures {
        rate: silent as f64 / known.silent.len() as f64,
        kept: chances.kept,
        figures: figures(&chances.model)?,
        baselines: vec![
            Baseline { name: "recency alone".into(), figures: figures(&chances.recency)? },
            Baseline { name: "BG/NBD's own chance".into(), figures: figures(&chances.purchases)? },
            Baseline { name: "Pareto/NBD's own chance".into(), figures: figures(&chances.lifetimes)? },
        ],
        deciles: deciles(&chances.model, &known.silent),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::dice::Dice;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Customers who buy at own rates and prices until they leave.
    fn company(count: usize) -> Vec<Ledger> {
        let mut dice = Dice::new(3);
        let first = date("2024-01-01");
        (0..count)
            .map(|_| {
                let mut ledger = Ledger::default();
                let (every, worth) = (5.0 * (3.4 * dice.unit()).exp(), 20.0 * (2.0 * dice.unit()).exp());
                let stays = 0.75 + 0.24 * dice.unit();
                let mut day = 180.0 * dice.unit();
                while day < 730.0 {
                    let paid = worth * (0.7 + 0.6 * dice.unit());
                    ledger.add(first + Days::new(day as u64), paid);
                    if dice.unit() < 0.05 {
                        ledger.add(first + Days::new(day as u64 + 3), -paid / 2.0);
                    }
                    if dice.unit() > stays {
                        break;
                    }
                    day += -every * (1.0 - dice.unit()).ln();
                }
                ledger
            })
            .collect()
    }

    fn holdout(ledgers: &[Ledger]) -> Holdout<'_> {
        Holdout { ledgers, first: date("2024-01-01"), last: date("2025-12-31"), cutoff: date("2025-07-01"), seed: 1 }
    }

    #[test]
    fn the_total_is_met_and_who_leaves_is_told_better_than_by_recency() {
        let ledgers = company(1500);
        let report = backtest(&holdout(&ledgers)).unwrap();
        assert!((0.8..1.2).contains(&report.spend.ratio), "{report}");
        assert!(report.spend.mae < report.spend_baselines[0].mae && report.verdict.shown, "{report}");
        let (own, recency) = (report.churn.figures, report.churn.baselines[0].figures);
        assert!(own.auc.value > recency.auc.value && own.log_loss < recency.log_loss, "{report}");
        assert!(own.ece < 0.06, "{report}");
    }

    #[test]
    fn nothing_that_came_after_the_cutoff_changes_what_is_told() {
        let ledgers = company(400);
        let mut without: Vec<Ledger> = ledgers.clone();
        without.iter_mut().for_each(|ledger| ledger.add(date("2025-08-01"), 50.0));
        let [a, b] = [&ledgers, &without].map(|ledgers| backtest(&holdout(ledgers)));
        let (a, b) = (a.unwrap(), b);
        // All bought something then: there is nothing to judge who leaves by.
        assert!(b.unwrap_err().to_string().contains("all customers bought, or none did"));
        without.iter_mut().step_by(2).for_each(|ledger| *ledger = Ledger::default());
        let mut spent_more = ledgers.clone();
        spent_more.iter_mut().step_by(2).for_each(|ledger| ledger.add(date("2025-08-01"), 50.0));
        let b = backtest(&holdout(&spent_more)).unwrap();
        assert!((a.spend.predicted - b.spend.predicted).abs() < 1e-9 && a.spend.actual < b.spend.actual);
    }

    #[test]
    fn too_little_is_refused_in_words() {
        let ledgers = company(20);
        let said = |holdout: &Holdout<'_>| backtest(holdout).unwrap_err().to_string();
        assert!(said(&holdout(&ledgers)).contains("customers had bought before 2025-07-01: 50 are needed"));
        let late = Holdout { cutoff: date("2026-02-01"), ..holdout(&ledgers) };
        assert!(said(&late).contains("purchases are from 2024-01-01 to 2025-12-31"));
    }
}
