//! The board through the router: who sees which sites, what the address may say, what stands where nothing is.

use axum::http::StatusCode;
use chrono::{DateTime, Duration, Utc};
use muster::units::{SiteId, WorkerId};
use uuid::Uuid;

use crate::house::House;

/// A shift of the home site or another that begins in so many hours and lasts eight.
async fn shift(house: &House, site: SiteId, worker: Option<WorkerId>, hours: i64) -> Uuid {
    let (id, starts) = (Uuid::now_v7(), house.now + Duration::hours(hours));
    let mut tx = house.test.tx().await;
    sqlx::query(
        "insert into shifts (org_id, id, ref, site_id, worker_id, day, starts_at, ends_at, posted_at)
         values ($1, $2, $2::text, $3, $4, ($5 at time zone 'Africa/Johannesburg')::date, $5, $6, $7)",
    )
    .bind(house.test.org().0)
    .bind(id)
    .bind(site.0)
    .bind(worker.map(|worker| worker.0))
    .bind::<DateTime<Utc>>(starts)
    .bind(starts + Duration::hours(8))
    .bind(house.now - Duration::days(3))
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn an_empty_board_says_what_would_stand_there() {
    let house = House::with_everybody().await;
    let mut scheduler = house.signed_in("scheduler@test").await;
    for (list, said) in [
        ("open", "Every shift has somebody"),
        ("at-risk", "No model is shown yet"),
        ("shifts", "No shift is planned"),
        ("there", "Nobody is clocked in"),
        ("available", "Ana"),
        ("certifications", "Nothing expires soon"),
    ] {
        let answer = scheduler.get(&format!("/operations?show={list}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{list}");
        assert!(answer.body.contains(said), "{list}: {}", answer.body);
    }
}

#[tokio::test]
async fn the_most_urgent_open_shift_comes_first() {
    let house = House::with_everybody().await;
    let later = shift(&house, house.home(), None, 30).await;
    let soon = shift(&house, house.home(), None, 3).await;
    shift(&house, house.home(), Some(house.worker), 4).await;
    let mut scheduler = house.signed_in("scheduler@test").await;
    let page = scheduler.get("/operations").await.body;
    let place = |id: Uuid| page.find(&format!("id=\"shift-{id}\"")).unwrap_or_else(|| panic!("no {id}: {page}"));
    assert!(place(soon) < place(later));
    assert!(page.contains("In less than 8 hours") && page.contains("In less than 48 hours"));
    let all = scheduler.get("/operations?show=shifts").await.body;
    assert!(all.contains("filled") && all.contains("Ana"));
}

#[tokio::test]
async fn a_supervisor_sees_the_own_sites_and_no_other() {
    let house = House::with_everybody().await;
    let north = house.test.site("NORTH").await;
    let (home, away) = (shift(&house, house.home(), None, 5).await, shift(&house, north, None, 5).await);
    let mut farai = house.signed_in("supervisor@test").await;
    let page = farai.get("/operations").await.body;
    assert!(page.contains(&home.to_string()) && !page.contains(&away.to_string()));
    assert_eq!(farai.get(&format!("/operations?site={north}")).await.status, StatusCode::FORBIDDEN);
    for role in ["scheduler", "executive", "admin"] {
        let mut visitor = house.signed_in(&format!("{role}@test")).await;
        let page = visitor.get("/operations").await.body;
        assert!(page.contains(&home.to_string()) && page.contains(&away.to_string()), "{role}");
        let page = visitor.get(&format!("/operations?site={north}")).await.body;
        assert!(!page.contains(&home.to_string()) && page.contains(&away.to_string()), "{role}");
        let rivals = format!("/operations?site={}", house.rival.home());
        assert_eq!(visitor.get(&rivals).await.status, StatusCode::NOT_FOUND, "{role}");
    }
}

#[tokio::test]
async fn what_the_address_cannot_mean_is_refused() {
    let house = House::with_everybody().await;
    let mut scheduler = house.signed_in("scheduler@test").await;
    for query in ["show=nothing", "site=home", "page=0", "page=x", "show=open&show=there"] {
        let answer = scheduler.get(&format!("/operations?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
}
