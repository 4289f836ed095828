//! Do jobs find people, how soon, do they stay, and what does it bring? The read model of `/financial/placements`. Totals are the
//! sums of the rows they stand over; money is whole hundredths.

mod facts;
mod filter;
mod matching;
mod measures;
mod sheets;
mod store;

pub use filter::{Asked, Filter};
pub use matching::{Matched, Matching};
pub use measures::{Group, Spread, Stayed, Sums};
pub use sheets::{SHEETS, Wanted, sheets};

use serde::Serialize;

use crate::database::{OrgTx, Topic};
use crate::metrics::Period;
use crate::people::Scope;
use crate::units::SiteId;
use crate::{Error, Result};

/// What the page rests on.
pub const TOPICS: [Topic; 1] = [Topic::Staffing];

/// Everything the page shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Staffing {
    /// The period.
    pub period: Period,
    /// As many days right before.
    pub before: Period,
    /// Each job category with its jobs and placements, the largest revenue first.
    pub categories: Vec<Group>,
    /// Each client likewise.
    pub clients: Vec<Group>,
    /// All together.
    pub total: Group,
    /// All together, in the period before.
    pub total_before: Group,
    /// Days from posting a job to filling it, of those filled in the period.
    pub to_fill: Spread,
    /// Days from posting a job to somebody's first day, of placements that began in the period.
    pub to_hire: Spread,
    /// Who stayed for 30 and for 90 days.
    pub stayed: [Stayed; 2],
    /// Jobs open at the end of the period.
    pub open: i64,
    /// Whether those who were proposed were taken, by what proposed them and by rank.
    pub matching: Matching,
    /// The sites of the scope by name.
    pub sites: Vec<(SiteId, String)>,
}

/// The page for what was asked.
///
/// # Errors
/// [`Error::Forbidden`] for a site outside the scope, [`Error::NotFound`] for none of the organization, [`Error::Database`].
pub async fn staffing(tx: &mut OrgTx, scope: &Scope, asked: &Asked) -> Result<Staffing> {
    let places = store::places(tx, scope).await?;
    let scope = scope.narrowed_to(asked.site)?;
    if asked.site.is_some_and(|site| !places.sites.iter().any(|(id, _)| *id == site)) {
        return Err(Error::NotFound("site"));
    }
    let (period, before) = (asked.period, asked.period.previous());
    let ids = scope.site_ids();
    let facts = store::facts(tx, ids.as_deref(), period, &places).await?;
    let matching = matching::matching(tx, ids.as_deref(), period).await?;
    let cells = facts.cells(period);
    let categories = measures::grouped(&cells, |cell| cell.category);
    let clients = measures::grouped(&cells, |cell| cell.client.unwrap_or("Sites of nobody else"));
    let earlier = facts.cells(before);
    let (to_fill, to_hire) = (
        Spread::of(cells.iter().flat_map(|cell| cell.days_to_fill.iter().copied()).collect()),
        Spread::of(cells.iter().flat_map(|cell| cell.days_to_hire.iter().copied()).collect()),
    );
    Ok(Staffing {
        period,
        before,
        total: Group::total(&categories),
        categories,
        clients,
        total_before: Group::total(&measures::grouped(&earlier, |cell| cell.category)),
        to_fill,
        to_hire,
        stayed: [facts.stayed(period.last, 30), facts.stayed(period.last, 90)],
        open: facts.open(period.last),
        matching,
        sites: places.sites,
    })
}
