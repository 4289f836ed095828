//! What else the page shows, one line per card: each reads for the caller what it needs and is exchanged by itself when it has
//! changed.

use leptos::prelude::*;

use super::refresh::Part;
use super::{alerts, health, quality};
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;

/// The cards under the table, in their order. A card is a [`super::refresh::Part`].
pub(super) async fn cards(caller: &Caller) -> Result<Vec<AnyView>, AppError> {
    let alerts = alerts::card(caller, Flash::take().await.as_ref()).await?;
    let quality = quality::card(caller).await?;
    Ok(vec![
        view! { <Part id="alignment-alerts">{alerts}</Part> }.into_any(),
        view! { <Part id="alignment-data">{quality}</Part> }.into_any(),
        health::card(caller).await,
    ])
}
