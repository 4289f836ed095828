//! The API as it is documented is the API as it is.

use std::collections::BTreeSet;

use app::api::document;
use app::server::paths;
use axum::http::StatusCode;

use crate::house::House;

#[test]
fn every_route_of_the_api_is_documented_and_every_documented_one_is_there() {
    let routed: BTreeSet<String> = paths().into_iter().filter(|path| path.starts_with("/api/v1/")).collect();
    let documented: BTreeSet<String> = document().paths.paths.into_keys().collect();
    assert_eq!(routed, documented);
}

#[tokio::test]
async fn the_document_is_for_anybody_and_says_how_to_sign_in() {
    let house = House::new().await;
    let answer = house.visitor().get("/api/openapi.json").await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
    let document: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    assert_eq!(document["components"]["securitySchemes"]["session"]["in"], "cookie");
}
