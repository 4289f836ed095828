//! Whether the machinery is well, as a card of the page.

use leptos::prelude::*;

use super::refresh::Part;
use crate::caller::Caller;
use crate::system;

/// The card.
pub(super) async fn card(caller: &Caller) -> AnyView {
    let card = system::card(caller).await;
    view! { <Part id="alignment-health">{card}</Part> }.into_any()
}
