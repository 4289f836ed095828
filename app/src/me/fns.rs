//! What the page's forms do.

use leptos::prelude::*;

use crate::caller::Caller;

/// Remembers the theme and goes back to where the form was.
#[server(prefix = "/fn", endpoint = "choose_theme")]
pub async fn choose_theme(theme: String) -> Result<(), ServerFnError> {
    let caller = Caller::current().ok_or_else(|| ServerFnError::new("signed out"))?;
    muster::people::choose_theme(caller.db(), caller.user(), &theme).await.map_err(ServerFnError::new)
}
