//! The page: the queue's health, the timetable, what is open, what ran.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use leptos::either::Either;
use leptos::prelude::*;
use muster::night::{self, Entry, Job};
use muster::people::Permission;
use muster::queue::{self, Health, JobState, Line};

use super::PAGE;
use super::fns::FORM;
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, Column, DataTable, Details, EmptyState, Notice, NoticeKind, Tile, fmt};

/// Lines of history shown.
const SHOWN: i64 = 50;

struct Board {
    zone: Tz,
    now: DateTime<Utc>,
    flash: Option<Flash>,
    health: Health,
    entries: Vec<Entry>,
    open: Vec<Line>,
    past: Vec<Line>,
}

/// `/admin/jobs`
#[component]
pub fn JobsPage() -> impl IntoView {
    let page = Suspend::new(async move {
        match load().await {
            Ok(board) => Either::Left(view(board)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load() -> Result<Board, AppError> {
    let caller = Caller::with(Permission::Admin)?;
    let (org, now) = (&caller.user().org, caller.now());
    let mut tx = caller.db().global().await?;
    let past = queue::latest(&mut tx, org.id, None, SHOWN).await?;
    Ok(Board {
        zone: org.zone,
        now,
        flash: Flash::take().await,
        health: queue::health(&mut tx, now).await?,
        entries: night::timetable(&mut tx, org, now).await?,
        open: queue::open(&mut tx, org.id, SHOWN).await?,
        past: past.into_iter().filter(|line| line.state == JobState::Done).collect(),
    })
}

fn view(board: Board) -> impl IntoView {
    let lead = format!("What runs when, what became of it, and what waits. Times are {}.", board.zone);
    view! {
        <PageFrame title="Jobs" lead=lead>
            {said(&board)}
            {stuck(&board.health)}
            <div class="stack jobs">
                {tiles(&board)}
                {timetable(&board)}
                {open(&board)}
                {past(&board)}
                <p><a href=PAGE>"Refresh"</a>" · "<a href=super::super::PAGE>"Back to Admin"</a></p>
            </div>
        </PageFrame>
    }
}

fn said(board: &Board) -> Option<impl IntoView + use<>> {
    let flash = board.flash.as_ref().filter(|flash| flash.form == FORM)?;
    let (kind, message) = (if flash.done { NoticeKind::Done } else { NoticeKind::Failed }, flash.message.clone());
    Some(view! { <Notice kind><p>{message}</p></Notice> })
}

fn stuck(health: &Health) -> Option<impl IntoView + use<>> {
    let overdue = fmt::count(health.overdue, "job is", "jobs are");
    health.is_stuck().then(|| {
        view! {
            <Notice kind=NoticeKind::Warning>
                <p>{overdue}" overdue and no instance works the queue. Start a server, or "<code>"muster jobs work"</code>"."</p>
            </Notice>
        }
    })
}

fn tiles(board: &Board) -> impl IntoView + use<> {
    let Health { instances, waiting, running, failed, .. } = board.health;
    view! {
        <div class="tiles">
            <Tile label="Instances at work" value=instances.to_string() period="said so within two minutes"/>
            <Tile label="Running" value=running.to_string() period="now, all organizations"/>
            <Tile label="Waiting" value=waiting.to_string() period="now, all organizations"/>
            <Tile label="Given up" value=failed.to_string() period="last 24 hours, all organizations"/>
        </div>
    }
}

fn timetable(board: &Board) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("job", "Job"),
        Column::text("when", "When"),
        Column::short("next", "Next"),
        Column::short("last", "Last"),
        Column::number("took", "Took"),
        Column::text("outcome", "Outcome"),
        Column::text("run", "By hand"),
    ];
    let rows = board.entries.iter().map(|entry| scheduled(board, entry)).collect();
    view! {
        <Card id="timetable" title="Timetable" lead="Each job once per local date, in this order when several are due. A change of the clocks neither skips nor repeats one.">
            <DataTable caption="The timetable with next and last runs" hide_caption=true columns rows/>
        </Card>
    }
}

fn scheduled(board: &Board, entry: &Entry) -> Vec<AnyView> {
    let when = entry.weekday.map_or(format!("each day {}", entry.at), |day| format!("{day} {}", entry.at));
    let last = entry.last.as_ref();
    let never = || "–".to_owned();
    let began = last.and_then(|line| line.started_at).map_or_else(never, |at| moment(board, at));
    let name = entry.job.name();
    let label = format!("Run now: {}", entry.job.title());
    let run = view! {
        <form method="post" action="/fn/run_job">
            <input type="hidden" name="job" value=name/>
            <button class="button quiet" type="submit" aria-label=label>"Run now"</button>
        </form>
    };
    vec![
        entry.job.title().into_any(),
        when.into_any(),
        moment(board, entry.next).into_any(),
        began.into_any(),
        last.and_then(took).unwrap_or_else(never).into_any(),
        last.map_or_else(|| "never ran yet".to_owned(), outcome).into_any(),
        run.into_any(),
    ]
}

fn open(board: &Board) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("job", "Job"),
        Column::text("state", "State"),
        Column::text("asked", "Asked for"),
        Column::text("progress", "Progress"),
        Column::number("tries", "Tries"),
        Column::short("next", "Next try"),
        Column::text("error", "Last error"),
        Column::text("retry", "By hand"),
    ];
    let rows: Vec<_> = board.open.iter().map(|line| waiting(board, line)).collect();
    let body = if rows.is_empty() {
        view! {
            <EmptyState title="Nothing waits, nothing was given up">
                <p>"Jobs appear here while they wait or run, and stay when they were given up."</p>
            </EmptyState>
        }
        .into_any()
    } else {
        view! { <DataTable caption="Jobs that wait, run or were given up, newest first, up to 50" columns rows/> }
            .into_any()
    };
    view! {
        <Card id="queue" title="Queue" lead="A job that fails is tried again after growing pauses, then given up and kept here.">{body}</Card>
    }
}

fn waiting(board: &Board, line: &Line) -> Vec<AnyView> {
    let retry = (line.state == JobState::Failed && line.tries > 1).then(|| {
        let (id, label) = (line.id.to_string(), format!("Try again: {}", title(&line.job)));
        view! {
            <form method="post" action="/fn/retry_job">
                <input type="hidden" name="id" value=id/>
                <button class="button quiet" type="submit" aria-label=label>"Try again"</button>
            </form>
        }
    });
    let error = line
        .error
        .clone()
        .map(|error| view! { <Details summary="What failed"><p class="jobs-error">{error}</p></Details> });
    vec![
        title(&line.job).into_any(),
        state(line).into_any(),
        asked(board, line).into_any(),
        progress(line).into_any(),
        format!("{} of {}", line.attempts, line.tries).into_any(),
        line.next_try.map_or_else(|| "–".into(), |at| moment(board, at)).into_any(),
        error.map_or_else(|| "–".into_any(), IntoAny::into_any),
        retry.map_or_else(|| "–".into_any(), IntoAny::into_any),
    ]
}

fn past(board: &Board) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("job", "Job"),
        Column::short("for", "For"),
        Column::short("began", "Began"),
        Column::number("took", "Took"),
        Column::number("rows", "Rows written"),
        Column::number("tries", "Tries"),
        Column::text("asked", "Asked for"),
    ];
    let rows: Vec<_> = board
        .past
        .iter()
        .map(|line| {
            vec![
                title(&line.job).into_any(),
                line.slot.map_or_else(|| "–".into(), fmt::day_and_year).into_any(),
                line.started_at.map_or_else(|| "–".into(), |at| moment(board, at)).into_any(),
                took(line).unwrap_or_else(|| "–".into()).into_any(),
                line.rows.map_or_else(|| "–".into(), |rows| fmt::number(rows as f64, 0)).into_any(),
                line.attempts.to_string().into_any(),
                asked(board, line).into_any(),
            ]
        })
        .collect();
    let body = if rows.is_empty() {
        view! {
            <EmptyState title="Nothing ran yet">
                <p>"The first jobs run tonight; the buttons above run one at once."</p>
            </EmptyState>
        }
        .into_any()
    } else {
        view! { <DataTable caption="What ran of the latest 50 jobs asked for, newest first" columns rows/> }.into_any()
    };
    view! { <Card id="history" title="History" lead="Kept for 400 days; what was asked for by hand, 14.">{body}</Card> }
}

fn moment(board: &Board, at: DateTime<Utc>) -> String {
    fmt::moment(at.with_timezone(&board.zone).fixed_offset())
}

fn asked(board: &Board, line: &Line) -> String {
    let ago = fmt::ago(line.asked_at.with_timezone(&board.zone).fixed_offset(), board.now);
    match (&line.asked_by, line.slot) {
        (Some(who), _) => format!("by {who}, {ago}"),
        (None, Some(_)) => format!("by the timetable, {ago}"),
        (None, None) => format!("by the program or command line, {ago}"),
    }
}

fn title(job: &str) -> String {
    match job {
        muster::mail::JOB => "Mail".into(),
        muster::webhooks::JOB => "Message to another system".into(),
        muster::reports::schedules::JOB => "Scheduled report".into(),
        _ => job.parse::<Job>().map_or_else(|_| job.to_owned(), |job| job.title().to_owned()),
    }
}

fn state(line: &Line) -> &'static str {
    match line.state {
        JobState::Queued if line.attempts > 0 => "waits to be tried again",
        JobState::Queued => "waits",
        JobState::Running => "runs",
        JobState::Done => "done",
        JobState::Failed => "given up",
    }
}

fn outcome(line: &Line) -> String {
    match (line.state, line.rows) {
        (JobState::Done, Some(rows)) => format!("done, {}", fmt::count(rows, "row", "rows")),
        _ => state(line).to_owned(),
    }
}

fn progress(line: &Line) -> String {
    match line.done.zip(line.of) {
        Some((done, of)) if of > 0 => format!("{done} of {of} ({})", fmt::percent(done, of)),
        _ => "–".into(),
    }
}

/// How long the latest try took: `0.4 s`, `3 min 20 s`.
fn took(line: &Line) -> Option<String> {
    let seconds = (line.finished_at? - line.started_at?).as_seconds_f64().max(0.0);
    let whole = seconds.round() as u64;
    Some(match whole {
        0..10 => format!("{seconds:.1} s"),
        10..60 => format!("{whole} s"),
        60..3_600 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3_600, whole % 3_600 / 60),
    })
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use muster::units::JobId;

    use super::*;

    fn line(milliseconds: i64) -> Line {
        let began: DateTime<Utc> = "2026-03-01T02:00:00Z".parse().unwrap();
        Line {
            id: JobId(Default::default()),
            job: "worker-days".into(),
            slot: None,
            state: JobState::Done,
            asked_at: began,
            asked_by: None,
            started_at: Some(began),
            finished_at: Some(began + TimeDelta::milliseconds(milliseconds)),
            next_try: None,
            attempts: 1,
            tries: 9,
            done: Some(3),
            of: Some(12),
            rows: Some(1),
            error: None,
        }
    }

    #[test]
    fn a_duration_is_as_exact_as_it_is_read() {
        let took = |milliseconds| took(&line(milliseconds)).unwrap();
        assert_eq!(
            [took(420), took(12_300), took(200_000), took(3_720_000)],
            ["0.4 s", "12 s", "3 min 20 s", "1 h 2 min"]
        );
    }

    #[test]
    fn progress_says_how_far_of_how_much() {
        assert_eq!(progress(&line(1)), "3 of 12 (25.0\u{a0}%)");
        assert_eq!(progress(&Line { of: Some(0), ..line(1) }), "–");
    }
}
