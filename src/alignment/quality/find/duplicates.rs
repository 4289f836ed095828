//! Facts that are there twice by their meaning, whatever their keys say.

use super::{Bad, Window};
use crate::Result;
use crate::database::OrgTx;

/// Clock-ins of one person more than half an hour before the person's last clock-out.
pub(super) async fn overlapping(tx: &mut OrgTx, window: &Window) -> Result<Vec<Bad>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Bad,
        r#"select 'attendance' as "source!", a.id::text as "key!", a.day as "day?",
                  'begins ' || round(extract(epoch from a.left_before - a.clock_in) / 60) || ' minutes before the last one ended' as "what!",
                  count(*) over () as "total!"
           from (select id, day, clock_in,
                        max(clock_out) over (partition by worker_id order by clock_in, id rows between unbounded preceding and 1 preceding) as left_before
                 from attendance where org_id = $1 and day between $2 and $3 and clock_in is not null) a
           where a.left_before > a.clock_in + interval '30 minutes'
           order by a.day desc, a.id limit $4"#,
        org,
        window.first,
        window.last,
        window.limit
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Orders of one customer and amount within a minute of the one before, that nobody cancelled.
pub(super) async fn orders(tx: &mut OrgTx, window: &Window) -> Result<Vec<Bad>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Bad,
        r#"select 'orders' as "source!", o.id::text as "key!", o.day as "day?",
                  'same customer and amount ' || round(extract(epoch from o.placed_at - o.before)) || ' seconds earlier' as "what!",
                  count(*) over () as "total!"
           from (select id, day, placed_at, lag(placed_at) over (partition by customer_id, amount order by placed_at, id) as before
                 from orders where org_id = $1 and day between $2 and $3 and cancelled_at is null and rejected_at is null) o
           where o.placed_at - o.before <= interval '1 minute'
           order by o.day desc, o.id limit $4"#,
        org,
        window.first,
        window.last,
        window.limit
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// People of one name, home site and first day, all but one of them.
pub(super) async fn people(tx: &mut OrgTx, window: &Window) -> Result<Vec<Bad>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Bad,
        r#"select 'workers' as "source!", w.id::text as "key!", w.hired_on as "day?",
                  'another record has the same name, home site and first day' as "what!", count(*) over () as "total!"
           from (select id, hired_on, row_number() over (partition by lower(trim(name)), home_site_id, hired_on order by id) as nth
                 from workers where org_id = $1 and hired_on is not null and (left_on is null or left_on >= $2)) w
           where w.nth > 1
           order by w.id limit $3"#,
        org,
        window.last,
        window.limit
    )
    .fetch_all(&mut **tx)
    .await?)
}
