//! The page: the files sent to me, and the schedules I keep.

use chrono::{DateTime, Utc};
use leptos::either::Either;
use leptos::prelude::*;
use muster::people::Permission;
use muster::reports::schedules::{self, Kept, OwnFile, Report, Run, RunState};

use super::{PAGE, anybody, said, size};
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, Column, DataTable, EmptyState, fmt};

/// Files shown.
const FILES: i64 = 20;

struct Shelf {
    caller: Caller,
    flash: Option<Flash>,
    files: Vec<OwnFile>,
    /// `None`: whoever looks may schedule nothing.
    schedules: Option<Vec<(Kept, Option<Run>)>>,
}

/// `/reports`
#[component]
pub fn ReportsPage() -> impl IntoView {
    let page = Suspend::new(async move {
        match load().await {
            Ok(shelf) => Either::Left(view(&shelf)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load() -> Result<Shelf, AppError> {
    let caller = anybody()?;
    let user = caller.user();
    let mut tx = caller.db().org(user.org.id).await?;
    let files = schedules::own_files(&mut tx, user, FILES).await?;
    let may = Report::of(user.role).next().is_some();
    let mut kept = Vec::new();
    if may {
        for schedule in schedules::list(&mut tx, user).await? {
            let last = schedules::runs(&mut tx, schedule.id, None, 1).await?.pop();
            kept.push((schedule, last));
        }
    }
    Ok(Shelf { flash: Flash::take().await, files, schedules: may.then_some(kept), caller })
}

fn view(shelf: &Shelf) -> impl IntoView + use<> {
    let may = shelf.schedules.is_some();
    let lead = if may {
        "Reports that were sent to you, and the schedules by which they go out. Each who gets one gets what that person may see."
    } else {
        "Reports that were sent to you. Each who gets one gets what that person may see."
    };
    let today = Permission::Alignment.is_for(shelf.caller.user().role).then(|| {
        view! {
            <p class="reports-links">
                <a href=super::operations::DAILY>"Daily operations report"</a>" · "
                <a href=super::operations::WEEKLY>"Weekly operations report"</a>
            </p>
        }
    });
    let (said, schedules) = (said(shelf.flash.as_ref()), shelf.schedules.as_ref().map(|kept| scheduled(kept)));
    let files = files(shelf);
    view! {
        <PageFrame title="Reports" lead=lead>
            {said}
            {today}
            <div class="stack reports">
                {schedules}
                {files}
            </div>
        </PageFrame>
    }
}

fn scheduled(kept: &[(Kept, Option<Run>)]) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("name", "Schedule"),
        Column::text("report", "Report"),
        Column::text("when", "When"),
        Column::text("to", "To"),
        Column::short("next", "Next"),
        Column::text("last", "Last run"),
        Column::text("by", "Made by"),
    ];
    let rows: Vec<_> = kept.iter().map(|(kept, last)| row(kept, last.as_ref())).collect();
    let body = if rows.is_empty() {
        view! {
            <EmptyState title="You keep no schedule yet">
                <p>"A schedule makes a report at a local time and sends it by mail. Without a mail server the file waits here."</p>
            </EmptyState>
        }
        .into_any()
    } else {
        view! { <DataTable caption="Schedules by name" hide_caption=true columns rows/> }.into_any()
    };
    view! {
        <Card id="schedules" title="Schedules" lead="What goes out when, on the clock of its own zone.">
            {body}
            <p class="reports-links"><a class="button" href=format!("{PAGE}/new")>"Schedule a report"</a></p>
        </Card>
    }
}

fn row(kept: &Kept, last: Option<&Run>) -> Vec<AnyView> {
    let it = &kept.schedule;
    let href = format!("{PAGE}/{}", kept.id);
    let description = (!it.description.is_empty())
        .then(|| view! { <span class="reports-line muted">{it.description.clone()}</span> });
    vec![
        view! { <a href=href>{it.name.clone()}</a> {description} }.into_any(),
        format!("{} ({})", it.report.label(), it.format.code().to_uppercase()).into_any(),
        when(kept).into_any(),
        to_whom(kept).into_any(),
        next(kept).into_any(),
        last.map_or_else(|| "never yet".to_owned(), |run| outcome(run, kept)).into_any(),
        maker(kept).into_any(),
    ]
}

/// When it goes out, in words.
pub(super) fn when(kept: &Kept) -> String {
    let it = &kept.schedule;
    format!("{} at {} ({})", it.rhythm.words(), it.at.format("%H:%M"), it.zone.name())
}

/// Who made it, in words.
pub(super) fn maker(kept: &Kept) -> String {
    match &kept.created_by {
        Some(name) if kept.owner_is_there => name.clone(),
        Some(name) => format!("{name}, who may not sign in any more"),
        None => "Muster, for every organization".into(),
    }
}

/// Who gets it, in words.
pub(super) fn to_whom(kept: &Kept) -> String {
    let roles = kept.schedule.roles.iter().map(|role| format!("every {role}"));
    let named = match kept.emails.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        many => Some(fmt::count(many.len() as i64, "person by name", "people by name")),
    };
    roles.chain(named).collect::<Vec<_>>().join(", ")
}

/// When it is due next, in words.
pub(super) fn next(kept: &Kept) -> String {
    match (kept.active, kept.owner_is_there) {
        (false, _) => "paused".into(),
        (_, false) => "sends nothing".into(),
        _ => at(kept, kept.next_run_at),
    }
}

/// A moment on the schedule's own clock.
pub(super) fn at(kept: &Kept, moment: DateTime<Utc>) -> String {
    fmt::moment(moment.with_timezone(&kept.schedule.zone).fixed_offset())
}

/// What became of a run, in words.
pub(super) fn outcome(run: &Run, kept: &Kept) -> String {
    let when = at(kept, run.slot.unwrap_or(run.asked_at));
    format!("{when}: {}", state(run))
}

/// How a run stands with its mails, in words.
pub(super) fn state(run: &Run) -> String {
    match run.state {
        RunState::Waiting if run.attempts > 0 => "failed, is tried again".into(),
        RunState::Waiting => "waits its turn".into(),
        RunState::Running => "is being made".into(),
        RunState::Failed => "given up".into(),
        RunState::Done => mails(run),
    }
}

fn mails(run: &Run) -> String {
    let n = |state: &str| run.deliveries.iter().filter(|it| it.state.as_deref() == Some(state)).count();
    let counted = [
        ("sent", n("sent")),
        ("waiting", n("waiting")),
        ("refused", n("failed")),
        ("kept here", n("kept")),
        ("not sent", run.deliveries.iter().filter(|it| it.refused.is_some()).count()),
        // The mail itself is forgotten after some months.
        ("long ago", run.deliveries.iter().filter(|it| it.state.is_none() && it.refused.is_none()).count()),
    ];
    let said: Vec<String> =
        counted.into_iter().filter(|(_, n)| *n > 0).map(|(word, n)| format!("{n} {word}")).collect();
    if said.is_empty() { "nothing was sent".into() } else { said.join(", ") }
}

fn files(shelf: &Shelf) -> impl IntoView + use<> {
    let zone = shelf.caller.user().org.zone;
    let columns = vec![
        Column::text("name", "Report"),
        Column::text("period", "About"),
        Column::text("at", "Made"),
        Column::text("file", "File"),
    ];
    let rows: Vec<_> = shelf
        .files
        .iter()
        .map(|file| {
            let href = format!("{PAGE}/files/{}", file.run);
            let download = view! { <a href=href download="">{file.file.clone()}</a>" ("{size(file.bytes)}")" };
            vec![
                file.name.clone().into_any(),
                file.period.clone().unwrap_or_default().into_any(),
                fmt::moment(file.at.with_timezone(&zone).fixed_offset()).into_any(),
                download.into_any(),
            ]
        })
        .collect();
    let body = if rows.is_empty() {
        view! {
            <EmptyState title="No report was sent to you yet">
                <p>"When a schedule names you or your role, its files are here for 90 days, whether the mail arrived or not."</p>
            </EmptyState>
        }
        .into_any()
    } else {
        view! { <DataTable caption="The latest 20 files, newest first" hide_caption=true columns rows/> }.into_any()
    };
    let lead = format!("The latest {FILES}, kept for 90 days. Times are {zone}.");
    view! { <Card id="files" title="Sent to you" lead=lead>{body}</Card> }
}
