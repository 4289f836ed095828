//! What a site's people were thanked for and earned, as stored.

use chrono::NaiveDate;

use crate::Result;
use crate::database::OrgTx;
use crate::recognition::TeamKudos;
use crate::units::SiteId;

pub(in crate::recognition) async fn kudos(
    tx: &mut OrgTx,
    site: SiteId,
    offset: i64,
    limit: i64,
) -> Result<Vec<TeamKudos>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select k.id, k.category, k.message, k.day, t.name as "to", coalesce(w.name, u.name, 'A colleague') as "from!"
           from workers t
           join kudos k on k.org_id = t.org_id and k.to_worker_id = t.id
           left join workers w on w.org_id = k.org_id and w.id = k.from_worker_id
           left join users u on u.org_id = k.org_id and u.id = k.from_user_id
           where t.org_id = $1 and t.home_site_id = $2
           order by k.given_at desc, k.id desc offset $3 limit $4"#,
        org,
        site.0,
        offset,
        limit
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let category = row.category.parse()?;
            Ok(TeamKudos { id: row.id, to: row.to, from: row.from, category, message: row.message, day: row.day })
        })
        .collect()
}

/// An award and whose it is.
pub(in crate::recognition) struct Award {
    pub who: String,
    pub code: String,
    pub awarded_on: NaiveDate,
    pub evidence: serde_json::Value,
}

pub(in crate::recognition) async fn awards(tx: &mut OrgTx, site: SiteId, limit: i64) -> Result<Vec<Award>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Award,
        "select w.name as who, a.code, a.awarded_on, a.evidence
         from workers w join worker_achievements a on a.org_id = w.org_id and a.worker_id = w.id
         where w.org_id = $1 and w.home_site_id = $2
         order by a.awarded_on desc, w.name, a.code limit $3",
        org,
        site.0,
        limit
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// How often something was earned, by five people or more: fewer are never broken out.
pub(in crate::recognition) struct Count {
    pub name: String,
    pub tier: String,
    pub times: i64,
}

pub(in crate::recognition) async fn award_counts(tx: &mut OrgTx, site: SiteId, since: NaiveDate) -> Result<Vec<Count>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Count,
        r#"select d.name, d.tier, count(*) as "times!"
           from workers w
           join worker_achievements a on a.org_id = w.org_id and a.worker_id = w.id
           join achievements d on d.org_id = a.org_id and d.code = a.code
           where w.org_id = $1 and w.home_site_id = $2 and a.awarded_on >= $3
           group by d.name, d.tier, d.position having count(distinct a.worker_id) >= 5 order by 3 desc, d.position"#,
        org,
        site.0,
        since
    )
    .fetch_all(&mut **tx)
    .await?)
}
