//! Sums facts into days, partners' days and customers. Everything is set-based and replaces what was there, so that a
//! second run changes nothing; only days and customers marked since the last run are touched.

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use sqlx::AssertSqlSafe;

use crate::Result;
use crate::database::{Database, OrgTx, Topic};
use crate::metrics::Period;
use crate::people::Organization;

/// Days summed in one transaction: bounds memory, locks and what a crash repeats.
const CHUNK: u64 = 31;

/// Brings customers, days and segments up to the last complete day, in several transactions: what was committed stays, and
/// a second call does the rest. `done` is told the days as they are summed. Returns the rows written.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn rebuild(db: &Database, org: &Organization, last: NaiveDate, done: impl Fn(Period)) -> Result<u64> {
    let mut tx = db.org(org.id).await?;
    let mut rows = rebuild_customers(&mut tx, last).await?;
    tx.rewrote(Topic::Commerce).await?;
    tx.commit().await?;
    loop {
        let mut tx = db.org(org.id).await?;
        let Some((days, written)) = rebuild_days(&mut tx, last, org.zone).await? else { break };
        tx.rewrote(Topic::Commerce).await?;
        tx.commit().await?;
        rows += written;
        done(days);
    }
    let mut tx = db.org(org.id).await?;
    rows += rebuild_segments(&mut tx, last).await?;
    tx.rewrote(Topic::Commerce).await?;
    tx.commit().await?;
    Ok(rows)
}

/// Sums the marked customers again, and marks the days on which they became or ceased to be new. Returns the rows written.
/// Run it before [`rebuild_days`], which counts new customers.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn rebuild_customers(tx: &mut OrgTx, last: NaiveDate) -> Result<u64> {
    let org = tx.org().0;
    // Money that came or went marks only days; whose it was is found by the days of their orders.
    sqlx::query!(
        "insert into dirty_customers (org_id, customer_id)
         select distinct $1::uuid, o.customer_id
         from dirty_commerce_days d join orders o on o.org_id = d.org_id and o.day = d.day
         where d.org_id = $1 and d.day <= $2
         on conflict do nothing",
        org,
        last
    )
    .execute(&mut **tx)
    .await?;
    tx.run(include_str!("customers.sql").replace("{org}", &org.to_string())).await?;
    mark_first_days(tx).await?;
    let rows = replace_customers(tx).await?;
    sqlx::query!("delete from dirty_customers where org_id = $1", org).execute(&mut **tx).await?;
    Ok(rows)
}

async fn mark_first_days(tx: &mut OrgTx) -> Result<()> {
    let org = tx.org().0;
    let sql = "insert into dirty_commerce_days (org_id, day)
        select distinct $1::uuid, f.day
        from dirty_customers d
        left join customer_analytics a on a.org_id = d.org_id and a.customer_id = d.customer_id
        left join _customers c on c.customer_id = d.customer_id
        cross join lateral (values (a.first_order_day), (c.first_order_day)) f (day)
        where d.org_id = $1 and a.first_order_day is distinct from c.first_order_day and f.day is not null
        on conflict do nothing";
    sqlx::query(sql).bind(org).execute(&mut **tx).await?;
    Ok(())
}

async fn replace_customers(tx: &mut OrgTx) -> Result<u64> {
    let org = tx.org().0;
    let gone = "delete from customer_analytics a using dirty_customers d
        where a.org_id = $1 and d.org_id = $1 and a.customer_id = d.customer_id
          and not exists (select from _customers c where c.customer_id = d.customer_id)";
    sqlx::query(gone).bind(org).execute(&mut **tx).await?;
    let there = "insert into customer_analytics (org_id, customer_id, orders, completed, cancelled, rejected, booked, paid, refunded,
            first_order_day, last_order_day, median_gap_days, favourite_category, favourite_method, rating_sum, rating_count, lifetime_value)
        select $1, customer_id, orders, completed, cancelled, rejected, booked, paid, refunded,
               first_order_day, last_order_day, median_gap_days, favourite_category, favourite_method, rating_sum, rating_count, paid - refunded
        from _customers
        on conflict (org_id, customer_id) do update set
            orders = excluded.orders, completed = excluded.completed, cancelled = excluded.cancelled, rejected = excluded.rejected,
            booked = excluded.booked, paid = excluded.paid, refunded = excluded.refunded,
            first_order_day = excluded.first_order_day, last_order_day = excluded.last_order_day,
            median_gap_days = excluded.median_gap_days, favourite_category = excluded.favourite_category,
            favourite_method = excluded.favourite_method, rating_sum = excluded.rating_sum, rating_count = excluded.rating_count,
            lifetime_value = excluded.paid - excluded.refunded + coalesce(customer_analytics.expected_margin, 0)";
    Ok(sqlx::query(there).bind(org).execute(&mut **tx).await?.rows_affected())
}

/// Sums the next marked days up to `last`, oldest first; `None` when there are none left. Returns the rows written.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn rebuild_days(tx: &mut OrgTx, last: NaiveDate, zone: Tz) -> Result<Option<(Period, u64)>> {
    let org = tx.org().0;
    let first =
        sqlx::query_scalar!("select min(day) from dirty_commerce_days where org_id = $1 and day <= $2", org, last)
            .fetch_one(&mut **tx)
            .await?;
    let Some(first) = first else { return Ok(None) };
    let period = Period { first, last: last.min(first + Days::new(CHUNK - 1)) };
    let days = sqlx::query_scalar!(
        "delete from dirty_commerce_days where org_id = $1 and day between $2 and $3 returning day",
        org,
        period.first,
        period.last
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(Some((period, sum(tx, &days, zone).await?)))
}

/// Replaces the sums of these days.
async fn sum(tx: &mut OrgTx, days: &[NaiveDate], zone: Tz) -> Result<u64> {
    let org = tx.org().0;
    for (table, column) in [
        ("revenue_slices", "day"),
        ("payment_lags", "order_day"),
        ("category_daily_revenue", "day"),
        ("daily_revenue_summaries", "day"),
        ("partner_performance_metrics", "day"),
    ] {
        let sql = format!("delete from {table} where org_id = $1 and {column} = any ($2)");
        sqlx::query(AssertSqlSafe(sql)).bind(org).bind(days).execute(&mut **tx).await?;
    }
    let (from, to) = reach(tx, days).await?;
    let slices = sqlx::query(include_str!("slices.sql")).bind(org).bind(days).bind(from).bind(to);
    let mut rows = slices.execute(&mut **tx).await?.rows_affected();
    for sql in [include_str!("lags.sql"), include_str!("categories.sql")] {
        rows += sqlx::query(sql).bind(org).bind(days).execute(&mut **tx).await?.rows_affected();
    }
    let whole = sqlx::query(include_str!("days.sql")).bind(org).bind(days).bind(zone.name());
    rows += whole.execute(&mut **tx).await?.rows_affected();
    let theirs = sqlx::query(include_str!("partners.sql")).bind(org).bind(days).bind(zone.name()).bind(from).bind(to);
    rows += theirs.execute(&mut **tx).await?.rows_affected();
    Ok(rows)
}

/// The first and the last day of the orders for which something came or went on these days: usually the last weeks, so
/// that Postgres need not look for them in the partitions of years.
async fn reach(tx: &mut OrgTx, days: &[NaiveDate]) -> Result<(NaiveDate, NaiveDate)> {
    let org = tx.org().0;
    let found = sqlx::query!(
        "select min(order_day) as first, max(order_day) as last from (
             select order_day from payments where org_id = $1 and day = any ($2)
             union all select order_day from refunds where org_id = $1 and day = any ($2)
             union all select order_day from order_ratings where org_id = $1 and day = any ($2)
             union all select order_day from order_issues where org_id = $1 and day = any ($2)
         ) f",
        org,
        days
    )
    .fetch_one(&mut **tx)
    .await?;
    let any = days.first().copied().unwrap_or_default();
    Ok((found.first.unwrap_or(any), found.last.unwrap_or(any)))
}

/// Judges every customer's segment anew as of a day, and counts the segments. Returns the rows written.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn rebuild_segments(tx: &mut OrgTx, as_of: NaiveDate) -> Result<u64> {
    let org = tx.org().0;
    let changed = sqlx::query(include_str!("segments.sql")).bind(org).bind(as_of).execute(&mut **tx).await?;
    sqlx::query!("delete from customer_segments where org_id = $1", org).execute(&mut **tx).await?;
    let counted = sqlx::query!(
        "insert into customer_segments (org_id, segment, as_of, customers, at_risk, orders, spent, value)
         select org_id, segment, $2, count(*), count(*) filter (where at_risk), sum(orders), sum(paid - refunded), sum(lifetime_value)
         from customer_analytics where org_id = $1 group by org_id, segment",
        org,
        as_of
    )
    .execute(&mut **tx)
    .await?;
    Ok(changed.rows_affected() + counted.rows_affected())
}

/// Marks days as to be summed again.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn mark_days(tx: &mut OrgTx, days: Period) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "insert into dirty_commerce_days (org_id, day)
         select $1, d::date from generate_series($2::date, $3::date, interval '1 day') d on conflict do nothing",
        org,
        days.first,
        days.last
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
