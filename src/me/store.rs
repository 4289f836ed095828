//! The page's other reads: notes, certificates, who looked.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::Notes;
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::{Period, Sums};
use crate::people::audit;
use crate::units::{Place, WorkerId};

pub(super) async fn notes(tx: &mut OrgTx, worker: WorkerId, period: Period, sums: &Sums) -> Result<Notes> {
    let org = tx.org().0;
    let orders_overdue = sqlx::query_scalar!(
        r#"select count(*) as "n!" from work_orders w join organizations o on o.id = w.org_id
           where w.org_id = $1 and w.worker_id = $2 and w.resolved_at is null
             and w.sla_due_at < (($3::date + 1)::timestamp at time zone o.time_zone)"#,
        org,
        worker.0,
        period.last
    )
    .fetch_one(&mut **tx)
    .await?;
    let restated = sqlx::query!(
        r#"select r.day, (max(r.at) at time zone max(o.time_zone))::date as "on!", max(r.reason) as "reason!"
           from restatements r join organizations o on o.id = r.org_id
           where r.org_id = $1 and r.worker_id = $2 and r.day between $3 and $4 group by r.day order by r.day desc limit 10"#,
        org,
        worker.0,
        period.first,
        period.last
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(Notes {
        orders_overdue,
        orders_implausible: sums.orders_implausible,
        orders_without_deadline: sums.orders_closed - sums.orders_sla_judged,
        restated: restated.into_iter().map(|row| (row.day, row.on, row.reason)).collect(),
    })
}

/// A certification the worker holds or should hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Its name.
    pub name: String,
    /// The last day it counts; `None`: it does not expire, or there is none.
    pub expires_on: Option<NaiveDate>,
    /// Whether there is one at all.
    pub held: bool,
    /// Whether the job role or the home site asks for it.
    pub required: bool,
}

/// Certifications that have expired, expire within `soon` days of `today`, or are asked for and missing; most urgent first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn certificates(tx: &mut OrgTx, worker: WorkerId, today: NaiveDate, soon: i32) -> Result<Vec<Certificate>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Certificate,
        r#"with asked as (
               select distinct r.name from workers w
               join requirements r on r.org_id = w.org_id and r.kind = 'certification'
                 and (r.job_role is null or r.job_role = w.job_role) and (r.site_id is null or r.site_id = w.home_site_id)
               where w.org_id = $1 and w.id = $2),
           held as (
               select name, nullif(max(coalesce(expires_on, 'infinity'::date)), 'infinity'::date) as expires_on
               from certifications where org_id = $1 and worker_id = $2 and issued_on <= $3 group by name)
           select coalesce(a.name, h.name) as "name!", h.expires_on, h.name is not null as "held!", a.name is not null as "required!"
           from asked a full join held h on h.name = a.name
           where h.name is null or h.expires_on <= $3::date + $4::int
           order by h.name is not null, h.expires_on, 1"#,
        org,
        worker.0,
        today,
        soon
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Somebody looked at the worker's score, or at how likely the worker leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Its line in the audit log.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub who: String,
    /// As what.
    pub role: String,
    /// At what: `score`, `churn risk` or `pay`.
    pub what: String,
}

/// Who looked at this worker's scores and churn risk, newest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn looks(tx: &mut OrgTx, worker: WorkerId, limit: i64) -> Result<Vec<Look>> {
    looks_after(tx, worker, None, limit).await
}

/// Who looked at this worker's scores and churn risk before those that a page ended with, newest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn looks_after(tx: &mut OrgTx, worker: WorkerId, page: Option<Place>, limit: i64) -> Result<Vec<Look>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Look,
        r#"select a.id, a.at, u.name as who, u.role, replace(a.action, 'looked at ', '') as "what!"
         from audit_log a join users u on u.org_id = a.org_id and u.id = a.user_id
         where a.org_id = $1 and a.record = 'worker' and a.record_id = $2 and a.action = any ($6)
           and ($4::timestamptz is null or (a.at, a.id) < ($4, $5))
         order by a.at desc, a.id desc limit $3"#,
        org,
        worker.0,
        limit,
        page.map(|page| page.at),
        page.map(|page| page.id),
        &[audit::LOOKED_AT_SCORE, audit::LOOKED_AT_CHURN, audit::LOOKED_AT_PAY].map(str::to_owned)
    )
    .fetch_all(&mut **tx)
    .await?)
}
