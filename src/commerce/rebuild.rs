//! Sums facts into days, partners' days and customers. Everything is set-based and replaces what was there, so that a
//! second run changes nothing; only days and customers marked since the last run are touched.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use chrono_tz::Tz;
use sqlx::AssertSqlSafe;

use super::filter::Grain;
use super::pieces::last_of;
use crate::Result;
use crate::database::{Database, OrgTx, Topic};
use crate::metrics::Period;
use crate::people::Organization;
use crate::units::OrgId;

/// The mark of days on which a customer became or ceased to be new, which the rebuild itself asks for.
const OWN: i64 = 0;

/// Days summed in one transaction: bounds memory, locks and what a crash repeats.
const CHUNK: usize = 31;

/// Brings customers, days, months and segments up to the last complete day, in several transactions: what was committed stays,
/// and a second call does the rest. `done` is told how many days are summed, of how many. Returns the rows written.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn rebuild(db: &Database, org: &Organization, last: NaiveDate, done: impl Fn(u64, u64)) -> Result<u64> {
    let seen = Marks::seen(db, org.id, last).await?;
    let mut rows = replace_customer_days(db, org.id, &seen.days()).await?;
    let mut tx = db.org(org.id).await?;
    rows += rebuild_customers(&mut tx).await?;
    tx.rewrote(Topic::Commerce).await?;
    let days = seen.with_own(&mut tx, last).await?;
    tx.commit().await?;
    let mut summed = 0;
    done(summed, days.len() as u64);
    for some in days.chunks(CHUNK) {
        let mut tx = db.org(org.id).await?;
        seen.take_away(&mut tx, some).await?;
        rows += sum(&mut tx, some, org.zone).await? + rebuild_months(&mut tx, some, last).await?;
        tx.rewrote(Topic::Commerce).await?;
        tx.commit().await?;
        summed += some.len() as u64;
        done(summed, days.len() as u64);
    }
    let mut tx = db.org(org.id).await?;
    rows += rebuild_segments(&mut tx, last).await?;
    tx.rewrote(Topic::Commerce).await?;
    tx.commit().await?;
    Ok(rows)
}

/// The marks a rebuild has seen before it summed any customer. Marks of facts that come in later stay for the next one, even
/// where their day is summed with them: its customers may have been summed without.
#[derive(Debug)]
struct Marks {
    days: Vec<NaiveDate>,
    marks: Vec<i64>,
}

impl Marks {
    async fn seen(db: &Database, org: OrgId, last: NaiveDate) -> Result<Self> {
        let mut tx = db.org(org).await?;
        let rows = sqlx::query!(
            "select day, mark from dirty_commerce_days where org_id = $1 and day <= $2 order by day, mark",
            org.0,
            last
        )
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        let (days, marks) = rows.into_iter().map(|row| (row.day, row.mark)).unzip();
        Ok(Self { days, marks })
    }

    /// The days with a mark, oldest first.
    fn days(&self) -> Vec<NaiveDate> {
        let mut days = self.days.clone();
        days.dedup();
        days
    }

    /// The days with a mark, and those the rebuild itself asks for, oldest first.
    async fn with_own(&self, tx: &mut OrgTx, last: NaiveDate) -> Result<Vec<NaiveDate>> {
        let own = sqlx::query_scalar!(
            "select day from dirty_commerce_days where org_id = $1 and day <= $2 and mark = $3",
            tx.org().0,
            last,
            OWN
        );
        let all: BTreeSet<NaiveDate> = self.days.iter().copied().chain(own.fetch_all(&mut **tx).await?).collect();
        Ok(all.into_iter().collect())
    }

    /// Takes the seen marks of these days away, and those of the rebuild itself.
    async fn take_away(&self, tx: &mut OrgTx, days: &[NaiveDate]) -> Result<()> {
        sqlx::query!(
            "delete from dirty_commerce_days d
             where d.org_id = $1 and d.day = any ($2)
               and (d.mark = $5 or exists (select from unnest($3::date[], $4::bigint[]) s (day, mark)
                                           where s.day = d.day and s.mark = d.mark))",
            tx.org().0,
            days,
            &self.days,
            &self.marks,
            OWN
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }
}

/// Sums the marked customers, and marks the days on which they became or ceased to be new, whose sums count those. Returns the
/// rows written.
async fn rebuild_customers(tx: &mut OrgTx) -> Result<u64> {
    let org = tx.org().0;
    tx.run(include_str!("customers.sql").replace("{org}", &org.to_string())).await?;
    mark_first_days(tx).await?;
    let rows = replace_customers(tx).await?;
    sqlx::query!("delete from dirty_customers where org_id = $1", org).execute(&mut **tx).await?;
    Ok(rows)
}

/// Sums customers' days again, and marks whose they are or were. The days stay marked: whoever is interrupted here does them
/// again.
async fn replace_customer_days(db: &Database, org: OrgId, marked: &[NaiveDate]) -> Result<u64> {
    let mut rows = 0;
    for days in marked.chunks(CHUNK) {
        let mut tx = db.org(org).await?;
        // Once before and once after: who ordered on the day by what was known, and by what is known.
        mark_customers(&mut tx, days).await?;
        sqlx::query!("delete from customer_days where org_id = $1 and day = any ($2)", org.0, days)
            .execute(&mut *tx)
            .await?;
        let written = sqlx::query(include_str!("customer_days.sql")).bind(org.0).bind(days);
        rows += written.execute(&mut *tx).await?.rows_affected();
        mark_customers(&mut tx, days).await?;
        tx.commit().await?;
    }
    if marked.len() > CHUNK {
        // What Postgres knows of the table is of before: it would choose a wrong index for each of its customers.
        let mut tx = db.org(org).await?;
        tx.run("select learn_customer_days()".into()).await?;
        tx.commit().await?;
    }
    Ok(rows)
}

async fn mark_customers(tx: &mut OrgTx, days: &[NaiveDate]) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "insert into dirty_customers (org_id, customer_id)
         select distinct $1::uuid, customer_id from customer_days where org_id = $1 and day = any ($2)
         on conflict do nothing",
        org,
        days
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn mark_first_days(tx: &mut OrgTx) -> Result<()> {
    let org = tx.org().0;
    let sql = "insert into dirty_commerce_days (org_id, day, mark)
        select distinct $1::uuid, f.day, $2::bigint
        from dirty_customers d
        left join customer_analytics a on a.org_id = d.org_id and a.customer_id = d.customer_id
        left join _customers c on c.customer_id = d.customer_id
        cross join lateral (values (a.first_order_day), (c.first_order_day)) f (day)
        where d.org_id = $1 and a.first_order_day is distinct from c.first_order_day and f.day is not null
        on conflict do nothing";
    sqlx::query(sql).bind(org).bind(OWN).execute(&mut **tx).await?;
    Ok(())
}

async fn replace_customers(tx: &mut OrgTx) -> Result<u64> {
    let org = tx.org().0;
    let gone = "delete from customer_analytics a using dirty_customers d
        where a.org_id = $1 and d.org_id = $1 and a.customer_id = d.customer_id
          and not exists (select from _customers c where c.customer_id = d.customer_id)";
    sqlx::query(gone).bind(org).execute(&mut **tx).await?;
    let there = "insert into customer_analytics (org_id, customer_id, orders, completed, cancelled, rejected, booked, paid, refunded,
            first_order_day, last_order_day, median_gap_days, favourite_category, favourite_method, rating_sum, rating_count,
            third_latest_completed, fifth_latest_completed, lifetime_value)
        select $1, customer_id, orders, completed, cancelled, rejected, booked, paid, refunded,
               first_order_day, last_order_day, median_gap_days, favourite_category, favourite_method, rating_sum, rating_count,
               third_latest_completed, fifth_latest_completed, paid - refunded
        from _customers
        on conflict (org_id, customer_id) do update set
            orders = excluded.orders, completed = excluded.completed, cancelled = excluded.cancelled, rejected = excluded.rejected,
            booked = excluded.booked, paid = excluded.paid, refunded = excluded.refunded,
            first_order_day = excluded.first_order_day, last_order_day = excluded.last_order_day,
            median_gap_days = excluded.median_gap_days, favourite_category = excluded.favourite_category,
            favourite_method = excluded.favourite_method, rating_sum = excluded.rating_sum, rating_count = excluded.rating_count,
            third_latest_completed = excluded.third_latest_completed, fifth_latest_completed = excluded.fifth_latest_completed,
            lifetime_value = excluded.paid - excluded.refunded + coalesce(customer_analytics.expected_margin, 0)";
    Ok(sqlx::query(there).bind(org).execute(&mut **tx).await?.rows_affected())
}

/// Replaces the sums of the months of these days. A month that is not over, or has days that wait, has none: its days are read.
async fn rebuild_months(tx: &mut OrgTx, days: &[NaiveDate], last: NaiveDate) -> Result<u64> {
    let org = tx.org().0;
    let months: BTreeSet<NaiveDate> = days.iter().map(|day| Grain::Month.begins(*day)).collect();
    let mut rows = 0;
    for month in months {
        let end = last_of(month);
        for table in ["revenue_months", "category_months", "partner_months"] {
            let sql = format!("delete from {table} where org_id = $1 and month = $2");
            sqlx::query(AssertSqlSafe(sql)).bind(org).bind(month).execute(&mut **tx).await?;
        }
        let waits = sqlx::query_scalar!(
            r#"select exists (select from dirty_commerce_days where org_id = $1 and day between $2 and $3) as "waits!""#,
            org,
            month,
            end
        );
        if end > last || waits.fetch_one(&mut **tx).await? {
            continue;
        }
        for sql in [include_str!("months.sql"), include_str!("category_months.sql"), include_str!("partner_months.sql")]
        {
            rows += sqlx::query(sql).bind(org).bind(month).bind(end).execute(&mut **tx).await?.rows_affected();
        }
    }
    Ok(rows)
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

/// Judges every customer's segment anew as of a day, and counts the segments and where newcomers came from. Returns the rows
/// written.
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
    let sources = sqlx::query(include_str!("sources.sql")).bind(org).execute(&mut **tx).await?;
    Ok(changed.rows_affected() + counted.rows_affected() + sources.rows_affected())
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
