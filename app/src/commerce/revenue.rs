//! The page of revenue: the numbers with their growth, the course of the period, methods, categories, and the proof.

use chrono::{DateTime, Days, Utc};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use muster::commerce::{Amount, Revenue, View, daily_net, figures, height, revenue};
use muster::models::forecast::{Kind, newest};
use muster::reports::ahead as words;
use muster::reports::commerce::Ahead;

use super::frame::{Asker, growth_cell, page, part, share_of};
use crate::cache::Kept;
use crate::error::AppError;
use crate::financial::ahead::{quality, withheld};
use crate::ui::{Card, Cell, ChartFigure, Column, DataTable, Details, EmptyState, Tile, fmt};

/// Days before the forecast that are shown with it.
const SHOWN: u64 = 42;

/// `/financial/revenue`
#[component]
pub fn RevenuePage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let page = Suspend::new(async move {
        match load(&query).await {
            Ok((asker, kept)) => Either::Left(view(&asker, &kept.it.0, kept.it.1.as_ref(), kept.made_at)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(query: &ParamsMap) -> Result<(Asker, Kept<(Revenue, Option<Ahead>)>), AppError> {
    let asker = Asker::of(View::Revenue, query, &[])?;
    let kept = made(&asker).await?;
    Ok((asker, kept))
}

/// The page's answer, which the API gives too.
pub(super) async fn made(asker: &Asker) -> Result<Kept<(Revenue, Option<Ahead>)>, AppError> {
    let last = asker.caller.last_complete_day();
    asker
        .kept(move |mut tx, asked| async move {
            // There is one of the whole business alone.
            let forecast = if asked.partner.is_none() { newest(&mut tx, Kind::Revenue, None).await? } else { None };
            let ahead = match forecast {
                Some(forecast) => {
                    let until = forecast.through.min(last);
                    let days = daily_net(&mut tx, Some(until - Days::new(SHOWN - 1)), until).await?;
                    let known = days.iter().map(|(day, net)| (*day, height(*net)));
                    Some(Ahead { known: known.collect(), forecast })
                }
                None => None,
            };
            Ok((revenue(&mut tx, asked).await?, ahead))
        })
        .await
}

fn view(asker: &Asker, it: &Revenue, ahead: Option<&Ahead>, made_at: DateTime<Utc>) -> AnyView {
    let nothing = it.total.orders == 0 && it.total.payments() == Amount::ZERO && it.total.refund_count == 0;
    let body = if nothing {
        view! {
            <div class="commerce-parts">
                <section class="card wide">
                    <EmptyState title="No orders and no money in this period">
                        <p>"Choose other dates or another partner, or import orders and payments: the figures follow the next morning."</p>
                    </EmptyState>
                </section>
                {proof(asker, it)}
            </div>
        }
        .into_any()
    } else {
        view! {
            {tiles(asker, it)}
            <div class="commerce-parts">
                {course(asker, it)}
                {ahead.map(|ahead| next(asker, ahead))}
                {categories(asker, it)}
                {methods(asker, it)}
                {proof(asker, it)}
            </div>
        }
        .into_any()
    };
    page(asker, Some(&it.partners), (it.standing, made_at), body)
}

fn next(asker: &Asker, ahead: &Ahead) -> impl IntoView + use<> {
    let lead = format!(
        "Net revenue by the day from {} on, whatever period is chosen above; several methods, of which the mean is taken.",
        fmt::day(ahead.forecast.through + Days::new(1))
    );
    let body = match &ahead.forecast.outlook {
        None => withheld(&ahead.forecast).into_any(),
        Some(outlook) => {
            let figure = ahead.figure(outlook, &asker.currency);
            view! {
                <p>{words::total(outlook, &asker.currency)}</p>
                <ChartFigure figure=figure/>
                {ahead.forecast.verdict.as_ref().map(quality)}
            }
            .into_any()
        }
    };
    view! { <Card id="ahead-card" class="wide" title="The next 30 days" lead=lead>{body}</Card> }
}

fn tiles(asker: &Asker, it: &Revenue) -> impl IntoView + use<> {
    let (now, before) = (&it.total, &it.before);
    let money = |label: &'static str, now: Amount, before: Amount| {
        let grown = asker.grown(now, before);
        view! { <Tile label=label value=asker.money(now) unit=asker.currency.clone() period=asker.period()>{grown}</Tile> }
    };
    let average = match (now.average(), before.average()) {
        (Some(now), before) => money("Average order value", now, before.unwrap_or_default()).into_any(),
        (None, _) => {
            view! { <Tile label="Average order value" value="n/a" period=asker.period() note="No orders"/> }.into_any()
        }
    };
    let refunds = format!(
        "{}; {} of gross revenue",
        fmt::count(now.refund_count, "refund", "refunds"),
        share_of(now.refunds, now.gross)
    );
    let grown = asker.grown_count(now.new_customers, before.new_customers);
    let returning = fmt::number(now.returning_customers as f64, 0);
    let note = match asker.asked.partner {
        None => format!("{returning} returning, each counted once a day"),
        Some(_) => format!("whose first order of all this partner had; {returning} returning, each counted once a day"),
    };
    let orders = asker.grown_count(now.orders, before.orders);
    let back = asker.grown_loss(now.refunds, before.refunds);
    view! {
        <section class="tiles" aria-label="Revenue">
            {money("Gross revenue", now.gross, before.gross)}
            {money("Net revenue", now.net(), before.net())}
            <Tile label="Orders" value=fmt::number(now.orders as f64, 0) period=asker.period()>{orders}</Tile>
            {average}
            <Tile label="Refunds" value=asker.money(now.refunds) unit=asker.currency.clone() period=asker.period() note=refunds>
                {back}
            </Tile>
            <Tile label="New customers" value=fmt::number(now.new_customers as f64, 0) period=asker.period() note=note>{grown}</Tile>
        </section>
    }
}

fn course(asker: &Asker, it: &Revenue) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("day", it.grain.name()),
        Column::number("orders", "Orders"),
        Column::number("gross", &asker.heading("Gross")),
        Column::number("refunds", &asker.heading("Refunds")),
        Column::number("net", &asker.heading("Net")),
    ];
    let row = |name: String, sums: &muster::commerce::Sums| -> Vec<Cell> {
        vec![
            name.into(),
            fmt::number(sums.orders as f64, 0).into(),
            asker.money(sums.gross).into(),
            asker.money(sums.refunds).into(),
            asker.money(sums.net()).into(),
        ]
    };
    let rows: Vec<_> = std::iter::once(row("All together".into(), &it.total))
        .chain(it.parts.iter().map(|it| row(part(it), &it.sums)))
        .collect();
    let figure = figures::revenue(it, &asker.currency);
    view! {
        <Card id="course" class="wide" title="How the period went" lead="Orders count on the day they were placed, refunds on the day they went.">
            <ChartFigure figure/>
            <Details summary="Every line">
                <DataTable caption="Revenue, line by line" columns rows/>
            </Details>
        </Card>
    }
}

fn methods(asker: &Asker, it: &Revenue) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("method", "Method"),
        Column::number("received", &asker.heading("Received")),
        Column::number("share", "Share"),
        Column::number("growth", "Growth"),
    ];
    let (all, all_before) = (it.total.payments(), it.before.payments());
    let row = |name: &'static str, now: Amount, before: Amount| -> Vec<Cell> {
        vec![name.into(), asker.money(now).into(), share_of(now, all).into(), growth_cell(now, before)]
    };
    let each = it.total.methods().into_iter().zip(it.before.methods());
    let rows: Vec<_> = std::iter::once(row("All together", all, all_before))
        .chain(each.map(|((name, now), (_, before))| row(name, now, before)))
        .collect();
    let lead = format!("Payments received {}; growth against {}", asker.period(), asker.before());
    view! {
        <Card id="methods" title="By payment method" lead=lead>
            <DataTable caption="Payments by method" columns rows hide_caption=true/>
        </Card>
    }
}

fn categories(asker: &Asker, it: &Revenue) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("category", "Service"),
        Column::number("orders", "Orders"),
        Column::number("gross", &asker.heading("Gross")),
        Column::number("refunds", &asker.heading("Refunds")),
        Column::number("net", &asker.heading("Net")),
        Column::number("share", "Share of gross"),
        Column::number("growth", "Growth of gross"),
    ];
    let whole = &it.total;
    let row = |name: String, orders: i64, gross: Amount, refunds: Amount, before: Amount| -> Vec<Cell> {
        vec![
            name.into(),
            fmt::number(orders as f64, 0).into(),
            asker.money(gross).into(),
            asker.money(refunds).into(),
            asker.money(gross - refunds).into(),
            share_of(gross, whole.gross).into(),
            growth_cell(gross, before),
        ]
    };
    let all = row("All together".into(), whole.orders, whole.gross, whole.refunds, it.before.gross);
    let rows: Vec<_> = std::iter::once(all)
        .chain(it.categories.iter().map(|it| row(it.label(), it.orders, it.gross, it.refunds, it.before)))
        .collect();
    view! {
        <Card id="categories" class="wide" title="Top services" lead="By category of service, the most gross revenue first.">
            <DataTable caption="Revenue by service" columns rows hide_caption=true/>
        </Card>
    }
}

/// The order book against the payments.
fn proof(asker: &Asker, it: &Revenue) -> impl IntoView + use<> {
    let columns = vec![Column::text("line", "Line"), Column::number("amount", &asker.heading("Amount"))];
    let rows: Vec<_> =
        it.proof.lines().into_iter().map(|(name, amount)| vec![Cell::from(name), asker.money(amount).into()]).collect();
    let difference = format!("{} {}", asker.money(it.proof.difference()), asker.currency);
    let agree = it.proof.difference() == Amount::ZERO;
    let said = if agree {
        "The order book and the payments agree."
    } else {
        "The order book and the payments do not agree. Tell whoever runs Muster: the next night sums both anew."
    };
    view! {
        <Card id="proof" title="Reconciliation" lead="Net revenue by what was ordered, and by what was paid. Each is summed from facts of its own.">
            <p class="commerce-difference">
                "Difference: "<strong>{difference}</strong>". "{said}
            </p>
            <DataTable caption="Reconciliation, line by line" columns rows hide_caption=true/>
            <p class="commerce-note">
                "Gross revenue is the worth of orders that stand, on the day they were placed, and of those cancelled or rejected what had been paid for them. Net revenue is gross revenue less refunds."
            </p>
        </Card>
    }
}
