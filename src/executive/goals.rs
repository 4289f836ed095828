//! What is asked of the shares: the organization's own targets, as set in Admin, else the defaults of the catalogue of KPIs.

use crate::Result;
use crate::database::OrgTx;

/// What is asked of a share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Goal {
    /// Where it should be, 0–1.
    pub target: f64,
    /// Below this it is off target, not merely to be watched.
    pub critical: f64,
}

/// What is asked of the shares among the six.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Goals {
    /// Of shifts filled.
    pub fill_rate: Goal,
    /// Of rosters without a breach.
    pub compliance: Goal,
}

impl Default for Goals {
    fn default() -> Self {
        Self { fill_rate: Goal { target: 0.95, critical: 0.90 }, compliance: Goal { target: 0.95, critical: 0.85 } }
    }
}

/// What the organization asks.
///
/// # Errors
/// [`crate::Error::Database`].
pub(super) async fn goals(tx: &mut OrgTx) -> Result<Goals> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        "select kpi, target, critical from kpi_targets where org_id = $1 and kpi in ('fill_rate', 'compliance')",
        org
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut goals = Goals::default();
    for row in rows {
        let goal = Goal { target: row.target, critical: row.critical };
        if row.kpi == "fill_rate" { goals.fill_rate = goal } else { goals.compliance = goal }
    }
    Ok(goals)
}
