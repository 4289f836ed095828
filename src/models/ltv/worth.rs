//! What will each customer still be worth, from the last day that is known on?

use chrono::{Days, NaiveDate};

use super::backtest::{FEWEST, Holdout, season};
use super::churn::{Looks, chances};
use super::customers::{Customer, Ledger};
use super::spend::Spend;
use crate::{Error, Result};

/// Who buys nothing for so many days is taken for gone.
pub const SILENT_DAYS: i64 = 90;
/// Days of spending that are told.
const YEAR: u64 = 365;

/// What is told of a customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Worth {
    /// Net spending expected in the next 365 days.
    pub spend: f64,
    /// Chance to buy nothing within [`SILENT_DAYS`].
    pub silent: f64,
}

/// Tells it of each ledger, in order, by the very models that the back-test judges; `None` of one who has not bought, or got
/// everything back.
///
/// # Errors
/// [`Error::Invalid`] where there are too few customers, or the history is too short.
pub fn worths(ledgers: &[Ledger], (first, last): (NaiveDate, NaiveDate), seed: u64) -> Result<Vec<Option<Worth>>> {
    let today = last + Days::new(1);
    let seen: Vec<Option<Customer>> = ledgers.iter().map(|ledger| ledger.before(today, first)).collect();
    let known: Vec<Customer> = seen.iter().flatten().copied().collect();
    if known.len() < FEWEST {
        return Err(Error::Invalid(format!("{} customers have bought: {FEWEST} are needed", known.len())));
    }
    let looks = Looks::before(ledgers, first, today, SILENT_DAYS)?;
    let spend = Spend::fitted(&known, seed);
    let season = season(&Holdout { ledgers, first, last, cutoff: today, seed }, today + Days::new(YEAR));
    let silent = chances(&looks, &known, &spend, SILENT_DAYS as f64 / 7.0, seed)?.model;
    let weeks = YEAR as f64 / 7.0;
    let mut told = known
        .iter()
        .zip(silent)
        .map(|(one, silent)| Worth { spend: (season * spend.expected(one, weeks)).max(0.0), silent });
    Ok(seen.iter().map(|seen| seen.and_then(|_| told.next())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::dice::Dice;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Half buy 10 each week, a quarter each fourth week, a quarter stopped after half a year; one never bought.
    fn company() -> Vec<Ledger> {
        let mut dice = Dice::new(5);
        let first = date("2025-01-01");
        let mut all: Vec<Ledger> = (0..200)
            .map(|who| {
                let mut ledger = Ledger::default();
                let (every, until) = match who % 4 {
                    0 | 1 => (7.0, 365.0),
                    2 => (28.0, 365.0),
                    _ => (7.0, 180.0),
                };
                let mut day = 60.0 * dice.unit();
                while day < until {
                    ledger.add(first + Days::new(day as u64), 8.0 + 4.0 * dice.unit());
                    day += every * (0.5 + dice.unit());
                }
                ledger
            })
            .collect();
        all.push(Ledger::default());
        all
    }

    #[test]
    fn who_buys_often_is_worth_more_and_who_was_silent_for_long_is_likely_gone() {
        let told = worths(&company(), (date("2025-01-01"), date("2025-12-31")), 1).unwrap();
        let mean = |kind: usize, of: fn(&Worth) -> f64| {
            let some: Vec<f64> =
                told[..200].iter().skip(kind).step_by(4).map(|one| of(one.as_ref().unwrap())).collect();
            some.iter().sum::<f64>() / some.len() as f64
        };
        assert_eq!((told.len(), told[200]), (201, None));
        // About 52 purchases of 10 a year, and 13.
        assert!((350.0..600.0).contains(&mean(0, |it| it.spend)), "{}", mean(0, |it| it.spend));
        assert!(
            mean(0, |it| it.spend) > 2.0 * mean(2, |it| it.spend) && mean(2, |it| it.spend) > mean(3, |it| it.spend)
        );
        assert!(mean(3, |it| it.silent) > 0.8 && mean(0, |it| it.silent) < 0.2, "{}", mean(3, |it| it.silent));
    }

    #[test]
    fn too_few_are_refused() {
        let some = &company()[..20];
        assert!(worths(some, (date("2025-01-01"), date("2025-12-31")), 1).is_err());
    }
}
