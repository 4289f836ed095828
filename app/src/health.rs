//! `/health`: the process lives. `/ready`: it can serve, with database and migrations, and the queue is worked.

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
        Ok(true) => queue(&app).await,
        Ok(false) => (StatusCode::SERVICE_UNAVAILABLE, "migrations are missing: run muster migrate\n"),
        Err(cause) => {
            tracing::warn!(%cause, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}

/// A queue that nobody works is a reason to send nobody here only when something should long have been done.
async fn queue(app: &App) -> (StatusCode, &'static str) {
    let health = async {
        let mut tx = app.db.global().await?;
        muster::queue::health(&mut tx, app.clock.now()).await
    };
    match health.await {
        Ok(health) if health.is_stuck() => {
            (StatusCode::SERVICE_UNAVAILABLE, "jobs are overdue and no instance works the queue\n")
        }
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(cause) => {
            tracing::warn!(%cause, "the queue cannot be read");
            (StatusCode::SERVICE_UNAVAILABLE, "the queue does not answer\n")
        }
    }
}
