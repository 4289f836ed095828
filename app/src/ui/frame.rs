//! The frame of every page: skip link, navigation by role, theme, sign out.

use axum::http::request::Parts;
use leptos::prelude::*;

use crate::access::navigation;
use crate::api::DOCS;
use crate::caller::Caller;
use crate::privacy::PAGE as PRIVACY;
use crate::reports::PAGE as REPORTS;
use crate::sessions::PAGE as SESSIONS;

/// A page: its title as the one `h1`, around it what every page has.
#[component]
pub fn PageFrame(
    /// The heading.
    #[prop(into)]
    title: String,
    /// A sentence under the heading.
    #[prop(optional, into)]
    lead: Option<String>,
    /// What stands beside the heading, such as the filter.
    #[prop(optional_no_strip)]
    aside: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    view! {
        <Frame>
            <main id="main" tabindex="-1">
                <header class="page-head">
                    <div>
                        <h1>{title}</h1>
                        {lead.map(|lead| view! { <p class="page-lead">{lead}</p> })}
                    </div>
                    {aside}
                </header>
                {children()}
            </main>
        </Frame>
    }
}

/// A page that says one thing: sign-in, an error, a view that is not there yet.
#[component]
pub fn PlainPage(
    /// The heading.
    #[prop(into)]
    title: String,
    /// A status code above the heading.
    #[prop(optional_no_strip)]
    code: Option<u16>,
    children: Children,
) -> impl IntoView {
    view! {
        <Frame>
            <main class="plain" id="main" tabindex="-1">
                <div class="card plain-card">
                    {code.map(|code| view! { <p class="plain-code">{code}</p> })}
                    <h1>{title}</h1>
                    {children()}
                </div>
            </main>
        </Frame>
    }
}

#[component]
fn Frame(children: Children) -> impl IntoView {
    let caller = Caller::current();
    view! {
        <a class="skip-link" href="#main">"Skip to the content"</a>
        <header class="frame">
            <a class="brand" href="/" aria-label="Muster, start page">"Muster"</a>
            {caller.as_ref().map(views)}
            {caller.as_ref().map(account)}
        </header>
        {children()}
        <footer class="frame-foot">
            <p>"Scores inform people. They decide nothing by themselves."</p>
        </footer>
    }
}

fn views(caller: &Caller) -> impl IntoView + use<> {
    let here = use_context::<Parts>().map(|parts| parts.uri.path().to_owned()).unwrap_or_default();
    let links = navigation(caller.user().role)
        .map(|view| {
            let current = here.starts_with(view.path).then_some("page");
            view! { <li><a href=view.path aria-current=current>{view.label}</a></li> }
        })
        .collect_view();
    view! { <nav class="views" aria-label="Views"><ul>{links}</ul></nav> }
}

fn account(caller: &Caller) -> impl IntoView + use<> {
    let user = caller.user();
    let chosen = user.theme.clone();
    let who = format!("{}, {}", user.org.name, user.role);
    let themes = [("system", "As the device"), ("light", "Light"), ("dark", "Dark")]
        .map(|(theme, label)| view! { <option value=theme selected=chosen == theme>{label}</option> })
        .collect_view();
    view! {
        <div class="account">
            {bell(user.unread)}
            <details class="menu">
                <summary><span class="who">{user.name.clone()}</span></summary>
                <div class="menu-body">
                    <p class="muted">{who}</p>
                    <form method="post" action="/fn/choose_theme">
                        <label class="field">"Theme"<select name="theme">{themes}</select></label>
                        <button class="button quiet">"Use this theme"</button>
                    </form>
                    <p><a href=REPORTS>"Reports"</a></p>
                    <p><a href=SESSIONS>"Where you are signed in"</a></p>
                    <p><a href=PRIVACY>"Your data"</a></p>
                    <p><a href=DOCS>"API"</a></p>
                </div>
            </details>
            <form method="post" action="/sign-out"><button class="button quiet">"Sign out"</button></form>
        </div>
    }
}

/// What is new, as a link that says how much of it.
fn bell(unread: i64) -> impl IntoView {
    let here = use_context::<Parts>().is_some_and(|parts| parts.uri.path() == "/notifications").then_some("page");
    let (name, count) = match unread {
        0 => ("Notifications, nothing unread".into(), None),
        100.. => ("Notifications, 100 or more unread".into(), Some("99+".to_owned())),
        n => (format!("Notifications, {n} unread"), Some(n.to_string())),
    };
    view! {
        <a class="bell" href="/notifications" aria-label=name aria-current=here>
            <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 16V10a6 6 0 0 1 12 0v6l2 2H4zM10 21h4"/></svg>
            {count.map(|count| view! { <span class="bell-count" aria-hidden="true">{count}</span> })}
        </a>
    }
}
