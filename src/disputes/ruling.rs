//! Ruling on a dispute.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::check_note;
use crate::database::OrgTx;
use crate::metrics::dirty::mark_worker;
use crate::notifications;
use crate::people::audit;
use crate::units::{UserId, WorkerId};
use crate::{Error, Result};

/// What a dispute came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    /// The worker was right: the fact counts no longer.
    Upheld,
    /// The fact stays.
    Rejected,
}

impl Ruling {
    /// The word for it in data.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::Rejected => "rejected",
        }
    }
}

/// Rules on an open dispute. An upheld one takes its fact out of the sums: the worker's day is marked to be computed
/// again, and a restatement says so. That the dispute is within the user's scope is the caller's to check.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] on the own facts, [`Error::Conflict`] when it was ruled on before,
/// [`Error::Invalid`] for a reason that says nothing.
pub async fn rule(
    tx: &mut OrgTx,
    user: UserId,
    dispute: Uuid,
    ruling: Ruling,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let reason = check_note(reason).map_err(|_| {
        Error::Invalid("Give the reason in a few words, 2000 characters at most: the worker will read it.".into())
    })?;
    let (worker, day, before) = to_rule_on(tx, dispute).await?.ok_or(Error::NotFound("dispute"))?;
    if is_worker(tx, user, worker).await? {
        return Err(Error::Forbidden("nobody rules on the own facts"));
    }
    if let Some(before) = before {
        return Err(Error::Conflict(before));
    }
    let org = tx.org().0;
    sqlx::query!(
        "update disputes set state = $3, ruled_by = $4, ruled_at = $5, ruling = $6 where org_id = $1 and id = $2",
        org,
        dispute,
        ruling.word(),
        user.0,
        now,
        reason
    )
    .execute(&mut **tx)
    .await?;
    let after = serde_json::json!({ "state": ruling.word(), "reason": reason });
    audit::record(tx, user, "ruled on a dispute", "dispute", Some(dispute), Some(after), now).await?;
    if ruling == Ruling::Upheld {
        mark_worker(tx, worker.0, day).await?;
        note_restatement(tx, worker, day, now).await?;
    }
    tell(tx, worker, ruling, day, now).await
}

async fn tell(tx: &mut OrgTx, worker: WorkerId, ruling: Ruling, day: NaiveDate, now: DateTime<Utc>) -> Result<()> {
    let day = crate::charts::day_and_year(day);
    let text = match ruling {
        Ruling::Upheld => format!("Your dispute was upheld: what was recorded on {day} counts no longer."),
        Ruling::Rejected => format!("Your dispute about {day} was rejected. The reason stands beside it."),
    };
    let to = notifications::users_of_worker(tx, worker).await?;
    notifications::notify(tx, &to, notifications::Kind::Dispute, &text, "/me#facts", now).await?;
    Ok(())
}

/// Whose fact a dispute is about, of which day, and by whom it was ruled on before; holds others back until this ends.
async fn to_rule_on(tx: &mut OrgTx, dispute: Uuid) -> Result<Option<(WorkerId, NaiveDate, Option<String>)>> {
    let org = tx.org().0;
    let row = sqlx::query!(
        r#"select d.worker_id, d.day, d.state, u.name as "who?" from disputes d
           left join users u on u.org_id = d.org_id and u.id = d.ruled_by
           where d.org_id = $1 and d.id = $2 for update of d"#,
        org,
        dispute
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| {
        let who = row.who.unwrap_or_else(|| "Somebody".into());
        let before = format!("{who} has ruled on this dispute already: {}. Nothing was changed.", row.state);
        (WorkerId(row.worker_id), row.day, (row.state != "open").then_some(before))
    }))
}

async fn is_worker(tx: &mut OrgTx, user: UserId, worker: WorkerId) -> Result<bool> {
    let org = tx.org().0;
    let own = sqlx::query_scalar!("select worker_id from users where org_id = $1 and id = $2", org, user.0)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(own.flatten() == Some(worker.0))
}

async fn note_restatement(tx: &mut OrgTx, worker: WorkerId, day: NaiveDate, now: DateTime<Utc>) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "insert into restatements (org_id, worker_id, day, at, reason) values ($1, $2, $3, $4, 'a dispute was upheld') on conflict do nothing",
        org,
        worker.0,
        day,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
