//! What the page's forms do. Each ends in a redirect back to the queue with what was done, or what to mend.

use chrono::NaiveDate;
use leptos::prelude::*;
use muster::coaching::{self, Action, Done};
use muster::people::Permission;
use uuid::Uuid;

use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;

const FORM: &str = "coaching";

/// Which entry, as it was when the page was made, and where to go back to.
struct Posted {
    item: String,
    version: String,
    back: String,
}

impl Posted {
    fn entry(&self) -> Result<(Uuid, i32), AppError> {
        let item = self.item.parse().map_err(|_| AppError::NotFound)?;
        let version = self
            .version
            .parse()
            .map_err(|_| AppError::Invalid("The form has lost its entry. Open the page again.".into()))?;
        Ok((item, version))
    }

    /// Back to the queue with its filter; nothing else can be in the address.
    fn redirect(&self) {
        let plain = self.back.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '=' | '&' | '_' | '-'));
        let query = if plain && !self.back.is_empty() { format!("?{}", self.back) } else { String::new() };
        leptos_axum::redirect(&format!("/coaching{query}"));
    }

    /// Does it, and keeps what to say.
    async fn act(self, action: Result<Action, AppError>, typed: &[(&str, &str)]) {
        let outcome = async {
            let caller = Caller::with(Permission::Coaching)?;
            let scope = caller.scope(Permission::Coaching)?;
            let action = action?;
            let mut tx = caller.db().org(caller.user().org.id).await?;
            let done = coaching::act(&mut tx, caller.user(), &scope, self.entry()?, &action, caller.now()).await?;
            tx.commit().await?;
            Ok::<_, AppError>((done, action))
        }
        .await;
        let flash = match outcome {
            Ok((done, action)) => undoable(&done, said(&done, &action)),
            Err(error) => {
                let mut kept = vec![("item", self.item.as_str())];
                kept.extend(typed);
                Flash::mend(FORM, refusal(&error), &kept)
            }
        };
        flash.keep().await;
        self.redirect();
    }
}

fn undoable(done: &Done, message: String) -> Flash {
    let typed = [("item", done.item.to_string()), ("version", done.version.to_string())];
    let typed = typed.map(|(name, value)| (name.to_owned(), value)).into();
    Flash { typed, ..Flash::done(FORM, message) }
}

fn said(done: &Done, action: &Action) -> String {
    let name = &done.name;
    match action {
        Action::Schedule { on, .. } => {
            format!("The conversation with {name} is planned for {}.", crate::ui::fmt::day_and_year(*on))
        }
        Action::Start => format!("The conversation with {name} has begun. Complete it when you have talked."),
        Action::Complete { .. } => format!("Done. {name} can read what you wrote."),
        Action::Snooze { .. } => format!("{name} is snoozed until something is new or worse."),
        Action::Dismiss { .. } => format!("The entry of {name} is dismissed."),
    }
}

fn refusal(error: &AppError) -> String {
    match error {
        AppError::Invalid(text) | AppError::Conflict(text) => text.clone(),
        AppError::NotFound => "That entry is not among yours. Nothing was changed.".into(),
        AppError::Forbidden => "That is not yours to do: coaching is between a worker and the own supervisor, and nobody coaches themselves.".into(),
        other => format!("{}. {}", other.title(), other.text()),
    }
}

fn day(text: &str) -> Result<NaiveDate, AppError> {
    text.trim().parse().map_err(|_| AppError::Invalid(format!("'{text}' is no day; choose one from the calendar.")))
}

/// Sets a day for the conversation.
#[server(prefix = "/fn", endpoint = "schedule_coaching")]
pub async fn schedule_coaching(
    #[server(default)] item: String,
    #[server(default)] version: String,
    #[server(default)] back: String,
    #[server(default)] on: String,
    #[server(default)] agenda: String,
) -> Result<(), ServerFnError> {
    let action = day(&on).map(|on| Action::Schedule { on, agenda: agenda.clone() });
    let typed = [("action", "schedule"), ("on", on.as_str()), ("agenda", agenda.as_str())];
    Posted { item, version, back }.act(action, &typed).await;
    Ok(())
}

/// Begins the conversation.
#[server(prefix = "/fn", endpoint = "start_coaching")]
pub async fn start_coaching(
    #[server(default)] item: String,
    #[server(default)] version: String,
    #[server(default)] back: String,
) -> Result<(), ServerFnError> {
    Posted { item, version, back }.act(Ok(Action::Start), &[("action", "start")]).await;
    Ok(())
}

/// Writes down what came of it.
#[server(prefix = "/fn", endpoint = "complete_coaching")]
pub async fn complete_coaching(
    #[server(default)] item: String,
    #[server(default)] version: String,
    #[server(default)] back: String,
    #[server(default)] notes: String,
    #[server(default)] agreed_actions: String,
    #[server(default)] follow_up_on: String,
) -> Result<(), ServerFnError> {
    let follow_up = if follow_up_on.trim().is_empty() { Ok(None) } else { day(&follow_up_on).map(Some) };
    let action = follow_up.map(|follow_up_on| Action::Complete {
        notes: notes.clone(),
        agreed_actions: agreed_actions.clone(),
        follow_up_on,
    });
    let typed = [
        ("action", "complete"),
        ("notes", notes.as_str()),
        ("agreed_actions", agreed_actions.as_str()),
        ("follow_up_on", follow_up_on.as_str()),
    ];
    Posted { item, version, back }.act(action, &typed).await;
    Ok(())
}

/// Puts it off.
#[server(prefix = "/fn", endpoint = "snooze_coaching")]
pub async fn snooze_coaching(
    #[server(default)] item: String,
    #[server(default)] version: String,
    #[server(default)] back: String,
    #[server(default)] reason: String,
) -> Result<(), ServerFnError> {
    let action = Ok(Action::Snooze { reason: reason.clone() });
    Posted { item, version, back }.act(action, &[("action", "snooze"), ("reason", &reason)]).await;
    Ok(())
}

/// Says that it is not needed.
#[server(prefix = "/fn", endpoint = "dismiss_coaching")]
pub async fn dismiss_coaching(
    #[server(default)] item: String,
    #[server(default)] version: String,
    #[server(default)] back: String,
    #[server(default)] reason: String,
) -> Result<(), ServerFnError> {
    let action = Ok(Action::Dismiss { reason: reason.clone() });
    Posted { item, version, back }.act(action, &[("action", "dismiss"), ("reason", &reason)]).await;
    Ok(())
}

/// Takes back the last step.
#[server(prefix = "/fn", endpoint = "undo_coaching")]
pub async fn undo_coaching(
    #[server(default)] item: String,
    #[server(default)] version: String,
    #[server(default)] back: String,
) -> Result<(), ServerFnError> {
    let posted = Posted { item, version, back };
    let outcome = async {
        let caller = Caller::with(Permission::Coaching)?;
        let scope = caller.scope(Permission::Coaching)?;
        let mut tx = caller.db().org(caller.user().org.id).await?;
        let done = coaching::undo(&mut tx, caller.user(), &scope, posted.entry()?, caller.now()).await?;
        tx.commit().await?;
        Ok::<_, AppError>(done)
    }
    .await;
    let flash = match outcome {
        Ok(done) => Flash::done(FORM, format!("Taken back. The entry of {} is as it was.", done.name)),
        Err(error) => Flash::mend(FORM, refusal(&error), &[]),
    };
    flash.keep().await;
    posted.redirect();
    Ok(())
}
