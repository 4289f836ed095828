//! What the page's buttons do: run a job now, try one again that was given up.

use leptos::prelude::*;
use muster::night::{self, Job};
use muster::people::{Permission, audit};
use muster::queue;
use muster::units::JobId;
use serde_json::json;

use super::PAGE;
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;

/// Which form the messages belong to.
pub(super) const FORM: &str = "jobs";

/// Puts a job into the queue, to be done as soon as an instance is free.
#[server(prefix = "/fn", endpoint = "run_job")]
pub async fn run_job(#[server(default)] job: String) -> Result<(), ServerFnError> {
    let outcome = async {
        let caller = Caller::with(Permission::Admin)?;
        let job: Job = job.parse()?;
        let (org, user, now) = (caller.user().org.id, caller.user().id, caller.now());
        let mut tx = caller.db().org(org).await?;
        let Some(id) = night::ask(&mut tx, org, job, Some(user), now).await? else {
            return Err(AppError::Invalid(format!("{} waits in the queue already.", job.title())));
        };
        audit::record(&mut tx, user, "ran a job", "job", Some(id.0), Some(json!({ "job": job.name() })), now).await?;
        tx.commit().await?;
        Ok(format!("{} is in the queue. It starts as soon as an instance is free.", job.title()))
    };
    say(outcome.await).await
}

/// Tries a job again that was given up, from its first try on.
#[server(prefix = "/fn", endpoint = "retry_job")]
pub async fn retry_job(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let outcome = async {
        let caller = Caller::with(Permission::Admin)?;
        let id: JobId = id.parse().map_err(|_| AppError::NotFound)?;
        let (org, user, now) = (caller.user().org.id, caller.user().id, caller.now());
        let mut tx = caller.db().org(org).await?;
        if !queue::retry(&mut tx, org, id).await? {
            return Err(AppError::Invalid("This job is not one that was given up: it waits, runs or is done.".into()));
        }
        audit::record(&mut tx, user, "tried a job again", "job", Some(id.0), None, now).await?;
        tx.commit().await?;
        Ok("It is in the queue again.".to_owned())
    };
    say(outcome.await).await
}

async fn say(outcome: Result<String, AppError>) -> Result<(), ServerFnError> {
    let flash = match outcome {
        Ok(done) => Flash::done(FORM, done),
        Err(error) => Flash::mend(FORM, error.text(), &[]),
    };
    flash.keep().await;
    leptos_axum::redirect(PAGE);
    Ok(())
}
