//! Every half a minute: what is due goes into the queue, what was given up is told, and mails that stayed here too.

use chrono::{DateTime, Utc, Weekday};
use uuid::Uuid;

use super::read::of_usual;
use super::{Report, Rhythm, USUAL_AT, course, tell};
use crate::Result;
use crate::clock::zone;
use crate::database::{Database, OrgTx};
use crate::people::{Organization, Role, all_organizations};

/// Schedules planned in one transaction.
const AT_ONCE: i64 = 100;

/// What every organization gets, until somebody pauses it.
const USUAL: [(Report, Rhythm, &str); 2] = [
    (
        Report::OperationsDaily,
        Rhythm::Daily,
        "How yesterday went and what needs somebody today. Every organization gets it until it is paused here.",
    ),
    (
        Report::OperationsWeekly,
        Rhythm::Weekly(Weekday::Mon),
        "How the week went against the week before. Every organization gets it until it is paused here.",
    ),
];
/// Who gets it.
const READERS: [Role; 2] = [Role::Executive, Role::Admin];

/// Puts into the queue what is due, for every organization: each slot once, however many look. What was missed while no
/// instance lived goes out once, not once for each slot. Returns how many were put there.
///
/// # Errors
/// [`crate::Error::Database`], [`crate::Error::Queue`].
pub async fn plan(db: &Database, now: DateTime<Utc>) -> Result<u64> {
    let mut tx = db.global().await?;
    let organizations = all_organizations(&mut tx).await?;
    tx.commit().await?;
    let mut put = 0;
    for org in organizations {
        let mut tx = db.org(org.id).await?;
        keep_usual(&mut tx, &org, now).await?;
        put += plan_of(&mut tx, now).await?;
        tx.commit().await?;
        let mut tx = db.org(org.id).await?;
        tell::given_up(&mut tx, now).await?;
        tell::undelivered(&mut tx, now).await?;
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
        put += u64::from(course::begin(tx, schedule.id, Some(slot), None, now).await?.is_some());
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

/// The schedule of a report that every organization gets, made now if this one has none yet. `None`: it was deleted, or no
/// organization gets that report by itself.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn usual(tx: &mut OrgTx, org: &Organization, report: Report, now: DateTime<Utc>) -> Result<Option<Uuid>> {
    keep_usual(tx, org, now).await?;
    of_usual(tx, report).await
}

/// Gives an organization what every one gets, once: what somebody has paused, changed or deleted since stays so.
async fn keep_usual(tx: &mut OrgTx, org: &Organization, now: DateTime<Utc>) -> Result<()> {
    let there =
        sqlx::query_scalar!(r#"select count(*) as "n!" from report_schedules where org_id = $1 and usual"#, org.id.0)
            .fetch_one(&mut **tx)
            .await?;
    if usize::try_from(there).is_ok_and(|there| there >= USUAL.len()) {
        return Ok(());
    }
    for (report, rhythm, description) in USUAL {
        let (word, day) = rhythm.stored();
        sqlx::query!(
            "insert into report_schedules (org_id, id, name, description, report, rhythm, day, at, time_zone, roles, usual, created_at,
                 next_run_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, true, $11, $12)
             on conflict (org_id, report) where usual do nothing",
            org.id.0,
            Uuid::now_v7(),
            report.label(),
            description,
            report.code(),
            word,
            day,
            USUAL_AT,
            org.zone.name(),
            &READERS.map(|role| role.word().to_owned())[..],
            now,
            rhythm.next(org.zone, USUAL_AT, now)
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}
