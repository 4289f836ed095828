//! What the forms do. A password that is shown once is the answer to its own form; all else ends in a redirect.

use axum::response::Response;
use muster::people::Role;
use muster::people::members::{self, Rights};
use muster::units::UserId;
use tower_sessions::Session;

use super::{ADD, CHANGE, PAGE};
use crate::admin::administrates;
use crate::admin::form::{Sent, back, once};
use crate::caller::Caller;
use crate::error::AppError;

/// Role and scope as they were chosen.
fn rights(sent: &Sent) -> Result<Rights, AppError> {
    let role: Role = match sent.get("role") {
        "" => return Err(AppError::Invalid("Choose a role.".into())),
        role => role.parse()?,
    };
    let client = match sent.get("client") {
        "" => None,
        client => Some(client.parse().map_err(|_| AppError::NotFound)?),
    };
    let sites = sent.all("site").map(|site| site.parse().map_err(|_| AppError::NotFound));
    Ok(Rights { role, client, sites: sites.collect::<Result<_, _>>()?, number: sent.get("number").to_owned() })
}

fn whom(sent: &Sent) -> Result<UserId, AppError> {
    sent.get("user").parse().map_err(|_| AppError::NotFound)
}

/// `POST /fn/add_user`
pub(super) async fn add(caller: Caller, session: Session, body: String) -> Response {
    let sent = Sent::read(&body);
    let made = async {
        administrates(&caller)?;
        let new = (sent.get("name"), sent.get("email"));
        let (org, by) = (caller.user().org.id, caller.user().id);
        Ok::<_, AppError>(members::add(caller.db(), org, by, new, rights(&sent)?, caller.now()).await?)
    };
    match made.await {
        Ok((_, password)) => {
            let what = format!("{} may sign in as {} with this password:", sent.get("email"), sent.get("role"));
            once(&caller, "User added", what, password, PAGE)
        }
        Err(error) => back(&session, ADD, Err(error), &sent, &format!("{PAGE}#add")).await,
    }
}

/// `POST /fn/reset_user`
pub(super) async fn reset(caller: Caller, session: Session, body: String) -> Response {
    let sent = Sent::read(&body);
    let made = async {
        administrates(&caller)?;
        let (org, by) = (caller.user().org.id, caller.user().id);
        Ok::<_, AppError>(members::reset(caller.db(), org, by, whom(&sent)?, caller.now()).await?)
    };
    match made.await {
        Ok((member, password)) => {
            let what = format!("The new password of {}. All sessions of this user have ended.", member.name);
            once(&caller, "Password reset", what, password, PAGE)
        }
        Err(error) => back(&session, CHANGE, Err(error), &sent, &address(&sent)).await,
    }
}

/// The page of the user that a form was about; the list where it was about none.
fn address(sent: &Sent) -> String {
    whom(sent).map_or_else(|_| PAGE.to_owned(), |user| format!("{PAGE}?user={user}"))
}

/// `POST /fn/change_user`
pub(super) async fn change(caller: Caller, session: Session, body: String) -> Response {
    let sent = Sent::read(&body);
    let outcome = async {
        administrates(&caller)?;
        let mut tx = caller.db().org(caller.user().org.id).await?;
        let now = caller.now();
        let after = members::set_rights(&mut tx, caller.user().id, whom(&sent)?, rights(&sent)?, now).await?;
        tx.commit().await?;
        Ok(format!("{} is {} from the next request on.", after.name, after.role))
    };
    back(&session, CHANGE, outcome.await, &sent, &address(&sent)).await
}

/// `POST /fn/deactivate_user`
pub(super) async fn deactivate(caller: Caller, session: Session, body: String) -> Response {
    let sent = Sent::read(&body);
    let outcome = async {
        administrates(&caller)?;
        let mut tx = caller.db().org(caller.user().org.id).await?;
        let after = members::shut_out(&mut tx, caller.user().id, whom(&sent)?, caller.now()).await?;
        tx.commit().await?;
        Ok(format!("{} is deactivated: sessions have ended and tokens open nothing any more.", after.name))
    };
    back(&session, CHANGE, outcome.await, &sent, &address(&sent)).await
}

/// `POST /fn/activate_user`
pub(super) async fn activate(caller: Caller, session: Session, body: String) -> Response {
    let sent = Sent::read(&body);
    let outcome = async {
        administrates(&caller)?;
        let mut tx = caller.db().org(caller.user().org.id).await?;
        let after = members::admit(&mut tx, caller.user().id, whom(&sent)?, caller.now()).await?;
        tx.commit().await?;
        Ok(format!("{} may sign in again. Tokens stay revoked.", after.name))
    };
    back(&session, CHANGE, outcome.await, &sent, &address(&sent)).await
}
