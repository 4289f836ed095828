//! What the addresses say, every field once.

use chrono::{Datelike, Days, NaiveDate};
use leptos_router::params::ParamsMap;
use muster::units::{ShiftId, SiteId};

pub(super) use crate::address::once;
use crate::error::AppError;

/// How many weeks can be chosen, this one among them.
pub(super) const WEEKS: u64 = 9;

/// `2026-W48`: the ISO week that begins on this Monday.
pub(super) fn week_word(first: NaiveDate) -> String {
    let week = first.iso_week();
    format!("{}-W{:02}", week.year(), week.week())
}

/// The Monday of a week as the address names it.
pub(super) fn monday(word: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(&format!("{word}-1"), "%G-W%V-%u").ok()
}

/// The Monday of a day's week.
pub(super) fn monday_of(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

/// The address of the first page, understood.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub site: Option<SiteId>,
    pub week: Option<NaiveDate>,
}

impl Asked {
    pub(super) fn of(query: &ParamsMap) -> Result<Self, AppError> {
        let invalid = |what: &str| AppError::Invalid(format!("The address names a {what} that cannot be one."));
        let site = once(query, "site")?.map(|text| text.parse().map_err(|_| invalid("site"))).transpose()?;
        let week = once(query, "week")?.map(|text| monday(&text).ok_or_else(|| invalid("week"))).transpose()?;
        Ok(Self { site, week })
    }
}

/// Which line of a proposal is to be changed.
pub(super) fn line(query: &ParamsMap) -> Result<Option<ShiftId>, AppError> {
    let invalid = || AppError::Invalid("The address names a shift that cannot be one.".into());
    once(query, "change")?.map(|text| text.parse().map_err(|_| invalid())).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_named_by_its_iso_year_and_number() {
        let check = |word: &str, day: &str| {
            assert_eq!(monday(word), Some(day.parse().unwrap()));
            assert_eq!(week_word(day.parse().unwrap()), word);
        };
        check("2026-W48", "2026-11-23");
        check("2026-W01", "2025-12-29");
        check("2026-W53", "2026-12-28");
        assert_eq!([monday("2025-W53"), monday("48"), monday("")], [None; 3]);
    }
}
