//! What the address of the page says, every field once, and addresses that say it again.

use leptos_router::params::ParamsMap;
use muster::units::{ShiftId, SiteId};

use crate::address::once;
use crate::error::AppError;
use crate::ui::page_of;

/// Which list the page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Open,
    AtRisk,
    Shifts,
    There,
    Available,
    Expiring,
}

impl List {
    pub(super) const ALL: [Self; 6] =
        [Self::Open, Self::AtRisk, Self::Shifts, Self::There, Self::Available, Self::Expiring];

    /// Its word in the address.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::AtRisk => "at-risk",
            Self::Shifts => "shifts",
            Self::There => "there",
            Self::Available => "available",
            Self::Expiring => "certifications",
        }
    }

    /// What its tab is called.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Open => "Unfilled",
            Self::AtRisk => "At risk",
            Self::Shifts => "All shifts",
            Self::There => "Clocked in",
            Self::Available => "Available",
            Self::Expiring => "Certifications",
        }
    }
}

/// The address, understood.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub site: Option<SiteId>,
    pub list: List,
    pub page: u32,
    /// The shift that is to be offered.
    pub offer: Option<ShiftId>,
}

impl Asked {
    pub(super) fn of(query: &ParamsMap) -> Result<Self, AppError> {
        let once = |field| once(query, field);
        let invalid = |what: &str| AppError::Invalid(format!("The address names a {what} that cannot be one."));
        let site = once("site")?.map(|text| text.parse().map_err(|_| invalid("site"))).transpose()?;
        let offer = once("offer")?.map(|text| text.parse().map_err(|_| invalid("shift"))).transpose()?;
        let list = match once("show")? {
            None => List::Open,
            Some(word) => List::ALL.into_iter().find(|it| it.word() == word).ok_or_else(|| invalid("list"))?,
        };
        Ok(Self { site, list, page: page_of(query, "page")?, offer })
    }

    /// The query of a list with the same site.
    pub(super) fn query(&self, list: List) -> String {
        let site = self.site.map(|site| format!("&site={site}")).unwrap_or_default();
        format!("show={}{site}", list.word())
    }
}
