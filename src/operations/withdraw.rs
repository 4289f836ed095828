//! Taking back what was done by hand: an added shift that nobody has, and an offer that nobody has answered.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::may_change;
use super::offer::{Locked, lock};
use crate::database::OrgTx;
use crate::notifications::{self, Kind};
use crate::people::{Scope, User, audit};
use crate::units::{ShiftId, SiteId, UserId};
use crate::{Error, Result};

/// Longest reason, in characters.
const LONGEST_REASON: usize = 500;

async fn held(tx: &mut OrgTx, user: &User, scope: &Scope, shift: ShiftId, now: DateTime<Utc>) -> Result<Locked> {
    if !may_change(user.role) {
        return Err(Error::Forbidden("operations"));
    }
    let held = lock(tx, shift).await?;
    scope.narrowed_to(Some(SiteId(held.site_id)))?;
    held.is_open(now)?;
    Ok(held)
}

/// Withdraws an open shift that was added here, and tells those who were asked for it. The shift stays on record, cancelled.
///
/// # Errors
/// [`Error::Forbidden`] for who only reads and outside the scope; [`Error::NotFound`]; [`Error::Conflict`] where somebody
/// has it, it has begun or is cancelled, or it comes from elsewhere; [`Error::Invalid`] without a reason.
pub async fn withdraw_shift(
    tx: &mut OrgTx,
    user: &User,
    scope: &Scope,
    shift: ShiftId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let held = held(tx, user, scope, shift, now).await?;
    let reason = reason_of(reason)?;
    let org = tx.org().0;
    // The next import would bring back a shift that is kept elsewhere.
    let written = sqlx::query!(
        "update shifts set state = 'cancelled' where org_id = $1 and id = $2 and ref = id::text",
        org,
        shift.0
    )
    .execute(&mut **tx)
    .await?;
    if written.rows_affected() == 0 {
        return Err(Error::Conflict("This shift comes from your planning system: cancel it there.".into()));
    }
    let asked = close_offers(tx, shift, None, now).await?;
    let text = format!("The shift {} is not needed any more. Thank you; you need not answer.", held.said()?);
    notifications::notify(tx, &asked, Kind::Offer, &text, "/me#offers", now).await?;
    let after = json!({ "reason": reason });
    audit::record(tx, user.id, "withdrew shift", "shift", Some(shift.0), Some(after), now).await
}

/// Takes back an offer that was not answered, and tells who was asked. The shift can be offered to them again.
///
/// # Errors
/// As [`withdraw_shift`]; [`Error::Conflict`] for an offer that was answered.
pub async fn withdraw_offer(
    tx: &mut OrgTx,
    user: &User,
    scope: &Scope,
    offer: Uuid,
    now: DateTime<Utc>,
) -> Result<ShiftId> {
    let org = tx.org().0;
    let shift = sqlx::query_scalar!("select shift_id from shift_offers where org_id = $1 and id = $2", org, offer)
        .fetch_optional(&mut **tx)
        .await?;
    let shift = ShiftId(shift.ok_or(Error::NotFound("offer"))?);
    let held = held(tx, user, scope, shift, now).await?;
    let waiting = sqlx::query_scalar!(
        r#"select count(*) as "n!" from shift_offers where org_id = $1 and id = $2 and answered_at is null and withdrawn_at is null"#,
        org,
        offer
    )
    .fetch_one(&mut **tx)
    .await?;
    if waiting == 0 {
        return Err(Error::Conflict("The offer is answered or taken back already.".into()));
    }
    let asked = close_offers(tx, shift, Some(offer), now).await?;
    let text = format!("The offer of the shift {} is taken back. You need not answer.", held.said()?);
    notifications::notify(tx, &asked, Kind::Offer, &text, "/me#offers", now).await?;
    let after = json!({ "offer": offer });
    audit::record(tx, user.id, "withdrew offer", "shift", Some(shift.0), Some(after), now).await?;
    Ok(shift)
}

/// Closes one offer of a shift or all that wait for an answer. Returns the users who had been asked.
async fn close_offers(tx: &mut OrgTx, shift: ShiftId, only: Option<Uuid>, now: DateTime<Utc>) -> Result<Vec<UserId>> {
    let org = tx.org().0;
    let users = sqlx::query_scalar!(
        r#"with closed as (
               update shift_offers set withdrawn_at = $4
               where org_id = $1 and shift_id = $2 and answered_at is null and withdrawn_at is null and ($3::uuid is null or id = $3)
               returning worker_id)
           select distinct u.id from closed c join users u on u.org_id = $1 and u.worker_id = c.worker_id and u.status = 'active' order by u.id"#,
        org,
        shift.0,
        only,
        now
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(users.into_iter().map(UserId).collect())
}

fn reason_of(typed: &str) -> Result<String> {
    let reason: String = typed.trim().chars().filter(|letter| *letter != '\0').take(LONGEST_REASON).collect();
    match reason.is_empty() {
        true => Err(Error::Invalid("Say why in a few words: it is kept with the shift.".into())),
        false => Ok(reason),
    }
}
