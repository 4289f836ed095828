//! The frame of every page: skip link, navigation by role, theme, sign out.

use axum::http::request::Parts;
use leptos::prelude::*;

use crate::access::navigation;
use crate::caller::Caller;

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
            <main class="page" id="main" tabindex="-1">
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
            <main class="page plain" id="main" tabindex="-1">
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
        <a class="skip" href="#main">"Skip to content"</a>
        <header class="frame">
            <div class="frame-in">
                <a class="brand" href="/">"Muster"</a>
                {caller.as_ref().map(views)}
                {caller.as_ref().map(account)}
            </div>
        </header>
        {children()}
        <footer class="frame-foot">
            <p>"Scores inform people. They decide nothing by themselves."</p>
            {caller.as_ref().map(theme)}
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
    view! { <nav class="frame-nav" aria-label="Views"><ul>{links}</ul></nav> }
}

fn account(caller: &Caller) -> impl IntoView + use<> {
    let user = caller.user();
    let who = format!("{}, {} at {}", user.name, user.role, user.org.name);
    view! {
        <div class="frame-user">
            <span class="frame-name" title=who>{user.name.clone()}</span>
            <form method="post" action="/sign-out"><button class="button quiet">"Sign out"</button></form>
        </div>
    }
}

fn theme(caller: &Caller) -> impl IntoView + use<> {
    let chosen = caller.user().theme.clone();
    let choices = [("system", "As the device"), ("light", "Light"), ("dark", "Dark")]
        .map(|(theme, label)| {
            let current = (chosen == theme).then_some("true");
            view! { <button class="choice" name="theme" value=theme aria-current=current>{label}</button> }
        })
        .collect_view();
    view! { <form class="theme" method="post" action="/fn/choose_theme" aria-label="Theme"><span>"Theme"</span><div class="choices">{choices}</div></form> }
}
