//! One field of one row: is it what its column asks for? If so it is written into the COPY buffer.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::column::{Column, Kind};
use super::copy::CopyBuffer;
use super::moment;

/// The earliest year a fact may be of.
const FIRST_YEAR: i32 = 1990;
/// How many years ahead of now a fact may be.
const YEARS_AHEAD: i32 = 3;

/// What is being read against: the year decides what is absurd.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    this_year: i32,
    last: NaiveDate,
}

impl Limits {
    pub fn at(now: DateTime<Utc>) -> Self {
        let today = now.date_naive();
        let last = today.checked_add_months(chrono::Months::new(12 * YEARS_AHEAD as u32)).unwrap_or(NaiveDate::MAX);
        Self { this_year: today.year(), last }
    }

    fn refuse_absurd(self, day: NaiveDate, from: i32, ahead: i32) -> Result<(), String> {
        if day.year() < from {
            return Err(format!("{} is before {from}", quoted(&day.to_string())));
        }
        let late = if ahead == YEARS_AHEAD { day > self.last } else { day.year() > self.this_year + ahead };
        if late { Err(format!("{} is more than {ahead} years ahead", quoted(&day.to_string()))) } else { Ok(()) }
    }
}

/// What was noticed while a value was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    Plain,
    /// A moment on the site's clock.
    Local,
    /// Text that a spreadsheet would run as a formula.
    Formula,
}

/// Writes the value of a field, or says what is wrong with it. On an error the buffer may hold half a field.
pub(super) fn write(column: &Column, field: &[u8], limits: Limits, out: &mut CopyBuffer) -> Result<Taken, String> {
    let text = std::str::from_utf8(field).map_err(|_| "is not valid UTF-8".to_owned())?.trim();
    if text.is_empty() {
        out.null();
        return if column.required { Err("must not be empty".into()) } else { Ok(Taken::Plain) };
    }
    let wrong = || format!("{} is not {}", quoted(text), column.kind.expects());
    match column.kind {
        Kind::Text(most) => return self::text(text, most, true, out),
        Kind::Code | Kind::Ref(_) => return self::text(text, 100, false, out),
        Kind::Moment => {
            let (day, moment) = moment::moment(text.as_bytes()).ok_or_else(wrong)?;
            limits.refuse_absurd(day, FIRST_YEAR, YEARS_AHEAD)?;
            out.int8(moment.micros);
            return Ok(if moment.local { Taken::Local } else { Taken::Plain });
        }
        Kind::Date(from, ahead) => {
            let day = moment::date(text.as_bytes()).ok_or_else(wrong)?;
            limits.refuse_absurd(day, from, ahead)?;
            out.int4(moment::days(day));
        }
        Kind::Clock => out.int4(clock(text).ok_or_else(wrong)?),
        Kind::Flag => out.bool(flag(text).ok_or_else(wrong)?),
        Kind::Whole(least, most) => {
            let value = text.parse().ok().filter(|value| (least..=most).contains(value)).ok_or_else(wrong)?;
            out.int4(value);
        }
        Kind::Hundredths(most) => {
            out.int8(hundredths(text).filter(|value| *value <= i64::from(most) * 100).ok_or_else(wrong)?);
        }
        Kind::Amount(most) => {
            out.int8(thousandths(text).filter(|value| *value <= i64::from(most) * 1000).ok_or_else(wrong)?);
        }
        Kind::Number(least, most) => {
            let value = text.parse().ok().filter(|value| (least..=most).contains(value)).ok_or_else(wrong)?;
            out.float8(value);
        }
        Kind::Word(words) => {
            let word = words.iter().find(|word| word.eq_ignore_ascii_case(text)).ok_or_else(wrong)?;
            out.text(word.as_bytes());
        }
        Kind::Zone => {
            let zone: chrono_tz::Tz = text.parse().map_err(|_| wrong())?;
            out.text(zone.name().as_bytes());
        }
        Kind::List => return list(text, out),
    }
    Ok(Taken::Plain)
}

fn text(text: &str, most: usize, lines: bool, out: &mut CopyBuffer) -> Result<Taken, String> {
    refuse_control_characters(text, lines)?;
    if text.len() > most && text.chars().count() > most {
        return Err(format!("{} is longer than {most} characters", quoted(text)));
    }
    out.text(text.as_bytes());
    Ok(if is_formula(text) { Taken::Formula } else { Taken::Plain })
}

fn list(text: &str, out: &mut CopyBuffer) -> Result<Taken, String> {
    refuse_control_characters(text, false)?;
    let words: Vec<&str> = text.split(';').map(str::trim).filter(|word| !word.is_empty()).collect();
    if words.len() > 100 || words.iter().any(|word| word.len() > 100) {
        return Err("holds more than 100 words, or one of more than 100 characters".into());
    }
    out.text(words.join(";").as_bytes());
    Ok(if words.iter().any(|word| is_formula(word)) { Taken::Formula } else { Taken::Plain })
}

fn refuse_control_characters(text: &str, lines: bool) -> Result<(), String> {
    let forbidden = |c: char| c.is_control() && !(lines && matches!(c, '\n' | '\r' | '\t'));
    match text.chars().find(|c| forbidden(*c)) {
        Some('\n' | '\r') => Err("must be on one line".into()),
        Some(c) => Err(format!("holds the control character U+{:04X}", u32::from(c))),
        None => Ok(()),
    }
}

/// Whether a spreadsheet would take this for a formula. A plain number with a sign is none.
pub(super) fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.len() > 1 && text.parse::<f64>().is_err()
}

fn flag(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is(&["true", "t", "yes", "y", "1"]) {
        Some(true)
    } else if is(&["false", "f", "no", "n", "0"]) {
        Some(false)
    } else {
        None
    }
}

/// `06:30` (or `06:30:00`, as spreadsheets write it) as 390; `24:00` as 1440.
fn clock(text: &str) -> Option<i32> {
    let [h1, h2, b':', m1, m2] = *text.strip_suffix(":00").filter(|short| short.len() == 5).unwrap_or(text).as_bytes()
    else {
        return None;
    };
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i32::from(byte - b'0'));
    let (hour, minute) = (10 * digit(h1)? + digit(h2)?, 10 * digit(m1)? + digit(m2)?);
    let minutes = 60 * hour + minute;
    (minute < 60 && minutes <= 1440).then_some(minutes)
}

/// `1234.5` as 123,450.
fn hundredths(text: &str) -> Option<i64> {
    parts(text, 2)
}

/// `1234.5` as 1,234,500.
fn thousandths(text: &str) -> Option<i64> {
    parts(text, 3)
}

/// A decimal number in units of its last of `places` decimals; noughts beyond them say nothing and are let go.
fn parts(text: &str, places: usize) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part = if part.len() > places { part.trim_end_matches('0') } else { part };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || part.len() > places || !digits(whole) || !digits(part) {
        return None;
    }
    format!("{whole}{part:0<places$}").parse().ok()
}

/// A value as it is repeated to a person: short, on one line.
pub(super) fn quoted(text: &str) -> String {
    let mut short: String = text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(60).is_some() {
        short.push('…');
    }
    format!("'{short}'")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::intake::Table;

    fn limits() -> Limits {
        Limits::at("2026-03-01T00:00:00Z".parse().unwrap())
    }

    fn read(kind: Kind, text: &str) -> Result<Taken, String> {
        write(&Column::required("x", kind, ""), text.as_bytes(), limits(), &mut CopyBuffer::default())
    }

    #[track_caller]
    fn taken(kind: Kind, texts: &[&str]) {
        for text in texts {
            assert!(read(kind, text).is_ok(), "{text:?} as {kind:?}: {:?}", read(kind, text));
        }
    }

    #[track_caller]
    fn refused(kind: Kind, texts: &[&str]) {
        for text in texts {
            assert!(read(kind, text).is_err(), "{text:?} was taken as {kind:?}");
        }
    }

    #[test]
    fn money_has_two_decimals_and_no_sign() {
        taken(Kind::Hundredths(1000), &["0", "1.5", "12.34", "1000", " 7 "]);
        refused(
            Kind::Hundredths(1000),
            &["-1", "1,5", "1.234", "1000.01", "NaN", "1e3", ".", ".5", "+5", "99999999999999999999"],
        );
        assert_eq!((hundredths("12.3"), hundredths("12.03"), hundredths("12.")), (Some(1230), Some(1203), Some(1200)));
    }

    #[test]
    fn an_amount_has_up_to_three_decimals() {
        taken(Kind::Amount(1000), &["0", "1.5", "12.345", "1000.0000"]);
        refused(Kind::Amount(1000), &["-1", "1.2345", "1000.001", "1,5", ".5"]);
        assert_eq!(
            (thousandths("12.3"), thousandths("12.345"), thousandths("7")),
            (Some(12_300), Some(12_345), Some(7_000))
        );
    }

    #[test]
    fn a_time_of_day_is_minutes_after_midnight() {
        taken(Kind::Clock, &["00:00", "06:30", "23:59", "24:00", "06:30:00"]);
        refused(Kind::Clock, &["6:30", "24:01", "06:60", "0630", "06:30:15", "06:30+02:00", "noon", "٠٦:٣٠"]);
        assert_eq!((clock("06:30"), clock("14:00"), clock("14:00:00")), (Some(390), Some(840), Some(840)));
    }

    #[test]
    fn numbers_stay_within_their_bounds() {
        taken(Kind::Whole(0, 100), &["0", "100", "+7"]);
        refused(Kind::Whole(0, 100), &["-1", "101", "1.0", "ten", "99999999999"]);
        taken(Kind::Number(-90.0, 90.0), &["-90", "12.5", "1e1"]);
        refused(Kind::Number(-90.0, 90.0), &["90.1", "NaN", "inf", "south"]);
    }

    #[test]
    fn absurd_dates_are_refused() {
        taken(Kind::Moment, &["1990-01-01T00:00:00Z", "2029-03-01T00:00:00"]);
        refused(
            Kind::Moment,
            &["1989-12-31T23:00:00Z", "2029-03-02T00:00:00", "0025-01-01 00:00", "2025-13-01T00:00:00Z"],
        );
        taken(Kind::Date(1940, 50), &["1940-01-01", "2076-12-31"]);
        refused(Kind::Date(1940, 50), &["1939-12-31", "2077-01-01", "31.12.2025", "2025-1-1"]);
    }

    #[test]
    fn names_keep_their_letters_and_lose_nothing_but_spaces() {
        taken(Kind::Text(5), &["Zoë", "王小明", "a\nb", " pad  "]);
        refused(Kind::Text(5), &["sixsix", "nul\0", "\u{7}bell", "\u{85}"]);
        refused(Kind::Code, &["two\nlines", "tab\tbed"]);
        refused(Kind::Text(5), &["", "   "]);
    }

    #[test]
    fn a_formula_is_text_and_noticed() {
        for text in ["=cmd()", "+1+1", "-2+3", "@SUM(A1)"] {
            assert_eq!(read(Kind::Text(50), text), Ok(Taken::Formula), "{text}");
        }
        for text in ["-26.2041", "+27821234567", "a=b", "-"] {
            assert_eq!(read(Kind::Text(50), text), Ok(Taken::Plain), "{text}");
        }
    }

    #[test]
    fn words_flags_zones_and_lists_are_read_kindly() {
        taken(Kind::Word(&["planned", "cancelled"]), &["planned", "Cancelled"]);
        refused(Kind::Word(&["planned"]), &["plan"]);
        taken(Kind::Flag, &["true", "FALSE", "1", "no"]);
        refused(Kind::Flag, &["maybe", "2"]);
        taken(Kind::Zone, &["Africa/Johannesburg", "America/New_York"]);
        refused(Kind::Zone, &["Johannesburg", "SAST", "+02:00"]);
        taken(Kind::List, &["a;b", "; a ;", "one"]);
    }

    #[test]
    fn invalid_utf8_is_said_to_be_that() {
        let column = Column::required("x", Kind::Text(50), "");
        let wrong = write(&column, b"caf\xe9", limits(), &mut CopyBuffer::default());
        assert_eq!(wrong, Err("is not valid UTF-8".into()));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            for table in Table::ALL {
                for column in table.columns() {
                    let _ = write(column, &bytes, limits(), &mut CopyBuffer::default());
                }
            }
        }
    }
}
