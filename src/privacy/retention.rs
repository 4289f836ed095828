//! How long what is kept, and the nightly work that keeps to it.

use chrono::{DateTime, Days, Months, Utc};
use serde_json::json;

use super::erase::erase;
use super::held::person_of_worker;
use crate::database::OrgTx;
use crate::people::audit;
use crate::units::{UserId, WorkerId};
use crate::{Error, Result};

/// Examples of rows that an import refused are kept for so many days.
const IMPORT_EXAMPLES: u64 = 30;
/// People forgotten in one night: each takes a pass over the organization's words.
const A_NIGHT: i64 = 50;

/// How long an organization keeps what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Places and devices of clock-ins, in days (7–730).
    pub coordinates_days: i32,
    /// People who left, in months (1–240); `None`: until somebody asks.
    pub leavers_months: Option<i32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { coordinates_days: 90, leavers_months: None }
    }
}

/// How long the organization keeps what.
///
/// # Errors
/// [`Error::Database`].
pub async fn settings(tx: &mut OrgTx) -> Result<Settings> {
    let set = sqlx::query_as!(
        Settings,
        "select coordinates_days, leavers_months from privacy_settings where org_id = $1",
        tx.org().0
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(set.unwrap_or_default())
}

/// Changes how long the organization keeps what.
///
/// # Errors
/// [`Error::Invalid`] outside the ranges.
pub async fn change_settings(tx: &mut OrgTx, set: Settings, by: UserId, now: DateTime<Utc>) -> Result<()> {
    if !(7..=730).contains(&set.coordinates_days) {
        return Err(Error::Invalid("Places of clock-ins are kept for 7 to 730 days.".into()));
    }
    if set.leavers_months.is_some_and(|months| !(1..=240).contains(&months)) {
        return Err(Error::Invalid(
            "People who left are kept by name for 1 to 240 months, or until somebody asks (leave it empty).".into(),
        ));
    }
    let before = settings(tx).await?;
    sqlx::query!(
        "insert into privacy_settings (org_id, coordinates_days, leavers_months, changed_at, changed_by) values ($1, $2, $3, $4, $5)
         on conflict (org_id) do update set coordinates_days = $2, leavers_months = $3, changed_at = $4, changed_by = $5",
        tx.org().0,
        set.coordinates_days,
        set.leavers_months,
        now,
        by.0
    )
    .execute(&mut **tx)
    .await?;
    let words = |it: Settings| json!({ "coordinates_days": it.coordinates_days, "leavers_months": it.leavers_months });
    let after = json!({ "from": words(before), "to": words(set) });
    audit::record(tx, by, "changed how long data is kept", "privacy settings", None, Some(after), now).await
}

/// Keeps to it: forgets places, examples of refused rows, and people who left long enough ago. Returns the rows changed.
///
/// # Errors
/// [`Error::Database`].
pub async fn tidy(tx: &mut OrgTx, now: DateTime<Utc>) -> Result<u64> {
    let (org, set, today) = (tx.org().0, settings(tx).await?, now.date_naive());
    let oldest = today - Days::new(u64::try_from(set.coordinates_days).unwrap_or(90));
    let places = sqlx::query!(
        "update attendance set latitude = null, longitude = null, device = null
         where org_id = $1 and day < $2 and num_nonnulls(latitude, longitude, device) > 0",
        org,
        oldest
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    let examples = sqlx::query!(
        "update import_findings f set example = null from imports i
         where f.org_id = $1 and i.org_id = $1 and i.id = f.import_id and i.at < $2 and f.example is not null",
        org,
        now - Days::new(IMPORT_EXAMPLES)
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    let mut rows = places + examples;
    let months = set.leavers_months.and_then(|months| u32::try_from(months).ok());
    for worker in left_before(tx, months.and_then(|months| today.checked_sub_months(Months::new(months)))).await? {
        let person = person_of_worker(tx, worker).await?;
        let done = erase(tx, person, None, "The time people who left are kept by name is over.", now).await?;
        rows += done.changed.values().sum::<u64>();
    }
    Ok(rows)
}

async fn left_before(tx: &mut OrgTx, day: Option<chrono::NaiveDate>) -> Result<Vec<WorkerId>> {
    let Some(day) = day else { return Ok(Vec::new()) };
    let ids = sqlx::query_scalar!(
        "select id from workers w where org_id = $1 and left_on < $2
           and not exists (select from erasures e where e.org_id = w.org_id and e.worker_id = w.id)
         order by left_on, id limit $3",
        tx.org().0,
        day,
        A_NIGHT
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids.into_iter().map(WorkerId).collect())
}
