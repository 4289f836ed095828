//! Dates as people write them.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

/// A date, perhaps with a time, as the wall showed it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::models) struct Moment {
    /// Days since 1970-01-01, with the time as a fraction.
    pub days: f64,
    pub date: NaiveDate,
    /// 0–24, where there is a time.
    pub hour: Option<f64>,
}

/// How the dates of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::models) struct Format(pub &'static str);

/// Unambiguous ones first; of day and month, the column decides, and the day comes first where both would do.
pub(in crate::models) const FORMATS: [Format; 9] = [
    Format("%Y-%m-%d"),
    Format("%Y/%m/%d"),
    Format("%d.%m.%Y"),
    Format("%d/%m/%Y"),
    Format("%m/%d/%Y"),
    Format("%d-%m-%Y"),
    Format("%m-%d-%Y"),
    Format("%d %b %Y"),
    Format("%b %d, %Y"),
];

impl Format {
    pub fn read(self, text: &str) -> Option<Moment> {
        let (date, time) = parts(text);
        // chrono takes years of fewer digits: 01/02/03 is no date that can be told.
        let date = NaiveDate::parse_from_str(date, self.0).ok().filter(|date| (1900..2200).contains(&date.year()))?;
        let hour = time.map(|time| clock(time).ok_or(())).transpose().ok()?;
        let days = f64::from(date.num_days_from_ce() - 719_163) + hour.unwrap_or(0.0) / 24.0;
        Some(Moment { days, date, hour })
    }

    /// As people call it: `day/month/year`.
    pub fn words(self) -> String {
        self.0.replace("%Y", "year").replace("%m", "month").replace("%d", "day").replace("%b", "month")
    }
}

/// By the first format that fits.
pub(in crate::models) fn any(text: &str) -> Option<Moment> {
    FORMATS.into_iter().find_map(|format| format.read(text))
}

/// Hours of a time of day: `08:30`, `8:30 pm`, `08:30:15.5+02:00` (an offset is not heeded).
pub(in crate::models) fn clock(text: &str) -> Option<f64> {
    let text = text.trim().trim_end_matches(['Z', 'z']);
    let text = text.find('+').map_or(text, |at| &text[..at]);
    let text = text.rfind('-').map_or(text, |at| &text[..at]).trim();
    let upper = text.to_ascii_uppercase();
    let read = |format| NaiveTime::parse_from_str(&upper, format).ok();
    let time = ["%H:%M:%S%.f", "%H:%M", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p"].into_iter().find_map(read)?;
    Some(f64::from(time.num_seconds_from_midnight()) / 3600.0)
}

/// The date and, where one follows, the time.
fn parts(text: &str) -> (&str, Option<&str>) {
    let text = text.trim();
    let Some(colon) = text.find(':') else { return (text, None) };
    let Some(gap) = text[..colon].rfind(['T', 't', ' ']) else { return (text, None) };
    (text[..gap].trim(), Some(&text[gap + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, format: &'static str, date: &str, hour: Option<f64>) {
        let moment = Format(format).read(text).unwrap_or_else(|| panic!("{text} was not read"));
        assert_eq!((moment.date.to_string(), moment.hour), (date.into(), hour), "{text}");
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        check("2025-03-01", "%Y-%m-%d", "2025-03-01", None);
        check("2025-03-01T08:30:00Z", "%Y-%m-%d", "2025-03-01", Some(8.5));
        check("2025-03-01 08:30:00.000+02:00", "%Y-%m-%d", "2025-03-01", Some(8.5));
        check("1/3/2025 8:30 PM", "%d/%m/%Y", "2025-03-01", Some(20.5));
        check("01.03.2025", "%d.%m.%Y", "2025-03-01", None);
        check("1 Mar 2025 00:15", "%d %b %Y", "2025-03-01", Some(0.25));
        assert_eq!(Format("%Y-%m-%d").read("1970-01-02 12:00").unwrap().days, 1.5);
        assert_eq!(Format("%d/%m/%Y").words(), "day/month/year");
    }

    #[test]
    fn what_only_looks_like_a_date_is_none() {
        for text in ["", "12", "2025-13-01", "01/02/03", "2025-03-01 25:00", "10:30", "T:", "né : ü"] {
            assert_eq!(any(text), None, "{text}");
        }
        assert_eq!((clock("24:00"), clock("08:30"), clock("11:59 pm")), (None, Some(8.5), Some(23.0 + 59.0 / 60.0)));
    }
}
