//! The OpenAPI document: made from the handlers and their types, so that it cannot say what they do not.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::IntoResponse;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::problem::Problem;
use crate::me;
use crate::sessions::COOKIE;

/// Where the document is.
pub const OPENAPI: &str = "/api/openapi.json";

/// The API as a document of OpenAPI 3.1.
#[derive(OpenApi)]
#[openapi(
    info(title = "Muster", description = include_str!("description.md")),
    paths(me::api::performance),
    components(schemas(Problem)),
    modifiers(&Security),
    security(("token" = []), ("session" = [])),
    tags(
        (name = "me", description = "What the caller's own page shows. Each answer is about the worker the caller is; without one it is 404."),
    ),
)]
struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "A token of `muster token create`; its scope must hold the area, here `performance`, or be `*`.",
            ))
            .build();
        let session = ApiKeyValue::with_description(
            COOKIE,
            "The cookie of who is signed in to the pages. Changing requests must come from a page of the same address.",
        );
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(token));
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(session)));
    }
}

/// The document.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

static TEXT: LazyLock<String> = LazyLock::new(|| serde_json::to_string_pretty(&document()).unwrap_or_default());

/// `GET /api/openapi.json`. It holds no data, so it is for anybody.
pub async fn openapi() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, TEXT.as_str())
}
