//! The facts that shift fill is learned from and asked about.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::features::{Answer, OpenShift, Pool, Refusals};
use crate::Result;
use crate::database::OrgTx;

/// Which shifts.
#[derive(Debug, Clone, Copy)]
pub(super) enum Which<'a> {
    /// Those that were posted open and begin between two moments.
    Begun(DateTime<Utc>, DateTime<Utc>),
    /// These, posted now where it is not known when.
    These(&'a [Uuid], DateTime<Utc>),
}

/// Shifts that somebody has or had to be found for: posted before their start, and not filled as they were posted.
pub(super) async fn open_shifts(tx: &mut OrgTx, which: Which<'_>) -> Result<Vec<OpenShift>> {
    let (from, to, ids, now) = match which {
        Which::Begun(from, to) => (Some(from), Some(to), None, None),
        Which::These(ids, now) => (None, None, Some(ids), Some(now)),
    };
    let shifts = sqlx::query_as!(
        OpenShift,
        r#"select s.id, t.code as site, s.day, s.starts_at, s.required_skill as skill,
                  (extract(epoch from s.ends_at - s.starts_at) / 3600)::float8 as "hours!",
                  s.starts_at at time zone t.time_zone as "local!",
                  coalesce(s.posted_at, $5) as "posted_at!",
                  case when s.worker_id is not null and s.filled_at < s.starts_at then s.filled_at end as filled_at,
                  exists (select from calendar_days c where c.org_id = s.org_id and c.day = s.day and c.kind = 'holiday')
                      as "holiday!",
                  (s.pay_regular + s.pay_overtime + s.pay_premium + s.pay_travel)::float8 as "pay!"
             from shifts s join sites t on (t.org_id, t.id) = (s.org_id, s.site_id)
            where s.org_id = $1 and s.state = 'planned'
              and case when $4::uuid[] is null
                  then s.day >= ($2::timestamptz)::date - 2 and s.starts_at >= $2 and s.starts_at < $3 and s.posted_at < s.starts_at
                       and (s.worker_id is null or s.filled_at > s.posted_at)
                  else s.id = any ($4) end
            order by s.starts_at, s.id"#,
        tx.org().0,
        from,
        to,
        ids,
        now
    );
    Ok(shifts.fetch_all(&mut **tx).await?)
}

/// The answers given since `from` to offers of shifts that begin between two moments.
pub(super) async fn answers(tx: &mut OrgTx, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<Answer>> {
    let answers = sqlx::query_as!(
        Answer,
        r#"select o.shift_id as shift, t.code as site, o.answered_at as "at!", o.accepted as "accepted!"
             from shift_offers o
             join shifts s on (s.org_id, s.id) = (o.org_id, o.shift_id)
             join sites t on (t.org_id, t.id) = (s.org_id, s.site_id)
            where o.org_id = $1 and o.answered_at is not null and o.day >= ($2::timestamptz)::date - 1
              and s.starts_at >= $2 and s.starts_at < $3
            order by o.answered_at, o.id"#,
        tx.org().0,
        from,
        to
    );
    Ok(answers.fetch_all(&mut **tx).await?)
}

/// When offers of these shifts were refused.
pub(super) async fn refusals(tx: &mut OrgTx, shifts: &[Uuid]) -> Result<Refusals> {
    let rows = sqlx::query!(
        r#"select shift_id, answered_at as "at!" from shift_offers where org_id = $1 and shift_id = any ($2) and not accepted"#,
        tx.org().0,
        shifts
    );
    let mut refusals = Refusals::new();
    for row in rows.fetch_all(&mut **tx).await? {
        refusals.entry(row.shift_id).or_default().push(row.at);
    }
    Ok(refusals)
}

/// Who could come to each of these shifts, as things stood at its moment: people of the site with the skill, not on
/// leave, and rested for twelve hours on either side of the shifts they had by then.
pub(super) async fn pools(tx: &mut OrgTx, asked: &[(Uuid, DateTime<Utc>)]) -> Result<HashMap<Uuid, Pool>> {
    let (ids, moments): (Vec<Uuid>, Vec<DateTime<Utc>>) = asked.iter().copied().unzip();
    let rows = sqlx::query!(
        r#"with skilled as (
               select k.skill, count(*)::float8 / greatest(max(a.workers), 1) as share
                 from (select distinct required_skill as skill from shifts where org_id = $1 and id = any ($2)) k
                 cross join (select count(*) as workers from workers where org_id = $1) a
                 join workers w on w.org_id = $1 and (k.skill is null or k.skill = any (w.skills))
                group by k.skill)
           select s.id as "id!", coalesce(max(k.share), 0) as "rarity!",
                  count(w.id) filter (where not exists (
                      select from shifts o
                       where o.org_id = $1 and o.worker_id = w.id and o.id <> s.id and o.state = 'planned'
                         and o.day between s.day - 2 and s.day + 2 and coalesce(o.filled_at, o.posted_at, a.at) <= a.at
                         and o.starts_at < s.ends_at + interval '12 hours'
                         and o.ends_at > s.starts_at - interval '12 hours')) as "free!"
             from unnest($2::uuid[], $3::timestamptz[]) as a (id, at)
             join shifts s on s.org_id = $1 and s.id = a.id
             left join skilled k on k.skill is not distinct from s.required_skill
             left join workers w on w.org_id = $1 and w.home_site_id = s.site_id
                   and (s.required_skill is null or s.required_skill = any (w.skills))
                   and (w.hired_on is null or w.hired_on <= s.day) and (w.left_on is null or w.left_on >= s.day)
                   and not exists (select from leave l where l.org_id = $1 and l.worker_id = w.id and l.approved
                                      and s.day between l.first_day and l.last_day)
            group by s.id"#,
        tx.org().0,
        &ids,
        &moments
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, Pool { free: row.free as f64, rarity: row.rarity })).collect())
}
