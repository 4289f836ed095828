//! What the card's forms do: acknowledge an alert, mute it until a day.

use leptos::prelude::*;
use muster::alignment::alerts::{acknowledge, mute};
use muster::people::Permission;

use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;

/// Which form the messages belong to.
pub(super) const FORM: &str = "alerts";
/// Where the card is.
const CARD: &str = "/alignment#alerts";

/// Whoever may change something here; the others read.
fn changer() -> Result<Caller, AppError> {
    let caller = Caller::with(Permission::Alignment)?;
    if Permission::Alignment.may_change(caller.user().role) { Ok(caller) } else { Err(AppError::Forbidden) }
}

/// Says that somebody knows of an alert; it sends no more mails.
#[server(prefix = "/fn", endpoint = "acknowledge_alert")]
pub async fn acknowledge_alert(
    #[server(default)] alert: String,
    #[server(default)] note: String,
) -> Result<(), ServerFnError> {
    let outcome = async {
        let caller = changer()?;
        let id = alert.parse().map_err(|_| AppError::NotFound)?;
        let mut tx = caller.db().org(caller.user().org.id).await?;
        acknowledge(&mut tx, id, &note, caller.user(), caller.now()).await?;
        tx.commit().await?;
        Ok("Acknowledged. It stays here until it is over, and sends no more mails.".to_owned())
    };
    say(outcome.await, &[("alert", &alert), ("note", &note)]).await
}

/// Sends no mails of an alert up to and including a day; without a day it sends them again.
#[server(prefix = "/fn", endpoint = "mute_alert")]
pub async fn mute_alert(
    #[server(default)] alert: String,
    #[server(default)] until: String,
) -> Result<(), ServerFnError> {
    let outcome = async {
        let caller = changer()?;
        let id = alert.parse().map_err(|_| AppError::NotFound)?;
        let day = match until.trim() {
            "" => None,
            day => Some(day.parse().map_err(|_| AppError::Invalid("Give the day as 2026-03-31.".into()))?),
        };
        let mut tx = caller.db().org(caller.user().org.id).await?;
        mute(&mut tx, id, day, caller.user(), caller.now()).await?;
        tx.commit().await?;
        Ok(match day {
            Some(_) => {
                "Muted. It stays here until it is over, and sends no mails until that day has passed.".to_owned()
            }
            None => "It sends mails again.".to_owned(),
        })
    };
    say(outcome.await, &[("alert", &alert), ("until", &until)]).await
}

async fn say(outcome: Result<String, AppError>, typed: &[(&str, &str)]) -> Result<(), ServerFnError> {
    match outcome {
        Ok(done) => Flash::done(FORM, done).keep().await,
        Err(error) => Flash::mend(FORM, error.text(), typed).keep().await,
    }
    leptos_axum::redirect(CARD);
    Ok(())
}
