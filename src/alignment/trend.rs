//! How a KPI has moved: its value at other dates, each over a time of the same length. A trend compares dates, not lengths.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// So many days back.
pub const BACK: [u64; 5] = [7, 14, 30, 60, 90];

/// What a value is made of, so that it can be checked by hand.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fraction {
    /// Above the line.
    pub numerator: f64,
    /// Below the line; above nought.
    pub denominator: f64,
}

impl Fraction {
    /// The value; `None` where nothing can be divided.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        let value = self.numerator / self.denominator;
        (self.denominator > 0.0 && value.is_finite()).then_some(value)
    }
}

/// The values of a KPI by day.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Course(pub BTreeMap<NaiveDate, Fraction>);

impl Course {
    /// The value of a day.
    #[must_use]
    pub fn value(&self, day: NaiveDate) -> Option<f64> {
        self.0.get(&day).copied().and_then(Fraction::value)
    }
}

/// The value at an earlier date, over a time as long as that of the value it is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Then {
    /// How many days before.
    pub back: u64,
    /// The date.
    pub day: NaiveDate,
    /// The value at that date; `None`: there was none.
    pub value: Option<f64>,
    /// What it has changed by since; `None`: one of the two is missing.
    pub change: Option<f64>,
}

/// The value of a day against that of the days 7, 14, 30, 60 and 90 before it.
#[must_use]
pub fn trend(day: NaiveDate, value: impl Fn(NaiveDate) -> Option<f64>) -> [Then; 5] {
    let now = value(day);
    BACK.map(|back| {
        let day = day.checked_sub_days(Days::new(back)).unwrap_or(NaiveDate::MIN);
        let then = value(day);
        Then { back, day, value: then, change: now.zip(then).map(|(now, then)| now - then) }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn course(values: &[(&str, f64)]) -> Course {
        let fraction = |value: f64| Fraction { numerator: value, denominator: 100.0 };
        Course(values.iter().map(|(text, value)| (day(text), fraction(*value))).collect())
    }

    #[test]
    fn a_trend_compares_dates_and_not_lengths() {
        // Known dates: 31 March, and 7, 14, 30, 60 and 90 days before it. What lies between does not matter.
        let course = course(&[
            ("2025-12-31", 50.0),
            ("2026-01-30", 60.0),
            ("2026-03-01", 70.0),
            ("2026-03-02", 1.0),
            ("2026-03-17", 80.0),
            ("2026-03-24", 90.0),
            ("2026-03-30", 2.0),
            ("2026-03-31", 95.0),
        ]);
        let trend = trend(day("2026-03-31"), |day| course.value(day));
        let found: Vec<_> = trend.iter().map(|then| (then.back, then.day.to_string(), then.value.unwrap())).collect();
        let expected = [
            (7, "2026-03-24", 0.9),
            (14, "2026-03-17", 0.8),
            (30, "2026-03-01", 0.7),
            (60, "2026-01-30", 0.6),
            (90, "2025-12-31", 0.5),
        ];
        assert_eq!(found, expected.map(|(back, day, value)| (back, day.to_owned(), value)));
        let changes: Vec<i64> = trend.iter().map(|then| (100.0 * then.change.unwrap()).round() as i64).collect();
        assert_eq!(changes, [5, 15, 25, 35, 45]);
    }

    #[test]
    fn a_date_without_a_value_has_no_change() {
        let course = course(&[("2026-03-24", 90.0), ("2026-03-31", 95.0)]);
        let trend = |at| trend(day(at), |day| course.value(day)).map(|then| then.change.is_some());
        assert_eq!(trend("2026-03-31"), [true, false, false, false, false]);
        assert_eq!(trend("2026-04-07"), [false; 5], "nothing to compare");
    }

    #[test]
    fn what_cannot_be_divided_is_no_value() {
        assert_eq!(Fraction { numerator: 1.0, denominator: 0.0 }.value(), None);
        assert_eq!(Fraction { numerator: -1.0, denominator: 4.0 }.value(), Some(-0.25));
    }

    proptest! {
        #[test]
        fn a_flat_course_has_no_trend(value in 0.01..1.0_f64, ahead in 0u64..800) {
            let day = day("2025-01-01") + Days::new(ahead);
            for then in trend(day, |_| Some(value)) {
                prop_assert_eq!(then.change, Some(0.0));
                prop_assert_eq!(day - then.day, chrono::Duration::days(then.back as i64));
            }
        }
    }
}
