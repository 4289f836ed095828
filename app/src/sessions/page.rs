//! `/sessions`: where am I signed in, and how do I end what I do not know?

use axum::Form;
use axum::extract::State;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, post};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use leptos::either::Either;
use leptos::prelude::*;
use serde::Deserialize;
use tower_sessions::Session;

use super::own::{self, Own};
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::server::App;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, EmptyState, Notice, NoticeKind, fmt};

/// The address of the page.
pub const PAGE: &str = "/sessions";
const FORM: &str = "sessions";

/// What its forms post to.
pub(crate) fn routes() -> [(&'static str, MethodRouter<App>); 1] {
    [("/fn/end_sessions", post(end))]
}

/// Which session: the hash of its cookie; empty: all the others.
#[derive(Debug, Deserialize)]
struct Which {
    #[serde(default)]
    session: String,
}

/// `POST /fn/end_sessions`: signs out elsewhere.
async fn end(State(app): State<App>, caller: Caller, session: Session, Form(which): Form<Which>) -> Response {
    let outcome = async {
        let here = own::here(&session).await?.ok_or(AppError::SignedOut { expired: false })?;
        let one = Some(which.session.as_str()).filter(|id| !id.is_empty());
        let ended = own::end(&app.db, &here, one).await?;
        let mut tx = caller.db().org(caller.user().org.id).await?;
        own::note(&mut tx, caller.user().id, ended, caller.now()).await?;
        tx.commit().await?;
        Ok::<_, AppError>(ended)
    };
    let flash = match outcome.await {
        Ok(0) => Flash::done(FORM, "That session had ended already."),
        Ok(n) => Flash::done(FORM, format!("Signed out: {}.", fmt::count(n as i64, "other session", "other sessions"))),
        Err(error) => Flash::mend(FORM, error.text(), &[]),
    };
    flash.keep_in(&session).await;
    Redirect::to(PAGE).into_response()
}

/// `/sessions`
#[component]
pub fn SessionsPage() -> impl IntoView {
    let page = Suspend::new(async move {
        match load().await {
            Ok((caller, sessions, flash)) => Either::Left(view(&caller, &sessions, flash.as_ref())),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load() -> Result<(Caller, Vec<Own>, Option<Flash>), AppError> {
    let signed_out = || AppError::SignedOut { expired: false };
    let caller = Caller::current().ok_or_else(signed_out)?;
    let session = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Session>().cloned());
    let sessions = match own::here(&session.ok_or_else(signed_out)?).await? {
        Some(here) => own::list(caller.db(), &here, caller.now()).await?,
        // Whoever comes with a token has no session.
        None => Vec::new(),
    };
    let flash = Flash::take().await.filter(|flash| flash.form == FORM);
    Ok((caller, sessions, flash))
}

fn view(caller: &Caller, sessions: &[Own], flash: Option<&Flash>) -> impl IntoView + use<> {
    let said = flash.map(|flash| {
        let (kind, message) = (if flash.done { NoticeKind::Done } else { NoticeKind::Failed }, flash.message.clone());
        view! { <Notice kind><p>{message}</p></Notice> }
    });
    let (zone, now) = (caller.user().org.zone, caller.now());
    let lines = sessions.iter().map(|it| line(it, zone, now)).collect_view();
    let body = if sessions.is_empty() {
        view! { <EmptyState title="You came without a session"><p>"Programs come with a token; those are listed under Your data."</p></EmptyState> }.into_any()
    } else {
        view! { <ul class="entries">{lines}</ul> }.into_any()
    };
    let others = (sessions.len() > 1).then(|| {
        view! {
            <form method="post" action="/fn/end_sessions">
                <button class="button" type="submit">"Sign out everywhere else"</button>
            </form>
        }
    });
    let title = fmt::count(sessions.len() as i64, "session", "sessions");
    let lead = "A session ends twelve hours after it was used last, and after seven days in any case.";
    view! {
        <PageFrame title="Where you are signed in" lead="End what you do not know, and then ask your administrator for a new password.">
            {said}
            <div class="stack">
                <Card id="sessions" title lead>
                    {body}
                    {others}
                </Card>
            </div>
        </PageFrame>
    }
}

fn line(it: &Own, zone: Tz, now: DateTime<Utc>) -> impl IntoView + use<> {
    let with = it.with.clone().unwrap_or_else(|| "An unknown browser".into());
    let since = fmt::moment(it.since.with_timezone(&zone).fixed_offset());
    let from = it.from.as_ref().map(|from| format!(", from the network {from}")).unwrap_or_default();
    let seen = if it.here {
        "in use now".into()
    } else {
        format!("used {}", fmt::ago(it.seen.with_timezone(&zone).fixed_offset(), now))
    };
    let mark = it.here.then(|| view! { <span class="tag done">"this one"</span> });
    let (id, name) = (it.id.clone(), format!("Sign out: {with}, signed in {since}"));
    let form = (!it.here).then(|| {
        view! {
            <form method="post" action="/fn/end_sessions">
                <input type="hidden" name="session" value=id/>
                <button class="button quiet" type="submit" aria-label=name>"Sign out"</button>
            </form>
        }
    });
    view! {
        <li>
            <div class="entry-head">
                <span class="entry-name">{with}" "{mark}</span>
                <span class="entry-when">{seen}</span>
            </div>
            <p class="entry-text">"Signed in "{since}{from}"."</p>
            {form}
        </li>
    }
}
