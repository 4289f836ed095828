//! The files: a workbook of each page's tables, each table as CSV, and the page as PDF; with the filter of the page.

use axum::extract::{OriginalUri, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use muster::commerce::{self, COLUMNS, View, Wanted, sheets};
use muster::exports::{self, Bom};
use muster::people::{Permission, audit};
use muster::reports;
use muster::reports::commerce::{self as paper, About};
use serde_json::json;

use super::address;
use super::frame::{Asker, understood};
use crate::caller::Caller;
use crate::error::{AppError, wants_json};
use crate::export::{FileKind, dashed, file, pdf};
use crate::server::App;

/// Each page's workbook and tables.
const FILES: [(&str, View, FileKind); 8] = [
    ("/financial/revenue/export.xlsx", View::Revenue, FileKind::Xlsx),
    ("/financial/revenue/export.csv", View::Revenue, FileKind::Csv),
    ("/financial/orders/export.xlsx", View::Orders, FileKind::Xlsx),
    ("/financial/orders/export.csv", View::Orders, FileKind::Csv),
    ("/financial/partners/export.xlsx", View::Partners, FileKind::Xlsx),
    ("/financial/partners/export.csv", View::Partners, FileKind::Csv),
    ("/financial/customers/export.xlsx", View::Customers, FileKind::Xlsx),
    ("/financial/customers/export.csv", View::Customers, FileKind::Csv),
];

/// Each page for a meeting.
const REPORTS: [(&str, View); 4] = [
    ("/financial/revenue/report.pdf", View::Revenue),
    ("/financial/orders/report.pdf", View::Orders),
    ("/financial/partners/report.pdf", View::Partners),
    ("/financial/customers/report.pdf", View::Customers),
];

/// The routes with their handlers.
pub(crate) fn routes() -> impl Iterator<Item = (&'static str, MethodRouter<App>)> {
    FILES.map(|(path, _, _)| (path, get(export))).into_iter().chain(REPORTS.map(|(path, _)| (path, get(report))))
}

/// The ways to the files, with the filter of the page.
pub(super) fn links(asker: &Asker) -> impl IntoView + use<> {
    let (path, fields) = (address::path(asker.view), address::of_filter(&asker.filter));
    let csv = address::open_link(&format!("{path}/export.csv"), &fields);
    let named: Vec<_> = (asker.view.tables().iter())
        .map(|table| {
            let href = format!("{csv}table={table}");
            view! { " · "<a href=href download="">{table.replace('-', " ")}</a> }
        })
        .collect();
    let workbook = address::link(&format!("{path}/export.xlsx"), &fields);
    // On paper a list stands as it is sorted on the page.
    let sorted =
        ["sort", "order", "page"].into_iter().zip([&asker.filter.sort, &asker.filter.order, &asker.filter.page]);
    let mut on_paper = fields.clone();
    on_paper.extend(sorted.filter_map(|(name, value)| Some((name, value.clone()?))));
    let paper = address::link(&format!("{path}/report.pdf"), &on_paper);
    view! {
        <p class="commerce-note">
            "To take along: "<a href=paper download="">"this page (PDF)"</a>", "<a href=workbook download="">"all tables (XLSX)"</a>"; as CSV"{named}
        </p>
    }
}

async fn export(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let sent = match FILES.into_iter().find(|(known, _, _)| *known == uri.path()) {
        Some((_, view, kind)) => send(&caller, view, kind, &query.unwrap_or_default()).await,
        None => Err(AppError::NotFound),
    };
    sent.unwrap_or_else(|error| error.response(wants_json(uri.path(), &headers), Some(&caller), &app.site))
}

/// The file of a page for the filter in a query.
pub(crate) async fn send(caller: &Caller, view: View, kind: FileKind, query: &str) -> Result<Response, AppError> {
    caller.scope(Permission::Financial)?;
    let query = map(query)?;
    let asked = understood(view, &address::filter(&query)?, caller, &COLUMNS)?;
    let only = match kind {
        FileKind::Xlsx => None,
        FileKind::Csv => Some(which(view, &query)?),
    };
    let (user, period) = (caller.user(), asked.period);
    let wanted = Wanted { db: caller.db().clone(), user: user.clone(), view, asked, now: caller.now() };
    let (head, tables) = sheets(&wanted, only).await?;
    let table = only.map_or_else(String::new, |only| format!("-{only}"));
    let name = format!("{}-{}{table}-{}-{}", user.org.slug, view.code(), period.first, period.last);
    // Written down before the first byte leaves.
    let mut tx = caller.db().org(user.org.id).await?;
    let what = json!({ "file": format!("{name}.{}", kind.extension()), "from": period.first, "to": period.last });
    audit::record(&mut tx, user.id, "exported", view.code(), None, Some(what), caller.now()).await?;
    tx.commit().await?;
    let mut tables = tables.into_iter().map(|ready| ready.table);
    let chunks = match kind {
        FileKind::Xlsx => exports::xlsx(head, tables.collect()),
        FileKind::Csv => exports::csv(tables.next().ok_or(AppError::NotFound)?, Bom::With),
    };
    file(kind, &name, chunks).await
}

async fn report(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let sent = match REPORTS.into_iter().find(|(known, _)| *known == uri.path()) {
        Some((_, view)) => printed(&caller, view, &query.unwrap_or_default()).await,
        None => Err(AppError::NotFound),
    };
    sent.unwrap_or_else(|error| error.response(wants_json(uri.path(), &headers), Some(&caller), &app.site))
}

/// The page as it is kept, laid out for print.
async fn printed(caller: &Caller, view: View, query: &str) -> Result<Response, AppError> {
    caller.scope(Permission::Financial)?;
    let sorts: &[&str] = if view == View::Partners { &COLUMNS } else { &[] };
    let asker = Asker::by(caller.clone(), view, address::filter(&map(query)?)?, sorts)?;
    let org = &caller.user().org;
    let about = About { org, asked: &asker.asked, now: caller.now() };
    let document = match view {
        View::Revenue => {
            let kept = super::revenue::made(&asker).await?;
            paper::revenue(&kept.it.0, kept.it.1.as_ref(), about)
        }
        View::Orders => {
            let kept = asker.kept(|mut tx, asked| async move { commerce::orders(&mut tx, asked).await }).await?;
            paper::orders(&kept.it, about)
        }
        View::Partners => {
            let kept = asker.kept(|mut tx, asked| async move { commerce::partners(&mut tx, asked).await }).await?;
            paper::partners(&kept.it, about)
        }
        View::Customers => {
            let kept = asker.kept(|mut tx, asked| async move { commerce::customers(&mut tx, asked).await }).await?;
            paper::customers(&kept.it, about)
        }
    };
    let period = asker.asked.period;
    let name = format!("{}-{}-{}-{}", dashed(&org.slug), view.code(), period.first, period.last);
    if view == View::Customers {
        // Customers may be people, and leave the house by name: written down before the first byte does.
        let mut tx = caller.db().org(org.id).await?;
        let what = json!({ "file": format!("{name}.pdf"), "from": period.first, "to": period.last });
        audit::record(&mut tx, caller.user().id, "exported", view.code(), None, Some(what), caller.now()).await?;
        tx.commit().await?;
    }
    pdf(&name, reports::set(document).await?)
}

fn map(query: &str) -> Result<ParamsMap, AppError> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
        .map_err(|_| AppError::Invalid("The address cannot be read. Go back to the page.".into()))?;
    Ok(pairs.into_iter().collect())
}

/// The table asked for; the first unless said.
fn which(view: View, query: &ParamsMap) -> Result<&'static str, AppError> {
    let tables = view.tables();
    let asked = query.get_all("table").unwrap_or_else(|| vec![tables[0].to_owned()]);
    let known = tables.iter().find(|code| asked.as_slice() == [**code]);
    known.copied().ok_or_else(|| AppError::Invalid(format!("Name one table: {}.", tables.join(", "))))
}
