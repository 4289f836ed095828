//! All SQL of jobs and placements as finance asks for them.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use indexmap::IndexSet;
use uuid::Uuid;

use super::facts::{Facts, Job, Kind, Place, Placement, Stay};
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
    let mut read = Read { facts: Facts::of(places.clients.clone()), places, offered: HashMap::new() };
    let counted = Period { first: period.previous().first, last: period.last };
    read.jobs(jobs(tx, sites, counted).await?);
    let placements =
        placements(tx, sites, Period { first: counted.first.min(period.last - STAYED), ..counted }).await?;
    let unread = |it: &&PlacementRow| it.started_on >= counted.first && !read.offered.contains_key(&it.job_id);
    let earlier: Vec<Uuid> = placements.iter().filter(unread).map(|it| it.job_id).collect();
    if !earlier.is_empty() {
        read.jobs(jobs_of(tx, &earlier).await?);
    }
    read.placements(placements, counted.first);
    Ok(read.facts)
}

/// The beginning of a day on any clock, and a day to spare.
fn before(day: NaiveDate) -> DateTime<Utc> {
    (day - Days::new(2)).and_time(NaiveTime::MIN).and_utc()
}

struct JobRow {
    id: Uuid,
    site_id: Uuid,
    category: String,
    posted_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
    filled: bool,
}

struct PlacementRow {
    job_id: Uuid,
    started_on: NaiveDate,
    ended_on: Option<NaiveDate>,
    fee: Option<i64>,
    cost: Option<i64>,
    satisfaction: Option<i16>,
}

/// What has been read so far. Placements find their jobs here: joined by Postgres each would carry its job once more, and most
/// jobs are read anyway.
struct Read<'p> {
    facts: Facts,
    places: &'p Places,
    offered: HashMap<Uuid, (Kind, NaiveDate)>,
}

impl Read<'_> {
    fn jobs(&mut self, rows: Vec<JobRow>) {
        for row in rows {
            if let Some(place) = self.places.by_site.get(&row.site_id) {
                let kind = self.facts.kind(row.category, *place);
                let job = Job::new(kind, *place, row.posted_at, row.closed_at, row.filled);
                self.offered.insert(row.id, (kind, job.posted));
                self.facts.jobs.push(job);
            }
        }
    }

    /// Of those that began before a day it only counts who stayed.
    fn placements(&mut self, rows: Vec<PlacementRow>, counted_from: NaiveDate) {
        for row in rows {
            self.facts.stays.push(Stay { started_on: row.started_on, ended_on: row.ended_on });
            let Some((kind, posted)) = self.offered.get(&row.job_id).filter(|_| row.started_on >= counted_from) else {
                continue;
            };
            self.facts.placements.push(Placement {
                kind: *kind,
                posted: *posted,
                started_on: row.started_on,
                fee: row.fee.unwrap_or(0),
                cost: row.cost,
                satisfaction: row.satisfaction,
            });
        }
    }
}

/// Those posted or closed in a period, or open in it.
async fn jobs(tx: &mut OrgTx, sites: Option<&[Uuid]>, period: Period) -> Result<Vec<JobRow>> {
    let org = tx.org().0;
    let rows = sqlx::query_as!(
        JobRow,
        r#"select id, site_id, category, posted_at, closed_at, state = 'filled' as "filled!" from jobs
           where org_id = $1 and posted_at < $3 and (posted_at >= $2 or closed_at is null or closed_at >= $2)
             and ($4::uuid[] is null or site_id = any ($4))"#,
        org,
        before(period.first),
        before(period.last + Days::new(5)),
        sites
    );
    Ok(rows.fetch_all(&mut **tx).await?)
}

/// These, posted and closed long before somebody began.
async fn jobs_of(tx: &mut OrgTx, jobs: &[Uuid]) -> Result<Vec<JobRow>> {
    let org = tx.org().0;
    let rows = sqlx::query_as!(
        JobRow,
        r#"select id, site_id, category, posted_at, closed_at, state = 'filled' as "filled!" from jobs
           where org_id = $1 and id = any ($2)"#,
        org,
        jobs
    );
    Ok(rows.fetch_all(&mut **tx).await?)
}

/// Those that began in a period.
async fn placements(tx: &mut OrgTx, sites: Option<&[Uuid]>, period: Period) -> Result<Vec<PlacementRow>> {
    let org = tx.org().0;
    let rows = sqlx::query_as!(
        PlacementRow,
        "select job_id, started_on, ended_on, fee_cents as fee, cost_cents as cost, satisfaction from placements
         where org_id = $1 and started_on between $2 and $3
           and ($4::uuid[] is null or job_id in (select id from jobs where org_id = $1 and site_id = any ($4)))",
        org,
        period.first,
        period.last,
        sites
    );
    Ok(rows.fetch_all(&mut **tx).await?)
}
