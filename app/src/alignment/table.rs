//! Every KPI: value, target, gap, how it stands, and how it has moved.

use leptos::prelude::*;
use muster::alignment::{BACK, Better, Kpi, Row, Then};

use super::address::{self, PATH};
use super::page::{DAYS, Shown};
use super::score::light;
use crate::ui::{Card, Column, DataTable, Delta, Sort, Spark, fmt};

pub(super) fn card(shown: &Shown) -> impl IntoView + use<> {
    let mut columns = vec![
        Column::text("kpi", "KPI").sortable(),
        Column::text("state", "State").sortable(),
        Column::number("value", "Value"),
        Column::number("target", "Target"),
        Column::number("gap", "Gap"),
    ];
    columns.extend(BACK.map(|back| Column::number(back_key(back), &format!("D{back}"))));
    columns.extend([
        Column::text("course", &format!("{DAYS} days")),
        Column::number("score", "Score").sortable(),
        Column::number("weight", "Weight").sortable(),
    ]);
    let ordered = shown.it.ordered(shown.order.by, shown.order.descending);
    let rows = ordered.into_iter().map(|row| cells(row, shown)).collect();
    let sort = Some(Sort { by: shown.order.code().into(), descending: shown.order.descending });
    let dates = shown.it.trend.map(|then| format!("D{} since {}", then.back, fmt::day(then.day))).join(", ");
    let caption = format!("How each KPI has changed: {dates}");
    let lead = "A trend compares the value of two dates, each over a time of the same length.";
    view! {
        <Card id="kpis" title="KPIs against their targets" lead=lead class="alignment-kpis">
            <DataTable caption=caption columns rows sort=sort href=format!("{PATH}?")/>
        </Card>
    }
}

fn back_key(back: u64) -> &'static str {
    ["d7", "d14", "d30", "d60", "d90"][BACK.iter().position(|it| *it == back).unwrap_or(0)]
}

fn cells(row: &Row, shown: &Shown) -> Vec<AnyView> {
    let (it, kpi) = (&row.standing, row.standing.kpi);
    let why = it.missing.clone().map(|why| view! { <span class="alignment-why">{why}</span> });
    let mut cells = vec![
        view! { <span><a href=address::of(kpi)>{kpi.title()}</a>{why}</span> }.into_any(),
        light(it.state()).into_any(),
        kpi.text(it.value()).into_any(),
        target(kpi, it.target.target).into_any(),
        kpi.change(it.gap()).into_any(),
    ];
    cells.extend(row.trend.iter().map(|then| change(kpi, then)));
    cells.extend([
        spark(row, shown),
        it.score().map_or_else(|| "n/a".into(), fmt::points).into_any(),
        fmt::number(it.target.weight, 0).into_any(),
    ]);
    cells
}

/// `25.0 %`, or `at most 5.0 %` where less is better.
pub(super) fn target(kpi: Kpi, target: f64) -> String {
    match kpi.better() {
        Better::Higher => kpi.text(Some(target)),
        Better::Lower => format!("at most {}", kpi.text(Some(target))),
    }
}

/// What has changed since an earlier date.
pub(super) fn change(kpi: Kpi, then: &Then) -> AnyView {
    match then.change {
        None => "n/a".into_any(),
        Some(change) => {
            let lower_is_better = kpi.better() == Better::Lower;
            view! { <Delta value=kpi.shown(change) unit=kpi.unit() lower_is_better/> }.into_any()
        }
    }
}

/// The course the size of a word, with its lowest and highest value beside it.
fn spark(row: &Row, shown: &Shown) -> AnyView {
    let kpi = row.standing.kpi;
    let points: Vec<Option<f64>> = shown.it.course.iter().map(|(day, _)| row.course.value(*day)).collect();
    let known: Vec<f64> = points.iter().flatten().copied().collect();
    let (Some(first), Some(last)) = (known.first(), known.last()) else { return "n/a".into_any() };
    let (low, high) = known.iter().fold((*first, *first), |(low, high), value| (low.min(*value), high.max(*value)));
    let text = |value: f64| kpi.text(Some(value));
    let label = format!("{} over {DAYS} days: from {} to {}", kpi.title(), text(*first), text(*last));
    let range = format!("{} – {}", text(low), text(high));
    view! {
        <span class="alignment-spark"><Spark points label=label/><span class="alignment-small">{range}</span></span>
    }
    .into_any()
}
