//! A number for each day: what is known, and what stands in for the days that are not.

use chrono::{Days, NaiveDate};

use super::season::WEEK;

/// One value a day, without holes.
#[derive(Debug, Clone, PartialEq)]
pub struct Daily {
    /// What it is called.
    pub name: String,
    /// The first day that is not zero.
    pub first: NaiveDate,
    values: Vec<f64>,
    known: Vec<bool>,
}

impl Daily {
    /// From the value of each day in order, `None` where it is not known: then the same day of the week before stands in for
    /// it, and nothing is judged by it. Begins with the first day that is known and not zero; `None` without one.
    #[must_use]
    pub fn new(name: impl Into<String>, first: NaiveDate, days: &[Option<f64>]) -> Option<Self> {
        let skip = days.iter().position(|day| day.is_some_and(|value| value != 0.0))?;
        let mut values: Vec<f64> = Vec::with_capacity(days.len() - skip);
        for day in &days[skip..] {
            let at = values.len();
            let before = || values[if at < WEEK { at.saturating_sub(1) } else { at - WEEK }];
            values.push(day.unwrap_or_else(before));
        }
        let known = days[skip..].iter().map(Option::is_some).collect();
        Some(Self { name: name.into(), first: first + Days::new(skip as u64), values, known })
    }

    /// How many days.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The values before a position, with what stands in for those that are not known.
    #[must_use]
    pub fn before(&self, at: usize) -> &[f64] {
        &self.values[..at]
    }

    /// The value at a position, where it is known.
    #[must_use]
    pub fn at(&self, at: usize) -> Option<f64> {
        self.known.get(at).copied().unwrap_or(false).then(|| self.values[at])
    }

    /// Days that are not known.
    #[must_use]
    pub fn unknown(&self) -> usize {
        self.known.iter().filter(|known| !**known).count()
    }

    /// The day at a position.
    #[must_use]
    pub fn day(&self, at: usize) -> NaiveDate {
        self.first + Days::new(at as u64)
    }

    /// Mean distance to the same day of the week before, of the days from `from` to before `to`; 0 where nothing changes.
    #[must_use]
    pub fn weekly_change(&self, from: usize, to: usize) -> f64 {
        let (mut sum, mut n) = (0.0, 0.0);
        for at in from.max(WEEK)..to {
            if self.known[at] && self.known[at - WEEK] {
                sum += (self.values[at] - self.values[at - WEEK]).abs();
                n += 1.0;
            }
        }
        if n > 0.0 { sum / n } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn it_begins_with_the_first_value_and_the_week_before_stands_in_for_what_is_missing() {
        let mut days: Vec<Option<f64>> = vec![None, Some(0.0)];
        days.extend((1..=10).map(|day| Some(f64::from(day))));
        days[10] = None;
        let daily = Daily::new("a", date("2025-01-01"), &days).unwrap();
        assert_eq!((daily.first, daily.len(), daily.unknown()), (date("2025-01-03"), 10, 1));
        assert_eq!(daily.before(10), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 2.0, 10.0]);
        assert_eq!((daily.at(7), daily.at(8), daily.at(99)), (Some(8.0), None, None));
        assert_eq!(daily.day(1), date("2025-01-04"));
        // 8 − 1 and 10 − 3; the ninth is not known.
        assert_eq!(daily.weekly_change(0, 10), 7.0);
    }

    #[test]
    fn nothing_but_zero_is_no_series() {
        assert_eq!(Daily::new("a", date("2025-01-01"), &[Some(0.0), None]), None);
    }
}
