//! What signals are judged from: two windows of worker days, cohorts, and single events.

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use crate::Result;
use crate::coaching::signal::{CERTIFICATION_SOON, DAYS_OF_GOLD, Kept, WINDOW_OF_STREAKS};
use crate::database::OrgTx;
use crate::metrics::WINDOW_DAYS;
use crate::recognition::StreakKind;

/// A worker's 28 days and the 28 before.
#[derive(Debug, Clone)]
pub(in crate::coaching) struct Windows {
    pub worker: Uuid,
    pub bpi: Option<f64>,
    pub bpi_before: Option<f64>,
    pub patrol: Option<f64>,
    pub scheduled: i64,
    pub attended: i64,
    pub attended_before: i64,
    pub late_minutes: i64,
    pub late_minutes_before: i64,
    pub tasks: Kept,
    pub orders: Kept,
    pub checkpoints: Kept,
    pub tours: Kept,
}

/// The windows that end with `last`, of everybody employed then; where `of` names workers, of all who share a job role
/// with one of them, because a cohort lies within a role.
pub(in crate::coaching) async fn windows(tx: &mut OrgTx, of: Option<&[Uuid]>, last: NaiveDate) -> Result<Vec<Windows>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"with people as materialized (
               select id from workers where org_id = $1 and (left_on is null or left_on > $4)
                 and ($5::uuid[] is null or job_role in (select job_role from workers where org_id = $1 and id = any ($5))))
           select m.worker_id,
               max(bpi) filter (where day = $4) as bpi, max(bpi) filter (where day = $3) as bpi_before,
               max(score_patrol) filter (where day = $4) as patrol,
               coalesce(sum(scheduled) filter (where day > $3), 0) as "scheduled!",
               coalesce(sum(attended) filter (where day > $3), 0) as "attended!",
               coalesce(sum(attended) filter (where day <= $3), 0) as "attended_before!",
               coalesce(sum(late_minutes) filter (where day > $3), 0) as "late_minutes!",
               coalesce(sum(late_minutes) filter (where day <= $3), 0) as "late_minutes_before!",
               coalesce(sum(tasks_sla_hit) filter (where day > $3), 0) as "tasks_hit!",
               coalesce(sum(tasks_sla_judged) filter (where day > $3), 0) as "tasks_judged!",
               coalesce(sum(orders_sla_hit) filter (where day > $3), 0) as "orders_hit!",
               coalesce(sum(orders_sla_judged) filter (where day > $3), 0) as "orders_judged!",
               coalesce(sum(checkpoints_visited) filter (where day > $3), 0) as "visited!",
               coalesce(sum(checkpoints_planned) filter (where day > $3), 0) as "checkpoints!",
               coalesce(sum(tours_completed) filter (where day > $3), 0) as "tours_completed!",
               coalesce(sum(tours_planned) filter (where day > $3), 0) as "tours!"
           from worker_daily_metrics m join people p on p.id = m.worker_id
           where m.org_id = $1 and m.day > $2 and m.day <= $4 group by m.worker_id order by m.worker_id"#,
        org,
        last - Days::new(2 * WINDOW_DAYS),
        last - Days::new(WINDOW_DAYS),
        last,
        of
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Windows {
            worker: row.worker_id,
            bpi: row.bpi,
            bpi_before: row.bpi_before,
            patrol: row.patrol,
            scheduled: row.scheduled,
            attended: row.attended,
            attended_before: row.attended_before,
            late_minutes: row.late_minutes,
            late_minutes_before: row.late_minutes_before,
            tasks: Kept { hit: row.tasks_hit, of: row.tasks_judged },
            orders: Kept { hit: row.orders_hit, of: row.orders_judged },
            checkpoints: Kept { hit: row.visited, of: row.checkpoints },
            tours: Kept { hit: row.tours_completed, of: row.tours },
        })
        .collect())
}

/// Something that happened to a worker on a day, with a number where there is one.
#[derive(Debug, Clone)]
pub(in crate::coaching) struct Event {
    pub worker: Uuid,
    pub day: NaiveDate,
    pub count: i64,
    pub name: String,
}

/// Missed shifts and late minutes of the 28 days, latest arrivals first.
pub(in crate::coaching) async fn missed_and_late(
    tx: &mut OrgTx,
    of: Option<&[Uuid]>,
    last: NaiveDate,
) -> Result<(Vec<Event>, Vec<Event>)> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select worker_id, day, ncns as "ncns!", late_minutes as "late!" from worker_daily_metrics
           where org_id = $1 and day > $2 and day <= $3 and (ncns > 0 or late_minutes > 0)
             and ($4::uuid[] is null or worker_id = any ($4))
           order by worker_id, late_minutes desc, day"#,
        org,
        last - Days::new(WINDOW_DAYS),
        last,
        of
    )
    .fetch_all(&mut **tx)
    .await?;
    let event = |worker, day, count: i32| Event { worker, day, count: count.into(), name: String::new() };
    let missed = rows.iter().filter(|row| row.ncns > 0).map(|row| event(row.worker_id, row.day, row.ncns)).collect();
    let late = rows.iter().filter(|row| row.late > 0).map(|row| event(row.worker_id, row.day, row.late)).collect();
    Ok((missed, late))
}

/// Certifications whose last day is past or within two weeks. One that nobody asks for any more counts for four weeks
/// after its last day, one that is asked for until it is renewed.
pub(in crate::coaching) async fn certificates(
    tx: &mut OrgTx,
    of: Option<&[Uuid]>,
    today: NaiveDate,
) -> Result<Vec<Event>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select c.worker_id, c.name, c.expires_on as "expires_on!" from (
               select worker_id, name, max(coalesce(expires_on, 'infinity'::date)) as expires_on from certifications
               where org_id = $1 and issued_on <= $2 and ($4::uuid[] is null or worker_id = any ($4))
               group by worker_id, name having max(coalesce(expires_on, 'infinity'::date)) <= $3) c
           join workers w on w.org_id = $1 and w.id = c.worker_id
           where c.expires_on >= $5 or exists (
               select from requirements r where r.org_id = $1 and r.kind = 'certification' and r.name = c.name
                 and (r.job_role is null or r.job_role = w.job_role) and (r.site_id is null or r.site_id = w.home_site_id))
           order by c.worker_id, c.expires_on, c.name"#,
        org,
        today,
        today + Days::new(CERTIFICATION_SOON),
        of,
        today - Days::new(WINDOW_OF_STREAKS)
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Event { worker: row.worker_id, day: row.expires_on, count: 0, name: row.name })
        .collect())
}

/// Long streaks that ended within the window; of several of a worker the longest first.
pub(in crate::coaching) async fn broken_streaks(
    tx: &mut OrgTx,
    of: Option<&[Uuid]>,
    last: NaiveDate,
) -> Result<Vec<Event>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select worker_id, kind, long_ended as "days!", long_ended_on as "on!" from worker_streaks
           where org_id = $1 and long_ended_on > $2 and long_ended_on <= $3 and ($4::uuid[] is null or worker_id = any ($4))
           order by worker_id, long_ended desc, kind"#,
        org,
        last - Days::new(WINDOW_OF_STREAKS),
        last,
        of
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let kind = StreakKind::ALL.into_iter().find(|kind| kind.word() == row.kind);
            let name = kind.map_or(row.kind, |kind| kind.label().to_owned());
            Event { worker: row.worker_id, day: row.on, count: row.days.into(), name }
        })
        .collect())
}

/// Disputes nobody has ruled on.
pub(in crate::coaching) async fn open_disputes(tx: &mut OrgTx, of: Option<&[Uuid]>) -> Result<Vec<Event>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        "select worker_id, day from disputes where org_id = $1 and state = 'open' and ($2::uuid[] is null or worker_id = any ($2))
         order by worker_id, day",
        org,
        of
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Event { worker: row.worker_id, day: row.day, count: 1, name: String::new() })
        .collect())
}

/// Gold earned within the week, latest first.
pub(in crate::coaching) async fn gold(tx: &mut OrgTx, of: Option<&[Uuid]>, last: NaiveDate) -> Result<Vec<Event>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        "select a.worker_id, d.name, a.awarded_on from worker_achievements a
         join achievements d on d.org_id = a.org_id and d.code = a.code
         where a.org_id = $1 and d.tier = 'gold' and a.awarded_on > $2 and a.awarded_on <= $3::date + 1
           and ($4::uuid[] is null or a.worker_id = any ($4))
         order by a.worker_id, a.awarded_on desc, d.position",
        org,
        last - Days::new(DAYS_OF_GOLD),
        last,
        of
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Event { worker: row.worker_id, day: row.awarded_on, count: 1, name: row.name })
        .collect())
}
