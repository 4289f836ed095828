//! The page of orders: how many, what became of them, of which category, when in the week they come, how long each stage takes.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use muster::commerce::{Orders, Sums, View, WEEKDAYS, figures, orders};

use super::frame::{Asker, minutes, page, part};
use crate::cache::Kept;
use crate::error::AppError;
use crate::ui::{Card, Cell, ChartFigure, Column, DataTable, Details, EmptyState, Tile, fmt};

/// `/financial/orders`
#[component]
pub fn OrdersPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let page = Suspend::new(async move {
        match load(&query).await {
            Ok((asker, kept)) => Either::Left(view(&asker, &kept.it, kept.made_at)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(query: &ParamsMap) -> Result<(Asker, Kept<Orders>), AppError> {
    let asker = Asker::of(View::Orders, query, &[])?;
    let kept = asker.kept(|mut tx, asked| async move { orders(&mut tx, asked).await }).await?;
    Ok((asker, kept))
}

fn view(asker: &Asker, it: &Orders, made_at: DateTime<Utc>) -> AnyView {
    let body = if it.total.orders == 0 {
        view! {
            <section class="card">
                <EmptyState title="No orders in this period">
                    <p>"Choose other dates or another partner, or import orders: the figures follow the next morning."</p>
                </EmptyState>
            </section>
        }
        .into_any()
    } else {
        view! {
            {tiles(asker, it)}
            <div class="commerce-parts">
                {course(it)}
                {categories(it)}
                {stages(it)}
                {week(asker, it)}
            </div>
        }
        .into_any()
    };
    page(asker, Some(&it.partners), (it.standing, made_at), body)
}

fn tiles(asker: &Asker, it: &Orders) -> impl IntoView + use<> {
    let (now, before) = (&it.total, &it.before);
    let of = |hit: i64| format!("{} of {} orders", fmt::number(hit as f64, 0), fmt::number(now.orders as f64, 0));
    let was = |hit: i64| format!("{} before ({})", fmt::percent(hit, before.orders), asker.before());
    let rate = |label: &'static str, hit: i64, then: i64| {
        let was = was(then);
        view! { <Tile label=label value=fmt::percent(hit, now.orders) period=asker.period() note=of(hit)>{was}</Tile> }
    };
    let grown = asker.grown_count(now.orders, before.orders);
    view! {
        <section class="tiles" aria-label="Orders">
            <Tile label="Orders placed" value=fmt::number(now.orders as f64, 0) period=asker.period()>{grown}</Tile>
            {rate("Completion rate", now.completed, before.completed)}
            {rate("Cancellation rate", now.cancelled, before.cancelled)}
            {rate("Rejection rate", now.rejected, before.rejected)}
            {rate("Still under way", now.pending(), before.pending())}
        </section>
    }
}

fn course(it: &Orders) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("day", it.grain.name()),
        Column::number("placed", "Placed"),
        Column::number("completed", "Completed"),
        Column::number("cancelled", "Cancelled"),
        Column::number("rejected", "Rejected"),
        Column::number("pending", "Under way"),
    ];
    let row = |name: String, sums: &Sums| {
        let counts = [sums.orders, sums.completed, sums.cancelled, sums.rejected, sums.pending()];
        let counts = counts.map(|n| Cell::from(fmt::number(n as f64, 0)));
        std::iter::once(name.into()).chain(counts).collect::<Vec<Cell>>()
    };
    let rows: Vec<_> = std::iter::once(row("All together".into(), &it.total))
        .chain(it.parts.iter().map(|it| row(part(it), &it.sums)))
        .collect();
    let figure = figures::volume(it);
    view! {
        <Card id="course" class="wide" title="Volume and status" lead="By the day an order was placed, and what has become of it by now.">
            <ChartFigure figure/>
            <Details summary="Every line">
                <DataTable caption="Orders, line by line" columns rows/>
            </Details>
        </Card>
    }
}

fn categories(it: &Orders) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("category", "Service"),
        Column::number("orders", "Orders"),
        Column::number("share", "Share of orders"),
        Column::number("completed", "Completed"),
        Column::number("completion", "Completion rate"),
    ];
    let all = it.total.orders;
    let row = |name: String, orders: i64, completed: i64| {
        let (placed, done) = (fmt::number(orders as f64, 0), fmt::number(completed as f64, 0));
        [name, placed, fmt::percent(orders, all), done, fmt::percent(completed, orders)].map(Cell::from).to_vec()
    };
    let rows: Vec<Vec<Cell>> = std::iter::once(row("All together".into(), all, it.total.completed))
        .chain(it.categories.iter().map(|it| row(it.label(), it.orders, it.completed)))
        .collect();
    view! {
        <Card id="categories" class="wide" title="By category" lead="Orders by category of service, the most first, and those of them that are completed by now.">
            <DataTable caption="Orders by category" columns rows hide_caption=true/>
        </Card>
    }
}

fn stages(it: &Orders) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("stage", "Stage"),
        Column::number("n", "Orders"),
        Column::number("p50", "Half within"),
        Column::number("p75", "75 % within"),
        Column::number("p90", "90 % within"),
        Column::number("p95", "95 % within"),
    ];
    let rows: Vec<Vec<Cell>> = (it.stages.iter())
        .map(|(stage, counts)| {
            let within = [0.5, 0.75, 0.9, 0.95].map(|share| minutes(counts.percentile(share)).into());
            let n = fmt::number(counts.n() as f64, 0);
            [stage.label().into(), n.into()].into_iter().chain(within).collect()
        })
        .collect();
    view! {
        <Card id="stages" class="wide" title="How long stages take" lead="Of orders placed in the period that reached both ends of the stage. Each figure is right to a twelfth of itself.">
            <DataTable caption="How long stages take" columns rows hide_caption=true/>
        </Card>
    }
}

/// Hour by weekday, the busier the darker; the number says it too.
fn week(asker: &Asker, it: &Orders) -> impl IntoView + use<> {
    let most = it.week.most().max(1);
    let heads: Vec<_> = (0..24).map(|hour| view! { <th scope="col">{format!("{hour:02}")}</th> }).collect();
    // Numbers and our own words, written at once: a view of each of these 168 would take longer than all the rest.
    let mut rows = String::new();
    for (hours, day) in it.week.0.iter().zip(WEEKDAYS) {
        let _ = write!(rows, r#"<tr><th scope="row">{day}</th>"#);
        for n in hours {
            // Six steps, none for nothing.
            let heat = if *n == 0 { 0 } else { 1 + (4 * n + most / 2) / most };
            let _ = write!(rows, r#"<td class="heat heat-{heat}">{}</td>"#, fmt::number(*n as f64, 0));
        }
        let sum = fmt::number(hours.iter().sum::<i64>() as f64, 0);
        let _ = write!(rows, r#"<td class="heat-sum">{sum}</td></tr>"#);
    }
    let lead = format!("Orders placed by hour and weekday, {}, on your organization’s clock.", asker.period());
    view! {
        <Card id="week" class="wide" title="When orders come" lead=lead>
            <div class="heatmap-box" tabindex="0" role="region" aria-label="Orders by hour and weekday">
                <table class="heatmap">
                    <caption class="sr-only">"Orders by hour and weekday"</caption>
                    <thead><tr><th scope="col"><span class="sr-only">"Weekday"</span></th>{heads}<th scope="col">"Sum"</th></tr></thead>
                    <tbody inner_html=rows></tbody>
                </table>
            </div>
        </Card>
    }
}
