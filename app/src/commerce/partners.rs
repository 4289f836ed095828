//! The page of partners: who takes orders on and sees them through, how fast, how well liked, and whether it gets better.

use chrono::{DateTime, Utc};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use muster::charts::Unit;
use muster::commerce::{COLUMNS, FEWEST, Partner, Partners, View, partners};
use muster::units::Rate;

use super::address;
use super::frame::{Asker, minutes, page};
use crate::cache::Kept;
use crate::error::AppError;
use crate::ui::{Card, Cell, Column, DataTable, Delta, EmptyState, Sort, Spark, Tile, fmt};

/// `/financial/partners`
#[component]
pub fn PartnersPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let page = Suspend::new(async move {
        match load(&query).await {
            Ok((asker, kept)) => Either::Left(view(&asker, &kept.it, kept.made_at)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

async fn load(query: &ParamsMap) -> Result<(Asker, Kept<Partners>), AppError> {
    let asker = Asker::of(View::Partners, query, &COLUMNS)?;
    let kept = asker.kept(|mut tx, asked| async move { partners(&mut tx, asked).await }).await?;
    Ok((asker, kept))
}

fn view(asker: &Asker, it: &Partners, made_at: DateTime<Utc>) -> AnyView {
    let body = if it.partners.is_empty() {
        view! {
            <section class="card">
                <EmptyState title="No partner had orders in this period">
                    <p>"Choose other dates, or import partners and orders: the figures follow the next morning."</p>
                </EmptyState>
            </section>
        }
        .into_any()
    } else {
        view! {
            {tiles(asker, &it.total)}
            <div class="commerce-parts">
                {called_out("top", "Clearly above average", "Completion is above that of all partners, even at the low end of what the sample allows.", &it.top, it)}
                {called_out("low", "Clearly below average", "Completion is below that of all partners, even at the high end. Talk first: the orders they get may differ.", &it.low, it)}
                {list(asker, it)}
                {stages(it)}
            </div>
        }
        .into_any()
    };
    page(asker, None, (it.standing, made_at), body)
}

fn share(rate: Rate) -> String {
    fmt::percent(rate.hit, rate.of)
}

fn number(n: i64) -> String {
    fmt::number(n as f64, 0)
}

fn tiles(asker: &Asker, all: &Partner) -> impl IntoView + use<> {
    let of = |rate: Rate| format!("{} of {} orders", number(rate.hit), number(rate.of));
    let tile = |label: &'static str, rate: Rate| {
        view! { <Tile label=label value=share(rate) period=asker.period() note=of(rate)/> }
    };
    let rating = all.rating().map_or_else(|| "n/a".into(), |rating| fmt::number(rating, 2));
    let rated = format!("of 5, from {}", fmt::count(all.ratings.of, "rating", "ratings"));
    let [reported, damaged, lost] = all.issues;
    let issues = format!("{} reported, {} damaged, {} lost", number(reported), number(damaged), number(lost));
    let was = all.before.value().map_or_else(
        || "Nothing to compare with".into_any(),
        |_| format!("{} before ({})", share(all.before), asker.before()).into_any(),
    );
    let completion = all.completion();
    view! {
        <section class="tiles" aria-label="All partners together">
            {tile("Acceptance", all.acceptance())}
            <Tile label="Completion" value=share(completion) period=asker.period() note=format!("{} that ended", of(completion))>{was}</Tile>
            {tile("Rejection", all.rejection())}
            <Tile label="Rating" value=rating period=asker.period() note=rated/>
            <Tile label="Issues" value=number(all.issues.iter().sum()) period=asker.period() note=issues/>
        </section>
    }
}

fn called_out(
    id: &'static str,
    title: &'static str,
    lead: &'static str,
    places: &[usize],
    it: &Partners,
) -> impl IntoView + use<> {
    let lead = format!("{lead} Only partners with {FEWEST} ended orders or more are judged.");
    let lines: Vec<_> = (places.iter())
        .filter_map(|at| it.partners.get(*at))
        .map(|partner| {
            let rate = partner.completion();
            let said = format!("{} completed, {} of {}", share(rate), number(rate.hit), number(rate.of));
            view! { <li><strong>{partner.name.clone()}</strong>": "{said}</li> }
        })
        .collect();
    let body = if lines.is_empty() {
        view! { <EmptyState title="Nobody stands out: differences may be chance"/> }.into_any()
    } else {
        view! { <ol class="commerce-named">{lines}</ol> }.into_any()
    };
    view! { <Card id=id title=title lead=lead>{body}</Card> }
}

fn list(asker: &Asker, it: &Partners) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("name", "Partner").sortable(),
        Column::number("received", "Received").sortable(),
        Column::number("acceptance", "Accepted").sortable(),
        Column::number("rejection", "Rejected").sortable(),
        Column::number("completion", "Completed").sortable(),
        Column::number("change", "Change").sortable(),
        Column::text("trend", "12 weeks"),
        Column::number("rating", "Rating (of 5)").sortable(),
        Column::number("issues", "Issues").sortable(),
        Column::number("capacity", "Capacity used").sortable(),
        Column::number("gross", &asker.heading("Gross")).sortable(),
    ];
    let rows: Vec<_> = std::iter::once(&it.total).chain(&it.partners).map(|partner| row(asker, partner)).collect();
    let sort =
        Sort { by: asker.asked.sort.clone().unwrap_or_else(|| "received".into()), descending: asker.asked.descending };
    let href = address::open_link(address::path(asker.view), &address::of_filter(&asker.filter));
    view! {
        <Card id="partners" class="wide" title="Partners" lead="Accepted and rejected of the orders received; completed of those that ended. Ratings and issues count on the day they came.">
            <DataTable caption="Partners" columns rows sort=Some(sort) href=href hide_caption=true/>
        </Card>
    }
}

fn row(asker: &Asker, it: &Partner) -> Vec<Cell> {
    let few = if it.completion().of < FEWEST { " (few)" } else { "" };
    let change = it
        .change()
        .map_or_else(|| "n/a".into(), |change| Cell::of(view! { <Delta value=100.0 * change unit=Unit::Percent/> }));
    let weeks: Vec<Option<f64>> = it.weeks.iter().map(|rate| rate.value().map(|share| 100.0 * share)).collect();
    let label = format!("Completion of {} in each of the last 12 weeks", it.name);
    let rating = match it.rating() {
        Some(rating) => format!("{} ({})", fmt::number(rating, 2), number(it.ratings.of)),
        None => "n/a".into(),
    };
    let [reported, damaged, lost] = it.issues;
    let issues =
        format!("{} ({} reported, {} damaged, {} lost)", number(reported + damaged + lost), reported, damaged, lost);
    let used = it.utilization().map_or_else(|| "n/a".into(), |used| Unit::Percent.value(100.0 * used));
    vec![
        it.name.as_str().into(),
        number(it.received).into(),
        share(it.acceptance()).into(),
        share(it.rejection()).into(),
        format!("{}{few}", share(it.completion())).into(),
        change,
        Cell::of(view! { <Spark points=weeks label=label/> }),
        rating.into(),
        issues.into(),
        used.into(),
        asker.money(it.gross).into(),
    ]
}

fn stages(it: &Partners) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("name", "Partner"),
        Column::number("accept", "To accept"),
        Column::number("pick_up", "To pick up"),
        Column::number("process", "To process"),
        Column::number("deliver", "To deliver"),
        Column::number("total", "Placed to completed"),
    ];
    let rows: Vec<Vec<Cell>> = std::iter::once(&it.total)
        .chain(&it.partners)
        .map(|partner| {
            let took = partner.took.map(|took| minutes(took.minutes()).into());
            std::iter::once(partner.name.as_str().into()).chain(took).collect()
        })
        .collect();
    view! {
        <Card id="stages" class="wide" title="How long stages take" lead="The mean over the orders of the period that reached both ends of the stage.">
            <DataTable caption="Mean time of each stage by partner" columns rows hide_caption=true/>
        </Card>
    }
}
