//! Facts that count against a worker, and the disputes about them.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::Fact;
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::units::{Place, WorkerId};

/// A fact that lowered the score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputableFact {
    /// Its kind.
    pub fact: Fact,
    /// Its id.
    pub id: Uuid,
    /// Its business day.
    pub day: NaiveDate,
    /// Where.
    pub site: String,
    /// What was recorded, in words.
    pub recorded: String,
}

/// A dispute and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// Its id.
    pub id: Uuid,
    /// The kind of fact.
    pub fact: String,
    /// The fact's id.
    pub fact_id: Uuid,
    /// The fact's business day.
    pub day: NaiveDate,
    /// What the worker said.
    pub note: String,
    /// When.
    pub filed_at: DateTime<Utc>,
    /// open, upheld or rejected.
    pub state: String,
    /// The reason of the ruling.
    pub ruling: Option<String>,
    /// When it was ruled.
    pub ruled_at: Option<DateTime<Utc>>,
}

/// The facts of a period that count against the worker and are not disputed yet, newest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn disputable_facts(
    tx: &mut OrgTx,
    worker: WorkerId,
    period: Period,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<DisputableFact>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select fact as "fact!", id as "id!", day as "day!", site as "site!", recorded as "recorded!" from (
             select 'shift' as fact, s.id, s.day, t.name as site,
                    case when a.clock_in is null then 'No clock-in and no call for the shift at ' || to_char(s.starts_at at time zone t.time_zone, 'HH24:MI')
                         else 'Clocked in at ' || to_char(a.clock_in at time zone t.time_zone, 'HH24:MI') || ' for '
                              || to_char(s.starts_at at time zone t.time_zone, 'HH24:MI') || ', '
                              || floor(extract(epoch from a.clock_in - s.starts_at) / 60)::int || ' minutes late' end as recorded
             from shifts s join sites t on t.org_id = s.org_id and t.id = s.site_id
             left join attendance a on a.org_id = s.org_id and a.day = s.day and a.id = s.id and a.day between $3 and $4
             where s.org_id = $1 and s.worker_id = $2 and s.day between $3 and $4 and s.state = 'planned' and s.ends_at <= $5
               and (a.clock_in > s.starts_at + interval '5 minutes'
                    or (a.clock_in is null and coalesce(a.called_in, false) = false
                        and exists (select from attendance any_a where any_a.org_id = $1)
                        and not exists (select from leave l where l.org_id = s.org_id and l.worker_id = s.worker_id and l.approved and s.day between l.first_day and l.last_day)))
             union all
             select 'task', k.id, k.day, t.name,
                    coalesce(k.title, 'Task') || ': '
                    || case when k.completed_at is null then 'not completed'
                            when k.passed_first_time = false then 'not right the first time'
                            else 'completed late' end
             from tasks k join sites t on t.org_id = k.org_id and t.id = k.site_id
             where k.org_id = $1 and k.worker_id = $2 and k.day between $3 and $4 and k.due_at <= $5
               and (k.completed_at is null or k.passed_first_time = false
                    or k.completed_at > coalesce(k.assigned_at + make_interval(mins => k.sla_minutes), k.due_at))
             union all
             select 'tour', u.id, u.day, t.name, 'Tour at ' || to_char(u.planned_start at time zone t.time_zone, 'HH24:MI') || ': not completed'
             from tours u join sites t on t.org_id = u.org_id and t.id = u.site_id
             where u.org_id = $1 and u.worker_id = $2 and u.day between $3 and $4 and u.planned_start <= $5 and u.completed_at is null
             union all
             select 'work_order', o.id, o.closed_day, t.name, 'Work order ' || o.ref || coalesce(' (' || o.category || ')', '') || ': closed after its deadline'
             from work_orders o join sites t on t.org_id = o.org_id and t.id = o.site_id
             where o.org_id = $1 and o.worker_id = $2 and o.closed_day between $3 and $4 and o.resolved_at > o.sla_due_at
           ) facts
           where not exists (select from disputes d where d.org_id = $1 and d.fact = facts.fact and d.fact_id = facts.id)
           order by day desc, 2 limit $6"#,
        org,
        worker.0,
        period.first,
        period.last,
        now,
        limit
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(DisputableFact {
                fact: row.fact.parse()?,
                id: row.id,
                day: row.day,
                site: row.site,
                recorded: row.recorded,
            })
        })
        .collect()
}

/// The worker's disputes, newest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn disputes_of(tx: &mut OrgTx, worker: WorkerId, limit: i64) -> Result<Vec<Dispute>> {
    disputes_after(tx, worker, None, limit).await
}

/// The worker's disputes before those that a page ended with, newest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn disputes_after(tx: &mut OrgTx, worker: WorkerId, page: Option<Place>, limit: i64) -> Result<Vec<Dispute>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Dispute,
        "select id, fact, fact_id, day, note, filed_at, state, ruling, ruled_at from disputes
         where org_id = $1 and worker_id = $2 and ($4::timestamptz is null or (filed_at, id) < ($4, $5))
         order by filed_at desc, id desc limit $3",
        org,
        worker.0,
        limit,
        page.map(|page| page.at),
        page.map(|page| page.id)
    )
    .fetch_all(&mut **tx)
    .await?)
}
