//! What the page's form does: agree, or take it back.

use leptos::prelude::*;
use muster::privacy::{Purpose, agree, withdraw};

use super::PAGE;
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;

/// Which form the messages belong to.
pub(super) const CONSENT: &str = "consent";

/// Agrees to a purpose, or takes it back.
#[server(prefix = "/fn", endpoint = "choose_consent")]
pub async fn choose_consent(
    #[server(default)] purpose: String,
    #[server(default)] agreed: bool,
) -> Result<(), ServerFnError> {
    let outcome = async {
        let caller = Caller::current().ok_or(AppError::SignedOut { expired: false })?;
        let purpose: Purpose = purpose.parse()?;
        let (user, now) = (caller.user().id, caller.now());
        let mut tx = caller.db().org(caller.user().org.id).await?;
        if agreed {
            agree(&mut tx, user, purpose, now).await?;
        } else {
            withdraw(&mut tx, user, purpose, now).await?;
        }
        tx.commit().await?;
        let label = purpose.label();
        Ok::<_, AppError>(if agreed {
            format!("{label}: you agreed.")
        } else {
            format!("{label}: nothing more is noted.")
        })
    }
    .await;
    let flash = match outcome {
        Ok(done) => Flash::done(CONSENT, done),
        Err(error) => Flash::mend(CONSENT, error.text(), &[]),
    };
    flash.keep().await;
    leptos_axum::redirect(PAGE);
    Ok(())
}
