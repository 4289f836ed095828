//! One user: role and scope, password, shutting out.

use leptos::prelude::*;
use muster::people::Role;

use super::form::{Filled, rights};
use super::list::scope;
use super::page::Chosen;
use super::{CHANGE, PAGE};
use crate::admin::form::said;
use crate::admin::log;
use crate::ui::frame::PageFrame;
use crate::ui::{Ago, Card, EmptyState, fmt};

pub(super) fn view(it: &Chosen) -> impl IntoView + use<> {
    let member = &it.member;
    let email = member.email.clone().unwrap_or_else(|| "no login".into());
    let state = if member.active { "active" } else { "deactivated" };
    let lead = format!("{email} · {}, {} · {state}", member.role, scope(member));
    let own = member.id == it.caller.user().id;
    let parts = if own {
        let text = "Another administrator can change your role or deactivate you: nobody changes the own rights, so that nobody locks themselves out.";
        view! { <Card id="rights" title="Role and scope"><EmptyState title="That is you"><p>{text}</p></EmptyState></Card> }.into_any()
    } else if member.role == Role::Platform {
        let text = "Users of the platform see totals of every organization. They are made and changed on the command line only.";
        view! { <Card id="rights" title="Role and scope"><EmptyState title="A user of the platform"><p>{text}</p></EmptyState></Card> }.into_any()
    } else {
        change(it).into_any()
    };
    let password = (member.role != Role::Platform && member.email.is_some()).then(|| reset(it));
    let shut = (!own && member.role != Role::Platform).then(|| shut(it));
    let (said, known) = (said(it.flash.as_ref()), known(it));
    view! {
        <PageFrame title=member.name.clone() lead=lead>
            {said}
            <div class="columns">
                <div class="stack">{parts}</div>
                <div class="stack">{known} {password} {shut}</div>
            </div>
            <p><a href=PAGE>"All users"</a></p>
        </PageFrame>
    }
}

fn change(it: &Chosen) -> impl IntoView + use<> {
    let mend = it.flash.as_ref().filter(|flash| flash.form == CHANGE && !flash.done && !flash.typed("role").is_empty());
    let filled = mend.map_or_else(|| Filled::of(&it.member), Filled::typed);
    let (id, rights) = (it.member.id.to_string(), rights(&it.choices, &filled));
    view! {
        <Card id="rights" title="Role and scope" lead="It holds from the user's next request on, in sessions that are open too.">
            <form class="form" method="post" action="/fn/change_user">
                <input type="hidden" name="user" value=id/>
                {rights}
                <button class="button" type="submit">"Change"</button>
            </form>
        </Card>
    }
}

fn known(it: &Chosen) -> impl IntoView + use<> {
    let zone = it.caller.user().org.zone;
    let now = it.caller.now();
    let login = it.member.last_login_at.map_or_else(
        || "never".into_any(),
        |at| view! { <Ago at=at.with_timezone(&zone).fixed_offset() now/> }.into_any(),
    );
    let email = it.member.email.clone();
    let done = email.map(|email| {
        let query = serde_urlencoded::to_string([("who", email)]).unwrap_or_default();
        view! { <p><a href=format!("{}?{query}", log::PAGE)>"What this user did"</a></p> }
    });
    let tokens = fmt::count(it.member.tokens, "API token opens something", "API tokens open something");
    view! {
        <Card id="known" title="Signing in">
            <p>"Last signed in: "{login}</p>
            <p>{tokens}</p>
            {done}
        </Card>
    }
}

fn reset(it: &Chosen) -> impl IntoView + use<> {
    let id = it.member.id.to_string();
    view! {
        <Card id="password" title="Password" lead="A new random one is shown once. Sessions end, and a lock after failed tries is lifted.">
            <form method="post" action="/fn/reset_user">
                <input type="hidden" name="user" value=id/>
                <button class="button quiet" type="submit">"Reset the password"</button>
            </form>
        </Card>
    }
}

fn shut(it: &Chosen) -> impl IntoView + use<> {
    let id = it.member.id.to_string();
    let (lead, action, word) = if it.member.active {
        (
            "Sessions end and tokens open nothing, at once. What the user did stays in the log.",
            "/fn/deactivate_user",
            "Deactivate",
        )
    } else {
        (
            "The user may sign in again with the old password. Tokens stay revoked.",
            "/fn/activate_user",
            "Activate again",
        )
    };
    view! {
        <Card id="state" title="May sign in" lead=lead>
            <form method="post" action=action>
                <input type="hidden" name="user" value=id/>
                <button class="button quiet" type="submit">{word}</button>
            </form>
        </Card>
    }
}
