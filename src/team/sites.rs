//! The caller's sites with their headline figures.

use serde::Serialize;

use super::health::{Median, Totals};
use super::site::Site;
use super::{FEWEST, Viewer, store};
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;

/// A site in the list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SiteLine {
    /// Where.
    #[serde(flatten)]
    pub site: Site,
    /// The period's sums; `None`: fewer than five people, whose figures are not shown without names.
    pub totals: Option<Totals>,
    /// The median at the period's end.
    pub median: Option<Median>,
}

/// Every site in the viewer's scope, by name.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn sites(tx: &mut OrgTx, viewer: &Viewer, period: Period) -> Result<Vec<SiteLine>> {
    let names = viewer.scope.names;
    let lines = store::site_lines(tx, &viewer.scope.sites, period).await?;
    let shown = |line: SiteLine| {
        let few = line.totals.is_some_and(|totals| totals.days > 0 && totals.headcount < FEWEST);
        SiteLine {
            totals: line.totals.filter(|_| names || !few),
            median: line.median.filter(|median| names || median.n >= FEWEST),
            site: line.site,
        }
    };
    Ok(lines.into_iter().map(shown).collect())
}
