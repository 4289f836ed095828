//! Facts without what they need.

use super::{Bad, Window};
use crate::Result;
use crate::database::OrgTx;

/// People who work here without what their cost and hours are reckoned by.
pub(super) async fn people(tx: &mut OrgTx, window: &Window) -> Result<Vec<Bad>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Bad,
        r#"select 'workers' as "source!", w.id::text as "key!", w.hired_on as "day?",
                  concat_ws(', ', case when w.hourly_rate is null then 'no hourly rate' end,
                      case when w.weekly_hours is null then 'no weekly hours' end,
                      case when w.hired_on is null then 'no first day' end) as "what!",
                  count(*) over () as "total!"
           from workers w
           where w.org_id = $1 and (w.left_on is null or w.left_on >= $2)
             and (w.hourly_rate is null or w.weekly_hours is null or w.hired_on is null)
           order by w.id limit $3"#,
        org,
        window.last,
        window.limit
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Accounts whose role sees only what they are linked to, linked to nothing.
pub(super) async fn accounts(tx: &mut OrgTx, window: &Window) -> Result<Vec<Bad>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Bad,
        r#"select 'users' as "source!", u.id::text as "key!", null::date as "day?",
                  case u.role when 'supervisor' then 'a supervisor without a site' when 'worker' then 'a worker without a record'
                              else 'a client''s account without a client' end as "what!",
                  count(*) over () as "total!"
           from users u
           where u.org_id = $1 and u.status = 'active' and case u.role
               when 'supervisor' then not exists (select from user_sites s where s.org_id = $1 and s.user_id = u.id)
               when 'worker' then u.worker_id is null
               when 'client' then u.client_id is null
               else false end
           order by u.id limit $2"#,
        org,
        window.limit
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Clock-ins of shifts that are long over, without a clock-out.
pub(super) async fn clock_outs(tx: &mut OrgTx, window: &Window) -> Result<Vec<Bad>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Bad,
        r#"select 'attendance' as "source!", a.id::text as "key!", a.day as "day?", 'no clock-out, and the shift is long over' as "what!",
                  count(*) over () as "total!"
           from attendance a join shifts s on s.org_id = $1 and s.id = a.id and s.day = a.day
           where a.org_id = $1 and a.day between $2 and $3 and a.clock_in is not null and a.clock_out is null
             and s.ends_at < $4::timestamptz - interval '24 hours'
           order by a.day desc, a.id limit $5"#,
        org,
        window.first,
        window.last,
        window.now,
        window.limit
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Planned shifts that somebody had and that are long over, of which nothing is known.
pub(super) async fn attendance(tx: &mut OrgTx, window: &Window) -> Result<Vec<Bad>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Bad,
        r#"select 'shifts' as "source!", s.id::text as "key!", s.day as "day?", 'neither a clock-in nor an absence' as "what!",
                  count(*) over () as "total!"
           from shifts s left join attendance a on a.org_id = $1 and a.day between $2 and $3 and a.day = s.day and a.id = s.id
           where s.org_id = $1 and s.day between $2 and $3 and s.state = 'planned' and s.worker_id is not null and s.ends_at < $4
             and a.id is null
           order by s.day desc, s.id limit $5"#,
        org,
        window.first,
        window.last,
        window.settled_before(),
        window.limit
    )
    .fetch_all(&mut **tx)
    .await?)
}
