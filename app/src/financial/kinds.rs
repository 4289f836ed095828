//! What the money was spent on.

use leptos::prelude::*;
use muster::charts::Unit;
use muster::finance::{KINDS, figures, signed_amount};
use muster::operations::measures::Costs;

use super::files;
use super::look::{Look, Shown};
use crate::ui::{Card, Cell, ChartFigure, Column, DataTable, fmt};

/// The change against what was, in per cent: `n/a` where that is nought.
fn growth(now: i64, was: Option<i64>) -> String {
    match was {
        Some(was) if was > 0 => Unit::growth(100.0 * (now - was) as f64 / was as f64),
        _ => "n/a".into(),
    }
}

pub(super) fn card(shown: &Shown) -> impl IntoView + use<> {
    let (look, it) = (&shown.look, &shown.it);
    let columns = vec![
        Column::text("kind", "Kind"),
        Column::number("actual", "Spent"),
        Column::number("share", "Share (%)"),
        Column::number("to_date", "Budget to date"),
        Column::number("difference", "Difference"),
        Column::number("before", "Same days of the month before"),
        Column::number("change", "Change since"),
    ];
    let mut rows: Vec<_> = KINDS.iter().map(|(_, name, of)| row(shown, name, *of)).collect();
    rows.push(row(shown, "All together", Costs::total));
    let figure = figures::kinds(it, look.currency());
    let file = files::csv(look, "kinds");
    let caption = format!("Cost by kind ({})", look.currency());
    view! {
        <Card id="kinds-card" title="What it was spent on" lead=format!("{}.", look.period())>
            <ChartFigure figure=figure/>
            <DataTable caption=caption columns rows hide_caption=true/>
            {file}
        </Card>
    }
}

fn row(shown: &Shown, name: &'static str, of: fn(Costs) -> i64) -> Vec<Cell> {
    let (look, total) = (&shown.look, &shown.it.total);
    let (now, all) = (of(total.actual), total.actual.total());
    let to_date = total.to_date.map(of);
    let before = shown.it.before.map(of);
    // What has no budget is in no difference, so that of the kinds is told only where all sites have one.
    let whole = shown.it.lines.iter().all(|line| line.budget.is_some());
    let difference = to_date.filter(|_| whole).map(|to_date| now - to_date);
    vec![
        name.into(),
        look.money(now).into(),
        fmt::percent(now, all).into(),
        look.some_money(to_date).into(),
        difference.map_or_else(|| "n/a".into(), |cents| signed(look, cents)).into(),
        look.some_money(before).into(),
        growth(now, before).into(),
    ]
}

pub(super) fn signed(look: &Look, cents: i64) -> String {
    signed_amount(cents, look.currency())
}

#[cfg(test)]
mod tests {
    use super::growth;

    #[test]
    fn growth_from_nothing_is_not_told() {
        assert_eq!(growth(150, Some(100)).replace('\u{a0}', " "), "+50.0 %");
        assert_eq!((growth(5, Some(0)), growth(5, None)), ("n/a".into(), "n/a".into()));
    }
}
