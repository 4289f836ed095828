//! The shifts that are offered to me: yes or no.

use leptos::prelude::*;
use muster::operations::offer::{self, OwnOffer};
use muster::people::Permission;
use uuid::Uuid;

use super::fns::refusal;
use super::page::{Own, own_worker};
use super::work::notice;
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::ui::{Card, EmptyState, fmt};

const FORM: &str = "offer";

/// The card; nothing where nothing is offered and nothing has to be said.
pub(super) fn offers(own: &Own) -> Option<impl IntoView + use<>> {
    let said = notice(own.flash.as_ref(), FORM);
    if own.offers.is_empty() && said.is_none() {
        return None;
    }
    let entries: Vec<_> = own.offers.iter().map(entry).collect();
    let body = if entries.is_empty() {
        view! { <EmptyState title="No offer waits for you"/> }.into_any()
    } else {
        view! { <ul class="entries">{entries}</ul> }.into_any()
    };
    let lead =
        "Local time of the site. The first who accepts has the shift. To decline is your right and lowers no score.";
    Some(view! { <Card id="offers" title="Offered to me" lead=lead>{said} {body}</Card> })
}

fn entry(it: &OwnOffer) -> impl IntoView + use<> {
    let local = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&it.zone).fixed_offset();
    let when = format!("{} – {}", fmt::moment(local(it.starts_at)), local(it.ends_at).format("%H:%M"));
    let asks = it.skill.as_ref().map(|skill| format!("Asks for {skill}. ")).unwrap_or_default();
    let overtime = if it.overtime { "It would be overtime." } else { "" };
    let id = it.id.to_string();
    view! {
        <li>
            <div class="entry-head"><span class="entry-name">{when}</span><span class="entry-when">{it.site.clone()}</span></div>
            <p class="entry-text">{asks}{overtime}</p>
            <form class="actions" method="post" action="/fn/answer_offer">
                <input type="hidden" name="offer" value=id/>
                <button class="button" type="submit" name="answer" value="accept">"Accept"</button>
                <button class="button quiet" type="submit" name="answer" value="decline">"Decline"</button>
            </form>
        </li>
    }
}

/// Accepts or declines an own offer.
#[server(prefix = "/fn", endpoint = "answer_offer")]
pub async fn answer_offer(
    #[server(default)] offer: String,
    #[server(default)] answer: String,
) -> Result<(), ServerFnError> {
    let outcome = async {
        let caller = Caller::with(Permission::Me)?;
        let worker = own_worker(&caller)?;
        let id: Uuid = offer.parse().map_err(|_| AppError::NotFound)?;
        let accept = match answer.as_str() {
            "accept" => true,
            "decline" => false,
            _ => return Err(AppError::Invalid("Choose to accept or to decline.".into())),
        };
        let mut tx = caller.db().org(caller.user().org.id).await?;
        offer::answer(&mut tx, caller.user(), worker, id, accept, caller.now()).await?;
        tx.commit().await?;
        Ok::<_, AppError>(accept)
    }
    .await;
    let flash = match outcome {
        Ok(true) => Flash::done(FORM, "The shift is yours. It stands among your next shifts."),
        Ok(false) => Flash::done(FORM, "You declined. That is your right, and it lowers no score."),
        Err(AppError::NotFound) => Flash::mend(FORM, "That offer is not among yours. Nothing was changed.", &[]),
        Err(error) => Flash::mend(FORM, refusal(&error), &[]),
    };
    flash.keep().await;
    leptos_axum::redirect("/me#offers");
    Ok(())
}
