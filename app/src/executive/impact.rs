//! What no-shows, lateness, overtime and leavers cost, site by site, with what is assumed.

use leptos::prelude::*;
use muster::charts::Unit;
use muster::executive::{Impact, ImpactLine, Place, USUAL};

use super::address;
use super::page::Shown;
use crate::ui::{Card, Column, DataTable, EmptyState, fmt};

/// Sites that are listed; the others are one line.
const MOST: usize = 10;

pub(super) fn card(shown: &Shown) -> impl IntoView + use<> {
    let period = shown.it.asked.period;
    let lead =
        format!("{}, in {}, worked out from what was paid.", fmt::period(period.first, period.last), shown.currency);
    let body = match shown.it.impact.as_deref() {
        None => view! {
            <EmptyState title="Too few people to show">
                <p>"Fewer than five people work at these sites: without names nobody shall be recognized."</p>
            </EmptyState>
        }
        .into_any(),
        Some([]) => view! { <EmptyState title="Nothing of this kind has cost anything in this time"/> }.into_any(),
        Some(lines) => table(lines, shown).into_any(),
    };
    let assumed = format!(
        "Assumed: a colleague covers a no-show’s shift for {} more than a shift’s mean pay; minutes late are paid and not worked; overtime costs what it is above the site’s regular rate; replacing a leaver costs {} weeks’ pay. The amounts are estimates, to compare sites and find where to look, not postings.",
        Unit::Percent.value(USUAL.cover_extra_percent),
        fmt::number(USUAL.weeks_to_replace, 0)
    );
    view! {
        <div class="executive-part">
            <Card id="impact" title="What it costs when it goes wrong" lead=lead>
                {body} <p class="executive-more">{assumed}</p>
            </Card>
        </div>
    }
}

fn table(lines: &[ImpactLine], shown: &Shown) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("site", "Site"),
        Column::number("no_shows", "No-shows"),
        Column::number("lateness", "Lateness"),
        Column::number("overtime", "Overtime"),
        Column::number("leavers", "Leavers"),
        Column::number("total", "Together"),
    ];
    let all: Impact = lines.iter().map(|line| line.impact).sum();
    let rest = &lines[lines.len().min(MOST)..];
    let mut rows = vec![row("All together".into_any(), all)];
    rows.extend(lines.iter().take(MOST).map(|line| row(name(line, shown), line.impact)));
    if !rest.is_empty() {
        let sum = rest.iter().map(|line| line.impact).sum();
        rows.push(row(fmt::count(rest.len() as i64, "more site", "more sites").into_any(), sum));
    }
    let caption = format!("Cost by site, the costliest first ({})", shown.currency);
    view! { <DataTable caption=caption columns rows/> }
}

fn name(line: &ImpactLine, shown: &Shown) -> AnyView {
    match line.place {
        Place::Site(site) => {
            let href = address::link(&format!("/team/{site}"), &address::of_period(&shown.filter));
            view! { <a href=href>{line.name.clone()}</a> }.into_any()
        }
        Place::Small(_) => line.name.clone().into_any(),
    }
}

fn row(name: AnyView, impact: Impact) -> Vec<AnyView> {
    let money = |cents: i64| fmt::number(cents as f64 / 100.0, 0).into_any();
    vec![
        name,
        money(impact.no_shows),
        money(impact.lateness),
        money(impact.overtime),
        money(impact.leavers),
        money(impact.total()),
    ]
}
