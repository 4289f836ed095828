//! What is known of each customer on a day: how often, how recently, since when, and for how much.

use std::collections::BTreeMap;

use chrono::NaiveDate;

/// Days in a week: purchases are reckoned by the week.
const WEEK: f64 = 7.0;

/// What one customer paid and got back, day by day: the purchases of a day are one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ledger(BTreeMap<NaiveDate, f64>);

/// A customer as seen at the end of the day before a cutoff.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Customer {
    /// Days of purchase after the first.
    pub repeats: f64,
    /// Weeks from the first purchase to the last.
    pub last: f64,
    /// Weeks from the first purchase to the cutoff.
    pub age: f64,
    /// Days of purchase, the first included.
    pub purchases: f64,
    /// Mean paid on a day of purchase, what was paid back taken off; above 0.
    pub mean: f64,
    /// Share of what was paid that was paid back, 0–1.
    pub returned: f64,
    /// Days of purchase in the latest tenth of the time since anybody's first, and in the latest third.
    pub lately: [f64; 2],
}

impl Ledger {
    /// Adds an amount; below zero it was paid back.
    pub fn add(&mut self, day: NaiveDate, amount: f64) {
        *self.0.entry(day).or_default() += amount;
    }

    /// The first day of purchase.
    #[must_use]
    pub fn first(&self) -> Option<NaiveDate> {
        self.0.iter().find(|(_, amount)| **amount > 0.0).map(|(day, _)| *day)
    }

    /// The customer as known before the cutoff; `None` who had not bought yet, or got everything back. `since` is the
    /// first day of anybody.
    #[must_use]
    pub fn before(&self, cutoff: NaiveDate, since: NaiveDate) -> Option<Customer> {
        let first = self.first().filter(|first| *first < cutoff)?;
        let weeks = |from: NaiveDate, to: NaiveDate| (to - from).num_days() as f64 / WEEK;
        let span = weeks(since, cutoff);
        let (mut purchases, mut paid, mut back, mut last, mut lately) = (0.0, 0.0, 0.0, first, [0.0; 2]);
        for (day, amount) in self.0.range(first..cutoff) {
            if *amount > 0.0 {
                purchases += 1.0;
                paid += amount;
                last = *day;
                let ago = weeks(*day, cutoff);
                lately[0] += f64::from(ago <= span / 10.0);
                lately[1] += f64::from(ago <= span / 3.0);
            } else {
                back -= amount;
            }
        }
        let net = paid - back;
        (net > 0.0).then(|| Customer {
            repeats: purchases - 1.0,
            last: weeks(first, last),
            age: weeks(first, cutoff),
            purchases,
            mean: net / purchases,
            returned: back / paid,
            lately,
        })
    }

    /// Net paid from a day on to before another, and whether anything was bought.
    #[must_use]
    pub fn between(&self, from: NaiveDate, to: NaiveDate) -> (f64, bool) {
        let days = || self.0.range(from..to).map(|(_, amount)| *amount);
        (days().sum(), days().any(|amount| amount > 0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_yo_opt(2025, day).unwrap()
    }

    #[test]
    fn by_hand_of_one_customer_with_a_refund_and_two_orders_on_a_day() {
        let mut ledger = Ledger::default();
        for (at, amount) in [(8, 10.0), (8, 20.0), (22, 50.0), (25, -20.0), (43, 40.0), (60, 99.0)] {
            ledger.add(day(at), amount);
        }
        let seen = ledger.before(day(50), day(1)).unwrap();
        assert_eq!((seen.purchases, seen.repeats, seen.last, seen.age), (3.0, 2.0, 5.0, 6.0));
        // 120 paid, 20 paid back. The latest tenth of seven weeks is five days, the third 16.
        assert!((seen.mean - 100.0 / 3.0).abs() < 1e-12 && (seen.returned - 1.0 / 6.0).abs() < 1e-12);
        assert_eq!(seen.lately, [0.0, 1.0]);
        assert_eq!(ledger.between(day(50), day(61)), (99.0, true));
        assert_eq!(ledger.between(day(23), day(30)), (-20.0, false));
    }

    #[test]
    fn who_got_everything_back_or_had_not_bought_yet_is_no_customer() {
        let mut ledger = Ledger::default();
        ledger.add(day(5), -7.0);
        assert_eq!(ledger.before(day(9), day(1)), None);
        ledger.add(day(8), 7.0);
        ledger.add(day(9), -7.0);
        assert_eq!((ledger.before(day(8), day(1)), ledger.before(day(20), day(1))), (None, None));
        assert!(ledger.before(day(9), day(1)).is_some());
    }
}
