//! The OpenAPI document: made from the handlers and their types, so that it cannot say what they do not.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::IntoResponse;
use utoipa::OpenApi;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{self, Content, Header, Ref, RefOr, Response, ResponseBuilder};

use super::limits::LIMIT_HEADERS;
use super::problem::Problem;
use crate::sessions::COOKIE;
use crate::{
    alignment, coaching, commerce, disputes, executive, financial, me, operations, product, recognition, reports,
    system, team,
};

/// Where the document is.
pub const OPENAPI: &str = "/api/openapi.json";

/// The API as a document of OpenAPI 3.1, before the capabilities' routes are put into it.
#[derive(OpenApi)]
#[openapi(
    info(title = "Muster", description = include_str!("description.md")),
    components(schemas(Problem)),
    security(("token" = []), ("session" = [])),
    tags(
        (name = "me", description = "What the caller's own page shows. Each answer is about the worker the caller is; who is none gets 404."),
        (name = "kudos", description = "Thanks among colleagues."),
        (name = "team", description = "A site's team, as far as the caller may see it: a site that is not the caller's is 403."),
        (name = "coaching", description = "Whom to talk with this morning, and why."),
        (name = "operations", description = "The next 48 hours, while they can still be mended. A site that is not the caller's is 403."),
        (name = "alignment", description = "Whether the operation is on course: KPIs against their targets, and what comes first."),
        (name = "events", description = "What is noted of the product's own use, of callers who agreed."),
        (name = "analytics", description = "All sites together and side by side, and their money. Nobody is named, except on the payroll for finance."),
    ),
)]
struct Document;

/// The document.
#[must_use]
pub fn document() -> openapi::OpenApi {
    let mut document = Document::openapi();
    for part in [
        me::api::Paths::openapi(),
        recognition::api::Paths::openapi(),
        team::api::Paths::openapi(),
        coaching::api::Paths::openapi(),
        disputes::api::Paths::openapi(),
        operations::api::Paths::openapi(),
        executive::api::Paths::openapi(),
        financial::api::Paths::openapi(),
        alignment::api::Paths::openapi(),
        product::api::Paths::openapi(),
        alignment::alerts::api::Paths::openapi(),
        alignment::quality::api::Paths::openapi(),
        financial::api::platform::Paths::openapi(),
        commerce::api::Paths::openapi(),
        system::api::Paths::openapi(),
        reports::api::Paths::openapi(),
    ] {
        document.merge(part);
    }
    secure(&mut document);
    for path in document.paths.paths.values_mut() {
        for (reads, operation) in [(true, &mut path.get), (false, &mut path.post)] {
            operation.iter_mut().for_each(|operation| answer_as_all_do(operation, reads));
        }
    }
    document
}

/// How a caller says who it is.
fn secure(document: &mut openapi::OpenApi) {
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(
        "A token of `muster token create`. Its scope must hold the area of the API, the word after `/api/v1/`, or be `*`.",
    ));
    let session = ApiKeyValue::with_description(
        COOKIE,
        "The cookie of who is signed in to the pages. Requests that change something must come from a page of the same address.",
    );
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("token", SecurityScheme::Http(token.build()));
    components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(session)));
}

/// What an answer that is a file says of its content.
const FILE: &str = "application/octet-stream";

/// What every operation can answer besides its own.
fn answer_as_all_do(operation: &mut Operation, reads: bool) {
    let answers = &mut operation.responses.responses;
    // A file is sent as it is written, without a tag.
    let is_file = matches!(answers.get("200"), Some(RefOr::T(answer)) if answer.content.contains_key(FILE));
    if reads && !is_file {
        answers.insert("304".into(), Response::new("Nothing has changed since the ETag of `If-None-Match`").into());
        for answer in answers.values_mut() {
            if let RefOr::T(answer) = answer {
                answer.headers.insert("ETag".into(), header("A tag of the content, to be sent as `If-None-Match`"));
            }
        }
    } else if !reads {
        answers.insert("409".into(), problem("Somebody was first, or a limit of the rules is reached"));
        answers.insert("415".into(), problem("The body is not JSON"));
    }
    let has_input = operation.parameters.is_some() || operation.request_body.is_some();
    for (status, meaning) in [
        ("400", "What was asked makes no sense; `detail` says what does"),
        ("401", "Nobody known asks"),
        ("403", "The role or the site is not the caller's"),
        ("404", "There is no such record, or none the caller may know of"),
        ("429", "More requests than a caller has in a minute; `Retry-After` says when to come back"),
        ("503", "Busy; `Retry-After` says when to come back"),
    ] {
        if status != "400" || has_input {
            answers.entry(status.into()).or_insert_with(|| problem(meaning));
        }
    }
    for answer in answers.values_mut() {
        if let RefOr::T(answer) = answer {
            for (name, meaning) in LIMIT_HEADERS {
                answer.headers.insert(name.into(), header(meaning));
            }
        }
    }
}

fn header(meaning: &str) -> RefOr<Header> {
    RefOr::T(HeaderBuilder::new().description(Some(meaning)).build())
}

fn problem(meaning: &str) -> RefOr<Response> {
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    ResponseBuilder::new().description(meaning).content("application/problem+json", content).build().into()
}

static TEXT: LazyLock<String> = LazyLock::new(|| serde_json::to_string_pretty(&document()).unwrap_or_default());

/// `GET /api/openapi.json`. It holds no data, so it is for anybody.
pub async fn openapi() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, TEXT.as_str())
}
