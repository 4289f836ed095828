//! Numbers and days as people read them.

use chrono::{Datelike, NaiveDate};

/// A number with so many decimals, thousands apart, a real minus and no minus zero: `12,345.6`, `−3.0`.
#[must_use]
pub fn number(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "n/a".into();
    }
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut out = String::with_capacity(text.len() + 4);
    if value < 0.0 && text.bytes().any(|b| matches!(b, b'1'..=b'9')) {
        out.push('\u{2212}');
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(rest);
    out
}

/// The same with a plus before what is more than nothing: `+2.1`, `−0.4`, `0.0`.
#[must_use]
pub fn signed(value: f64, decimals: usize) -> String {
    let text = number(value, decimals);
    if value > 0.0 && text.bytes().any(|b| matches!(b, b'1'..=b'9')) { format!("+{text}") } else { text }
}

/// The name of a month, three letters.
#[must_use]
pub(super) fn month(day: NaiveDate) -> &'static str {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    MONTHS[day.month0() as usize % 12]
}

/// `3 Nov`.
#[must_use]
pub fn day(day: NaiveDate) -> String {
    format!("{}\u{a0}{}", day.day(), month(day))
}

/// `3 Nov 2026`.
#[must_use]
pub fn day_and_year(date: NaiveDate) -> String {
    format!("{}\u{a0}{}", day(date), date.year())
}

/// `24 Oct – 20 Nov 2026`.
#[must_use]
pub fn period(first: NaiveDate, last: NaiveDate) -> String {
    if first == last {
        day_and_year(first)
    } else if first.year() == last.year() {
        format!("{} – {}", day(first), day_and_year(last))
    } else {
        format!("{} – {}", day_and_year(first), day_and_year(last))
    }
}

/// `1 shift`, `1,204 shifts`.
#[must_use]
pub fn count(n: i64, one: &str, many: &str) -> String {
    format!("{}\u{a0}{}", number(n as f64, 0), if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: f64, decimals: usize, plain: &str, with_sign: &str) {
        assert_eq!(number(value, decimals), plain);
        assert_eq!(signed(value, decimals), with_sign);
    }

    #[test]
    fn numbers_read_well() {
        check(72.44, 1, "72.4", "+72.4");
        check(-3.0, 1, "−3.0", "−3.0");
        check(1_234_567.0, 0, "1,234,567", "+1,234,567");
        check(999.95, 1, "1,000.0", "+1,000.0");
    }

    #[test]
    fn nothing_is_never_minus_nothing() {
        check(-0.04, 1, "0.0", "0.0");
        check(0.04, 1, "0.0", "0.0");
        check(f64::NAN, 1, "n/a", "n/a");
        check(f64::INFINITY, 0, "n/a", "n/a");
    }
}
