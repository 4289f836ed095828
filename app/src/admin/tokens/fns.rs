//! What the forms do: make a token for oneself, end anybody's.

use axum::response::Response;
use chrono::TimeDelta;
use muster::people::{end_token, make_token};
use tower_sessions::Session;
use uuid::Uuid;

use super::{DAYS, FORM, PAGE};
use crate::admin::administrates;
use crate::admin::form::{Sent, back, once};
use crate::caller::Caller;
use crate::error::AppError;
use crate::system::areas;

/// `POST /fn/make_token`
pub(super) async fn make(caller: Caller, session: Session, body: String) -> Response {
    let sent = Sent::read(&body);
    match made(&caller, &sent).await {
        Ok(token) => {
            let what = format!("The token ‘{}’. A program sends it as: Authorization: Bearer …", sent.get("name"));
            once(&caller, "Token made", what, token, PAGE)
        }
        Err(error) => back(&session, FORM, Err(error), &sent, PAGE).await,
    }
}

async fn made(caller: &Caller, sent: &Sent) -> Result<String, AppError> {
    administrates(caller)?;
    let scopes: Vec<String> = sent.all("opens").map(str::to_owned).collect();
    if let Some(unknown) = scopes.iter().find(|scope| *scope != "*" && !areas().contains(&scope.as_str())) {
        let shown: String = unknown.chars().take(40).collect();
        return Err(AppError::Invalid(format!("‘{shown}’ is no part of the API.")));
    }
    let days = sent.get("days").parse().ok().filter(|days| DAYS.contains(days));
    let days = days.ok_or_else(|| AppError::Invalid("Choose when the token ends.".into()))?;
    let now = caller.now();
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let named = (sent.get("name"), scopes.as_slice());
    let token = make_token(&mut tx, caller.user().id, named, now + TimeDelta::days(days), now).await?;
    tx.commit().await?;
    Ok(token)
}

/// `POST /fn/revoke_token`
pub(super) async fn revoke(caller: Caller, session: Session, body: String) -> Response {
    let sent = Sent::read(&body);
    let outcome = async {
        administrates(&caller)?;
        let id: Uuid = sent.get("token").parse().map_err(|_| AppError::NotFound)?;
        let mut tx = caller.db().org(caller.user().org.id).await?;
        let name = end_token(&mut tx, caller.user().id, id, caller.now()).await?;
        tx.commit().await?;
        Ok(format!("‘{name}’ opens nothing any more."))
    };
    back(&session, FORM, outcome.await, &Sent::default(), PAGE).await
}
