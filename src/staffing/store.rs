//! All SQL of jobs and placements as finance asks for them.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use indexmap::IndexSet;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use uuid::Uuid;

use super::facts::{Facts, Job, Place, Placement};
use crate::Result;
use crate::clock::zone;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::people::Scope;
use crate::units::SiteId;

/// Further back than anybody is asked for who may have stayed.
const STAYED: Days = Days::new(365 + 90);

/// The sites somebody may ask for by name, and where each is.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub sites: Vec<(SiteId, String)>,
    clients: IndexSet<Option<String>>,
    by_site: HashMap<Uuid, Place>,
}

/// Those of a scope.
pub(super) async fn places(tx: &mut OrgTx, scope: &Scope) -> Result<Places> {
    let (org, sites) = (tx.org().0, scope.site_ids());
    let rows = sqlx::query!(
        r#"select s.id, s.name, s.time_zone, l.name as "client?" from sites s
           left join clients l on l.org_id = s.org_id and l.id = s.client_id
           where s.org_id = $1 and ($2::uuid[] is null or s.id = any ($2)) order by s.name, s.id"#,
        org,
        sites.as_deref()
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut places = Places::default();
    for row in rows {
        let client = places.clients.insert_full(row.client).0;
        places.by_site.insert(row.id, Place { client, zone: zone(&row.time_zone)? });
        places.sites.push((SiteId(row.id), row.name));
    }
    Ok(places)
}

/// Whatever counts in a period, in the one before, or among those who could have stayed by its end.
pub(super) async fn facts(tx: &mut OrgTx, sites: Option<&[Uuid]>, period: Period, places: &Places) -> Result<Facts> {
    let mut facts = Facts::of(places.clients.clone());
    jobs(tx, sites, period, places, &mut facts).await?;
    placements(tx, sites, period, places, &mut facts).await?;
    Ok(facts)
}

/// The beginning of a day on any clock, and a day to spare.
fn before(day: NaiveDate) -> DateTime<Utc> {
    (day - Days::new(2)).and_time(NaiveTime::MIN).and_utc()
}

async fn jobs(
    tx: &mut OrgTx,
    sites: Option<&[Uuid]>,
    period: Period,
    places: &Places,
    facts: &mut Facts,
) -> Result<()> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select site_id, category, posted_at, closed_at, state = 'filled' as "filled!" from jobs
           where org_id = $1 and posted_at < $3 and (posted_at >= $2 or closed_at is null or closed_at >= $2)
             and ($4::uuid[] is null or site_id = any ($4))"#,
        org,
        before(period.previous().first),
        before(period.last + Days::new(5)),
        sites
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in rows {
        if let Some(place) = places.by_site.get(&row.site_id) {
            let kind = facts.kind(row.category, *place);
            facts.jobs.push(Job::new(kind, *place, row.posted_at, row.closed_at, row.filled));
        }
    }
    Ok(())
}

/// An amount of two decimals; by us, because Postgres takes longer to multiply a column than to send it.
fn hundredths(amount: Decimal) -> Option<i64> {
    (amount * Decimal::ONE_HUNDRED).to_i64()
}

/// With their jobs, read once (`offset 0`) and not one by one.
async fn placements(
    tx: &mut OrgTx,
    sites: Option<&[Uuid]>,
    period: Period,
    places: &Places,
    facts: &mut Facts,
) -> Result<()> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select j.site_id, j.category, j.posted_at, p.started_on, p.ended_on, p.fee, p.cost, p.satisfaction
           from placements p join (select id, site_id, category, posted_at from jobs where org_id = $1 offset 0) j on j.id = p.job_id
           where p.org_id = $1 and p.started_on between $2 and $3 and ($4::uuid[] is null or j.site_id = any ($4))"#,
        org,
        period.previous().first.min(period.last - STAYED),
        period.last,
        sites
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in rows {
        let Some(place) = places.by_site.get(&row.site_id) else { continue };
        let kind = facts.kind(row.category, *place);
        facts.placements.push(Placement {
            kind,
            posted: place.day(row.posted_at),
            started_on: row.started_on,
            ended_on: row.ended_on,
            fee: row.fee.and_then(hundredths).unwrap_or(0),
            cost: row.cost.and_then(hundredths),
            satisfaction: row.satisfaction,
        });
    }
    Ok(())
}
