//! Site by site: spent, budget, where it is heading; with the way into each.

use std::cmp::Ordering;

use leptos::prelude::*;
use muster::finance::{Line, PAGE};
use muster::operations::measures::Costs;

use super::address::{self, PATH};
use super::files;
use super::kinds::signed;
use super::look::{Look, Shown, light};
use crate::ui::{Card, Cell, Column, DataTable, EmptyState, Pager, Sort, fmt};

fn key(line: &Line, by: &str) -> Option<i64> {
    match by {
        "actual" => Some(line.actual.total()),
        "to_date" => line.to_date.map(Costs::total),
        "difference" => line.difference,
        "expected" => line.expected,
        "against" => line.against,
        "per_shift" => line.per_shift(),
        _ => None,
    }
}

/// By the column asked for; what has no value stands at the end either way.
fn sorted<'a>(look: &Look, lines: &'a [Line]) -> Vec<&'a Line> {
    let (by, descending) = order(look);
    let mut lines: Vec<&Line> = lines.iter().collect();
    let turn = |ordering: Ordering| if descending { ordering.reverse() } else { ordering };
    lines.sort_by(|a, b| match (key(a, by), key(b, by)) {
        (Some(x), Some(y)) => turn(x.cmp(&y)).then_with(|| a.name.cmp(&b.name)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) if by == "site" => turn(a.name.cmp(&b.name)),
        (None, None) => a.name.cmp(&b.name),
    });
    lines
}

/// Unless another order is asked for, who goes furthest above the budget stands first.
fn order(look: &Look) -> (&'static str, bool) {
    if look.filter.sort.is_some() { (look.asked.by, look.asked.descending) } else { ("against", true) }
}

pub(super) fn card(shown: &Shown) -> impl IntoView + use<> {
    let (look, it) = (&shown.look, &shown.it);
    let lines = sorted(look, &it.lines);
    let skipped = (look.asked.page - 1) * PAGE;
    let listed: Vec<&Line> = lines.iter().skip(skipped).take(PAGE).copied().collect();
    let range = (lines.len() > 1).then(|| {
        let all = fmt::count(lines.len() as i64, "site", "sites");
        let said = format!("{} to {} of {all}. The first row is the sum of all.", skipped + 1, skipped + listed.len());
        view! { <p class="financial-note">{said}</p> }
    });
    let body = if listed.is_empty() {
        view! { <EmptyState title="There is no such page"><p>"The list is shorter. Turn back to its first page."</p></EmptyState> }.into_any()
    } else {
        table(shown, &listed).into_any()
    };
    let href = format!("{}page=", address::open_link(PATH, &address::ordered(&look.filter)));
    let older = lines.len() > skipped + listed.len();
    let page = u32::try_from(look.asked.page).unwrap_or(u32::MAX);
    let back = look.asked.site.map(|_| {
        let fields = address::common(&muster::finance::Filter { site: None, ..look.filter.clone() });
        view! { <p class="financial-note"><a href=address::link(PATH, &fields)>"All sites"</a></p> }
    });
    let file = files::csv(look, "sites");
    view! {
        <Card id="sites" title="Site by site" lead="The furthest above its budget first, unless you sort by another column.">
            {body}
            {range}
            {back}
            <Pager label="Pages of sites" page=page older=older href=href anchor="#sites"/>
            {file}
        </Card>
    }
}

fn table(shown: &Shown, listed: &[&Line]) -> impl IntoView + use<> {
    let look = &shown.look;
    let columns = vec![
        Column::text("site", "Site").sortable(),
        Column::number("actual", "Spent").sortable(),
        Column::number("to_date", "Budget to date").sortable(),
        Column::number("difference", "Difference").sortable(),
        Column::number("expected", "Expected by plan").sortable(),
        Column::number("against", "Expected less budget").sortable(),
        Column::text("light", "Stands"),
        Column::number("per_shift", "Pay per shift").sortable(),
    ];
    let mut rows = Vec::new();
    if shown.it.lines.len() > 1 {
        rows.push(row(look, "All together".into(), &shown.it.total));
    }
    rows.extend(listed.iter().map(|line| row(look, name(look, line), line)));
    let (by, descending) = order(look);
    let sort = Some(Sort { by: by.into(), descending });
    let href = address::open_link(PATH, &address::common(&look.filter));
    let caption = format!("Spent and budget by site ({})", look.currency());
    view! { <DataTable caption=caption columns rows sort href=href hide_caption=true/> }
}

fn name(look: &Look, line: &Line) -> Cell {
    match line.site.filter(|_| look.asked.site.is_none()) {
        Some(site) => {
            let fields = address::with(address::common(&look.filter), "site", &site.to_string());
            Cell::of(view! { <a href=address::link(PATH, &fields)>{line.name.clone()}</a> })
        }
        None => line.name.clone().into(),
    }
}

fn row(look: &Look, name: Cell, line: &Line) -> Vec<Cell> {
    let difference = |cents: Option<i64>| Cell::from(cents.map_or_else(|| "n/a".into(), |cents| signed(look, cents)));
    vec![
        name,
        look.money(line.actual.total()).into(),
        look.some_money(line.to_date.map(Costs::total)).into(),
        difference(line.difference),
        look.some_money(line.expected).into(),
        difference(line.against),
        Cell::of(light(line.light())),
        look.some_money(line.per_shift()).into(),
    ]
}
