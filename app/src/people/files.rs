//! The files: a workbook of all tables, and each table as CSV; with the scope and the filter of the page.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use muster::exports::{self, Bom};
use muster::people::Permission;
use muster::people::audit::Viewer;
use muster::workforce::{SHEETS, sheets};

use super::address;
use super::page::Shown;
use crate::caller::Caller;
use crate::error::{AppError, wants_json};
use crate::export::{FileKind, file};
use crate::server::App;

const XLSX: &str = "/people/export.xlsx";
const CSV: &str = "/people/export.csv";

/// The routes with their handlers.
pub(crate) fn routes() -> [(&'static str, MethodRouter<App>); 2] {
    [(XLSX, get(workbook)), (CSV, get(table))]
}

/// The ways to the files, with the filter of the page.
pub(super) fn links(shown: &Shown) -> impl IntoView + use<> {
    let fields: address::Fields = address::of_filter(&shown.filter)
        .into_iter()
        .filter(|(name, _)| ["from", "to", "site", "certs"].contains(name))
        .collect();
    let named =
        [("sites", "sites"), ("groups", "groups"), ("certifications", "certifications")].map(|(table, name)| {
            let href = address::link(CSV, &address::with(fields.clone(), "table", table));
            view! { " · "<a href=href download="">{name}</a> }
        });
    let workbook = address::link(XLSX, &fields);
    view! { <p class="people-note">"To take along: "<a href=workbook download="">"all tables (XLSX)"</a>"; as CSV"{named}</p> }
}

async fn workbook(State(app): State<App>, caller: Caller, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let sent = send(&caller, FileKind::Xlsx, &query.unwrap_or_default()).await;
    sent.unwrap_or_else(|error| error.response(wants_json(XLSX, &headers), Some(&caller), &app.site))
}

async fn table(State(app): State<App>, caller: Caller, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let sent = send(&caller, FileKind::Csv, &query.unwrap_or_default()).await;
    sent.unwrap_or_else(|error| error.response(wants_json(CSV, &headers), Some(&caller), &app.site))
}

async fn send(caller: &Caller, kind: FileKind, query: &str) -> Result<Response, AppError> {
    let scope = caller.scope(Permission::People)?;
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
        .map_err(|_| AppError::Invalid("The address cannot be read. Go back to the page.".into()))?;
    let query: ParamsMap = pairs.into_iter().collect();
    let filter = address::filter(&query)?;
    let only = match kind {
        FileKind::Xlsx => None,
        FileKind::Csv => Some(which(&query)?),
    };
    let user = caller.user();
    let viewer = Viewer { user: user.id, worker: user.worker, scope, now: caller.now() };
    let mut tx = caller.db().org(user.org.id).await?;
    let days = (caller.last_complete_day(), caller.today());
    let (head, tables) = sheets(&mut tx, user, &viewer, &filter, only, days).await?;
    // Written down before the first byte leaves.
    tx.commit().await?;
    let period = head.period.map(|(first, last)| format!("-{first}-{last}")).unwrap_or_default();
    let name = format!("{}-people{}{period}", user.org.slug, only.map(|only| format!("-{only}")).unwrap_or_default());
    let chunks = match kind {
        FileKind::Xlsx => exports::xlsx(head, tables),
        FileKind::Csv => exports::csv(tables.into_iter().next().ok_or(AppError::NotFound)?, Bom::With),
    };
    file(kind, &name, chunks).await
}

/// The table asked for; the first unless said.
fn which(query: &ParamsMap) -> Result<&'static str, AppError> {
    let asked = query.get_all("table").unwrap_or_else(|| vec![SHEETS[0].to_owned()]);
    let known = SHEETS.into_iter().find(|code| asked.as_slice() == [*code]);
    known.ok_or_else(|| AppError::Invalid(format!("Name one table: {}.", SHEETS.join(", "))))
}
