//! Team challenges as stored, and the sums they are judged by.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::Result;
use crate::database::OrgTx;
use crate::metrics::{Period, Sums};
use crate::recognition::Opponent;
use crate::recognition::challenge::{Challenge, Draft, Metric, Standing, order, state};
use crate::units::{Rate, SiteId, UserId};

/// How many of these sites the organization has.
pub(in crate::recognition) async fn known_sites(tx: &mut OrgTx, sites: &[SiteId]) -> Result<usize> {
    let org = tx.org().0;
    let ids: Vec<Uuid> = sites.iter().map(|site| site.0).collect();
    let known =
        sqlx::query_scalar!(r#"select count(*) as "n!" from sites where org_id = $1 and id = any ($2)"#, org, &ids)
            .fetch_one(&mut **tx)
            .await?;
    Ok(usize::try_from(known).unwrap_or(0))
}

/// Those of some sites where fewer than so many people work, by name.
pub(in crate::recognition) async fn smaller_than(tx: &mut OrgTx, fewest: i64, sites: &[SiteId]) -> Result<Vec<String>> {
    let org = tx.org().0;
    let ids: Vec<Uuid> = sites.iter().map(|site| site.0).collect();
    Ok(sqlx::query_scalar!(
        "select s.name from sites s
         where s.org_id = $1 and s.id = any ($2)
           and (select count(*) from workers w where w.org_id = $1 and w.home_site_id = s.id and w.left_on is null) < $3
         order by s.name, s.id",
        org,
        &ids,
        fewest
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Sites with so many people or more, but this one.
pub(in crate::recognition) async fn opponents(tx: &mut OrgTx, fewest: i64, site: SiteId) -> Result<Vec<Opponent>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Opponent,
        "select s.id, s.name from sites s
         where s.org_id = $1 and s.id <> $2
           and (select count(*) from workers w where w.org_id = $1 and w.home_site_id = s.id and w.left_on is null) >= $3
         order by s.name, s.id",
        org,
        site.0,
        fewest
    )
    .fetch_all(&mut **tx)
    .await?)
}

pub(in crate::recognition) async fn insert(
    tx: &mut OrgTx,
    user: UserId,
    draft: &Draft,
    now: DateTime<Utc>,
) -> Result<Uuid> {
    let (org, id) = (tx.org().0, Uuid::now_v7());
    sqlx::query!(
        "insert into team_challenges (org_id, id, name, metric, starts_on, ends_on, host_site_id, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        org,
        id,
        draft.name,
        draft.metric.word(),
        draft.days.first,
        draft.days.last,
        draft.host.0,
        user.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into team_challenge_sites (org_id, challenge_id, site_id) select $1, $2, site from unnest($3::uuid[]) site",
        org,
        id,
        &draft.sites().iter().map(|site| site.0).collect::<Vec<_>>()
    )
    .execute(&mut **tx)
    .await?;
    Ok(id)
}

/// What ending one early must know.
pub(in crate::recognition) struct ToEnd {
    pub days: Period,
    pub host: Option<SiteId>,
    pub is_settled: bool,
}

/// One that was not cancelled; holds others back until this ends.
pub(in crate::recognition) async fn to_end(tx: &mut OrgTx, id: Uuid) -> Result<Option<ToEnd>> {
    let org = tx.org().0;
    let row = sqlx::query!(
        "select starts_on, ends_on, host_site_id, settled_at from team_challenges
         where org_id = $1 and id = $2 and cancelled_at is null for update",
        org,
        id
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| ToEnd {
        days: Period { first: row.starts_on, last: row.ends_on },
        host: row.host_site_id.map(SiteId),
        is_settled: row.settled_at.is_some(),
    }))
}

pub(in crate::recognition) async fn end(
    tx: &mut OrgTx,
    id: Uuid,
    user: UserId,
    last: NaiveDate,
    now: DateTime<Utc>,
) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "update team_challenges set ends_on = $3, ended_by = $4, ended_at = $5 where org_id = $1 and id = $2",
        org,
        id,
        last,
        user.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(in crate::recognition) async fn cancel(tx: &mut OrgTx, id: Uuid, user: UserId, now: DateTime<Utc>) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "update team_challenges set cancelled_at = $4, ended_by = $3 where org_id = $1 and id = $2",
        org,
        id,
        user.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A site's challenges that end on `since` or later, as they stand after `last`. In no order.
pub(in crate::recognition) async fn of_site(
    tx: &mut OrgTx,
    site: SiteId,
    since: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<Challenge>> {
    let org = tx.org().0;
    let rows = sqlx::query_as!(
        Row,
        r#"select c.id, c.name, c.metric, c.starts_on, c.ends_on, c.host_site_id, c.ended_at, c.settled_at,
                  array(select w.site_id from team_challenge_winners w where w.org_id = $1 and w.challenge_id = c.id) as "winners!"
           from team_challenge_sites s join team_challenges c on c.org_id = s.org_id and c.id = s.challenge_id
           where s.org_id = $1 and s.site_id = $2 and c.ends_on >= $3 and c.cancelled_at is null
           order by c.ends_on desc limit 50"#,
        org,
        site.0,
        since
    )
    .fetch_all(&mut **tx)
    .await?;
    with_standings(tx, rows, last).await
}

/// Those that are over by `last` and not settled; holds others back until this ends.
pub(in crate::recognition) async fn to_settle(tx: &mut OrgTx, last: NaiveDate) -> Result<Vec<Challenge>> {
    let org = tx.org().0;
    let rows = sqlx::query_as!(
        Row,
        r#"select c.id, c.name, c.metric, c.starts_on, c.ends_on, c.host_site_id, c.ended_at, c.settled_at, '{}'::uuid[] as "winners!"
           from team_challenges c
           where c.org_id = $1 and c.ends_on <= $2 and c.settled_at is null and c.cancelled_at is null and c.created_at is not null
           order by c.id for update"#,
        org,
        last
    )
    .fetch_all(&mut **tx)
    .await?;
    with_standings(tx, rows, last).await
}

struct Row {
    id: Uuid,
    name: String,
    metric: String,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    host_site_id: Option<Uuid>,
    ended_at: Option<DateTime<Utc>>,
    settled_at: Option<DateTime<Utc>>,
    winners: Vec<Uuid>,
}

async fn with_standings(tx: &mut OrgTx, rows: Vec<Row>, last: NaiveDate) -> Result<Vec<Challenge>> {
    let mut challenges = Vec::new();
    for row in rows {
        let days = Period { first: row.starts_on, last: row.ends_on };
        challenges.push(Challenge {
            id: row.id,
            name: row.name,
            metric: row.metric.parse()?,
            days,
            state: state(days, row.settled_at.is_some(), last),
            ended_early: row.ended_at.is_some(),
            host: row.host_site_id.map(SiteId),
            standings: Vec::new(),
            winners: row.winners.into_iter().map(SiteId).collect(),
        });
    }
    let mut standings = standings(tx, &challenges, last).await?;
    for it in &mut challenges {
        it.standings = standings.remove(&it.id).unwrap_or_default();
        order(&mut it.standings);
    }
    Ok(challenges)
}

/// Standings by challenge, in one statement: as settled, or as the team days have it.
async fn standings(tx: &mut OrgTx, challenges: &[Challenge], last: NaiveDate) -> Result<HashMap<Uuid, Vec<Standing>>> {
    let org = tx.org().0;
    let mut found: HashMap<Uuid, Vec<Standing>> = HashMap::new();
    let rows = sqlx::query!(
        r#"select s.challenge_id, s.site_id, t.name, s.hit, s.judged, s.hit_before, s.judged_before, m.before,
                  coalesce(m.scheduled, 0) as "scheduled!", coalesce(m.attended, 0) as "attended!", coalesce(m.on_time, 0) as "on_time!",
                  coalesce(m.tasks_due, 0) as "tasks_due!", coalesce(m.tasks_completed, 0) as "tasks_completed!",
                  coalesce(m.tasks_sla_judged, 0) as "tasks_sla_judged!", coalesce(m.tasks_sla_hit, 0) as "tasks_sla_hit!",
                  coalesce(m.orders_sla_judged, 0) as "orders_sla_judged!", coalesce(m.orders_sla_hit, 0) as "orders_sla_hit!",
                  coalesce(m.checkpoints_planned, 0) as "checkpoints_planned!", coalesce(m.checkpoints_visited, 0) as "checkpoints_visited!"
           from unnest($2::uuid[], $3::date[], $4::date[], $5::date[]) c (id, baseline, starts_on, counted_to)
           join team_challenge_sites s on s.org_id = $1 and s.challenge_id = c.id
           join sites t on t.org_id = $1 and t.id = s.site_id
           left join lateral (
               select day < c.starts_on as before, sum(scheduled) as scheduled, sum(attended) as attended, sum(on_time) as on_time,
                      sum(tasks_due) as tasks_due, sum(tasks_completed) as tasks_completed,
                      sum(tasks_sla_judged) as tasks_sla_judged, sum(tasks_sla_hit) as tasks_sla_hit,
                      sum(orders_sla_judged) as orders_sla_judged, sum(orders_sla_hit) as orders_sla_hit,
                      sum(checkpoints_planned) as checkpoints_planned, sum(checkpoints_visited) as checkpoints_visited
               from team_daily_metrics d
               where d.org_id = $1 and d.site_id = s.site_id and d.day between c.baseline and c.counted_to group by 1
           ) m on s.hit is null
           order by s.challenge_id, s.site_id"#,
        org,
        &challenges.iter().map(|it| it.id).collect::<Vec<_>>(),
        &challenges.iter().map(|it| it.days.previous().first).collect::<Vec<_>>(),
        &challenges.iter().map(|it| it.days.first).collect::<Vec<_>>(),
        &challenges.iter().map(|it| it.days.last.min(last)).collect::<Vec<_>>()
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in rows {
        let metric = challenges.iter().find(|it| it.id == row.challenge_id).map(|it| it.metric);
        let rate = metric.map_or_else(Rate::default, |metric: Metric| {
            metric.rate(&Sums {
                scheduled: row.scheduled,
                attended: row.attended,
                on_time: row.on_time,
                tasks_due: row.tasks_due,
                tasks_completed: row.tasks_completed,
                tasks_sla_judged: row.tasks_sla_judged,
                tasks_sla_hit: row.tasks_sla_hit,
                orders_sla_judged: row.orders_sla_judged,
                orders_sla_hit: row.orders_sla_hit,
                checkpoints_planned: row.checkpoints_planned,
                checkpoints_visited: row.checkpoints_visited,
                ..Sums::default()
            })
        });
        let of_challenge = found.entry(row.challenge_id).or_default();
        let site = SiteId(row.site_id);
        if of_challenge.last().is_none_or(|it| it.site != site) {
            let settled = |hit: Option<i64>, of: Option<i64>| Rate { hit: hit.unwrap_or(0), of: of.unwrap_or(0) };
            let (now, before) = (settled(row.hit, row.judged), settled(row.hit_before, row.judged_before));
            of_challenge.push(Standing { site, name: row.name, now, before });
        }
        if let (Some(standing), Some(is_before)) = (of_challenge.last_mut(), row.before) {
            *(if is_before { &mut standing.before } else { &mut standing.now }) = rate;
        }
    }
    Ok(found)
}

/// Writes down how it ended.
pub(in crate::recognition) async fn settle(
    tx: &mut OrgTx,
    it: &Challenge,
    won: &[SiteId],
    now: DateTime<Utc>,
) -> Result<()> {
    let org = tx.org().0;
    let of = |count: fn(&Standing) -> i64| it.standings.iter().map(count).collect::<Vec<_>>();
    sqlx::query!(
        "update team_challenge_sites s set hit = f.hit, judged = f.judged, hit_before = f.hit_before, judged_before = f.judged_before
         from unnest($3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[]) f (site_id, hit, judged, hit_before, judged_before)
         where s.org_id = $1 and s.challenge_id = $2 and s.site_id = f.site_id",
        org,
        it.id,
        &it.standings.iter().map(|it| it.site.0).collect::<Vec<_>>(),
        &of(|it| it.now.hit),
        &of(|it| it.now.of),
        &of(|it| it.before.hit),
        &of(|it| it.before.of)
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into team_challenge_winners (org_id, challenge_id, site_id) select $1, $2, site from unnest($3::uuid[]) site on conflict do nothing",
        org,
        it.id,
        &won.iter().map(|site| site.0).collect::<Vec<_>>()
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!("update team_challenges set settled_at = $3 where org_id = $1 and id = $2", org, it.id, now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The users who work at a site, as its people do.
pub(in crate::recognition) async fn users_at(tx: &mut OrgTx, site: SiteId) -> Result<Vec<UserId>> {
    let org = tx.org().0;
    let users = sqlx::query_scalar!(
        "select u.id from users u join workers w on w.org_id = u.org_id and w.id = u.worker_id
         where u.org_id = $1 and w.home_site_id = $2 and u.role = 'worker' and u.status = 'active' order by u.id",
        org,
        site.0
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(users.into_iter().map(UserId).collect())
}
