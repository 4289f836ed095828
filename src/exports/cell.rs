//! What stands in a cell, and what a column promises of it.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use rust_decimal::Decimal;

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// Whole numbers.
    Integer,
    /// Numbers, shown with so many digits after the point.
    Decimal(u8),
    /// Shares, 0–1, shown as per cent.
    Percent,
    /// Money of one currency, as ISO 4217 calls it.
    Money(String),
    /// Days.
    Date,
    /// Moments, on the clock of this zone.
    Moment(Tz),
}

/// A column: its heading and what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The heading, without the unit: that follows from the kind.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

impl Column {
    /// A column.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self { name: name.into(), kind }
    }

    /// Words.
    #[must_use]
    pub fn text(name: &str) -> Self {
        Self::new(name, Kind::Text)
    }

    /// Whole numbers.
    #[must_use]
    pub fn integer(name: &str) -> Self {
        Self::new(name, Kind::Integer)
    }

    /// Shares, shown as per cent.
    #[must_use]
    pub fn percent(name: &str) -> Self {
        Self::new(name, Kind::Percent)
    }

    /// Money of one currency.
    #[must_use]
    pub fn money(name: &str, currency: &str) -> Self {
        Self::new(name, Kind::Money(currency.into()))
    }

    /// Days.
    #[must_use]
    pub fn date(name: &str) -> Self {
        Self::new(name, Kind::Date)
    }

    /// Moments on the clock of a zone.
    #[must_use]
    pub fn moment(name: &str, zone: Tz) -> Self {
        Self::new(name, Kind::Moment(zone))
    }

    /// The heading with the unit: `Cost (ZAR)`, `Started (Africa/Johannesburg)`.
    #[must_use]
    pub fn heading(&self) -> String {
        match &self.kind {
            Kind::Percent => format!("{} (%)", self.name),
            Kind::Money(currency) => format!("{} ({currency})", self.name),
            Kind::Moment(zone) => format!("{} ({})", self.name, zone.name()),
            _ => self.name.clone(),
        }
    }
}

/// What stands in a cell. A number is a number whatever its sign; only words can be taken for a formula.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing, which is not nought.
    Empty,
    /// Words.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number; one that is not finite stands as nothing.
    Decimal(f64),
    /// A share, 0–1.
    Percent(f64),
    /// An exact amount.
    Money(Decimal),
    /// A day.
    Date(NaiveDate),
    /// A moment.
    Moment(DateTime<Utc>),
}

impl Cell {
    /// Words.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// What may be nothing.
    #[must_use]
    pub fn or_empty<T: Into<Self>>(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<NaiveDate> for Cell {
    fn from(day: NaiveDate) -> Self {
        Self::Date(day)
    }
}

impl From<DateTime<Utc>> for Cell {
    fn from(moment: DateTime<Utc>) -> Self {
        Self::Moment(moment)
    }
}

impl From<Decimal> for Cell {
    fn from(amount: Decimal) -> Self {
        Self::Money(amount)
    }
}

/// A share of nothing is nothing.
impl From<crate::units::Rate> for Cell {
    fn from(rate: crate::units::Rate) -> Self {
        rate.value().map_or(Self::Empty, Self::Percent)
    }
}

/// Digits of a currency's minor unit (ISO 4217); two for those that are not told apart here.
#[must_use]
pub fn minor_digits(currency: &str) -> u8 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI" | "VND"
        | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}
