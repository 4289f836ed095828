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
    /// A word above the heading: where, when.
    #[prop(optional, into)]
    over: Option<String>,
    children: Children,
) -> impl IntoView {
    let caller = Caller::current();
    view! {
        <a class="skip-link" href="#main">"Skip to the content"</a>
        <header class="frame">
            <a class="brand" href="/" aria-label="Muster, start page">"Muster"</a>
            {caller.as_ref().map(navigation_list)}
            {caller.as_ref().map(account)}
        </header>
        <main id="main" tabindex="-1">
            <div class="page-head">
                {over.map(|over| view! { <p class="over">{over}</p> })}
                <h1>{title}</h1>
            </div>
            {children()}
        </main>
        <footer class="frame-foot">
            <p>"Scores inform people. They never decide by themselves."</p>
        </footer>
    }
}

fn navigation_list(caller: &Caller) -> impl IntoView + use<> {
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
    let role = user.role.word();
    let chosen = user.theme.clone();
    let themes = [("system", "As the device"), ("light", "Light"), ("dark", "Dark")]
        .map(|(theme, label)| view! { <option value=theme selected=chosen == theme>{label}</option> })
        .collect_view();
    view! {
        <div class="account">
            <details class="menu">
                <summary><span class="who">{user.name.clone()}</span></summary>
                <div class="menu-body">
                    <p class="muted">{format!("{} · {role}", user.org.name)}</p>
                    <form method="post" action="/fn/choose_theme">
                        <label class="field"><span>"Theme"</span><select name="theme">{themes}</select></label>
                        <button class="button quiet">"Use this theme"</button>
                    </form>
                </div>
            </details>
            <form method="post" action="/sign-out"><button class="button quiet">"Sign out"</button></form>
        </div>
    }
}
