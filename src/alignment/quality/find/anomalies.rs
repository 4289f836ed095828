//! Facts that cannot be, or that nobody would expect.

use std::collections::{BTreeMap, HashSet};

use chrono::{Datelike, Days, NaiveDate};

use super::{Bad, Window};
use crate::Result;
use crate::alignment::quality::unusual::usual;
use crate::database::OrgTx;

/// Complete days whose counts are judged.
const JUDGED_DAYS: u64 = 7;
/// Days before them with which they are compared.
const COMPARED_DAYS: u64 = 56;

/// What ended before it began.
pub(super) async fn backward(tx: &mut OrgTx, window: &Window) -> Result<Vec<Bad>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Bad,
        r#"select b.source as "source!", b.id::text as "key!", b.day as "day?", b.what as "what!", count(*) over () as "total!" from (
               select 'attendance' as source, id, day, 'clocked out before clocking in' as what from attendance
               where org_id = $1 and day between $2 and $3 and clock_out < clock_in
               union all
               select 'tasks', id, day, 'completed before it was begun' from tasks
               where org_id = $1 and day between $2 and $3 and completed_at < started_at
               union all
               select 'work_orders', id, closed_day, 'resolved before it was opened' from work_orders
               where org_id = $1 and closed_day between $2 and $3 and resolved_at < opened_at
               union all
               select 'orders', id, day, 'ended before it was placed' from orders
               where org_id = $1 and day between $2 and $3
                 and least(accepted_at, picked_up_at, processed_at, delivered_at, completed_at, cancelled_at, rejected_at) < placed_at
           ) b order by b.day desc, b.id limit $4"#,
        org,
        window.first,
        window.last,
        window.limit
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Orders that were paid more than they are worth, less what was given back.
pub(super) async fn overpaid(tx: &mut OrgTx, window: &Window) -> Result<Vec<Bad>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Bad,
        r#"select 'orders' as "source!", o.id::text as "key!", o.day as "day?",
                  'paid ' || (p.paid - coalesce(r.back, 0)) || ', worth ' || (o.amount - o.discount) as "what!", count(*) over () as "total!"
           from (select order_day, order_id, sum(amount) as paid from payments where org_id = $1 and order_day between $2 and $3 group by 1, 2) p
           join orders o on o.org_id = $1 and o.day between $2 and $3 and o.day = p.order_day and o.id = p.order_id
           left join (select order_day, order_id, sum(amount) as back from refunds where org_id = $1 and order_day between $2 and $3 group by 1, 2) r
             on r.order_day = p.order_day and r.order_id = p.order_id
           where p.paid - coalesce(r.back, 0) > o.amount - o.discount
           order by o.day desc, o.id limit $4"#,
        org,
        window.first,
        window.last,
        window.limit
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Orders for which more was given back than had been paid.
pub(super) async fn refunded_beyond(tx: &mut OrgTx, window: &Window) -> Result<Vec<Bad>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Bad,
        r#"select 'orders' as "source!", o.id::text as "key!", o.day as "day?",
                  'refunded ' || r.back || ', paid ' || coalesce(p.paid, 0) as "what!", count(*) over () as "total!"
           from (select order_day, order_id, sum(amount) as back from refunds where org_id = $1 and order_day between $2 and $3 group by 1, 2) r
           join orders o on o.org_id = $1 and o.day between $2 and $3 and o.day = r.order_day and o.id = r.order_id
           left join (select order_day, order_id, sum(amount) as paid from payments where org_id = $1 and order_day between $2 and $3 group by 1, 2) p
             on p.order_day = r.order_day and p.order_id = r.order_id
           where r.back > coalesce(p.paid, 0)
           order by o.day desc, o.id limit $4"#,
        org,
        window.first,
        window.last,
        window.limit
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Clock-ins by one device of a site, and orders of one customer, in a minute with so many of them. Many sources name the kind of
/// device only, so a site's are told apart by nothing else.
pub(super) async fn bursts(tx: &mut OrgTx, window: &Window) -> Result<Vec<Bad>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Bad,
        r#"select b.source as "source!", b.id::text as "key!", b.day as "day?", b.n || ' ' || b.whose || ' within a minute' as "what!",
                  count(*) over () as "total!"
           from (
               select 'attendance' as source, a.id, a.day, 'clock-ins by one device at one site' as whose,
                      count(*) over (partition by s.site_id, a.device, date_trunc('minute', a.clock_in)) as n
               from attendance a left join shifts s on s.org_id = $1 and s.day between $2 and $3 and s.day = a.day and s.id = a.id
               where a.org_id = $1 and a.day between $2 and $3 and a.clock_in is not null and a.device is not null
               union all
               select 'orders', id, day, 'orders of one customer', count(*) over (partition by customer_id, date_trunc('minute', placed_at))
               from orders where org_id = $1 and day between $2 and $3
           ) b where b.n >= $4::integer
           order by b.day desc, b.id limit $5"#,
        org,
        window.first,
        window.last,
        window.set.burst,
        window.limit
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// The days of each source that were judged, and those far from the usual of their weekday. Holidays and events are not judged.
pub(super) async fn daily_counts(tx: &mut OrgTx, window: &Window) -> Result<(i64, Vec<Bad>)> {
    let org = tx.org().0;
    let last = window.last - Days::new(1);
    let judged_from = last - Days::new(JUDGED_DAYS - 1);
    let rows = sqlx::query!(
        r#"select c.source as "source!", c.day as "day!", c.n as "n!" from (
               select 'attendance' as source, day, count(*) as n from attendance where org_id = $1 and day between $2 and $3 group by day
               union all
               select 'tasks', day, count(*) from tasks where org_id = $1 and day between $2 and $3 group by day
               union all
               select 'orders', day, count(*) from orders where org_id = $1 and day between $2 and $3 group by day
           ) c"#,
        org,
        judged_from - Days::new(COMPARED_DAYS),
        last
    )
    .fetch_all(&mut **tx)
    .await?;
    let special: HashSet<NaiveDate> = sqlx::query_scalar!(
        "select day from calendar_days where org_id = $1 and day between $2 and $3",
        org,
        judged_from,
        last
    )
    .fetch_all(&mut **tx)
    .await?
    .into_iter()
    .collect();
    let mut sources: BTreeMap<String, BTreeMap<NaiveDate, i64>> = BTreeMap::new();
    for row in rows {
        sources.entry(row.source).or_default().insert(row.day, row.n);
    }
    let (mut judged, mut bad) = (0, Vec::new());
    for (source, counts) in &sources {
        // A source is judged from its first day on: before, there was none.
        let Some(first) = counts.keys().next().copied() else { continue };
        for day in judged_from.iter_days().take_while(|day| *day <= last).filter(|day| !special.contains(day)) {
            let count = counts.get(&day).copied().unwrap_or(0);
            let earlier: Vec<f64> = first
                .iter_days()
                .take_while(|it| *it < judged_from)
                .filter(|it| it.weekday() == day.weekday())
                .map(|it| counts.get(&it).copied().unwrap_or(0) as f64)
                .collect();
            let Some(usual) = usual(count as f64, &earlier) else { continue };
            judged += 1;
            if usual.z.abs() > window.set.robust_z {
                let what = format!("{count} rows, usually about {:.0} (robust z {:+.1})", usual.median, usual.z);
                bad.push(Bad { source: source.clone(), key: day.to_string(), day: Some(day), what, total: 0 });
            }
        }
    }
    let total = i64::try_from(bad.len()).unwrap_or(i64::MAX);
    bad.iter_mut().for_each(|it| it.total = total);
    Ok((judged, bad))
}
