//! Kudos as stored, and whom one may thank.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::Result;
use crate::database::OrgTx;
use crate::recognition::{Category, Colleague, GivenBefore, Giver, Kudos};
use crate::units::{Place, WorkerId};

/// Holds a giver's other kudos back until this transaction ends, so that limits are counted one at a time.
pub(in crate::recognition) async fn one_at_a_time(tx: &mut OrgTx, giver: &Giver) -> Result<()> {
    sqlx::query("select pg_advisory_xact_lock(hashtext('kudos'), hashtext($1))")
        .bind(giver.user.to_string())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub(in crate::recognition) async fn given_before(
    tx: &mut OrgTx,
    giver: &Giver,
    to: WorkerId,
    today: NaiveDate,
) -> Result<GivenBefore> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        GivenBefore,
        r#"select count(*) filter (where day = $5) as "today!", max(day) filter (where to_worker_id = $4) as same_colleague
           from kudos where org_id = $1 and (from_user_id = $2 or from_worker_id = $3)"#,
        org,
        giver.user.0,
        giver.worker.map(|worker| worker.0),
        to.0,
        today
    )
    .fetch_one(&mut **tx)
    .await?)
}

pub(in crate::recognition) async fn insert(
    tx: &mut OrgTx,
    giver: &Giver,
    to: WorkerId,
    category: Category,
    message: &str,
    now: DateTime<Utc>,
    today: NaiveDate,
) -> Result<Uuid> {
    let (org, id) = (tx.org().0, Uuid::now_v7());
    sqlx::query!(
        "insert into kudos (org_id, id, to_worker_id, from_worker_id, from_user_id, category, message, given_at, day)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        org,
        id,
        to.0,
        giver.worker.map(|worker| worker.0),
        giver.user.0,
        category.word(),
        message,
        now,
        today
    )
    .execute(&mut **tx)
    .await?;
    Ok(id)
}

/// Active workers whose home site is the giver's own, or one of those a giver without a worker record looks after.
pub(in crate::recognition) async fn colleagues(
    tx: &mut OrgTx,
    giver: &Giver,
    today: NaiveDate,
) -> Result<Vec<Colleague>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Colleague,
        "select w.id, w.name, w.home_site_id as site from workers w
         where w.org_id = $1 and w.id is distinct from $3
           and (w.hired_on is null or w.hired_on <= $4) and (w.left_on is null or w.left_on >= $4)
           and w.home_site_id in (
               select home_site_id from workers where org_id = $1 and id = $3
               union all
               select site_id from user_sites where org_id = $1 and user_id = $2)
         order by w.name, w.id",
        org,
        giver.user.0,
        giver.worker.map(|worker| worker.0),
        today
    )
    .fetch_all(&mut **tx)
    .await?)
}

pub(in crate::recognition) async fn received(
    tx: &mut OrgTx,
    worker: WorkerId,
    page: Option<Place>,
    limit: i64,
) -> Result<Vec<Kudos>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select k.id, k.category, k.message, k.given_at, k.day, coalesce(w.name, u.name, 'A colleague') as "from!"
           from kudos k
           left join workers w on w.org_id = k.org_id and w.id = k.from_worker_id
           left join users u on u.org_id = k.org_id and u.id = k.from_user_id
           where k.org_id = $1 and k.to_worker_id = $2
             and ($4::timestamptz is null or (k.given_at, k.id) < ($4, $5)) order by k.given_at desc, k.id desc limit $3"#,
        org,
        worker.0,
        limit,
        page.map(|page| page.at),
        page.map(|page| page.id)
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let category = row.category.parse()?;
            Ok(Kudos {
                id: row.id,
                category,
                message: row.message,
                given_at: row.given_at,
                day: row.day,
                from: row.from,
            })
        })
        .collect()
}

/// The giver's name, as the page of who is thanked shows it.
pub(in crate::recognition) async fn name_of(tx: &mut OrgTx, giver: &Giver) -> Result<String> {
    let org = tx.org().0;
    let name = sqlx::query_scalar!(
        "select coalesce(w.name, u.name, 'A colleague')
         from (select) nobody
         left join workers w on w.org_id = $1 and w.id = $2
         left join users u on u.org_id = $1 and u.id = $3",
        org,
        giver.worker.map(|worker| worker.0),
        giver.user.0
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(name.unwrap_or_default())
}
