//! The score with its band, how it came there, and what to do first.

use leptos::prelude::*;
use muster::alignment::{Action, Alignment, Band, State, figures};
use muster::charts::{Unit, Zone, score_scale};

use super::address;
use super::page::{DAYS, Shown};
use crate::ui::{Card, ChartFigure, Delta, EmptyState, fmt};

/// A state: shape and word.
pub(super) fn light(state: State) -> impl IntoView + use<> {
    view! {
        <span class=format!("light light-{}", state.look())>
            <span aria-hidden="true">{state.shape()}" "</span>{state.word()}
        </span>
    }
}

fn band(band: Band) -> impl IntoView + use<> {
    view! {
        <span class=format!("light light-{} alignment-band", band.look())>
            <span aria-hidden="true">{band.shape()}" "</span>{band.word()}
        </span>
    }
}

fn zones() -> [Zone; 3] {
    let zone = |label: &str, from, to| Zone { label: label.into(), from, to };
    [zone("off track", 0.0, 50.0), zone("at risk", 50.0, 80.0), zone("on track", 80.0, 100.0)]
}

pub(super) fn card(shown: &Shown) -> impl IntoView + use<> {
    let it = &shown.it;
    let body = match (it.score, it.band()) {
        (Some(score), Some(of)) => {
            let said = format!("{} of 100, {}; on track from 80, at risk from 50", fmt::points(score), of.word());
            let scale = score_scale(Some(score), None, &zones(), &said);
            view! {
                <p class="alignment-score" data-say="Alignment">
                    <span class="alignment-number">{fmt::points(score)}</span>" of 100 "{band(of)}
                </p>
                <div class="score-scale-box" inner_html=scale></div>
                <p class="alignment-note">{rests_on(it)}</p>
                {trend(it)}
            }
            .into_any()
        }
        _ => view! {
            <EmptyState title="No score">
                <p>"No KPI has a value for this day, so there is nothing to judge. The table says why for each."</p>
            </EmptyState>
        }
        .into_any(),
    };
    view! {
        <Card id="score" title="Alignment score" lead="How near all KPIs are to their targets, each by its weight.">
            {body}
        </Card>
    }
}

/// Which KPIs the score rests on.
fn rests_on(it: &Alignment) -> String {
    let (all, missing) = (it.rows.len(), it.missing());
    match missing {
        0 => format!("It rests on all {all} KPIs."),
        _ => format!(
            "It rests on {} of {all} KPIs: {} no value, and the others share the weight.",
            all - missing,
            fmt::count(missing as i64, "has", "have")
        ),
    }
}

fn trend(it: &Alignment) -> impl IntoView + use<> {
    let each = it
        .trend
        .iter()
        .map(|then| {
            let was = match (then.value, then.change) {
                (Some(was), Some(change)) => {
                    view! { <Delta value=change unit=Unit::Points/>" from "{fmt::points(was)} }.into_any()
                }
                _ => "n/a".into_any(),
            };
            view! { <div><dt>{format!("D{}, {}", then.back, fmt::day(then.day))}</dt><dd>{was}</dd></div> }
        })
        .collect_view();
    view! { <dl class="alignment-trend">{each}</dl> }
}

/// The score day by day.
pub(super) fn course(shown: &Shown) -> impl IntoView + use<> {
    let known = shown.it.course.iter().filter(|(_, score)| score.is_some()).count();
    let figure = figures::score(&shown.it.course)
        .with_note("Every day is judged by the targets of today; values that were missing leave the rest re-weighted.");
    let lead = format!("{DAYS} days to the day the KPIs are about.");
    (known > 1).then(|| {
        view! { <Card id="course" title="How the score has moved" lead=lead><ChartFigure figure/></Card> }
    })
}

/// What to do first.
pub(super) fn first(shown: &Shown) -> impl IntoView + use<> {
    let actions = shown.it.actions();
    let body = if actions.is_empty() {
        view! {
            <EmptyState title="Nothing is off its target">
                <p>"Every KPI that has a value is where it should be."</p>
            </EmptyState>
        }
        .into_any()
    } else {
        let each = actions.iter().map(action).collect_view();
        view! { <ol class="alignment-actions">{each}</ol> }.into_any()
    };
    view! {
        <Card
            id="actions"
            title="What to do first"
            lead="KPIs off their target by weight × points missing × severity: critical counts three times, a warning twice."
        >
            {body}
        </Card>
    }
}

fn action(action: &Action) -> impl IntoView + use<> {
    let say = format!("{} of 100 points", fmt::points(action.score));
    view! {
        <li class="alignment-action">
            <p>
                <a href=address::of(action.kpi)>{action.kpi.title()}</a>" "{light(action.state)}
                <span class="alignment-small">" "{say}", priority "{fmt::number(action.urgency, 0)}</span>
            </p>
            <p>{action.advice}</p>
        </li>
    }
}
