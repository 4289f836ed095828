//! Which days must be built: new ones, and those whose facts arrived late or changed.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{Period, Selection};
use crate::Result;
use crate::database::OrgTx;
use crate::units::WorkerId;

/// Worker days built in one transaction: bounds memory, locks and what a crash repeats.
const ROWS_PER_CHUNK: i64 = 150_000;

/// A part of the work that one transaction does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// What to rebuild.
    pub selection: Selection,
    /// Whether the scores of later days must be judged again as well (false when the next chunk will do it).
    pub restate_later: bool,
}

/// The last day that is over everywhere in the organization: yesterday, local time.
#[must_use]
pub fn last_complete_day(zone: Tz, now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&zone).date_naive().pred_opt().unwrap_or(NaiveDate::MIN)
}

/// The last day that was built in order, if any was.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn through(tx: &mut OrgTx) -> Result<Option<NaiveDate>> {
    let org = tx.org().0;
    Ok(sqlx::query_scalar!("select through from metrics_progress where org_id = $1", org)
        .fetch_optional(&mut **tx)
        .await?)
}

async fn set_through(tx: &mut OrgTx, day: NaiveDate) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "insert into metrics_progress (org_id, through) values ($1, $2) on conflict (org_id) do update set through = excluded.through",
        org,
        day
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Marks the days since the last run, or since the first fact, as to be built for everybody. A second call adds nothing.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn plan_new_days(tx: &mut OrgTx, last_complete: NaiveDate) -> Result<()> {
    let org = tx.org().0;
    let first = match through(tx).await? {
        Some(day) => day.succ_opt(),
        None => {
            sqlx::query_scalar!(
                "select least((select min(day) from shifts where org_id = $1), (select min(day) from tasks where org_id = $1),
                              (select min(day) from tours where org_id = $1), (select min(closed_day) from work_orders where org_id = $1),
                              (select min(day) from incidents where org_id = $1))",
                org
            )
            .fetch_one(&mut **tx)
            .await?
        }
    };
    let Some(first) = first.filter(|first| *first <= last_complete) else { return Ok(()) };
    mark_everybody(tx, Period { first, last: last_complete }).await?;
    set_through(tx, last_complete).await
}

/// Marks days as to be rebuilt for everybody.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn mark_everybody(tx: &mut OrgTx, days: Period) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "insert into dirty_days (org_id, day, worker_id)
         select $1, d::date, $4 from generate_series($2::date, $3::date, interval '1 day') d on conflict do nothing",
        org,
        days.first,
        days.last,
        Uuid::nil()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Marks one worker's day as to be rebuilt.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn mark_worker(tx: &mut OrgTx, worker: Uuid, day: NaiveDate) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "insert into dirty_days (org_id, day, worker_id) values ($1, $2, $3) on conflict do nothing",
        org,
        day,
        worker
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Marks these workers' days as to be rebuilt, in one statement.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn mark_workers(tx: &mut OrgTx, days: &[(WorkerId, NaiveDate)]) -> Result<()> {
    let org = tx.org().0;
    let (workers, days): (Vec<Uuid>, Vec<NaiveDate>) = days.iter().map(|(worker, day)| (worker.0, *day)).unzip();
    sqlx::query!(
        "insert into dirty_days (org_id, day, worker_id)
         select $1, m.day, m.worker from unnest($2::date[], $3::uuid[]) m (day, worker) on conflict do nothing",
        org,
        &days,
        &workers
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// How many worker days are marked, up to and including `last`; those for everybody count once a day.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn marked(tx: &mut OrgTx, last: NaiveDate) -> Result<i64> {
    let org = tx.org().0;
    let days =
        sqlx::query_scalar!("select count(distinct day) from dirty_days where org_id = $1 and day <= $2", org, last)
            .fetch_one(&mut **tx)
            .await?;
    Ok(days.unwrap_or(0))
}

/// The next work to do, oldest first: days for everybody in a row, or single workers' days within a month.
/// Days whose shift is still running wait.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn next_chunk(tx: &mut OrgTx, last: NaiveDate, now: DateTime<Utc>) -> Result<Option<Chunk>> {
    let org = tx.org().0;
    let marks = sqlx::query!(
        r#"select day, bool_or(worker_id = $3) as "everybody!", array_agg(worker_id) filter (where worker_id <> $3) as workers
           from dirty_days d
           where org_id = $1 and day <= $2
             and not exists (select from shifts s where s.org_id = d.org_id and s.worker_id = d.worker_id and s.day = d.day and s.ends_at > $4)
           group by day order by day limit 400"#,
        org,
        last,
        Uuid::nil(),
        now
    )
    .fetch_all(&mut **tx)
    .await?;
    let Some(head) = marks.first() else { return Ok(None) };
    let first = head.day;
    if head.everybody {
        let workers = sqlx::query_scalar!(r#"select count(*) as "n!" from workers where org_id = $1"#, org)
            .fetch_one(&mut **tx)
            .await?;
        let most = (ROWS_PER_CHUNK / workers.max(1)).clamp(1, 31);
        let in_a_row = marks
            .iter()
            .zip(first.iter_days())
            .take_while(|(mark, day)| mark.everybody && mark.day == *day)
            .count()
            .min(usize::try_from(most).unwrap_or(1));
        let last_of_chunk = first + Days::new(in_a_row as u64 - 1);
        let goes_on =
            marks.get(in_a_row).is_some_and(|mark| mark.everybody && mark.day == last_of_chunk + Days::new(1));
        let days = Period { first, last: last_of_chunk };
        return Ok(Some(Chunk { selection: Selection { days, workers: None }, restate_later: !goes_on }));
    }
    let mut workers = Vec::new();
    let mut last_of_chunk = first;
    for mark in marks.iter().take_while(|mark| !mark.everybody && (mark.day - first).num_days() < 31) {
        workers.extend(mark.workers.iter().flatten().copied());
        last_of_chunk = mark.day;
    }
    workers.sort_unstable();
    workers.dedup();
    let days = Period { first, last: last_of_chunk };
    Ok(Some(Chunk { selection: Selection { days, workers: Some(workers) }, restate_later: true }))
}

/// The next of one worker's own marks, within a month. Days that are marked for everybody are left to who builds everybody.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn next_chunk_of(tx: &mut OrgTx, worker: Uuid, last: NaiveDate, now: DateTime<Utc>) -> Result<Option<Chunk>> {
    let org = tx.org().0;
    let marked = sqlx::query_scalar!(
        "select day from dirty_days d
         where org_id = $1 and worker_id = $2 and day <= $3
           and not exists (select from shifts s where s.org_id = d.org_id and s.worker_id = d.worker_id and s.day = d.day and s.ends_at > $4)
         order by day limit 31",
        org,
        worker,
        last,
        now
    )
    .fetch_all(&mut **tx)
    .await?;
    let Some(first) = marked.first().copied() else { return Ok(None) };
    let within = marked.into_iter().take_while(|day| (*day - first).num_days() < 31);
    let days = Period { first, last: within.last().unwrap_or(first) };
    Ok(Some(Chunk { selection: Selection { days, workers: Some(vec![worker]) }, restate_later: true }))
}

/// Takes the marks of a chunk away, except for shifts that run still: those are marked again, to be built when they end.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn settle(tx: &mut OrgTx, selection: &Selection, now: DateTime<Utc>) -> Result<()> {
    let org = tx.org().0;
    let Period { first, last } = selection.days;
    let workers = selection.workers.as_deref();
    sqlx::query!(
        "delete from dirty_days where org_id = $1 and day between $2 and $3 and ($4::uuid[] is null or worker_id = any ($4))",
        org,
        first,
        last,
        workers
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into dirty_days (org_id, day, worker_id)
         select distinct org_id, day, worker_id from shifts
         where org_id = $1 and day between $2 and $3 and ends_at > $5 and worker_id is not null and ($4::uuid[] is null or worker_id = any ($4))
         on conflict do nothing",
        org,
        first,
        last,
        workers,
        now
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into recognition_pending (org_id, worker_id, first_day, last_day)
         select $1, w, $2, $3 from unnest(coalesce($4::uuid[], array[$5::uuid])) w on conflict do nothing",
        org,
        first,
        last,
        workers,
        Uuid::nil()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
