//! Conversations: one per entry, planned, held, or called off.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::Result;
use crate::coaching::Action;
use crate::database::OrgTx;
use crate::units::{UserId, WorkerId};

/// Whose conversation, with whom, about which entry.
#[derive(Debug, Clone, Copy)]
pub(in crate::coaching) struct Plan {
    pub item: Uuid,
    pub worker: WorkerId,
    pub coach: UserId,
    pub today: NaiveDate,
    pub now: DateTime<Utc>,
}

/// The conversation of an entry as it stands, to be put back by an undo.
pub(in crate::coaching) async fn snapshot(tx: &mut OrgTx, item: Uuid) -> Result<Option<Value>> {
    let org = tx.org().0;
    Ok(sqlx::query_scalar!(
        r#"select to_jsonb(s) as "it!" from coaching_sessions s where org_id = $1 and item_id = $2 and state <> 'cancelled'"#,
        org,
        item
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// Makes the conversation what an action says.
pub(in crate::coaching) async fn follow(tx: &mut OrgTx, plan: &Plan, action: &Action) -> Result<()> {
    match action {
        Action::Schedule { on, agenda } => schedule(tx, plan, *on, agenda.trim()).await,
        Action::Start => start(tx, plan).await,
        Action::Complete { notes, agreed_actions, follow_up_on } => {
            complete(tx, plan, notes.trim(), agreed_actions.trim(), *follow_up_on).await
        }
        Action::Snooze { .. } | Action::Dismiss { .. } => call_off(tx, plan.item).await,
    }
}

async fn schedule(tx: &mut OrgTx, plan: &Plan, on: NaiveDate, agenda: &str) -> Result<()> {
    let (org, id) = (tx.org().0, Uuid::now_v7());
    sqlx::query!(
        "insert into coaching_sessions (org_id, id, ref, worker_id, item_id, coach_id, state, scheduled_for, agenda)
         values ($1, $2, ($2::uuid)::text, $3, $4, $5, 'scheduled', $6, $7)
         on conflict (org_id, item_id) where item_id is not null and state <> 'cancelled'
         do update set coach_id = excluded.coach_id, state = 'scheduled', scheduled_for = excluded.scheduled_for, agenda = excluded.agenda",
        org,
        id,
        plan.worker.0,
        plan.item,
        plan.coach.0,
        on,
        agenda
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn start(tx: &mut OrgTx, plan: &Plan) -> Result<()> {
    let (org, id) = (tx.org().0, Uuid::now_v7());
    sqlx::query!(
        "insert into coaching_sessions (org_id, id, ref, worker_id, item_id, coach_id, state, started_at)
         values ($1, $2, ($2::uuid)::text, $3, $4, $5, 'in_progress', $6)
         on conflict (org_id, item_id) where item_id is not null and state <> 'cancelled'
         do update set coach_id = excluded.coach_id, state = 'in_progress', started_at = excluded.started_at",
        org,
        id,
        plan.worker.0,
        plan.item,
        plan.coach.0,
        plan.now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn complete(
    tx: &mut OrgTx,
    plan: &Plan,
    notes: &str,
    agreed_actions: &str,
    follow_up_on: Option<NaiveDate>,
) -> Result<()> {
    let (org, id) = (tx.org().0, Uuid::now_v7());
    sqlx::query!(
        "insert into coaching_sessions (org_id, id, ref, worker_id, item_id, coach_id, state, started_at, completed_at, completed_on,
             notes, agreed_actions, follow_up_on)
         values ($1, $2, ($2::uuid)::text, $3, $4, $5, 'completed', $6, $6, $7, $8, $9, $10)
         on conflict (org_id, item_id) where item_id is not null and state <> 'cancelled'
         do update set coach_id = excluded.coach_id, state = 'completed', completed_at = excluded.completed_at,
             completed_on = excluded.completed_on, notes = excluded.notes, agreed_actions = excluded.agreed_actions,
             follow_up_on = excluded.follow_up_on",
        org,
        id,
        plan.worker.0,
        plan.item,
        plan.coach.0,
        plan.now,
        plan.today,
        notes,
        agreed_actions,
        follow_up_on
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn call_off(tx: &mut OrgTx, item: Uuid) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "update coaching_sessions set state = 'cancelled' where org_id = $1 and item_id = $2 and state in ('scheduled', 'in_progress')",
        org,
        item
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Puts a conversation back as it was before a step; `None` or null: there was none.
pub(in crate::coaching) async fn put_back(tx: &mut OrgTx, item: Uuid, before: Option<&Value>) -> Result<()> {
    let org = tx.org().0;
    let Some(before) = before.filter(|it| !it.is_null()) else {
        sqlx::query!(
            "delete from coaching_sessions where org_id = $1 and item_id = $2 and state <> 'cancelled'",
            org,
            item
        )
        .execute(&mut **tx)
        .await?;
        return Ok(());
    };
    sqlx::query!(
        "update coaching_sessions s set coach_id = b.coach_id, state = b.state, scheduled_for = b.scheduled_for, agenda = b.agenda,
             started_at = b.started_at, completed_at = b.completed_at, completed_on = b.completed_on, notes = b.notes,
             agreed_actions = b.agreed_actions, follow_up_on = b.follow_up_on
         from jsonb_populate_record(null::coaching_sessions, $2) b where s.org_id = $1 and s.id = b.id",
        org,
        before
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
