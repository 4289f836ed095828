//! What was known of everybody on a day: only facts of the days before it.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::super::snapshot::{DAYS, Offers, Person, WEEKS, Week};
use crate::Result;
use crate::database::OrgTx;
use crate::units::WorkerId;

/// The first day with shifts.
pub(in super::super) async fn first_day(tx: &mut OrgTx) -> Result<Option<NaiveDate>> {
    let org = tx.org().0;
    Ok(sqlx::query_scalar!("select min(day) from shifts where org_id = $1", org).fetch_one(&mut **tx).await?)
}

/// Everybody employed on `day`, with what the days before it tell; in the order of their ids.
pub(in super::super) async fn people(tx: &mut OrgTx, day: NaiveDate) -> Result<Vec<Person>> {
    let mut people = employed(tx, day).await?;
    let place: HashMap<Uuid, usize> = people.iter().enumerate().map(|(at, person)| (person.worker.0, at)).collect();
    for (worker, week, of) in weeks(tx, day).await? {
        if let Some(at) = place.get(&worker) {
            people[*at].weeks[week.clamp(0, WEEKS as i32 - 1) as usize] = of;
        }
    }
    for (worker, first, last) in leave(tx, day).await? {
        if let Some(at) = place.get(&worker) {
            people[*at].leave.push((first, last));
        }
    }
    for (worker, offers) in offers(tx, day).await? {
        if let Some(at) = place.get(&worker) {
            people[*at].offers = offers;
        }
    }
    Ok(people)
}

async fn employed(tx: &mut OrgTx, day: NaiveDate) -> Result<Vec<Person>> {
    let rows = sqlx::query!(
        r#"with held as (
               select worker_id, name, nullif(max(coalesce(expires_on, 'infinity'::date)), 'infinity'::date) as expires_on
                 from certifications where org_id = $1 and issued_on < $2 group by worker_id, name),
           next as (
               select distinct on (h.worker_id) h.worker_id, h.name, h.expires_on
                 from held h join workers w on w.org_id = $1 and w.id = h.worker_id
                where h.expires_on is not null
                  and (h.expires_on >= $2::date - 30 or exists (
                      select from requirements r where r.org_id = $1 and r.kind = 'certification' and r.name = h.name
                         and (r.job_role is null or r.job_role = w.job_role) and (r.site_id is null or r.site_id = w.home_site_id)))
                order by h.worker_id, h.expires_on, h.name),
           thanks as (
               select to_worker_id, count(*) as n from kudos
                where org_id = $1 and day >= $2::date - 84 and day < $2 group by to_worker_id),
           refused as (
               select worker_id, count(*) as n from leave
                where org_id = $1 and not approved and first_day >= $2::date - 180 and first_day < $2 group by worker_id)
           select w.id, w.job_role, w.home_site_id, w.hired_on, w.left_on, w.weekly_hours::float8 as weekly_hours,
                  w.home_latitude, w.home_longitude, s.latitude, s.longitude,
                  n.name as "certificate?", n.expires_on as "expires_on?", d.bpi as "bpi?", b.bpi as "bpi_before?",
                  coalesce(k.n, 0) as "thanks!", coalesce(f.n, 0) as "refused!"
             from workers w
             join sites s on s.org_id = w.org_id and s.id = w.home_site_id
             left join next n on n.worker_id = w.id
             left join thanks k on k.to_worker_id = w.id
             left join refused f on f.worker_id = w.id
             left join worker_daily_metrics d on d.org_id = $1 and d.worker_id = w.id and d.day = $2::date - 1
             left join worker_daily_metrics b on b.org_id = $1 and b.worker_id = w.id and b.day = $2::date - 57
            where w.org_id = $1 and (w.hired_on is null or w.hired_on < $2) and (w.left_on is null or w.left_on >= $2)
            order by w.id"#,
        tx.org().0,
        day
    )
    .fetch_all(&mut **tx)
    .await?;
    let place = |latitude: Option<f64>, longitude: Option<f64>| latitude.zip(longitude);
    Ok(rows
        .into_iter()
        .map(|row| Person {
            worker: WorkerId(row.id),
            job_role: row.job_role,
            site: row.home_site_id,
            hired_on: row.hired_on,
            left_on: row.left_on,
            weekly_hours: row.weekly_hours,
            home: place(row.home_latitude, row.home_longitude),
            work: place(row.latitude, row.longitude),
            certificate: row.certificate.zip(row.expires_on),
            bpi: row.bpi,
            bpi_before: row.bpi_before,
            thanks: row.thanks,
            refused_leave: row.refused,
            offers: Offers::default(),
            leave: Vec::new(),
            weeks: [Week::default(); WEEKS],
        })
        .collect())
}

/// The shifts of the weeks before `day` that somebody had; week 0 ends the day before.
async fn weeks(tx: &mut OrgTx, day: NaiveDate) -> Result<Vec<(Uuid, i32, Week)>> {
    let rows = sqlx::query!(
        r#"select s.worker_id as "worker!", ($2::date - 1 - s.day) / 7 as "week!", count(*) as "shifts!",
                  (sum(extract(epoch from s.ends_at - s.starts_at)) / 3600)::float8 as "hours!",
                  count(*) filter (where extract(hour from s.starts_at at time zone t.time_zone) >= 18
                                      or extract(hour from s.starts_at at time zone t.time_zone) < 4) as "nights!",
                  count(*) filter (where extract(isodow from s.day) >= 6) as "weekends!",
                  sum(s.pay_regular + s.pay_overtime + s.pay_premium)::float8 as "pay!",
                  (sum(extract(epoch from s.ends_at - s.starts_at)) filter (where s.pay_regular > 0 and s.overtime_minutes = 0)
                      / 3600)::float8 as regular_hours,
                  sum(s.pay_regular) filter (where s.overtime_minutes = 0)::float8 as rated_pay,
                  count(*) filter (where a.clock_in is not null) as "attended!",
                  count(*) filter (where a.clock_in > s.starts_at + interval '5 minutes') as "late!",
                  count(*) filter (where a.id is not null and a.clock_in is null and not a.called_in) as "no_shows!"
             from shifts s
             join sites t on t.org_id = s.org_id and t.id = s.site_id
             left join attendance a on a.org_id = $1 and a.day = s.day and a.id = s.id and a.worker_id = s.worker_id
                                   and a.day >= $2::date - $3::int and a.day < $2
            where s.org_id = $1 and s.state = 'planned' and s.worker_id is not null
              and s.day >= $2::date - $3::int and s.day < $2
            group by 1, 2"#,
        tx.org().0,
        day,
        DAYS as i32
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let week = Week {
                shifts: row.shifts as f64,
                hours: row.hours,
                nights: row.nights as f64,
                weekends: row.weekends as f64,
                pay: row.pay,
                regular_hours: row.regular_hours.unwrap_or(0.0),
                regular_pay: row.rated_pay.unwrap_or(0.0),
                attended: row.attended as f64,
                late: row.late as f64,
                no_shows: row.no_shows as f64,
            };
            (row.worker, row.week, week)
        })
        .collect())
}

/// Approved leave that began before `day` and reaches into its weeks.
async fn leave(tx: &mut OrgTx, day: NaiveDate) -> Result<Vec<(Uuid, NaiveDate, NaiveDate)>> {
    let rows = sqlx::query!(
        "select worker_id, first_day, last_day from leave
          where org_id = $1 and approved and first_day < $2 and last_day >= $2::date - $3::int",
        tx.org().0,
        day,
        DAYS as i32
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.worker_id, row.first_day, row.last_day)).collect())
}

/// The offers of the eight weeks before `day`; one answered later counts only from then on.
async fn offers(tx: &mut OrgTx, day: NaiveDate) -> Result<Vec<(Uuid, Offers)>> {
    let rows = sqlx::query!(
        r#"select worker_id, count(*) as "all!", count(*) filter (where accepted is distinct from true) as "refused!"
             from shift_offers where org_id = $1 and day >= $2::date - 56 and day < $2 group by worker_id"#,
        tx.org().0,
        day
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.worker_id, Offers { all: row.all as f64, refused: row.refused as f64 }))
        .collect())
}
