//! What each site's days add up to.

use std::collections::HashMap;
use std::ops::Add;

use chrono::{Days, NaiveDate};
use serde::Serialize;
use uuid::Uuid;

use super::{Asked, WEEKS};
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::units::{ClientId, Rate, SiteId};
use crate::{Error, Result};

/// Sums that can be added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// Shifts with somebody.
    pub fill: Rate,
    /// Tasks and work orders by their deadline.
    pub sla: Rate,
    /// Points above the lowest mark, of four for each rated order: 1 is none of four, 5 all.
    pub satisfaction: Rate,
}

impl Add for Facts {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            fill: self.fill + other.fill,
            sla: self.sla + other.sla,
            satisfaction: self.satisfaction + other.satisfaction,
        }
    }
}

impl Facts {
    /// The mean mark, 1–5, and of how many.
    #[must_use]
    pub fn mark(&self) -> Option<(f64, i64)> {
        Some((1.0 + 4.0 * self.satisfaction.value()?, self.satisfaction.of / 4))
    }
}

/// One site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SiteLine {
    /// Which.
    pub id: SiteId,
    /// Its name.
    pub name: String,
    /// The period.
    pub now: Facts,
    /// As many days before.
    pub before: Facts,
    /// Incidents of the period.
    pub incidents: i64,
    /// Incidents not resolved, whenever they happened.
    pub open: i64,
}

pub(super) async fn of_client(tx: &mut OrgTx, client: ClientId) -> Result<(String, Vec<(SiteId, String)>)> {
    let org = tx.org().0;
    let name = sqlx::query_scalar!("select name from clients where org_id = $1 and id = $2", org, client.0)
        .fetch_optional(&mut **tx)
        .await?
        .ok_or(Error::NotFound("client"))?;
    let rows = sqlx::query!(
        "select id, name from sites where org_id = $1 and client_id = $2 order by name, id",
        org,
        client.0
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok((name, rows.into_iter().map(|row| (SiteId(row.id), row.name)).collect()))
}

pub(super) async fn lines(tx: &mut OrgTx, sites: &[(SiteId, String)], asked: Asked) -> Result<Vec<SiteLine>> {
    let ids: Vec<Uuid> = sites.iter().map(|(id, _)| id.0).collect();
    let (mut now, mut before) = (facts(tx, &ids, asked.period).await?, facts(tx, &ids, asked.previous).await?);
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select site_id, count(*) filter (where day between $3 and $4) as "happened!",
                count(*) filter (where resolved_at is null and ($5::date is null or day <= $5)) as "open!"
           from incidents where org_id = $1 and site_id = any ($2) and (day between $3 and $4 or resolved_at is null)
           group by site_id"#,
        org,
        &ids,
        asked.period.first,
        asked.period.last,
        asked.open_until
    )
    .fetch_all(&mut **tx)
    .await?;
    let incidents: HashMap<Uuid, (i64, i64)> =
        rows.into_iter().map(|row| (row.site_id, (row.happened, row.open))).collect();
    let line = |(id, name): &(SiteId, String)| {
        let (incidents, open) = incidents.get(&id.0).copied().unwrap_or_default();
        let (now, before) = (now.remove(&id.0).unwrap_or_default(), before.remove(&id.0).unwrap_or_default());
        SiteLine { id: *id, name: name.clone(), now, before, incidents, open }
    };
    Ok(sites.iter().map(line).collect())
}

async fn facts(tx: &mut OrgTx, sites: &[Uuid], period: Period) -> Result<HashMap<Uuid, Facts>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select s.id, d.shifts as "shifts?", d.filled as "filled?", d.judged as "judged?", d.in_time as "in_time?",
                w.points as "points?", w.rated as "rated?"
           from unnest($2::uuid[]) s (id)
           left join (
               select site_id, sum(shifts_total) as shifts, sum(shifts_filled) as filled,
                   sum(tasks_sla_judged + orders_sla_judged) as judged, sum(tasks_sla_hit + orders_sla_hit) as in_time
               from team_daily_metrics where org_id = $1 and site_id = any ($2) and day between $3 and $4 group by site_id
           ) d on d.site_id = s.id
           left join (
               select site_id, sum(satisfaction - 1) as points, count(*) as rated
               from work_orders where org_id = $1 and site_id = any ($2) and closed_day between $3 and $4 and satisfaction is not null
               group by site_id
           ) w on w.site_id = s.id"#,
        org,
        sites,
        period.first,
        period.last
    )
    .fetch_all(&mut **tx)
    .await?;
    let n = Option::unwrap_or_default;
    let facts = rows.into_iter().filter_map(|row| {
        let facts = Facts {
            fill: Rate { hit: n(row.filled), of: n(row.shifts) },
            sla: Rate { hit: n(row.in_time), of: n(row.judged) },
            satisfaction: Rate { hit: n(row.points), of: 4 * n(row.rated) },
        };
        Some((row.id?, facts))
    });
    Ok(facts.collect())
}

/// Shifts filled and work in time of each of the last weeks, those without a fact too.
pub(super) async fn weeks(tx: &mut OrgTx, sites: &[Uuid], last: NaiveDate) -> Result<Vec<(NaiveDate, Rate, Rate)>> {
    let org = tx.org().0;
    let days = Period::ending(last, 7 * WEEKS as u64);
    let rows = sqlx::query!(
        r#"select ($4::date - day) / 7 as "back!", sum(shifts_total) as "shifts!", sum(shifts_filled) as "filled!",
               sum(tasks_sla_judged + orders_sla_judged) as "judged!", sum(tasks_sla_hit + orders_sla_hit) as "in_time!"
           from team_daily_metrics where org_id = $1 and site_id = any ($2) and day between $3 and $4 group by 1"#,
        org,
        sites,
        days.first,
        days.last
    )
    .fetch_all(&mut **tx)
    .await?;
    let week = |back: usize| {
        let first = last - Days::new(7 * back as u64 + 6);
        let row = rows.iter().find(|row| usize::try_from(row.back).is_ok_and(|it| it == back));
        let (fill, sla) = row.map_or(Default::default(), |row| {
            (Rate { hit: row.filled, of: row.shifts }, Rate { hit: row.in_time, of: row.judged })
        });
        (first, fill, sla)
    };
    Ok((0..WEEKS).rev().map(week).collect())
}
