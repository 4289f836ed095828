//! All SQL of jobs and placements as finance asks for them.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use uuid::Uuid;

use super::facts::{Facts, Job, Place, Placement};
use crate::Result;
use crate::clock::zone;
use crate::database::OrgTx;
use crate::metrics::Period;

/// Further back than anybody is asked for who may have stayed.
const STAYED: Days = Days::new(365 + 90);

/// Whatever counts in a period, in the one before, or among those who could have stayed by its end.
pub(super) async fn facts(tx: &mut OrgTx, sites: Option<&[Uuid]>, period: Period) -> Result<Facts> {
    let places = places(tx, sites).await?;
    Ok(Facts {
        jobs: jobs(tx, sites, period, &places).await?,
        placements: placements(tx, sites, period, &places).await?,
    })
}

async fn places(tx: &mut OrgTx, sites: Option<&[Uuid]>) -> Result<HashMap<Uuid, Place>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select s.id, s.time_zone, l.name as "client?" from sites s left join clients l on l.org_id = s.org_id and l.id = s.client_id
           where s.org_id = $1 and ($2::uuid[] is null or s.id = any ($2))"#,
        org,
        sites
    )
    .fetch_all(&mut **tx)
    .await?;
    let place = rows.into_iter().map(|row| {
        let client = row.client.map(Arc::from);
        Ok((row.id, Place { client, zone: zone(&row.time_zone)? }))
    });
    place.collect()
}

/// The beginning of a day on any clock, and a day to spare.
fn before(day: NaiveDate) -> DateTime<Utc> {
    (day - Days::new(2)).and_time(NaiveTime::MIN).and_utc()
}

async fn jobs(
    tx: &mut OrgTx,
    sites: Option<&[Uuid]>,
    period: Period,
    places: &HashMap<Uuid, Place>,
) -> Result<Vec<Job>> {
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
    let job = rows.into_iter().filter_map(|row| {
        Some(Job {
            category: row.category,
            place: places.get(&row.site_id)?.clone(),
            posted_at: row.posted_at,
            closed_at: row.closed_at,
            filled: row.filled,
        })
    });
    Ok(job.collect())
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
    places: &HashMap<Uuid, Place>,
) -> Result<Vec<Placement>> {
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
    let placement = rows.into_iter().filter_map(|row| {
        Some(Placement {
            category: row.category,
            place: places.get(&row.site_id)?.clone(),
            posted_at: row.posted_at,
            started_on: row.started_on,
            ended_on: row.ended_on,
            fee: row.fee.and_then(hundredths).unwrap_or(0),
            cost: row.cost.and_then(hundredths),
            satisfaction: row.satisfaction,
        })
    });
    Ok(placement.collect())
}
