//! What a foreign page can make a browser send changes nothing.

use axum::http::StatusCode;
use muster::people::Role;

use crate::house::{House, PASSWORD};

const FOREIGN: [&[(&str, &str)]; 5] = [
    &[("origin", "https://evil.test"), ("sec-fetch-site", "cross-site")],
    &[("origin", "https://evil.test")],
    &[("origin", "null")],
    &[("sec-fetch-site", "cross-site")],
    &[("origin", "https://sub.muster.test"), ("sec-fetch-site", "same-site")],
];

#[tokio::test]
async fn every_changing_request_from_a_foreign_origin_is_refused() {
    let house = House::new().await;
    house.add(Role::Worker).await;
    let mut visitor = house.signed_in("worker@test").await;
    for headers in FOREIGN {
        for (path, form) in [("/sign-out", ""), ("/fn/choose_theme", "theme=dark")] {
            let answer = visitor.post_from(path, form, headers).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
            assert!(answer.body.contains("nothing was changed"), "the page says so");
        }
    }
    let page = visitor.get("/me").await;
    assert_eq!(page.status, StatusCode::OK, "still signed in");
    assert!(!page.body.contains("data-theme=\"dark\""));
}

#[tokio::test]
async fn nobody_is_signed_in_by_a_foreign_page() {
    let house = House::new().await;
    house.add(Role::Worker).await;
    for headers in FOREIGN {
        let mut visitor = house.visitor();
        let form = format!("email=worker@test&password={PASSWORD}");
        let answer = visitor.post_from("/sign-in", &form, headers).await;
        assert_eq!((answer.status, visitor.cookie), (StatusCode::FORBIDDEN, None), "{headers:?}");
    }
}

#[tokio::test]
async fn a_session_cookie_beside_a_made_up_token_is_not_let_through() {
    let house = House::new().await;
    house.add(Role::Worker).await;
    let mut visitor = house.signed_in("worker@test").await;
    let headers = [("origin", "https://evil.test"), ("authorization", "Basic eDp5")];
    visitor.post_from("/sign-out", "", &headers).await;
    assert_eq!(visitor.get("/me").await.status, StatusCode::OK, "still signed in");
}
