//! Facts → how everybody employed stands with what is asked for and what is held. Done each night; the same facts give the
//! same rows.

use chrono::NaiveDate;

use crate::Result;
use crate::database::OrgTx;

/// Writes the standings anew for the people employed on `today`. Returns the rows.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn rebuild(tx: &mut OrgTx, today: NaiveDate) -> Result<u64> {
    let org = tx.org().0;
    sqlx::query!("delete from requirement_standings where org_id = $1", org).execute(&mut **tx).await?;
    let written = sqlx::query!(
        "with people as (
             select id as worker_id, home_site_id as site_id, job_role, nullif(registration_number, '') is not null as registered
             from workers
             where org_id = $1 and (left_on is null or left_on >= $2) and (hired_on is null or hired_on <= $2)
         ),
         needs as (
             select distinct p.worker_id, r.kind, r.name
             from people p join requirements r
               on r.org_id = $1 and (r.job_role is null or r.job_role = p.job_role) and (r.site_id is null or r.site_id = p.site_id)
         ),
         held as (
             select worker_id, 'certification' as kind, name, max(coalesce(expires_on, 'infinity'::date)) as until
             from certifications where org_id = $1 and issued_on <= $2 group by worker_id, name
             union all
             select worker_id, 'training', name, max(coalesce(expires_on, 'infinity'::date))
             from trainings where org_id = $1 and completed_on <= $2 group by worker_id, name
         )
         insert into requirement_standings (org_id, worker_id, kind, name, site_id, required, held, until)
         select $1, p.worker_id, kind, name, p.site_id, n.asked is not null,
             case kind when 'registration' then p.registered else h.until is not null end,
             case when isfinite(h.until) then h.until end
         from (select *, true as asked from needs) n full join held h using (worker_id, kind, name)
         join people p on p.worker_id = coalesce(n.worker_id, h.worker_id)",
        org,
        today
    )
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected())
}
