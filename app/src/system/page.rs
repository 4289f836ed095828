//! `/admin/system`: every part of the machinery with what it was judged by, and the routes that fail or take long.

use std::time::Duration;

use leptos::either::Either;
use leptos::prelude::*;
use muster::people::{Permission, Role};
use muster::system::Part;

use super::card::light;
use super::health::{Health, health};
use super::meter::Busy;
use crate::caller::Caller;
use crate::error::AppError;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, Column, DataTable, EmptyState, fmt};

/// Routes shown.
const SHOWN: usize = 25;

/// `/admin/system`
#[component]
pub fn SystemPage() -> impl IntoView {
    let page = Suspend::new(async move {
        match load().await {
            Ok((health, routes)) => Either::Left(view(&health, routes)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load() -> Result<(Health, Vec<Busy>), AppError> {
    let caller = Caller::with(Permission::Admin)?;
    // The platform sees the machinery and none of an organization's own jobs and mails.
    let org = (caller.user().role == Role::Admin).then(|| caller.user().org.clone());
    Ok((health(caller.app(), org).await, caller.app().meter.routes()))
}

fn view(health: &Health, routes: Vec<Busy>) -> impl IntoView + use<> {
    let lead =
        format!("Altogether: {}. Asked at this moment; each part has two seconds to answer.", health.state.word());
    let (parts, busy) = (health.parts.iter().map(part).collect_view(), busy(routes));
    view! {
        <PageFrame title="System" lead=lead>
            <div class="stack">
                <div class="system-cards">{parts}</div>
                {busy}
                <p><a href=super::PAGE>"Refresh"</a>" · "<a href=crate::admin::PAGE>"Back to Admin"</a></p>
            </div>
        </PageFrame>
    }
}

fn part(part: &Part) -> impl IntoView + use<> {
    let facts = part
        .facts
        .iter()
        .map(|fact| view! { <div><dt>{fact.name.clone()}</dt><dd>{fact.value.clone()}</dd></div> })
        .collect_view();
    let (says, state) = (part.says.clone(), part.state);
    view! {
        <Card id=format!("system-{}", part.code) title=part.title>
            <p>{light(state)}" "{says}</p>
            <dl class="system-facts">{facts}</dl>
        </Card>
    }
}

fn busy(routes: Vec<Busy>) -> impl IntoView {
    let all = routes.len();
    let columns = vec![
        Column::text("route", "Route"),
        Column::number("requests", "Requests, 1 h"),
        Column::number("errors", "Failed, 1 h"),
        Column::number("p50", "p50, 1 h (ms)"),
        Column::number("p95", "p95, 1 h (ms)"),
        Column::number("p99", "p99, 1 h (ms)"),
        Column::number("now", "p95, 5 min (ms)"),
    ];
    let ms = |took: Duration| fmt::number(took.as_secs_f64() * 1e3, 0);
    let rows: Vec<_> = routes
        .into_iter()
        .take(SHOWN)
        .map(|it| {
            let now = if it.five_minutes.requests == 0 { "–".to_owned() } else { ms(it.five_minutes.p95) };
            vec![
                format!("{} {}", it.method, it.route).into_any(),
                it.hour.requests.to_string().into_any(),
                it.hour.errors.to_string().into_any(),
                ms(it.hour.p50).into_any(),
                ms(it.hour.p95).into_any(),
                ms(it.hour.p99).into_any(),
                now.into_any(),
            ]
        })
        .collect();
    let body = if rows.is_empty() {
        view! { <EmptyState title="Nothing was asked for in the last hour"/> }.into_any()
    } else {
        let caption = format!("{} of {all} routes that were used", rows.len());
        view! { <DataTable caption columns rows/> }.into_any()
    };
    view! {
        <Card id="routes" title="Routes" lead="Of this instance, those with most failures first, then the slowest. A quantile is told to within a tenth.">
            {body}
        </Card>
    }
}
