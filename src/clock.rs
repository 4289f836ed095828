//! The only place that asks what time it is. Everything else is told.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::{Error, Result};

/// Where the time comes from: the machine, or a moment fixed by a test.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    fixed: Option<DateTime<Utc>>,
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands still.
    #[must_use]
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self { fixed: Some(at) }
    }

    /// The current moment.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
    pub fn now(&self) -> DateTime<Utc> {
        self.fixed.unwrap_or_else(Utc::now)
    }

    /// The local date in a zone.
    #[must_use]
    pub fn today(&self, zone: Tz) -> NaiveDate {
        self.now().with_timezone(&zone).date_naive()
    }
}

/// Reads an IANA zone name such as `America/New_York`.
///
/// # Errors
/// [`Error::Invalid`] for a name the time zone database does not have.
pub fn zone(name: &str) -> Result<Tz> {
    name.parse().map_err(|_| {
        Error::Invalid(format!(
            "'{name}' is not a time zone; use an IANA name such as Africa/Johannesburg or America/New_York"
        ))
    })
}
