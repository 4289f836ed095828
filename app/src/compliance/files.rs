//! The files: the workbook for an auditor, and each table as CSV; with the scope and the filter of the page.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use muster::compliance::{SHEETS, Wanted, note_export, sheets};
use muster::exports::{self, Bom};
use muster::people::Permission;

use super::address;
use super::page::Shown;
use crate::caller::Caller;
use crate::error::{AppError, wants_json};
use crate::export::{FileKind, file};
use crate::server::App;

const XLSX: &str = "/compliance/export.xlsx";
const CSV: &str = "/compliance/export.csv";

/// The routes with their handlers.
pub(crate) fn routes() -> [(&'static str, MethodRouter<App>); 2] {
    [(XLSX, get(workbook)), (CSV, get(table))]
}

/// The address of a file with the filter of the page.
pub(super) fn link(shown: &Shown, extension: &str, table: Option<&str>) -> String {
    let mut fields = address::common(&shown.filter);
    if table == Some("breaches") {
        fields.extend(shown.filter.rule.clone().map(|rule| ("rule", rule)));
    }
    fields.extend(table.map(|table| ("table", table.to_owned())));
    address::link(&format!("{}/export.{extension}", address::PATH), &fields)
}

/// A link to a table as CSV.
pub(super) fn csv_named(shown: &Shown, table: &str, label: &'static str) -> impl IntoView + use<> {
    let href = link(shown, "csv", Some(table));
    view! { <p class="compliance-file"><a href=href download="">{label}</a></p> }
}

/// The same, called what it is.
pub(super) fn csv(shown: &Shown, table: &str) -> impl IntoView + use<> {
    csv_named(shown, table, "This table as CSV")
}

async fn workbook(State(app): State<App>, caller: Caller, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let sent = send(&caller, FileKind::Xlsx, &query.unwrap_or_default()).await;
    sent.unwrap_or_else(|error| error.response(wants_json(XLSX, &headers), Some(&caller), &app.site))
}

async fn table(State(app): State<App>, caller: Caller, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let sent = send(&caller, FileKind::Csv, &query.unwrap_or_default()).await;
    sent.unwrap_or_else(|error| error.response(wants_json(CSV, &headers), Some(&caller), &app.site))
}

fn fields(query: &str) -> Result<ParamsMap, AppError> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
        .map_err(|_| AppError::Invalid("The address cannot be read. Go back to the page.".into()))?;
    Ok(pairs.into_iter().collect())
}

async fn send(caller: &Caller, kind: FileKind, query: &str) -> Result<Response, AppError> {
    let query = fields(query)?;
    let filter = address::filter(&query)?;
    let only = match kind {
        FileKind::Xlsx => None,
        FileKind::Csv => Some(which(&query)?),
    };
    let wanted = Wanted {
        db: caller.db().clone(),
        user: caller.user().clone(),
        scope: caller.scope(Permission::Compliance)?,
        asked: filter.resolve(caller.last_complete_day(), caller.today())?,
        now: caller.now(),
    };
    let (head, ready) = sheets(&wanted, only).await?;
    let period = wanted.asked.period;
    let table = only.map_or_else(String::new, |only| format!("-{only}"));
    let name = format!("{}-compliance{table}-{}-{}", wanted.user.org.slug, period.first, period.last);
    let rows = ready.iter().map(|ready| (ready.code, ready.rows)).collect();
    // Written down before the first byte leaves.
    let mut tx = caller.db().org(caller.user().org.id).await?;
    note_export(&mut tx, &wanted, &format!("{name}.{}", kind.extension()), rows).await?;
    tx.commit().await?;
    let mut tables = ready.into_iter().map(|ready| ready.table);
    let chunks = match kind {
        FileKind::Xlsx => exports::xlsx(head, tables.collect()),
        FileKind::Csv => exports::csv(tables.next().ok_or(AppError::NotFound)?, Bom::With),
    };
    file(kind, &name, chunks).await
}

/// The table asked for; the first unless said.
fn which(query: &ParamsMap) -> Result<&'static str, AppError> {
    let asked = query.get_all("table").unwrap_or_else(|| vec![SHEETS[0].to_owned()]);
    let known = SHEETS.into_iter().find(|code| asked.as_slice() == [*code]);
    known.ok_or_else(|| AppError::Invalid(format!("Name one table: {}.", SHEETS.join(", "))))
}
