//! What the page shows as it stands in the address.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::metrics::Period;
use crate::units::SiteId;
use crate::{Error, Result};

/// Days when none are asked for: jobs are few, and take weeks.
const USUAL_DAYS: u64 = 90;

/// The filter as typed; an empty field is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// First day of the period, `YYYY-MM-DD`.
    pub from: Option<String>,
    /// Last day of the period, `YYYY-MM-DD`.
    pub to: Option<String>,
    /// A site's id.
    pub site: Option<String>,
}

/// What has been understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// The days shown: of the period asked for those that are over.
    pub period: Period,
    /// One site.
    pub site: Option<SiteId>,
}

fn given(field: Option<&str>) -> Option<&str> {
    field.map(str::trim).filter(|text| !text.is_empty())
}

impl Filter {
    /// Understands it, given the last complete day. Without dates the period is the 90 days that end there.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what to type instead, [`Error::NotFound`] for a site that cannot be one.
    pub fn resolve(&self, last_complete: NaiveDate) -> Result<Asked> {
        let period = if given(self.from.as_deref()).or(given(self.to.as_deref())).is_none() {
            Period::ending(last_complete, USUAL_DAYS)
        } else {
            crate::me::Filter { from: self.from.clone(), to: self.to.clone(), days: None }.resolve(last_complete)?.0
        };
        let period = period.over_by(last_complete);
        let site = given(self.site.as_deref()).map(str::parse::<Uuid>).transpose();
        Ok(Asked { period, site: site.map_err(|_| Error::NotFound("site"))?.map(SiteId) })
    }
}
