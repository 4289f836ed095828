//! The conversations, where everybody stood in their weeks, and the exact scores of those who are compared.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::peers::{Standing, short_list};
use super::{Coached, Course, DAYS_AFTER, DidItWork, LeftOut, Peer, estimate};
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::WINDOW_DAYS;
use crate::people::{Scope, Sites};
use crate::scoring::cohort::{Traits, sizes};
use crate::scoring::sunday_on_or_before;
use crate::units::WorkerId;

/// The latest so many conversations are looked at: enough for an interval of about a point, and bounded work.
pub const MOST_CONVERSATIONS: i64 = 300;
/// Conversations before this are not looked at.
const YEAR: u64 = 365;
/// Who was coached within so many days before is in the middle of it: neither a beginning nor uncoached.
const CALM_DAYS: u64 = 2 * WINDOW_DAYS;

/// Did the conversations with the workers of this scope help? Colleagues are sought in the whole organization; none is named.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn effect(tx: &mut OrgTx, scope: &Scope, today: NaiveDate) -> Result<DidItWork> {
    let last = today - Days::new(DAYS_AFTER + 1);
    let talks = conversations(tx, scope, Span { first: last - Days::new(YEAR), last, today }).await?;
    let (old, young): (Vec<Talk>, Vec<Talk>) = talks.into_iter().partition(|talk| talk.day <= last);
    let mut left_out = LeftOut { waiting: young.len(), ..LeftOut::default() };
    let scored: Vec<(Talk, Course)> = old.iter().filter_map(|talk| Some((*talk, talk.course?))).collect();
    left_out.unscored = old.len() - scored.len();
    if scored.is_empty() {
        return Ok(estimate(&[], left_out));
    }
    let wanted = wanted(tx, &scored).await?;
    let courses = courses(tx, &wanted).await?;
    let coached: Vec<Coached> = scored
        .iter()
        .map(|(talk, course)| {
            let mine = wanted.iter().filter(|it| it.beside == *talk);
            let peers = mine.filter_map(|it| {
                let course = *courses.get(&(it.worker, talk.day))?;
                Some(Peer { worker: it.worker, course, helped: it.helped })
            });
            Coached { worker: talk.worker, course: *course, peers: peers.collect() }
        })
        .collect();
    Ok(estimate(&coached, left_out))
}

/// A completed conversation that was not one of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Talk {
    worker: WorkerId,
    day: NaiveDate,
    course: Option<Course>,
}

/// Conversations of `first ..= last` are old enough; those up to `today` are counted.
struct Span {
    first: NaiveDate,
    last: NaiveDate,
    today: NaiveDate,
}

/// The conversations of the scope, of those old enough the latest [`MOST_CONVERSATIONS`], with the scores around each.
async fn conversations(tx: &mut OrgTx, scope: &Scope, span: Span) -> Result<Vec<Talk>> {
    let org = tx.org().0;
    let (sites, client): (Option<Vec<Uuid>>, Option<Uuid>) = match &scope.sites {
        Sites::All => (None, None),
        Sites::Only(sites) => (Some(sites.iter().map(|site| site.0).collect()), None),
        Sites::OfClient(client) => (None, Some(client.0)),
    };
    let rows = sqlx::query!(
        r#"with held as (
               select worker_id, completed_on as day,
                      lag(completed_on) over (partition by worker_id order by completed_on, id) as previous
               from coaching_sessions
               where org_id = $1 and state = 'completed' and completed_on between $2::date - $5::int and $4),
           mine as (
               select h.worker_id, h.day from held h
               join workers w on w.org_id = $1 and w.id = h.worker_id
               join sites s on s.org_id = $1 and s.id = w.home_site_id
               where h.day >= $2 and (h.previous is null or h.previous < h.day - $5::int)
                 and (h.worker_id = $6 or ($6::uuid is null and ($7::uuid[] is null or s.id = any($7)) and ($8::uuid is null or s.client_id = $8)))),
           old as (select worker_id, day from mine where day <= $3 order by day desc, worker_id limit $9)
           select o.worker_id as "worker_id!", o.day as "day!",
                  (select bpi from worker_daily_metrics m where m.org_id = $1 and m.worker_id = o.worker_id and m.day = o.day - 29) as "earlier?",
                  (select bpi from worker_daily_metrics m where m.org_id = $1 and m.worker_id = o.worker_id and m.day = o.day - 1) as "before?",
                  (select bpi from worker_daily_metrics m where m.org_id = $1 and m.worker_id = o.worker_id and m.day = o.day + 30) as "after?"
           from old o
           union all
           select worker_id, day, null, null, null from mine where day > $3
           order by 2 desc, 1"#,
        org,
        span.first,
        span.last,
        span.today,
        CALM_DAYS as i32,
        scope.only_worker.map(|worker| worker.0),
        sites.as_deref(),
        client,
        MOST_CONVERSATIONS
    )
    .fetch_all(&mut **tx)
    .await?;
    let talk = |worker, day, scores: [Option<f64>; 3]| Talk { worker: WorkerId(worker), day, course: course(scores) };
    Ok(rows.into_iter().map(|row| talk(row.worker_id, row.day, [row.earlier, row.before, row.after])).collect())
}

fn course([earlier, before, after]: [Option<f64>; 3]) -> Option<Course> {
    Some(Course { earlier: earlier?, before: before?, after: after? })
}

/// Somebody to be looked at beside a conversation.
struct Wanted {
    beside: Talk,
    worker: WorkerId,
    helped: f64,
}

/// The colleagues who stood nearest in the week of each conversation and had not been coached.
async fn wanted(tx: &mut OrgTx, scored: &[(Talk, Course)]) -> Result<Vec<Wanted>> {
    let held = held(tx, scored).await?;
    let mut days_of_week: HashMap<NaiveDate, Vec<Talk>> = HashMap::new();
    for (talk, _) in scored {
        days_of_week.entry(sunday_on_or_before(talk.day)).or_default().push(*talk);
    }
    let standings = standings(tx, &days_of_week.keys().copied().collect::<Vec<_>>()).await?;
    let mut wanted = Vec::new();
    for (week, talks) in days_of_week {
        let Some(week) = standings.get(&week) else { continue };
        let sizes = sizes(week.iter().map(|it| &it.traits));
        for talk in talks {
            let Some(own) = week.iter().find(|it| it.worker == talk.worker) else { continue };
            let free = |worker| !held.get(&worker).is_some_and(|days| days.iter().any(|day| in_calm(*day, talk.day)));
            wanted.extend(short_list(own, week, &sizes, free).into_iter().map(|worker| {
                let days = held.get(&worker).map_or(&[][..], Vec::as_slice);
                Wanted { beside: talk, worker, helped: helped(days, talk.day) }
            }));
        }
    }
    Ok(wanted)
}

/// Whether a conversation on `day` makes somebody no uncoached colleague for one on `other`.
fn in_calm(day: NaiveDate, other: NaiveDate) -> bool {
    (other - Days::new(CALM_DAYS)..=other).contains(&day)
}

/// The share of the 28 days to the second score that follow a conversation of the colleague's own after `day`.
fn helped(own: &[NaiveDate], day: NaiveDate) -> f64 {
    let end = day + Days::new(DAYS_AFTER);
    let first = own.iter().filter(|own| **own > day && **own < end).min();
    first.map_or(0.0, |own| ((end - *own).num_days() as f64 / WINDOW_DAYS as f64).min(1.0))
}

/// When each worker of the organization was coached, around these conversations.
async fn held(tx: &mut OrgTx, scored: &[(Talk, Course)]) -> Result<HashMap<WorkerId, Vec<NaiveDate>>> {
    let org = tx.org().0;
    let days = || scored.iter().map(|(talk, _)| talk.day);
    let rows = sqlx::query!(
        r#"select worker_id, completed_on as "day!" from coaching_sessions
           where org_id = $1 and state = 'completed' and completed_on between $2::date - $4::int and $3::date + $5::int"#,
        org,
        days().min(),
        days().max(),
        CALM_DAYS as i32,
        DAYS_AFTER as i32
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut held: HashMap<WorkerId, Vec<NaiveDate>> = HashMap::new();
    for row in rows {
        held.entry(WorkerId(row.worker_id)).or_default().push(row.day);
    }
    Ok(held)
}

/// Everybody with a score in these weeks and four weeks before each.
async fn standings(tx: &mut OrgTx, weeks: &[NaiveDate]) -> Result<HashMap<NaiveDate, Vec<Standing>>> {
    let org = tx.org().0;
    let earlier: Vec<NaiveDate> = weeks.iter().map(|week| *week - Days::new(WINDOW_DAYS)).collect();
    let rows = sqlx::query!(
        r#"select k.week, k.worker_id, k.job_role, k.vertical, k.tenure, k.pattern, k.bpi as "before!", e.bpi as "earlier!"
           from worker_cohorts k
           join worker_cohorts e on e.org_id = $1 and e.worker_id = k.worker_id and e.week = k.week - 28 and e.bpi is not null
           where k.org_id = $1 and k.week = any($2) and k.bpi is not null and e.week = any($3)"#,
        org,
        weeks,
        &earlier
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut standings: HashMap<NaiveDate, Vec<Standing>> = HashMap::new();
    for row in rows {
        let traits = Traits { role: row.job_role, vertical: row.vertical, tenure: row.tenure, pattern: row.pattern };
        let worker = WorkerId(row.worker_id);
        standings.entry(row.week).or_default().push(Standing {
            worker,
            traits,
            earlier: row.earlier,
            before: row.before,
        });
    }
    Ok(standings)
}

/// The exact scores of those who are looked at, over the days of the conversation they stand beside. Asked one by one by
/// primary key: as joins the planner reads every day of the year.
async fn courses(tx: &mut OrgTx, wanted: &[Wanted]) -> Result<HashMap<(WorkerId, NaiveDate), Course>> {
    let org = tx.org().0;
    let workers: Vec<Uuid> = wanted.iter().map(|it| it.worker.0).collect();
    let days: Vec<NaiveDate> = wanted.iter().map(|it| it.beside.day).collect();
    let rows = sqlx::query!(
        r#"select q.worker_id as "worker_id!", q.day as "day!",
                  (select bpi from worker_daily_metrics m where m.org_id = $1 and m.worker_id = q.worker_id and m.day = q.day - 29) as earlier,
                  (select bpi from worker_daily_metrics m where m.org_id = $1 and m.worker_id = q.worker_id and m.day = q.day - 1) as before,
                  (select bpi from worker_daily_metrics m where m.org_id = $1 and m.worker_id = q.worker_id and m.day = q.day + 30) as after
           from (select distinct worker_id, day from unnest($2::uuid[], $3::date[]) as q (worker_id, day)) q"#,
        org,
        &workers,
        &days
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| Some(((WorkerId(row.worker_id), row.day), course([row.earlier, row.before, row.after])?)))
        .collect())
}

/// Works the answer of a morning out over the whole organization and keeps it. Returns the rows written.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn keep_effect(tx: &mut OrgTx, today: NaiveDate) -> Result<u64> {
    let everywhere = Scope { sites: Sites::All, only_worker: None, names: false };
    let answer = serde_json::to_value(effect(tx, &everywhere, today).await?)?;
    let org = tx.org().0;
    let kept = sqlx::query!(
        "insert into coaching_effects as e (org_id, day, answer) values ($1, $2, $3)
         on conflict (org_id, day) do update set answer = excluded.answer where e.answer is distinct from excluded.answer",
        org,
        today,
        answer
    )
    .execute(&mut **tx)
    .await?;
    Ok(kept.rows_affected())
}

/// The latest answer that was kept, with its morning; `None` before the first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn kept_effect(tx: &mut OrgTx) -> Result<Option<(NaiveDate, DidItWork)>> {
    let org = tx.org().0;
    let row = sqlx::query!("select day, answer from coaching_effects where org_id = $1 order by day desc limit 1", org)
        .fetch_optional(&mut **tx)
        .await?;
    row.map(|row| Ok((row.day, serde_json::from_value(row.answer)?))).transpose()
}
