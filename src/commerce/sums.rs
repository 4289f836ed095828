//! What can be added over days: orders, money, customers. Rates and means are made from the sums, never from one another.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::exports::minor_digits;
use crate::units::Rate;

/// The sums of a day or of many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Sums {
    /// Orders placed.
    pub orders: i64,
    /// Of those, completed by now.
    pub completed: i64,
    /// Of those, cancelled.
    pub cancelled: i64,
    /// Of those, rejected.
    pub rejected: i64,
    /// Worth of the orders that stand, and what had been paid for those that ended.
    pub gross: Decimal,
    /// What was taken off the orders that stand.
    pub discount: Decimal,
    /// Worth of the orders that stand that is not paid by now.
    pub unpaid: Decimal,
    /// Given back on the days, for whatever order.
    pub refunds: Decimal,
    /// How many refunds.
    pub refund_count: i64,
    /// Of the refunds, those for orders that ended.
    pub refunds_of_ended: Decimal,
    /// Received on the days in cash.
    pub cash: Decimal,
    /// By card.
    pub card: Decimal,
    /// From a wallet.
    pub wallet: Decimal,
    /// Online.
    pub online: Decimal,
    /// Customers whose first order it was.
    pub new_customers: i64,
    /// Customers who had ordered on an earlier day, each counted once a day.
    pub returning_customers: i64,
}

impl Sums {
    /// Gross revenue less refunds.
    #[must_use]
    pub fn net(&self) -> Decimal {
        self.gross - self.refunds
    }

    /// What was received, by whatever method.
    #[must_use]
    pub fn payments(&self) -> Decimal {
        self.cash + self.card + self.wallet + self.online
    }

    /// The methods by name with what was received.
    #[must_use]
    pub fn methods(&self) -> [(&'static str, Decimal); 4] {
        [("Cash", self.cash), ("Card", self.card), ("Wallet", self.wallet), ("Online", self.online)]
    }

    /// Orders neither completed nor ended.
    #[must_use]
    pub fn pending(&self) -> i64 {
        self.orders - self.completed - self.cancelled - self.rejected
    }

    /// Gross revenue per order; `None` without orders. Not rounded: whoever shows it rounds it, once.
    #[must_use]
    pub fn average(&self) -> Option<Decimal> {
        (self.orders > 0).then(|| self.gross / Decimal::from(self.orders))
    }

    /// Cancelled of placed.
    #[must_use]
    pub fn cancellation(&self) -> Rate {
        Rate { hit: self.cancelled, of: self.orders }
    }

    /// Completed of placed.
    #[must_use]
    pub fn completion(&self) -> Rate {
        Rate { hit: self.completed, of: self.orders }
    }
}

impl std::ops::Add for Sums {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            orders: self.orders + other.orders,
            completed: self.completed + other.completed,
            cancelled: self.cancelled + other.cancelled,
            rejected: self.rejected + other.rejected,
            gross: self.gross + other.gross,
            discount: self.discount + other.discount,
            unpaid: self.unpaid + other.unpaid,
            refunds: self.refunds + other.refunds,
            refund_count: self.refund_count + other.refund_count,
            refunds_of_ended: self.refunds_of_ended + other.refunds_of_ended,
            cash: self.cash + other.cash,
            card: self.card + other.card,
            wallet: self.wallet + other.wallet,
            online: self.online + other.online,
            new_customers: self.new_customers + other.new_customers,
            returning_customers: self.returning_customers + other.returning_customers,
        }
    }
}

impl std::ops::Neg for Sums {
    type Output = Self;
    fn neg(self) -> Self {
        Self {
            orders: -self.orders,
            completed: -self.completed,
            cancelled: -self.cancelled,
            rejected: -self.rejected,
            gross: -self.gross,
            discount: -self.discount,
            unpaid: -self.unpaid,
            refunds: -self.refunds,
            refund_count: -self.refund_count,
            refunds_of_ended: -self.refunds_of_ended,
            cash: -self.cash,
            card: -self.card,
            wallet: -self.wallet,
            online: -self.online,
            new_customers: -self.new_customers,
            returning_customers: -self.returning_customers,
        }
    }
}

impl std::iter::Sum for Sums {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), std::ops::Add::add)
    }
}

/// A stretch of days with its sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Stretch {
    /// Its first day.
    pub first: NaiveDate,
    /// Its last day.
    pub last: NaiveDate,
    /// Its sums.
    pub sums: Sums,
}

/// How much more than before, as a share; `None` where before is nought or less.
#[must_use]
pub fn growth(now: Decimal, before: Decimal) -> Option<f64> {
    use rust_decimal::prelude::ToPrimitive;
    (before > Decimal::ZERO).then(|| ((now - before) / before).to_f64()).flatten()
}

/// An amount as people read it, with the digits of its currency: `12,345.60`, `−3` of a currency without cents.
#[must_use]
pub fn money(amount: Decimal, currency: &str) -> String {
    let digits = u32::from(minor_digits(currency));
    let amount = amount.round_dp_with_strategy(digits, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    let text = format!("{:.*}", digits as usize, amount.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut out = String::with_capacity(text.len() + 6);
    if amount.is_sign_negative() && !amount.is_zero() {
        out.push('\u{2212}');
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(rest);
    out
}

/// An amount as the height of a chart, which is the only place where money is not exact.
#[must_use]
pub fn height(amount: Decimal) -> f64 {
    use rust_decimal::prelude::ToPrimitive;
    amount.to_f64().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(amount: &str, currency: &str, expected: &str) {
        assert_eq!(money(amount.parse().expect("a number"), currency), expected);
    }

    #[test]
    fn an_amount_has_the_digits_of_its_currency() {
        check("1234567.5", "ZAR", "1,234,567.50");
        check("1234567", "UGX", "1,234,567");
        check("1.5", "KWD", "1.500");
        check("-0.004", "ZAR", "0.00");
        check("-12.345", "ZAR", "−12.35");
        check("999", "JPY", "999");
    }

    #[test]
    fn growth_over_nothing_is_not_a_number() {
        assert_eq!(growth(Decimal::ONE, Decimal::ZERO), None);
        assert_eq!(growth(Decimal::from(3), Decimal::from(2)), Some(0.5));
        assert_eq!(growth(Decimal::from(3), Decimal::from(-2)), None);
    }
}
