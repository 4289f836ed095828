//! Coming in and going out, and where each role lands.

use std::net::SocketAddr;

use axum::Form;
use axum::extract::{ConnectInfo, FromRequestParts, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use muster::people::accounts::{SignIn, sign_in};
use serde::Deserialize;
use tower_sessions::Session;

use crate::access::view_of;
use crate::caller::Caller;
use crate::error::AppError;
use crate::server::App;
use crate::sessions;
use crate::shell::document;
use crate::ui::frame::PlainPage;
use crate::ui::{Notice, NoticeKind};

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    next: Option<String>,
    expired: Option<String>,
}

/// What the form says.
#[derive(Debug, Deserialize)]
pub struct Credentials {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    next: Option<String>,
}

/// `/`: to the view the role came for.
pub async fn landing(caller: Caller) -> Redirect {
    Redirect::to(view_of(caller.user().role.came_for()).path)
}

/// `GET /sign-in`
pub async fn form(State(app): State<App>, Query(wanted): Query<Wanted>, request: Request) -> Response {
    if request.extensions().get::<Caller>().is_some() {
        return Redirect::to(&own_path(wanted.next.as_deref())).into_response();
    }
    let notice = wanted.expired.map(|_| (false, AppError::SignedOut { expired: true }.text()));
    page(&app, "", wanted.next.as_deref(), notice)
}

/// `POST /sign-in`
pub async fn submit(
    State(app): State<App>,
    session: Session,
    address: Address,
    headers: HeaderMap,
    Form(typed): Form<Credentials>,
) -> Response {
    let now = app.clock.now();
    match sign_in(&app.db, &typed.email, &typed.password, &address.0, now).await {
        Ok(SignIn::Welcome { login }) => {
            match sessions::begin(&session, login, (user_agent(&headers), &address.0), now).await {
                Ok(()) => Redirect::to(&own_path(typed.next.as_deref())).into_response(),
                Err(cause) => AppError::from(cause).response(false, None, &app.site),
            }
        }
        Ok(SignIn::Refused) => {
            let say = "E-mail and password do not go together. Check both and try again.".to_owned();
            let mut response = page(&app, &typed.email, typed.next.as_deref(), Some((true, say)));
            *response.status_mut() = StatusCode::UNAUTHORIZED;
            response
        }
        Ok(SignIn::Locked { until }) => {
            let mut response = page(&app, &typed.email, typed.next.as_deref(), Some((true, locked(until, now))));
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            if let Ok(seconds) = (until - now).num_seconds().max(1).to_string().parse() {
                response.headers_mut().insert(header::RETRY_AFTER, seconds);
            }
            response
        }
        Err(cause) => AppError::from(cause).response(false, None, &app.site),
    }
}

fn user_agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn locked(until: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = (until - now).num_seconds().max(1);
    let wait = if seconds < 90 { format!("{seconds} seconds") } else { format!("{} minutes", (seconds + 59) / 60) };
    format!(
        "Too many failed tries. To keep the account safe, sign-in is locked; try again in {wait}. Your administrator can lift the lock."
    )
}

/// `POST /sign-out`
pub async fn sign_out(State(app): State<App>, session: Session) -> Response {
    match session.flush().await {
        Ok(()) => Redirect::to("/sign-in").into_response(),
        Err(cause) => AppError::from(cause).response(false, None, &app.site),
    }
}

/// Only a path of our own, never another site's address.
fn own_path(next: Option<&str>) -> String {
    let own = |path: &&str| {
        path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') && !path.contains(char::is_control)
    };
    next.filter(own).filter(|path| !path.starts_with("/sign-")).unwrap_or("/").to_owned()
}

fn page(app: &App, email: &str, next: Option<&str>, notice: Option<(bool, String)>) -> Response {
    let (email, next) = (email.to_owned(), own_path(next));
    let failed = notice.as_ref().is_some_and(|(failed, _)| *failed);
    let notice = notice.map(|(failed, text)| {
        let kind = if failed { NoticeKind::Failed } else { NoticeKind::Info };
        view! { <div id="sign-in-notice"><Notice kind><p>{text}</p></Notice></div> }
    });
    let body = move || {
        view! {
            <PlainPage title="Sign in">
                {notice}
                <form class="form" method="post" action="/sign-in">
                    <label class="field">"E-mail"
                        <input name="email" type="email" autocomplete="username" required=true value=email autofocus=!failed/>
                    </label>
                    <label class="field">"Password"
                        <input name="password" type="password" autocomplete="current-password" required=true autofocus=failed
                            aria-describedby=failed.then_some("sign-in-notice")/>
                    </label>
                    <input type="hidden" name="next" value=next/>
                    <button class="button">"Sign in"</button>
                </form>
            </PlainPage>
        }
    };
    document(&app.site, None, "Sign in", body)
}

/// Where a request comes from: the connection, or what our proxy says.
#[derive(Debug)]
pub struct Address(pub(crate) String);

impl Address {
    /// As text; `unknown` where nobody says.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromRequestParts<App> for Address {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let connection = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string());
        let forwarded = forwarded_for(&parts.headers, app.proxies);
        Ok(Self(forwarded.or(connection).unwrap_or_else(|| "unknown".into())))
    }
}

/// Each proxy appends whom it heard from: with two of ours, the second entry from the end is the client's address as the
/// outer one saw it. What stands before that is the client's own word.
fn forwarded_for(headers: &HeaderMap, proxies: u8) -> Option<String> {
    let nth = usize::from(proxies).checked_sub(1)?;
    let entries: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    entries.iter().rev().nth(nth).map(|address| address.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_from_our_own_proxies_only() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "1.1.1.1, 2.2.2.2, 3.3.3.3".parse().unwrap());
        assert_eq!(forwarded_for(&headers, 0), None);
        assert_eq!(forwarded_for(&headers, 1).as_deref(), Some("3.3.3.3"));
        assert_eq!(forwarded_for(&headers, 2).as_deref(), Some("2.2.2.2"));
    }

    #[test]
    fn one_is_sent_to_own_paths_only() {
        for (next, expected) in [
            (Some("/me?days=30"), "/me?days=30"),
            (Some("https://evil.test/"), "/"),
            (Some("//evil.test/"), "/"),
            (Some("/\\evil.test"), "/"),
            (Some("javascript:alert(1)"), "/"),
            (Some("/a\r\nSet-Cookie: x"), "/"),
            (Some("/sign-in?next=/sign-in"), "/"),
            (None, "/"),
        ] {
            assert_eq!(own_path(next), expected, "{next:?}");
        }
    }
}
