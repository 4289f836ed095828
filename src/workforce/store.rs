//! What the page asks the database: one pass over the weeks of a period, few rows of everything else.

use std::collections::{BTreeMap, HashMap};

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::certified::{Certified, Held, Standing};
use super::leaving::Employment;
use super::person::{Person, Share, Tenure, Work};
use super::suppress::FEWEST;
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::scoring::statistics::gini;
use crate::units::{SiteId, WorkerId};

/// Stretches of four weeks in a trend.
pub const TREND: usize = 12;

/// Four weeks of a trend.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TrendPoint {
    /// Their last day.
    pub last: NaiveDate,
    /// People employed on each of their days.
    pub people: usize,
    /// The Gini coefficients, in the order of [`Share::ALL`]; `None` of fewer than five people or with nothing to share.
    pub gini: [Option<f64>; 5],
}

/// Everybody employed on at least a day of these whole weeks, at a site or at all.
pub(super) async fn people(tx: &mut OrgTx, period: Period, site: Option<SiteId>) -> Result<Vec<Person>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select s.worker_id as "worker!", w.home_site_id as "site!", w.hired_on, round(w.weekly_hours * 60)::bigint as contracted,
               s.days as "days!", s.minutes as "minutes!", s.overtime as "overtime!", s.worked as "worked!", s.nights as "nights!",
               s.weekends as "weekends!", s.scheduled as "scheduled!", s.attended as "attended!", s.on_time as "on_time!",
               s.offered as "offered!", s.answered as "answered!", s.accepted as "accepted!", m.bpi as "bpi?"
           from (
               select worker_id, sum(days) as days, sum(minutes) as minutes, sum(overtime) as overtime, sum(worked) as worked,
                   sum(nights) as nights, sum(weekends) as weekends, sum(scheduled) as scheduled, sum(attended) as attended,
                   sum(on_time) as on_time, sum(offered) as offered, sum(answered) as answered, sum(accepted) as accepted
               from worker_weeks k
               where k.org_id = $1 and k.week between $2 and $3
                 and ($4::uuid is null or k.worker_id in (select id from workers where org_id = $1 and home_site_id = $4))
               group by worker_id
           ) s
           join workers w on w.org_id = $1 and w.id = s.worker_id
           left join worker_daily_metrics m on m.org_id = $1 and m.worker_id = s.worker_id and m.day = $3"#,
        org,
        period.first,
        period.last,
        site.map(|site| site.0)
    )
    .fetch_all(&mut **tx)
    .await?;
    let people = rows.into_iter().map(|row| Person {
        worker: WorkerId(row.worker),
        site: SiteId(row.site),
        tenure: Tenure::of(row.hired_on, period.last),
        contracted: row.contracted.filter(|minutes| *minutes > 0),
        work: Work {
            days: row.days,
            minutes: row.minutes,
            overtime: row.overtime,
            worked: row.worked,
            nights: row.nights,
            weekends: row.weekends,
            scheduled: row.scheduled,
            attended: row.attended,
            on_time: row.on_time,
            offered: row.offered,
            answered: row.answered,
            accepted: row.accepted,
        },
        bpi: row.bpi,
    });
    Ok(people.collect())
}

/// The stretches of four weeks that end with `last`, a Sunday.
pub(super) async fn trend(tx: &mut OrgTx, last: NaiveDate, site: Option<SiteId>) -> Result<Vec<TrendPoint>> {
    let org = tx.org().0;
    let first = last - Days::new(28 * TREND as u64 - 1);
    let rows = sqlx::query!(
        r#"select ($3::date - week) / 28 as "back!", sum(minutes) as "minutes!", sum(nights) as "nights!", sum(weekends) as "weekends!",
               sum(overtime) as "overtime!", sum(offered) as "offered!"
           from worker_weeks k
           where k.org_id = $1 and k.week between $2 and $3
             and ($4::uuid is null or k.worker_id in (select id from workers where org_id = $1 and home_site_id = $4))
           group by worker_id, 1 having sum(days) >= 28"#,
        org,
        first,
        last,
        site.map(|site| site.0)
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut stretches: BTreeMap<i32, Vec<Work>> = BTreeMap::new();
    for row in rows {
        stretches.entry(row.back).or_default().push(Work {
            minutes: row.minutes,
            nights: row.nights,
            weekends: row.weekends,
            overtime: row.overtime,
            offered: row.offered,
            ..Work::default()
        });
    }
    let point = |(back, works): (i32, Vec<Work>)| TrendPoint {
        last: last - Days::new(28 * u64::try_from(back).unwrap_or(0)),
        people: works.len(),
        gini: Share::ALL.map(|share| {
            let values: Vec<f64> = works.iter().map(|work| share.of(work)).collect();
            gini(&values).filter(|_| values.len() >= FEWEST)
        }),
    };
    Ok(stretches.into_iter().rev().map(point).collect())
}

/// The first day that is on record.
pub(super) async fn records_since(tx: &mut OrgTx) -> Result<Option<NaiveDate>> {
    let org = tx.org().0;
    Ok(sqlx::query_scalar!("select min(day) from team_daily_metrics where org_id = $1", org)
        .fetch_one(&mut **tx)
        .await?)
}

/// Everybody who was ever here, at a site or at all.
pub(super) async fn employments(tx: &mut OrgTx, site: Option<SiteId>) -> Result<Vec<Employment>> {
    let org = tx.org().0;
    let rows = sqlx::query_as!(
        Employment,
        "select hired_on, left_on, leave_reason as reason from workers where org_id = $1 and ($2::uuid is null or home_site_id = $2)",
        org,
        site.map(|site| site.0)
    );
    Ok(rows.fetch_all(&mut **tx).await?)
}

/// How the certifications stand that people must hold, by site.
pub(super) async fn certified(tx: &mut OrgTx, today: NaiveDate) -> Result<Vec<(SiteId, Certified)>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select site_id as "site!", until, count(*) as "n!" from certification_states($1, $2) group by 1, 2"#,
        org,
        today
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut sites: BTreeMap<SiteId, Certified> = BTreeMap::new();
    for row in rows {
        sites.entry(SiteId(row.site)).or_default().0[Standing::of(row.until, today) as usize] += row.n;
    }
    Ok(sites.into_iter().collect())
}

/// The certifications that stand so, of a site or of all, the most urgent first: a page of them and how many there are.
pub(super) async fn standing(
    tx: &mut OrgTx,
    standing: Standing,
    site: Option<SiteId>,
    today: NaiveDate,
    (limit, offset): (i64, i64),
    names: bool,
) -> Result<(Vec<Held>, i64)> {
    let org = tx.org().0;
    let (least, most) = standing.days();
    let rows = sqlx::query!(
        r#"with these as (
               select * from certification_states($1, $2)
               where (($3 and until is null) or (not $3 and until - $2::date >= coalesce($4::int, -1000000) and until - $2::date <= coalesce($5::int, 9999999)))
                 and ($6::uuid is null or site_id = $6)
           )
           select n.total as "total!", f.worker_id as "worker_id?", f.name as "name?", f.site_id as "site_id?", f.site as "site?",
               f.certification as "certification?", f.until as "until?"
           from (select count(*) as total from these) n
           left join lateral (
               select t.worker_id, w.name, t.site_id, s.name as site, t.certification, t.until
               from these t
               join workers w on w.org_id = $1 and w.id = t.worker_id
               join sites s on s.org_id = $1 and s.id = t.site_id
               order by t.until, s.name, w.name, t.certification, t.worker_id limit $7 offset $8) f on true
           order by f.until, f.site, f.name, f.certification, f.worker_id"#,
        org,
        today,
        standing == Standing::Missing,
        least,
        most,
        site.map(|site| site.0),
        limit,
        offset
    )
    .fetch_all(&mut **tx)
    .await?;
    let total = rows.first().map_or(0, |row| row.total);
    let held = rows.into_iter().filter_map(|row| {
        let worker = row.worker_id.map(WorkerId).zip(row.name).filter(|_| names);
        let site = (SiteId(row.site_id?), row.site?);
        Some(Held { worker, site, certification: row.certification?, until: row.until })
    });
    Ok((held.collect(), total))
}

/// The names of these people.
pub(super) async fn names(tx: &mut OrgTx, workers: &[WorkerId]) -> Result<HashMap<WorkerId, String>> {
    let org = tx.org().0;
    let ids: Vec<uuid::Uuid> = workers.iter().map(|worker| worker.0).collect();
    let rows = sqlx::query!("select id, name from workers where org_id = $1 and id = any ($2)", org, &ids)
        .fetch_all(&mut **tx)
        .await?;
    Ok(rows.into_iter().map(|row| (WorkerId(row.id), row.name)).collect())
}
