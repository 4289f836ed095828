//! The card of system health, for a page whose reader may see it.

use leptos::prelude::*;
use muster::people::Role;
use muster::system::{Part, State};

use super::PAGE;
use super::health::health;
use crate::caller::Caller;
use crate::ui::Card;

/// System health: each part with its state in a word and a shape; of the caller's organization, unless that is the platform.
pub async fn card(caller: &Caller) -> AnyView {
    let role = caller.user().role;
    let org = (role != Role::Platform).then(|| caller.user().org.clone());
    let found = health(caller.app(), org).await;
    let may_look = matches!(role, Role::Admin | Role::Platform);
    let details = may_look.then(|| view! { <p><a href=PAGE>"Details of the system"</a></p> });
    let lead = format!("As of this moment: {}.", found.state.word());
    let parts = found.parts.iter().map(line).collect_view();
    view! {
        <Card id="system-health" title="System health" lead=lead>
            <ul class="system-parts">{parts}</ul>
            {details}
        </Card>
    }
    .into_any()
}

fn line(part: &Part) -> impl IntoView + use<> {
    let (title, says) = (part.title, part.says.clone());
    view! { <li>{light(part.state)}<strong>{title}</strong><span>{says}</span></li> }
}

/// A state as word and shape.
pub(super) fn light(state: State) -> impl IntoView {
    let class = format!("system-state system-{}", state.word());
    view! { <span class=class><span aria-hidden="true">{state.shape()}</span>" "{state.word()}</span> }
}
