//! The bell and what it leads to.

use axum::http::StatusCode;
use muster::notifications::{Kind, mute, notify};
use muster::people::Role;
use muster::units::UserId;
use uuid::Uuid;

use crate::house::House;

async fn tell(house: &House, to: UserId, kind: Kind, text: &str, link: &str) -> u64 {
    let mut tx = house.test.tx().await;
    let told = notify(&mut tx, &[to], kind, text, link, house.now).await.unwrap();
    tx.commit().await.unwrap();
    told
}

async fn newest(house: &House, of: UserId) -> Uuid {
    sqlx::query_scalar("select id from notifications where user_id = $1 order by created_at desc, id desc limit 1")
        .bind(of.0)
        .fetch_one(&mut house.db.owner().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_bell_counts_what_is_unread_on_every_page_and_opening_one_reads_it() {
    let house = House::new().await;
    let ana = house.add(Role::Worker).await;
    let mut visitor = house.signed_in("worker@test").await;
    assert!(visitor.get("/me").await.body.contains("aria-label=\"Notifications, nothing unread\""));
    tell(&house, ana, Kind::Kudos, "Ben thanked you <b>twice</b>.", "/me#kudos").await;
    assert!(visitor.get("/me").await.body.contains("aria-label=\"Notifications, 1 unread\""));
    let page = visitor.get("/notifications").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("<b>twice") && page.body.contains("&lt;b"), "escaped");
    assert!(page.body.contains("1 unread.") && page.body.contains("<title>Notifications · Muster</title>"));
    let form = format!("id={}", newest(&house, ana).await);
    for _ in 0..2 {
        let answer = visitor.post("/fn/open_notification", &form).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/me#kudos"));
    }
    let page = visitor.get("/notifications").await;
    assert!(
        page.body.contains("Everything is read.") && page.body.contains("Ben thanked you"),
        "read, and still there"
    );
}

#[tokio::test]
async fn what_somebody_else_was_told_does_not_exist() {
    let house = House::new().await;
    let ana = house.add(Role::Worker).await;
    house.add(Role::Supervisor).await;
    house.add_rivals_worker().await;
    tell(&house, ana, Kind::Dispute, "Only for Ana.", "/me#facts").await;
    let id = newest(&house, ana).await;
    for email in ["supervisor@test", "worker@rival"] {
        let mut visitor = house.signed_in(email).await;
        assert!(!visitor.get("/notifications").await.body.contains("Only for Ana."), "{email}");
        for form in [format!("id={id}"), "id=seven".into(), String::new()] {
            let answer = visitor.post("/fn/open_notification", &form).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{email} {form}");
        }
        visitor.post("/fn/read_notifications", "").await;
    }
    let mut ana = house.signed_in("worker@test").await;
    assert!(ana.get("/me").await.body.contains("Notifications, 1 unread"), "still unread");
}

#[tokio::test]
async fn all_is_read_with_one_button_and_the_page_says_so() {
    let house = House::new().await;
    let ana = house.add(Role::Worker).await;
    for nth in 0..3 {
        tell(&house, ana, Kind::Achievement, &format!("You earned number {nth}."), "/me#achievements").await;
    }
    let mut visitor = house.signed_in("worker@test").await;
    assert!(visitor.get("/notifications").await.body.contains("3 unread."));
    let answer = visitor.post("/fn/read_notifications", "").await;
    assert_eq!(answer.header("location"), "/notifications");
    let page = visitor.get("/notifications").await.body;
    assert!(page.contains("Everything is marked as read.") && page.contains("nothing unread"));
    assert!(!page.contains("/fn/read_notifications"), "nothing left to mark");
}

#[tokio::test]
async fn a_muted_kind_is_not_delivered_until_it_is_wanted_again() {
    let house = House::new().await;
    let ana = house.add(Role::Worker).await;
    let mut visitor = house.signed_in("worker@test").await;
    visitor.post("/fn/mute_notifications", "kind=kudos&mute=true").await;
    assert!(visitor.get("/notifications").await.body.contains("Kudos: you will not be told of these."));
    assert_eq!(tell(&house, ana, Kind::Kudos, "Unheard.", "/me").await, 0);
    assert_eq!(tell(&house, ana, Kind::Coaching, "Heard.", "/me").await, 1);
    let page = visitor.get("/notifications").await.body;
    assert!(page.contains("Heard.") && !page.contains("Unheard.") && page.contains("Tell me again"));
    visitor.post("/fn/mute_notifications", "kind=kudos&mute=false").await;
    assert_eq!(tell(&house, ana, Kind::Kudos, "Heard again.", "/me").await, 1);
    visitor.post("/fn/mute_notifications", "kind=gossip&mute=true").await;
    assert!(visitor.get("/notifications").await.body.contains("There is no such kind"));
}

#[tokio::test]
async fn old_news_are_on_later_pages_and_a_page_that_is_none_is_refused() {
    let house = House::new().await;
    let ana = house.add(Role::Worker).await;
    let mut visitor = house.signed_in("worker@test").await;
    let page = visitor.get("/notifications").await.body;
    assert!(page.contains("Nothing new") && !page.contains("class=\"pager\""));
    for nth in 0..25 {
        tell(&house, ana, Kind::Kudos, &format!("News {nth}."), "/me").await;
    }
    let first = visitor.get("/notifications").await.body;
    assert!(
        first.contains("News 24.") && !first.contains("News 4.") && first.contains("href=\"/notifications?page=2\"")
    );
    let second = visitor.get("/notifications?page=2").await.body;
    assert!(second.contains("News 4.") && !second.contains("News 24.") && !second.contains("?page=3"));
    assert!(visitor.get("/notifications?page=9").await.body.contains("There is nothing older"));
    for page in ["0", "-1", "two", "999999999", "1&page=2"] {
        assert_eq!(visitor.get(&format!("/notifications?page={page}")).await.status, StatusCode::BAD_REQUEST, "{page}");
    }
}

#[tokio::test]
async fn a_mute_is_of_one_user_alone() {
    let house = House::new().await;
    let (ana, boss) = (house.add(Role::Worker).await, house.add(Role::Supervisor).await);
    let mut tx = house.test.tx().await;
    mute(&mut tx, boss, Kind::Kudos).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(tell(&house, ana, Kind::Kudos, "Thanks.", "/me").await, 1);
}
