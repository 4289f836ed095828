//! The health tiles: each a sum over the team's days divided once, beside the previous period's.

use leptos::prelude::*;
use muster::charts::Unit;
use muster::team::{FEWEST, Health, Median, Team, Totals};
use muster::units::Rate;

use crate::ui::{Card, Delta, EmptyState, Tile, fmt};

pub(super) fn tiles(team: &Team) -> AnyView {
    match &team.health {
        None => view! {
            <Card id="health" title="Team health">
                <EmptyState title="Fewer than five people">
                    <p>"Without names no figure of so small a team is shown: its people could be recognized."</p>
                </EmptyState>
            </Card>
        }
        .into_any(),
        Some(health) if health.now.days == 0 => view! {
            <Card id="health" title="Team health">
                <EmptyState title="Nothing is recorded for this site in this period">
                    <p>"Choose another period, or see whether the records of the site have been imported."</p>
                </EmptyState>
            </Card>
        }
        .into_any(),
        Some(health) => full(team, health).into_any(),
    }
}

fn full(team: &Team, health: &Health) -> impl IntoView + use<> {
    let period = fmt::period(team.period.first, team.period.last);
    let rate = |label, of: fn(&Totals) -> Rate, thing, period| {
        rate(label, of(&health.now), of(&health.previous), thing, period)
    };
    view! {
        <section class="tiles team-tiles" aria-label="Team health">
            {people(health, &period)}
            {median(health, &fmt::period(team.scored.first, team.scored.last))}
            {rate("Attendance", Totals::attendance, "shifts attended", &period)}
            {rate("On time", Totals::on_time_rate, "clock-ins on time", &period)}
            {rate("In time (SLA)", Totals::sla, "tasks and work orders", &period)}
            {rate("Patrol coverage", Totals::coverage, "checkpoints visited", &period)}
            {incidents(health, &fmt::day_and_year(team.period.last))}
        </section>
    }
}

fn people(health: &Health, period: &str) -> impl IntoView + use<> {
    let (now, before) = (health.now.headcount, health.previous.headcount);
    let active = health.now.active().map(|n| format!("{} at work on an average day", fmt::number(n, 1)));
    let delta = fmt::signed((now - before) as f64, 0);
    let compared = if health.previous.days > 0 {
        format!("{delta} since the end of the period before")
    } else {
        "No period before".into()
    };
    view! {
        <Tile label="People" value=fmt::number(now as f64, 0) period=period.to_owned() note=active.unwrap_or_default()>
            {compared}
        </Tile>
    }
}

fn median(health: &Health, period: &str) -> impl IntoView + use<> {
    let Some(Median { bpi, n }) = health.median else {
        return view! {
            <Tile label="BPI, median" value="n/a" period=period.to_owned() note="Nobody with enough shifts yet, or too few to show">
                "Not enough to judge"
            </Tile>
        }
        .into_any();
    };
    let small = if n < FEWEST { "Small sample: fewer than five people have a score" } else { "" };
    let before = health.previous_median.map(|before| {
        view! { <Delta value=bpi - before.bpi unit=Unit::Points/>" from "{fmt::points(before.bpi)} }
    });
    let none = before.is_none().then_some("None in the period before");
    view! {
        <Tile label="BPI, median" value=fmt::points(bpi) unit=format!("points, n {n}") period=period.to_owned() note=small>
            {before}{none}
        </Tile>
    }
    .into_any()
}

fn rate(label: &'static str, now: Rate, before: Rate, thing: &str, period: &str) -> impl IntoView + use<> {
    let value = now.value().map_or_else(|| "n/a".to_owned(), |share| Unit::Percent.value(100.0 * share));
    let compared = match (now.value(), before.value()) {
        (Some(now), Some(before)) => view! {
            <Delta value=100.0 * (now - before) unit=Unit::Percent/>" from "{Unit::Percent.value(100.0 * before)}
        }
        .into_any(),
        (Some(_), None) => "Nothing to compare in the period before".into_any(),
        (None, _) => "Nothing to judge".into_any(),
    };
    let note = format!("{} of {} {thing}", fmt::number(now.hit as f64, 0), fmt::number(now.of as f64, 0));
    view! { <Tile label=label value=value period=period.to_owned() note=note>{compared}</Tile> }
}

fn incidents(health: &Health, day: &str) -> impl IntoView + use<> {
    let (now, before) = (health.now.open_incidents, health.previous.open_incidents);
    let unit = Unit::Count("incidents".into());
    view! {
        <Tile label="Open incidents" value=fmt::number(now as f64, 0) period=format!("At the end of {day}")>
            <Delta value=(now - before) as f64 unit=unit lower_is_better=true/>" from "{before}
        </Tile>
    }
}
