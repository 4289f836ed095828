//! Steps of an entry: taking one, noting it, taking it back.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::Result;
use crate::coaching::{Kind, State};
use crate::database::OrgTx;
use crate::people::Scope;
use crate::units::{UserId, WorkerId};

/// An entry as it stands before a step.
#[derive(Debug)]
pub(in crate::coaching) struct Entry {
    pub worker: WorkerId,
    pub name: String,
    pub kind: Kind,
    pub state: State,
    pub version: i32,
    /// What an undo brings back.
    pub before: Value,
}

/// The entry, if its worker's home site is in the scope.
pub(in crate::coaching) async fn entry(tx: &mut OrgTx, item: Uuid, scope: &Scope) -> Result<Option<Entry>> {
    let org = tx.org().0;
    let sites = scope.site_ids();
    let row = sqlx::query!(
        r#"select i.worker_id, w.name, i.kind, i.state, i.version,
               jsonb_build_object('state', i.state, 'answered', i.answered, 'reason', i.reason,
                                  'changed_at', i.changed_at, 'changed_by', i.changed_by) as "before!"
           from coaching_items i join workers w on w.org_id = i.org_id and w.id = i.worker_id
           where i.org_id = $1 and i.id = $2 and ($3::uuid[] is null or w.home_site_id = any ($3))"#,
        org,
        item,
        sites.as_deref()
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        Ok(Entry {
            worker: WorkerId(row.worker_id),
            name: row.name,
            kind: row.kind.parse()?,
            state: row.state.parse()?,
            version: row.version,
            before: row.before,
        })
    })
    .transpose()
}

/// Moves an entry on if it is still at `version`; an answer remembers the signals as they stand. Returns the rows changed.
pub(in crate::coaching) async fn take(
    tx: &mut OrgTx,
    item: Uuid,
    version: i32,
    to: State,
    reason: Option<&str>,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<u64> {
    let org = tx.org().0;
    let taken = sqlx::query!(
        "update coaching_items set state = $4, version = version + 1, reason = $5, changed_by = $6, changed_at = $7,
             answered = case when $8 then signals end
         where org_id = $1 and id = $2 and version = $3",
        org,
        item,
        version,
        to.word(),
        reason,
        user.0,
        now,
        to.is_answered()
    )
    .execute(&mut **tx)
    .await?;
    Ok(taken.rows_affected())
}

/// Brings back what a step changed.
pub(in crate::coaching) async fn restore(tx: &mut OrgTx, item: Uuid, version: i32, before: &Value) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "update coaching_items set state = $4::jsonb->>'state', answered = nullif($4::jsonb->'answered', 'null'), reason = $4::jsonb->>'reason',
             changed_at = ($4::jsonb->>'changed_at')::timestamptz, changed_by = ($4::jsonb->>'changed_by')::uuid, version = $3
         where org_id = $1 and id = $2",
        org,
        item,
        version,
        before
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes down who did what.
pub(in crate::coaching) async fn note(
    tx: &mut OrgTx,
    (item, version): (Uuid, i32),
    user: UserId,
    step: &str,
    reason: Option<&str>,
    before: &Value,
    now: DateTime<Utc>,
) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "insert into coaching_steps (org_id, item_id, version, at, user_id, step, reason, before) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        org,
        item,
        version,
        now,
        user.0,
        step,
        reason,
        before
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A step as it was noted.
#[derive(Debug)]
pub(in crate::coaching) struct Noted {
    pub user: Option<Uuid>,
    pub at: DateTime<Utc>,
    pub before: Value,
}

/// The step that led to a version.
pub(in crate::coaching) async fn step(tx: &mut OrgTx, (item, version): (Uuid, i32)) -> Result<Option<Noted>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Noted,
        r#"select user_id as "user", at, before from coaching_steps where org_id = $1 and item_id = $2 and version = $3 and step <> 'undone'"#,
        org,
        item,
        version
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// The last step of an entry: what, who (`None`: the morning), when.
pub(in crate::coaching) async fn last(
    tx: &mut OrgTx,
    item: Uuid,
) -> Result<Option<(String, Option<String>, DateTime<Utc>)>> {
    let org = tx.org().0;
    let row = sqlx::query!(
        r#"select s.step, u.name as "name?", s.at from coaching_steps s left join users u on u.org_id = s.org_id and u.id = s.user_id
           where s.org_id = $1 and s.item_id = $2 order by s.version desc limit 1"#,
        org,
        item
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| (row.step, row.name, row.at)))
}
