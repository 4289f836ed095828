//! Changing what savings are measured against.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::measures::baselines;
use super::savings::Baselines;
use crate::database::OrgTx;
use crate::people::{Role, User, audit};
use crate::units::UserId;
use crate::{Error, Result};

/// The settings as they are typed. `None`: measured from the organization's own records.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Hours a roster takes by hand, 0–80.
    pub manual_hours: f64,
    /// Minutes a roster should take with Muster, 0–4,800.
    pub target_minutes: i32,
    /// What an hour of the planner costs, in cents.
    pub planner_rate_cents: Option<i64>,
    /// How much more a roster made by hand costs, in per cent, 0–100.
    pub manual_extra_percent: Option<f64>,
}

/// Who may set them: not those whose work they measure.
#[must_use]
pub fn may_set(role: Role) -> bool {
    role == Role::Admin
}

/// Sets the baselines; what they were is in the audit log.
///
/// # Errors
/// [`Error::Forbidden`] for all but admins; [`Error::Invalid`] outside the ranges.
pub async fn set(tx: &mut OrgTx, user: &User, new: Settings, now: DateTime<Utc>) -> Result<()> {
    if !may_set(user.role) {
        return Err(Error::Forbidden("operations"));
    }
    checked(&new)?;
    let before = baselines(tx).await?;
    write(tx, user.id, &new, now).await?;
    let after = json!({ "before": shown(&before), "after": new });
    audit::record(tx, user.id, "set roster baselines", "roster baselines", None, Some(after), now).await
}

fn shown(before: &Baselines) -> Settings {
    Settings {
        manual_hours: before.manual_hours,
        target_minutes: i32::try_from(before.target_minutes).unwrap_or(i32::MAX),
        planner_rate_cents: before.planner_rate_cents.filter(|_| before.planner_rate_is_set),
        manual_extra_percent: before.manual_extra_percent,
    }
}

fn checked(new: &Settings) -> Result<()> {
    let refuse = |text: &str| Err(Error::Invalid(text.into()));
    match new {
        _ if !(0.0..=80.0).contains(&new.manual_hours) => refuse("Hours by hand: a number from 0 to 80."),
        _ if !(0..=4_800).contains(&new.target_minutes) => {
            refuse("Minutes with Muster: a whole number from 0 to 4800.")
        }
        _ if new.planner_rate_cents.is_some_and(|cents| !(0..=100_000_000).contains(&cents)) => {
            refuse("The planner's hour: an amount from 0 to 1,000,000, or nothing.")
        }
        _ if new.manual_extra_percent.is_some_and(|percent| !(0.0..=100.0).contains(&percent)) => {
            refuse("What a roster by hand costs more: from 0 to 100 per cent, or nothing.")
        }
        _ => Ok(()),
    }
}

async fn write(tx: &mut OrgTx, user: UserId, new: &Settings, now: DateTime<Utc>) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "insert into roster_baselines (org_id, manual_hours, target_minutes, planner_rate, manual_extra_percent, changed_at, changed_by)
         values ($1, $2::float8::numeric, $3, $4::bigint / 100.0, $5::float8::numeric, $6, $7)
         on conflict (org_id) do update set manual_hours = excluded.manual_hours, target_minutes = excluded.target_minutes,
             planner_rate = excluded.planner_rate, manual_extra_percent = excluded.manual_extra_percent,
             changed_at = excluded.changed_at, changed_by = excluded.changed_by",
        org,
        new.manual_hours,
        new.target_minutes,
        new.planner_rate_cents,
        new.manual_extra_percent,
        now,
        user.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
