//! What the page shows as it stands in the address: weeks, site, what is looked at, order and pages.

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::certified::Standing;
use super::monitor::Dimension;
use super::person::{Measure, Share};
use crate::metrics::Period;
use crate::units::SiteId;
use crate::{Error, Result};

/// Lines on a page of a table.
pub const PAGE: usize = 25;
const LAST_PAGE: usize = 500;
/// Weeks shown where none are asked for.
pub const WEEKS: u64 = 4;
/// The longest period, in weeks.
const MOST_WEEKS: u64 = 53;

/// The filter as typed; an empty field is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// A day of the first week, `YYYY-MM-DD`.
    pub from: Option<String>,
    /// A day of the last week, `YYYY-MM-DD`.
    pub to: Option<String>,
    /// A site.
    pub site: Option<String>,
    /// The code of a [`Share`].
    pub share: Option<String>,
    /// The code of a [`Dimension`].
    pub by: Option<String>,
    /// The code of a [`Measure`].
    pub of: Option<String>,
    /// The code of a [`Standing`]: which certifications are listed.
    pub certs: Option<String>,
    /// A column of the table of sites or of the table of groups.
    pub sort: Option<String>,
    /// `asc` or `desc`.
    pub order: Option<String>,
    /// Page of the table of sites, from 1.
    pub page: Option<String>,
    /// Page of the table of groups, from 1.
    pub groups: Option<String>,
    /// Page of the list of certifications, from 1.
    pub list: Option<String>,
}

/// What a table is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "named after the columns")]
pub enum By {
    Site,
    People,
    Gini,
    Utilization,
    Nights,
    Weekends,
    Overtime,
    Accepted,
    OnTime,
    Group,
    GroupPeople,
    Own,
    Rest,
    Difference,
}

impl By {
    /// All, with their names in an address.
    pub const ALL: [(Self, &'static str); 14] = [
        (Self::Site, "site"),
        (Self::People, "people"),
        (Self::Gini, "gini"),
        (Self::Utilization, "utilization"),
        (Self::Nights, "nights"),
        (Self::Weekends, "weekends"),
        (Self::Overtime, "overtime"),
        (Self::Accepted, "accepted"),
        (Self::OnTime, "on_time"),
        (Self::Group, "group"),
        (Self::GroupPeople, "group_people"),
        (Self::Own, "own"),
        (Self::Rest, "rest"),
        (Self::Difference, "difference"),
    ];

    /// Its name in an address.
    #[must_use]
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(by, _)| *by == self).map_or("site", |(_, code)| code)
    }

    /// Whether it is a column of the table of groups; else of the table of sites.
    #[must_use]
    pub fn is_of_groups(self) -> bool {
        matches!(self, Self::Group | Self::GroupPeople | Self::Own | Self::Rest | Self::Difference)
    }
}

/// What has been understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Whole weeks, Monday to Sunday: each period has as many weekends as weeks.
    pub period: Period,
    /// As many weeks before.
    pub before: Period,
    /// One site; `None`: all.
    pub site: Option<SiteId>,
    /// What is looked at: how it is shared.
    pub share: Share,
    /// By what people are grouped.
    pub by: Dimension,
    /// By what groups are compared.
    pub of: Measure,
    /// Which certifications are listed.
    pub certs: Option<Standing>,
    /// What the table of sites is sorted by.
    pub sites_by: (By, bool),
    /// What the table of groups is sorted by; `None`: in the order of the dimension.
    pub groups_by: Option<(By, bool)>,
    /// Page of the table of sites, from 1.
    pub page: usize,
    /// Page of the table of groups, from 1.
    pub groups: usize,
    /// Page of the list of certifications, from 1.
    pub list: usize,
}

fn given(field: Option<&str>) -> Option<&str> {
    field.map(str::trim).filter(|text| !text.is_empty())
}

fn chosen<T: Copy>(field: &str, text: Option<&str>, words: &[(T, &str)]) -> Result<Option<T>> {
    let Some(text) = given(text) else { return Ok(None) };
    words.iter().find(|(_, word)| *word == text).map(|(value, _)| Some(*value)).ok_or_else(|| {
        let shown: String = text.chars().take(30).collect();
        let words: Vec<&str> = words.iter().map(|(_, word)| *word).collect();
        Error::Invalid(format!("‘{shown}’ is no choice for ‘{field}’: choose {}.", words.join(", ")))
    })
}

fn page(text: Option<&str>) -> Result<usize> {
    let Some(text) = given(text) else { return Ok(1) };
    text.parse()
        .ok()
        .filter(|page| (1..=LAST_PAGE).contains(page))
        .ok_or_else(|| Error::Invalid(format!("Pages are numbered from 1 to {LAST_PAGE}.")))
}

/// The Monday of a day's week.
#[must_use]
pub fn monday(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

impl Filter {
    /// Understands it, given the last complete day. Without dates: the four weeks to the last Sunday that is over. With
    /// dates: the weeks they lie in, as far as these are over.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what to type instead.
    pub fn resolve(&self, last_complete: NaiveDate) -> Result<Asked> {
        let period = self.weeks(last_complete)?;
        let site = given(self.site.as_deref())
            .map(|text| text.parse().map_err(|_| Error::Invalid("That is no site. Choose one from the list.".into())))
            .transpose()?;
        let shares = Share::ALL.map(|share| (share, share.code()));
        let dimensions = Dimension::ALL.map(|by| (by, by.code()));
        let measures = Measure::ALL.map(|of| (of, of.code()));
        let standings = Standing::ALL.map(|standing| (standing, standing.code()));
        let sort = chosen("sort", self.sort.as_deref(), &By::ALL)?;
        let descending = chosen("order", self.order.as_deref(), &[(false, "asc"), (true, "desc")])?;
        let sorted = sort.map(|by| (by, descending.unwrap_or(!matches!(by, By::Site | By::Group))));
        Ok(Asked {
            period,
            before: period.previous(),
            site,
            share: chosen("share", self.share.as_deref(), &shares)?.unwrap_or(Share::Hours),
            by: chosen("by", self.by.as_deref(), &dimensions)?.unwrap_or(Dimension::Pattern),
            of: chosen("of", self.of.as_deref(), &measures)?.unwrap_or(Measure::Hours),
            certs: chosen("certs", self.certs.as_deref(), &standings)?,
            sites_by: sorted.filter(|(by, _)| !by.is_of_groups()).unwrap_or((By::Site, false)),
            groups_by: sorted.filter(|(by, _)| by.is_of_groups()),
            page: page(self.page.as_deref())?,
            groups: page(self.groups.as_deref())?,
            list: page(self.list.as_deref())?,
        })
    }

    fn weeks(&self, last_complete: NaiveDate) -> Result<Period> {
        // The last Sunday that is over.
        let sunday = monday(last_complete + Days::new(1)) - Days::new(1);
        if given(self.from.as_deref()).is_none() && given(self.to.as_deref()).is_none() {
            return Ok(Period::ending(sunday, 7 * WEEKS));
        }
        let dates = crate::me::Filter { from: self.from.clone(), to: self.to.clone(), days: None };
        let (typed, _) = dates.resolve(last_complete)?;
        let last = (monday(typed.last) + Days::new(6)).min(sunday);
        let period = Period { first: monday(typed.first).min(monday(last)), last };
        if period.days() > 7 * MOST_WEEKS {
            return Err(Error::Invalid(format!("Choose at most {MOST_WEEKS} weeks.")));
        }
        Ok(period)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(from: Option<&str>, to: Option<&str>, first: &str, last: &str) {
        let filter = Filter { from: from.map(Into::into), to: to.map(Into::into), ..Filter::default() };
        let asked = filter.resolve(day("2026-03-25")).unwrap();
        assert_eq!((asked.period.first, asked.period.last), (day(first), day(last)));
    }

    #[test]
    fn a_period_is_whole_weeks_that_are_over() {
        // The 25th is a Wednesday: the last Sunday is the 22nd.
        check(None, None, "2026-02-23", "2026-03-22");
        check(Some("2026-03-04"), Some("2026-03-10"), "2026-03-02", "2026-03-15");
        check(Some("2026-03-04"), None, "2026-03-02", "2026-03-22");
        check(Some("2026-03-24"), Some("2026-03-25"), "2026-03-16", "2026-03-22");
        let sunday = Filter::default().resolve(day("2026-03-22")).unwrap();
        assert_eq!((sunday.period.last, sunday.before.last), (day("2026-03-22"), day("2026-02-22")));
    }

    #[test]
    fn an_order_is_of_one_table() {
        let sorted = |sort: &str| {
            let filter = Filter { sort: Some(sort.into()), ..Filter::default() };
            let asked = filter.resolve(day("2026-03-25")).unwrap();
            (asked.sites_by, asked.groups_by)
        };
        assert_eq!(sorted("nights"), ((By::Nights, true), None));
        assert_eq!(sorted("own"), ((By::Site, false), Some((By::Own, true))));
        assert!(By::ALL.iter().all(|(by, code)| by.code() == *code));
    }

    #[test]
    fn nonsense_is_told_what_to_choose() {
        let check = |filter: Filter, hint: &str| {
            let answer = filter.resolve(day("2026-03-25")).unwrap_err().to_string();
            assert!(answer.contains(hint), "{answer}");
        };
        let some = |text: &str| Some(text.to_owned());
        check(Filter { share: some("money"), ..Filter::default() }, "hours, nights");
        check(Filter { by: some("gender"), ..Filter::default() }, "pattern, tenure, site");
        check(Filter { of: some("pay"), ..Filter::default() }, "hours, nights");
        check(Filter { site: some("home"), ..Filter::default() }, "no site");
        check(Filter { certs: some("soon"), ..Filter::default() }, "expired");
        check(Filter { list: some("0"), ..Filter::default() }, "from 1");
        check(Filter { from: some("2024-01-01"), ..Filter::default() }, "53 weeks");
    }

    proptest! {
        #[test]
        fn whatever_is_typed_a_period_is_whole_weeks(from in "20(25|26)-[01][0-9]-[0-3][0-9]", to in "20(25|26)-[01][0-9]-[0-3][0-9]", text in ".{0,9}") {
            let filter = Filter { from: Some(from), to: Some(to), sort: Some(text), ..Filter::default() };
            if let Ok(asked) = (Filter { sort: None, ..filter.clone() }).resolve(day("2026-03-25")) {
                prop_assert_eq!(asked.period.days() % 7, 0);
                prop_assert_eq!(asked.period.first.weekday(), chrono::Weekday::Mon);
                prop_assert!(asked.period.last <= day("2026-03-22"));
            }
            let _ = filter.resolve(day("2026-03-25"));
        }
    }
}
