//! What no-shows, lateness, overtime and leavers cost, site by site, with what is assumed.

use leptos::prelude::*;
use muster::charts::Unit;
use muster::executive::{Impact, ImpactLine, Place, USUAL};

use super::address::{self, PATH};
use super::files;
use super::look::{Look, Shown};
use crate::ui::{Card, Cell, Column, DataTable, EmptyState, fmt};

/// Sites that are listed; the others are one line, and all of them in the file.
const MOST: usize = 10;

pub(super) fn card(shown: &Shown) -> impl IntoView + use<> {
    let look = &shown.look;
    let lines = &shown.it.impact;
    let body = if lines.is_empty() {
        view! { <EmptyState title="Nothing of this kind has cost anything in this time"/> }.into_any()
    } else {
        table(look, lines).into_any()
    };
    let assumed = format!(
        "Assumed: a colleague covers a no-show’s shift for {} more than a shift’s mean pay; minutes late are paid and not worked; overtime costs what it is above the site’s regular rate; replacing a leaver costs {} weeks’ pay. The amounts are estimates, to find where to look, not postings. Sites of fewer than five people stand together.",
        Unit::Percent.value(USUAL.cover_extra_percent),
        fmt::number(USUAL.weeks_to_replace, 0)
    );
    let file = files::csv(look, "impact");
    view! {
        <Card id="impact" title="What it costs when it goes wrong" lead=format!("{}.", look.period())>
            {body} <p class="financial-note">{assumed}</p> {file}
        </Card>
    }
}

fn table(look: &Look, lines: &[ImpactLine]) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("site", "Site"),
        Column::number("no_shows", "No-shows"),
        Column::number("lateness", "Lateness"),
        Column::number("overtime", "Overtime"),
        Column::number("leavers", "Leavers"),
        Column::number("total", "Together"),
    ];
    let sum = |lines: &[ImpactLine]| lines.iter().map(|line| line.impact).sum::<Impact>();
    let rest = &lines[lines.len().min(MOST)..];
    let mut rows = vec![row(look, "All together".into(), sum(lines))];
    rows.extend(lines.iter().take(MOST).map(|line| row(look, name(look, line), line.impact)));
    if !rest.is_empty() {
        rows.push(row(look, fmt::count(rest.len() as i64, "more site", "more sites").into(), sum(rest)));
    }
    let caption = format!("Cost by site, the costliest first ({})", look.currency());
    view! { <DataTable caption=caption columns rows hide_caption=true/> }
}

fn name(look: &Look, line: &ImpactLine) -> Cell {
    match line.place {
        Place::Site(site) if look.asked.site.is_none() => {
            let fields = address::with(address::common(&look.filter), "site", &site.to_string());
            Cell::of(view! { <a href=address::link(PATH, &fields)>{line.name.clone()}</a> })
        }
        _ => line.name.clone().into(),
    }
}

fn row(look: &Look, name: Cell, impact: Impact) -> Vec<Cell> {
    let money = |cents: i64| Cell::from(look.money(cents));
    vec![
        name,
        money(impact.no_shows),
        money(impact.lateness),
        money(impact.overtime),
        money(impact.leavers),
        money(impact.total()),
    ]
}
