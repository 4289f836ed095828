//! What does a column hold: numbers, dates, times of day, or words?

use super::moments::{FORMATS, Format, clock};
use super::read::Words;

/// So great a share of a column's values must be of a kind; the rest is then odd, and missing.
const MOST: f64 = 0.95;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::models) enum Kind {
    Empty,
    Numbers,
    Moments(Format),
    Clock,
    Words,
}

/// By what most of its values are.
pub(in crate::models) fn kind(column: &Words) -> Kind {
    let filled = column.filled();
    if filled == 0 {
        return Kind::Empty;
    }
    let mostly = |reads: &dyn Fn(&str) -> bool| {
        let mut odd = 0;
        let most_odd = (filled as f64 * (1.0 - MOST)) as u64;
        column.levels.iter().zip(&column.counts).all(|(level, count)| {
            odd += if reads(level) { 0 } else { u64::from(*count) };
            odd <= most_odd
        })
    };
    if mostly(&|word| number(word).is_some()) {
        return Kind::Numbers;
    }
    if let Some(format) = FORMATS.into_iter().find(|format| mostly(&|word| format.read(word).is_some())) {
        return Kind::Moments(format);
    }
    if mostly(&|word| clock(word).is_some()) { Kind::Clock } else { Kind::Words }
}

/// A number, with a currency sign before it, thousands separated by commas, or a percent sign after it.
pub(in crate::models) fn number(text: &str) -> Option<f64> {
    let finite = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    let begins = |text: &str| text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    if begins(text)
        && let Some(number) = finite(text)
    {
        return Some(number);
    }
    let bare = text.trim_start_matches(['$', '€', '£', '¥', 'R', ' ']).trim_end_matches(['%', '€', ' ']);
    if !begins(bare) {
        return None;
    }
    let groups: Vec<&str> = bare.split(',').collect();
    let thousands = groups.len() > 1
        && groups[1..].iter().enumerate().all(|(place, group)| {
            let whole = if place + 2 == groups.len() { group.split('.').next().unwrap_or_default() } else { group };
            whole.len() == 3
        });
    match groups.as_slice() {
        [_] => finite(bare),
        _ if thousands => finite(&groups.concat()),
        [whole, decimals] => finite(&format!("{whole}.{decimals}")),
        _ => None,
    }
}

/// Whether the name says that the numbers below it only tell things apart.
pub(in crate::models) fn is_label(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let last = name.rsplit([' ', '_', '-', '.']).next().unwrap_or_default();
    matches!(
        last,
        "id" | "code" | "nr" | "no" | "number" | "zip" | "postcode" | "site" | "store" | "ref" | "key" | "uuid"
    ) || (name.ends_with("id") && name.len() > 2 && !name.ends_with("aid") && !name.ends_with("bid"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, expected) in [
            ("12", 12.0),
            ("-0.5", -0.5),
            ("1e3", 1000.0),
            ("R 1,250.50", 1250.5),
            ("1,234,567", 1_234_567.0),
            ("12 %", 12.0),
            ("3,5", 3.5),
            ("€ 7", 7.0),
        ] {
            assert_eq!(number(text), Some(expected), "{text}");
        }
        for text in ["", "R", "inf", "nan", "1,2,3", "12 kg", "1-2", "--1", "Room"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn names_tell_labels_from_measures() {
        for name in ["id", "site_id", "customerID", "Store", "postcode", "shift no"] {
            assert!(is_label(name), "{name}");
        }
        for name in ["paid", "lead_days", "rooms", "bid", "price"] {
            assert!(!is_label(name), "{name}");
        }
    }
}
