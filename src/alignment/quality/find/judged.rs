//! How many rows a check judges.

use super::Window;
use crate::Result;
use crate::database::OrgTx;

/// Clock-ins.
pub(super) async fn clock_ins(tx: &mut OrgTx, window: &Window) -> Result<i64> {
    let org = tx.org().0;
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from attendance where org_id = $1 and day between $2 and $3 and clock_in is not null"#,
        org,
        window.first,
        window.last
    );
    Ok(count.fetch_one(&mut **tx).await?)
}

/// Tasks of shifts.
pub(super) async fn tasks(tx: &mut OrgTx, window: &Window) -> Result<i64> {
    let org = tx.org().0;
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from tasks where org_id = $1 and day between $2 and $3 and shift_id is not null"#,
        org,
        window.first,
        window.last
    );
    Ok(count.fetch_one(&mut **tx).await?)
}

/// Payments and refunds.
pub(super) async fn money(tx: &mut OrgTx, window: &Window) -> Result<i64> {
    let org = tx.org().0;
    let count = sqlx::query_scalar!(
        r#"select (select count(*) from payments where org_id = $1 and day between $2 and $3)
                + (select count(*) from refunds where org_id = $1 and day between $2 and $3) as "count!""#,
        org,
        window.first,
        window.last
    );
    Ok(count.fetch_one(&mut **tx).await?)
}

/// Planned shifts that somebody has, those to come too.
pub(super) async fn assigned(tx: &mut OrgTx, window: &Window) -> Result<i64> {
    let org = tx.org().0;
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from shifts where org_id = $1 and day >= $2 and state = 'planned' and worker_id is not null"#,
        org,
        window.first
    );
    Ok(count.fetch_one(&mut **tx).await?)
}

/// Planned shifts that somebody had, and that are over for so long that something should be known of them.
pub(super) async fn over(tx: &mut OrgTx, window: &Window) -> Result<i64> {
    let org = tx.org().0;
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from shifts
           where org_id = $1 and day between $2 and $3 and state = 'planned' and worker_id is not null and ends_at < $4"#,
        org,
        window.first,
        window.last,
        window.settled_before()
    );
    Ok(count.fetch_one(&mut **tx).await?)
}

/// Orders.
pub(super) async fn orders(tx: &mut OrgTx, window: &Window) -> Result<i64> {
    let org = tx.org().0;
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from orders where org_id = $1 and day between $2 and $3"#,
        org,
        window.first,
        window.last
    );
    Ok(count.fetch_one(&mut **tx).await?)
}

/// Orders with a payment.
pub(super) async fn paid_orders(tx: &mut OrgTx, window: &Window) -> Result<i64> {
    let org = tx.org().0;
    let count = sqlx::query_scalar!(
        r#"select count(distinct (order_day, order_id)) as "count!" from payments where org_id = $1 and order_day between $2 and $3"#,
        org,
        window.first,
        window.last
    );
    Ok(count.fetch_one(&mut **tx).await?)
}

/// Orders with a refund.
pub(super) async fn refunded_orders(tx: &mut OrgTx, window: &Window) -> Result<i64> {
    let org = tx.org().0;
    let count = sqlx::query_scalar!(
        r#"select count(distinct (order_day, order_id)) as "count!" from refunds where org_id = $1 and order_day between $2 and $3"#,
        org,
        window.first,
        window.last
    );
    Ok(count.fetch_one(&mut **tx).await?)
}

/// People who work here today.
pub(super) async fn people(tx: &mut OrgTx, window: &Window) -> Result<i64> {
    let org = tx.org().0;
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from workers where org_id = $1 and (left_on is null or left_on >= $2)"#,
        org,
        window.last
    );
    Ok(count.fetch_one(&mut **tx).await?)
}

/// Accounts that may sign in.
pub(super) async fn accounts(tx: &mut OrgTx) -> Result<i64> {
    let org = tx.org().0;
    let count =
        sqlx::query_scalar!(r#"select count(*) as "count!" from users where org_id = $1 and status = 'active'"#, org);
    Ok(count.fetch_one(&mut **tx).await?)
}

/// Facts with a beginning and an end.
pub(super) async fn timed(tx: &mut OrgTx, window: &Window) -> Result<i64> {
    let org = tx.org().0;
    let count = sqlx::query_scalar!(
        r#"select (select count(*) from attendance where org_id = $1 and day between $2 and $3 and clock_out is not null)
                + (select count(*) from tasks where org_id = $1 and day between $2 and $3 and completed_at is not null)
                + (select count(*) from work_orders where org_id = $1 and closed_day between $2 and $3)
                + (select count(*) from orders where org_id = $1 and day between $2 and $3) as "count!""#,
        org,
        window.first,
        window.last
    );
    Ok(count.fetch_one(&mut **tx).await?)
}

/// What somebody or something enters: clock-ins and orders.
pub(super) async fn entries(tx: &mut OrgTx, window: &Window) -> Result<i64> {
    Ok(clock_ins(tx, window).await? + orders(tx, window).await?)
}
