//! What the page's forms do: schedule, change, pause, delete, send now. Each ends in a redirect with a message.

use chrono::NaiveTime;
use leptos::prelude::*;
use muster::clock::zone;
use muster::database::OrgTx;
use muster::reports::schedules::{self, Report, Rhythm, Schedule};
use muster::units::SiteId;
use uuid::Uuid;

use super::form::{CHANGE, NEW, Typed};
use super::{FORM, PAGE, scheduler};
use crate::error::AppError;
use crate::flash::Flash;

/// Schedules a report.
#[server(prefix = "/fn", endpoint = "schedule_report")]
pub async fn schedule_report(
    #[server(default)] report: String,
    #[server(default)] typed: Typed,
) -> Result<(), ServerFnError> {
    let outcome = async {
        let (caller, report) = (scheduler()?, report.parse::<Report>()?);
        let mut tx = caller.db().org(caller.user().org.id).await?;
        let schedule = understood(&mut tx, report, &typed).await?;
        let id = schedules::create(&mut tx, &schedule, caller.user(), caller.now()).await?;
        tx.commit().await?;
        Ok::<_, AppError>(id)
    }
    .await;
    match outcome {
        Ok(id) => go("It is scheduled.".into(), &format!("{PAGE}/{id}")).await,
        Err(error) => {
            Flash::mend(NEW, refusal(&error), &typed.fields()).keep().await;
            let known = report.parse::<Report>().map(|report| format!("?report={}", report.code())).unwrap_or_default();
            leptos_axum::redirect(&format!("{PAGE}/new{known}"));
        }
    }
    Ok(())
}

/// Changes a schedule.
#[server(prefix = "/fn", endpoint = "change_report")]
pub async fn change_report(
    #[server(default)] id: String,
    #[server(default)] typed: Typed,
) -> Result<(), ServerFnError> {
    let outcome = async {
        let (caller, schedule) = (scheduler()?, one(&id)?);
        let mut tx = caller.db().org(caller.user().org.id).await?;
        let kept = schedules::one(&mut tx, schedule, caller.user()).await?;
        let changed = understood(&mut tx, kept.schedule.report, &typed).await?;
        schedules::change(&mut tx, schedule, &changed, caller.user(), caller.now()).await?;
        tx.commit().await?;
        Ok::<_, AppError>("Saved. It goes by this from its next time on.".to_owned())
    }
    .await;
    match outcome {
        Ok(done) => go(done, &back(&id)).await,
        Err(error) => {
            Flash::mend(CHANGE, refusal(&error), &typed.fields()).keep().await;
            leptos_axum::redirect(&format!("{}#change", back(&id)));
        }
    }
    Ok(())
}

/// Pauses a schedule, or lets it go on.
#[server(prefix = "/fn", endpoint = "pause_report")]
pub async fn pause_report(
    #[server(default)] id: String,
    #[server(default)] active: String,
) -> Result<(), ServerFnError> {
    let active = active == "yes";
    let outcome = async {
        let (caller, schedule) = (scheduler()?, one(&id)?);
        let mut tx = caller.db().org(caller.user().org.id).await?;
        schedules::set_active(&mut tx, schedule, active, caller.user(), caller.now()).await?;
        tx.commit().await?;
        Ok(if active { "It goes out again." } else { "It is paused: nothing goes out by its time." }.to_owned())
    };
    say(outcome.await, &back(&id)).await
}

/// Deletes a schedule; what it sent stays on record.
#[server(prefix = "/fn", endpoint = "delete_report")]
pub async fn delete_report(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let outcome = async {
        let (caller, schedule) = (scheduler()?, one(&id)?);
        let mut tx = caller.db().org(caller.user().org.id).await?;
        let name = schedules::one(&mut tx, schedule, caller.user()).await?.schedule.name;
        schedules::delete(&mut tx, schedule, caller.user(), caller.now()).await?;
        tx.commit().await?;
        Ok(format!("‘{name}’ is deleted."))
    }
    .await;
    let to = if outcome.is_ok() { PAGE.to_owned() } else { back(&id) };
    say(outcome, &to).await
}

/// Sends a report at once: a run like any other, whose outcome its page shows.
#[server(prefix = "/fn", endpoint = "send_report")]
pub async fn send_report(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let outcome = async {
        let (caller, schedule) = (scheduler()?, one(&id)?);
        let mut tx = caller.db().org(caller.user().org.id).await?;
        schedules::send_now(&mut tx, schedule, caller.user(), caller.now()).await?;
        tx.commit().await?;
        Ok("It is in the queue. Below is what becomes of it: refresh in a moment.".to_owned())
    };
    say(outcome.await, &back(&id)).await
}

fn one(id: &str) -> Result<Uuid, AppError> {
    id.parse().map_err(|_| AppError::NotFound)
}

/// The schedule's own page; of what is no schedule, the list.
fn back(id: &str) -> String {
    one(id).map_or_else(|_| PAGE.to_owned(), |id| format!("{PAGE}/{id}"))
}

async fn say(outcome: Result<String, AppError>, to: &str) -> Result<(), ServerFnError> {
    match outcome {
        Ok(done) => go(done, to).await,
        Err(error) => {
            Flash::mend(FORM, refusal(&error), &[]).keep().await;
            leptos_axum::redirect(to);
        }
    }
    Ok(())
}

async fn go(done: String, to: &str) {
    Flash::done(FORM, done).keep().await;
    leptos_axum::redirect(to);
}

fn refusal(error: &AppError) -> String {
    match error {
        AppError::Forbidden => "You may not schedule that: it is not yours to see.".into(),
        AppError::NotFound => "There is no such schedule, site or partner any more.".into(),
        error => error.text(),
    }
}

/// A schedule out of what was typed.
async fn understood(tx: &mut OrgTx, report: Report, typed: &Typed) -> Result<Schedule, AppError> {
    let invalid = |text: &str| AppError::Invalid(text.into());
    let day = match typed.rhythm.as_str() {
        "weekly" => typed.weekday.trim().parse().ok(),
        "monthly" | "quarterly" => typed.day.trim().parse().ok(),
        _ => None,
    };
    let rhythm = Rhythm::of(&typed.rhythm, day)
        .map_err(|_| invalid("Choose how often, and a weekday or a day from 1 to 31."))?;
    let at = typed.at.trim();
    let at = NaiveTime::parse_from_str(at, "%H:%M").or_else(|_| NaiveTime::parse_from_str(at, "%H:%M:%S"));
    let id = |text: &str| match text.trim() {
        "" => Ok(None),
        id => id.parse::<Uuid>().map(Some).map_err(|_| AppError::NotFound),
    };
    Ok(Schedule {
        name: typed.name.clone(),
        description: typed.description.clone(),
        report,
        format: typed.format.parse()?,
        rhythm,
        at: at.map_err(|_| invalid("Write the time as 09:00."))?,
        zone: zone(typed.zone.trim())?,
        site: id(&typed.site)?.map(SiteId),
        partner: id(&typed.partner)?,
        roles: typed.roles(),
        recipients: schedules::users_by_email(tx, &typed.emails).await?,
    })
}
