//! The client's month: was the work done, what happened, who was placed? The numbers are those of the client portal for the
//! same days, from the same expressions. Sites are named; people, pay and scores are not in it.

mod layout;
mod words;

pub use layout::document;

use chrono::NaiveDate;

use crate::database::OrgTx;
use crate::metrics::{Month, Period};
use crate::people::{Organization, Scope};
use crate::portal::{self, Asked, Portal};
use crate::units::SiteId;
use crate::{Error, Result};

/// A month, and how much of it is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Which.
    pub month: Month,
    /// Its complete days.
    pub period: Period,
    /// What it is compared with: the month before, or as many days before of a month that has not ended.
    pub previous: Period,
}

impl Span {
    /// The part of a month that is over, given the last complete day.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a month without a complete day yet, with the latest that has one.
    pub fn of(month: Month, last_complete: NaiveDate) -> Result<Self> {
        let whole = month.period();
        if last_complete < whole.first {
            let latest = Month::of(last_complete);
            return Err(Error::Invalid(format!(
                "{} has no complete day yet. The latest month with one is {} ({latest}).",
                month.name(),
                latest.name()
            )));
        }
        let period = Period { last: whole.last.min(last_complete), ..whole };
        let previous = match period == whole {
            true => month.previous().period(),
            false => Asked::period(period).previous,
        };
        Ok(Self { month, period, previous })
    }

    /// Whether days of it are still to come.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.period != self.month.period()
    }
}

/// All that the report says, before it is put into words.
#[derive(Debug, Clone, PartialEq)]
pub struct Monthly {
    /// Which month.
    pub span: Span,
    /// Who serves the client.
    pub organization: String,
    /// The one site it is about; `None`: all of the client's.
    pub site: Option<String>,
    /// What the portal shows for these days.
    pub portal: Portal,
}

impl Monthly {
    /// Its name, and its days.
    #[must_use]
    pub fn period_name(&self) -> String {
        let days = crate::charts::period(self.span.period.first, self.span.period.last);
        format!("{}: {days}", self.span.month.name())
    }

    /// What the month before is called, or the days in its place.
    #[must_use]
    pub fn previous_name(&self) -> String {
        match self.span.is_open() {
            true => format!("the {} before", crate::charts::count(self.span.previous.days() as i64, "day", "days")),
            false => self.span.month.previous().name(),
        }
    }
}

/// Gathers a month of the client of a scope: all its sites, or one of them.
///
/// # Errors
/// [`Error::Forbidden`] for a scope of anybody but a client, and for a site that is not the client's;
/// [`Error::Invalid`] for a month that has not begun; [`Error::Database`].
pub async fn monthly(
    tx: &mut OrgTx,
    scope: &Scope,
    org: &Organization,
    (month, site): (Month, Option<SiteId>),
    last_complete: NaiveDate,
) -> Result<Monthly> {
    portal::client_of(scope)?;
    let span = Span::of(month, last_complete)?;
    let Span { period, previous, .. } = span;
    let asked = Asked { period, previous, open_until: Some(period.last) };
    let portal = portal::portal(tx, scope, site, asked).await?;
    let name = match site {
        Some(site) => Some(portal.name_of(site).ok_or(Error::NotFound("site"))?.to_owned()),
        None => None,
    };
    Ok(Monthly { span, organization: org.name.clone(), site: name, portal })
}

#[cfg(test)]
mod tests;
