//! What the page shows as it stands in the address: period, what it is compared with, metric, order and page.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::metric::Metric;
use super::numbers::Kind;
use crate::metrics::{Period, Quarter};
use crate::{Error, Result};

/// Sites on a page of the table.
pub const PAGE: usize = 25;
const LAST_PAGE: usize = 500;

/// The filter as typed; an empty field is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// First day of the period, `YYYY-MM-DD`.
    pub from: Option<String>,
    /// Last day of the period, `YYYY-MM-DD`.
    pub to: Option<String>,
    /// `previous` or `last_year`.
    pub compare: Option<String>,
    /// Only sites of this kind.
    pub vertical: Option<String>,
    /// The code of a [`Metric`].
    pub metric: Option<String>,
    /// The code of a [`Kind`]: whose sites are shown.
    pub show: Option<String>,
    /// `site`, `cases`, `rate`, `previous` or `change`.
    pub sort: Option<String>,
    /// `asc` or `desc`.
    pub order: Option<String>,
    /// From 1.
    pub page: Option<String>,
}

/// What a period is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// As many days right before; for a whole quarter the quarter before.
    Previous,
    /// The same dates a year before.
    LastYear,
}

/// What the table is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The name.
    Site,
    /// How many were judged.
    Cases,
    /// The rate.
    Rate,
    /// The rate of the period it is compared with.
    Previous,
    /// What has changed since.
    Change,
}

impl By {
    /// All, in the order of the columns.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Site, "site"),
        (Self::Cases, "cases"),
        (Self::Rate, "rate"),
        (Self::Previous, "previous"),
        (Self::Change, "change"),
    ];
}

/// What has been understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The period.
    pub period: Period,
    /// What it is compared with.
    pub before: Period,
    /// What that is compared with in turn.
    pub earlier: Period,
    /// Its month up to its last day, and what that is compared with.
    pub month: (Period, Period),
    /// Its week, from Monday, up to its last day, and what that is compared with.
    pub week: (Period, Period),
    /// Which way.
    pub compare: Compare,
    /// What sites are compared by.
    pub metric: Metric,
    /// Whose sites are shown.
    pub show: Option<Kind>,
    /// The order of the table.
    pub by: By,
    /// Largest first.
    pub descending: bool,
    /// From 1.
    pub page: usize,
}

fn given(field: Option<&str>) -> Option<&str> {
    field.map(str::trim).filter(|text| !text.is_empty())
}

fn chosen<T: Copy>(field: &str, text: Option<&str>, words: &[(T, &str)], default: T) -> Result<T> {
    let Some(text) = given(text) else { return Ok(default) };
    words.iter().find(|(_, word)| *word == text).map(|(value, _)| *value).ok_or_else(|| {
        let shown: String = text.chars().take(30).collect();
        let words: Vec<&str> = words.iter().map(|(_, word)| *word).collect();
        Error::Invalid(format!("‘{shown}’ is no choice for ‘{field}’: choose {}.", words.join(", ")))
    })
}

impl Filter {
    /// The kind of sites that is asked for; `None`: all.
    #[must_use]
    pub fn vertical(&self) -> Option<&str> {
        given(self.vertical.as_deref())
    }

    /// Understands it, given the last complete day. Without dates the period is the 28 days that end there.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what to type instead.
    pub fn resolve(&self, last_complete: NaiveDate) -> Result<Asked> {
        let dates = crate::me::Filter { from: self.from.clone(), to: self.to.clone(), days: None };
        let (period, _) = dates.resolve(last_complete)?;
        let compares = [(Compare::Previous, "previous"), (Compare::LastYear, "last_year")];
        let compare = chosen("compare", self.compare.as_deref(), &compares, Compare::Previous)?;
        let metrics = Metric::ALL.map(|metric| (metric, metric.code()));
        let shows = Kind::ALL.map(|kind| (Some(kind), kind.code()));
        let orders = [(false, "asc"), (true, "desc")];
        let by = chosen("sort", self.sort.as_deref(), &By::ALL, By::Rate)?;
        let page = match given(self.page.as_deref()) {
            None => 1,
            Some(text) => text
                .parse()
                .ok()
                .filter(|page| (1..=LAST_PAGE).contains(page))
                .ok_or_else(|| Error::Invalid(format!("Pages are numbered from 1 to {LAST_PAGE}.")))?,
        };
        Ok(Asked {
            period,
            before: before(period, compare),
            earlier: before(before(period, compare), compare),
            month: month(period.last, compare),
            week: week(period.last, compare),
            compare,
            metric: chosen("metric", self.metric.as_deref(), &metrics, Metric::FillRate)?,
            show: chosen("show", self.show.as_deref(), &shows, None)?,
            by,
            descending: chosen("order", self.order.as_deref(), &orders, self.sort.is_none())?,
            page,
        })
    }
}

impl Asked {
    /// The same, with savings and active workers over the whole period instead of the month and the week it ends with.
    #[must_use]
    pub fn throughout(self) -> Self {
        let whole = (self.period, self.before);
        Self { month: whole, week: whole, ..self }
    }
}

fn year_before(day: NaiveDate) -> NaiveDate {
    day.checked_sub_months(Months::new(12)).unwrap_or(day)
}

fn before(period: Period, compare: Compare) -> Period {
    match compare {
        Compare::Previous => quarter_before(period).unwrap_or_else(|| period.previous()),
        Compare::LastYear => Period { first: year_before(period.first), last: year_before(period.last) },
    }
}

/// The quarter before, for a whole quarter: quarters differ in their days.
fn quarter_before(period: Period) -> Option<Period> {
    let quarter = Quarter::of(period.first);
    (quarter.period() == period).then(|| quarter.previous().period())
}

/// The month of a day up to that day, and as much of the month before or of the same month a year ago.
fn month(last: NaiveDate, compare: Compare) -> (Period, Period) {
    let now = Period { first: last - Days::new(u64::from(last.day0())), last };
    let back = Months::new(if compare == Compare::Previous { 1 } else { 12 });
    let earlier = |day: NaiveDate| day.checked_sub_months(back).unwrap_or(day);
    (now, Period { first: earlier(now.first), last: earlier(now.last) })
}

/// The week of a day up to that day, and as much of the week before or of that 52 weeks ago.
fn week(last: NaiveDate, compare: Compare) -> (Period, Period) {
    let now = Period { first: last - Days::new(u64::from(last.weekday().num_days_from_monday())), last };
    let back = Days::new(if compare == Compare::Previous { 7 } else { 364 });
    (now, Period { first: now.first - back, last: now.last - back })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(first: &str, last: &str) -> Period {
        Period { first: day(first), last: day(last) }
    }

    #[test]
    fn month_and_week_are_compared_with_as_much_of_another() {
        let asked = Filter::default().resolve(day("2026-03-31")).unwrap();
        assert_eq!(asked.month, (period("2026-03-01", "2026-03-31"), period("2026-02-01", "2026-02-28")));
        assert_eq!(asked.week, (period("2026-03-30", "2026-03-31"), period("2026-03-23", "2026-03-24")));
        let last_year = Filter { compare: Some("last_year".into()), ..Filter::default() };
        let asked = last_year.resolve(day("2024-02-29")).unwrap();
        assert_eq!(asked.before, period("2023-02-02", "2023-02-28"));
        assert_eq!(asked.week.1.first.weekday(), chrono::Weekday::Mon);
    }

    #[test]
    fn a_whole_quarter_is_compared_with_the_quarter_before() {
        let before = |first: &str, last: &str| before(period(first, last), Compare::Previous);
        assert_eq!(before("2026-07-01", "2026-09-30"), period("2026-04-01", "2026-06-30"));
        assert_eq!(before("2026-07-01", "2026-09-29"), period("2026-04-01", "2026-06-30"), "91 days are 91 days");
        assert_eq!(before("2026-07-02", "2026-09-30"), period("2026-04-02", "2026-07-01"));
    }

    #[test]
    fn nonsense_is_told_what_to_choose() {
        let check = |filter: Filter, hint: &str| {
            let answer = filter.resolve(day("2026-03-31")).unwrap_err().to_string();
            assert!(answer.contains(hint), "{answer}");
        };
        let some = |text: &str| Some(text.to_owned());
        check(Filter { metric: some("salary"), ..Filter::default() }, "fill_rate, attendance");
        check(Filter { compare: some("budget"), ..Filter::default() }, "previous, last_year");
        check(Filter { show: some("secrets"), ..Filter::default() }, "cost_saved");
        check(Filter { sort: some("name; drop table"), ..Filter::default() }, "site, cases");
        check(Filter { order: some("up"), ..Filter::default() }, "asc, desc");
        check(Filter { page: some("0"), ..Filter::default() }, "from 1");
        check(Filter { from: some("soon"), ..Filter::default() }, "2026-03-31");
    }

    proptest! {
        #[test]
        fn no_text_panics(from in ".{0,12}", to in "[0-9-]{0,12}", text in ".{0,12}") {
            let filter = Filter { from: Some(from), to: Some(to), compare: Some(text), ..Filter::default() };
            let _ = filter.resolve(day("2026-03-28"));
        }
    }
}
