//! `/health`: the process lives. `/ready`: it can serve, with database and migrations.

use axum::extract::State;
use axum::http::StatusCode;

use crate::server::App;

/// The process lives.
pub async fn health() -> &'static str {
    "ok\n"
}

/// The database answers and holds every migration of this build.
pub async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    match app.db.is_ready().await {
        Ok(true) => (StatusCode::OK, "ready\n"),
        Ok(false) => (StatusCode::SERVICE_UNAVAILABLE, "migrations are missing: run muster migrate\n"),
        Err(cause) => {
            tracing::warn!(%cause, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
