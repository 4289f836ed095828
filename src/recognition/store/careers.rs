//! Careers and streaks as stored, and the days they are made of.

use chrono::NaiveDate;
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use uuid::Uuid;

use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::recognition::careers::{CurrentStreak, Settled};
use crate::recognition::{Career, DayFacts, Streak, StreakKind};
use crate::units::WorkerId;

/// A worker's day with something to judge.
pub(in crate::recognition) struct DayRow {
    pub worker: Uuid,
    pub day: NaiveDate,
    pub facts: DayFacts,
}

/// The days of a period, by worker and then by day.
pub(in crate::recognition) fn days<'a>(
    tx: &'a mut OrgTx,
    days: Period,
    workers: Option<&[Uuid]>,
) -> BoxStream<'a, Result<DayRow, sqlx::Error>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select worker_id, day, scheduled, attended, on_time, ncns, checkpoints_planned, checkpoints_visited,
                  tasks_sla_judged + orders_sla_judged as "sla_judged!", tasks_sla_hit + orders_sla_hit as "sla_hit!"
           from worker_daily_metrics
           where org_id = $1 and day between $2 and $3 and ($4::uuid[] is null or worker_id = any ($4))
             and (scheduled > 0 or checkpoints_planned > 0 or tasks_sla_judged > 0 or orders_sla_judged > 0)
           order by worker_id, day"#,
        org,
        days.first,
        days.last,
        workers
    )
    .fetch(&mut **tx);
    Box::pin(rows.map_ok(|row| DayRow {
        worker: row.worker_id,
        day: row.day,
        facts: DayFacts {
            scheduled: row.scheduled,
            attended: row.attended,
            on_time: row.on_time,
            ncns: row.ncns,
            checkpoints_planned: row.checkpoints_planned,
            checkpoints_visited: row.checkpoints_visited,
            sla_judged: row.sla_judged,
            sla_hit: row.sla_hit,
        },
    }))
}

pub(in crate::recognition) async fn settled(tx: &mut OrgTx) -> Result<Vec<Settled>> {
    let org = tx.org().0;
    let rows = sqlx::query!("select worker_id, settled_on, settled from worker_careers where org_id = $1", org)
        .fetch_all(&mut **tx)
        .await?;
    rows.into_iter()
        .map(|row| {
            let career: Career = serde_json::from_value(row.settled)?;
            Ok(Settled { worker: row.worker_id, settled_on: row.settled_on, career })
        })
        .collect()
}

/// The workers who are not among `known`.
pub(in crate::recognition) async fn workers_without(tx: &mut OrgTx, known: &[Uuid]) -> Result<Vec<Uuid>> {
    let org = tx.org().0;
    Ok(sqlx::query_scalar!(
        "select id from workers w where org_id = $1 and not exists (select from unnest($2::uuid[]) k where k = w.id)",
        org,
        known
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Forgets all careers, so that the next run counts everybody from the first day.
pub(in crate::recognition) async fn forget(tx: &mut OrgTx) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!("delete from worker_careers where org_id = $1", org).execute(&mut **tx).await?;
    Ok(())
}

pub(in crate::recognition) async fn store_settled(tx: &mut OrgTx, settled: &[Settled]) -> Result<u64> {
    let org = tx.org().0;
    let careers = settled.iter().map(|it| serde_json::to_value(&it.career)).collect::<Result<Vec<_>, _>>()?;
    let written = sqlx::query!(
        "insert into worker_careers (org_id, worker_id, settled_on, settled)
         select $1, * from unnest($2::uuid[], $3::date[], $4::jsonb[])
         on conflict (org_id, worker_id) do update set settled_on = excluded.settled_on, settled = excluded.settled",
        org,
        &settled.iter().map(|it| it.worker).collect::<Vec<_>>(),
        &settled.iter().map(|it| it.settled_on).collect::<Vec<_>>(),
        &careers
    )
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected())
}

#[derive(Default)]
struct Columns {
    workers: Vec<Uuid>,
    kinds: Vec<String>,
    current: Vec<i32>,
    since: Vec<Option<NaiveDate>>,
    best: Vec<i32>,
    best_ended: Vec<Option<NaiveDate>>,
    through: Vec<NaiveDate>,
    long_ended: Vec<Option<i32>>,
    long_ended_on: Vec<Option<NaiveDate>>,
}

impl Columns {
    fn of(careers: &[(Uuid, Career)]) -> Self {
        let mut columns = Self::default();
        for (worker, career) in careers {
            for kind in StreakKind::ALL {
                let streak = career.streak(kind);
                let Some(through) = streak.through else { continue };
                columns.workers.push(*worker);
                columns.kinds.push(kind.word().into());
                columns.current.push(streak.current);
                columns.since.push(streak.since);
                columns.best.push(streak.best);
                columns.best_ended.push(streak.best_ended);
                columns.through.push(through);
                columns.long_ended.push(streak.long_ended.map(|it| it.0));
                columns.long_ended_on.push(streak.long_ended.map(|it| it.1));
            }
        }
        columns
    }
}

/// Makes the stored streaks those of `careers`, which are everybody's. Writes what differs only.
pub(in crate::recognition) async fn store_streaks(tx: &mut OrgTx, careers: &[(Uuid, Career)]) -> Result<u64> {
    let org = tx.org().0;
    let columns = Columns::of(careers);
    let gone = sqlx::query!(
        "delete from worker_streaks s where org_id = $1
           and not exists (select from unnest($2::uuid[], $3::text[]) n (worker_id, kind) where n.worker_id = s.worker_id and n.kind = s.kind)",
        org,
        &columns.workers,
        &columns.kinds
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    // Not a checked macro: its arrays cannot hold nulls.
    let written = sqlx::query(
        "insert into worker_streaks as s (org_id, worker_id, kind, current, since, best, best_ended, through, long_ended, long_ended_on)
         select $1, n.* from unnest($2::uuid[], $3::text[], $4::int[], $5::date[], $6::int[], $7::date[], $8::date[], $9::int[], $10::date[])
             n (worker_id, kind, current, since, best, best_ended, through, long_ended, long_ended_on)
         where not exists (
             select from worker_streaks o where o.org_id = $1 and o.worker_id = n.worker_id and o.kind = n.kind
               and (o.current, o.best, o.through) = (n.current, n.best, n.through)
               and (o.since, o.best_ended, o.long_ended, o.long_ended_on) is not distinct from (n.since, n.best_ended, n.long_ended, n.long_ended_on))
         on conflict (org_id, worker_id, kind) do update
         set current = excluded.current, since = excluded.since, best = excluded.best, best_ended = excluded.best_ended, through = excluded.through,
             long_ended = excluded.long_ended, long_ended_on = excluded.long_ended_on",
    )
    .bind(org)
    .bind(&columns.workers)
    .bind(&columns.kinds)
    .bind(&columns.current)
    .bind(&columns.since)
    .bind(&columns.best)
    .bind(&columns.best_ended)
    .bind(&columns.through)
    .bind(&columns.long_ended)
    .bind(&columns.long_ended_on)
    .execute(&mut **tx)
    .await?;
    Ok(gone + written.rows_affected())
}

pub(in crate::recognition) async fn streaks_of(tx: &mut OrgTx, worker: WorkerId) -> Result<Vec<CurrentStreak>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        "select kind, current, since, best, best_ended, through, long_ended, long_ended_on from worker_streaks where org_id = $1 and worker_id = $2",
        org,
        worker.0
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let kind = StreakKind::ALL.into_iter().find(|kind| kind.word() == row.kind)?;
            let (current, best) = (row.current, row.best);
            let streak = Streak {
                current,
                since: row.since,
                best,
                best_ended: row.best_ended,
                through: Some(row.through),
                long_ended: row.long_ended.zip(row.long_ended_on),
            };
            Some(CurrentStreak { kind, streak })
        })
        .collect())
}
