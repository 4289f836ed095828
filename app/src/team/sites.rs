//! `/team`: the caller's sites with their headline figures; who has one site goes straight to it.

use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use muster::charts::Unit;
use muster::me::Filter;
use muster::metrics::Period;
use muster::people::Permission;
use muster::scoring::Band;
use muster::team::{SiteLine, sites};
use muster::units::Rate;

use super::{address, viewer};
use crate::caller::Caller;
use crate::error::AppError;
use crate::ui::frame::PageFrame;
use crate::ui::{BandBadge, Card, Column, DataTable, EmptyState, Pager, Sort, fmt, page_of};

/// Sites on a page.
const PAGE: usize = 50;
const COLUMNS: [(&str, &str); 6] = [
    ("people", "People"),
    ("bpi", "BPI, median (points)"),
    ("attendance", "Attendance (%)"),
    ("on_time", "On time (%)"),
    ("sla", "In time: tasks and work orders (%)"),
    ("coverage", "Patrol coverage (%)"),
];

struct List {
    lines: Vec<SiteLine>,
    period: Period,
    filter: Filter,
    names: bool,
    sort: Sort,
    page: u32,
}

/// `/team`
#[component]
pub fn SitesPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let page = Suspend::new(async move {
        match load(&query).await {
            Ok(list) => match list.lines.as_slice() {
                [only] => EitherOf3::A(go_to(only, &list.filter)),
                _ => EitherOf3::B(view(list)),
            },
            Err(error) => EitherOf3::C(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

fn go_to(only: &SiteLine, filter: &Filter) -> impl IntoView + use<> {
    let to = address::link(&format!("/team/{}", only.site.id), &address::of_period(filter));
    leptos_axum::redirect(&to);
    view! { <a href=to>{only.site.name.clone()}</a> }
}

async fn load(query: &ParamsMap) -> Result<List, AppError> {
    let caller = Caller::with(Permission::Team)?;
    let viewer = viewer(&caller)?;
    let filter = address::filter(query)?;
    let sort = sort(query)?;
    let page = page_of(query, "page")?;
    let (period, _) = filter.resolve(caller.last_complete_day())?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let mut lines = sites(&mut tx, &viewer, period).await?;
    arrange(&mut lines, &sort);
    Ok(List { lines, period, filter, names: viewer.scope.names, sort, page })
}

fn sort(query: &ParamsMap) -> Result<Sort, AppError> {
    let by = address::once(query, "sort")?.filter(|by| !by.is_empty()).unwrap_or_else(|| "site".into());
    if by != "site" && !COLUMNS.iter().any(|(key, _)| *key == by) {
        return Err(AppError::Invalid("The sites are sorted by one of the table’s headings.".into()));
    }
    let descending = match address::once(query, "order")?.as_deref() {
        None | Some("" | "asc") => false,
        Some("desc") => true,
        Some(_) => return Err(AppError::Invalid("The order is asc or desc.".into())),
    };
    Ok(Sort { by, descending })
}

/// The lines come by name; a site without the figure comes last either way.
fn arrange(lines: &mut [SiteLine], sort: &Sort) {
    if sort.by == "site" {
        if sort.descending {
            lines.reverse();
        }
        return;
    }
    lines.sort_by(|a, b| match (figure(a, &sort.by), figure(b, &sort.by)) {
        (Some(x), Some(y)) if sort.descending => y.total_cmp(&x),
        (Some(x), Some(y)) => x.total_cmp(&y),
        (x, y) => y.is_some().cmp(&x.is_some()),
    });
}

fn figure(line: &SiteLine, column: &str) -> Option<f64> {
    let totals = line.totals;
    let rate = |of: fn(&muster::team::Totals) -> Rate| totals.as_ref().map(of).and_then(Rate::value);
    match column {
        "people" => totals.map(|totals| totals.headcount as f64),
        "bpi" => line.median.map(|median| median.bpi),
        "attendance" => rate(muster::team::Totals::attendance),
        "on_time" => rate(muster::team::Totals::on_time_rate),
        "sla" => rate(muster::team::Totals::sla),
        _ => rate(muster::team::Totals::coverage),
    }
}

fn view(list: List) -> impl IntoView {
    let period = fmt::period(list.period.first, list.period.last);
    let n = list.lines.len();
    let lead = format!("{period}. The BPI is that of the 28 days to the period’s end.");
    let mut columns = vec![Column::text("site", "Site").sortable()];
    columns.extend(COLUMNS.map(|(key, title)| Column::number(key, title).sortable()));
    let first = (list.page as usize - 1) * PAGE;
    let rows: Vec<_> = list.lines.iter().skip(first).take(PAGE).map(|line| row(line, &list)).collect();
    let more = n > first + PAGE;
    let fields = address::of_period(&list.filter);
    let href = address::open_link("/team", &fields);
    let mut sorted = fields;
    sorted
        .extend([("sort", list.sort.by.clone()), ("order", if list.sort.descending { "desc" } else { "asc" }.into())]);
    let turned = format!("{}page=", address::open_link("/team", &sorted));
    let hidden = (!list.names).then(|| {
        view! { <p class="entry-text">"Sites with fewer than five people show no figures: without names nobody shall be recognized."</p> }
    });
    let body = if rows.is_empty() {
        view! {
            <EmptyState title="No site here">
                <p>"Sites stand here once they are imported and yours to look after; an administrator sees to both."</p>
            </EmptyState>
        }
        .into_any()
    } else {
        let caption = format!("{}, {period}", fmt::count(n as i64, "site", "sites"));
        let sort = Some(list.sort);
        view! {
            <DataTable caption=caption columns=columns rows=rows sort=sort href=href/>
            <Pager label="Pages of sites" page=list.page older=more href=turned/>
        }
        .into_any()
    };
    view! {
        <PageFrame title="Team" lead=lead>
            <Card id="sites" title="Sites">{hidden}{body}</Card>
        </PageFrame>
    }
}

fn row(line: &SiteLine, list: &List) -> Vec<AnyView> {
    let href = address::link(&format!("/team/{}", line.site.id), &address::of_period(&list.filter));
    let mut cells = vec![view! { <a href=href>{line.site.name.clone()}</a> }.into_any()];
    for (key, _) in COLUMNS {
        let cell = match (key, figure(line, key)) {
            (_, None) => "n/a".into_any(),
            ("people", Some(people)) => fmt::number(people, 0).into_any(),
            ("bpi", Some(bpi)) => {
                let n = line.median.map_or(0, |median| median.n);
                view! { <span class="team-median">{fmt::points(bpi)}" "<small>"n "{n}</small>" "<BandBadge band=Band::of(bpi)/></span> }.into_any()
            }
            (_, Some(share)) => Unit::Percent.value(100.0 * share).into_any(),
        };
        cells.push(cell);
    }
    cells
}
