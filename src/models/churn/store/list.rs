//! The SQL of the list.

use chrono::NaiveDate;
use uuid::Uuid;

use super::super::RiskBand;
use super::super::at_risk::{Asked, LookedBy, PAGE, RiskRow};
use crate::database::OrgTx;
use crate::people::{Sites, audit};
use crate::units::{SiteId, WorkerId};
use crate::{Error, Result};

/// The latest day that was looked at.
pub(in super::super) async fn last_snapshot(tx: &mut OrgTx) -> Result<Option<NaiveDate>> {
    let org = tx.org().0;
    Ok(sqlx::query_scalar!("select max(snapshot_on) from churn_risks where org_id = $1", org)
        .fetch_one(&mut **tx)
        .await?)
}

/// The sites as SQL takes them: only these, and only of this client.
fn parts(sites: &Sites) -> (Option<Vec<Uuid>>, Option<Uuid>) {
    match sites {
        Sites::All => (None, None),
        Sites::Only(sites) => (Some(sites.iter().map(|site| site.0).collect()), None),
        Sites::OfClient(client) => (None, Some(client.0)),
    }
}

/// People still employed by site and band (low, medium, high), by the site's name.
pub(in super::super) async fn counts(
    tx: &mut OrgTx,
    sites: &Sites,
    as_of: NaiveDate,
) -> Result<Vec<(SiteId, String, [i64; 3])>> {
    let (only, client) = parts(sites);
    let rows = sqlx::query!(
        r#"select s.id, s.name, count(*) filter (where r.band = 'low') as "low!",
                  count(*) filter (where r.band = 'medium') as "medium!", count(*) filter (where r.band = 'high') as "high!"
             from churn_risks r
             join workers w on w.org_id = r.org_id and w.id = r.worker_id
             join sites s on s.org_id = w.org_id and s.id = w.home_site_id
            where r.org_id = $1 and r.snapshot_on = $2 and w.left_on is null
              and ($3::uuid[] is null or s.id = any ($3)) and ($4::uuid is null or s.client_id = $4)
            group by s.id, s.name order by s.name, s.id"#,
        tx.org().0,
        as_of,
        only.as_deref(),
        client
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (SiteId(row.id), row.name, [row.low, row.medium, row.high])).collect())
}

/// A page of the list, the likeliest first.
pub(in super::super) async fn page(
    tx: &mut OrgTx,
    sites: &Sites,
    as_of: NaiveDate,
    asked: &Asked,
) -> Result<Vec<RiskRow>> {
    let (only, client) = parts(sites);
    let rows = sqlx::query!(
        r#"select w.id, w.name, w.job_role, s.id as site, s.name as site_name, r.band, r.probability, r.reasons, r.step
             from churn_risks r
             join workers w on w.org_id = r.org_id and w.id = r.worker_id
             join sites s on s.org_id = w.org_id and s.id = w.home_site_id
            where r.org_id = $1 and r.snapshot_on = $2 and r.band = any ($3) and w.left_on is null
              and ($4::uuid[] is null or s.id = any ($4)) and ($5::uuid is null or s.client_id = $5)
            order by r.probability desc, w.name, w.id limit $6 offset $7"#,
        tx.org().0,
        as_of,
        &asked.bands,
        only.as_deref(),
        client,
        PAGE as i64,
        ((asked.page - 1) * PAGE) as i64
    )
    .fetch_all(&mut **tx)
    .await?;
    let rows = rows.into_iter().map(|row| {
        Ok(RiskRow {
            worker: WorkerId(row.id),
            name: row.name,
            job_role: row.job_role,
            site: SiteId(row.site),
            site_name: row.site_name,
            band: RiskBand::of_word(&row.band).ok_or_else(|| Error::Invalid(format!("'{}' is no band", row.band)))?,
            probability: row.probability,
            reasons: row.reasons,
            step: row.step,
            looked_at_by: Vec::new(),
        })
    });
    rows.collect()
}

/// Who looked at the churn risk of each of these workers, newest first; each once, with the latest time.
pub(in super::super) async fn looks(tx: &mut OrgTx, workers: &[WorkerId]) -> Result<Vec<(WorkerId, LookedBy)>> {
    let ids: Vec<Uuid> = workers.iter().map(|worker| worker.0).collect();
    let rows = sqlx::query!(
        r#"select a.record_id as "worker!", u.name as who, max(a.at) as "at!"
             from audit_log a join users u on u.org_id = a.org_id and u.id = a.user_id
            where a.org_id = $1 and a.record = 'worker' and a.record_id = any ($2) and a.action = $3
            group by a.record_id, u.id, u.name order by 3 desc, u.name"#,
        tx.org().0,
        &ids,
        audit::LOOKED_AT_CHURN
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (WorkerId(row.worker), LookedBy { who: row.who, at: row.at })).collect())
}
