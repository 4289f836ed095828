//! The page.

use leptos::prelude::*;
use muster::people::Permission;

use crate::caller::Caller;
use crate::ui::frame::PageFrame;

/// `/me`
#[component]
pub fn MePage() -> impl IntoView {
    match Caller::with(Permission::Me) {
        Ok(_) => view! { <PageFrame title="My performance"><p>"soon"</p></PageFrame> }.into_any(),
        Err(error) => crate::server::trouble(&error).into_any(),
    }
}
