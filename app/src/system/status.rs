//! `/status`: which Muster this is and what it can do. Public: it says nothing of whoever uses it or of where it runs.

use std::collections::BTreeSet;

use axum::Json;
use serde::Serialize;

use crate::access::ROUTES;
use crate::api::{DOCS, OPENAPI};

/// Where it is.
pub const STATUS: &str = "/status";

/// What it says.
#[derive(Debug, Serialize)]
pub struct Status {
    name: &'static str,
    version: &'static str,
    api: Api,
    /// The formats that tables and reports are handed over in.
    exports: [&'static str; 3],
    live: &'static str,
}

#[derive(Debug, Serialize)]
struct Api {
    version: &'static str,
    /// The parts of the API: what a token may open.
    areas: Vec<&'static str>,
    document: &'static str,
    documentation: &'static str,
}

/// The parts of the API, the words after `/api/v1/`.
#[must_use]
pub fn areas() -> Vec<&'static str> {
    let rest = ROUTES.iter().filter_map(|route| route.path.strip_prefix("/api/v1/"));
    let areas: BTreeSet<&str> = rest.filter_map(|rest| rest.split('/').next()).collect();
    areas.into_iter().collect()
}

/// `GET /status`
pub async fn status() -> Json<Status> {
    Json(Status {
        name: "Muster",
        version: env!("CARGO_PKG_VERSION"),
        api: Api { version: "v1", areas: areas(), document: OPENAPI, documentation: DOCS },
        exports: ["csv", "xlsx", "pdf"],
        live: "server-sent events",
    })
}
