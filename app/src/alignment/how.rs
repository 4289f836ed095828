//! How is this computed? The rule, the sum by hand, and what each KPI is.

use leptos::prelude::*;
use muster::alignment::Row;

use super::page::Shown;
use super::table::target;
use crate::ui::{Column, DataTable, Details, fmt};

pub(super) fn details(shown: &Shown) -> impl IntoView + use<> {
    let (sum, definitions) = (sum(shown), definitions(shown));
    view! {
        <Details summary="How is this computed?" class="alignment-how">
            <p>
                "The score of a KPI is 100 × value / target and never more than 100; where less is better it is 100 × target / value, and nought scores 100. Below nought it is 0. "
                "The alignment score is the sum of weight × score over the KPIs that have a value, divided by the sum of their weights: a KPI without a value leaves the others re-weighted, and if none has one there is no score. "
                "80 and more is on track, 50 to 79 at risk, less is off track."
            </p>
            <p>
                "Beyond its warning or its critical threshold a KPI is a warning or critical; exactly on one it is not yet. "
                "Values are kept for each day; targets hold for every day that is shown, past ones too."
            </p>
            {sum}
            {definitions}
        </Details>
    }
}

/// The score as a sum that can be checked by hand.
fn sum(shown: &Shown) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("kpi", "KPI"),
        Column::number("score", "Score"),
        Column::number("weight", "Weight"),
        Column::number("product", "Weight × score"),
    ];
    let known = shown.it.rows.iter().filter_map(|row| Some((row, row.standing.score()?)));
    let (mut weights, mut products) = (0.0, 0.0);
    let mut rows: Vec<Vec<AnyView>> = known
        .map(|(row, score)| {
            let weight = row.standing.target.weight;
            weights += weight;
            products += weight * score;
            line(row.standing.kpi.title(), fmt::number(score, 2), weight, weight * score)
        })
        .collect();
    let whole = shown.it.score.map_or_else(|| "n/a".into(), |score| fmt::number(score, 2));
    rows.push(line("Together: the sum divided by the weights", whole, weights, products));
    view! { <DataTable caption="The score as a sum" columns rows/> }
}

fn line(title: &'static str, score: String, weight: f64, product: f64) -> Vec<AnyView> {
    vec![title.into_any(), score.into_any(), fmt::number(weight, 1).into_any(), fmt::number(product, 1).into_any()]
}

fn definitions(shown: &Shown) -> impl IntoView + use<> {
    let each = shown.it.rows.iter().map(definition).collect_view();
    view! { <dl class="alignment-definitions">{each}</dl> }
}

fn definition(row: &Row) -> impl IntoView + use<> {
    let (it, kpi) = (&row.standing, row.standing.kpi);
    let whose = if it.is_own_target { "set by your organization" } else { "the default" };
    let asked = format!(
        "Target {} ({whose}), warning beyond {}, critical beyond {}, weight {}.",
        target(kpi, it.target.target),
        kpi.text(Some(it.target.warning)),
        kpi.text(Some(it.target.critical)),
        fmt::number(it.target.weight, 0)
    );
    view! {
        <div>
            <dt>{kpi.title()}</dt>
            <dd>{kpi.definition()}" About "{kpi.window()}". "{asked}</dd>
        </div>
    }
}
