//! What the page's forms do: add an address, pause it, try it, remove it.

use leptos::prelude::*;
use muster::people::{Permission, audit};
use muster::webhooks::{self, Reach};
use uuid::Uuid;

use super::PAGE;
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;

/// Which form the messages belong to.
pub(super) const FORM: &str = "webhooks";

/// Adds an address. What its messages are signed with is said once.
#[server(prefix = "/fn", endpoint = "add_webhook")]
pub async fn add_webhook(
    #[server(default)] url: String,
    #[server(default)] opened: bool,
    #[server(default)] escalated: bool,
    #[server(default)] closed: bool,
) -> Result<(), ServerFnError> {
    let outcome = async {
        let caller = Caller::with(Permission::Admin)?;
        let chosen = [opened, escalated, closed];
        let kinds = webhooks::Kind::CHOICES.into_iter().zip(chosen).filter(|(_, chosen)| *chosen);
        let kinds: Vec<String> = kinds.map(|(kind, _)| kind.code().to_owned()).collect();
        let mut tx = caller.db().org(caller.user().org.id).await?;
        let secret = webhooks::add(&mut tx, Reach::Public, &url, &kinds, caller.user().id, caller.now()).await?;
        tx.commit().await?;
        Ok(format!("Added. Its messages are signed with {secret} – copy it now, it is not shown again."))
    };
    say(outcome.await, &[("url", &url)]).await
}

/// Pauses an address, or goes on with it.
#[server(prefix = "/fn", endpoint = "pause_webhook")]
pub async fn pause_webhook(
    #[server(default)] id: String,
    #[server(default)] active: bool,
) -> Result<(), ServerFnError> {
    let outcome = async {
        let (caller, id) = meant(&id)?;
        let mut tx = caller.db().org(caller.user().org.id).await?;
        webhooks::set_active(&mut tx, id, active, caller.user().id, caller.now()).await?;
        tx.commit().await?;
        Ok(if active { "It is told again." } else { "Paused. What happens meanwhile is not sent later." }.to_owned())
    };
    say(outcome.await, &[]).await
}

/// Sends a message that says nothing.
#[server(prefix = "/fn", endpoint = "test_webhook")]
pub async fn test_webhook(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let outcome = async {
        let (caller, id) = meant(&id)?;
        let mut tx = caller.db().org(caller.user().org.id).await?;
        webhooks::test(&mut tx, id, caller.now()).await?;
        audit::record(&mut tx, caller.user().id, "tried a webhook", "webhook", Some(id), None, caller.now()).await?;
        tx.commit().await?;
        Ok("A test is on its way. What became of it stands below in a moment.".to_owned())
    };
    say(outcome.await, &[]).await
}

/// Removes an address with what was sent to it.
#[server(prefix = "/fn", endpoint = "remove_webhook")]
pub async fn remove_webhook(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let outcome = async {
        let (caller, id) = meant(&id)?;
        let mut tx = caller.db().org(caller.user().org.id).await?;
        webhooks::remove(&mut tx, id, caller.user().id, caller.now()).await?;
        tx.commit().await?;
        Ok("Removed, with what was sent to it.".to_owned())
    };
    say(outcome.await, &[]).await
}

fn meant(id: &str) -> Result<(Caller, Uuid), AppError> {
    let caller = Caller::with(Permission::Admin)?;
    Ok((caller, id.parse().map_err(|_| AppError::NotFound)?))
}

async fn say(outcome: Result<String, AppError>, typed: &[(&str, &str)]) -> Result<(), ServerFnError> {
    match outcome {
        Ok(done) => Flash::done(FORM, done).keep().await,
        Err(error) => Flash::mend(FORM, error.text(), typed).keep().await,
    }
    leptos_axum::redirect(PAGE);
    Ok(())
}
