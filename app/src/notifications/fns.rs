//! What the page's forms do: open one, mark all as read, mute a kind.

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use muster::notifications::{self, Kind, is_own_path};
use serde::Deserialize;
use uuid::Uuid;

use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::server::App;

/// Which one.
#[derive(Debug, Deserialize)]
pub struct Opened {
    #[serde(default)]
    id: String,
}

/// `POST /fn/open_notification`: marks an own one as read and goes where it leads.
pub async fn open(State(app): State<App>, caller: Caller, Form(opened): Form<Opened>) -> Response {
    match read(&caller, &opened.id).await {
        Ok(link) => Redirect::to(&link).into_response(),
        Err(error) => error.response(false, Some(&caller), &app.site),
    }
}

async fn read(caller: &Caller, id: &str) -> Result<String, AppError> {
    let id: Uuid = id.parse().map_err(|_| AppError::NotFound)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let link = notifications::mark_read(&mut tx, caller.user().id, id, caller.now()).await?;
    tx.commit().await?;
    Ok(if is_own_path(&link) { link } else { "/notifications".into() })
}

/// Marks all of the caller's as read.
#[server(prefix = "/fn", endpoint = "read_notifications")]
pub async fn read_notifications() -> Result<(), ServerFnError> {
    let outcome = async {
        let caller = signed_in()?;
        let mut tx = caller.db().org(caller.user().org.id).await?;
        notifications::mark_all_read(&mut tx, caller.user().id, caller.now()).await?;
        Ok::<_, AppError>(tx.commit().await?)
    }
    .await;
    answer(outcome.map(|()| "Everything is marked as read.".into())).await;
    Ok(())
}

/// Mutes a kind, or tells of it again.
#[server(prefix = "/fn", endpoint = "mute_notifications")]
pub async fn mute_notifications(
    #[server(default)] kind: String,
    #[server(default)] mute: bool,
) -> Result<(), ServerFnError> {
    let outcome = async {
        let caller = signed_in()?;
        let kind: Kind = kind.parse()?;
        let mut tx = caller.db().org(caller.user().org.id).await?;
        if mute {
            notifications::mute(&mut tx, caller.user().id, kind).await?;
        } else {
            notifications::unmute(&mut tx, caller.user().id, kind).await?;
        }
        tx.commit().await?;
        let label = kind.label();
        Ok::<_, AppError>(if mute {
            format!("{label}: you will not be told of these.")
        } else {
            format!("{label}: you will be told of these again.")
        })
    }
    .await;
    answer(outcome).await;
    Ok(())
}

fn signed_in() -> Result<Caller, AppError> {
    Caller::current().ok_or(AppError::SignedOut { expired: false })
}

async fn answer(outcome: Result<String, AppError>) {
    let flash = match outcome {
        Ok(done) => Flash::done("notifications", done),
        Err(error) => Flash::mend("notifications", error.text(), &[]),
    };
    flash.keep().await;
    leptos_axum::redirect("/notifications");
}
