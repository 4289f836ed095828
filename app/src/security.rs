//! What every response carries and every changing request must show: security headers, and our own origin.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::error::{AppError, wants_json};
use crate::server::App;

/// The policy of a page, with the nonce of its scripts; without one it runs none.
#[must_use]
pub fn content_security_policy(nonce: Option<&str>) -> String {
    let scripts =
        nonce.map_or("script-src 'none'".to_owned(), |nonce| format!("script-src 'nonce-{nonce}' 'wasm-unsafe-eval'"));
    format!(
        "default-src 'none'; {scripts}; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// Adds what every response carries.
pub async fn headers(request: Request, next: Next) -> Response {
    let private = !request.uri().path().starts_with("/pkg/") && !request.uri().path().starts_with("/icons/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&content_security_policy(None)) {
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    if private {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    response
}

/// Refuses a changing request that a foreign page sent (OWASP: Fetch Metadata, else Origin).
pub async fn own_origin_only(State(app): State<App>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || by_token(&request) || is_own(request.headers()) {
        return next.run(request).await;
    }
    AppError::ForeignOrigin.response(wants_json(request.uri().path(), request.headers()), None, &app.site)
}

/// A bearer token is no cookie: no browser adds it to a foreign page's request. It opens the API alone, and where one is
/// sent the cookie is not looked at.
fn by_token(request: &Request) -> bool {
    let authorization = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    request.uri().path().starts_with("/api/") && authorization.is_some_and(|value| value.starts_with("Bearer "))
}

fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site"))
        && !matches!(site, "same-origin" | "none")
    {
        return false;
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host))
        }
        (Some(_), None) => false,
        // Neither header: no browser of today; a command line has no cookie of somebody else.
        (None, _) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headers: &[(&'static str, &'static str)], expected: bool) {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        assert_eq!(is_own(&headers), expected, "{headers:?}");
    }

    #[test]
    fn only_our_own_pages_may_change_things() {
        check(&[("host", "muster.test"), ("origin", "https://muster.test"), ("sec-fetch-site", "same-origin")], true);
        check(&[("host", "muster.test"), ("origin", "https://evil.test")], false);
        check(&[("host", "muster.test"), ("origin", "null")], false);
        check(&[("host", "muster.test"), ("sec-fetch-site", "cross-site")], false);
        check(&[("host", "muster.test"), ("sec-fetch-site", "same-site"), ("origin", "https://muster.test")], false);
        check(&[("host", "muster.test")], true);
    }
}
