//! Storing the score of each day: the window that ends with it, judged, beside the day's sums.

use std::collections::VecDeque;

use chrono::{DateTime, Days, NaiveDate, Utc};
use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::store::{Policies, policies};
use super::{Component, Safety, Window, judge};
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::dirty::{Chunk, next_chunk, next_chunk_of, settle};
use crate::metrics::{self, Period, SAFETY_DAYS, Selection, Sums, WINDOW_DAYS, read_sums, records_shifts, sum_list};
use crate::units::WorkerId;

/// Scores written in one statement.
const BATCH: usize = 20_000;
/// Up to so many rows are found one by one by their key.
const FEW: usize = 500;

/// Builds the oldest part of what is marked, in the caller's transaction: sums, scores, teams, marks. Returns what was
/// done with the rows written, or `None` when nothing is left. A crash before the commit leaves the marks in place.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn build_next(tx: &mut OrgTx, last: NaiveDate, now: DateTime<Utc>) -> Result<Option<(Chunk, u64)>> {
    one_at_a_time(tx).await?;
    let Some(chunk) = next_chunk(tx, last, now).await? else { return Ok(None) };
    let rows = build(tx, &chunk, last, now).await?;
    Ok(Some((chunk, rows)))
}

/// The same for what is marked of one worker; what waits for others, or for everybody, waits on.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn build_next_of(
    tx: &mut OrgTx,
    worker: WorkerId,
    last: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Option<(Chunk, u64)>> {
    one_at_a_time(tx).await?;
    let Some(chunk) = next_chunk_of(tx, worker.0, last, now).await? else { return Ok(None) };
    let rows = build(tx, &chunk, last, now).await?;
    Ok(Some((chunk, rows)))
}

/// Two instances must not build the same days at once: the second waits, then finds the marks gone.
async fn one_at_a_time(tx: &mut OrgTx) -> Result<()> {
    sqlx::query("select pg_advisory_xact_lock(hashtext('build-days'), hashtext($1))")
        .bind(tx.org().to_string())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn build(tx: &mut OrgTx, chunk: &Chunk, last: NaiveDate, now: DateTime<Utc>) -> Result<u64> {
    let rows = metrics::rebuild(tx, &chunk.selection, now).await?;
    rebuild(tx, &chunk.selection).await?;
    let mut touched = chunk.selection.days;
    if chunk.restate_later {
        touched = restate_later(tx, &chunk.selection, last).await?;
    }
    metrics::rebuild_teams(tx, touched).await?;
    settle(tx, &chunk.selection, now).await?;
    Ok(rows)
}

/// A day's sums count in the windows of the days after it (safety looks back longest): judges those again.
async fn restate_later(tx: &mut OrgTx, selection: &Selection, last: NaiveDate) -> Result<Period> {
    let days = selection.days;
    let end = (days.last + Days::new(SAFETY_DAYS - 1)).min(last);
    let mut first = days.last + Days::new(1);
    while first <= end {
        let step = Period { first, last: (first + Days::new(days.days().max(7) - 1)).min(end) };
        rebuild(tx, &Selection { days: step, workers: selection.workers.clone() }).await?;
        first = step.last + Days::new(1);
    }
    Ok(Period { first: days.first, last: days.last.max(end) })
}

/// Judges the window of every selected worker day that exists and stores the scores with it. The same sums always give
/// the same bytes.
///
/// # Errors
/// [`crate::Error::Database`], [`crate::Error::Misconfigured`] for an unreadable policy.
pub async fn rebuild(tx: &mut OrgTx, selection: &Selection) -> Result<u64> {
    let policies = policies(tx).await?;
    let records_shifts = records_shifts(tx).await?;
    let (first, last) = (selection.days.first, selection.days.last);
    let org = tx.org().0;
    let mut scores = Scores::default();
    let mut worker = Sliding::new(Uuid::nil());
    {
        let sql = buckets_sql();
        let mut rows = sqlx::query(AssertSqlSafe(sql))
            .bind(org)
            .bind(first)
            .bind(last)
            .bind(selection.workers.as_deref())
            .fetch(&mut **tx);
        while let Some(row) = rows.try_next().await? {
            let id: Uuid = row.try_get(0)?;
            if id != worker.id {
                worker = Sliding::new(id);
            }
            let day: NaiveDate = row.try_get(1)?;
            let window = worker.add(day, read_sums(&row, 2)?, records_shifts);
            if day >= first {
                scores.push(id, day, &window, &policies);
            }
        }
    }
    scores.store(tx).await
}

/// Per worker and bucket of days, ordered: as few rows as the windows that end on $2..$3 allow. Days that are inside
/// all windows are summed in SQL; so are those that only the 90 days of safety reach.
fn buckets_sql() -> String {
    format!(
        "select worker_id,
            case when day >= $2 then day
                 when day >= $3 - 27 then $2 - 1
                 when day >= $2 - 27 then day
                 when day >= $3 - 89 then $2 - 28
                 else day end as bucket,
            {}
         from worker_daily_metrics
         where org_id = $1 and day between $2 - 89 and $3 and ($4::uuid[] is null or worker_id = any ($4))
         group by worker_id, bucket order by worker_id, bucket",
        sum_list()
    )
}

/// One worker's days in order, with the sums of the last 28 and of the last 90.
struct Sliding {
    id: Uuid,
    days: VecDeque<(NaiveDate, Sums)>,
    sums: Sums,
    long: VecDeque<(NaiveDate, Safety)>,
    safety: Safety,
}

impl Sliding {
    fn new(id: Uuid) -> Self {
        Self { id, days: VecDeque::new(), sums: Sums::default(), long: VecDeque::new(), safety: Safety::default() }
    }

    fn add(&mut self, day: NaiveDate, sums: Sums, records_shifts: bool) -> Window {
        let oldest = day - Days::new(WINDOW_DAYS - 1);
        self.days.push_back((day, sums));
        self.sums += sums;
        while let Some((_, left)) = self.days.pop_front_if(|(day, _)| *day < oldest) {
            self.sums -= left;
        }
        let safety = Safety { attended: sums.attended, attributable: sums.attributable };
        self.long.push_back((day, safety));
        self.safety.attended += safety.attended;
        self.safety.attributable += safety.attributable;
        let oldest = day - Days::new(SAFETY_DAYS - 1);
        while let Some((_, left)) = self.long.pop_front_if(|(day, _)| *day < oldest) {
            self.safety.attended -= left.attended;
            self.safety.attributable -= left.attributable;
        }
        Window { sums: self.sums, safety: self.safety, records_shifts }
    }
}

#[derive(Default)]
struct Scores {
    workers: Vec<Uuid>,
    days: Vec<NaiveDate>,
    components: [Vec<Option<f64>>; 5],
    bpi: Vec<Option<f64>>,
}

impl Scores {
    fn push(&mut self, worker: Uuid, day: NaiveDate, window: &Window, policies: &Policies) {
        let judgement = judge(window, policies.on(day));
        let bpi = judgement.bpi();
        self.workers.push(worker);
        self.days.push(day);
        for (scores, component) in self.components.iter_mut().zip(Component::ALL) {
            scores.push(bpi.and(judgement.component(*component)).map(|component| super::rounded(component.score)));
        }
        self.bpi.push(bpi);
    }

    async fn store(&self, tx: &mut OrgTx) -> Result<u64> {
        let org = tx.org().0;
        let [attendance, tasks, patrol, service, safety] = &self.components;
        let mut written = 0;
        // The days were written in this very transaction, so the planner knows nothing of them and would go through a
        // whole partition for each row: minutes instead of a second. Few rows are found by their key.
        let many = self.workers.len() > FEW;
        if many {
            plan_with_nested_loops(tx, false).await?;
        }
        for from in (0..self.workers.len()).step_by(BATCH) {
            let batch = from..(from + BATCH).min(self.workers.len());
            // Not a checked macro: its arrays cannot hold nulls. The columns are proved by the tests.
            written += sqlx::query(
                "update worker_daily_metrics m
                 set score_attendance = s.attendance, score_tasks = s.tasks, score_patrol = s.patrol,
                     score_service = s.service, score_safety = s.safety, bpi = s.bpi
                 from unnest($2::uuid[], $3::date[], $4::float8[], $5::float8[], $6::float8[], $7::float8[], $8::float8[], $9::float8[])
                     as s (worker_id, day, attendance, tasks, patrol, service, safety, bpi)
                 where m.org_id = $1 and m.worker_id = s.worker_id and m.day = s.day and m.day between $10 and $11
                   and (m.score_attendance, m.score_tasks, m.score_patrol, m.score_service, m.score_safety, m.bpi)
                       is distinct from (s.attendance, s.tasks, s.patrol, s.service, s.safety, s.bpi)",
            )
            .bind(org)
            .bind(&self.workers[batch.clone()])
            .bind(&self.days[batch.clone()])
            .bind(&attendance[batch.clone()])
            .bind(&tasks[batch.clone()])
            .bind(&patrol[batch.clone()])
            .bind(&service[batch.clone()])
            .bind(&safety[batch.clone()])
            .bind(&self.bpi[batch.clone()])
            .bind(self.days[batch.clone()].iter().min())
            .bind(self.days[batch].iter().max())
            .execute(&mut **tx)
            .await?
            .rows_affected();
        }
        if many {
            plan_with_nested_loops(tx, true).await?;
        }
        Ok(written)
    }
}

async fn plan_with_nested_loops(tx: &mut OrgTx, may: bool) -> Result<()> {
    let setting = if may { "on" } else { "off" };
    sqlx::query_scalar!("select set_config('enable_nestloop', $1, true)", setting).fetch_one(&mut **tx).await?;
    Ok(())
}
