//! What the forms of the roster do. Each ends in a redirect to the page it belongs to, with what was done or what to mend.

use leptos::prelude::*;
use muster::operations::baselines::{self, Settings};
use muster::operations::proposal::{self, Ask, Confirmed};
use muster::people::{Permission, Scope};
use serde_json::json;
use uuid::Uuid;

use super::address::{monday, week_word};
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::product::happened;
use crate::ui::fmt::count;

/// The form that asks for a proposal.
pub(super) const GENERATE: &str = "generate_roster";
/// The form that changes a line.
pub(super) const CHANGE: &str = "change_roster_line";
/// The forms that settle a proposal.
pub(super) const SETTLE: &str = "settle_roster";
/// The form of the baselines.
pub(super) const BASELINES: &str = "set_baselines";

fn refusal(error: &AppError) -> String {
    match error {
        AppError::Invalid(text) | AppError::Conflict(text) => text.clone(),
        AppError::NotFound => "There is no such site, proposal or person. Nothing was changed.".into(),
        AppError::Forbidden => {
            "That is not yours to do: supervisors act for their own sites, schedulers and admins for all. Nothing was changed.".into()
        }
        other => format!("{}. {}", other.title(), other.text()),
    }
}

fn caller() -> Result<(Caller, Scope), AppError> {
    let caller = Caller::with(Permission::Operations)?;
    let scope = caller.scope(Permission::Operations)?;
    Ok((caller, scope))
}

/// To a proposal, or to the start where the form does not say which.
fn to_proposal(id: &str, more: &str) {
    let known = id.parse::<Uuid>().map(|id| format!("/operations/roster/{id}{more}"));
    leptos_axum::redirect(&known.unwrap_or_else(|_| "/operations/roster".into()));
}

/// Back to the choice of a site and week, as far as they are well-formed.
fn to_choice(site: &str, week: &str, more: &str) {
    let site = site.parse::<Uuid>().map(|site| format!("site={site}")).unwrap_or_default();
    let week = monday(week).map(|first| format!("&week={}", week_word(first))).unwrap_or_default();
    leptos_axum::redirect(&format!("/operations/roster?{site}{week}{more}"));
}

/// Asks the generator for a site's week. `instead`: the draft that this one stands for.
#[server(prefix = "/fn", endpoint = "generate_roster")]
pub async fn generate_roster(
    #[server(default)] site: String,
    #[server(default)] week: String,
    #[server(default)] copy: String,
    #[server(default)] instead: String,
) -> Result<(), ServerFnError> {
    let outcome = async {
        let (caller, scope) = caller()?;
        let invalid = |what: &str| AppError::Invalid(format!("Choose a {what}."));
        let ask = Ask {
            site: site.parse().map_err(|_| invalid("site"))?,
            first: monday(&week).ok_or_else(|| invalid("week"))?,
            copy_from: match copy.as_str() {
                "" => None,
                copy => Some(monday(copy).ok_or_else(|| invalid("week to copy"))?),
            },
        };
        let mut tx = caller.db().org(caller.user().org.id).await?;
        if !instead.is_empty() {
            let old = instead.parse().map_err(|_| AppError::NotFound)?;
            proposal::discard(&mut tx, caller.user(), &scope, old, caller.now()).await?;
        }
        let id = proposal::make(&mut tx, caller.user(), &scope, ask, caller.now()).await?;
        tx.commit().await?;
        Ok::<_, AppError>(id)
    }
    .await;
    match outcome {
        Ok(id) => {
            noted_as_generated(id).await;
            to_proposal(&id.to_string(), "");
        }
        Err(error) => {
            Flash::mend(GENERATE, refusal(&error), &[]).keep().await;
            if instead.is_empty() { to_choice(&site, &week, "#said") } else { to_proposal(&instead, "#said") }
        }
    }
    Ok(())
}

/// Notes the figures of a roster that was proposed just now; a figure that cannot be read is no reason to fail.
async fn noted_as_generated(id: Uuid) {
    let Some(caller) = Caller::current() else { return };
    let Ok(mut tx) = caller.db().org(caller.user().org.id).await else { return };
    if let Ok(made) = proposal::made(&mut tx, id).await {
        let seconds = f64::from(made.solve_ms) / 1000.0;
        let mut said = json!({ "algorithm": made.algorithm, "shifts": made.shifts.of, "seconds": seconds });
        if let Some(rate) = made.shifts.value() {
            said["fill_rate"] = rate.into();
        }
        happened("roster_generated", said);
    }
}

/// Gives a line to somebody else; `to` is a person, `nobody`, or empty.
#[server(prefix = "/fn", endpoint = "change_roster_line")]
pub async fn change_roster_line(
    #[server(default)] proposal: String,
    #[server(default)] shift: String,
    #[server(default)] to: String,
    #[server(default)] reason: String,
) -> Result<(), ServerFnError> {
    let outcome = async {
        let (caller, scope) = caller()?;
        let line = (proposal.parse().map_err(|_| AppError::NotFound)?, shift.parse().map_err(|_| AppError::NotFound)?);
        let to = match to.as_str() {
            "" => return Err(AppError::Invalid("Choose somebody, or to leave the shift open.".into())),
            "nobody" => None,
            worker => Some(worker.parse().map_err(|_| AppError::NotFound)?),
        };
        let mut tx = caller.db().org(caller.user().org.id).await?;
        let changed = proposal::change(&mut tx, caller.user(), &scope, line, (to, &reason), caller.now()).await?;
        tx.commit().await?;
        Ok(changed)
    }
    .await;
    match outcome {
        Ok(changed) => {
            happened("roster_overridden", json!({}));
            let who = changed
                .name
                .map_or("The shift is left open".into(), |name| format!("{name} has the shift in this proposal"));
            let mind = changed.minds.iter().map(|mind| format!(" Mind: {mind}.")).collect::<String>();
            Flash::done(CHANGE, format!("{who}. The change and your reason are kept with it.{mind}")).keep().await;
            to_proposal(&proposal, "#said");
        }
        Err(error) => {
            if matches!(error, AppError::Conflict(_)) {
                happened("constraint_violation", json!({ "rule": CHANGE }));
            }
            Flash::mend(CHANGE, refusal(&error), &[("to", &to), ("reason", &reason)]).keep().await;
            let line = shift.parse::<Uuid>().map(|shift| format!("?change={shift}#change")).unwrap_or_default();
            to_proposal(&proposal, &line);
        }
    }
    Ok(())
}

fn confirmed(done: &Confirmed) -> String {
    let n = |n: usize| i64::try_from(n).unwrap_or(0);
    if done.before {
        return "The roster had been confirmed already; nothing was done a second time.".into();
    }
    let mut said = format!(
        "{} given to {}; everybody has been told.",
        count(n(done.given), "shift is", "shifts are"),
        count(n(done.people), "person", "people")
    );
    if done.open > 0 {
        said += &format!(" {} open.", count(n(done.open), "shift stays", "shifts stay"));
    }
    if !done.refused.is_empty() {
        let lines = count(n(done.refused.len()), "line was", "lines were");
        said += &format!(" {lines} left as they were, because something had changed since: see below.");
    }
    said
}

/// Gives the shifts of a proposal to their people.
#[server(prefix = "/fn", endpoint = "confirm_roster")]
pub async fn confirm_roster(#[server(default)] proposal: String) -> Result<(), ServerFnError> {
    let outcome = async {
        let (caller, scope) = caller()?;
        let id = proposal.parse().map_err(|_| AppError::NotFound)?;
        let mut tx = caller.db().org(caller.user().org.id).await?;
        let done = proposal::confirm(&mut tx, caller.user(), &scope, id, caller.now()).await?;
        tx.commit().await?;
        Ok::<_, AppError>(done)
    }
    .await;
    let flash = match outcome {
        Ok(done) => {
            if !done.before {
                happened("roster_confirmed", json!({ "shifts": done.given, "open": done.open }));
            }
            Flash::done(SETTLE, confirmed(&done))
        }
        Err(error) => Flash::mend(SETTLE, refusal(&error), &[]),
    };
    flash.keep().await;
    to_proposal(&proposal, "#said");
    Ok(())
}

/// Throws a proposal away.
#[server(prefix = "/fn", endpoint = "discard_roster")]
pub async fn discard_roster(#[server(default)] proposal: String) -> Result<(), ServerFnError> {
    let outcome = async {
        let (caller, scope) = caller()?;
        let id = proposal.parse().map_err(|_| AppError::NotFound)?;
        let mut tx = caller.db().org(caller.user().org.id).await?;
        let gone = proposal::discard(&mut tx, caller.user(), &scope, id, caller.now()).await?;
        tx.commit().await?;
        Ok::<_, AppError>(gone)
    }
    .await;
    match outcome {
        Ok(gone) => {
            Flash::done(SETTLE, "The proposal is discarded. Nobody was told of anything.").keep().await;
            to_choice(&gone.site.to_string(), &week_word(gone.first), "#said");
        }
        Err(error) => {
            Flash::mend(SETTLE, refusal(&error), &[]).keep().await;
            to_proposal(&proposal, "#said");
        }
    }
    Ok(())
}

/// A number as people type it, or nothing.
fn number(text: &str, what: &str) -> Result<Option<f64>, AppError> {
    match text.trim().replace([' ', ','], "").as_str() {
        "" => Ok(None),
        plain => {
            let parsed = plain.parse::<f64>().ok().filter(|number| number.is_finite());
            parsed.map(Some).ok_or_else(|| AppError::Invalid(format!("{what}: '{text}' is no number.")))
        }
    }
}

/// Sets what savings are measured against.
#[server(prefix = "/fn", endpoint = "set_baselines")]
pub async fn set_baselines(
    #[server(default)] manual_hours: String,
    #[server(default)] target_minutes: String,
    #[server(default)] planner_rate: String,
    #[server(default)] manual_extra: String,
) -> Result<(), ServerFnError> {
    let outcome = async {
        let (caller, _) = caller()?;
        let missing = |what: &str| AppError::Invalid(format!("{what}: say a number."));
        let (hours, minutes) = ("Hours by hand", "Minutes with Muster");
        let settings = Settings {
            manual_hours: number(&manual_hours, hours)?.ok_or_else(|| missing(hours))?,
            target_minutes: number(&target_minutes, minutes)?.ok_or_else(|| missing(minutes))?.round() as i32,
            planner_rate_cents: number(&planner_rate, "The planner's hour")?.map(|rate| (rate * 100.0).round() as i64),
            manual_extra_percent: number(&manual_extra, "What a roster by hand costs more")?,
        };
        let mut tx = caller.db().org(caller.user().org.id).await?;
        baselines::set(&mut tx, caller.user(), settings, caller.now()).await?;
        tx.commit().await?;
        Ok::<_, AppError>(())
    }
    .await;
    let typed = [
        ("manual_hours", manual_hours.as_str()),
        ("target_minutes", &target_minutes),
        ("planner_rate", &planner_rate),
        ("manual_extra", &manual_extra),
    ];
    let flash = match outcome {
        Ok(()) => Flash::done(BASELINES, "The baselines are set; what they were is in the audit log."),
        Err(AppError::Forbidden) => {
            Flash::mend(BASELINES, "Only an admin sets the baselines. Nothing was changed.", &typed)
        }
        Err(error) => Flash::mend(BASELINES, refusal(&error), &typed),
    };
    flash.keep().await;
    leptos_axum::redirect("/operations/roster#baselines");
    Ok(())
}
