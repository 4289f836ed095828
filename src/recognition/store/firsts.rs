//! Counting what does not follow the calendar: first days, mentees, and one worker's career.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::recognition::Career;
use crate::units::WorkerId;

/// A worker's first 30 days.
pub(in crate::recognition) struct FirstDays {
    pub worker: Uuid,
    pub hired_on: NaiveDate,
    pub attended: i64,
    pub ncns: i64,
}

/// The first 30 days that touch a period, up to `last`.
pub(in crate::recognition) async fn first_days(
    tx: &mut OrgTx,
    touching: Period,
    workers: Option<&[Uuid]>,
    last: NaiveDate,
) -> Result<Vec<FirstDays>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        FirstDays,
        r#"select w.id as worker, w.hired_on as "hired_on!", coalesce(sum(m.attended), 0) as "attended!", coalesce(sum(m.ncns), 0) as "ncns!"
           from workers w
           left join worker_daily_metrics m on m.org_id = $1 and m.worker_id = w.id and m.day between w.hired_on and w.hired_on + 29
             and m.day between $2::date - 29 and $5
           where w.org_id = $1 and w.hired_on between $2::date - 29 and $3 and ($4::uuid[] is null or w.id = any ($4))
           group by w.id, w.hired_on"#,
        org,
        touching.first,
        touching.last,
        workers,
        last
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// The mentors of mentees whose first 28 days touch a period, all or those of some mentees.
pub(in crate::recognition) async fn mentors(
    tx: &mut OrgTx,
    touching: Period,
    mentees: Option<&[Uuid]>,
) -> Result<Vec<Uuid>> {
    let org = tx.org().0;
    Ok(sqlx::query_scalar!(
        "select distinct mentor_id from mentoring_pairs
         where org_id = $1 and started_on between $2::date - 27 and $3 and ($4::uuid[] is null or mentee_id = any ($4))",
        org,
        touching.first,
        touching.last,
        mentees
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// A mentee who came through the first 28 days.
pub(in crate::recognition) struct Mentee {
    pub mentor: Uuid,
    pub done_on: NaiveDate,
}

/// The mentees who by `last` had come through 28 days with at least `shifts` and no no-show, by mentor and day.
pub(in crate::recognition) async fn mentees(
    tx: &mut OrgTx,
    mentors: &[Uuid],
    shifts: i32,
    last: NaiveDate,
) -> Result<Vec<Mentee>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Mentee,
        r#"select p.mentor_id as mentor, min(p.started_on + 27) as "done_on!"
           from mentoring_pairs p
           join lateral (
               select sum(attended) as attended, sum(ncns) as ncns from worker_daily_metrics m
               where m.org_id = $1 and m.worker_id = p.mentee_id and m.day between p.started_on and p.started_on + 27
           ) d on d.attended >= $3::int and d.ncns = 0
           where p.org_id = $1 and p.mentor_id = any ($2) and p.started_on + 27 <= $4 and coalesce(p.ended_on >= p.started_on + 27, true)
           group by p.mentor_id, p.mentee_id order by p.mentor_id, 2"#,
        org,
        mentors,
        shifts,
        last
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Shifts attended and the longest streak on time, of one worker, as of now.
pub(in crate::recognition) async fn career_so_far(tx: &mut OrgTx, worker: WorkerId) -> Result<(i64, i64)> {
    let org = tx.org().0;
    let settled = sqlx::query!(
        "select settled_on, settled from worker_careers where org_id = $1 and worker_id = $2",
        org,
        worker.0
    )
    .fetch_optional(&mut **tx)
    .await?;
    let (since, before) = match settled {
        Some(row) => (row.settled_on, serde_json::from_value::<Career>(row.settled)?.attended),
        None => (NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default(), 0),
    };
    let row = sqlx::query!(
        r#"select (select coalesce(sum(attended), 0) from worker_daily_metrics where org_id = $1 and worker_id = $2 and day > $3) as "attended!",
                  (select best from worker_streaks where org_id = $1 and worker_id = $2 and kind = 'on_time') as best"#,
        org,
        worker.0,
        since
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok((i64::from(before) + row.attended, row.best.map_or(0, i64::from)))
}
