//! Facts that belong to nothing. Large tables have no foreign keys (an import would be halved by them), so this can happen.

use super::{Bad, Window};
use crate::Result;
use crate::database::OrgTx;

/// Clock-ins whose shift is not there, was cancelled or is somebody else's.
pub(super) async fn stray_attendance(tx: &mut OrgTx, window: &Window) -> Result<Vec<Bad>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Bad,
        r#"select 'attendance' as "source!", a.id::text as "key!", a.day as "day?",
                  case when s.id is null then 'its shift is not there' when s.state = 'cancelled' then 'its shift was cancelled'
                       when s.worker_id is null then 'nobody has its shift' else 'its shift is somebody else''s' end as "what!",
                  count(*) over () as "total!"
           from attendance a left join shifts s on s.org_id = $1 and s.id = a.id and s.day = a.day
           where a.org_id = $1 and a.day between $2 and $3 and a.clock_in is not null
             and (s.id is null or s.state = 'cancelled' or s.worker_id is distinct from a.worker_id)
           order by a.day desc, a.id limit $4"#,
        org,
        window.first,
        window.last,
        window.limit
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Tasks of a shift that is not there on their day.
pub(super) async fn stray_tasks(tx: &mut OrgTx, window: &Window) -> Result<Vec<Bad>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Bad,
        r#"select 'tasks' as "source!", t.id::text as "key!", t.day as "day?", 'its shift is not there on this day' as "what!",
                  count(*) over () as "total!"
           from tasks t left join shifts s on s.org_id = $1 and s.id = t.shift_id and s.day = t.day
           where t.org_id = $1 and t.day between $2 and $3 and t.shift_id is not null and s.id is null
           order by t.day desc, t.id limit $4"#,
        org,
        window.first,
        window.last,
        window.limit
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Payments and refunds whose order is not there.
pub(super) async fn stray_money(tx: &mut OrgTx, window: &Window) -> Result<Vec<Bad>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Bad,
        r#"select m.source as "source!", m.id::text as "key!", m.day as "day?", 'its order is not there' as "what!", count(*) over () as "total!"
           from (select 'payments' as source, id, day, order_day, order_id from payments where org_id = $1 and day between $2 and $3
                 union all
                 select 'refunds', id, day, order_day, order_id from refunds where org_id = $1 and day between $2 and $3) m
           left join orders o on o.org_id = $1 and o.day = m.order_day and o.id = m.order_id
           where o.id is null
           order by m.day desc, m.id limit $4"#,
        org,
        window.first,
        window.last,
        window.limit
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Planned shifts on days on which who has them had left, or not yet begun.
pub(super) async fn shifts_of_leavers(tx: &mut OrgTx, window: &Window) -> Result<Vec<Bad>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Bad,
        r#"select 'shifts' as "source!", s.id::text as "key!", s.day as "day?",
                  case when w.left_on < s.day then 'who has it had left' else 'who has it had not begun' end as "what!",
                  count(*) over () as "total!"
           from shifts s join workers w on w.org_id = $1 and w.id = s.worker_id
           where s.org_id = $1 and s.day >= $2 and s.state = 'planned' and (w.left_on < s.day or w.hired_on > s.day)
           order by s.day desc, s.id limit $3"#,
        org,
        window.first,
        window.limit
    )
    .fetch_all(&mut **tx)
    .await?)
}
