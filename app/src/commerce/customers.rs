//! The page of customers: how they are doing and by which definition, who came new and from where, who may be lost, who
//! brings most.

use chrono::{DateTime, Utc};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use muster::charts::Unit;
use muster::commerce::{Amount, Customer, Customers, Segment, View, customers, figures, height};

use super::address;
use super::frame::{Asker, page};
use crate::cache::Kept;
use crate::error::AppError;
use crate::ui::{Card, Cell, ChartFigure, Column, DataTable, EmptyState, Pager, Tile, fmt};

/// `/financial/customers`
#[component]
pub fn CustomersPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let page = Suspend::new(async move {
        match load(&query).await {
            Ok((asker, kept)) => Either::Left(view(&asker, &kept.it, kept.made_at)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(query: &ParamsMap) -> Result<(Asker, Kept<Customers>), AppError> {
    let asker = Asker::of(View::Customers, query, &[])?;
    let kept = asker.kept(|mut tx, asked| async move { customers(&mut tx, asked).await }).await?;
    Ok((asker, kept))
}

fn view(asker: &Asker, it: &Customers, made_at: DateTime<Utc>) -> AnyView {
    let body = if it.segments.iter().all(|share| share.customers == 0) {
        view! {
            <section class="card">
                <EmptyState title="No customer has ordered yet">
                    <p>"Import customers and orders: the figures follow the next morning."</p>
                </EmptyState>
            </section>
        }
        .into_any()
    } else {
        view! {
            {tiles(asker, it)}
            <div class="commerce-parts">
                {segments(asker, it)}
                {newcomers(it)}
                {sources(asker, it)}
                {at_risk(asker, it)}
                {top(asker, it)}
            </div>
        }
        .into_any()
    };
    page(asker, None, (it.standing, made_at), body)
}

fn number(n: i64) -> String {
    fmt::number(n as f64, 0)
}

fn as_of(it: &Customers) -> String {
    it.as_of.map_or_else(|| "not judged yet".into(), |day| format!("as of {}", fmt::day_and_year(day)))
}

fn tiles(asker: &Asker, it: &Customers) -> impl IntoView + use<> {
    let all: i64 = it.segments.iter().map(|share| share.customers).sum();
    let churned: i64 =
        it.segments.iter().filter(|share| share.segment == Segment::Churned).map(|share| share.customers).sum();
    let at_risk: i64 = it.segments.iter().map(|share| share.at_risk).sum();
    let value: Amount = it.segments.iter().map(|share| share.value).sum();
    let mean = if all > 0 { asker.money(value / Amount::from(all)) } else { "n/a".into() };
    let grown = asker.grown_count(it.total.new_customers, it.before.new_customers);
    let at = as_of(it);
    let risk = format!("{} of those not churned", fmt::percent(at_risk, all - churned));
    let lost = format!("{} of all", fmt::percent(churned, all));
    let valued = it.value_definition();
    view! {
        <section class="tiles" aria-label="Customers">
            <Tile label="Customers" value=number(all) period=at.clone() note="Who ever ordered"/>
            <Tile label="New customers" value=number(it.total.new_customers) period=asker.period()>{grown}</Tile>
            <Tile label="At risk" value=number(at_risk) period=at.clone() note=risk/>
            <Tile label="Churned" value=number(churned) period=at.clone() note=lost/>
            <Tile label="Mean lifetime value" value=mean unit=asker.currency.clone() period=at note=valued/>
        </section>
    }
}

fn segments(asker: &Asker, it: &Customers) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("segment", "Segment"),
        Column::text("who", "Who"),
        Column::number("customers", "Customers"),
        Column::number("share", "Share"),
        Column::number("at_risk", "At risk"),
        Column::number("orders", "Orders so far"),
        Column::number("spent", &asker.heading("Paid less refunds")),
        Column::number("value", &asker.heading("Lifetime value")),
    ];
    let all: i64 = it.segments.iter().map(|share| share.customers).sum();
    let row = |name: &'static str, who: &'static str, counts: [i64; 3], money: [Amount; 2]| {
        let [customers, at_risk, orders] = counts;
        let shown = [number(customers), fmt::percent(customers, all), number(at_risk), number(orders)].map(Cell::from);
        let money = money.map(|amount| Cell::from(asker.money(amount)));
        [name.into(), who.into()].into_iter().chain(shown).chain(money).collect::<Vec<_>>()
    };
    let sum = |of: fn(&muster::commerce::Share) -> i64| it.segments.iter().map(of).sum();
    let totals = [
        it.segments.iter().map(|share| share.spent).sum::<Amount>(),
        it.segments.iter().map(|share| share.value).sum::<Amount>(),
    ];
    let total = row(
        "All together",
        "Who ever ordered",
        [sum(|it| it.customers), sum(|it| it.at_risk), sum(|it| it.orders)],
        totals,
    );
    let rows: Vec<_> = std::iter::once(total)
        .chain(it.segments.iter().map(|it| {
            row(
                it.segment.label(),
                it.segment.definition(),
                [it.customers, it.at_risk, it.orders],
                [it.spent, it.value],
            )
        }))
        .collect();
    let lead = format!("Each customer is in the first segment whose definition fits, {}.", as_of(it));
    view! {
        <Card id="segments" class="wide" title="Segments" lead=lead>
            <DataTable caption="Segments" columns rows hide_caption=true/>
        </Card>
    }
}

fn newcomers(it: &Customers) -> impl IntoView + use<> {
    let figure = figures::newcomers(it);
    view! {
        <Card id="newcomers-card" title="Acquisition" lead="A customer is new on the day of the first order ever.">
            <ChartFigure figure/>
        </Card>
    }
}

fn sources(asker: &Asker, it: &Customers) -> impl IntoView + use<> {
    let columns =
        vec![Column::text("source", "Source"), Column::number("n", "New customers"), Column::number("share", "Share")];
    let all: i64 = it.sources.iter().map(|(_, n)| n).sum();
    let row = |name: String, n: i64| [name, number(n), fmt::percent(n, all)].map(Cell::from).to_vec();
    let rows: Vec<_> = std::iter::once(row("All together".into(), all))
        .chain(it.sources.iter().map(|(source, n)| row(source.clone().unwrap_or_else(|| "Not known".into()), *n)))
        .collect();
    view! {
        <Card id="sources" title="Where they came from" lead=format!("New customers, {}", asker.period())>
            <DataTable caption="New customers by source" columns rows hide_caption=true/>
        </Card>
    }
}

fn list(asker: &Asker, caption: &'static str, people: &[Customer]) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("name", "Customer"),
        Column::text("segment", "Segment"),
        Column::number("orders", "Orders"),
        Column::number("spent", &asker.heading("Paid less refunds")),
        Column::number("value", &asker.heading("Lifetime value")),
        Column::text("last", "Last order"),
        Column::number("gap", "Usual gap (days)"),
        Column::text("category", "Orders most"),
        Column::text("method", "Pays by"),
        Column::number("risk", "Risk of leaving"),
    ];
    let rows: Vec<Vec<Cell>> = (people.iter())
        .map(|it| {
            vec![
                it.name.clone().unwrap_or_else(|| it.reference.clone()).into(),
                it.segment.label().into(),
                number(it.orders).into(),
                asker.money(it.spent).into(),
                asker.money(it.value).into(),
                fmt::day_and_year(it.last_order).into(),
                it.gap_days.map_or_else(|| "n/a".into(), |gap| fmt::number(height(gap), 1)).into(),
                it.category.clone().unwrap_or_else(|| "n/a".into()).into(),
                it.method.clone().unwrap_or_else(|| "n/a".into()).into(),
                it.risk.map_or_else(|| "n/a".into(), |risk| Unit::Percent.value(100.0 * risk)).into(),
            ]
        })
        .collect();
    view! { <DataTable caption=caption columns rows hide_caption=true/> }
}

fn at_risk(asker: &Asker, it: &Customers) -> impl IntoView + use<> {
    let who = it.risk_definition();
    let lead = format!("{who}; the highest lifetime value first, 25 at most. Export the whole list below.");
    let body = if it.at_risk.is_empty() {
        view! { <EmptyState title="Nobody is at risk"/> }.into_any()
    } else {
        list(asker, "Customers at risk", &it.at_risk).into_any()
    };
    view! { <Card id="at-risk" class="wide" title="At risk" lead=lead>{body}</Card> }
}

fn top(asker: &Asker, it: &Customers) -> impl IntoView + use<> {
    let href = address::open_link(address::path(asker.view), &address::of_filter(&asker.filter));
    let table = list(asker, "Customers by lifetime value", &it.top);
    let (number, older) = (u32::try_from(it.asked.page).unwrap_or(1), it.more);
    view! {
        <Card id="top" class="wide" title="Top customers" lead="The highest lifetime value first.">
            {table}
            <Pager label="Top customers" page=number older=older href=format!("{href}page=") anchor="#top"/>
        </Card>
    }
}
