//! Windows and policies as stored.

use chrono::{Days, NaiveDate};

use super::{Policy, Safety, Window};
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::{Period, SAFETY_DAYS, records_shifts, worker_sums};
use crate::units::WorkerId;

/// The policies of an organization over time.
#[derive(Debug, Clone)]
pub struct Policies {
    /// From which day, by version: of those in force on a day the newest judges it.
    versions: Vec<(NaiveDate, Policy)>,
    default: Policy,
}

impl Policies {
    /// The policy in force on a day: a new one never rewrites the days before it.
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> &Policy {
        self.versions.iter().rev().find(|(from, _)| *from <= day).map_or(&self.default, |(_, policy)| policy)
    }
}

/// All policies of the organization.
///
/// # Errors
/// [`crate::Error::Misconfigured`] for a stored policy that cannot be read.
pub async fn policies(tx: &mut OrgTx) -> Result<Policies> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select coalesce(p.effective_from, (p.created_at at time zone o.time_zone)::date) as "from!", p.weights
           from score_policies p join organizations o on o.id = p.org_id where p.org_id = $1 order by p.version"#,
        org
    )
    .fetch_all(&mut **tx)
    .await?;
    let versions =
        rows.into_iter().map(|row| Ok((row.from, Policy::from_json(row.weights)?))).collect::<Result<_>>()?;
    Ok(Policies { versions, default: Policy::default() })
}

/// The policy in force on a day.
///
/// # Errors
/// [`crate::Error::Misconfigured`] for a stored policy that cannot be read.
pub async fn policy_in_force(tx: &mut OrgTx, day: NaiveDate) -> Result<Policy> {
    Ok(policies(tx).await?.on(day).clone())
}

/// What one worker is judged on over a period.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn window(tx: &mut OrgTx, worker: WorkerId, period: Period) -> Result<Window> {
    let first = period.last.checked_sub_days(Days::new(SAFETY_DAYS - 1)).unwrap_or(period.first);
    let long = worker_sums(tx, worker, Period { first, last: period.last }).await?;
    Ok(Window {
        sums: worker_sums(tx, worker, period).await?,
        safety: Safety { attended: long.attended, attributable: long.attributable },
        records_shifts: records_shifts(tx).await?,
    })
}
