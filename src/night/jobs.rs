//! What each job does. Each is idempotent: killed at any point and run again, it ends with the same rows.

use chrono::{DateTime, Days, Utc};

use super::{Job, Progress, Watcher};
use crate::Result;
use crate::alignment::alerts::{Check, Kind, Level, Reading};
use crate::alignment::{alerts, quality};
use crate::database::{Database, OrgTx, Topic};
use crate::metrics::Period;
use crate::metrics::dirty::{last_complete_day, mark_everybody, marked, plan_new_days};
use crate::models::shift_fill::Training;
use crate::models::{churn, forecast, ltv, predict_churn, train_churn, train_shift_fill};
use crate::people::Organization;
use crate::reports::schedules;
use crate::scoring::{benchmark_week, build_next, build_next_of, missing_weeks};
use crate::units::WorkerId;

pub(super) async fn perform(
    db: &Database,
    org: &Organization,
    job: Job,
    now: DateTime<Utc>,
    watch: Watcher<'_>,
) -> Result<u64> {
    match job {
        Job::Commerce => {
            let told = |done, of| watch(Progress { job, done, of });
            crate::commerce::rebuild(db, org, last_complete_day(org.zone, now), told).await
        }
        Job::WorkerDays => worker_days(db, org, now, watch).await,
        Job::Recognition => recognition(db, org, now).await,
        Job::ProductDays => crate::product::rebuild(db, org, last_complete_day(org.zone, now), now).await,
        Job::Kpis => kpis(db, org, now).await,
        Job::Benchmarks => benchmarks(db, org, now, watch).await,
        Job::Models => models(db, org, now).await,
        Job::Housekeeping => housekeeping(db, org, now).await,
        Job::Predictions => predictions(db, org, now).await,
        Job::Coaching => coaching(db, org, now).await,
        Job::DataQuality => quality::run(db, org, now).await,
        Job::Alerts => alerts(db, org, now).await,
    }
}

/// Rebuilds the last `days` complete days for everybody. Progress counts days.
///
/// # Errors
/// [`crate::Error::Database`]; what was committed stays, and a second call does the rest.
pub async fn backfill(
    db: &Database,
    org: &Organization,
    days: u64,
    now: DateTime<Utc>,
    watch: Watcher<'_>,
) -> Result<u64> {
    let mut tx = db.org(org.id).await?;
    mark_everybody(&mut tx, Period::ending(last_complete_day(org.zone, now), days)).await?;
    tx.commit().await?;
    super::run(db, org, Job::WorkerDays, now, watch).await
}

/// Brings a worker's days, scores, streaks and coaching entry up to what was just ruled, instead of at night. What waits
/// for others is left to the night. It may run beside the night's jobs and beside itself; if it dies, the marks stay and
/// the night does the rest.
///
/// # Errors
/// [`crate::Error::Database`], also when the night's jobs hold the same rows for longer than a request waits.
pub async fn after_ruling(db: &Database, org: &Organization, worker: WorkerId, now: DateTime<Utc>) -> Result<()> {
    let last = last_complete_day(org.zone, now);
    loop {
        let mut tx = impatient(db, org).await?;
        let Some((chunk, _)) = build_next_of(&mut tx, worker, last, now).await? else { break };
        crate::operations::days::rebuild(&mut tx, &chunk.selection).await?;
        crate::workforce::rebuild_weeks(&mut tx, &chunk.selection).await?;
        crate::finance::mark(&mut tx, chunk.selection.days).await?;
        tx.commit().await?;
    }
    let mut tx = impatient(db, org).await?;
    crate::recognition::rebuild_worker(&mut tx, worker, last).await?;
    tx.commit().await?;
    let mut tx = impatient(db, org).await?;
    crate::coaching::rebuild_worker(&mut tx, worker, last, now).await?;
    tx.commit().await
}

/// A transaction of a request: it gives up where the night holds a lock for minutes.
async fn impatient(db: &Database, org: &Organization) -> Result<OrgTx> {
    let mut tx = db.org(org.id).await?;
    sqlx::query_scalar!("select set_config('lock_timeout', '5s', true)").fetch_one(&mut *tx).await?;
    Ok(tx)
}

async fn worker_days(db: &Database, org: &Organization, now: DateTime<Utc>, watch: Watcher<'_>) -> Result<u64> {
    let last = last_complete_day(org.zone, now);
    let mut tx = db.org(org.id).await?;
    plan_new_days(&mut tx, last).await?;
    let of = u64::try_from(marked(&mut tx, last).await?).unwrap_or(0);
    tx.commit().await?;
    let (mut rows, mut done) = (0, 0);
    watch(Progress { job: Job::WorkerDays, done, of });
    loop {
        let mut tx = db.org(org.id).await?;
        let Some((chunk, written)) = build_next(&mut tx, last, now).await? else { break };
        crate::operations::days::rebuild(&mut tx, &chunk.selection).await?;
        crate::workforce::rebuild_weeks(&mut tx, &chunk.selection).await?;
        crate::finance::mark(&mut tx, chunk.selection.days).await?;
        tx.commit().await?;
        rows += written;
        done = (done + chunk.selection.days.days()).min(of);
        watch(Progress { job: Job::WorkerDays, done, of });
    }
    let mut tx = db.org(org.id).await?;
    let today = now.with_timezone(&org.zone).date_naive();
    crate::operations::days::rebuild_ahead(&mut tx, today).await?;
    crate::workforce::keep(&mut tx, last, today, now).await?;
    crate::compliance::rebuild(&mut tx, today).await?;
    crate::finance::rebuild(&mut tx, last).await?;
    tx.commit().await?;
    Ok(rows)
}

async fn recognition(db: &Database, org: &Organization, now: DateTime<Utc>) -> Result<u64> {
    let mut tx = db.org(org.id).await?;
    let last = last_complete_day(org.zone, now);
    // Before achievements are judged: one of them is for winners.
    let settled = crate::recognition::settle_challenges(&mut tx, last, now).await?;
    let rows = crate::recognition::rebuild(&mut tx, last).await?;
    let told = crate::recognition::announce(&mut tx, last, now).await?;
    tx.commit().await?;
    Ok(settled + rows + told)
}

async fn kpis(db: &Database, org: &Organization, now: DateTime<Utc>) -> Result<u64> {
    let mut tx = db.org(org.id).await?;
    let last = last_complete_day(org.zone, now);
    let rows = crate::alignment::rebuild(&mut tx, last).await?;
    tx.commit().await?;
    Ok(rows + crate::alignment::rebuild_product(db, org, last).await?)
}

async fn coaching(db: &Database, org: &Organization, now: DateTime<Utc>) -> Result<u64> {
    let mut tx = db.org(org.id).await?;
    let last = last_complete_day(org.zone, now);
    let rows = crate::coaching::rebuild(&mut tx, last, now).await?;
    tx.commit().await?;
    let mut tx = db.org(org.id).await?;
    let kept = crate::coaching::effect::keep_effect(&mut tx, last + Days::new(1)).await?;
    tx.commit().await?;
    Ok(rows + kept)
}

async fn benchmarks(db: &Database, org: &Organization, now: DateTime<Utc>, watch: Watcher<'_>) -> Result<u64> {
    let mut tx = db.org(org.id).await?;
    let weeks = missing_weeks(&mut tx, now.with_timezone(&org.zone).date_naive()).await?;
    tx.commit().await?;
    let of = weeks.len() as u64;
    let mut rows = 0;
    for (done, week) in (1..).zip(weeks) {
        let mut tx = db.org(org.id).await?;
        rows += benchmark_week(&mut tx, week).await?;
        tx.commit().await?;
        watch(Progress { job: Job::Benchmarks, done, of });
    }
    Ok(rows)
}

/// Trains every model; rows are the versions written. Where facts are too few nothing is.
async fn models(db: &Database, org: &Organization, now: DateTime<Utc>) -> Result<u64> {
    let mut tx = db.org(org.id).await?;
    let fill = train_shift_fill(&mut tx, now).await?;
    tx.commit().await?;
    let mut tx = db.org(org.id).await?;
    let churn = train_churn(&mut tx, now.with_timezone(&org.zone).date_naive(), now).await?;
    tx.commit().await?;
    let mut versions = [matches!(fill, Training::Done { .. }), matches!(churn, churn::Training::Done { .. })].to_vec();
    let last = last_complete_day(org.zone, now);
    for kind in forecast::Kind::ALL {
        let mut tx = db.org(org.id).await?;
        versions.push(forecast::train(&mut tx, kind, last, now).await?);
        tx.commit().await?;
    }
    let mut tx = db.org(org.id).await?;
    versions.push(ltv::train(&mut tx, last, now).await?);
    tx.commit().await?;
    Ok(versions.into_iter().map(u64::from).sum())
}

async fn predictions(db: &Database, org: &Organization, now: DateTime<Utc>) -> Result<u64> {
    let mut tx = db.org(org.id).await?;
    let mut rows = predict_churn(&mut tx, now.with_timezone(&org.zone).date_naive()).await?;
    tx.commit().await?;
    let last = last_complete_day(org.zone, now);
    for (kind, topic) in [(forecast::Kind::Pay, Topic::Costs), (forecast::Kind::Revenue, Topic::Commerce)] {
        let mut tx = db.org(org.id).await?;
        rows += forecast::estimate(&mut tx, kind, last).await?;
        tx.rewrote(topic).await?;
        tx.commit().await?;
    }
    let mut tx = db.org(org.id).await?;
    rows += ltv::estimate(&mut tx, last).await?;
    tx.rewrote(Topic::Commerce).await?;
    tx.commit().await?;
    Ok(rows)
}

/// Rows are alerts that changed and mails.
async fn alerts(db: &Database, org: &Organization, now: DateTime<Utc>) -> Result<u64> {
    let mut checks = alerts::checks();
    checks.push(Check::new(Kind::Report, reports));
    let outcome = alerts::run(db, org, &checks, now).await?;
    Ok(outcome.opened + outcome.escalated + outcome.closed + outcome.mails)
}

/// Schedules whose latest report was given up.
async fn reports(db: Database, org: Organization, _: DateTime<Utc>) -> Result<Vec<Reading>> {
    let mut tx = db.org(org.id).await?;
    let readings = schedules::failing(&mut tx).await?.into_iter().map(|it| {
        let title = format!("A report does not go out: {}", it.name);
        let since = it.since.with_timezone(&org.zone).format("%-d %b, %H:%M");
        Reading::plain(Kind::Report, &it.schedule.to_string(), &title, Level::Warning).saying(format!(
            "It was given up on {since}. Its page under Reports has the cause; send it again from there."
        ))
    });
    Ok(readings.collect())
}

async fn housekeeping(db: &Database, org: &Organization, now: DateTime<Utc>) -> Result<u64> {
    let today = now.date_naive();
    let mut tx = db.org(org.id).await?;
    for table in ["attendance", "tasks", "checkpoints", "orders", "worker_daily_metrics", "analytics_events"] {
        tx.ensure_partitions(table, today, today + Days::new(62)).await?;
    }
    let notifications = crate::notifications::forget_read(&mut tx, now).await?;
    tx.commit().await?;
    let mut tx = db.org(org.id).await?;
    let private = crate::privacy::tidy(&mut tx, now).await?;
    let mails = crate::mail::forget_settled(&mut tx, now).await?;
    let messages = crate::webhooks::forget_settled(&mut tx, now).await?;
    let alignment = alerts::forget_resolved(&mut tx, now).await? + quality::forget_old(&mut tx, now).await?;
    let runs = schedules::forget_old(&mut tx, now).await?;
    tx.commit().await?;
    let events = crate::product::tidy(db, org, now).await?;
    let mut global = db.global().await?;
    let sessions =
        sqlx::query!("delete from sessions where expires_at < $1", now).execute(&mut *global).await?.rows_affected();
    let limits = sqlx::query!(
        "delete from sign_in_limits where last_failed_at < $1 and coalesce(blocked_until, $2) < $2",
        now - Days::new(1),
        now
    )
    .execute(&mut *global)
    .await?
    .rows_affected();
    let lines = crate::queue::forget_done(&mut global, org.id, now).await?;
    global.commit().await?;
    Ok(sessions + limits + notifications + private + mails + messages + alignment + events + runs + lines)
}
