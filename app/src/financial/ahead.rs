//! The next 30 days: the forecast, its bands, how likely the budget is passed, and how good it was so far.

use leptos::prelude::*;
use muster::finance::{Ahead, MonthEnd, figures};
use muster::models::forecast::{Forecast, Verdict};
use muster::operations::measures::Costs;
use muster::reports::ahead as words;

use super::look::Shown;
use crate::ui::{Card, ChartFigure, Details, EmptyState, Notice, NoticeKind};

/// The card of the month that runs; nothing for one that is over.
pub(super) fn card(shown: &Shown) -> impl IntoView + use<> {
    let open = shown.it.course.over < shown.it.course.days;
    let running = shown.look.caller.today().format("%Y-%m").to_string() == shown.it.month.format("%Y-%m").to_string();
    (open && running).then(|| {
        let lead = "Pay by the day, continued by several methods; their mean, in which each counts by how near it came before. The bands come from its own past errors.";
        let body = match &shown.it.ahead {
            None => early().into_any(),
            Some(ahead) => body(shown, ahead).into_any(),
        };
        view! { <Card id="ahead-card" title="The next 30 days" lead=lead>{body}</Card> }
    })
}

fn early() -> impl IntoView + use<> {
    view! {
        <EmptyState title="No forecast yet">
            <p>{words::EARLY}</p>
        </EmptyState>
    }
}

/// Why there is none to see, though one was made.
pub(crate) fn withheld(forecast: &Forecast) -> impl IntoView + use<> {
    let why = words::withheld(forecast);
    view! { <EmptyState title="No forecast is shown"><p>{why}</p></EmptyState> }
}

fn body(shown: &Shown, ahead: &Ahead) -> impl IntoView + use<> {
    let Some(outlook) = &ahead.forecast.outlook else { return withheld(&ahead.forecast).into_any() };
    let month = ahead.month.map(|end| month(shown, end));
    let figure = figures::ahead(ahead, outlook, shown.look.currency());
    let quality = ahead.forecast.verdict.as_ref().map(quality);
    view! {
        {month}
        <ChartFigure figure=figure/>
        {quality}
    }
    .into_any()
}

fn month(shown: &Shown, end: MonthEnd) -> impl IntoView + use<> {
    let budget = shown.it.total.budget.map(Costs::total);
    let said = words::month(&end, shown.it.month, budget, shown.look.currency());
    let chance = if said.alarming {
        view! { <Notice kind=NoticeKind::Warning><p>{said.chance}</p></Notice> }.into_any()
    } else {
        view! { <p>{said.chance}</p> }.into_any()
    };
    view! { <p>{said.total}</p> {chance} }
}

/// How good it was: figures beside those of the simple answer.
pub(crate) fn quality(verdict: &Verdict) -> impl IntoView + use<> {
    let lines = words::quality(verdict).map(|line| view! { <p>{line}</p> });
    view! { <Details summary="How good is this forecast?">{lines.to_vec()}</Details> }
}
