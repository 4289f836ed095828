//! What a caller may see of the own organization: made by the permission table, asked by every query that lists people.

use serde::{Deserialize, Serialize};

use crate::units::{ClientId, SiteId, WorkerId};
use crate::{Error, Result};

/// Which sites.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sites {
    /// Every site of the organization.
    All,
    /// These, maybe none.
    Only(Vec<SiteId>),
    /// Those of one client.
    OfClient(ClientId),
}

/// What a caller may see through one permission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Which sites' facts.
    pub sites: Sites,
    /// Only this worker's record.
    pub only_worker: Option<WorkerId>,
    /// Whether named persons may be shown.
    pub names: bool,
}

impl Scope {
    /// The own record and nothing else.
    #[must_use]
    pub fn own(worker: WorkerId) -> Self {
        Self { sites: Sites::Only(Vec::new()), only_worker: Some(worker), names: true }
    }

    /// Narrows to one site if one is asked for.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a site outside the scope.
    pub fn narrowed_to(&self, site: Option<SiteId>) -> Result<Self> {
        let Some(site) = site else { return Ok(self.clone()) };
        match &self.sites {
            Sites::All => {}
            Sites::Only(sites) if sites.contains(&site) => {}
            _ => return Err(Error::Forbidden("site")),
        }
        Ok(Self { sites: Sites::Only(vec![site]), ..self.clone() })
    }

    /// The sites as SQL takes them: null is every site, an empty list none. A client's sites are asked for by client.
    #[must_use]
    pub fn site_ids(&self) -> Option<Vec<uuid::Uuid>> {
        match &self.sites {
            Sites::All => None,
            Sites::Only(sites) => Some(sites.iter().map(|site| site.0).collect()),
            Sites::OfClient(_) => Some(Vec::new()),
        }
    }
}
