//! The page: the score, what to do first, every KPI, and the cards of what stands behind them.

use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use muster::alignment::{Alignment, Set, alignment_of, keeper};
use muster::people::{Permission, Role};

use super::address::{self, Order, PATH};
use super::refresh::{self, Part};
use super::{cards, how, score, table, tiles};
use crate::caller::Caller;
use crate::error::AppError;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, EmptyState, Notice, NoticeKind, fmt};

/// Days of the score's course and of the sparklines.
pub(super) const DAYS: u64 = 90;

/// Everything the page shows.
pub(super) struct Shown {
    pub it: Alignment,
    pub order: Order,
    pub caller: Caller,
}

/// `/alignment`
#[component]
pub fn AlignmentPage() -> impl IntoView {
    let order = address::order(&use_query_map().get_untracked());
    let page = Suspend::new(async move {
        match async { load(order?).await }.await {
            Ok((shown, cards)) => Either::Left(view(&shown, cards)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(order: Order) -> Result<(Shown, Vec<AnyView>), AppError> {
    let caller = Caller::with(Permission::Alignment)?;
    let set = Set::of(caller.user().role);
    let keeper = keeper(caller.db(), set, caller.user().org.id).await?;
    let mut tx = caller.db().org(keeper).await?;
    let it = alignment_of(&mut tx, set, caller.last_complete_day(), DAYS).await?;
    drop(tx);
    let mut cards = vec![tiles::tiles(&tiles::read(&caller).await?.it, &caller).into_any()];
    cards.extend(cards::cards(&caller).await?);
    Ok((Shown { it, order, caller }, cards))
}

fn view(shown: &Shown, cards: Vec<AnyView>) -> impl IntoView + use<> {
    let what = match shown.it.set {
        Set::Product => "Muster as a business, over all organizations",
        Set::Workforce => "Your people, sites and money against their targets",
    };
    let lead = match shown.it.day {
        Some(day) => format!("{what}, as of {}.", fmt::day_and_year(day)),
        None => format!("{what}."),
    };
    let line = refresh::line(&shown.caller, shown.order.link());
    let kpis = if shown.it.day.is_some() { kpis(shown).into_any() } else { nothing(shown).into_any() };
    view! {
        <PageFrame title="Operational alignment" lead=lead>
            <div class="alignment">
                {line}
                <p>
                    "In words, as PDF and by mail: "
                    <a href="/alignment/report/daily">"the day"</a>
                    ", "
                    <a href="/alignment/report/weekly">"the week"</a>
                    "."
                </p>
                {kpis}
                {cards}
            </div>
        </PageFrame>
    }
}

fn kpis(shown: &Shown) -> impl IntoView + use<> {
    let (old, score, first) = (old(shown), score::card(shown), score::first(shown));
    let (course, table, how) = (score::course(shown), table::card(shown), how::details(shown));
    view! {
        <Part id="alignment-now">
            {old}
            <div class="columns"><div class="stack">{score}</div><div class="stack">{first}</div></div>
        </Part>
        {course}
        <Part id="alignment-kpis">{table}</Part>
        {how}
    }
}

/// Says so where the night has not been.
fn old(shown: &Shown) -> Option<impl IntoView + use<>> {
    let day = shown.it.day.filter(|day| *day < shown.caller.last_complete_day())?;
    let say = format!(
        "The newest values are those of {}: the job that computes them has not run since. It runs each night at 02:30.",
        fmt::day_and_year(day)
    );
    let jobs = jobs(&shown.caller);
    Some(view! { <Notice kind=NoticeKind::Warning><p>{say}" "{jobs}</p></Notice> })
}

/// Where the job can be run by hand, for those who may.
fn jobs(caller: &Caller) -> Option<impl IntoView + use<>> {
    (caller.user().role == Role::Admin)
        .then(|| view! { <a href=crate::admin::jobs::PAGE>"See the jobs, or run it now"</a> })
}

fn nothing(shown: &Shown) -> impl IntoView + use<> {
    let jobs = jobs(&shown.caller);
    view! {
        <Part id="alignment-now">
            <Card id="kpis" title="KPIs">
                <EmptyState title="No KPI has been computed yet">
                    <p>"They are computed each night at 02:30 from what the day’s records add up to. "{jobs}</p>
                </EmptyState>
            </Card>
        </Part>
    }
}

/// The page itself, for those who are a level deeper.
pub(super) fn back() -> impl IntoView {
    view! { <p class="way-back"><a href=PATH>"All KPIs"</a></p> }
}
