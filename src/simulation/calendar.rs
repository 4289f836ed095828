//! Days that are not like others: public holidays, the season, and how busy a weekday is.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Whose public holidays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Country {
    SouthAfrica,
    Netherlands,
}

/// Easter Sunday (the anonymous Gregorian algorithm, Nature 1876).
fn easter(year: i32) -> NaiveDate {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let sum = h + l - 7 * m + 114;
    date(year, sum / 31, sum % 31 + 1)
}

fn date(year: i32, month: i32, day: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month.unsigned_abs(), day.unsigned_abs()).expect("a date every year has")
}

/// The public holidays of a year, in order.
pub(super) fn holidays(country: Country, year: i32) -> Vec<(NaiveDate, String)> {
    let sunday = easter(year);
    let mut days: Vec<(NaiveDate, String)> = match country {
        Country::SouthAfrica => [
            (date(year, 1, 1), "New Year's Day"),
            (date(year, 3, 21), "Human Rights Day"),
            (sunday - Days::new(2), "Good Friday"),
            (sunday + Days::new(1), "Family Day"),
            (date(year, 4, 27), "Freedom Day"),
            (date(year, 5, 1), "Workers' Day"),
            (date(year, 6, 16), "Youth Day"),
            (date(year, 8, 9), "National Women's Day"),
            (date(year, 9, 24), "Heritage Day"),
            (date(year, 12, 16), "Day of Reconciliation"),
            (date(year, 12, 25), "Christmas Day"),
            (date(year, 12, 26), "Day of Goodwill"),
        ]
        .map(|(day, name)| (day, name.to_owned()))
        .to_vec(),
        Country::Netherlands => [
            (date(year, 1, 1), "Nieuwjaarsdag"),
            (sunday + Days::new(1), "Tweede paasdag"),
            (kings_day(year), "Koningsdag"),
            (sunday + Days::new(39), "Hemelvaartsdag"),
            (sunday + Days::new(50), "Tweede pinksterdag"),
            (date(year, 12, 25), "Eerste kerstdag"),
            (date(year, 12, 26), "Tweede kerstdag"),
        ]
        .map(|(day, name)| (day, name.to_owned()))
        .to_vec(),
    };
    if country == Country::SouthAfrica {
        // The Public Holidays Act, 36 of 1994: when one falls on a Sunday, the Monday is one too.
        let observed: Vec<_> = days
            .iter()
            .filter(|(day, _)| day.weekday() == Weekday::Sun)
            .map(|(day, name)| (*day + Days::new(1), format!("{name} (observed)")))
            .collect();
        days.extend(observed);
    }
    days.sort();
    days
}

fn kings_day(year: i32) -> NaiveDate {
    let day = date(year, 4, 27);
    if day.weekday() == Weekday::Sun { day - Days::new(1) } else { day }
}

/// How busy the time of the year is, 0 in June … 1 in December.
pub(super) fn season(day: NaiveDate) -> f64 {
    0.5 + 0.5 * (std::f64::consts::TAU * (f64::from(day.ordinal()) - 350.0) / 365.0).cos()
}

/// The Monday of a day's week.
pub(super) fn monday(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

/// Weeks since a Monday long ago: tells weeks apart, and odd from even.
pub(super) fn week_number(day: NaiveDate) -> i64 {
    i64::from(day.num_days_from_ce() - 1).div_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn easter_is_where_the_church_has_it() {
        assert_eq!(
            [easter(2024), easter(2025), easter(2026)],
            [day("2024-03-31"), day("2025-04-20"), day("2026-04-05")]
        );
    }

    #[test]
    fn a_south_african_holiday_on_a_sunday_gives_the_monday_off() {
        let days = holidays(Country::SouthAfrica, 2024);
        assert!(days.contains(&(day("2024-06-16"), "Youth Day".into())));
        assert!(days.contains(&(day("2024-06-17"), "Youth Day (observed)".into())));
    }

    #[test]
    fn a_week_begins_on_monday() {
        assert_eq!(monday(day("2026-03-08")), day("2026-03-02"));
        assert_eq!(week_number(day("2026-03-02")), week_number(day("2026-03-08")));
        assert_eq!(week_number(day("2026-03-02")) + 1, week_number(day("2026-03-09")));
    }
}
