//! The ruling, and what follows from it at once.

use leptos::prelude::*;
use muster::disputes::{self, Ruling};
use muster::night;
use muster::people::Permission;
use uuid::Uuid;

use super::page::may_rule;
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;

/// What a ruling came to.
pub(crate) struct Ruled {
    /// Whether the scores have followed already; else the next run of the night's job does it.
    pub followed: bool,
}

/// Rules on a dispute of the caller's scope and brings the worker's scores, streaks and queue entry up to it.
///
/// # Errors
/// [`AppError::NotFound`] outside the scope, [`AppError::Forbidden`] for who only reads and on the own facts,
/// [`AppError::Conflict`] when it was ruled on before, [`AppError::Invalid`] without a reason.
pub(crate) async fn rule(caller: &Caller, dispute: Uuid, ruling: Ruling, reason: &str) -> Result<Ruled, AppError> {
    let scope = caller.scope(Permission::Team)?;
    if !may_rule(caller) {
        return Err(AppError::Forbidden);
    }
    let org = &caller.user().org;
    let mut tx = caller.db().org(org.id).await?;
    let worker = disputes::worker_of(&mut tx, &scope, dispute).await?;
    disputes::rule(&mut tx, caller.user().id, dispute, ruling, reason, caller.now()).await?;
    tx.commit().await?;
    // The ruling stands from here on, whatever becomes of the rest. A rejected one changes no score, but the dispute is
    // open no longer, and with that nothing to be in the queue for.
    let followed = match night::after_ruling(caller.db(), org, worker, caller.now()).await {
        Ok(()) => true,
        Err(cause) => {
            tracing::error!(%cause, "scores and queue did not follow a ruling; the night will do it");
            false
        }
    };
    Ok(Ruled { followed })
}

/// The form of the page.
#[server(prefix = "/fn", endpoint = "rule_dispute")]
pub async fn rule_dispute(
    #[server(default)] dispute: String,
    #[server(default)] ruling: String,
    #[server(default)] reason: String,
    #[server(default)] back: String,
) -> Result<(), ServerFnError> {
    let outcome = async {
        let caller = Caller::with(Permission::Team)?;
        let id = dispute.parse().map_err(|_| AppError::NotFound)?;
        let ruling = word(&ruling)?;
        Ok::<_, AppError>((rule(&caller, id, ruling, &reason).await?, ruling))
    }
    .await;
    let flash = match outcome {
        Ok((ruled, ruling)) => Flash::done("ruling", said(&ruled, ruling)),
        Err(error) => Flash::mend("ruling", refusal(&error), &[("dispute", &dispute), ("reason", &reason)]),
    };
    flash.keep().await;
    let plain = back.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '=' | '&' | '_' | '-'));
    let query = if plain && !back.is_empty() { format!("?{back}") } else { String::new() };
    leptos_axum::redirect(&format!("/disputes{query}"));
    Ok(())
}

fn word(text: &str) -> Result<Ruling, AppError> {
    [Ruling::Upheld, Ruling::Rejected]
        .into_iter()
        .find(|it| it.word() == text)
        .ok_or_else(|| AppError::Invalid("Choose to uphold or to reject.".into()))
}

fn said(ruled: &Ruled, ruling: Ruling) -> String {
    match (ruling, ruled.followed) {
        (Ruling::Upheld, true) => {
            "Upheld. The fact counts no longer; score, streaks and queue are computed again.".into()
        }
        (Ruling::Upheld, false) => {
            "Upheld. The fact counts no longer; the score follows with the next nightly run.".into()
        }
        (Ruling::Rejected, _) => "Rejected. The fact stays, and the worker reads your reason.".into(),
    }
}

fn refusal(error: &AppError) -> String {
    match error {
        AppError::Invalid(text) | AppError::Conflict(text) => text.clone(),
        AppError::NotFound => "That dispute is not among yours. Nothing was changed.".into(),
        AppError::Forbidden => {
            "That is not yours to rule on: only the worker's supervisor does, and nobody on the own facts.".into()
        }
        other => format!("{}. {}", other.title(), other.text()),
    }
}
