//! The runs of a schedule: when, how it went, and what each recipient got.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use muster::reports::schedules::{Delivery, Kept, Run, RunState};
use muster::units::UserId;

use super::page::{at, state};
use super::{PAGE, size};
use crate::ui::{Card, Column, DataTable, Details, EmptyState, fmt};

/// Runs on a page.
pub(super) const SHOWN: i64 = 20;

/// The card of the runs; `older` is the address of those before them.
pub(super) fn card(kept: &Kept, runs: &[Run], reader: UserId, older: Option<String>) -> impl IntoView + use<> {
    let body = if runs.is_empty() {
        view! {
            <EmptyState title="It never went out yet">
                <p>"Its runs appear here, each with the outcome of every mail. “Send now” starts one at once."</p>
            </EmptyState>
        }
        .into_any()
    } else {
        let columns = vec![
            Column::text("due", "Due"),
            Column::text("state", "Outcome"),
            Column::text("took", "Took"),
            Column::number("tries", "Tries"),
            Column::text("more", "Who got what"),
        ];
        let rows = runs.iter().map(|run| row(kept, run, reader)).collect();
        view! { <DataTable caption="The latest runs, newest first" hide_caption=true columns rows/> }.into_any()
    };
    let refresh = format!("{PAGE}/{}", kept.id);
    view! {
        <Card id="runs" title="Runs" lead="Newest first. A run that fails is tried again after growing pauses, six times in about four minutes; then whose it is is told.">
            {body}
            <p class="reports-links">
                <a href=refresh>"Refresh"</a>
                {older.map(|href| view! { " · "<a href=href>"Older runs"</a> })}
            </p>
        </Card>
    }
}

fn row(kept: &Kept, run: &Run, reader: UserId) -> Vec<AnyView> {
    let due = match (run.slot, &run.asked_by) {
        (Some(slot), _) => at(kept, slot),
        (None, Some(name)) => format!("{}, by {name}", at(kept, run.asked_at)),
        (None, None) => format!("{}, by hand", at(kept, run.asked_at)),
    };
    vec![
        due.into_any(),
        view! { <span class=look(run)>{state(run)}</span> {why(run)} }.into_any(),
        took(run.started_at, run.finished_at).into_any(),
        run.attempts.to_string().into_any(),
        deliveries(run, reader),
    ]
}

fn look(run: &Run) -> &'static str {
    let refused = run.deliveries.iter().any(|it| it.state.as_deref() == Some("failed"));
    if run.state == RunState::Failed || refused { "reports-failed" } else { "" }
}

fn why(run: &Run) -> Option<impl IntoView + use<>> {
    let text = run.note.clone().or_else(|| run.error.clone())?;
    Some(view! { <span class="reports-line muted">{text}</span> })
}

fn took(from: Option<DateTime<Utc>>, to: Option<DateTime<Utc>>) -> String {
    from.zip(to).map_or_else(
        || "–".into(),
        |(from, to)| format!("{}\u{a0}s", fmt::number((to - from).as_seconds_f64().max(0.0), 1)),
    )
}

fn deliveries(run: &Run, reader: UserId) -> AnyView {
    if run.deliveries.is_empty() {
        return "–".into_any();
    }
    let lines = run.deliveries.iter().map(|it| line(run, it, reader)).collect_view();
    let summary = fmt::count(run.deliveries.len() as i64, "person", "people");
    view! { <Details summary><ul class="reports-mails">{lines}</ul></Details> }.into_any()
}

fn line(run: &Run, it: &Delivery, reader: UserId) -> impl IntoView + use<> {
    let to = it.address.as_ref().map(|address| format!(" <{address}>")).unwrap_or_default();
    let own = (it.user == reader && it.state.is_some()).then(|| {
        let href = format!("{PAGE}/files/{}", run.id);
        view! { " "<a href=href download="">"Download yours"</a> }
    });
    let bytes = it.bytes.map(|bytes| format!(" ({})", size(bytes))).unwrap_or_default();
    view! { <li><strong>{it.name.clone()}</strong>{to}": "{outcome(it)}{bytes}{own}</li> }
}

/// What became of a mail, with the mail server's own words.
fn outcome(it: &Delivery) -> String {
    if let Some(refused) = &it.refused {
        return format!("not sent: {refused}");
    }
    let words = it.outcome.as_ref().map(|words| format!(" – {words}")).unwrap_or_default();
    match it.state.as_deref() {
        Some("sent") => format!("sent{words}"),
        Some("failed") => format!("refused by the mail server{words}"),
        Some("kept") => format!("kept here{words}"),
        Some(_) => format!("waits to be sent{words}"),
        None => "the mail is forgotten by now".into(),
    }
}
