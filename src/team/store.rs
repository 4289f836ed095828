//! The SQL of the team's pages.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::Viewer;
use super::health::{Median, Point, Totals};
use super::roster::Member;
use super::site::Site;
use super::sites::SiteLine;
use super::worker::WorkDay;
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::people::Sites;
use crate::people::audit;
use crate::units::{SiteId, WorkerId};

pub(super) async fn site(tx: &mut OrgTx, id: SiteId) -> Result<Option<Site>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(Site, "select id, code, name from sites where org_id = $1 and id = $2", org, id.0)
        .fetch_optional(&mut **tx)
        .await?)
}

/// The site's days, oldest first.
pub(super) async fn points(tx: &mut OrgTx, site: SiteId, period: Period) -> Result<Vec<Point>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        "select day, headcount, bpi_n, bpi_p25, bpi_p50, bpi_p75 from team_daily_metrics
         where org_id = $1 and site_id = $2 and day between $3 and $4 order by day",
        org,
        site.0,
        period.first,
        period.last
    )
    .fetch_all(&mut **tx)
    .await?;
    let quartiles = |p25: Option<f64>, p50: Option<f64>, p75: Option<f64>| Some((p25?, p50?, p75?));
    Ok(rows
        .into_iter()
        .map(|row| Point {
            day: row.day,
            headcount: row.headcount.into(),
            n: row.bpi_n.into(),
            quartiles: quartiles(row.bpi_p25, row.bpi_p50, row.bpi_p75),
        })
        .collect())
}

/// The sums of a period and of the one before it; people are not among what adds up.
pub(super) async fn totals(tx: &mut OrgTx, site: SiteId, period: Period, previous: Period) -> Result<(Totals, Totals)> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select p.nth as "nth!", count(t.day) as "days!", coalesce(sum(active_workers), 0) as "active!",
                  coalesce(sum(scheduled), 0) as "scheduled!", coalesce(sum(attended), 0) as "attended!", coalesce(sum(on_time), 0) as "on_time!",
                  coalesce(sum(tasks_sla_judged), 0) as "tasks_judged!", coalesce(sum(tasks_sla_hit), 0) as "tasks_hit!",
                  coalesce(sum(orders_sla_judged), 0) as "orders_judged!", coalesce(sum(orders_sla_hit), 0) as "orders_hit!",
                  coalesce(sum(checkpoints_planned), 0) as "planned!", coalesce(sum(checkpoints_visited), 0) as "visited!",
                  (select count(*) from incidents i join organizations o on o.id = i.org_id
                   where i.org_id = $1 and i.site_id = $2 and i.day <= p.last
                     and (i.resolved_at is null or i.resolved_at >= ((p.last + 1)::timestamp at time zone o.time_zone))) as "open!"
           from (values (0, $3::date, $4::date), (1, $5::date, $6::date)) p (nth, first, last)
           left join team_daily_metrics t on t.org_id = $1 and t.site_id = $2 and t.day between p.first and p.last
           group by p.nth, p.last order by p.nth"#,
        org,
        site.0,
        period.first,
        period.last,
        previous.first,
        previous.last
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut totals = rows.into_iter().map(|row| Totals {
        days: row.days,
        headcount: 0,
        active_days: row.active,
        scheduled: row.scheduled,
        attended: row.attended,
        on_time: row.on_time,
        tasks_sla_judged: row.tasks_judged,
        tasks_sla_hit: row.tasks_hit,
        orders_sla_judged: row.orders_judged,
        orders_sla_hit: row.orders_hit,
        checkpoints_planned: row.planned,
        checkpoints_visited: row.visited,
        open_incidents: row.open,
    });
    Ok((totals.next().unwrap_or_default(), totals.next().unwrap_or_default()))
}

/// Whose home the site is and who was employed in the period, with the scores stored for `day`, by name.
pub(super) async fn members(tx: &mut OrgTx, site: SiteId, period: Period, day: NaiveDate) -> Result<Vec<Member>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select w.id, w.name, w.employee_number, w.job_role, w.left_on,
                  d.bpi as "bpi?", d.score_attendance as "attendance?", d.score_tasks as "tasks?", d.score_patrol as "patrol?",
                  d.score_service as "service?", d.score_safety as "safety?",
                  coalesce(s.shifts, 0) as "shifts!", coalesce(s.scored, 0) as "scored!", coalesce(s.attended, 0) as "attended!",
                  coalesce(s.on_time, 0) as "on_time!", coalesce(s.nights, 0) as "nights!"
           from workers w
           left join worker_daily_metrics d on d.org_id = $1 and d.worker_id = w.id and d.day = $5
           cross join lateral (
               select sum(scheduled) filter (where m.day >= $3) as shifts, sum(scheduled) filter (where m.day between $5::date - 27 and $5) as scored,
                      sum(attended) filter (where m.day >= $3) as attended, sum(on_time) filter (where m.day >= $3) as on_time,
                      sum(night_shifts) filter (where m.day >= $3) as nights
               from worker_daily_metrics m
               where m.org_id = $1 and m.worker_id = w.id and m.day between least($3, $5::date - 27) and $4) s
           where w.org_id = $1 and w.home_site_id = $2 and (w.hired_on is null or w.hired_on <= $4) and (w.left_on is null or w.left_on >= $3)
           order by w.name, w.id"#,
        org,
        site.0,
        period.first,
        period.last,
        day
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Member {
            worker: WorkerId(row.id),
            name: row.name,
            employee_number: row.employee_number,
            job_role: row.job_role,
            left_on: row.left_on,
            bpi: row.bpi,
            scores: [row.attendance, row.tasks, row.patrol, row.service, row.safety],
            shifts: row.shifts,
            shifts_scored: row.scored,
            attended: row.attended,
            on_time: row.on_time,
            night_shifts: row.nights,
        })
        .collect())
}

/// The stored BPI of every seventh day to the period's last, oldest first, by worker: as fine as a line the size of a word.
pub(super) async fn trends(
    tx: &mut OrgTx,
    workers: &[WorkerId],
    period: Period,
) -> Result<HashMap<WorkerId, Vec<Option<f64>>>> {
    let org = tx.org().0;
    let ids: Vec<Uuid> = workers.iter().map(|worker| worker.0).collect();
    let rows = sqlx::query!(
        r#"select worker_id, array_agg(bpi order by day) as "bpi!: Vec<Option<f64>>" from worker_daily_metrics
           where org_id = $1 and worker_id = any ($2) and day between $3 and $4 and ($4::date - day) % 7 = 0 group by worker_id"#,
        org,
        &ids,
        period.first,
        period.last
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (WorkerId(row.worker_id), row.bpi)).collect())
}

/// Writes down whose named scores are shown; a look at oneself is not kept.
pub(super) async fn looked_at(tx: &mut OrgTx, viewer: &Viewer, workers: &[WorkerId]) -> Result<()> {
    let others: Vec<WorkerId> = workers.iter().copied().filter(|worker| viewer.worker != Some(*worker)).collect();
    audit::looked_at(tx, viewer.user, &others, viewer.now).await
}

/// The sites in scope with their sums and the median of their last day, by name.
pub(super) async fn site_lines(tx: &mut OrgTx, sites: &Sites, period: Period) -> Result<Vec<SiteLine>> {
    let org = tx.org().0;
    let (only, client) = match sites {
        Sites::All => (None, None),
        Sites::Only(sites) => (Some(sites.iter().map(|site| site.0).collect::<Vec<_>>()), None),
        Sites::OfClient(client) => (None, Some(client.0)),
    };
    let rows = sqlx::query!(
        r#"select s.id, s.code, s.name, coalesce(t.days, 0) as "days!", coalesce(t.active, 0) as "active!",
                  coalesce(t.scheduled, 0) as "scheduled!", coalesce(t.attended, 0) as "attended!", coalesce(t.on_time, 0) as "on_time!",
                  coalesce(t.tasks_judged, 0) as "tasks_judged!", coalesce(t.tasks_hit, 0) as "tasks_hit!",
                  coalesce(t.orders_judged, 0) as "orders_judged!", coalesce(t.orders_hit, 0) as "orders_hit!",
                  coalesce(t.planned, 0) as "planned!", coalesce(t.visited, 0) as "visited!",
                  l.headcount as "headcount?", l.bpi_n as "n?", l.bpi_p50 as "p50?"
           from sites s
           left join (
               select site_id, count(*) as days, sum(active_workers) as active, sum(scheduled) as scheduled, sum(attended) as attended,
                      sum(on_time) as on_time, sum(tasks_sla_judged) as tasks_judged, sum(tasks_sla_hit) as tasks_hit,
                      sum(orders_sla_judged) as orders_judged, sum(orders_sla_hit) as orders_hit,
                      sum(checkpoints_planned) as planned, sum(checkpoints_visited) as visited
               from team_daily_metrics
               where org_id = $1 and day between $4 and $5 and ($2::uuid[] is null or site_id = any ($2)) group by site_id) t on t.site_id = s.id
           left join lateral (
               select headcount, bpi_n, bpi_p50 from team_daily_metrics d
               where d.org_id = $1 and d.site_id = s.id and d.day between $4 and $5 and d.headcount > 0 order by d.day desc limit 1) l on true
           where s.org_id = $1 and ($2::uuid[] is null or s.id = any ($2)) and ($3::uuid is null or s.client_id = $3)
           order by s.name, s.id"#,
        org,
        only.as_deref(),
        client,
        period.first,
        period.last
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| SiteLine {
            site: Site { id: SiteId(row.id), code: row.code, name: row.name },
            median: row.p50.zip(row.n).map(|(bpi, n)| Median { bpi, n: n.into() }),
            totals: Some(Totals {
                days: row.days,
                headcount: row.headcount.unwrap_or(0).into(),
                active_days: row.active,
                scheduled: row.scheduled,
                attended: row.attended,
                on_time: row.on_time,
                tasks_sla_judged: row.tasks_judged,
                tasks_sla_hit: row.tasks_hit,
                orders_sla_judged: row.orders_judged,
                orders_sla_hit: row.orders_hit,
                checkpoints_planned: row.planned,
                checkpoints_visited: row.visited,
                open_incidents: 0,
            }),
        })
        .collect())
}

pub(super) async fn is_home(tx: &mut OrgTx, site: SiteId, worker: WorkerId) -> Result<bool> {
    let org = tx.org().0;
    let there = sqlx::query_scalar!(
        r#"select exists (select from workers where org_id = $1 and id = $2 and home_site_id = $3) as "there!""#,
        org,
        worker.0,
        site.0
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(there)
}

pub(super) async fn work_days(tx: &mut OrgTx, worker: WorkerId, period: Period, limit: i64) -> Result<Vec<WorkDay>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        WorkDay,
        "select day, scheduled, attended, on_time, ncns, late_minutes, tasks_due, tasks_completed, checkpoints_planned,
                checkpoints_visited, orders_sla_judged, orders_sla_hit
         from worker_daily_metrics
         where org_id = $1 and worker_id = $2 and day between $3 and $4
           and scheduled + tasks_due + checkpoints_planned + orders_sla_judged > 0
         order by day desc limit $5",
        org,
        worker.0,
        period.first,
        period.last,
        limit
    )
    .fetch_all(&mut **tx)
    .await?)
}
