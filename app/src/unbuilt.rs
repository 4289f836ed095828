//! The views that this version does not have: each says so, and what there is.

use leptos::prelude::*;
use muster::people::Permission;

use crate::access::{VIEWS, view_of};
use crate::caller::Caller;
use crate::ui::frame::PlainPage;

/// The page of a view that is not built yet.
#[component]
pub fn Unbuilt(
    /// Whose view.
    permission: Permission,
) -> impl IntoView {
    match Caller::with(permission) {
        Ok(caller) => page(permission, &caller).into_any(),
        Err(error) => crate::server::trouble(&error).into_any(),
    }
}

fn page(permission: Permission, caller: &Caller) -> impl IntoView + use<> {
    let title = view_of(permission).label;
    let there: Vec<_> = VIEWS.iter().filter(|view| view.built && view.permission.is_for(caller.user().role)).collect();
    let none = there.is_empty();
    view! {
        <PlainPage title=title>
            <p>"This view is not part of this version yet."</p>
            {none.then(|| view! { <p>"Your role has no other view in this version. You are signed in, and your account is ready for the next one."</p> })}
            {(!none).then(|| view! {
                <p>"What you can use today:"</p>
                <ul>{there.into_iter().map(|view| view! { <li><a href=view.path>{view.label}</a></li> }).collect_view()}</ul>
            })}
        </PlainPage>
    }
}
