//! The page: loads everything in one transaction, then lays it out.

use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use muster::coaching::{Session, sessions_of};
use muster::disputes::{DisputableFact, Dispute, disputable_facts, disputes_of};
use muster::me::{Certificate, Filter, Look, Overview, OwnShift, Whose, certificates, looks, overview, own_shifts};
use muster::metrics::Period;
use muster::operations::offer::{OwnOffer, offers_to};
use muster::people::Permission;
use muster::units::WorkerId;

use super::thanks::Thanks;
use super::{offers, score, thanks, work};
use crate::api::TWICE;
use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::ui::frame::{PageFrame, PlainPage};
use crate::ui::{FilterBar, fmt};

/// A certification is shown this many days before it expires.
pub(super) const SOON: i32 = 60;

/// Everything the page shows.
pub(super) struct Own {
    pub caller: Caller,
    pub flash: Option<Flash>,
    pub overview: Overview,
    pub trend_days: u32,
    pub chosen: bool,
    pub thanks: Thanks,
    pub shifts: Vec<OwnShift>,
    pub offers: Vec<OwnOffer>,
    pub certificates: Vec<Certificate>,
    pub facts: Vec<DisputableFact>,
    pub disputes: Vec<Dispute>,
    pub looks: Vec<Look>,
    pub sessions: Vec<Session>,
}

/// `/me`
#[component]
pub fn MePage() -> impl IntoView {
    let filter = typed(&use_query_map().get_untracked());
    let page = Suspend::new(async move {
        match async { load(filter?).await }.await {
            Ok(Some(own)) => EitherOf3::A(view(own)),
            Ok(None) => EitherOf3::B(nobody()),
            Err(error) => EitherOf3::C(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

/// The filter of the address, every field once.
fn typed(query: &ParamsMap) -> Result<Filter, AppError> {
    let once = |field| match query.get_all(field).unwrap_or_default().as_slice() {
        [] => Ok(None),
        [value] => Ok(Some(value.clone())),
        _ => Err(AppError::Invalid(TWICE.into())),
    };
    Ok(Filter { from: once("from")?, to: once("to")?, days: once("days")? })
}

async fn load(filter: Filter) -> Result<Option<Own>, AppError> {
    let caller = Caller::with(Permission::Me)?;
    let Some(worker) = caller.scope(Permission::Me)?.only_worker else { return Ok(None) };
    let chosen = filter.from.is_some() || filter.to.is_some();
    let (now, today, last) = (caller.now(), caller.today(), caller.last_complete_day());
    let (_, trend) = filter.resolve(last)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let overview = overview(&mut tx, worker, &filter, last).await?;
    let facts = disputable_facts(&mut tx, worker, disputable(overview.period, today), now, 30).await?;
    Ok(Some(Own {
        thanks: thanks::load(&mut tx, &caller, worker, today).await?,
        offers: offers_to(&mut tx, worker, now).await?,
        shifts: own_shifts(&mut tx, worker, now, 7).await?,
        certificates: certificates(&mut tx, worker, today, SOON).await?,
        disputes: disputes_of(&mut tx, worker, 20).await?,
        looks: looks(&mut tx, worker, 10).await?,
        sessions: sessions_of(&mut tx, worker, 5).await?,
        flash: Flash::take().await,
        trend_days: u32::try_from(trend.days()).unwrap_or(0),
        chosen,
        facts,
        overview,
        caller,
    }))
}

/// The part of a period whose facts can still be disputed; today's are among them.
pub(super) fn disputable(period: Period, today: chrono::NaiveDate) -> Period {
    let recent = Period::ending(today, muster::disputes::DAYS_TO_DISPUTE);
    let last = if period.last >= today - chrono::Days::new(2) { today } else { period.last };
    Period { first: period.first.max(recent.first), last }
}

fn nobody() -> impl IntoView {
    view! {
        <PlainPage title="My performance">
            <p>"Your login is not linked to a worker record, so there is no performance to show here."</p>
            <p>"If you do work shifts, ask your administrator to link your login to your employee number."</p>
        </PlainPage>
    }
}

fn view(own: Own) -> impl IntoView {
    let overview = &own.overview;
    let lead = format!("{} · {} · {}", overview.person.name, overview.person.job_role, overview.person.site);
    let filter = view! {
        <FilterBar
            action="/me"
            from=overview.period.first
            to=overview.period.last
            days=own.trend_days
            choices=vec![30, 90, 180, 365]
            chosen=own.chosen
        />
    };
    let period = fmt::period(overview.period.first, overview.period.last);
    // Two rows of columns, so that a phone shows why the score moved before all that was counted.
    let score = (
        score::hero(overview, &period, Whose::Own),
        score::trend(overview, Whose::Own),
        score::components(overview, &period),
        work::facts(&own),
    );
    let (hero, trend, components, facts) = score;
    let changes = (score::moves(overview, Whose::Own), score::why(overview, Whose::Own));
    let thanks = (
        thanks::streaks(&own.thanks.streaks, Whose::Own),
        thanks::achievements(&own.thanks.achievements),
        thanks::kudos(&own),
    );
    let offered = offers::offers(&own);
    let coaching = work::conversations(&own);
    let work = (work::shifts(&own), work::certificates(&own), work::looks(&own), work::held());
    view! {
        <PageFrame title="My performance" lead=lead aside=Some(filter.into_any())>
            {offered}
            {hero}
            <div class="columns">
                <div class="stack">{trend} {components}</div>
                <div class="stack">{changes}</div>
            </div>
            <div class="columns">
                <div class="stack">{coaching} {facts} {work} {score::how_computed()}</div>
                <div class="stack">{thanks}</div>
            </div>
        </PageFrame>
    }
}

/// The worker the page's forms act for.
pub(crate) fn own_worker(caller: &Caller) -> Result<WorkerId, AppError> {
    caller.scope(Permission::Me)?.only_worker.ok_or(AppError::NotFound)
}
