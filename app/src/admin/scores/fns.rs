//! What the form does: make a new version of the policy, and where days are restated, ask for them to be judged again.

use axum::response::Response;
use muster::night::{self, Job};
use muster::scoring::{NewVersion, add_version};
use tower_sessions::Session;

use super::weights::policy;
use super::{FORM, PAGE};
use crate::admin::administrates;
use crate::admin::form::{Sent, back};
use crate::caller::Caller;
use crate::error::AppError;

/// `POST /fn/change_score_policy`
pub(super) async fn change(caller: Caller, session: Session, body: String) -> Response {
    let sent = Sent::read(&body);
    let outcome = made(&caller, &sent).await;
    back(&session, FORM, outcome, &sent, PAGE).await
}

async fn made(caller: &Caller, sent: &Sent) -> Result<String, AppError> {
    administrates(caller)?;
    let from = sent.get("from").parse();
    let from = from.map_err(|_| AppError::Invalid("Say from which day on, as 2026-03-31.".into()))?;
    let new = NewVersion {
        policy: policy(|code| sent.get(code).to_owned())?,
        from,
        restate: !sent.get("restate").is_empty(),
        reason: sent.get("reason").to_owned(),
    };
    let (org, user, now) = (caller.user().org.id, caller.user().id, caller.now());
    let last = caller.last_complete_day();
    let mut tx = caller.db().org(org).await?;
    let version = add_version(&mut tx, user, &new, last, now).await?;
    let restates = from <= last;
    if restates {
        // Already in the queue is as good.
        night::ask(&mut tx, org, Job::WorkerDays, Some(user), now).await?;
    }
    tx.commit().await?;
    Ok(if restates {
        format!(
            "Version {version} holds from {from} on. The days since then are being judged again and will stand as restated."
        )
    } else {
        format!("Version {version} holds from {from} on. What was published before stays as it is.")
    })
}
