//! Amounts as people read them, exact to the last hundredth: no amount becomes a fraction of two on its way to the page.

use rust_decimal::Decimal;

use crate::exports::minor_digits;

/// Hundredths of a currency as people read them: `12,345.60`, `−3.05`; whole units where the currency has no smaller one
/// and nothing is lost by it.
#[must_use]
pub fn amount(cents: i64, currency: &str) -> String {
    let (whole, rest) = (cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
    let digits = whole.to_string();
    let mut text = String::from(if cents < 0 { "\u{2212}" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if rest > 0 || minor_digits(currency) > 0 {
        text += &format!(".{rest:02}");
    }
    text
}

/// The same with a plus before what is more than nothing.
#[must_use]
pub fn signed_amount(cents: i64, currency: &str) -> String {
    let sign = if cents > 0 { "+" } else { "" };
    format!("{sign}{}", amount(cents, currency))
}

/// Hundredths as an exact number, for files.
#[must_use]
pub fn decimal(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

/// So many of so many equal parts of an amount, rounded half away from nought to whole hundredths; `None` of no parts.
#[must_use]
pub fn share(cents: i64, parts: i64, of: i64) -> Option<i64> {
    if of <= 0 {
        return None;
    }
    let (product, of) = (i128::from(cents) * i128::from(parts), i128::from(of));
    let half = if product < 0 { -of } else { of } / 2;
    i64::try_from((product + half) / of).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_read_well() {
        let check = |cents, currency, expected: &str| assert_eq!(amount(cents, currency), expected);
        check(0, "ZAR", "0.00");
        check(5, "ZAR", "0.05");
        check(-123_456_789, "ZAR", "−1,234,567.89");
        check(100_000, "JPY", "1,000");
        check(100_050, "JPY", "1,000.50");
        check(i64::MIN, "ZAR", "−92,233,720,368,547,758.08");
        assert_eq!((signed_amount(1, "ZAR"), signed_amount(0, "ZAR")), ("+0.01".into(), "0.00".into()));
    }

    #[test]
    fn a_share_is_rounded_to_whole_hundredths() {
        assert_eq!(share(1_000, 1, 3), Some(333));
        assert_eq!(share(1_000, 2, 3), Some(667));
        assert_eq!(share(-1_000, 2, 3), Some(-667));
        assert_eq!(share(1, 1, 2), Some(1), "half away from nought");
        assert_eq!(share(1, 1, 0), None);
    }

    proptest! {
        #[test]
        fn a_share_and_the_rest_are_never_more_than_a_hundredth_from_the_whole(cents in -1_000_000_000_i64..1_000_000_000, parts in 0_i64..31, more in 0_i64..31) {
            let of = parts + more;
            prop_assume!(of > 0);
            let sum = share(cents, parts, of).unwrap() + share(cents, more, of).unwrap();
            prop_assert!((sum - cents).abs() <= 1);
            prop_assert_eq!(share(cents, of, of), Some(cents));
        }
    }
}
