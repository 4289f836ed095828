//! Which days of a stretch are read as sums of whole months, and which one by one? Each day once, whichever way.
//!
//! Statements take what is left as two arrays and look each range up by itself (`offset 0`): of ranges that it does not know
//! Postgres would think that they hold a good part of the table, and read all of it.

use chrono::{Days, Months, NaiveDate};

use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;

/// Stretches of days cut into months that are summed and the days that are left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Pieces {
    /// First days of the months.
    pub months: Vec<NaiveDate>,
    /// First days of what is left.
    pub from: Vec<NaiveDate>,
    /// Last days of the same.
    pub to: Vec<NaiveDate>,
}

/// The last day of the month that begins with a day.
pub(super) fn last_of(month: NaiveDate) -> NaiveDate {
    month + Months::new(1) - Days::new(1)
}

impl Pieces {
    /// Every day by itself.
    pub fn by_day(stretch: Period) -> Self {
        Self { months: Vec::new(), from: vec![stretch.first], to: vec![stretch.last] }
    }

    /// Stretches with what is summed of them, given all months that are summed, oldest first.
    pub fn of(stretches: &[Period], summed: &[NaiveDate]) -> Self {
        let mut pieces = Self::default();
        for stretch in stretches {
            let mut next = stretch.first;
            for month in summed.iter().copied().filter(|it| *it >= stretch.first && last_of(*it) <= stretch.last) {
                if next < month {
                    pieces.leave(next, month - Days::new(1));
                }
                pieces.months.push(month);
                next = month + Months::new(1);
            }
            if next <= stretch.last {
                pieces.leave(next, stretch.last);
            }
        }
        pieces
    }

    /// The same, asking which months are summed.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn find(tx: &mut OrgTx, stretches: &[Period]) -> Result<Self> {
        let within =
            stretches.iter().copied().reduce(|a, b| Period { first: a.first.min(b.first), last: a.last.max(b.last) });
        let Some(within) = within else { return Ok(Self::default()) };
        let org = tx.org().0;
        let summed = sqlx::query_scalar!(
            "select month from revenue_months
             where org_id = $1 and partner_id = '00000000-0000-0000-0000-000000000000' and month between $2 and $3 order by month",
            org,
            within.first,
            within.last
        )
        .fetch_all(&mut **tx)
        .await?;
        Ok(Self::of(stretches, &summed))
    }

    fn leave(&mut self, from: NaiveDate, to: NaiveDate) {
        self.from.push(from);
        self.to.push(to);
    }
}

#[cfg(test)]
mod tests {
    use chrono::Datelike;
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn whole_months_that_are_summed_are_read_as_such() {
        let stretch = Period { first: day("2026-01-15"), last: day("2026-05-03") };
        let it = Pieces::of(&[stretch], &[day("2026-01-01"), day("2026-02-01"), day("2026-04-01"), day("2026-05-01")]);
        assert_eq!(it.months, [day("2026-02-01"), day("2026-04-01")]);
        assert_eq!(it.from, [day("2026-01-15"), day("2026-03-01"), day("2026-05-01")]);
        assert_eq!(it.to, [day("2026-01-31"), day("2026-03-31"), day("2026-05-03")]);
    }

    proptest! {
        #[test]
        fn each_day_is_read_once(first in 0_u64..800, days in 1_u64..900, summed in proptest::collection::btree_set(0_u32..60, 0..60)) {
            let first = day("2023-01-01") + Days::new(first);
            let period = Period { first, last: first + Days::new(days - 1) };
            let months: Vec<_> = summed.into_iter().map(|n| day("2023-01-01") + Months::new(n)).collect();
            let both = [period.previous(), period];
            let it = Pieces::of(&both, &months);
            let mut found: Vec<NaiveDate> = it.months.iter().flat_map(|m| m.iter_days().take_while(|d| d.month() == m.month())).collect();
            found.extend(it.from.iter().zip(&it.to).flat_map(|(from, to)| from.iter_days().take_while(move |d| d <= to)));
            found.sort();
            let all: Vec<NaiveDate> = period.previous().first.iter_days().take_while(|d| *d <= period.last).collect();
            prop_assert_eq!(found, all);
        }
    }
}
