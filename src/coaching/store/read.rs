//! Reading the queue: entries with their worker and conversation, counts.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::Result;
use crate::coaching::queue::{Counts, Entry, Session, Shown, Step};
use crate::coaching::{Kind, State};
use crate::database::OrgTx;
use crate::scoring::cohort::FEWEST;
use crate::units::{SiteId, WorkerId};

/// Closed entries are counted this many days.
const CLOSED_DAYS: i32 = 90;

/// Which entries.
#[derive(Debug, Clone)]
pub(in crate::coaching) struct Ask {
    /// Home sites; `None`: all.
    pub sites: Option<Vec<Uuid>>,
    /// Whose own entry is left out.
    pub own: Option<WorkerId>,
    pub states: Vec<String>,
    /// The day whose BPI is shown.
    pub last: NaiveDate,
    /// By time of the last change instead of urgency.
    pub latest_first: bool,
}

struct Row {
    id: Uuid,
    version: i32,
    worker_id: Uuid,
    name: String,
    job_role: String,
    site: String,
    site_id: Uuid,
    kind: String,
    state: String,
    priority: f64,
    signals: Value,
    bpi: Option<f64>,
    suggested_on: NaiveDate,
    judged_on: NaiveDate,
    changed_at: DateTime<Utc>,
    changed_by: Option<String>,
    reason: Option<String>,
    session_state: Option<String>,
    scheduled_for: Option<NaiveDate>,
    agenda: Option<String>,
    completed_on: Option<NaiveDate>,
    notes: Option<String>,
    agreed_actions: Option<String>,
    follow_up_on: Option<NaiveDate>,
    coach: Option<String>,
}

impl Row {
    fn entry(self) -> Result<Entry> {
        let session = self.session_state.map(|state| Session {
            state,
            scheduled_for: self.scheduled_for,
            agenda: self.agenda.unwrap_or_default(),
            completed_on: self.completed_on,
            notes: self.notes.unwrap_or_default(),
            agreed_actions: self.agreed_actions.unwrap_or_default(),
            follow_up_on: self.follow_up_on,
            coach: self.coach,
            kind: Some(self.kind.clone()),
        });
        Ok(Entry {
            id: self.id,
            version: self.version,
            worker: WorkerId(self.worker_id),
            name: self.name,
            job_role: self.job_role,
            site: self.site,
            site_id: SiteId(self.site_id),
            kind: self.kind.parse()?,
            state: self.state.parse()?,
            priority: self.priority,
            signals: serde_json::from_value(self.signals)?,
            talking_points: Vec::new(),
            bpi: self.bpi,
            suggested_on: self.suggested_on,
            judged_on: self.judged_on,
            changed_at: self.changed_at,
            changed_by: self.changed_by,
            reason: self.reason,
            session,
        }
        .with_points())
    }
}

/// The narrowings that entries share; all but the organization may be null.
#[derive(Debug, Clone, Copy, Default)]
struct Narrow<'a> {
    kind: Option<&'a str>,
    item: Option<Uuid>,
    worker: Option<Uuid>,
}

async fn rows(tx: &mut OrgTx, ask: &Ask, narrow: Narrow<'_>, limit: i64, offset: i64) -> Result<Vec<Entry>> {
    let org = tx.org().0;
    let states = (!ask.states.is_empty()).then_some(ask.states.as_slice());
    let rows = sqlx::query_as!(
        Row,
        r#"select i.id, i.version, i.worker_id, w.name, w.job_role, s.name as site, s.id as site_id, i.kind, i.state, i.priority, i.signals,
               m.bpi as "bpi?", i.suggested_on, i.judged_on, i.changed_at, u.name as "changed_by?", i.reason,
               c.state as "session_state?", c.scheduled_for as "scheduled_for?", c.agenda as "agenda?", c.completed_on as "completed_on?",
               c.notes as "notes?", c.agreed_actions as "agreed_actions?", c.follow_up_on as "follow_up_on?", cu.name as "coach?"
           from coaching_items i
           join workers w on w.org_id = i.org_id and w.id = i.worker_id
           join sites s on s.org_id = w.org_id and s.id = w.home_site_id
           left join users u on u.org_id = i.org_id and u.id = i.changed_by
           left join coaching_sessions c on c.org_id = i.org_id and c.item_id = i.id and c.state <> 'cancelled'
           left join users cu on cu.org_id = c.org_id and cu.id = c.coach_id
           left join worker_daily_metrics m on m.org_id = i.org_id and m.worker_id = i.worker_id and m.day = $3
           where i.org_id = $1 and ($2::text[] is null or i.state = any ($2)) and ($4::uuid[] is null or w.home_site_id = any ($4))
             and i.worker_id is distinct from $5 and ($6::text is null or i.kind = $6)
             and ($7::uuid is null or i.id = $7) and ($8::uuid is null or i.worker_id = $8)
           order by case when $9 then i.changed_at end desc, i.priority desc, i.suggested_on, w.name, i.id
           limit $10 offset $11"#,
        org,
        states as _,
        ask.last,
        ask.sites.as_deref(),
        ask.own.map(|own| own.0),
        narrow.kind,
        narrow.item,
        narrow.worker,
        ask.latest_first,
        limit,
        offset
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(Row::entry).collect()
}

/// Entries of a kind (`None`: both), in order.
pub(in crate::coaching) async fn entries(
    tx: &mut OrgTx,
    ask: &Ask,
    kind: Option<Kind>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Entry>> {
    rows(tx, ask, Narrow { kind: kind.map(Kind::word), ..Narrow::default() }, limit, offset).await
}

pub(in crate::coaching) async fn entry(tx: &mut OrgTx, ask: &Ask, item: Uuid) -> Result<Option<Entry>> {
    Ok(rows(tx, ask, Narrow { item: Some(item), ..Narrow::default() }, 1, 0).await?.pop())
}

pub(in crate::coaching) async fn of_worker(tx: &mut OrgTx, ask: &Ask, worker: WorkerId) -> Result<Vec<Entry>> {
    rows(tx, ask, Narrow { worker: Some(worker.0), ..Narrow::default() }, 50, 0).await
}

pub(in crate::coaching) async fn count(tx: &mut OrgTx, ask: &Ask, kind: Option<Kind>) -> Result<i64> {
    let org = tx.org().0;
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "n!" from coaching_items i join workers w on w.org_id = i.org_id and w.id = i.worker_id
           where i.org_id = $1 and i.state = any ($2) and ($3::uuid[] is null or w.home_site_id = any ($3))
             and i.worker_id is distinct from $4 and ($5::text is null or i.kind = $5)"#,
        org,
        &ask.states,
        ask.sites.as_deref(),
        ask.own.map(|own| own.0),
        kind.map(Kind::word)
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// How many entries each tab holds.
pub(in crate::coaching) async fn tabs(tx: &mut OrgTx, ask: &Ask) -> Result<Vec<(Shown, i64)>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select i.state, count(*) as "n!" from coaching_items i join workers w on w.org_id = i.org_id and w.id = i.worker_id
           where i.org_id = $1 and ($2::uuid[] is null or w.home_site_id = any ($2)) and i.worker_id is distinct from $3
           group by i.state"#,
        org,
        ask.sites.as_deref(),
        ask.own.map(|own| own.0)
    )
    .fetch_all(&mut **tx)
    .await?;
    let counted: Vec<(State, i64)> =
        rows.into_iter().map(|row| Ok((row.state.parse()?, row.n))).collect::<Result<_>>()?;
    Ok(Shown::ALL
        .map(|shown| (shown, counted.iter().filter(|(state, _)| shown.holds(*state)).map(|(_, n)| n).sum()))
        .into())
}

pub(in crate::coaching) async fn steps(tx: &mut OrgTx, item: Uuid) -> Result<Vec<Step>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Step,
        r#"select s.step, s.at, u.name as "who?", s.reason from coaching_steps s
           left join users u on u.org_id = s.org_id and u.id = s.user_id
           where s.org_id = $1 and s.item_id = $2 order by s.version"#,
        org,
        item
    )
    .fetch_all(&mut **tx)
    .await?)
}

pub(in crate::coaching) async fn sessions(tx: &mut OrgTx, worker: WorkerId, limit: i64) -> Result<Vec<Session>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Session,
        r#"select c.state, c.scheduled_for, c.agenda, c.completed_on, c.notes, c.agreed_actions, c.follow_up_on,
               u.name as "coach?", i.kind as "kind?"
           from coaching_sessions c
           left join coaching_items i on i.org_id = c.org_id and i.id = c.item_id
           left join users u on u.org_id = c.org_id and u.id = c.coach_id
           where c.org_id = $1 and c.worker_id = $2 and c.state <> 'cancelled'
           order by (c.completed_on is null) desc, coalesce(c.completed_on, c.scheduled_for) desc, c.id desc limit $3"#,
        org,
        worker.0,
        limit
    )
    .fetch_all(&mut **tx)
    .await?)
}

pub(in crate::coaching) async fn site_exists(tx: &mut OrgTx, site: SiteId) -> Result<bool> {
    let org = tx.org().0;
    Ok(sqlx::query_scalar!(r#"select exists (select from sites where org_id = $1 and id = $2) as "it!""#, org, site.0)
        .fetch_one(&mut **tx)
        .await?)
}

pub(in crate::coaching) async fn counts(
    tx: &mut OrgTx,
    sites: Option<Vec<Uuid>>,
    today: NaiveDate,
) -> Result<Vec<Counts>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"with people as (
               select home_site_id, count(*) as n from workers
               where org_id = $1 and (left_on is null or left_on >= $3) and ($2::uuid[] is null or home_site_id = any ($2))
               group by home_site_id),
           grouped as (
               select p.home_site_id, p.n, case when p.n >= $4 then s.name end as site
               from people p join sites s on s.org_id = $1 and s.id = p.home_site_id),
           entries as (
               select w.home_site_id, i.state, count(*) as n from coaching_items i
               join workers w on w.org_id = i.org_id and w.id = i.worker_id
               where i.org_id = $1 and (i.state in ('suggested', 'scheduled', 'in_progress', 'snoozed') or i.judged_on > $3::date - $5::int)
               group by 1, 2)
           select g.site, (select sum(h.n)::bigint from grouped h where h.site is not distinct from g.site) as "people!",
               e.state as "state?", sum(e.n)::bigint as "n?"
           from grouped g left join entries e on e.home_site_id = g.home_site_id
           group by g.site, e.state order by g.site nulls last, e.state"#,
        org,
        sites.as_deref(),
        today,
        FEWEST as i64,
        CLOSED_DAYS
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut counts: Vec<Counts> = Vec::new();
    for row in rows {
        if row.people < FEWEST as i64 {
            continue;
        }
        if counts.last().is_none_or(|last| last.site != row.site) {
            counts.push(Counts {
                site: row.site,
                people: row.people,
                by_state: State::ALL.map(|state| (state, 0)).into(),
            });
        }
        let counted = row.state.map(|state| state.parse::<State>()).transpose()?.zip(row.n);
        if let (Some((state, n)), Some(last)) = (counted, counts.last_mut()) {
            last.by_state.iter_mut().filter(|(it, _)| *it == state).for_each(|it| it.1 += n);
        }
    }
    Ok(counts)
}
