//! What else the page shows, one line per card: each reads for the caller what it needs and is exchanged by itself when it has
//! changed.

use leptos::prelude::*;

use crate::caller::Caller;
use crate::error::AppError;

/// The cards under the table, in their order. A card is a [`super::refresh::Part`].
pub(super) async fn cards(_caller: &Caller) -> Result<Vec<AnyView>, AppError> {
    Ok(vec![])
}
