//! What the forms do: set a target with its thresholds and weight, go back to the default.

use axum::response::Response;
use muster::alignment::{Kpi, Target, reset_target, set_target};
use muster::people::Permission;
use tower_sessions::Session;

use super::{FORM, PAGE, scale};
use crate::admin::form::{Sent, back};
use crate::caller::Caller;
use crate::error::AppError;

fn kpi(sent: &Sent) -> Result<Kpi, AppError> {
    Kpi::of_code(sent.get("kpi")).ok_or(AppError::NotFound)
}

fn address(sent: &Sent) -> String {
    kpi(sent).map_or_else(|_| PAGE.to_owned(), |kpi| format!("{PAGE}#{}", kpi.code()))
}

fn number(sent: &Sent, name: &str) -> Result<f64, AppError> {
    let text = sent.get(name).replace(',', ".");
    text.parse().map_err(|_| AppError::Invalid(format!("Write the {name} as a number, such as 92.5.")))
}

/// `POST /fn/set_target`
pub(super) async fn set(caller: Caller, session: Session, body: String) -> Response {
    let sent = Sent::read(&body);
    let outcome = async {
        caller.scope(Permission::Admin)?;
        let kpi = kpi(&sent)?;
        let value = |name| Ok::<_, AppError>(number(&sent, name)? / scale(kpi));
        let target = Target {
            target: value("target")?,
            warning: value("warning")?,
            critical: value("critical")?,
            weight: number(&sent, "weight")?,
        };
        let mut tx = caller.db().org(caller.user().org.id).await?;
        set_target(&mut tx, caller.user(), kpi, target, caller.now()).await?;
        tx.commit().await?;
        Ok(format!("{}: this is asked from now on, of past days too where they are looked at.", kpi.title()))
    };
    back(&session, FORM, outcome.await, &sent, &address(&sent)).await
}

/// `POST /fn/reset_target`
pub(super) async fn reset(caller: Caller, session: Session, body: String) -> Response {
    let sent = Sent::read(&body);
    let outcome = async {
        caller.scope(Permission::Admin)?;
        let kpi = kpi(&sent)?;
        let mut tx = caller.db().org(caller.user().org.id).await?;
        reset_target(&mut tx, caller.user(), kpi, caller.now()).await?;
        tx.commit().await?;
        Ok(format!("{}: the default holds again.", kpi.title()))
    };
    back(&session, FORM, outcome.await, &Sent::default(), &address(&sent)).await
}
