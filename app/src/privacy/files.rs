//! Everything that is held about the caller, as a file.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use muster::people::audit;
use muster::privacy::{Download, download, person_of_user};
use serde_json::json;

use crate::caller::Caller;
use crate::error::AppError;
use crate::server::App;

/// `GET /privacy/data.json`
pub async fn as_json(State(app): State<App>, caller: Caller) -> Response {
    let file = async {
        let held = taken(&caller, "JSON").await?;
        let user = caller.user();
        let whole = json!({ "organization": user.org.name, "generated_at": caller.now(), "holdings": held.holdings });
        serde_json::to_string_pretty(&whole).map_err(|cause| AppError::ours(&cause))
    };
    answer(file.await, "json", "application/json; charset=utf-8", (&caller, &app))
}

/// `GET /privacy/data.csv`
pub async fn as_csv(State(app): State<App>, caller: Caller) -> Response {
    let file = async { Ok(taken(&caller, "CSV").await?.csv()?) };
    answer(file.await, "csv", "text/csv; charset=utf-8", (&caller, &app))
}

async fn taken(caller: &Caller, kind: &str) -> Result<Download, AppError> {
    let user = caller.user();
    let mut tx = caller.db().org(user.org.id).await?;
    let person = person_of_user(&mut tx, user.id).await?;
    let held = download(&mut tx, person).await?;
    let after = Some(json!({ "as": kind }));
    audit::record(&mut tx, user.id, "took home the own data", "user", Some(user.id.0), after, caller.now()).await?;
    tx.commit().await?;
    Ok(held)
}

fn answer(
    file: Result<String, AppError>,
    ending: &str,
    kind: &'static str,
    (caller, app): (&Caller, &App),
) -> Response {
    match file {
        Ok(text) => {
            let name = format!("attachment; filename=\"my-data-{}.{ending}\"", caller.today());
            let kept = "private, no-store".to_owned();
            let headers = [
                (header::CONTENT_TYPE, kind.to_owned()),
                (header::CONTENT_DISPOSITION, name),
                (header::CACHE_CONTROL, kept),
            ];
            (headers, text).into_response()
        }
        Err(error) => error.response(false, Some(caller), &app.site),
    }
}
