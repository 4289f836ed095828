//! Sessions: rotated, hashed, bound to a strict cookie, ended by idleness, by age, and by leaving.

use axum::http::StatusCode;
use chrono::Duration;
use muster::people::Role;

use crate::house::{House, PASSWORD};

async fn house() -> House {
    let house = House::new().await;
    house.add(Role::Worker).await;
    house
}

#[tokio::test]
async fn the_cookie_is_as_strict_as_cookies_get() {
    let house = house().await;
    let answer = house.visitor().sign_in("worker@test", PASSWORD).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-"), "{cookie}");
    for part in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{part} is missing in {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
}

#[tokio::test]
async fn signing_in_again_gives_another_id_and_ends_the_old_one() {
    let house = house().await;
    let mut visitor = house.signed_in("worker@test").await;
    let mut thief = visitor.clone();
    visitor.sign_in("worker@test", PASSWORD).await;
    assert_ne!(visitor.cookie, thief.cookie);
    assert_eq!(visitor.get("/me").await.status, StatusCode::OK);
    assert_eq!(thief.get("/me").await.status, StatusCode::SEE_OTHER, "an id from before signing in opens nothing");
}

#[tokio::test]
async fn an_id_that_somebody_planted_is_not_taken_over() {
    let house = house().await;
    let mut visitor = house.visitor();
    visitor.cookie = Some("__Host-muster=AAAAAAAAAAAAAAAAAAAAAA".into());
    visitor.sign_in("worker@test", PASSWORD).await;
    assert_ne!(visitor.cookie.as_deref(), Some("__Host-muster=AAAAAAAAAAAAAAAAAAAAAA"));
    assert_eq!(visitor.get("/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_table_holds_no_id_that_opens_anything() {
    let house = house().await;
    let visitor = house.signed_in("worker@test").await;
    let (_, id) = visitor.cookie.as_deref().and_then(|cookie| cookie.split_once('=')).expect("a cookie");
    let rows: Vec<(String, String)> =
        sqlx::query_as("select id, data::text from sessions").fetch_all(&mut house.db.owner().await).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert!(rows.iter().all(|(key, data)| !key.contains(id) && !data.contains(id)));
}

#[tokio::test]
async fn an_idle_session_ends_and_says_so() {
    let house = house().await;
    let visitor = house.signed_in("worker@test").await;
    let mut after_lunch = visitor.after(&house, Duration::hours(11));
    assert_eq!(after_lunch.get("/me?days=30").await.status, StatusCode::OK);
    let mut next_day = after_lunch.after(&house, Duration::hours(24));
    let answer = next_day.get("/me?days=30").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/sign-in?next=%2Fme%3Fdays%3D30&expired=1");
    let page = next_day.get(answer.header("location")).await;
    assert!(page.body.contains("Your session has ended"), "{}", page.body);
    assert!(page.body.contains("value=\"/me?days=30\""), "and one gets back to where one was");
}

#[tokio::test]
async fn a_session_in_use_goes_on_but_not_for_ever() {
    let house = house().await;
    let mut visitor = house.signed_in("worker@test").await;
    let mut hours = 0;
    let ended = loop {
        hours += 8;
        visitor = visitor.after(&house, Duration::hours(hours));
        match visitor.get("/me").await.status {
            StatusCode::OK => {}
            other => break other,
        }
        assert!(hours < 1000, "it goes on for ever");
    };
    assert_eq!((ended, hours), (StatusCode::SEE_OTHER, 7 * 24));
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let house = house().await;
    let mut visitor = house.signed_in("worker@test").await;
    let mut copy = visitor.clone();
    let answer = visitor.post("/sign-out", "").await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/sign-in"));
    assert_eq!(copy.get("/me").await.status, StatusCode::SEE_OTHER);
    let left: i64 =
        sqlx::query_scalar("select count(*) from sessions").fetch_one(&mut house.db.owner().await).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_request_that_was_under_way_does_not_bring_an_ended_session_back() {
    use tower_sessions::{Session, SessionStore};
    let house = house().await;
    let visitor = house.signed_in("worker@test").await;
    let (_, id) = visitor.cookie.as_deref().and_then(|cookie| cookie.split_once('=')).expect("a cookie");
    let store = app::sessions::Store::new((*house.db).clone(), muster::clock::Clock::fixed(house.now));
    let under_way = Session::new(Some(id.parse().expect("an id")), std::sync::Arc::new(store.clone()), None);
    under_way.insert("flash", "a word").await.unwrap();
    visitor.clone().post("/sign-out", "").await;
    under_way.save().await.ok();
    assert!(store.load(&id.parse().expect("an id")).await.unwrap().is_none());
}

#[tokio::test]
async fn a_new_password_ends_the_sessions_and_lifts_the_lock() {
    let house = house().await;
    let mut visitor = house.signed_in("worker@test").await;
    for _ in 0..6 {
        house.visitor().sign_in("worker@test", "not-the-password-at-all").await;
    }
    muster::people::accounts::reset_password(&house.db, "worker@test", "another-gate-at-seven").await.unwrap();
    assert_eq!(visitor.get("/me").await.status, StatusCode::SEE_OTHER);
    let mut elsewhere = house.visitor();
    assert_eq!(elsewhere.sign_in("worker@test", "another-gate-at-seven").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_theme_is_remembered_and_there_before_the_first_paint() {
    let house = house().await;
    let mut visitor = house.signed_in("worker@test").await;
    assert!(!visitor.get("/me").await.body.contains("data-theme="));
    let answer = visitor.post("/fn/choose_theme", "theme=dark").await;
    assert!(answer.status.is_redirection(), "{}", answer.status);
    assert!(visitor.get("/me").await.body.contains("data-theme=\"dark\""));
    let answer = visitor.post("/fn/choose_theme", "theme=%22%3E%3Cscript%3E").await;
    assert!(!answer.status.is_server_error() || answer.status.is_redirection(), "{}", answer.status);
    assert!(visitor.get("/me").await.body.contains("data-theme=\"dark\""));
}

#[tokio::test]
async fn one_sees_where_one_is_signed_in_and_ends_the_others() {
    let house = house().await;
    let mut here = house.signed_in("worker@test").await;
    let (mut phone, mut library) = (house.signed_in("worker@test").await, house.signed_in("worker@test").await);
    let iphone =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Mobile/15E Safari/604.1";
    let form = format!("email=worker@test&password={PASSWORD}");
    phone.post_from("/sign-in", &form, &[("origin", "https://muster.test"), ("user-agent", iphone)]).await;

    let page = here.get("/sessions").await.body.replace('\u{a0}', " ");
    assert!(page.contains("3 sessions") && page.contains("Safari on a phone"), "{page}");
    assert!(page.contains("192.0.2.0/24") && !page.contains("192.0.2.1"), "the network, never the address: {page}");
    assert_eq!(page.matches("this one").count(), 1);
    let (_, cookie) = here.cookie.as_deref().and_then(|cookie| cookie.split_once('=')).expect("a cookie");
    assert!(!page.contains(cookie), "a page is no key");

    let of_the_phone: String = sqlx::query_scalar("select id from sessions where agent = 'Safari on a phone'")
        .fetch_one(&mut house.db.owner().await)
        .await
        .unwrap();
    let answer = here.post("/fn/end_sessions", &format!("session={of_the_phone}")).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/sessions"));
    assert_eq!(phone.get("/me").await.status, StatusCode::SEE_OTHER, "it is signed out");
    assert_eq!(library.get("/me").await.status, StatusCode::OK, "and nobody else is");

    here.post("/fn/end_sessions", "").await;
    assert_eq!(library.get("/me").await.status, StatusCode::SEE_OTHER);
    let page = here.get("/sessions").await.body.replace('\u{a0}', " ");
    assert!(page.contains("1 session") && page.contains("Signed out: 1 other session"), "{page}");
}

#[tokio::test]
async fn nobody_ends_the_session_of_somebody_else() {
    let house = house().await;
    house.add(Role::Finance).await;
    let mut own = house.signed_in("worker@test").await;
    let of_mine: String =
        sqlx::query_scalar("select id from sessions").fetch_one(&mut house.db.owner().await).await.unwrap();
    let mut other = house.signed_in("finance@test").await;
    other.post("/fn/end_sessions", &format!("session={of_mine}")).await;
    other.post("/fn/end_sessions", "").await;
    assert_eq!(own.get("/me").await.status, StatusCode::OK);
    assert!(!other.get("/sessions").await.body.contains(&of_mine));
}
