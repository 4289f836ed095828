//! The bad rows of a check as a file: all that are kept, and `N of M` where there were more.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use muster::alignment::quality::{Check, KEPT_FINDINGS, findings};
use muster::exports::{Bom, Cell, Column, Sheet, Table, csv};
use muster::people::Permission;

use crate::caller::Caller;
use crate::error::{AppError, wants_json};
use crate::export::{Fields, FileKind, file};
use crate::server::App;

const CSV: &str = "/alignment/quality.csv";

/// The routes with their handlers.
pub(crate) fn routes() -> [(&'static str, MethodRouter<App>); 1] {
    [(CSV, get(rows))]
}

/// The address of the file of a check.
pub(super) fn link(check: Check) -> String {
    format!("{CSV}?check={}", check.code())
}

async fn rows(State(app): State<App>, caller: Caller, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let sent = send(&caller, &query.unwrap_or_default()).await;
    sent.unwrap_or_else(|error| error.response(wants_json(CSV, &headers), Some(&caller), &app.site))
}

async fn send(caller: &Caller, query: &str) -> Result<Response, AppError> {
    caller.scope(Permission::Alignment)?;
    let fields = Fields::read(query)?;
    let check = match fields.once("check")? {
        Some(code) => Check::of(code).ok_or(AppError::NotFound)?,
        None => Check::ALL[0],
    };
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let found = findings(&mut tx, check, KEPT_FINDINGS, 0).await?;
    drop(tx);
    let columns = vec![Column::text("Table"), Column::text("Row"), Column::date("Day"), Column::text("What is wrong")];
    let mut sheet = Sheet::new(check.title(), check.advice(), columns);
    sheet.of = u64::try_from(found.bad).ok();
    let rows = found
        .rows
        .into_iter()
        .map(|row| vec![Cell::text(row.source), Cell::text(row.key), Cell::or_empty(row.day), Cell::text(row.what)]);
    let name = format!("{}-{}-{}", caller.user().org.slug, check.code(), caller.today());
    file(FileKind::Csv, &name, csv(Table::of(sheet, rows.collect()), Bom::With)).await
}
