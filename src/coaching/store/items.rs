//! Entries of the queue as the morning reads and writes them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::Result;
use crate::coaching::{Kind, Signal, State};
use crate::database::OrgTx;

/// Holds the queue still: the morning alone, or together with whoever acts on an entry. Until the transaction ends.
pub(in crate::coaching) async fn lock_queue(tx: &mut OrgTx) -> Result<()> {
    let org = tx.org().to_string();
    sqlx::query("select pg_advisory_xact_lock(hashtext('coaching-queue'), hashtext($1))")
        .bind(org)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Like [`lock_queue`], shared: those who act wait for the morning, not for each other.
pub(in crate::coaching) async fn join_queue(tx: &mut OrgTx) -> Result<()> {
    let org = tx.org().to_string();
    sqlx::query("select pg_advisory_xact_lock_shared(hashtext('coaching-queue'), hashtext($1))")
        .bind(org)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The latest entry of a worker and kind.
#[derive(Debug, Clone)]
pub(in crate::coaching) struct Latest {
    pub id: Uuid,
    pub state: State,
    pub answered: Vec<Signal>,
    pub judged_on: NaiveDate,
    pub version: i32,
}

/// The latest entries by worker and kind: the open one, else the last.
pub(in crate::coaching) async fn latest(tx: &mut OrgTx, of: Option<&[Uuid]>) -> Result<HashMap<(Uuid, Kind), Latest>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        "select distinct on (worker_id, kind) worker_id, kind, id, state, answered, judged_on, version from coaching_items
         where org_id = $1 and ($2::uuid[] is null or worker_id = any ($2))
         order by worker_id, kind, state in ('suggested', 'scheduled', 'in_progress') desc, suggested_on desc, id desc",
        org,
        of
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let answered = row.answered.map(serde_json::from_value).transpose()?.unwrap_or_default();
            let latest = Latest {
                id: row.id,
                state: row.state.parse()?,
                answered,
                judged_on: row.judged_on,
                version: row.version,
            };
            Ok(((row.worker_id, row.kind.parse()?), latest))
        })
        .collect()
}

/// Today's evidence of an entry.
#[derive(Debug)]
pub(in crate::coaching) struct Put {
    pub id: Uuid,
    pub worker: Uuid,
    pub kind: Kind,
    pub priority: f64,
    pub signals: Vec<Signal>,
}

/// What a morning changes; versions are those after the change.
#[derive(Debug)]
pub(in crate::coaching) struct Changes {
    pub today: NaiveDate,
    now: DateTime<Utc>,
    pub suggest: Vec<Put>,
    pub refresh: Vec<Put>,
    pub bring_back: Vec<(Put, i32)>,
    pub lapse: Vec<(Uuid, i32)>,
    pub remember: Vec<(Uuid, Vec<Signal>)>,
}

impl Changes {
    pub(in crate::coaching) fn new(today: NaiveDate, now: DateTime<Utc>) -> Self {
        let (suggest, refresh, bring_back) = (Vec::new(), Vec::new(), Vec::new());
        Self { today, now, suggest, refresh, bring_back, lapse: Vec::new(), remember: Vec::new() }
    }
}

/// Writes them, with a step for each change of state. Returns the rows written.
pub(in crate::coaching) async fn store(tx: &mut OrgTx, changes: Changes) -> Result<u64> {
    let lapsed: Vec<(Uuid, i32)> = changes.lapse.clone();
    let returned: Vec<(Uuid, i32)> = changes.bring_back.iter().map(|(put, version)| (put.id, *version)).collect();
    let suggested: Vec<(Uuid, i32)> = changes.suggest.iter().map(|put| (put.id, 1)).collect();
    let back: Vec<Put> = changes.bring_back.into_iter().map(|(put, _)| put).collect();
    let mut rows = suggest(tx, &changes.suggest, changes.today, changes.now).await?;
    rows += refresh(tx, &changes.refresh, changes.today).await?;
    rows += refresh(tx, &back, changes.today).await?;
    rows += restate(tx, &returned, State::Suggested, changes.now).await?;
    rows += restate(tx, &lapsed, State::Lapsed, changes.now).await?;
    rows += remember(tx, &changes.remember).await?;
    for (step, of) in [("suggested", suggested), ("returned", returned), ("lapsed", lapsed)] {
        rows += steps(tx, step, &of, changes.now).await?;
    }
    Ok(rows)
}

fn json(signals: &[Signal]) -> Result<Value> {
    Ok(serde_json::to_value(signals)?)
}

fn jsons(puts: &[Put]) -> Result<Vec<Value>> {
    puts.iter().map(|put| json(&put.signals)).collect()
}

fn ids(puts: &[Put]) -> Vec<Uuid> {
    puts.iter().map(|put| put.id).collect()
}

fn priorities(puts: &[Put]) -> Vec<f64> {
    puts.iter().map(|put| put.priority).collect()
}

async fn suggest(tx: &mut OrgTx, puts: &[Put], today: NaiveDate, now: DateTime<Utc>) -> Result<u64> {
    let org = tx.org().0;
    let written = sqlx::query!(
        "insert into coaching_items (org_id, id, worker_id, kind, state, priority, signals, suggested_on, judged_on, changed_at)
         select $1, n.id, n.worker_id, n.kind, 'suggested', n.priority, n.signals, $2, $2, $3
         from unnest($4::uuid[], $5::uuid[], $6::text[], $7::float8[], $8::jsonb[]) n (id, worker_id, kind, priority, signals)",
        org,
        today,
        now,
        &ids(puts),
        &puts.iter().map(|put| put.worker).collect::<Vec<_>>(),
        &puts.iter().map(|put| put.kind.word().to_owned()).collect::<Vec<_>>(),
        &priorities(puts),
        &jsons(puts)?
    )
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected())
}

async fn refresh(tx: &mut OrgTx, puts: &[Put], today: NaiveDate) -> Result<u64> {
    let org = tx.org().0;
    let written = sqlx::query!(
        "update coaching_items i set priority = n.priority, signals = n.signals, judged_on = $2
         from unnest($3::uuid[], $4::float8[], $5::jsonb[]) n (id, priority, signals)
         where i.org_id = $1 and i.id = n.id
           and (i.priority, i.signals, i.judged_on) is distinct from (n.priority, n.signals, $2)",
        org,
        today,
        &ids(puts),
        &priorities(puts),
        &jsons(puts)?
    )
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected())
}

async fn restate(tx: &mut OrgTx, of: &[(Uuid, i32)], state: State, now: DateTime<Utc>) -> Result<u64> {
    let org = tx.org().0;
    let (ids, versions): (Vec<Uuid>, Vec<i32>) = of.iter().copied().unzip();
    let written = sqlx::query!(
        "update coaching_items i set state = $2, version = n.version, changed_at = $3, changed_by = null, reason = null, answered = null
         from unnest($4::uuid[], $5::int[]) n (id, version) where i.org_id = $1 and i.id = n.id",
        org,
        state.word(),
        now,
        &ids,
        &versions
    )
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected())
}

async fn remember(tx: &mut OrgTx, of: &[(Uuid, Vec<Signal>)]) -> Result<u64> {
    let org = tx.org().0;
    let answered = of.iter().map(|(_, signals)| json(signals)).collect::<Result<Vec<_>>>()?;
    let written = sqlx::query!(
        "update coaching_items i set answered = n.answered from unnest($2::uuid[], $3::jsonb[]) n (id, answered)
         where i.org_id = $1 and i.id = n.id",
        org,
        &of.iter().map(|(id, _)| *id).collect::<Vec<_>>(),
        &answered
    )
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected())
}

async fn steps(tx: &mut OrgTx, step: &str, of: &[(Uuid, i32)], now: DateTime<Utc>) -> Result<u64> {
    let org = tx.org().0;
    let (ids, versions): (Vec<Uuid>, Vec<i32>) = of.iter().copied().unzip();
    let written = sqlx::query!(
        "insert into coaching_steps (org_id, item_id, version, at, step, before)
         select $1, n.id, n.version, $2, $3, '{}' from unnest($4::uuid[], $5::int[]) n (id, version)",
        org,
        now,
        step,
        &ids,
        &versions
    )
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected())
}
