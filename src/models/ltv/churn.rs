//! Who will buy nothing? Learned from earlier cutoffs: what was known then, and who bought nothing in the time after.

use chrono::{Days, NaiveDate};

use super::customers::{Customer, Ledger};
use super::spend::Spend;
use crate::models::classifier::Classifier;
use crate::models::logistic::{log_odds, logistic};
use crate::models::table::Table;
use crate::{Error, Result};

/// The column of the simple baseline.
pub const RECENCY: &str = "weeks since the last purchase";
/// Earlier cutoffs that are learned from, at most.
const SNAPSHOTS: u64 = 3;
/// Before the earliest there must be so many days.
const FEWEST_DAYS: i64 = 28;
/// From more looks than this, so many of each cutoff are taken.
const MOST_LOOKS: usize = 40_000;

/// What a model of who leaves was learned from.
#[derive(Debug, Clone, PartialEq)]
pub struct Looks {
    /// The customers as known then.
    pub customers: Vec<Customer>,
    /// Who bought nothing in the time after.
    pub silent: Vec<bool>,
    /// How long that time was, weeks.
    pub weeks: f64,
    /// The cutoffs.
    pub cutoffs: Vec<NaiveDate>,
}

impl Looks {
    /// Every customer at earlier cutoffs, each so long before `cutoff` that what came of it was known then.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the history is too short to look back in.
    pub fn before(ledgers: &[Ledger], since: NaiveDate, cutoff: NaiveDate, days: i64) -> Result<Self> {
        let known = (cutoff - since).num_days();
        let time = days.min(known / 2).max(1) as u64;
        let earlier = (0..SNAPSHOTS).map(|back| cutoff - Days::new(time + back * time / 2));
        let cutoffs: Vec<NaiveDate> = earlier.filter(|day| (*day - since).num_days() >= FEWEST_DAYS).collect();
        if cutoffs.is_empty() {
            return Err(Error::Invalid(format!(
                "there are {known} days before the cutoff: twice {FEWEST_DAYS} are needed"
            )));
        }
        let every = (ledgers.len() * cutoffs.len()).div_ceil(MOST_LOOKS).max(1);
        let (mut customers, mut silent) = (Vec::new(), Vec::new());
        for day in &cutoffs {
            for ledger in ledgers.iter().step_by(every) {
                let Some(customer) = ledger.before(*day, since) else { continue };
                customers.push(customer);
                silent.push(!ledger.between(*day, *day + Days::new(time)).1);
            }
        }
        Ok(Self { customers, silent, weeks: time as f64 / 7.0, cutoffs })
    }
}

/// Chances to buy nothing in so many weeks.
pub(super) struct Chances {
    /// The mean, in log odds, of what the classifier and what Pareto/NBD say: on some data either is better, on most the mean.
    pub model: Vec<f64>,
    /// By recency alone.
    pub recency: Vec<f64>,
    /// By BG/NBD alone.
    pub purchases: Vec<f64>,
    /// By Pareto/NBD alone.
    pub lifetimes: Vec<f64>,
    /// Which kind of model was kept.
    pub kept: String,
}

/// Learned from the looks, asked about the customers of today.
pub(super) fn chances(looks: &Looks, today: &[Customer], spend: &Spend, weeks: f64, seed: u64) -> Result<Chances> {
    let (known, asked) = (table(&looks.customers, spend), table(today, spend));
    let all: Vec<usize> = (0..known.rows()).collect();
    let rows: Vec<usize> = (0..asked.rows()).collect();
    let model = Classifier::fitted(&known, &all, &looks.silent, seed)?;
    let alone = Classifier::fitted(&known.only(RECENCY), &all, &looks.silent, seed)?;
    // Where the time learned from is shorter than the time asked about, fewer will be silent: by as much as the model of
    // purchases says.
    let usual = |weeks: f64| -> f64 {
        let sum: f64 = today.iter().map(|one| spend.lifetimes.silent(one, weeks)).sum();
        log_odds((sum / today.len().max(1) as f64).clamp(1e-6, 1.0 - 1e-6))
    };
    let shift = if looks.weeks < weeks - 1e-9 { usual(weeks) - usual(looks.weeks) } else { 0.0 };
    let odds = |p: f64| log_odds(p.clamp(1e-6, 1.0 - 1e-6));
    let shifted = |p: f64| logistic(odds(p) + shift);
    let purchases: Vec<f64> = today.iter().map(|one| spend.purchases.silent(one, weeks)).collect();
    let lifetimes: Vec<f64> = today.iter().map(|one| spend.lifetimes.silent(one, weeks)).collect();
    let told: Vec<f64> = model.probabilities(&asked, &rows).into_iter().map(shifted).collect();
    let recency: Vec<f64> = alone.probabilities(&asked.only(RECENCY), &rows).into_iter().map(shifted).collect();
    let mean = |(p, own): (&f64, &f64)| logistic((odds(*p) + odds(*own)) / 2.0);
    Ok(Chances {
        model: told.iter().zip(&lifetimes).map(mean).collect(),
        recency,
        purchases,
        lifetimes,
        kept: model.kind().name().into(),
    })
}

/// What the model sees: recency, frequency, money, and what the model of purchases makes of the first two.
fn table(customers: &[Customer], spend: &Spend) -> Table {
    let numbers = |of: &dyn Fn(&Customer) -> f64| customers.iter().map(of).collect::<Vec<f64>>();
    let gap = |one: &Customer| if one.repeats > 0.0 { one.last / one.repeats } else { f64::NAN };
    Table::new(customers.len())
        .numbers(RECENCY, numbers(&|one| one.age - one.last))
        .numbers("days of purchase", numbers(&|one| one.purchases.ln()))
        .numbers("weeks a customer", numbers(&|one| one.age))
        .numbers("mean of a purchase", numbers(&|one| one.mean.ln()))
        .numbers("share paid back", numbers(&|one| one.returned))
        .numbers("weeks between purchases", numbers(&gap))
        .numbers("silence over the own gap", numbers(&|one| (one.age - one.last) / gap(one).max(0.5)))
        .numbers("purchases in the latest tenth", numbers(&|one| one.lately[0]))
        .numbers("purchases in the latest third", numbers(&|one| one.lately[1]))
        .numbers("expected purchases of four weeks", numbers(&|one| (spend.purchases.expected(one, 4.0) + 1e-6).ln()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn looks_end_before_the_cutoff_and_begin_when_something_is_known() {
        let mut ledger = Ledger::default();
        ledger.add(day("2025-01-01"), 5.0);
        ledger.add(day("2025-05-20"), 5.0);
        ledger.add(day("2025-06-02"), 5.0);
        let looks = Looks::before(&[ledger.clone()], day("2025-01-01"), day("2025-06-01"), 40).unwrap();
        assert_eq!(looks.cutoffs, ["2025-04-22", "2025-04-02", "2025-03-13"].map(day));
        assert_eq!(looks.silent, [false, true, true], "the purchase of 20 May is within 40 days of 22 April only");
        // Of 60 days before the cutoff half are kept to learn from.
        let looks = Looks::before(&[ledger.clone()], day("2025-04-02"), day("2025-06-01"), 400).unwrap();
        assert_eq!((looks.weeks, looks.cutoffs.len()), (30.0 / 7.0, 1));
        assert!(Looks::before(&[ledger], day("2025-05-20"), day("2025-06-01"), 40).is_err());
    }
}
