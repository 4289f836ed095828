//! What the checks hold to, as the organization set it.

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::database::OrgTx;
use crate::people::audit;
use crate::units::UserId;
use crate::{Error, Result};

/// What the checks hold to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// A score below is a warning, 1–100.
    pub warning_below: i16,
    /// A score below is critical.
    pub critical_below: i16,
    /// Days that are looked through, 7–90.
    pub days: i16,
    /// A source whose newest day is longer ago is stale, in hours, 24–720.
    pub stale_hours: i32,
    /// So many clock-ins by one device of a site, or orders of one customer, within a minute are a burst, 3–1000.
    pub burst: i32,
    /// A daily count so many robust standard deviations from the usual is an anomaly, 3–50.
    pub robust_z: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { warning_below: 80, critical_below: 60, days: 30, stale_hours: 72, burst: 20, robust_z: 6.0 }
    }
}

impl Settings {
    fn checked(self) -> Result<Self> {
        let wrong = |why: &str| Err(Error::Invalid(why.to_owned()));
        match self {
            _ if !(1..=100).contains(&self.warning_below) => wrong("A warning is at a score from 1 to 100."),
            _ if !(0..self.warning_below).contains(&self.critical_below) => {
                wrong("Critical is at a lower score than the warning.")
            }
            _ if !(7..=90).contains(&self.days) => wrong("Look through 7 to 90 days."),
            _ if !(24..=720).contains(&self.stale_hours) => wrong("A source is stale after 24 to 720 hours."),
            _ if !(3..=1000).contains(&self.burst) => wrong("A burst is 3 to 1000 entries a minute."),
            _ if !(3.0..=50.0).contains(&self.robust_z) => wrong("The distance is 3 to 50 robust standard deviations."),
            _ => Ok(self),
        }
    }
}

/// What is set, or the defaults of the product.
///
/// # Errors
/// [`Error::Database`].
pub async fn settings(tx: &mut OrgTx) -> Result<Settings> {
    let org = tx.org().0;
    let set = sqlx::query_as!(
        Settings,
        r#"select warning_below, critical_below, days, stale_hours, burst, robust_z::float8 as "robust_z!"
           from data_quality_settings where org_id = $1"#,
        org
    );
    Ok(set.fetch_optional(&mut **tx).await?.unwrap_or_default())
}

/// Sets it; the next run holds to it.
///
/// # Errors
/// [`Error::Invalid`] for what makes no sense; [`Error::Database`].
pub async fn set_settings(tx: &mut OrgTx, set: Settings, by: UserId, now: DateTime<Utc>) -> Result<()> {
    let (set, org) = (set.checked()?, tx.org().0);
    sqlx::query!(
        "insert into data_quality_settings (org_id, warning_below, critical_below, days, stale_hours, burst, robust_z, changed_at, changed_by)
         values ($1, $2, $3, $4, $5, $6, $7::float8::numeric(4,1), $8, $9)
         on conflict (org_id) do update set warning_below = $2, critical_below = $3, days = $4, stale_hours = $5, burst = $6,
             robust_z = $7::float8::numeric(4,1), changed_at = $8, changed_by = $9",
        org,
        set.warning_below,
        set.critical_below,
        set.days,
        set.stale_hours,
        set.burst,
        set.robust_z,
        now,
        by.0
    )
    .execute(&mut **tx)
    .await?;
    let after = json!({
        "warning_below": set.warning_below, "critical_below": set.critical_below, "days": set.days,
        "stale_hours": set.stale_hours, "burst": set.burst, "robust_z": set.robust_z,
    });
    audit::record(tx, by, "set the checks of the data", "data quality", None, Some(after), now).await
}
