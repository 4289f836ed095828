//! The files: of a run the one made for whoever asks, and the operations reports as PDF.

use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use muster::reports::schedules;
use uuid::Uuid;

use super::operations;
use crate::caller::Caller;
use crate::error::{AppError, wants_json};
use crate::export::pdf;
use crate::server::App;

/// The routes with their handlers.
pub(crate) fn routes() -> [(&'static str, MethodRouter<App>); 3] {
    [
        ("/reports/files/{run}", get(download)),
        ("/alignment/report/daily.pdf", get(daily)),
        ("/alignment/report/weekly.pdf", get(weekly)),
    ]
}

fn answered(made: Result<Response, AppError>, caller: &Caller, uri: &Uri, headers: &HeaderMap) -> Response {
    made.unwrap_or_else(|error| error.response(wants_json(uri.path(), headers), Some(caller), caller.site()))
}

async fn download(caller: Caller, uri: Uri, headers: HeaderMap, Path(run): Path<String>) -> Response {
    answered(own_file(&caller, &run).await, &caller, &uri, &headers)
}

async fn own_file(caller: &Caller, run: &str) -> Result<Response, AppError> {
    let run: Uuid = run.parse().map_err(|_| AppError::NotFound)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let file = schedules::file(&mut tx, caller.user(), run).await?;
    let plain: String =
        file.name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '-' }).collect();
    let value = |text: &str| HeaderValue::from_str(text).map_err(|cause| AppError::ours(&cause));
    let headers = [
        (header::CONTENT_TYPE, value(&file.media_type)?),
        (header::CONTENT_DISPOSITION, value(&format!("attachment; filename=\"{plain}\""))?),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, file.content).into_response())
}

async fn daily(caller: Caller, uri: Uri, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    answered(daily_pdf(&caller, &query.unwrap_or_default()).await, &caller, &uri, &headers)
}

async fn daily_pdf(caller: &Caller, query: &str) -> Result<Response, AppError> {
    let fields = crate::export::Fields::read(query)?;
    let it = operations::daily_of(caller, fields.once("day")?).await?;
    let document = operations::daily_document(caller, &it);
    pdf(&format!("{}-operations-{}", caller.user().org.slug, it.day), muster::reports::set(document).await?)
}

async fn weekly(caller: Caller, uri: Uri, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    answered(weekly_pdf(&caller, &query.unwrap_or_default()).await, &caller, &uri, &headers)
}

async fn weekly_pdf(caller: &Caller, query: &str) -> Result<Response, AppError> {
    let fields = crate::export::Fields::read(query)?;
    let it = operations::weekly_of(caller, fields.once("week")?).await?;
    let document = operations::weekly_document(caller, &it);
    pdf(&format!("{}-operations-{}", caller.user().org.slug, it.week), muster::reports::set(document).await?)
}
