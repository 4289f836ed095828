//! `/financial/placements`: do jobs find people, how soon, do they stay, and what does it bring?

use std::sync::Arc;
use std::time::Duration;

use axum::extract::RawQuery;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use chrono::{DateTime, Utc};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use muster::charts::Unit;
use muster::commerce::interval;
use muster::database::Plans;
use muster::exports::{self, Bom};
use muster::people::{Permission, Scope};
use muster::reports;
use muster::staffing::{Asked, Filter, Group, Matched, SHEETS, Spread, Staffing, TOPICS, Wanted, sheets, staffing};

use super::address::{self, Fields, PLACEMENTS};
use super::look::nav_to;
use crate::caller::Caller;
use crate::error::{AppError, wants_json};
use crate::export::{FileKind, dashed, file, pdf};
use crate::server::App;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, Cell, Column, DataTable, Delta, Details, EmptyState, Growth, Tile, choices, fmt};

const XLSX: &str = "/financial/placements.xlsx";
const CSV: &str = "/financial/placements.csv";
const PDF: &str = "/financial/placements.pdf";
/// Kept for so long.
const KEPT: Duration = Duration::from_secs(600);
/// Fewer than so many are a small sample.
const FEW: i64 = 10;

/// The routes of its files with their handlers.
pub(crate) fn routes() -> [(&'static str, MethodRouter<App>); 3] {
    [(XLSX, get(workbook)), (CSV, get(table_file)), (PDF, get(report))]
}

/// The page with who looks.
struct Page {
    caller: Caller,
    filter: Filter,
    asked: Asked,
    it: Arc<Staffing>,
    made_at: DateTime<Utc>,
}

/// `/financial/placements`
#[component]
pub fn PlacementsPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let page = Suspend::new(async move {
        match load(&query).await {
            Ok(page) => Either::Left(view(&page)),
            Err(error) => Either::Right(crate::server::trouble(&error)),
        }
    });
    view! { <Suspense>{page}</Suspense> }
}

fn filter(query: &ParamsMap) -> Result<Filter, AppError> {
    let once = |field| address::once(query, field);
    Ok(Filter { from: once("from")?, to: once("to")?, site: once("site")? })
}

/// What is kept of a period's jobs and placements, or made anew.
pub(super) async fn kept(
    caller: &Caller,
    scope: Scope,
    asked: Asked,
) -> Result<(Arc<Staffing>, DateTime<Utc>), AppError> {
    let of = serde_json::to_string(&(&scope, &asked)).map_err(|cause| AppError::ours(&cause))?;
    let (db, org) = (caller.db().clone(), caller.user().org.id);
    let made = async move {
        let mut tx = db.snapshot(org, Plans::Once).await?;
        Ok(staffing(&mut tx, &scope, &asked).await?)
    };
    let kept = caller.kept(("placements", of), &TOPICS, KEPT, made).await?;
    Ok((kept.it, kept.made_at))
}

async fn load(query: &ParamsMap) -> Result<Page, AppError> {
    let caller = Caller::with(Permission::Financial)?;
    let scope = caller.scope(Permission::Financial)?;
    let filter = filter(query)?;
    let asked = filter.resolve(caller.last_complete_day())?;
    let (it, made_at) = kept(&caller, scope, asked).await?;
    Ok(Page { caller, filter, asked, it, made_at })
}

impl Page {
    fn money(&self, cents: i64) -> String {
        muster::finance::amount(cents, &self.caller.user().org.currency)
    }

    fn fields(&self) -> Fields {
        let Filter { from, to, site } = self.filter.clone();
        let fields = [("from", from), ("to", to), ("site", site)];
        fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    fn period(&self) -> String {
        fmt::period(self.it.period.first, self.it.period.last)
    }
}

fn view(page: &Page) -> impl IntoView + use<> {
    let org = &page.caller.user().org;
    let site = page.asked.site.and_then(|site| page.it.sites.iter().find(|(id, _)| *id == site));
    let place = site.map_or_else(|| "All sites".to_owned(), |(_, name)| name.clone());
    let as_of = page.made_at.with_timezone(&org.zone).format("%H:%M");
    let lead = format!(
        "{place}, {}, compared with {}, in {}. As of {as_of}.",
        page.period(),
        fmt::period(page.it.before.first, page.it.before.last),
        org.currency
    );
    let filter = filter_form(page);
    let nothing = page.it.categories.is_empty() && page.it.open == 0 && page.it.stayed[0].rate.of == 0;
    let body = if nothing { empty().into_any() } else { parts(page).into_any() };
    let nav = nav_to(&Fields::new(), PLACEMENTS);
    view! {
        <PageFrame title="Placements" lead=lead aside=Some(filter.into_any())>
            <div class="financial">
                {nav}
                {body}
            </div>
        </PageFrame>
    }
}

fn empty() -> impl IntoView {
    view! {
        <section class="card">
            <EmptyState title="No job and no placement in this time">
                <p>"Jobs and placements are imported. Choose other dates or another site, or ask your admin to import them."</p>
            </EmptyState>
        </section>
    }
}

fn parts(page: &Page) -> impl IntoView + use<> {
    view! {
        {tiles(page)}
        {table(page, "categories", "Job categories", "Category", &page.it.categories)}
        {table(page, "clients", "Clients", "Client", &page.it.clients)}
        {matching(page)}
        {files(page)}
        {how()}
    }
}

fn matching(page: &Page) -> impl IntoView + use<> {
    let it = &page.it.matching;
    let columns = |what: &str| {
        vec![
            Column::text("name", what),
            Column::number("proposed", "Proposed"),
            Column::number("shown", "Shown"),
            Column::number("taken", "Taken, of decided"),
            Column::number("within", "95 % interval"),
        ]
    };
    let row = |it: &Matched| {
        let within = interval(it.taken).map_or_else(
            || "n/a".into(),
            |(low, high)| format!("{} to {}", Unit::Percent.value(100.0 * low), Unit::Percent.value(100.0 * high)),
        );
        vec![
            Cell::from(it.name.as_str()),
            fmt::number(it.proposed as f64, 0).into(),
            fmt::number(it.shown as f64, 0).into(),
            format!("{} ({} of {})", fmt::percent(it.taken.hit, it.taken.of), it.taken.hit, it.taken.of).into(),
            within.into(),
        ]
    };
    let body = if it.algorithms.is_empty() {
        view! { <EmptyState title="No match in this time"><p>"Candidates and matches are imported."</p></EmptyState> }
            .into_any()
    } else {
        let algorithms: Vec<_> = std::iter::once(row(&it.total())).chain(it.algorithms.iter().map(row)).collect();
        let ranks: Vec<_> = it.ranks.iter().map(row).collect();
        view! {
            <DataTable caption="By what proposed them" columns=columns("Algorithm") rows=algorithms/>
            {csv(page, "algorithms")}
            <DataTable caption="By rank" columns=columns("Rank") rows=ranks/>
            {csv(page, "ranks")}
        }
        .into_any()
    };
    view! {
        <Card id="matching" title="Candidates for jobs" lead="Of those proposed in the period, how many were shown and taken. Where two intervals overlap, one is not surely better.">
            {body}
        </Card>
    }
}

fn small(n: i64) -> &'static str {
    if n < FEW { ": a small sample" } else { "" }
}

fn days(days: Option<f64>) -> String {
    days.map_or_else(|| "n/a".into(), |days| fmt::number(days, 1))
}

fn tiles(page: &Page) -> impl IntoView + use<> {
    let (it, total, before) = (&page.it, &page.it.total, &page.it.total_before);
    let (success, was) = (total.success(), before.success());
    let success_change = success.value().zip(was.value()).map(|(now, then)| {
        view! { <Delta value=100.0 * (now - then) unit=Unit::Percent/> " from "{fmt::percent(was.hit, was.of)} }
    });
    let revenue_change = (before.sums.fees > 0).then(|| {
        let change = 100.0 * (total.sums.fees - before.sums.fees) as f64 / before.sums.fees as f64;
        view! { <Growth percent=change/> " from "{page.money(before.sums.fees)} }
    });
    let currency = page.caller.user().org.currency.clone();
    let stayed = it.stayed.map(|stayed| {
        let label = format!("Stayed {} days", stayed.days);
        let note = format!("{} of {} who could have{}", stayed.rate.hit, stayed.rate.of, small(stayed.rate.of));
        view! { <Tile label=label value=fmt::percent(stayed.rate.hit, stayed.rate.of) period="who began in the year before" note=note/> }
    });
    let roi = total.roi().map_or_else(|| "n/a".into(), |roi| Unit::growth(100.0 * roi));
    let mark = total.mark().map_or_else(
        || "no mark given".into(),
        |(mark, n)| format!("marked {} of 5 by clients ({n})", fmt::number(mark, 1)),
    );
    view! {
        <section class="tiles" id="figures" aria-label="Jobs and placements in numbers">
            <Tile
                label="Jobs that found somebody" value=fmt::percent(success.hit, success.of) period=page.period()
                note=format!("{} of {} posted and closed since; {} posted, {} open at the end{}", success.hit, success.of, total.sums.posted, it.open, small(success.of))
            >{success_change}</Tile>
            {spread(page, "Days to fill a job", it.to_fill, "filled in the period")}
            {spread(page, "Days to hire", it.to_hire, "placements, from posting to the first day")}
            {stayed}
            <Tile label="Revenue of placements" value=page.money(total.sums.fees) unit=currency.clone() period=page.period() note=format!("{} begun, {mark}", fmt::count(total.sums.placements, "placement", "placements"))>{revenue_change}</Tile>
            <Tile
                label="Cost per placement" value=total.per_placement().map_or_else(|| "n/a".into(), |cents| page.money(cents)) unit=currency period=page.period()
                note=format!("of {} whose cost is known{}", total.sums.costed, small(total.sums.costed))
            />
            <Tile label="Return on cost" value=roi period=page.period() note="revenue less cost, of the cost"/>
        </section>
    }
}

fn spread(page: &Page, label: &'static str, it: Spread, of: &'static str) -> impl IntoView + use<> {
    let note = format!("the median of {} {of}{}; nine of ten took at most {}", it.n, small(it.n as i64), days(it.p90));
    view! { <Tile label=label value=days(it.median) period=page.period() note=note/> }
}

fn table(
    page: &Page,
    code: &'static str,
    title: &'static str,
    what: &'static str,
    groups: &[Group],
) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("name", what),
        Column::number("posted", "Jobs posted"),
        Column::number("success", "Filled, of closed"),
        Column::number("days", "Median days to fill"),
        Column::number("placements", "Placements begun"),
        Column::number("revenue", "Revenue"),
        Column::number("cost", "Cost"),
        Column::number("per", "Cost per placement"),
        Column::number("roi", "Return on cost"),
    ];
    let row = |group: &Group, to_fill: Spread| {
        let (sums, success) = (group.sums, group.success());
        let n = |n: i64| Cell::from(fmt::number(n as f64, 0));
        vec![
            group.name.as_str().into(),
            n(sums.posted),
            format!("{} ({} of {})", fmt::percent(success.hit, success.of), success.hit, success.of).into(),
            format!("{} ({})", days(to_fill.median), to_fill.n).into(),
            n(sums.placements),
            page.money(sums.fees).into(),
            page.money(sums.cost).into(),
            group.per_placement().map_or_else(|| "n/a".into(), |cents| page.money(cents)).into(),
            group.roi().map_or_else(|| "n/a".into(), |roi| Unit::growth(100.0 * roi)).into(),
        ]
    };
    let mut rows = vec![row(&page.it.total, page.it.to_fill)];
    rows.extend(groups.iter().map(|group| row(group, group.to_fill)));
    let caption = format!("{title} ({})", page.caller.user().org.currency);
    let file = csv(page, code);
    view! {
        <Card id=code title=title lead="The largest revenue first. A share or a median of few says little.">
            <DataTable caption=caption columns rows hide_caption=true/>
            {file}
        </Card>
    }
}

/// A link to a table of the page as CSV.
fn csv(page: &Page, code: &'static str) -> impl IntoView + use<> {
    let href = address::link(CSV, &address::with(page.fields(), "table", code));
    view! { <p class="financial-note"><a href=href download="">"This table as CSV"</a></p> }
}

fn files(page: &Page) -> impl IntoView + use<> {
    let (book, paper) = (address::link(XLSX, &page.fields()), address::link(PDF, &page.fields()));
    view! {
        <p class="financial-files">
            <a class="button" href=book download="">"All tables (XLSX)"</a>
            " "
            <a class="button" href=paper download="">"This page (PDF)"</a>
            " Every table of the period above. Each file is written into the log."
        </p>
    }
}

fn filter_form(page: &Page) -> impl IntoView + use<> {
    let period = page.it.period;
    let each = page.it.sites.iter();
    let each = each.map(|(site, name)| (site.to_string(), name.as_str(), page.asked.site == Some(*site)));
    let sites = choices(std::iter::once((String::new(), "All sites", false)).chain(each));
    view! {
        <details class="filters">
            <summary><span class="filters-word">"Period"</span>" "{fmt::period(period.first, period.last)}</summary>
            <form method="get" action=PLACEMENTS class="filter-form">
                <label class="field">"From"<input type="date" name="from" value=period.first.to_string()/></label>
                <label class="field">"To"<input type="date" name="to" value=period.last.to_string()/></label>
                <label class="field">"Site"<select name="site" inner_html=sites></select></label>
                <button class="button" type="submit">"Show"</button>
            </form>
        </details>
    }
}

fn how() -> impl IntoView {
    view! {
        <Details summary="What counts as what?">
            <p>"Jobs that found somebody: of the jobs posted in the period and closed since, those that were filled. What is still open is judged later."</p>
            <p>"Days to fill: from posting a job to filling it, of jobs filled in the period. Days to hire: from posting to the first day, of placements that began in the period."</p>
            <p>"Stayed: of the placements that could have reached 30 (90) days by the last day of the period and began in the year before that, those that did."</p>
            <p>"Revenue: the fees of placements that began in the period. Cost per placement and return on cost: of those whose cost is known. Return: what they brought less what they cost, of the cost."</p>
        </Details>
    }
}

async fn workbook(caller: Caller, uri: Uri, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    sent(&caller, FileKind::Xlsx, &uri, query, &headers).await
}

async fn table_file(caller: Caller, uri: Uri, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    sent(&caller, FileKind::Csv, &uri, query, &headers).await
}

async fn sent(caller: &Caller, kind: FileKind, uri: &Uri, query: Option<String>, headers: &HeaderMap) -> Response {
    let made = make(caller, kind, &query.unwrap_or_default()).await;
    made.unwrap_or_else(|error| error.response(wants_json(uri.path(), headers), Some(caller), caller.site()))
}

async fn report(caller: Caller, uri: Uri, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let made = printed(&caller, &query.unwrap_or_default()).await;
    made.unwrap_or_else(|error| error.response(wants_json(uri.path(), &headers), Some(&caller), caller.site()))
}

/// The page as it is kept, laid out for print.
async fn printed(caller: &Caller, query: &str) -> Result<Response, AppError> {
    let scope = caller.scope(Permission::Financial)?;
    let asked = filter(&address::fields(query)?)?.resolve(caller.last_complete_day())?;
    let (it, _) = kept(caller, scope, asked).await?;
    let org = &caller.user().org;
    let made = reports::set(reports::placements::document(&it, &asked, org, caller.now())).await?;
    pdf(&format!("{}-placements-{}-{}", dashed(&org.slug), it.period.first, it.period.last), made)
}

/// The file for the filter in a query.
pub(super) async fn make(caller: &Caller, kind: FileKind, query: &str) -> Result<Response, AppError> {
    let query = address::fields(query)?;
    let only = match kind {
        FileKind::Xlsx => None,
        FileKind::Csv => Some(address::table(&query, &SHEETS)?),
    };
    let wanted = Wanted {
        db: caller.db().clone(),
        user: caller.user().clone(),
        scope: caller.scope(Permission::Financial)?,
        asked: filter(&query)?.resolve(caller.last_complete_day())?,
        now: caller.now(),
    };
    let period = wanted.asked.period;
    let table = only.map_or_else(String::new, |only| format!("-{only}"));
    let name = format!("{}-placements{table}-{}-{}", wanted.user.org.slug, period.first, period.last);
    let (head, tables) = sheets(&wanted, only, &format!("{name}.{}", kind.extension())).await?;
    let chunks = match kind {
        FileKind::Xlsx => exports::xlsx(head, tables),
        FileKind::Csv => exports::csv(tables.into_iter().next().ok_or(AppError::NotFound)?, Bom::With),
    };
    file(kind, &name, chunks).await
}
