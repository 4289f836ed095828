//! What has come in today so far, against the same hours a week ago, and the latest orders.

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::Result;
use crate::database::OrgTx;

/// Orders that are listed.
const RECENT: i64 = 8;
/// Days in which they are looked for.
const LOOK_BACK: u64 = 7;

/// What came in on a day up to a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct SoFar {
    /// Orders placed.
    pub orders: i64,
    /// Gross revenue: the worth of those that stand, and what had been paid for those that ended.
    pub gross: Decimal,
    /// Customers who placed them.
    pub customers: i64,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recent {
    /// How the organization's systems refer to it.
    pub reference: String,
    /// Whose, likewise.
    pub customer: String,
    /// Of what kind.
    pub category: Option<String>,
    /// Less its discount.
    pub worth: Decimal,
    /// When.
    pub placed_at: DateTime<Utc>,
    /// `completed`, `cancelled`, `rejected`, `accepted` or `placed`.
    pub state: String,
}

/// Today so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Today {
    /// What came in.
    pub now: SoFar,
    /// The same hours a week ago.
    pub before: SoFar,
    /// The latest orders, newest first.
    pub recent: Vec<Recent>,
}

/// What has come in today; `None` where the organization has no orders at all.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn today(tx: &mut OrgTx, today: NaiveDate, now: DateTime<Utc>) -> Result<Option<Today>> {
    let org = tx.org().0;
    let any = sqlx::query_scalar!(r#"select exists (select from orders where org_id = $1) as "any!""#, org);
    if !any.fetch_one(&mut **tx).await? {
        return Ok(None);
    }
    Ok(Some(Today {
        now: so_far(tx, today, now).await?,
        before: so_far(tx, today - Days::new(7), now - Duration::days(7)).await?,
        recent: recent(tx, today, now).await?,
    }))
}

async fn so_far(tx: &mut OrgTx, day: NaiveDate, until: DateTime<Utc>) -> Result<SoFar> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        SoFar,
        r#"select count(*) as "orders!", count(distinct o.customer_id) as "customers!",
               coalesce(sum(case when num_nonnulls(o.cancelled_at, o.rejected_at) = 0 then o.amount - o.discount else coalesce(p.paid, 0) end), 0) as "gross!"
           from orders o
           left join lateral (
               select sum(m.amount) as paid from payments m
               where m.org_id = $1 and m.order_day = o.day and m.order_id = o.id and num_nonnulls(o.cancelled_at, o.rejected_at) > 0
           ) p on true
           where o.org_id = $1 and o.day = $2 and o.placed_at <= $3"#,
        org,
        day,
        until
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// The latest of the last day that has any; where those are few, of the days before too.
async fn recent(tx: &mut OrgTx, today: NaiveDate, now: DateTime<Utc>) -> Result<Vec<Recent>> {
    let org = tx.org().0;
    let look_back = today - Days::new(LOOK_BACK);
    let newest = sqlx::query_scalar!(
        "select max(day) from orders where org_id = $1 and day between $2 and $3 and placed_at <= $4",
        org,
        look_back,
        today,
        now
    );
    let Some(newest) = newest.fetch_one(&mut **tx).await? else { return Ok(Vec::new()) };
    let of_newest = latest(tx, newest, newest, now).await?;
    if of_newest.len() as i64 == RECENT { Ok(of_newest) } else { latest(tx, look_back, newest, now).await }
}

async fn latest(tx: &mut OrgTx, first: NaiveDate, last: NaiveDate, now: DateTime<Utc>) -> Result<Vec<Recent>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Recent,
        r#"select o.ref as reference, c.ref as customer, k.name as "category?", o.amount - o.discount as "worth!", o.placed_at,
               case when o.completed_at is not null then 'completed' when o.cancelled_at is not null then 'cancelled'
                    when o.rejected_at is not null then 'rejected' when o.accepted_at is not null then 'accepted' else 'placed' end as "state!"
           from (select * from orders where org_id = $1 and day between $2 and $3 and placed_at <= $4
                 order by placed_at desc, id limit $5) o
           join customers c on c.org_id = $1 and c.id = o.customer_id
           left join service_categories k on k.org_id = $1 and k.id = o.category_id
           order by o.placed_at desc, o.id"#,
        org,
        first,
        last,
        now,
        RECENT
    )
    .fetch_all(&mut **tx)
    .await?)
}
