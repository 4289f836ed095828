//! The sites beside each other: hours, nights, weekends, overtime, offers, punctuality.

use std::cmp::Ordering;

use leptos::prelude::*;
use muster::workforce::{By, PAGE, Portion, SiteLine};

use super::page::Shown;
use super::{address, tiles};
use crate::ui::{Card, Column, DataTable, EmptyState, Pager, Sort, fmt};

/// The sites in the order asked for; what is not told comes last either way.
fn ordered(shown: &Shown) -> Vec<SiteLine> {
    let (by, descending) = shown.it.asked.sites_by;
    let mut lines = shown.it.sites.clone();
    let number = |line: &SiteLine| match by {
        By::People => Some(line.people as f64),
        By::Gini => line.gini,
        By::Utilization => line.portions[Portion::Utilization as usize],
        By::Nights => line.portions[Portion::Nights as usize],
        By::Weekends => line.portions[Portion::Weekends as usize],
        By::Overtime => line.portions[Portion::Overtime as usize],
        By::Accepted => line.portions[Portion::Accepted as usize],
        By::OnTime => line.portions[Portion::OnTime as usize],
        _ => None,
    };
    let turned = |order: Ordering| if descending { order.reverse() } else { order };
    lines.sort_by(|a, b| {
        let names = || shown.site_name(a.site).cmp(&shown.site_name(b.site));
        match (number(a), number(b)) {
            (Some(a), Some(b)) => turned(a.total_cmp(&b)).then_with(names),
            (None, None) if by == By::Site => turned(names()),
            (None, None) => names(),
            (found, _) => {
                if found.is_some() {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
        }
    });
    lines
}

pub(super) fn card(shown: &Shown) -> impl IntoView + use<> {
    let lead = format!("{}, people by their home site. All sites, whatever site is chosen above.", shown.period());
    let body = if shown.it.sites.is_empty() {
        view! {
            <EmptyState title="No site can be told apart">
                <p>"Each has fewer than five people, or would give such a site away."</p>
            </EmptyState>
        }
        .into_any()
    } else {
        table(shown).into_any()
    };
    view! { <Card id="sites" title="Site by site" lead=lead>{body}</Card> }
}

fn table(shown: &Shown) -> impl IntoView + use<> {
    let asked = shown.it.asked;
    let columns = vec![
        Column::text("site", "Site").sortable(),
        Column::number("people", "People").sortable(),
        Column::number("gini", "Gini of hours").sortable(),
        Column::number("utilization", "Utilization (%)").sortable(),
        Column::number("nights", "Nights (%)").sortable(),
        Column::number("weekends", "Weekends (%)").sortable(),
        Column::number("overtime", "Overtime (%)").sortable(),
        Column::number("accepted", "Offers accepted (%)").sortable(),
        Column::number("on_time", "On time (%)").sortable(),
    ];
    let lines = ordered(shown);
    let first = (asked.page - 1) * PAGE;
    let page: Vec<&SiteLine> = lines.iter().skip(first).take(PAGE).collect();
    let range = format!(
        "Sites {} to {} of {}",
        (first + 1).min(lines.len()),
        (first + page.len()).min(lines.len()),
        lines.len()
    );
    let hidden = if shown.it.hidden_sites > 0 {
        format!("; {} not broken out", fmt::count(shown.it.hidden_sites as i64, "more is", "more are"))
    } else {
        String::new()
    };
    let rows: Vec<_> = page.iter().map(|line| row(line, shown)).collect();
    let sort = Some(Sort { by: asked.sites_by.0.code().into(), descending: asked.sites_by.1 });
    let older = lines.len() > first + PAGE;
    let href = address::open_link(&address::of_filter(&shown.filter));
    let turned = format!("{}page=", address::open_link(&address::of_order(&shown.filter)));
    view! {
        <DataTable caption=format!("{range}{hidden}") columns rows sort=sort href=href/>
        <Pager label="Pages of sites" page=asked.page as u32 older=older href=turned anchor="#sites"/>
        <p class="people-note">
            "Utilization: worked of contracted hours. Nights and weekends: of days worked. Overtime: of time worked. n/a: fewer than five people add to it, or it would give them away at another site."
        </p>
    }
}

fn row(line: &SiteLine, shown: &Shown) -> Vec<AnyView> {
    let href =
        address::link(address::PATH, &address::with(address::of_filter(&shown.filter), "site", &line.site.to_string()));
    let name = shown.site_name(line.site);
    let mut cells = vec![
        view! { <a href=href>{name}</a> }.into_any(),
        fmt::number(line.people as f64, 0).into_any(),
        tiles::gini(line.gini).into_any(),
    ];
    cells.extend(line.portions.iter().map(|portion| tiles::percent(*portion).into_any()));
    cells
}
