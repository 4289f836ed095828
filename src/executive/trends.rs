//! Small multiples: the metric of each site week by week, all ending with the period.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

use super::comparison::Comparison;
use super::facts::Facts;
use super::filter::{Asked, PAGE};
use super::metric::Metric;
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::units::{Rate, SiteId};

/// How many weeks.
pub const TRENDS: usize = 12;

/// A site's trend.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trend {
    /// Which site.
    pub site: SiteId,
    /// Its name.
    pub name: String,
    /// Each week of seven days to the period's last, oldest first.
    pub weeks: [Rate; TRENDS],
}

type Weeks = HashMap<SiteId, [Rate; TRENDS]>;

/// Of the sites on the page, in its order.
pub(super) async fn of(tx: &mut OrgTx, asked: &Asked, comparison: &Comparison) -> Result<Vec<Trend>> {
    let ordered = comparison.ordered(asked.by, asked.descending);
    let page = ordered.into_iter().skip((asked.page - 1) * PAGE).take(PAGE);
    let shown: Vec<(SiteId, String)> = page.filter_map(|site| Some((site.place.site()?, site.name.clone()))).collect();
    trends_of(tx, asked.metric, asked.period.last, shown).await
}

/// A metric week by week, of the sites given and in their order, up to a day.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn trends_of(
    tx: &mut OrgTx,
    metric: Metric,
    last: NaiveDate,
    sites: Vec<(SiteId, String)>,
) -> Result<Vec<Trend>> {
    let ids: Vec<Uuid> = sites.iter().map(|(id, _)| id.0).collect();
    let days = Period::ending(last, 7 * TRENDS as u64);
    let mut weeks = match metric {
        Metric::Compliance => of_rosters(tx, &ids, days).await?,
        metric => of_days(tx, &ids, days, metric).await?,
    };
    let trend = |(site, name): (SiteId, String)| Trend { weeks: weeks.remove(&site).unwrap_or_default(), site, name };
    Ok(sites.into_iter().map(trend).collect())
}

/// Puts a rate that lies so many weeks back into its place.
fn put(weeks: &mut Weeks, site: Uuid, back: i32, rate: Rate) {
    let place = usize::try_from(back).ok().and_then(|back| (TRENDS - 1).checked_sub(back));
    if let Some(place) = place {
        weeks.entry(SiteId(site)).or_default()[place] = rate;
    }
}

async fn of_days(tx: &mut OrgTx, sites: &[Uuid], days: Period, metric: Metric) -> Result<Weeks> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select site_id, ($4::date - day) / 7 as "back!", sum(shifts_total) as "shifts!", sum(shifts_filled) as "filled!",
               sum(scheduled) as "scheduled!", sum(attended) as "attended!", sum(on_time) as "on_time!", sum(ncns) as "ncns!",
               sum(tasks_sla_judged + orders_sla_judged) as "judged!", sum(tasks_sla_hit + orders_sla_hit) as "in_time!",
               sum(checkpoints_planned) as "planned!", sum(checkpoints_visited) as "visited!"
           from team_daily_metrics
           where org_id = $1 and site_id = any ($2) and day between $3 and $4 group by 1, 2"#,
        org,
        sites,
        days.first,
        days.last
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut weeks = Weeks::new();
    for row in rows {
        let facts = Facts {
            fill: Rate { hit: row.filled, of: row.shifts },
            attendance: Rate { hit: row.attended, of: row.scheduled },
            on_time: Rate { hit: row.on_time, of: row.attended },
            sla: Rate { hit: row.in_time, of: row.judged },
            coverage: Rate { hit: row.visited, of: row.planned },
            no_shows: Rate { hit: row.ncns, of: row.scheduled },
            ..Facts::default()
        };
        put(&mut weeks, row.site_id, row.back, metric.of(&facts));
    }
    Ok(weeks)
}

async fn of_rosters(tx: &mut OrgTx, sites: &[Uuid], days: Period) -> Result<Weeks> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select site_id, ($4::date - first_day) / 7 as "back!", count(*) as "rosters!", count(*) filter (where clean) as "clean!"
           from (
               select r.site_id, r.first_day, not exists (
                   select from shift_breaches b where b.org_id = $1 and b.roster_id = r.id) as clean
               from rosters r
               where r.org_id = $1 and r.site_id = any ($2) and r.first_day between $3 and $4 and r.confirmed_at is not null
           ) r group by 1, 2"#,
        org,
        sites,
        days.first,
        days.last
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut weeks = Weeks::new();
    for row in rows {
        put(&mut weeks, row.site_id, row.back, Rate { hit: row.clean, of: row.rosters });
    }
    Ok(weeks)
}
