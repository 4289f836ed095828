//! The files: a workbook of each page's tables, and each table as CSV; with the filter of the page.

use axum::extract::{OriginalUri, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use muster::commerce::{COLUMNS, View, Wanted, sheets};
use muster::exports::{self, Bom};
use muster::people::{Permission, audit};
use serde_json::json;

use super::address;
use super::frame::Asker;
use crate::caller::Caller;
use crate::error::{AppError, wants_json};
use crate::export::{FileKind, file};
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

/// The routes with their handlers.
pub(crate) fn routes() -> [(&'static str, MethodRouter<App>); 8] {
    FILES.map(|(path, _, _)| (path, get(export)))
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
    view! {
        <p class="commerce-note">
            "To take along: "<a href=workbook download="">"all tables (XLSX)"</a>"; as CSV"{named}
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
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
        .map_err(|_| AppError::Invalid("The address cannot be read. Go back to the page.".into()))?;
    let query: ParamsMap = pairs.into_iter().collect();
    let asked = address::filter(&query)?.resolve(caller.last_complete_day(), &COLUMNS)?;
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

/// The table asked for; the first unless said.
fn which(view: View, query: &ParamsMap) -> Result<&'static str, AppError> {
    let tables = view.tables();
    let asked = query.get_all("table").unwrap_or_else(|| vec![tables[0].to_owned()]);
    let known = tables.iter().find(|code| asked.as_slice() == [**code]);
    known.copied().ok_or_else(|| AppError::Invalid(format!("Name one table: {}.", tables.join(", "))))
}
