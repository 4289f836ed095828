//! What a page of orders and money shows as it stands in the address: period, partner, order and page.

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::metrics::Period;
use crate::{Error, Result};

/// Rows on a page of a list.
pub const PAGE: usize = 25;
const LAST_PAGE: usize = 500;
/// Days of a period that is not said.
const USUAL_DAYS: u64 = 30;

/// The filter as typed; an empty field is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// First day of the period, `YYYY-MM-DD`.
    pub from: Option<String>,
    /// Last day of the period, `YYYY-MM-DD`.
    pub to: Option<String>,
    /// Only what this partner carries out.
    pub partner: Option<String>,
    /// The key of a column.
    pub sort: Option<String>,
    /// `asc` or `desc`.
    pub order: Option<String>,
    /// From 1.
    pub page: Option<String>,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// The days shown: of the period asked for those that are over.
    pub period: Period,
    /// The last day asked for.
    pub until: NaiveDate,
    /// As many days right before.
    pub before: Period,
    /// Only what this partner carries out.
    pub partner: Option<Uuid>,
    /// The key of the column that was asked for.
    pub sort: Option<String>,
    /// Largest first.
    pub descending: bool,
    /// The page of the list, from 1.
    pub page: usize,
}

fn given(field: Option<&String>) -> Option<&str> {
    field.map(|text| text.trim()).filter(|text| !text.is_empty())
}

impl Filter {
    /// Understands it, given the last complete day. Without dates: the 30 days that end there. `sorts` are the keys that a
    /// list can be sorted by.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what to type instead.
    pub fn resolve(&self, last_complete: NaiveDate, sorts: &[&str]) -> Result<Asked> {
        let wanted = match (given(self.from.as_ref()), given(self.to.as_ref())) {
            (None, None) => Period::ending(last_complete, USUAL_DAYS),
            (from, to) => {
                let dates = crate::me::Filter { from: from.map(Into::into), to: to.map(Into::into), days: None };
                let (period, _) = dates.resolve(last_complete)?;
                if from.is_some() { period } else { Period::ending(period.last, USUAL_DAYS) }
            }
        };
        // Against a whole month before, the days that have not come would look like a fall.
        let period = wanted.over_by(last_complete);
        let partner = given(self.partner.as_ref()).map(|text| {
            text.parse().map_err(|_| Error::Invalid("That is no partner’s address. Choose one from the list.".into()))
        });
        let sort = given(self.sort.as_ref()).map(|text| {
            let known = sorts.iter().find(|key| **key == text);
            known.map(|key| (*key).to_owned()).ok_or_else(|| {
                Error::Invalid(format!("The list cannot be sorted by that: choose {}.", sorts.join(", ")))
            })
        });
        let descending = match given(self.order.as_ref()) {
            None | Some("desc") => true,
            Some("asc") => false,
            Some(_) => return Err(Error::Invalid("An order is asc or desc.".into())),
        };
        let page = given(self.page.as_ref()).map_or(Some(1), |text| text.parse().ok());
        let page = page.filter(|page| (1..=LAST_PAGE).contains(page));
        Ok(Asked {
            period,
            until: wanted.last,
            before: period.previous(),
            partner: partner.transpose()?,
            sort: sort.transpose()?,
            descending,
            page: page.ok_or_else(|| Error::Invalid(format!("Pages are numbered from 1 to {LAST_PAGE}.")))?,
        })
    }
}

/// What a chart and a table of a period are divided into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Grain {
    /// Days.
    Day,
    /// Weeks that begin on Monday.
    Week,
    /// Calendar months.
    Month,
}

impl Grain {
    /// Days up to a quarter, weeks up to two years, then months.
    #[must_use]
    pub fn of(period: Period) -> Self {
        match period.days() {
            0..=92 => Self::Day,
            93..=730 => Self::Week,
            _ => Self::Month,
        }
    }

    /// Its name, for a heading.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "Day",
            Self::Week => "Week",
            Self::Month => "Month",
        }
    }

    /// The first day of the part that a day is in.
    #[must_use]
    pub fn begins(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Day => day,
            Self::Week => day - Days::new(u64::from(day.weekday().num_days_from_monday())),
            Self::Month => day - Days::new(u64::from(day.day0())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn without_dates_it_is_the_last_thirty_days_and_the_thirty_before() {
        let asked = Filter::default().resolve(day("2026-03-31"), &[]).unwrap();
        assert_eq!(asked.period, Period { first: day("2026-03-02"), last: day("2026-03-31") });
        assert_eq!(asked.before, Period { first: day("2026-01-31"), last: day("2026-03-01") });
    }

    #[test]
    fn of_a_month_that_goes_on_the_days_that_are_over_are_compared_with_as_many() {
        let some = |text: &str| Some(text.to_owned());
        let filter = Filter { from: some("2026-03-01"), to: some("2026-03-31"), ..Filter::default() };
        let asked = filter.resolve(day("2026-03-20"), &[]).unwrap();
        assert_eq!(asked.period, Period { first: day("2026-03-01"), last: day("2026-03-20") });
        assert_eq!(asked.before, Period { first: day("2026-02-09"), last: day("2026-02-28") });
        assert_eq!(asked.until, day("2026-03-31"), "the page says that they were asked for");
        let ahead = Filter { from: some("2026-03-25"), ..filter }.resolve(day("2026-03-20"), &[]).unwrap();
        assert_eq!(ahead.period.last, day("2026-03-31"), "nothing of it is over");
    }

    #[test]
    fn nonsense_is_told() {
        let check = |filter: Filter| assert!(filter.resolve(day("2026-03-31"), &["orders"]).is_err(), "{filter:?}");
        let some = |text: &str| Some(text.to_owned());
        check(Filter { from: some("31/03/2026"), ..Filter::default() });
        check(Filter { from: some("2026-03-31"), to: some("2026-03-01"), ..Filter::default() });
        check(Filter { partner: some("Spotless"), ..Filter::default() });
        check(Filter { sort: some("name"), ..Filter::default() });
        check(Filter { order: some("up"), ..Filter::default() });
        check(Filter { page: some("0"), ..Filter::default() });
    }

    #[test]
    fn a_week_begins_on_monday_and_a_month_on_the_first() {
        assert_eq!(Grain::Week.begins(day("2026-03-08")), day("2026-03-02"));
        assert_eq!(Grain::Month.begins(day("2026-03-08")), day("2026-03-01"));
    }
}
