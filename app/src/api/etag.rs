//! Has an answer changed since the caller last saw it? Each JSON answer to a GET carries a tag made of its content; who sends the
//! tag back gets 304 and no body while nothing has changed.
//!
//! The tag is weak by its form (`W/"…"`): the same JSON may travel compressed in different ways (RFC 9110, 8.8.1).

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::error::AppError;

/// Bytes of the hash that are in the tag: two answers with the same are not to be expected.
const HASHED: usize = 16;

/// Tags what a GET is answered, or says that it has not changed.
pub async fn tagged(request: Request, next: Next) -> Response {
    let known = (request.method() == Method::GET).then(|| header(request.headers(), &header::IF_NONE_MATCH));
    let response = next.run(request).await;
    let (Some(known), StatusCode::OK) = (known, response.status()) else { return response };
    if !is_answer(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = match to_bytes(body, usize::MAX).await {
        Ok(body) => body,
        Err(cause) => return AppError::ours(&cause).problem(),
    };
    let tag = tag_of(&body);
    let unchanged = known.is_some_and(|known| names(&known, &tag));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, tag);
    }
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    parts.headers.append(header::VARY, HeaderValue::from_static("authorization, cookie"));
    if unchanged {
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return (StatusCode::NOT_MODIFIED, parts.headers).into_response();
    }
    Response::from_parts(parts, Body::from(body))
}

/// Whether it is JSON to be read at once. A stream has no end to wait for, and a file is written while it is sent: neither is
/// ever whole in memory.
fn is_answer(headers: &HeaderMap) -> bool {
    let json = header(headers, &header::CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/json"));
    json && !headers.contains_key(header::CONTENT_DISPOSITION)
}

fn header(headers: &HeaderMap, name: &header::HeaderName) -> Option<String> {
    let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join(","))
}

fn tag_of(body: &[u8]) -> String {
    let hash: String = Sha256::digest(body).iter().take(HASHED).map(|byte| format!("{byte:02x}")).collect();
    format!("W/\"{hash}\"")
}

/// Whether `If-None-Match` names the tag; it may list several, and compares weakly (RFC 9110, 13.1.2).
fn names(known: &str, tag: &str) -> bool {
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    known.split(',').any(|known| known.trim() == "*" || plain(known) == plain(tag))
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use futures_util::{FutureExt, StreamExt, stream};
    use tower::ServiceExt;

    use super::*;

    /// Answers `{}` with these headers, and if it does not end, more of it that never comes.
    fn answered(headers: &[(header::HeaderName, &'static str)], ends: bool) -> Option<Response> {
        let mut answer = HeaderMap::new();
        for (name, value) in headers {
            answer.insert(name, HeaderValue::from_static(value));
        }
        let handler = async move || {
            let first = stream::iter([Ok::<_, std::io::Error>("{}")]);
            let rest = stream::pending().take(usize::from(!ends));
            (answer, Body::from_stream(first.chain(rest)))
        };
        let router = Router::new().route("/", get(handler)).layer(from_fn(tagged));
        let request = Request::builder().uri("/").body(Body::empty()).unwrap();
        Some(router.oneshot(request).now_or_never()?.unwrap())
    }

    #[test]
    fn what_is_streamed_is_passed_on_before_it_ends_and_json_is_tagged() {
        let json = (header::CONTENT_TYPE, "application/json");
        let file = (header::CONTENT_DISPOSITION, "attachment; filename=\"orders\"");
        let csv = (header::CONTENT_TYPE, "text/csv");
        let events = (header::CONTENT_TYPE, "text/event-stream");
        for streamed in [&[json.clone(), file.clone()][..], &[csv, file], &[events]] {
            let answer = answered(streamed, false).expect("an answer before the end of the stream");
            assert!(!answer.headers().contains_key(header::ETAG), "{streamed:?}");
        }
        let answer = answered(&[json], true).expect("an answer");
        assert!(answer.headers().contains_key(header::ETAG));
    }

    #[test]
    fn the_tag_depends_on_the_content_alone() {
        assert_eq!(tag_of(b"{}"), tag_of(b"{}"));
        assert_ne!(tag_of(b"{}"), tag_of(b"[]"));
    }

    #[test]
    fn a_tag_is_found_in_any_list_strong_or_weak() {
        let tag = tag_of(b"{}");
        let strong = tag.trim_start_matches("W/");
        for known in [tag.clone(), strong.to_owned(), format!("\"other\", {tag}"), "*".to_owned()] {
            assert!(names(&known, &tag), "{known}");
        }
        for known in ["", "\"other\"", "W/"] {
            assert!(!names(known, &tag), "{known}");
        }
    }
}
