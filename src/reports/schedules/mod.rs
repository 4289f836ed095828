//! Which report goes out to whom, and when? A schedule has a local time in a zone of its own; what is due becomes a job of the
//! queue, once per slot, and each recipient is sent what that recipient may see.

mod deliver;
mod rhythm;

use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use serde_json::json;
use uuid::Uuid;

pub use deliver::hands;
pub use rhythm::Rhythm;

use crate::clock::zone;
use crate::database::{Database, OrgTx};
use crate::people::all_organizations;
use crate::queue::{Order, enqueue};
use crate::units::UserId;
use crate::{Error, Result};

/// The job that makes a scheduled report and sends it.
pub const JOB: &str = "report";
/// The one report that is made by schedule so far.
pub const QUARTERLY: &str = "executive-quarterly";
/// Schedules planned in one transaction.
const AT_ONCE: i64 = 100;

/// A schedule to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// How often.
    pub rhythm: Rhythm,
    /// At what local time.
    pub at: NaiveTime,
    /// Of which zone.
    pub zone: Tz,
    /// Who gets it.
    pub recipients: Vec<UserId>,
}

/// Keeps a schedule, from its next time after `now` on.
///
/// # Errors
/// [`Error::Invalid`] without a name or a recipient; [`Error::Database`] for somebody of another organization.
pub async fn create(tx: &mut OrgTx, schedule: &Schedule, by: UserId, now: DateTime<Utc>) -> Result<Uuid> {
    if schedule.name.trim().is_empty() || schedule.recipients.is_empty() {
        return Err(Error::Invalid("A schedule needs a name and somebody who gets the report.".into()));
    }
    let (org, id, (rhythm, day)) = (tx.org().0, Uuid::now_v7(), schedule.rhythm.stored());
    sqlx::query!(
        "insert into report_schedules (org_id, id, name, description, report, rhythm, day, at, time_zone, created_by, created_at, next_run_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        org,
        id,
        schedule.name.trim(),
        schedule.description,
        QUARTERLY,
        rhythm,
        day,
        schedule.at,
        schedule.zone.name(),
        by.0,
        now,
        schedule.rhythm.next(schedule.zone, schedule.at, now)
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into report_recipients (org_id, schedule_id, user_id) select distinct $1::uuid, $2::uuid, u from unnest($3::uuid[]) u",
        org,
        id,
        &schedule.recipients.iter().map(|user| user.0).collect::<Vec<_>>()
    )
    .execute(&mut **tx)
    .await?;
    Ok(id)
}

/// Puts into the queue what is due, for every organization: each slot once, however many look. What was missed while no
/// instance lived goes out once, not once for each slot. Returns how many were put there.
///
/// # Errors
/// [`Error::Database`], [`Error::Queue`].
pub async fn plan(db: &Database, now: DateTime<Utc>) -> Result<u64> {
    let mut tx = db.global().await?;
    let organizations = all_organizations(&mut tx).await?;
    tx.commit().await?;
    let mut put = 0;
    for org in organizations {
        let mut tx = db.org(org.id).await?;
        put += plan_of(&mut tx, now).await?;
        tx.commit().await?;
    }
    Ok(put)
}

async fn plan_of(tx: &mut OrgTx, now: DateTime<Utc>) -> Result<u64> {
    let org = tx.org();
    let due = sqlx::query!(
        "select id, rhythm, day, at, time_zone, next_run_at from report_schedules
         where org_id = $1 and active and next_run_at <= $2 order by next_run_at, id limit $3 for update skip locked",
        org.0,
        now,
        AT_ONCE
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut put = 0;
    for schedule in due {
        let next = Rhythm::of(&schedule.rhythm, schedule.day)?.next(zone(&schedule.time_zone)?, schedule.at, now);
        let slot = schedule.next_run_at;
        let order = Order::new(JOB)
            .keyed(format!("{} {}", schedule.id, slot.format("%Y-%m-%dT%H:%MZ")))
            .with(json!({ "schedule": schedule.id, "slot": slot }));
        put += u64::from(enqueue(tx, org, order, now).await?.is_some());
        sqlx::query!(
            "update report_schedules set last_run_at = $3, next_run_at = $4 where org_id = $1 and id = $2",
            org.0,
            schedule.id,
            slot,
            next
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(put)
}
