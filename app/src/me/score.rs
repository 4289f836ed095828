//! The score, its components, why it moved and what would move it.

use leptos::prelude::*;
use muster::me::words::{rests_on, what_to_do};
use muster::me::{Overview, Whose, figures};
use muster::scoring::{Band, Cause, ComponentScore, Line, PartScore, Verdict};

use super::api::reason;
use crate::ui::{BandBadge, Card, ChartFigure, Delta, Details, EmptyState, Meter, Notice, NoticeKind, ScoreScale, fmt};
use muster::charts::Unit;

/// The number the worker came for.
pub(crate) fn hero(overview: &Overview, period: &str, whose: Whose) -> impl IntoView + use<> {
    let body = match overview.judgement.verdict {
        Verdict::Bpi { bpi, band } => scored(overview, bpi, band, whose).into_any(),
        verdict => {
            let why = reason(verdict, overview.window.records_shifts).unwrap_or_default();
            let more = match verdict {
                Verdict::TooFew { .. } => {
                    "A score from so little would be chance. What there is so far is shown below."
                }
                _ => whose.pick(
                    "Nothing in this period can be judged: choose another period, or ask your supervisor what is recorded for you.",
                    "Nothing in this period can be judged: choose another period, or see what is recorded.",
                ),
            };
            view! {
                <div class="hero-score">
                    <p class="hero-label">{whose.pick("My score (BPI)", "Score (BPI)")}</p>
                    <p class="hero-words"><strong>"No score: "{why}"."</strong></p>
                    <p class="hero-words">{more}</p>
                </div>
            }
            .into_any()
        }
    };
    let period = format!("{}, {period}", whose.pick("My score", "Score"));
    view! { <section class="card hero" aria-label=period>{body}</section> }
}

fn scored(overview: &Overview, bpi: f64, band: Band, whose: Whose) -> impl IntoView + use<> {
    let previous = overview.why.as_ref().map(|why| why.delta);
    let before = fmt::period(overview.previous_period.first, overview.previous_period.last);
    let way = match band.next() {
        Some(next) => format!("{} points to {}.", fmt::points(next.floor() - bpi), next.label()),
        None => "The highest band.".into(),
    };
    let cohort = overview.standing.as_ref().map_or_else(
        || "No comparison: fewer than five people did like work in the weeks before.".to_owned(),
        |standing| {
            format!(
                "Percentile {} among the {} people who do like work ({}, week of {}).",
                fmt::number(standing.percentile.round(), 0),
                standing.n,
                standing.cohort,
                fmt::day(standing.week)
            )
        },
    );
    let median = overview.benchmarks.get("bpi").map(|benchmark| benchmark.p50);
    let counted: Vec<&str> = overview.judgement.components.iter().map(|it| it.component.label()).collect();
    let missing: Vec<&str> = overview.judgement.missing().map(|it| it.label()).collect();
    let rests = if missing.is_empty() {
        format!("It rests on all five components and {}.", amount(overview))
    } else {
        format!(
            "It rests on {} and {}. Nothing to judge for: {}.",
            counted.join(", "),
            amount(overview),
            missing.join(", ")
        )
    };
    view! {
        <div class="hero-score">
            <p class="hero-label">{whose.pick("My score (BPI)", "Score (BPI)")}</p>
            <p class="hero-number">{fmt::points(bpi)}<span class="hero-of">" of 100"</span></p>
            <div class="hero-facts">
                <BandBadge band/>
                <p class="hero-compared">
                    {match previous {
                        Some(delta) => view! { <Delta value=delta unit=Unit::Points/>" since "{before} }.into_any(),
                        None => view! { "No score in the period before ("{before}")" }.into_any(),
                    }}
                </p>
            </div>
        </div>
        <div class="hero-way">
            <ScoreScale score=bpi median=median/>
            <p class="hero-words"><strong>{way}</strong>" "{cohort}</p>
            <p class="hero-rests">{rests}</p>
        </div>
    }
}

fn amount(overview: &Overview) -> String {
    let n = overview.window.size();
    if overview.window.records_shifts {
        fmt::count(n, "shift", "shifts")
    } else {
        fmt::count(n, "task, tour or work order", "tasks, tours and work orders")
    }
}

/// The trend against the cohort.
pub(crate) fn trend(overview: &Overview, whose: Whose) -> impl IntoView + use<> {
    let figure = figures::trend(overview, whose);
    view! { <section class="card wide" aria-label="Trend"><ChartFigure figure alone=true/></section> }
}

/// The five components with their parts.
pub(crate) fn components(overview: &Overview, period: &str) -> impl IntoView + use<> {
    let judged = overview.judgement.bpi().is_some();
    let rows: Vec<_> = overview.judgement.components.iter().map(|it| component(overview, it, judged)).collect();
    let none = rows.is_empty();
    let notes = notes(overview);
    let lead = if judged {
        format!("{period}. The points add up to the score.")
    } else {
        format!("{period}. What there is so far.")
    };
    view! {
        <Card id="components" title="What it is made of" lead=lead>
            {none.then(|| view! { <EmptyState title="Nothing to judge in this period"/> })}
            <ul class="components">{rows}</ul>
            {notes}
        </Card>
    }
}

fn component(overview: &Overview, it: &ComponentScore, judged: bool) -> impl IntoView + use<> {
    let median = overview.benchmarks.get(it.component.code()).map(|benchmark| benchmark.p50);
    let worth = if judged {
        format!("{} points of the score, weight {}", fmt::points(it.contribution), it.weight)
    } else {
        format!("weight {}", it.weight)
    };
    let compared = median.map(|median| format!(" · cohort median {}", fmt::points(median))).unwrap_or_default();
    let parts = it.parts.iter().map(|part| self::part(overview, part)).collect_view();
    view! {
        <li>
            <details class="component">
                <summary>
                    <span class="component-name">{it.component.label()}</span>
                    <span class="component-score">{fmt::points(it.score)}</span>
                    <Meter share=it.score / 100.0 tick=median.map(|median| median / 100.0)/>
                    <span class="component-worth">{worth}{compared}</span>
                </summary>
                <div class="component-body"><ul class="parts">{parts}</ul></div>
            </details>
        </li>
    }
}

fn part(overview: &Overview, it: &PartScore) -> impl IntoView + use<> {
    let median = overview
        .benchmarks
        .get(it.part.code())
        .map(|benchmark| format!(" · cohort median {}", fmt::points(benchmark.p50)))
        .unwrap_or_default();
    let weight = if it.weight > 0.0 { format!("weight {}", it.weight) } else { "shown only, does not count".into() };
    view! {
        <li>
            <span>{it.part.label()}</span>
            <span class="part-score">{fmt::points(it.score)}</span>
            <span class="part-raw">{rests_on(it.part, it.raw)}{median}" · "{weight}</span>
        </li>
    }
}

fn notes(overview: &Overview) -> impl IntoView + use<> {
    let it = &overview.notes;
    let mut lines = Vec::new();
    if it.orders_overdue > 0 {
        lines.push(format!(
            "{} still open past the deadline. Open orders are not in the score.",
            fmt::count(it.orders_overdue, "work order is", "work orders are")
        ));
    }
    if it.orders_implausible > 0 {
        lines.push(format!(
            "{} closed before being opened, or due before that: left out of the time to resolve, and reported.",
            fmt::count(it.orders_implausible, "work order was", "work orders were")
        ));
    }
    if it.orders_without_deadline > 0 {
        lines.push(format!(
            "{} closed without a deadline on record: not judged on time.",
            fmt::count(it.orders_without_deadline, "work order was", "work orders were")
        ));
    }
    let restated = it.restated.iter().map(|(day, on, reason)| {
        format!("{} was computed again on {}: {reason}.", fmt::day_and_year(*day), fmt::day_and_year(*on))
    });
    lines.extend(restated);
    (!lines.is_empty()).then(|| {
        view! {
            <Notice kind=NoticeKind::Info>
                <ul>{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
            </Notice>
        }
    })
}

/// What would move it.
pub(crate) fn moves(overview: &Overview, whose: Whose) -> impl IntoView + use<> {
    let cards = overview
        .improvements
        .iter()
        .map(|it| {
            view! {
                <li class="move">
                    <span class="move-gain">{fmt::change(it.gain)}<small>"points"</small></span>
                    <strong>{it.part.label()}</strong>
                    <p>{what_to_do(it)}</p>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let why_none = if overview.judgement.bpi().is_none() {
        "There is no score to move yet."
    } else if overview.benchmarks.is_empty() {
        "Without a cohort there is no target to aim at."
    } else {
        whose.pick(
            "In everything you can influence you are at or above the best quarter of your cohort.",
            "In everything a worker can influence this one is at or above the best quarter of the cohort.",
        )
    };
    let body = if cards.is_empty() {
        view! { <EmptyState title=why_none/> }.into_any()
    } else {
        view! { <ul class="moves">{cards}</ul> }.into_any()
    };
    let lead = whose.pick(
        "Points gained by reaching what the best quarter of your cohort reaches, all else the same.",
        "Points gained by reaching what the best quarter of the cohort reaches, all else the same.",
    );
    view! {
        <Card id="moves" title="What would move it" lead=lead>
            {body}
        </Card>
    }
}

/// Why it moved.
pub(crate) fn why(overview: &Overview, whose: Whose) -> impl IntoView + use<> {
    let lead = format!(
        "{} against {}.",
        fmt::period(overview.period.first, overview.period.last),
        fmt::period(overview.previous_period.first, overview.previous_period.last)
    );
    let body = match (&overview.why, figures::why(overview, whose)) {
        (Some(why), Some(figure)) => {
            let lines = why.lines.iter().map(line).collect_view();
            let together = fmt::change(why.delta);
            view! {
                <ChartFigure figure/>
                <Details summary="Every line, down to the parts">
                    <ul class="lines">
                        {lines}
                        <li class="sum"><span>"All lines together"</span><span class="line-value">{together}</span></li>
                    </ul>
                </Details>
            }
            .into_any()
        }
        _ => view! { <EmptyState title="There is no score in both periods, so there is no change to explain"/> }
            .into_any(),
    };
    view! { <Card id="why-it-moved" title="Why it moved" lead=lead>{body}</Card> }
}

fn line(line: &Line) -> impl IntoView + use<> {
    let name = match line.cause {
        Cause::Of(component) => component.label(),
        Cause::Set => "Which components count",
    };
    let parts = line
        .parts
        .iter()
        .filter(|part| part.delta.abs() >= 0.05)
        .map(|part| {
            let name = match part.cause {
                Cause::Of(part) => part.label(),
                Cause::Set => "Which parts count",
            };
            let scores = part.scores.map(|(then, now)| format!(" ({} → {})", fmt::points(then), fmt::points(now))).unwrap_or_default();
            view! { <li><span class="part-line">{name}{scores}</span><span class="line-value">{fmt::change(part.delta)}</span></li> }
        })
        .collect_view();
    let scores =
        line.scores.map(|(then, now)| format!(" ({} → {})", fmt::points(then), fmt::points(now))).unwrap_or_default();
    view! {
        <li><strong>{name}{scores}</strong><strong class="line-value">{fmt::change(line.delta)}</strong></li>
        {parts}
    }
}

/// How all this is computed.
pub(crate) fn how_computed() -> impl IntoView {
    view! {
        <Card id="how" title="How is this computed?">
            <Details summary="The rules, in short">
                <p>"The score (BPI) is the weighted mean of up to five components: attendance 30, tasks 25, patrol 20, work orders 15, compliance 10. "
                    "A component without anything to judge drops out; it never counts as zero."</p>
                <p>"Each component is made of parts. A part adds up what happened over the whole period and divides once: 18 of 20 shifts, not a mean of daily rates. "
                    "The period is the 28 days up to the last complete day, unless you choose another; incidents look back 90 days. A night shift belongs to the day it starts."</p>
                <p>"On time means clocked in no later than five minutes after the start. Approved leave is not scheduled. Declining overtime is your right and costs nothing. "
                    "Reporting an incident never lowers a score; only harm attributed to you does."</p>
                <p>"The cohort are people of the same job role, kind of site, tenure and day or night pattern, widened until there are at least ten. Below five nobody is compared."</p>
                <p>"Bands: 90 exceptional, 75 strong, 60 solid, 40 developing, below that needs support. With fewer than five shifts there is no score."</p>
            </Details>
        </Card>
    }
}
