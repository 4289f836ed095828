//! What the page's forms do. Each ends in a redirect back to the board with what was done, or what to mend.

use chrono::NaiveDateTime;
use leptos::prelude::*;
use muster::operations::{offer, post, withdraw};
use muster::people::Permission;
use muster::units::{ShiftId, WorkerId};
use serde_json::json;

use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::product::happened;

/// The form that adds a shift.
pub(super) const ADD: &str = "add_shift";
/// The form that offers one.
pub(super) const OFFER: &str = "offer_shift";

/// The forms that take something back.
pub(super) const WITHDRAW: &str = "withdraw";

/// Back to the board with its filter; nothing else can be in the address.
fn back_to(query: &str, more: &str) {
    let plain = query.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '=' | '&' | '_' | '-'));
    let query = if plain { query } else { "" };
    leptos_axum::redirect(&format!("/operations?{query}{more}"));
}

fn refusal(error: &AppError) -> String {
    match error {
        AppError::Invalid(text) | AppError::Conflict(text) => text.clone(),
        AppError::NotFound => "There is no such site or shift. Nothing was changed.".into(),
        AppError::Forbidden => {
            "That is not yours to do: supervisors act for their own sites, schedulers and admins for all. Nothing was changed.".into()
        }
        other => format!("{}. {}", other.title(), other.text()),
    }
}

/// What a date-and-time field sends: `2026-11-21T18:00`.
fn moment(text: &str, what: &str) -> Result<NaiveDateTime, AppError> {
    let parsed = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text.trim(), format).ok());
    parsed.ok_or_else(|| AppError::Invalid(format!("'{text}' is no {what}; write it as 2026-11-21 18:00.")))
}

/// Adds a shift that nobody has yet.
#[server(prefix = "/fn", endpoint = "add_shift")]
pub async fn add_shift(
    #[server(default)] site: String,
    #[server(default)] starts: String,
    #[server(default)] ends: String,
    #[server(default)] skill: String,
    #[server(default)] back: String,
) -> Result<(), ServerFnError> {
    let outcome = async {
        let caller = Caller::with(Permission::Operations)?;
        let scope = caller.scope(Permission::Operations)?;
        let site = site.parse().map_err(|_| AppError::Invalid("Choose a site.".into()))?;
        let (starts, ends) = (moment(&starts, "start")?, moment(&ends, "end")?);
        let new = post::NewShift { site, starts, ends, skill: skill.clone() };
        let mut tx = caller.db().org(caller.user().org.id).await?;
        let shift = post::add_shift(&mut tx, caller.user(), &scope, &new, caller.now()).await?;
        tx.commit().await?;
        Ok::<_, AppError>(shift)
    }
    .await;
    match outcome {
        Ok(shift) => {
            happened("shift_created", json!({ "how": "manual", "count": 1 }));
            Flash::done(ADD, "The shift is added. Offer it to somebody now, or later from the list.").keep().await;
            back_to(&back, &format!("&offer={shift}#offer"));
        }
        Err(error) => {
            let typed = [("site", site.as_str()), ("starts", &starts), ("ends", &ends), ("skill", &skill)];
            Flash::mend(ADD, refusal(&error), &typed).keep().await;
            back_to(&back, "#add");
        }
    }
    Ok(())
}

/// Offers a shift to those who were ticked.
#[server(prefix = "/fn", endpoint = "offer_shift")]
pub async fn offer_shift(
    #[server(default)] shift: String,
    #[server(default)] to1: String,
    #[server(default)] to2: String,
    #[server(default)] to3: String,
    #[server(default)] to4: String,
    #[server(default)] to5: String,
    #[server(default)] back: String,
) -> Result<(), ServerFnError> {
    let chosen: Vec<String> = [to1, to2, to3, to4, to5].into_iter().filter(|to| !to.is_empty()).collect();
    let outcome = async {
        let caller = Caller::with(Permission::Operations)?;
        let scope = caller.scope(Permission::Operations)?;
        let shift: ShiftId = shift.parse().map_err(|_| AppError::NotFound)?;
        let to: Vec<WorkerId> =
            chosen.iter().map(|to| to.parse().map_err(|_| AppError::NotFound)).collect::<Result<_, _>>()?;
        let mut tx = caller.db().org(caller.user().org.id).await?;
        let names = offer::offer(&mut tx, caller.user(), &scope, shift, &to, caller.now()).await?;
        tx.commit().await?;
        Ok::<_, AppError>(names)
    }
    .await;
    match outcome {
        Ok(names) => {
            Flash::done(OFFER, format!("Offered to {}. The first who accepts has the shift.", names.join(", ")))
                .keep()
                .await;
            back_to(&back, "#said");
        }
        Err(error) => {
            let chosen = chosen.join(" ");
            Flash::mend(OFFER, refusal(&error), &[("shift", &shift), ("to", &chosen)]).keep().await;
            let again = shift.parse::<ShiftId>().map(|shift| format!("&offer={shift}#offer"));
            back_to(&back, &again.unwrap_or_default());
        }
    }
    Ok(())
}

/// Withdraws an open shift that was added here.
#[server(prefix = "/fn", endpoint = "withdraw_shift")]
pub async fn withdraw_shift(
    #[server(default)] shift: String,
    #[server(default)] reason: String,
    #[server(default)] back: String,
) -> Result<(), ServerFnError> {
    let outcome = async {
        let caller = Caller::with(Permission::Operations)?;
        let scope = caller.scope(Permission::Operations)?;
        let id: ShiftId = shift.parse().map_err(|_| AppError::NotFound)?;
        let mut tx = caller.db().org(caller.user().org.id).await?;
        withdraw::withdraw_shift(&mut tx, caller.user(), &scope, id, &reason, caller.now()).await?;
        tx.commit().await?;
        Ok::<_, AppError>(())
    }
    .await;
    match outcome {
        Ok(()) => {
            let said = "The shift is withdrawn. Whoever had been asked for it is told.";
            Flash::done(WITHDRAW, said).keep().await;
            back_to(&back, "#said");
        }
        Err(error) => {
            Flash::mend(WITHDRAW, refusal(&error), &[("reason", &reason)]).keep().await;
            let again = shift.parse::<ShiftId>().map(|shift| format!("&offer={shift}#offer"));
            back_to(&back, &again.unwrap_or_default());
        }
    }
    Ok(())
}

/// Takes back an offer that nobody has answered.
#[server(prefix = "/fn", endpoint = "withdraw_offer")]
pub async fn withdraw_offer(
    #[server(default)] offer: String,
    #[server(default)] back: String,
) -> Result<(), ServerFnError> {
    let outcome = async {
        let caller = Caller::with(Permission::Operations)?;
        let scope = caller.scope(Permission::Operations)?;
        let id = offer.parse().map_err(|_| AppError::NotFound)?;
        let mut tx = caller.db().org(caller.user().org.id).await?;
        let shift = withdraw::withdraw_offer(&mut tx, caller.user(), &scope, id, caller.now()).await?;
        tx.commit().await?;
        Ok::<_, AppError>(shift)
    }
    .await;
    match outcome {
        Ok(shift) => {
            Flash::done(WITHDRAW, "The offer is taken back, and who had been asked is told.").keep().await;
            back_to(&back, &format!("&offer={shift}#offer"));
        }
        Err(error) => {
            Flash::mend(WITHDRAW, refusal(&error), &[]).keep().await;
            back_to(&back, "#said");
        }
    }
    Ok(())
}
