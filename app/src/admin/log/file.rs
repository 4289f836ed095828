//! The log as a file: every line the filter says, whole. Taking it is a line of the log too.

use axum::extract::RawQuery;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use muster::exports::{self, Bom};
use muster::people::{audit, log};
use serde_json::json;

use super::filter;
use crate::admin::administrates;
use crate::caller::Caller;
use crate::error::{AppError, wants_json};
use crate::export::{Fields, FileKind, file};

pub(super) async fn csv(caller: Caller, uri: Uri, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let made = make(&caller, &query.unwrap_or_default()).await;
    made.unwrap_or_else(|error| error.response(wants_json(uri.path(), &headers), Some(&caller), caller.site()))
}

async fn make(caller: &Caller, query: &str) -> Result<Response, AppError> {
    administrates(caller)?;
    let filter = filter(&Fields::read(query)?)?;
    let (user, now) = (caller.user(), caller.now());
    let mut tx = caller.db().org(user.org.id).await?;
    let what = json!({ "filter": super::query(&filter) });
    audit::record(&mut tx, user.id, "exported", "audit log", None, Some(what), now).await?;
    tx.commit().await?;
    let table = log::table(caller.db().clone(), user.clone(), filter, now);
    let name = format!("{}-audit-log-{}", user.org.slug, caller.today());
    file(FileKind::Csv, &name, exports::csv(table, Bom::With)).await
}
