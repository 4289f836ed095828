//! What keeps the page up to date while somebody looks: the same page is asked for again, and its parts that are marked are
//! exchanged. Without JavaScript it is as old as it says.

use leptos::nonce::use_nonce;
use leptos::prelude::*;

use crate::caller::Caller;

/// Where the browser finds the script.
#[derive(Debug, Clone)]
pub struct RefreshModule(pub String);

/// How old the page is, with a way to a new one.
pub(super) fn line(caller: &Caller, here: String) -> impl IntoView + use<> {
    let at = caller.now().with_timezone(&caller.user().org.zone).format("%H:%M:%S").to_string();
    let script = use_context::<RefreshModule>()
        .map(|RefreshModule(address)| view! { <script type="module" nonce=use_nonce() src=address></script> });
    view! {
        <div class="live" id="refresh">
            <p class="live-state">
                <span class="live-sign" aria-hidden="true"></span>
                <span class="live-said">"As of "{at}"."</span>" "<a class="live-reload" href=here>"Reload to refresh"</a>
            </p>
            <p class="sr-only" role="status"></p>
        </div>
        {script}
    }
}

/// A part of the page that is exchanged when it has changed. Nothing in it may be a chart of the browser's.
#[component]
pub(super) fn Part(
    /// Its address on the page.
    id: &'static str,
    children: Children,
) -> impl IntoView {
    view! { <div class="alignment-part" id=id data-refresh="">{children()}</div> }
}
