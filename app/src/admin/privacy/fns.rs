//! What the page's forms do: forget a person, and set how long what is kept.

use leptos::prelude::*;
use muster::privacy::{Person, Settings, change_settings, erase, person_of_user, person_of_worker};
use muster::units::{UserId, WorkerId};

use super::PAGE;
use crate::admin::administrator;
use crate::error::AppError;
use crate::flash::Flash;

/// Which form the messages belong to.
pub(super) const FORGET: &str = "forget";
/// Which form the messages belong to.
pub(super) const RETENTION: &str = "retention";
/// What must be typed before somebody is forgotten.
pub(super) const CONFIRMED: &str = "forget";

/// Whom the address or a form means: `worker-ID` or `user-ID`.
pub(super) fn meant(who: &str) -> Option<Result<WorkerId, UserId>> {
    let worker = who.strip_prefix("worker-").and_then(|id| id.parse().ok()).map(Ok);
    worker.or_else(|| who.strip_prefix("user-").and_then(|id| id.parse().ok()).map(Err))
}

/// The person of the caller's organization that is meant.
pub(super) async fn person(tx: &mut muster::database::OrgTx, who: &str) -> Result<Person, AppError> {
    Ok(match meant(who).ok_or(AppError::NotFound)? {
        Ok(worker) => person_of_worker(tx, worker).await?,
        Err(user) => person_of_user(tx, user).await?,
    })
}

/// Forgets a person.
#[server(prefix = "/fn", endpoint = "forget_person")]
pub async fn forget_person(
    #[server(default)] who: String,
    #[server(default)] reason: String,
    #[server(default)] confirm: String,
) -> Result<(), ServerFnError> {
    let outcome = async {
        let caller = administrator()?;
        if confirm.trim().to_lowercase() != CONFIRMED {
            return Err(AppError::Invalid(format!("Type the word {CONFIRMED} to confirm: it cannot be undone.")));
        }
        let mut tx = caller.db().org(caller.user().org.id).await?;
        let person = person(&mut tx, &who).await?;
        let done = erase(&mut tx, person, Some(caller.user().id), &reason, caller.now()).await?;
        tx.commit().await?;
        Ok(format!("Forgotten. The person is {} from now on, and nothing leads back.", done.alias))
    }
    .await;
    let plain = meant(&who).is_some();
    match outcome {
        Ok(done) => {
            Flash::done(FORGET, done).keep().await;
            leptos_axum::redirect(PAGE);
        }
        Err(error) => {
            Flash::mend(FORGET, error.text(), &[("reason", &reason)]).keep().await;
            leptos_axum::redirect(&if plain { format!("{PAGE}?who={who}") } else { PAGE.to_owned() });
        }
    }
    Ok(())
}

/// Sets how long what is kept.
#[server(prefix = "/fn", endpoint = "set_retention")]
pub async fn set_retention(
    #[server(default)] coordinates_days: String,
    #[server(default)] leavers_months: String,
) -> Result<(), ServerFnError> {
    let outcome = async {
        let caller = administrator()?;
        let number = |text: &str| {
            text.trim()
                .parse::<i32>()
                .map_err(|_| AppError::Invalid(format!("'{}' is not a number; write it in digits.", text.trim())))
        };
        let months = leavers_months.trim();
        let set = Settings {
            coordinates_days: number(&coordinates_days)?,
            leavers_months: if months.is_empty() { None } else { Some(number(months)?) },
        };
        let mut tx = caller.db().org(caller.user().org.id).await?;
        change_settings(&mut tx, set, caller.user().id, caller.now()).await?;
        tx.commit().await?;
        Ok::<_, AppError>(())
    }
    .await;
    let flash = match outcome {
        Ok(()) => Flash::done(RETENTION, "Kept. The next night holds to it."),
        Err(error) => {
            let typed = [("coordinates_days", coordinates_days.as_str()), ("leavers_months", leavers_months.as_str())];
            Flash::mend(RETENTION, error.text(), &typed)
        }
    };
    flash.keep().await;
    leptos_axum::redirect(PAGE);
    Ok(())
}
