//! How sites are staffed, whether lawfully, and what it costs and saves: sums for a scope and a period, divided once.
//!
//! Everything is read from what the night derived (team days, breaches, site costs) and from the rosters themselves, so
//! that each question takes a few milliseconds. A roster belongs to the period in which its first day lies, and counts
//! once it is confirmed.

mod cost;
mod lawful;
mod saved;
mod staffing;

pub use cost::{Costs, SiteMonth, cost_by_day, costs, pay_of_sites};
pub use lawful::{SiteCompliance, breaches_by_rule, compliance};
pub use saved::{baselines, planned_by_site, savings};
pub use staffing::{DayFill, SiteFill, active_by_site, active_workers, fill_by_day, fill_by_site};

use uuid::Uuid;

use crate::Result;
use crate::database::OrgTx;
use crate::people::{Scope, Sites};

/// The sites of a scope; `None`: all of them.
async fn sites_in(tx: &mut OrgTx, scope: &Scope) -> Result<Option<Vec<Uuid>>> {
    let org = tx.org().0;
    Ok(match &scope.sites {
        Sites::All => None,
        Sites::Only(sites) => Some(sites.iter().map(|site| site.0).collect()),
        Sites::OfClient(client) => Some(
            sqlx::query_scalar!("select id from sites where org_id = $1 and client_id = $2", org, client.0)
                .fetch_all(&mut **tx)
                .await?,
        ),
    })
}
