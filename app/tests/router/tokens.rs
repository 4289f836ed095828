//! REST tokens: a hash in the table, an area they open, an end.

use axum::http::{Request, StatusCode};
use chrono::{DateTime, Duration, Utc};
use muster::people::{Role, create_token, revoke_token, tokens_of};

use crate::house::{Answer, House, Visitor};

const ME: &str = "/api/v1/performance/me";

async fn house() -> House {
    let house = House::new().await;
    house.add(Role::Worker).await;
    house
}

async fn token(house: &House, scope: &str, expires: Option<DateTime<Utc>>) -> String {
    create_token(&house.db, "worker@test", "laptop", &[scope.into()], expires, house.now).await.unwrap()
}

async fn get(visitor: &mut Visitor, path: &str, token: &str) -> Answer {
    visitor.send(Request::get(path).header("authorization", format!("Bearer {token}")), "").await
}

#[tokio::test]
async fn a_token_opens_its_area_of_the_api_and_no_page() {
    let house = house().await;
    let mut visitor = house.visitor();
    let good = token(&house, "performance", None).await;
    let answer = get(&mut visitor, ME, &good).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(answer.body.contains("Ana"));
    assert_eq!(visitor.cookie, None, "a token opens no session");
    assert_eq!(get(&mut visitor, "/me", &good).await.status, StatusCode::SEE_OTHER);
    let other = token(&house, "analytics", None).await;
    assert_eq!(get(&mut visitor, ME, &other).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_expired_revoked_or_invented_token_opens_nothing() {
    let house = house().await;
    let mut visitor = house.visitor();
    let short = token(&house, "*", Some(house.now + Duration::hours(1))).await;
    assert_eq!(get(&mut visitor, ME, &short).await.status, StatusCode::OK);
    let mut later = visitor.after(&house, Duration::hours(2));
    assert_eq!(get(&mut later, ME, &short).await.status, StatusCode::UNAUTHORIZED);
    let [known] = &tokens_of(&house.db, "worker@test").await.unwrap()[..] else { panic!("one token") };
    revoke_token(&house.db, known.id, house.now).await.unwrap();
    for token in [short.as_str(), "muster_made_up", "", "'; drop table workers; --"] {
        let answer = get(&mut visitor, ME, token).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{token}");
        assert!(answer.header("content-type").starts_with("application/problem+json"));
    }
}

#[tokio::test]
async fn a_bad_token_is_not_saved_by_a_good_cookie() {
    let house = house().await;
    let mut visitor = house.signed_in("worker@test").await;
    assert_eq!(get(&mut visitor, ME, "muster_made_up").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_table_holds_only_a_hash_and_when_it_was_used() {
    let house = house().await;
    let good = token(&house, "*", None).await;
    get(&mut house.visitor(), ME, &good).await;
    let (hash, used): (String, Option<DateTime<Utc>>) =
        sqlx::query_as("select token_hash, last_used_at from api_tokens")
            .fetch_one(&mut house.db.owner().await)
            .await
            .unwrap();
    assert!(!hash.contains(&good) && !good.contains(&hash));
    assert!(used.is_some());
}

#[tokio::test]
async fn the_token_of_a_disabled_user_is_dead() {
    let house = house().await;
    let good = token(&house, "*", None).await;
    let mut tx = house.test.tx().await;
    sqlx::query("update users set status = 'disabled'").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(get(&mut house.visitor(), ME, &good).await.status, StatusCode::UNAUTHORIZED);
}
