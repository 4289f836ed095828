//! Which days of a stretch are read as sums of whole months, and which one by one? Each day counts once, whichever way: of a month
//! that is summed and lies mostly within the stretch, the days outside are taken away again.
//!
//! Statements take ranges as arrays and look each up by itself (`offset 0`): of ranges that it does not know Postgres would
//! think that they hold a good part of the table, and read all of it.

use chrono::{Days, Months, NaiveDate};

use super::filter::Grain;
use crate::metrics::Period;

/// Stretches of days as months that are summed, and ranges of days that are added or taken away. Arrays of the same length, as
/// statements take them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Pieces {
    /// First days of the months that are added.
    pub months: Vec<NaiveDate>,
    /// A day of the stretch and the month that each of them counts as.
    pub months_as: Vec<NaiveDate>,
    /// First days of the ranges.
    pub from: Vec<NaiveDate>,
    /// Last days of the same.
    pub to: Vec<NaiveDate>,
    /// 1 for what is added, −1 for what is taken away.
    pub signs: Vec<i32>,
    /// A day that a range counts as; none: each of its days by itself.
    pub days_as: Vec<Option<NaiveDate>>,
}

/// The last day of the month that begins with a day.
pub(super) fn last_of(month: NaiveDate) -> NaiveDate {
    month + Months::new(1) - Days::new(1)
}

impl Pieces {
    /// Stretches with what is summed of them, given all months that are summed.
    pub fn of(stretches: &[Period], summed: &[NaiveDate]) -> Self {
        let mut pieces = Self::default();
        for stretch in stretches {
            let mut month = Grain::Month.begins(stretch.first);
            while month <= stretch.last {
                pieces.cut(month, *stretch, summed.contains(&month));
                month = month + Months::new(1);
            }
        }
        pieces
    }

    /// The same, and another stretch by its days, or by the weeks it is divided into.
    pub fn and_parts_of(mut self, stretch: Period, grain: Grain) -> Self {
        if grain == Grain::Day {
            self.range(stretch.first, stretch.last, 1, None);
            return self;
        }
        let mut first = stretch.first;
        while first <= stretch.last {
            let next = grain.begins(first) + Days::new(7);
            self.range(first, stretch.last.min(next - Days::new(1)), 1, Some(first));
            first = next;
        }
        self
    }

    /// A month as far as it lies within a stretch.
    fn cut(&mut self, month: NaiveDate, stretch: Period, summed: bool) {
        let last = last_of(month);
        let within = Period { first: stretch.first.max(month), last: stretch.last.min(last) };
        let outside = Period { first: month, last }.days() - within.days();
        if !summed || outside >= within.days() {
            return self.range(within.first, within.last, 1, Some(within.first));
        }
        self.months.push(month);
        self.months_as.push(within.first);
        if month < within.first {
            self.range(month, within.first - Days::new(1), -1, Some(within.first));
        }
        if within.last < last {
            self.range(within.last + Days::new(1), last, -1, Some(within.first));
        }
    }

    fn range(&mut self, from: NaiveDate, to: NaiveDate, sign: i32, counts_as: Option<NaiveDate>) {
        self.from.push(from);
        self.to.push(to);
        self.signs.push(sign);
        self.days_as.push(counts_as);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(first: &str, last: &str) -> Period {
        Period { first: day(first), last: day(last) }
    }

    /// The ranges in words.
    fn ranges(pieces: &Pieces) -> Vec<String> {
        let ranges = pieces.from.iter().zip(&pieces.to).zip(&pieces.signs);
        ranges.map(|((from, to), sign)| format!("{sign:+} {from}..{to}")).collect()
    }

    #[test]
    fn whole_months_that_are_summed_are_read_as_such() {
        let months = ["2026-01-01", "2026-02-01", "2026-04-01", "2026-05-01"].map(day);
        let it = Pieces::of(&[period("2026-01-20", "2026-05-03")], &months);
        assert_eq!(it.months, [day("2026-02-01"), day("2026-04-01")]);
        assert_eq!(
            ranges(&it),
            ["+1 2026-01-20..2026-01-31", "+1 2026-03-01..2026-03-31", "+1 2026-05-01..2026-05-03"]
        );
    }

    #[test]
    fn of_a_month_that_is_mostly_wanted_the_rest_is_taken_away() {
        let it = Pieces::of(&[period("2026-01-03", "2026-01-30")], &[day("2026-01-01")]);
        assert_eq!(ranges(&it), ["-1 2026-01-01..2026-01-02", "-1 2026-01-31..2026-01-31"]);
        assert_eq!((it.months, it.months_as), (vec![day("2026-01-01")], vec![day("2026-01-03")]));
    }

    #[test]
    fn a_stretch_by_weeks_begins_and_ends_where_it_does() {
        let it = Pieces::default().and_parts_of(period("2026-03-04", "2026-03-17"), Grain::Week);
        assert_eq!(
            ranges(&it),
            ["+1 2026-03-04..2026-03-08", "+1 2026-03-09..2026-03-15", "+1 2026-03-16..2026-03-17"]
        );
        assert_eq!(it.days_as, ["2026-03-04", "2026-03-09", "2026-03-16"].map(|first| Some(day(first))));
    }

    proptest! {
        #[test]
        fn each_day_counts_once_in_its_own_stretch_and_month(first in 0_u64..800, days in 1_u64..900, summed in proptest::collection::btree_set(0_u32..60, 0..60)) {
            let first = day("2023-01-01") + Days::new(first);
            let period = Period { first, last: first + Days::new(days - 1) };
            let months: Vec<_> = summed.into_iter().map(|n| day("2023-01-01") + Months::new(n)).collect();
            let it = Pieces::of(&[period.previous(), period], &months);
            let mut counted: BTreeMap<(bool, NaiveDate), i32> = BTreeMap::new();
            for (month, counts_as) in it.months.iter().zip(&it.months_as) {
                prop_assert_eq!(Grain::Month.begins(*counts_as), *month);
                for day in (Period { first: *month, last: last_of(*month) }).iter() {
                    *counted.entry((*counts_as >= first, day)).or_default() += 1;
                }
            }
            for (at, from) in it.from.iter().enumerate() {
                let counts_as = it.days_as[at].expect("a day");
                prop_assert_eq!(Grain::Month.begins(counts_as), Grain::Month.begins(*from));
                let range = Period { first: *from, last: it.to[at] };
                prop_assert!(!months.contains(&Grain::Month.begins(*from)) || range.days() <= 16, "half a month at most is read by day");
                for day in range.iter() {
                    *counted.entry((counts_as >= first, day)).or_default() += it.signs[at];
                }
            }
            counted.retain(|_, n| *n != 0);
            let both = period.previous().iter().map(|day| ((false, day), 1)).chain(period.iter().map(|day| ((true, day), 1)));
            prop_assert_eq!(counted, both.collect::<BTreeMap<_, _>>());
        }
    }
}
