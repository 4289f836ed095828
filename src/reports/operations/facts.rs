//! What was done in a period, as sums that are divided once.

use chrono::NaiveDate;

use crate::Result;
use crate::commerce;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::operations::running::{Sums, Which, in_periods};
use crate::people::{Scope, Sites, sites_in};
use crate::units::{Rate, SiteId};

/// What was done in a period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Work {
    /// Shifts with a worker, of those planned.
    pub fill: Rate,
    /// Shifts attended, of those to be.
    pub attendance: Rate,
    /// Shifts on time, of those attended.
    pub on_time: Rate,
    /// Shifts to which nobody came without a word, of those to be attended.
    pub no_shows: Rate,
    /// Tasks and work orders in time, of those that had a time to keep.
    pub sla: Rate,
    /// Checkpoints visited, of those planned.
    pub coverage: Rate,
    /// Incidents reported.
    pub incidents: i64,
}

impl From<Sums> for Work {
    fn from(it: Sums) -> Self {
        Self {
            fill: Rate { hit: it.shifts_filled, of: it.shifts_total },
            attendance: Rate { hit: it.attended, of: it.scheduled },
            on_time: Rate { hit: it.on_time, of: it.attended },
            no_shows: Rate { hit: it.ncns, of: it.scheduled },
            sla: Rate { hit: it.sla_hit, of: it.sla_judged },
            coverage: Rate { hit: it.checkpoints_visited, of: it.checkpoints_planned },
            incidents: it.incidents,
        }
    }
}

impl Work {
    /// Shifts that nobody had.
    #[must_use]
    pub fn unfilled(&self) -> i64 {
        self.fill.of - self.fill.hit
    }

    /// Whether anything at all was there to be done.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.fill.of == 0 && self.attendance.of == 0 && self.sla.of == 0 && self.coverage.of == 0 && self.incidents == 0
    }
}

/// What was done at a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteWork {
    /// Its name.
    pub name: String,
    /// Period by period, as they were asked for.
    pub work: Vec<Work>,
}

/// What was done in each of some periods: together, and site by site by name.
pub(super) async fn work(tx: &mut OrgTx, scope: &Scope, periods: &[Period]) -> Result<(Vec<Work>, Vec<SiteWork>)> {
    let names = sites_in(tx, scope).await?;
    let mut found = in_periods(tx, scope.site_ids().as_deref(), periods, Which::All).await?;
    let together = |nth: usize| Work::from(found.values().filter_map(|sums| sums.get(nth).copied()).sum::<Sums>());
    let total = (0..periods.len()).map(together).collect();
    let site = |(id, name): (SiteId, String)| {
        let work = found.remove(&id)?.into_iter().map(Work::from).collect();
        Some(SiteWork { name, work })
    };
    Ok((total, names.into_iter().filter_map(site).collect()))
}

/// Net revenue of each day up to `last`; empty where no order is on record, and for who does not see all of the organization:
/// orders belong to no site.
pub(super) async fn takings(
    tx: &mut OrgTx,
    scope: &Scope,
    last: NaiveDate,
) -> Result<Vec<(NaiveDate, commerce::Amount)>> {
    match scope.sites {
        Sites::All => commerce::daily_net(tx, None, last).await,
        _ => Ok(Vec::new()),
    }
}
