//! `/alignment/alerts`: what was off course in the last ninety days, and for how long?

use chrono::Duration;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use muster::alignment::alerts::{Alert, Listed, history};
use muster::people::Permission;

use super::{HISTORY, light};
use crate::caller::Caller;
use crate::error::AppError;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, Column, DataTable, EmptyState, Pager, fmt, page_of};

/// Days that are shown.
const DAYS: i64 = 90;
/// Rows of a page.
const ROWS: i64 = 50;

/// `/alignment/alerts`
#[component]
pub fn HistoryPage() -> impl IntoView {
    let asked = page_of(&use_query_map().get_untracked(), "page");
    let page = Suspend::new(async move {
        match async { load(asked?).await }.await {
            Ok((caller, listed, page)) => Either::Left(view(&caller, &listed, page)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(page: u32) -> Result<(Caller, Listed, u32), AppError> {
    let caller = Caller::with(Permission::Alignment)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let since = caller.now() - Duration::days(DAYS);
    let listed = history(&mut tx, since, ROWS, i64::from(page - 1) * ROWS).await?;
    drop(tx);
    Ok((caller, listed, page))
}

fn view(caller: &Caller, listed: &Listed, page: u32) -> impl IntoView + use<> {
    let body = match (listed.alerts.is_empty(), page) {
        (true, 1) => view! { <EmptyState title="Nothing was off course"><p>"Each alert stands here while it is open and after it is over."</p></EmptyState> }.into_any(),
        (true, _) => view! { <EmptyState title="There is no such page"><p>"The list is shorter. Turn back to its first page."</p></EmptyState> }.into_any(),
        (false, _) => table(caller, listed),
    };
    let (older, lead) = (i64::from(page) * ROWS < listed.total, fmt::count(listed.total, "alert", "alerts"));
    view! {
        <PageFrame title="Alerts" lead="What was off course in the last 90 days, those still open first.">
            <p class="way-back"><a href="/alignment">"Operational alignment"</a></p>
            <Card id="history" title="Alerts of the last 90 days" lead=lead>
                {body}
                <Pager label="Pages of alerts" page=page older=older href=format!("{HISTORY}?page=")/>
            </Card>
        </PageFrame>
    }
}

fn table(caller: &Caller, listed: &Listed) -> AnyView {
    let columns = vec![
        Column::text("title", "What"),
        Column::text("severity", "How grave"),
        Column::text("detail", "Latest reading"),
        Column::short("opened", "Opened"),
        Column::short("over", "Over"),
        Column::text("seen", "Acknowledged"),
    ];
    let rows = listed.alerts.iter().map(|alert| row(caller, alert)).collect();
    view! { <DataTable caption="Alerts, open ones first, then the newest" hide_caption=true columns rows/> }.into_any()
}

fn row(caller: &Caller, alert: &Alert) -> Vec<AnyView> {
    let zone = caller.user().org.zone;
    let moment = |at: chrono::DateTime<chrono::Utc>| fmt::moment(at.with_timezone(&zone).fixed_offset());
    let seen = alert.acknowledged.as_ref().map_or_else(
        || "–".to_owned(),
        |(_, who)| alert.note.as_ref().map_or_else(|| who.clone(), |note| format!("{who}: “{note}”")),
    );
    vec![
        alert.title.clone().into_any(),
        light(alert.severity).into_any(),
        alert.detail.clone().into_any(),
        moment(alert.opened_at).into_any(),
        alert.resolved_at.map_or_else(|| "still open".to_owned(), moment).into_any(),
        seen.into_any(),
    ]
}
