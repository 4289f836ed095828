//! The files of the pages: the workbook, and each table as CSV; with the scope and the filter of the page.

use axum::extract::RawQuery;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use leptos::prelude::*;
use muster::exports::{self, Bom};
use muster::finance::{PAY_COLUMNS, SHEETS, Wanted, sheets};
use muster::reports::schedules::Report;

use super::address;
use super::look::{Look, Shown};
use crate::caller::Caller;
use crate::error::{AppError, wants_json};
use crate::export::{FileKind, file};
use crate::reports::schedule_link;
use crate::server::App;

const XLSX: &str = "/financial/export.xlsx";
const CSV: &str = "/financial/export.csv";

/// The routes with their handlers.
pub(crate) fn routes() -> [(&'static str, MethodRouter<App>); 2] {
    [(XLSX, get(workbook)), (CSV, get(table))]
}

/// A link to a table of this page as CSV.
pub(super) fn csv(look: &Look, table: &'static str) -> impl IntoView + use<> {
    let fields = if table == "payroll" { address::ordered(&look.filter) } else { address::common(&look.filter) };
    let href = address::link(CSV, &address::with(fields, "table", table));
    view! { <p class="financial-note"><a href=href download="">"This table as CSV"</a></p> }
}

/// What of the page can be taken away.
pub(super) fn links(shown: &Shown) -> impl IntoView + use<> {
    let look = &shown.look;
    let book = address::link(XLSX, &address::common(&look.filter));
    let report = address::link(super::report::PATH, &address::common(&look.filter));
    let scheduled = schedule_link(&look.caller, Report::FinancialMonthly);
    let named = if look.scope.names { "the payroll by name" } else { "the payroll by job role" };
    view! {
        <p class="financial-files">
            <a class="button" href=book download="">"All tables (XLSX)"</a>
            <a class="button quiet" href=report download="">"This page as PDF"</a>
            {scheduled}
            <span>"Each site, kind and day of the month above, whole, with "{named}". Each file is written into the log."</span>
        </p>
    }
}

async fn workbook(caller: Caller, uri: Uri, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    sent(&caller, FileKind::Xlsx, &uri, query, &headers).await
}

async fn table(caller: Caller, uri: Uri, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    sent(&caller, FileKind::Csv, &uri, query, &headers).await
}

async fn sent(caller: &Caller, kind: FileKind, uri: &Uri, query: Option<String>, headers: &HeaderMap) -> Response {
    let made = make(caller, kind, &query.unwrap_or_default()).await;
    made.unwrap_or_else(|error| error.response(wants_json(uri.path(), headers), Some(caller), caller.site()))
}

/// The file for the filter in a query.
pub(super) async fn make(caller: &Caller, kind: FileKind, query: &str) -> Result<Response, AppError> {
    let query = address::fields(query)?;
    let look = Look::new(caller.clone(), address::filter(&query)?, &PAY_COLUMNS)?;
    let only = match kind {
        FileKind::Xlsx => None,
        FileKind::Csv => Some(address::table(&query, &SHEETS)?),
    };
    let table = only.map_or_else(String::new, |only| format!("-{only}"));
    let name = format!("{}-financial{table}-{}", caller.user().org.slug, look.asked.month.format("%Y-%m"));
    let wanted = Wanted {
        db: caller.db().clone(),
        user: caller.user().clone(),
        scope: look.scope.clone(),
        asked: look.asked.clone(),
        now: caller.now(),
    };
    let (head, tables) = sheets(&wanted, only, &format!("{name}.{}", kind.extension())).await?;
    let chunks = match kind {
        FileKind::Xlsx => exports::xlsx(head, tables),
        FileKind::Csv => exports::csv(tables.into_iter().next().ok_or(AppError::NotFound)?, Bom::With),
    };
    file(kind, &name, chunks).await
}
