//! `/alignment/report/daily` and `/alignment/report/weekly`: the operations reports as pages, which say what the PDF says.

use chrono::{Days, NaiveDate};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use muster::charts::Figure;
use muster::people::Permission;
use muster::reports::Document;
use muster::reports::operations::Week;
use muster::reports::operations::daily::{self, Daily};
use muster::reports::operations::weekly::{self, Weekly};
use muster::reports::schedules::{self, Report};
use uuid::Uuid;

use super::paper::Paper;
use super::{PAGE, said};
use crate::address::once;
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::ui::frame::PageFrame;

/// The page of a day.
pub(super) const DAILY: &str = "/alignment/report/daily";
/// The page of a week.
pub(super) const WEEKLY: &str = "/alignment/report/weekly";

/// The report of a day; of the last that is over unless one is named.
pub(super) async fn daily_of(caller: &Caller, day: Option<&str>) -> Result<Daily, AppError> {
    let mut scope = caller.scope(Permission::Alignment)?;
    scope.names = false;
    let last = caller.last_complete_day();
    let day = match day {
        None => last,
        Some(text) => {
            text.parse::<NaiveDate>().map_err(|_| AppError::Invalid("Write the day as 2026-03-31.".into()))?
        }
    };
    let org = &caller.user().org;
    let mut tx = caller.db().org(org.id).await?;
    Ok(daily::daily(&mut tx, &scope, org, day, caller.now()).await?)
}

/// The report of a week; of the last that is over unless one is named.
pub(super) async fn weekly_of(caller: &Caller, week: Option<&str>) -> Result<Weekly, AppError> {
    let mut scope = caller.scope(Permission::Alignment)?;
    scope.names = false;
    let last = caller.last_complete_day();
    let week = match week {
        None => Week::last_over(last),
        Some(text) => text.parse()?,
    };
    let org = &caller.user().org;
    let mut tx = caller.db().org(org.id).await?;
    Ok(weekly::weekly(&mut tx, &scope, org, week, last).await?)
}

pub(super) fn daily_document(caller: &Caller, it: &Daily) -> Document {
    daily::document(it, caller.now(), caller.user().org.zone)
}

pub(super) fn weekly_document(caller: &Caller, it: &Weekly) -> Document {
    weekly::document(it, caller.now(), caller.user().org.zone)
}

struct Shown {
    document: Document,
    figures: Vec<Figure>,
    flash: Option<Flash>,
    /// Its PDF, the stretch before it and the one after, each with its name.
    pdf: String,
    before: (String, String),
    after: Option<(String, String)>,
    /// The schedule by which the caller can send it.
    schedule: Option<Uuid>,
}

/// `/alignment/report/daily`
#[component]
pub fn DailyReportPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let page = Suspend::new(async move { shown(load_day(&query).await) });
    view! { <Suspense>{page}</Suspense> }
}

/// `/alignment/report/weekly`
#[component]
pub fn WeeklyReportPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let page = Suspend::new(async move { shown(load_week(&query).await) });
    view! { <Suspense>{page}</Suspense> }
}

async fn load_day(query: &ParamsMap) -> Result<Shown, AppError> {
    let caller = Caller::with(Permission::Alignment)?;
    let it = daily_of(&caller, once(query, "day")?.as_deref()).await?;
    let link = |day: NaiveDate| (format!("{DAILY}?day={day}"), crate::ui::fmt::day_and_year(day));
    let next = it.day + Days::new(1);
    Ok(Shown {
        document: daily_document(&caller, &it),
        figures: daily::figures(&it),
        flash: Flash::take().await,
        pdf: format!("{DAILY}.pdf?day={}", it.day),
        before: link(it.day - Days::new(1)),
        after: (next <= caller.last_complete_day()).then(|| link(next)),
        schedule: of_schedule(&caller, Report::OperationsDaily).await?,
    })
}

async fn load_week(query: &ParamsMap) -> Result<Shown, AppError> {
    let caller = Caller::with(Permission::Alignment)?;
    let it = weekly_of(&caller, once(query, "week")?.as_deref()).await?;
    let link = |week: Week| (format!("{WEEKLY}?week={week}"), week.name());
    let next = Week::of(it.week.period().last + Days::new(1));
    Ok(Shown {
        document: weekly_document(&caller, &it),
        figures: weekly::figures(&it),
        flash: Flash::take().await,
        pdf: format!("{WEEKLY}.pdf?week={}", it.week),
        before: link(it.week.previous()),
        after: (next.period().first <= caller.last_complete_day()).then(|| link(next)),
        schedule: of_schedule(&caller, Report::OperationsWeekly).await?,
    })
}

/// The schedule of a report that every organization gets, for who may keep it.
async fn of_schedule(caller: &Caller, report: Report) -> Result<Option<Uuid>, AppError> {
    if caller.user().role != muster::people::Role::Admin {
        return Ok(None);
    }
    let mut tx = caller.db().org(caller.user().org.id).await?;
    Ok(schedules::of_usual(&mut tx, report).await?)
}

fn shown(loaded: Result<Shown, AppError>) -> impl IntoView {
    match loaded {
        Ok(shown) => Either::Left(view(shown)),
        Err(error) => Either::Right(crate::server::trouble(&error)),
    }
}

fn view(shown: Shown) -> impl IntoView {
    let lead = format!("{}, {}. Generated {}.", shown.document.period, shown.document.scope, shown.document.generated);
    let (before, before_name) = shown.before;
    let after = shown.after.map(|(href, name)| view! { <a href=href>{name}" →"</a> });
    let send = shown.schedule.map(|id| {
        let (id, href) = (id.to_string(), format!("{PAGE}/{id}"));
        view! {
            <form method="post" action="/fn/send_report">
                <input type="hidden" name="id" value=id/>
                <button class="button quiet" type="submit">"Send the latest now"</button>
            </form>
            <a href=href>"Its schedule"</a>
        }
    });
    view! {
        <PageFrame title=shown.document.title.clone() lead=lead>
            {said(shown.flash.as_ref())}
            <nav class="reports-buttons" aria-label="This report">
                <a href=before>"← "{before_name}</a>
                {after}
                <a class="button" href=shown.pdf download="">"Download PDF"</a>
                {send}
            </nav>
            <Paper document=shown.document figures=shown.figures/>
        </PageFrame>
    }
}
