//! No answer is bare and none is late: what the router refuses by itself gets a page (or a problem) that says what to
//! do, and whoever would wait too long is told so.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;

use crate::error::{AppError, wants_json};
use crate::server::App;

/// No request takes longer.
const LONGEST: Duration = Duration::from_secs(30);

/// Ends what takes too long, and dresses what is bare.
pub async fn never_bare(State(app): State<App>, request: Request, next: Next) -> Response {
    let json = wants_json(request.uri().path(), request.headers());
    let Ok(response) = tokio::time::timeout(LONGEST, next.run(request)).await else {
        tracing::error!("a request took longer than {LONGEST:?}");
        return AppError::Unavailable.response(json, None, &app.site);
    };
    match AppError::of_status(response.status()) {
        Some(error) if is_bare(&response) => {
            let mut dressed = error.response(json, None, &app.site);
            *dressed.status_mut() = response.status();
            if let Some(methods) = response.headers().get(header::ALLOW) {
                dressed.headers_mut().insert(header::ALLOW, methods.clone());
            }
            dressed
        }
        _ => response,
    }
}

fn is_bare(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    !kind.starts_with("text/html") && !kind.contains("json")
}
