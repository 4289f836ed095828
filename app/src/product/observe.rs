//! The layer that sees every answer to somebody who is signed in: which page was opened, which file taken, which button used.
//! It knows the pattern of the route and never looks into the query further than to see that there is one.

use std::time::Instant;

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::{Value, json};

use super::Visitor;
use crate::caller::Caller;
use crate::server::App;
use crate::sign_in::Address;

/// Parameters that turn pages or say where a form came from: who uses them has not narrowed anything down.
const NO_FILTERS: [&str; 8] = ["page", "cursor", "sort", "order", "next", "flash", "back", "asked"];
/// Parameters that hold what somebody searches for.
const SEARCHES: [&str; 4] = ["q", "find", "search", "name"];
/// What forms do that is noted by themselves, when it was really done.
const NOTED_BY_THEMSELVES: [&str; 4] = ["generate_roster", "confirm_roster", "change_roster_line", "add_shift"];

/// Notes what was done, after it was done.
pub(crate) async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let caller = request.extensions().get::<Caller>().cloned();
    let (Some(route), Some(caller)) = (route, caller) else { return next.run(request).await };
    let (mut parts, body) = request.into_parts();
    let Ok(address) = Address::from_request_parts(&mut parts, &app).await;
    let visitor = Visitor::of(&parts.headers, address.as_str(), &app.events);
    let (method, query) = (parts.method.clone(), parts.uri.query().map(fields).unwrap_or_default());
    parts.extensions.insert(visitor.clone());
    let begun = Instant::now();
    let response = next.run(Request::from_parts(parts, body)).await;
    let took = i32::try_from(begun.elapsed().as_millis()).ok();
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.to_str().is_ok_and(|kind| kind.starts_with("text/html")));
    for (name, said) in done(&route, &method, &query, response.status(), is_page) {
        if let Value::Object(properties) = said {
            visitor.did(&caller, name, properties, took.filter(|_| name == "dashboard_viewed"));
        }
    }
    response
}

/// The names of the query's fields that say something; what they say is left alone.
fn fields(query: &str) -> Vec<String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(_, value)| !value.is_empty()).map(|(name, _)| name.to_owned()).collect()
}

/// What an answer shows was done.
fn done(
    route: &str,
    method: &Method,
    query: &[String],
    status: StatusCode,
    is_page: bool,
) -> Vec<(&'static str, Value)> {
    let page = route.to_ascii_lowercase();
    if status.is_server_error() {
        return vec![("error", json!({ "page": page, "status": status.as_u16() }))];
    }
    if let Some(form) = page.strip_prefix("/fn/").filter(|_| *method == Method::POST) {
        let by_itself = NOTED_BY_THEMSELVES.contains(&form) || status.is_client_error();
        return if by_itself { Vec::new() } else { vec![("feature_clicked", json!({ "feature": form }))] };
    }
    if *method != Method::GET || !status.is_success() || page.starts_with("/api/") {
        return Vec::new();
    }
    let format = ["csv", "xlsx", "pdf", "json"].into_iter().find(|format| page.ends_with(&format!(".{format}")));
    if let Some(format) = format {
        return vec![("export_triggered", json!({ "page": page, "format": format }))];
    }
    if !is_page {
        return Vec::new();
    }
    let mut seen = vec![("dashboard_viewed", json!({ "page": page }))];
    let searched = query.iter().any(|name| SEARCHES.contains(&name.as_str()));
    let narrowed = query.iter().any(|name| !NO_FILTERS.contains(&name.as_str()) && !SEARCHES.contains(&name.as_str()));
    if narrowed {
        seen.push(("filter_used", json!({ "page": page })));
    }
    if searched {
        seen.push(("search", json!({ "page": page })));
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(method: Method, route: &str, query: &str, status: u16, expected: &[&str]) {
        let status = StatusCode::from_u16(status).unwrap();
        let names: Vec<&str> = done(route, &method, &fields(query), status, true)
            .into_iter()
            .map(|(name, said)| {
                let Value::Object(said) = said else { panic!("an object") };
                muster::product::events::check(name, &said).unwrap()
            })
            .collect();
        assert_eq!(names, expected, "{method} {route}?{query} {status}");
    }

    #[test]
    fn pages_filters_files_buttons_and_errors_are_told_apart() {
        check(Method::GET, "/team/{site}", "", 200, &["dashboard_viewed"]);
        check(Method::GET, "/people", "site=7&page=2", 200, &["dashboard_viewed", "filter_used"]);
        check(Method::GET, "/people", "site=&page=2", 200, &["dashboard_viewed"]);
        check(Method::GET, "/admin", "find=ana", 200, &["dashboard_viewed", "search"]);
        check(Method::GET, "/financial/export.xlsx", "from=2026-01-01", 200, &["export_triggered"]);
        check(Method::GET, "/me", "", 404, &[]);
        check(Method::GET, "/me", "", 500, &["error"]);
        check(Method::GET, "/api/v1/performance/me", "", 200, &[]);
        check(Method::POST, "/fn/give_kudos", "", 302, &["feature_clicked"]);
        check(Method::POST, "/fn/generate_roster", "", 302, &[]);
    }

    /// Whatever route there is, what is noted of it is as the list of events has it.
    #[test]
    fn every_route_can_be_noted() {
        for route in crate::access::ROUTES {
            for method in [Method::GET, Method::POST] {
                for (name, said) in done(route.path, &method, &["site".into()], StatusCode::OK, true) {
                    let Value::Object(said) = said else { panic!("an object") };
                    assert_eq!(muster::product::events::check(name, &said), Ok(name), "{}", route.path);
                }
            }
        }
    }
}
