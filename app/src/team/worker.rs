//! `/team/{site}/{worker}`: how is this one doing, why did it move, and what was recorded? The supervisor's view, which
//! the worker is told of.

use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use muster::coaching::{Session, sessions_of};
use muster::me::{Filter, Overview, Whose, overview};
use muster::people::{Permission, Role};
use muster::recognition::{Achievements, CurrentStreak, achievements, streaks};
use muster::team::{WorkDay, work_days, worker_of};
use muster::units::{SiteId, WorkerId};

use super::{address, viewer};
use crate::caller::Caller;
use crate::error::AppError;
use crate::me::{score, thanks};
use crate::ui::frame::PageFrame;
use crate::ui::{Card, Column, DataTable, EmptyState, FilterBar, Notice, NoticeKind, fmt};

/// Days of work shown.
const DAYS: i64 = 20;
/// Conversations shown.
const SESSIONS: i64 = 10;
const WHOSE: Whose = Whose::Another;

struct Shown {
    site: SiteId,
    worker: WorkerId,
    filter: Filter,
    overview: Overview,
    trend_days: u32,
    days: Vec<WorkDay>,
    streaks: Vec<CurrentStreak>,
    achievements: Achievements,
    /// Conversations are the worker's and the supervisor's alone: `None` for anybody else.
    sessions: Option<Vec<Session>>,
    own: bool,
}

/// `/team/{site}/{worker}`
#[component]
pub fn WorkerPage() -> impl IntoView {
    let params = use_params_map().get_untracked();
    let [site, worker] = ["site", "worker"].map(|name| params.get(name).unwrap_or_default());
    let query = use_query_map().get_untracked();
    let page = Suspend::new(async move {
        match async { load(&site, &worker, address::filter(&query)?).await }.await {
            Ok(shown) => Either::Left(view(&shown)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(site: &str, worker: &str, filter: Filter) -> Result<Shown, AppError> {
    let caller = Caller::with(Permission::Team)?;
    let site: SiteId = site.parse().map_err(|_| AppError::NotFound)?;
    let worker: WorkerId = worker.parse().map_err(|_| AppError::NotFound)?;
    let (viewer, last) = (viewer(&caller)?, caller.last_complete_day());
    let (period, trend) = filter.resolve(last)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    worker_of(&mut tx, &viewer, site, worker).await?;
    let shown = Shown {
        overview: overview(&mut tx, worker, &filter, last).await?,
        days: work_days(&mut tx, worker, period, DAYS).await?,
        streaks: streaks(&mut tx, worker).await?,
        achievements: achievements(&mut tx, worker, caller.today()).await?,
        trend_days: u32::try_from(trend.days()).unwrap_or(0),
        sessions: match caller.user().role {
            Role::Supervisor => Some(sessions_of(&mut tx, worker, SESSIONS).await?),
            _ => None,
        },
        own: viewer.worker == Some(worker),
        site,
        worker,
        filter,
    };
    tx.commit().await?;
    Ok(shown)
}

fn view(shown: &Shown) -> impl IntoView + use<> {
    let it = &shown.overview;
    let person = &it.person;
    let lead = format!("{} · {} · employee {}", person.job_role, person.site, person.employee_number);
    let filter = view! {
        <FilterBar
            action=format!("/team/{}/{}", shown.site, shown.worker)
            from=it.period.first
            to=it.period.last
            days=shown.trend_days
            choices=vec![30, 90, 180, 365]
            chosen=shown.filter.from.is_some() || shown.filter.to.is_some()
        />
    };
    let back = address::link(&format!("/team/{}", shown.site), &address::of_period(&shown.filter));
    let told = if shown.own {
        "This is you. What you may dispute and whom you may thank is on your own page."
    } else {
        "This look is written down, and is shown on the own page of the person you look at."
    };
    let period = fmt::period(it.period.first, it.period.last);
    let title = person.name.clone();
    let left = (score::trend(it, WHOSE), score::components(it, &period), days(&shown.days, &period));
    let coaching = shown.sessions.as_ref().map(|sessions| conversations(sessions));
    let right = (
        coaching,
        score::why(it, WHOSE),
        score::moves(it, WHOSE),
        thanks::streaks(&shown.streaks, WHOSE),
        thanks::achievements(&shown.achievements),
    );
    let hero = score::hero(it, &period, WHOSE);
    view! {
        <PageFrame title=title lead=lead aside=Some(filter.into_any())>
            <p class="team-back"><a href=back>"Back to the team"</a></p>
            <Notice kind=NoticeKind::Info><p>{told}</p></Notice>
            {hero}
            <div class="columns">
                <div class="stack">{left}</div>
                <div class="stack">{right}</div>
            </div>
        </PageFrame>
    }
}

fn conversations(sessions: &[Session]) -> AnyView {
    let title = "Coaching history";
    if sessions.is_empty() {
        return view! { <Card id="coaching" title=title><EmptyState title="No conversation yet"/></Card> }.into_any();
    }
    let lead = "Between the two of you: nobody else reads it.";
    crate::coaching::sessions("coaching", title, lead, sessions).into_any()
}

fn days(days: &[WorkDay], period: &str) -> impl IntoView + use<> {
    let lead = format!(
        "{period}, newest first, at most {DAYS} days. As recorded; what an upheld dispute took out is not counted."
    );
    let body = if days.is_empty() {
        view! { <EmptyState title="Nothing is recorded in this period"/> }.into_any()
    } else {
        let columns = vec![
            Column::text("day", "Day"),
            Column::text("shift", "Shift"),
            Column::text("tasks", "Tasks done"),
            Column::text("checkpoints", "Checkpoints"),
            Column::text("orders", "Work orders in time"),
        ];
        let rows = days.iter().map(day).collect();
        view! { <DataTable caption="Days of work" hide_caption=true columns=columns rows=rows/> }.into_any()
    };
    view! { <Card id="days" title="What was recorded" lead=lead>{body}</Card> }
}

fn day(it: &WorkDay) -> Vec<AnyView> {
    let of = |hit: i32, of: i32| if of > 0 { format!("{hit} of {of}") } else { "–".into() };
    let shift = match it {
        WorkDay { scheduled: 0, .. } => "none".to_owned(),
        WorkDay { ncns, .. } if *ncns > 0 => "absent without a call".into(),
        WorkDay { attended: 0, .. } => "absent, called in".into(),
        WorkDay { attended, on_time, .. } if on_time >= attended => "on time".into(),
        WorkDay { late_minutes, .. } => {
            format!("{} late", fmt::count(i64::from(*late_minutes), "minute", "minutes"))
        }
    };
    vec![
        fmt::day_and_year(it.day).into_any(),
        shift.into_any(),
        of(it.tasks_completed, it.tasks_due).into_any(),
        of(it.checkpoints_visited, it.checkpoints_planned).into_any(),
        of(it.orders_sla_hit, it.orders_sla_judged).into_any(),
    ]
}
