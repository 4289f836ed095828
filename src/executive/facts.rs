//! What each site's days add up to, for the period and what it is compared with: one pass over the team days.

use std::collections::HashMap;
use std::iter::Sum;
use std::ops::Add;

use serde::Serialize;

use super::filter::Asked;
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::operations::measures;
use crate::people::{Scope, sites_in};
use crate::units::{ClientId, Rate, SiteId};

/// Sums that can be added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// Shifts with a worker.
    pub fill: Rate,
    /// Shifts attended.
    pub attendance: Rate,
    /// Clock-ins on time.
    pub on_time: Rate,
    /// Tasks and work orders by their deadline.
    pub sla: Rate,
    /// Checkpoints visited.
    pub coverage: Rate,
    /// No call, no show.
    pub no_shows: Rate,
    /// Rosters without a breach.
    pub compliance: Rate,
    /// Points above the lowest mark, of four per rated order: 1 is none of four, 5 all.
    pub satisfaction: Rate,
}

impl Add for Facts {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            fill: self.fill + other.fill,
            attendance: self.attendance + other.attendance,
            on_time: self.on_time + other.on_time,
            sla: self.sla + other.sla,
            coverage: self.coverage + other.coverage,
            no_shows: self.no_shows + other.no_shows,
            compliance: self.compliance + other.compliance,
            satisfaction: self.satisfaction + other.satisfaction,
        }
    }
}

impl Sum for Facts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

/// Who a site belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Client {
    /// Its id.
    pub id: ClientId,
    /// Its name.
    pub name: String,
}

/// A site with its sums.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SiteFacts {
    /// Which.
    pub id: SiteId,
    /// Its name.
    pub name: String,
    /// Whose it is; `None`: the operator's own.
    pub client: Option<Client>,
    /// Most people on a day of either period.
    pub people: i64,
    /// The period.
    pub now: Facts,
    /// What it is compared with.
    pub before: Facts,
    /// What that is compared with in turn.
    pub earlier: Facts,
}

/// Every site in scope, by name, whether it has facts or not.
pub(super) async fn sites(tx: &mut OrgTx, scope: &Scope, asked: &Asked) -> Result<Vec<SiteFacts>> {
    let clients = clients(tx).await?;
    let mut days = team_days(tx, scope, asked).await?;
    let kept = [compliance(tx, scope, asked.period).await?, compliance(tx, scope, asked.before).await?];
    let mut marks = satisfaction(tx, asked).await?;
    let sites = sites_in(tx, scope).await?.into_iter().map(|(id, name)| {
        let (people, mut facts) = days.remove(&id).unwrap_or_default();
        for (facts, satisfaction) in facts.iter_mut().zip(marks.remove(&id).unwrap_or_default()) {
            facts.satisfaction = satisfaction;
        }
        for (facts, kept) in facts.iter_mut().zip(&kept) {
            facts.compliance = kept.get(&id).copied().unwrap_or_default();
        }
        let [now, before, earlier] = facts;
        SiteFacts { id, name, client: clients.get(&id).cloned(), people, now, before, earlier }
    });
    Ok(sites.collect())
}

async fn clients(tx: &mut OrgTx) -> Result<HashMap<SiteId, Client>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        "select s.id as site, c.id, c.name from sites s join clients c on c.org_id = s.org_id and c.id = s.client_id where s.org_id = $1",
        org
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (SiteId(row.site), Client { id: ClientId(row.id), name: row.name })).collect())
}

async fn team_days(tx: &mut OrgTx, scope: &Scope, asked: &Asked) -> Result<HashMap<SiteId, (i64, [Facts; 3])>> {
    let (org, sites) = (tx.org().0, scope.site_ids());
    let rows = sqlx::query!(
        r#"select t.site_id, p.nth as "nth!", max(headcount) as "people!", sum(shifts_total) as "shifts!", sum(shifts_filled) as "filled!",
               sum(scheduled) as "scheduled!", sum(attended) as "attended!", sum(on_time) as "on_time!", sum(ncns) as "ncns!",
               sum(tasks_sla_judged + orders_sla_judged) as "judged!", sum(tasks_sla_hit + orders_sla_hit) as "in_time!",
               sum(checkpoints_planned) as "planned!", sum(checkpoints_visited) as "visited!"
           from (values (0, $2::date, $3::date), (1, $4::date, $5::date), (2, $6::date, $7::date)) p (nth, first, last)
           join team_daily_metrics t on t.org_id = $1 and t.day between p.first and p.last
           where $8::uuid[] is null or t.site_id = any ($8)
           group by t.site_id, p.nth"#,
        org,
        asked.period.first,
        asked.period.last,
        asked.before.first,
        asked.before.last,
        asked.earlier.first,
        asked.earlier.last,
        sites.as_deref()
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut found: HashMap<SiteId, (i64, [Facts; 3])> = HashMap::new();
    for row in rows {
        let (people, facts) = found.entry(SiteId(row.site_id)).or_default();
        *people = (*people).max(row.people.into());
        facts[nth(row.nth)] = Facts {
            fill: Rate { hit: row.filled, of: row.shifts },
            attendance: Rate { hit: row.attended, of: row.scheduled },
            on_time: Rate { hit: row.on_time, of: row.attended },
            sla: Rate { hit: row.in_time, of: row.judged },
            coverage: Rate { hit: row.visited, of: row.planned },
            no_shows: Rate { hit: row.ncns, of: row.scheduled },
            ..Facts::default()
        };
    }
    Ok(found)
}

async fn compliance(tx: &mut OrgTx, scope: &Scope, period: Period) -> Result<HashMap<SiteId, Rate>> {
    let sites = measures::compliance(tx, scope, period).await?;
    Ok(sites.into_iter().map(|site| (site.site, site.rosters)).collect())
}

async fn satisfaction(tx: &mut OrgTx, asked: &Asked) -> Result<HashMap<SiteId, [Rate; 3]>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select site_id, p.nth as "nth!", sum(satisfaction - 1) as "points!", 4 * count(*) as "of!"
           from (values (0, $2::date, $3::date), (1, $4::date, $5::date), (2, $6::date, $7::date)) p (nth, first, last)
           join work_orders w on w.org_id = $1 and w.closed_day between p.first and p.last and w.satisfaction is not null
           group by site_id, p.nth"#,
        org,
        asked.period.first,
        asked.period.last,
        asked.before.first,
        asked.before.last,
        asked.earlier.first,
        asked.earlier.last
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut found: HashMap<SiteId, [Rate; 3]> = HashMap::new();
    for row in rows {
        found.entry(SiteId(row.site_id)).or_default()[nth(row.nth)] = Rate { hit: row.points, of: row.of };
    }
    Ok(found)
}

/// Which of the three periods a row is of.
fn nth(row: i32) -> usize {
    usize::try_from(row).unwrap_or(0).min(2)
}
