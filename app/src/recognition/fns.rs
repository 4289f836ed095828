//! What the forms do: thank somebody, make a challenge, end one. Each ends in a redirect with a message.
#![expect(clippy::too_many_arguments, reason = "a form of eight fields is a function of eight arguments")]

use chrono::NaiveDate;
use leptos::prelude::*;
use muster::metrics::Period;
use muster::people::{Permission, Scope};
use muster::recognition::{self, Category, Draft, Stopped};
use muster::units::{SiteId, WorkerId};
use uuid::Uuid;

use super::challenges::AGAINST;
use super::giver;
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;

/// Thanks a colleague of the own site, or somebody of a site one looks after. With `site` it comes back to that team's
/// page, else to the own.
#[server(prefix = "/fn", endpoint = "give_kudos")]
pub async fn give_kudos(
    #[server(default)] to: String,
    #[server(default)] category: String,
    #[server(default)] message: String,
    #[server(default)] site: String,
) -> Result<(), ServerFnError> {
    let outcome = async {
        let caller = Caller::with(Permission::Me)?;
        let worker = caller.scope(Permission::Me)?.only_worker;
        let colleague: WorkerId = to.parse().map_err(|_| AppError::Invalid("Choose whom you want to thank.".into()))?;
        let category: Category = category.parse()?;
        let zone = caller.user().org.zone;
        let mut tx = caller.db().org(caller.user().org.id).await?;
        recognition::give_kudos(&mut tx, &giver(&caller, worker), colleague, category, &message, caller.now(), zone)
            .await?;
        Ok::<_, AppError>(tx.commit().await?)
    }
    .await;
    let flash = match outcome {
        Ok(()) => {
            Flash::done("kudos", "Your kudos is on its way: your colleague is told, and sees it on the own page.")
        }
        Err(AppError::NotFound) => Flash::mend(
            "kudos",
            "That is not a colleague of your site.",
            &[("category", &category), ("message", &message)],
        ),
        Err(error) => {
            Flash::mend("kudos", refusal(&error), &[("to", &to), ("category", &category), ("message", &message)])
        }
    };
    flash.keep().await;
    let back = site.parse::<SiteId>().map_or_else(|_| "/me#kudos".into(), |site| format!("/team/{site}#kudos"));
    leptos_axum::redirect(&back);
    Ok(())
}

/// Makes a team challenge between an own site and others of the organization.
#[server(prefix = "/fn", endpoint = "create_challenge")]
pub async fn create_challenge(
    #[server(default)] site: String,
    #[server(default)] name: String,
    #[server(default)] metric: String,
    #[server(default)] from: String,
    #[server(default)] to: String,
    #[server(default)] against: String,
    #[server(default)] against_2: String,
    #[server(default)] against_3: String,
) -> Result<(), ServerFnError> {
    let others = [&against, &against_2, &against_3];
    let outcome = async {
        let (caller, scope) = may_change()?;
        let draft = draft(&site, &name, &metric, (&from, &to), others)?;
        let mut tx = caller.db().org(caller.user().org.id).await?;
        recognition::create_challenge(&mut tx, caller.user().id, &scope, draft, caller.today(), caller.now()).await?;
        Ok::<_, AppError>(tx.commit().await?)
    }
    .await;
    let flash = match outcome {
        Ok(()) => Flash::done("challenge", "The challenge is made, and the supervisors of its sites are told."),
        Err(error) => {
            let mut typed = vec![("name", &*name), ("metric", &*metric), ("from", &*from), ("to", &*to)];
            typed.extend(AGAINST.into_iter().zip(others.map(String::as_str)));
            Flash::mend("challenge", refusal(&error), &typed)
        }
    };
    answer(flash, &site).await;
    Ok(())
}

/// Ends an own challenge early.
#[server(prefix = "/fn", endpoint = "end_challenge")]
pub async fn end_challenge(
    #[server(default)] site: String,
    #[server(default)] id: String,
) -> Result<(), ServerFnError> {
    let outcome = async {
        let (caller, scope) = may_change()?;
        let id: Uuid = id.parse().map_err(|_| AppError::NotFound)?;
        let (user, last) = (caller.user().id, caller.last_complete_day());
        let mut tx = caller.db().org(caller.user().org.id).await?;
        let stopped = recognition::end_challenge(&mut tx, user, &scope, id, last, caller.now()).await?;
        tx.commit().await?;
        Ok::<_, AppError>(stopped)
    }
    .await;
    let flash = match outcome {
        Ok(Stopped::Ended) => Flash::done("challenge", "The challenge is over. Tonight it is written down who won."),
        Ok(Stopped::Cancelled) => Flash::done("challenge", "The challenge is called off. Nobody wins."),
        Err(AppError::NotFound) => Flash::mend("challenge", "There is no such challenge, or it was called off.", &[]),
        Err(error) => Flash::mend("challenge", refusal(&error), &[]),
    };
    answer(flash, &site).await;
    Ok(())
}

/// A caller who may change teams, and which.
fn may_change() -> Result<(Caller, Scope), AppError> {
    let caller = Caller::with(Permission::Team)?;
    if !Permission::Team.may_change(caller.user().role) {
        return Err(AppError::Forbidden);
    }
    let scope = caller.scope(Permission::Team)?;
    Ok((caller, scope))
}

fn draft(
    site: &str,
    name: &str,
    metric: &str,
    (from, to): (&str, &str),
    others: [&String; 3],
) -> Result<Draft, AppError> {
    let no_site = |_| AppError::Invalid("Choose a site from the list.".into());
    let day = |text: &str| {
        text.parse::<NaiveDate>().map_err(|_| AppError::Invalid("Give both days, such as 2026-03-02.".into()))
    };
    let others = others.into_iter().filter(|it| !it.is_empty()).map(|it| it.parse().map_err(no_site));
    Ok(Draft {
        name: name.into(),
        metric: metric.parse()?,
        days: Period { first: day(from)?, last: day(to)? },
        host: site.parse().map_err(no_site)?,
        others: others.collect::<Result<_, _>>()?,
    })
}

async fn answer(flash: Flash, site: &str) {
    flash.keep().await;
    let back = site.parse::<SiteId>().map_or_else(|_| "/team".into(), |site| format!("/team/{site}#challenges"));
    leptos_axum::redirect(&back);
}

/// What a form says when it could not do it.
fn refusal(error: &AppError) -> String {
    match error {
        AppError::Invalid(text) | AppError::Conflict(text) => text.clone(),
        AppError::Forbidden => "That is not yours to change.".into(),
        other => format!("{}. {}", other.title(), other.text()),
    }
}
