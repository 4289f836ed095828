//! What the pages show as it stands in the address: month, site, order, page, and who is looked for.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::metrics::Period;
use crate::units::SiteId;
use crate::{Error, Result};

/// Rows on a page of a table.
pub const PAGE: usize = 25;
const LAST_PAGE: usize = 500;
const LONGEST_SEARCH: usize = 80;

/// The filter as typed; an empty field is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// `YYYY-MM`.
    pub month: Option<String>,
    /// A site's id.
    pub site: Option<String>,
    /// The code of a column.
    pub sort: Option<String>,
    /// `asc` or `desc`.
    pub order: Option<String>,
    /// From 1.
    pub page: Option<String>,
    /// Part of a name or an employee number.
    pub q: Option<String>,
}

/// What the table of sites can be sorted by.
pub const SITE_COLUMNS: [&str; 7] = ["site", "actual", "to_date", "difference", "expected", "against", "per_shift"];
/// What the payroll can be sorted by.
pub const PAY_COLUMNS: [&str; 7] = ["name", "shifts", "hours", "overtime", "premium", "travel", "total"];

/// What has been understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// The first day of the month.
    pub month: NaiveDate,
    /// Its days that are over; `None`: it has just begun.
    pub over: Option<Period>,
    /// One site.
    pub site: Option<SiteId>,
    /// The column the table is sorted by.
    pub by: &'static str,
    /// Largest first.
    pub descending: bool,
    /// From 1.
    pub page: usize,
    /// Who is looked for, in lower case.
    pub q: Option<String>,
}

fn given(field: Option<&str>) -> Option<&str> {
    field.map(str::trim).filter(|text| !text.is_empty())
}

fn short(text: &str) -> String {
    text.chars().take(30).collect()
}

pub(crate) fn first_of(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.day0()))
}

/// The whole month that begins with a day.
#[must_use]
pub fn whole(month: NaiveDate) -> Period {
    Period { first: month, last: month + Months::new(1) - Days::new(1) }
}

impl Filter {
    /// Understands it for a table of these columns, given the last complete day and today. Without a month it is that of the last
    /// complete day.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what to type instead, [`Error::NotFound`] for a site that cannot be one.
    pub fn resolve(&self, columns: &[&'static str], last_complete: NaiveDate, today: NaiveDate) -> Result<Asked> {
        let month = match given(self.month.as_deref()) {
            None => first_of(last_complete),
            Some(text) => month(text, today)?,
        };
        let last = whole(month).last.min(last_complete);
        let by = match given(self.sort.as_deref()) {
            None => columns[columns.len() - 1],
            Some(text) => columns.iter().copied().find(|column| *column == text).ok_or_else(|| {
                Error::Invalid(format!("‘{}’ is no column to sort by: choose {}.", short(text), columns.join(", ")))
            })?,
        };
        let descending = match given(self.order.as_deref()) {
            None => by != columns[0],
            Some("asc") => false,
            Some("desc") => true,
            Some(text) => return Err(Error::Invalid(format!("‘{}’ is no order: choose asc or desc.", short(text)))),
        };
        let page = match given(self.page.as_deref()) {
            None => 1,
            Some(text) => text
                .parse()
                .ok()
                .filter(|page| (1..=LAST_PAGE).contains(page))
                .ok_or_else(|| Error::Invalid(format!("Pages are numbered from 1 to {LAST_PAGE}.")))?,
        };
        let site = given(self.site.as_deref()).map(str::parse::<Uuid>).transpose();
        Ok(Asked {
            month,
            over: (last >= month).then_some(Period { first: month, last }),
            site: site.map_err(|_| Error::NotFound("site"))?.map(SiteId),
            by,
            descending,
            page,
            q: search(self.q.as_deref())?,
        })
    }
}

fn month(text: &str, today: NaiveDate) -> Result<NaiveDate> {
    let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok();
    let first = first.filter(|_| text.len() == 7).filter(|first| (1990..2200).contains(&first.year()));
    let first = first.ok_or_else(|| Error::Invalid(format!("‘{}’ is no month: write it as 2026-03.", short(text))))?;
    if first > today {
        let now = first_of(today).format("%Y-%m");
        return Err(Error::Invalid(format!("{text} has not begun; the month that runs is {now}.")));
    }
    Ok(first)
}

fn search(text: Option<&str>) -> Result<Option<String>> {
    let Some(text) = given(text) else { return Ok(None) };
    if text.chars().count() > LONGEST_SEARCH || text.contains('\0') {
        return Err(Error::Invalid(format!("Look for at most {LONGEST_SEARCH} letters of a name or number.")));
    }
    Ok(Some(text.to_lowercase()))
}

impl Asked {
    /// Whether all its days are over.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.over.is_some_and(|over| over == whole(self.month))
    }

    /// The same days of the month before, as far as it has them.
    #[must_use]
    pub fn before(&self) -> Option<Period> {
        let over = self.over?;
        let month = whole(self.month.checked_sub_months(Months::new(1))?);
        let last = if self.is_closed() { month.last } else { month.last.min(month.first + Days::new(over.days() - 1)) };
        Some(Period { first: month.first, last })
    }

    /// How many of its days are over, and how many it has.
    #[must_use]
    pub fn days(&self) -> (i64, i64) {
        let days = |period: Period| i64::try_from(period.days()).unwrap_or(0);
        (self.over.map_or(0, days), days(whole(self.month)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn asked(month: &str, last: &str, today: &str) -> Asked {
        let filter = Filter { month: Some(month.into()), ..Filter::default() };
        filter.resolve(&PAY_COLUMNS, day(last), day(today)).unwrap()
    }

    #[test]
    fn a_month_that_runs_is_compared_with_as_many_days_and_a_closed_one_with_the_whole() {
        let running = asked("2026-03", "2026-03-30", "2026-03-31");
        assert_eq!((running.days(), running.is_closed()), ((30, 31), false));
        assert_eq!(running.before().map(|it| it.last), Some(day("2026-02-28")), "February has no 30th");
        let closed = asked("2026-02", "2026-03-30", "2026-03-31");
        assert_eq!((closed.days(), closed.is_closed()), ((28, 28), true));
        assert_eq!(closed.before().map(|it| it.last), Some(day("2026-01-31")));
    }

    #[test]
    fn on_the_first_of_a_month_nothing_of_it_is_over_and_the_page_shows_the_month_before() {
        let new = asked("2026-04", "2026-03-31", "2026-04-01");
        assert_eq!((new.over, new.days(), new.before()), (None, (0, 30), None));
        let usual = Filter::default().resolve(&SITE_COLUMNS, day("2026-03-31"), day("2026-04-01")).unwrap();
        assert_eq!((usual.month, usual.is_closed()), (day("2026-03-01"), true));
    }

    #[test]
    fn nonsense_is_told_what_to_choose() {
        let check = |filter: Filter, hint: &str| {
            let answer = filter.resolve(&PAY_COLUMNS, day("2026-03-30"), day("2026-03-31")).unwrap_err().to_string();
            assert!(answer.contains(hint), "{answer}");
        };
        let some = |text: &str| Some(text.to_owned());
        check(Filter { month: some("2026-3"), ..Filter::default() }, "2026-03");
        check(Filter { month: some("2026-04"), ..Filter::default() }, "has not begun");
        check(Filter { sort: some("pay; drop table"), ..Filter::default() }, "name, shifts");
        check(Filter { order: some("up"), ..Filter::default() }, "asc or desc");
        check(Filter { page: some("0"), ..Filter::default() }, "from 1");
        check(Filter { site: some("home"), ..Filter::default() }, "site");
        check(Filter { q: Some("x".repeat(81)), ..Filter::default() }, "80 letters");
    }

    proptest! {
        #[test]
        fn no_text_panics(month in ".{0,12}", site in ".{0,12}", page in ".{0,6}", q in ".{0,90}") {
            let filter = Filter { month: Some(month), site: Some(site), page: Some(page), q: Some(q), ..Filter::default() };
            let _ = filter.resolve(&SITE_COLUMNS, day("2026-03-28"), day("2026-03-29"));
        }
    }
}
