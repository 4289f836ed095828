//! `/admin/cache`: which answers are kept, how often did they serve, and how are they forgotten?

use axum::extract::State;
use axum::response::Response;
use axum::routing::{MethodRouter, post};
use leptos::either::Either;
use leptos::prelude::*;
use muster::people::audit::{self, Change};
use serde_json::json;
use tower_sessions::Session;

use super::form::{Sent, back, said};
use super::{administrates, administrator};
use crate::cache::Kind;
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::server::App;
use crate::ui::frame::PageFrame;
use crate::ui::{Ago, Card, Column, DataTable, EmptyState, Tile, fmt};

/// The address of the page.
pub const PAGE: &str = "/admin/cache";
const FORM: &str = "cache";

pub(super) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![("/fn/clear_cache", post(clear))]
}

/// `POST /fn/clear_cache`: forgets what is kept for the caller's organization.
async fn clear(State(app): State<App>, caller: Caller, session: Session) -> Response {
    let outcome = async {
        administrates(&caller)?;
        let cleared = app.kept.clear(caller.user().org.id).await;
        let mut tx = caller.db().org(caller.user().org.id).await?;
        let after = Some(json!({ "answers": cleared }));
        let change = Change { action: "cleared cache", record: "cache", id: None, before: None, after };
        audit::changed(&mut tx, caller.user().id, change, caller.now()).await?;
        tx.commit().await?;
        Ok(format!(
            "{} forgotten; each is made anew when it is asked for.",
            fmt::count(cleared as i64, "answer is", "answers are")
        ))
    };
    back(&session, FORM, outcome.await, &Sent::default(), PAGE).await
}

/// `/admin/cache`
#[component]
pub fn CachePage() -> impl IntoView {
    let page = Suspend::new(async move {
        match administrator() {
            Ok(caller) => Either::Left(view(&caller, Flash::take().await)),
            Err(error) => Either::Right(trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

fn trouble(error: &AppError) -> impl IntoView + use<> {
    crate::server::trouble(error)
}

fn view(caller: &Caller, flash: Option<Flash>) -> impl IntoView + use<> {
    let kinds: Vec<(&'static str, Kind)> = caller.app().kept.of(caller.user().org.id).into_iter().collect();
    let sum = |of: fn(&Kind) -> u64| kinds.iter().map(|(_, kind)| of(kind)).sum::<u64>();
    let (hits, misses, entries) = (sum(|it| it.asked.hits), sum(|it| it.asked.misses), sum(|it| it.entries));
    let since = caller.app().meter.uptime().as_secs() / 60;
    let since = format!("since this instance began, {} ago", fmt::count(since as i64, "minute", "minutes"));
    let (said, table) = (said(flash.as_ref().filter(|flash| flash.form == FORM)), table(caller, &kinds));
    view! {
        <PageFrame title="Cache" lead="Answers that take long to make are kept for some minutes, for your organization alone. A job that rewrites what they rest on drops them by itself.">
            {said}
            <div class="stack">
                <div class="tiles">
                    <Tile label="Served from the cache" value=fmt::percent(hits as i64, (hits + misses) as i64) period=since.clone()
                        note=format!("{hits} of {} times", hits + misses)/>
                    <Tile label="Kept now" value=entries.to_string() period="this instance, your organization"/>
                </div>
                {table}
                <p><a href=PAGE>"Refresh"</a>" · "<a href=super::PAGE>"Back to Admin"</a></p>
            </div>
        </PageFrame>
    }
}

/// What a page calls a kind of answer.
fn title(what: &str) -> String {
    match what {
        "financial" => "Financial: the month".into(),
        "financial-today" => "Financial: today so far".into(),
        "alignment-live" => "Operational alignment: right now".into(),
        "placements" | "revenue" | "orders" | "partners" | "customers" => {
            format!("Financial: {what}")
        }
        other => other.replace('-', " "),
    }
}

fn table(caller: &Caller, kinds: &[(&'static str, Kind)]) -> impl IntoView + use<> {
    let (zone, now) = (caller.user().org.zone, caller.now());
    let columns = vec![
        Column::text("what", "Answer"),
        Column::number("kept", "Kept now"),
        Column::number("hits", "Served again"),
        Column::number("misses", "Made"),
        Column::text("oldest", "Oldest made"),
    ];
    let rows: Vec<_> = kinds
        .iter()
        .map(|(what, kind)| {
            let oldest = kind.oldest.map_or_else(
                || "–".into_any(),
                |at| view! { <Ago at=at.with_timezone(&zone).fixed_offset() now/> }.into_any(),
            );
            vec![
                title(what).into_any(),
                kind.entries.to_string().into_any(),
                kind.asked.hits.to_string().into_any(),
                kind.asked.misses.to_string().into_any(),
                oldest,
            ]
        })
        .collect();
    let body = if rows.is_empty() {
        view! { <EmptyState title="Nothing was kept yet"><p>"The money pages keep their answers: open one, and it stands here."</p></EmptyState> }.into_any()
    } else {
        view! {
            <DataTable caption="Kinds of answers that are kept" hide_caption=true columns rows/>
            <form method="post" action="/fn/clear_cache"><button class="button quiet" type="submit">"Forget what is kept"</button></form>
        }
        .into_any()
    };
    view! { <Card id="kinds" title="What is kept" lead="Of this instance; each has its own.">{body}</Card> }
}
