//! What the page's forms do. Each ends in a redirect back to its part of the page, with a message.

use leptos::prelude::*;
use muster::disputes;
use muster::people::Permission;
use uuid::Uuid;

use super::page::own_worker;
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;

/// Remembers the theme and goes back to where the form was.
#[server(prefix = "/fn", endpoint = "choose_theme")]
pub async fn choose_theme(theme: String) -> Result<(), ServerFnError> {
    let caller = Caller::current().ok_or_else(|| ServerFnError::new("signed out"))?;
    muster::people::choose_theme(caller.db(), caller.user(), &theme).await.map_err(ServerFnError::new)
}

/// Files a dispute of an own fact.
#[server(prefix = "/fn", endpoint = "file_dispute")]
pub async fn file_dispute(fact: String, fact_id: String, #[server(default)] note: String) -> Result<(), ServerFnError> {
    let outcome = async {
        let caller = Caller::with(Permission::Me)?;
        let worker = own_worker(&caller)?;
        let kind = fact.parse()?;
        let id: Uuid = fact_id.parse().map_err(|_| AppError::NotFound)?;
        let mut tx = caller.db().org(caller.user().org.id).await?;
        disputes::file(&mut tx, caller.user().id, worker, kind, id, &note, caller.now()).await?;
        Ok::<_, AppError>(tx.commit().await?)
    }
    .await;
    let flash = match outcome {
        Ok(()) => Flash::done(
            "dispute",
            "Your dispute is filed. Your supervisor will rule on it, and you will see the ruling here.",
        ),
        Err(error) => Flash::mend("dispute", refusal(&error), &[("fact_id", &fact_id), ("note", &note)]),
    };
    flash.keep().await;
    leptos_axum::redirect("/me#facts");
    Ok(())
}

/// What a form says when it could not do it.
pub(super) fn refusal(error: &AppError) -> String {
    match error {
        AppError::Invalid(text) | AppError::Conflict(text) => text.clone(),
        AppError::NotFound => "That is not among what is recorded for you.".into(),
        other => format!("{}. {}", other.title(), other.text()),
    }
}
