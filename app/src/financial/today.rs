//! What has come in today so far, and the latest orders.

use leptos::prelude::*;
use muster::commerce::{Amount, SoFar, Today, growth, money};

use super::look::Look;
use crate::cache::Kept;
use crate::ui::{Card, Cell, Column, DataTable, Growth, Tile, fmt};

/// The card; nothing for an organization without orders.
pub(super) fn card(look: &Look, today: Option<&Kept<Option<Today>>>) -> impl IntoView + use<> {
    today.and_then(|kept| Some((kept.it.as_ref().as_ref()?, kept.made_at))).map(|(it, made_at)| {
        let now = made_at.with_timezone(&look.caller.user().org.zone);
        let lead = format!("Orders placed today until {}, beside the same hours a week ago.", now.format("%H:%M"));
        let (tiles, orders) = (tiles(look, it), orders(look, it));
        view! {
            <Card id="today-card" title="Today so far" lead=lead>
                {tiles}
                {orders}
                <p><a href="/financial/revenue">"Revenue"</a>" · "<a href="/financial/orders">"Orders"</a>" · "<a href="/financial/customers">"Customers"</a></p>
            </Card>
        }
    })
}

fn tiles(look: &Look, it: &Today) -> impl IntoView + use<> {
    let SoFar { orders, gross, customers } = it.before;
    let count = |now: i64, before: i64| grown(Amount::from(now), Amount::from(before), fmt::number(before as f64, 0));
    let was = format!("{} {}", money(gross, look.currency()), look.currency());
    let (earned, ordered, came) =
        (grown(it.now.gross, gross, was), count(it.now.orders, orders), count(it.now.customers, customers));
    let number = |n: i64| fmt::number(n as f64, 0);
    view! {
        <section class="tiles" aria-label="What came in today">
            <Tile label="Gross revenue" value=money(it.now.gross, look.currency()) unit=look.currency().to_owned() period="today">
                {earned}
            </Tile>
            <Tile label="Orders" value=number(it.now.orders) period="today">{ordered}</Tile>
            <Tile label="Customers" value=number(it.now.customers) period="today">{came}</Tile>
        </section>
    }
}

fn grown(now: Amount, before: Amount, was: String) -> AnyView {
    match growth(now, before) {
        Some(growth) => view! { <Growth percent=100.0 * growth/>{format!(" from {was} a week ago")} }.into_any(),
        None => format!("n/a: {was} a week ago").into_any(),
    }
}

fn orders(look: &Look, it: &Today) -> impl IntoView + use<> {
    if it.recent.is_empty() {
        return view! { <p>"No order was placed in the last seven days."</p> }.into_any();
    }
    let zone = look.caller.user().org.zone;
    let columns = vec![
        Column::text("placed", "Placed"),
        Column::text("order", "Order"),
        Column::text("customer", "Customer"),
        Column::text("category", "Category"),
        Column::number("worth", &format!("Worth ({})", look.currency())),
        Column::text("state", "State"),
    ];
    let rows: Vec<Vec<Cell>> = it
        .recent
        .iter()
        .map(|order| {
            vec![
                order.placed_at.with_timezone(&zone).format("%-d %b, %H:%M").to_string().into(),
                order.reference.clone().into(),
                order.customer.clone().into(),
                order.category.clone().unwrap_or_else(|| "none".into()).into(),
                money(order.worth, look.currency()).into(),
                order.state.clone().into(),
            ]
        })
        .collect();
    view! { <DataTable caption="Latest orders" columns rows/> }.into_any()
}
