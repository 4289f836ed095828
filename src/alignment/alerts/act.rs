//! What somebody does about an alert: says to know of it, or wants no mail until a day. Both are written down.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use crate::database::OrgTx;
use crate::people::{User, audit};
use crate::{Error, Result};

/// The longest note, in characters.
const LONGEST: usize = 1000;
/// Nothing is muted for longer, in days.
const LONGEST_MUTE: i64 = 365;

/// Says that somebody knows of an open alert; it sends no more mails.
///
/// # Errors
/// [`Error::Invalid`] for a note that is too long; [`Error::NotFound`] for an alert that is not open; [`Error::Database`].
pub async fn acknowledge(tx: &mut OrgTx, alert: Uuid, note: &str, by: &User, now: DateTime<Utc>) -> Result<()> {
    let note = note.trim();
    if note.chars().count() > LONGEST || note.contains('\0') {
        return Err(Error::Invalid(format!("A note has at most {LONGEST} characters.")));
    }
    let org = tx.org().0;
    let known = sqlx::query!(
        "update kpi_alerts set acknowledged_at = $3, acknowledged_by = $4, note = nullif($5, '')
         where org_id = $1 and id = $2 and opened_at is not null and resolved_at is null",
        org,
        alert,
        now,
        by.id.0,
        note
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    if known == 0 {
        return Err(Error::NotFound("open alert"));
    }
    let after = json!({ "note": note });
    audit::record(tx, by.id, "acknowledged an alert", "alert", Some(alert), Some(after), now).await
}

/// Wants no mail of an alert, nor of those that follow it, up to and including a day; `None` wants them again.
///
/// # Errors
/// [`Error::Invalid`] for a day that is past or more than a year ahead; [`Error::NotFound`] for an alert that is not open;
/// [`Error::Database`].
pub async fn mute(tx: &mut OrgTx, alert: Uuid, until: Option<NaiveDate>, by: &User, now: DateTime<Utc>) -> Result<()> {
    let today = now.with_timezone(&by.org.zone).date_naive();
    if until.is_some_and(|until| !(0..=LONGEST_MUTE).contains(&(until - today).num_days())) {
        return Err(Error::Invalid("Mute until a day from today on, a year ahead at most.".into()));
    }
    let org = tx.org().0;
    // What an earlier alert of the same thing had would go on for the next one.
    let known = sqlx::query!(
        "update kpi_alerts a set muted_until = $3 from kpi_alerts it
         where it.org_id = $1 and it.id = $2 and it.opened_at is not null and it.resolved_at is null
           and a.org_id = $1 and a.kind = it.kind and a.key = it.key and (a.id = it.id or a.muted_until >= $4)",
        org,
        alert,
        until,
        today
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    if known == 0 {
        return Err(Error::NotFound("open alert"));
    }
    audit::record(tx, by.id, "muted an alert", "alert", Some(alert), Some(json!({ "until": until })), now).await
}
