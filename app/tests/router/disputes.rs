//! A worker disputes an own fact, and nobody else's.

use axum::http::StatusCode;
use chrono::Days;
use muster::people::Role;
use uuid::Uuid;

use crate::house::{House, Visitor};

const NOTE: &str = "The gate was shut until ten past.";

async fn filed(house: &House) -> i64 {
    sqlx::query_scalar("select count(*) from disputes").fetch_one(&mut house.db.owner().await).await.unwrap()
}

/// Files it by the form; what the page then says.
async fn file(visitor: &mut Visitor, fact: &str, note: &str) -> String {
    let form = format!("fact=shift&fact_id={fact}&note={note}");
    let answer = visitor.post("/fn/file_dispute", &form).await;
    assert!(answer.status.is_redirection(), "{}: {}", answer.status, answer.body);
    assert!(answer.header("location").starts_with("/me"), "{}", answer.header("location"));
    let page = visitor.get("/me").await;
    assert_eq!(page.status, StatusCode::OK);
    page.body
}

#[tokio::test]
async fn an_own_late_is_disputed_once_and_the_page_says_so_once() {
    let house = House::new().await;
    house.add(Role::Worker).await;
    let day = house.now.date_naive() - Days::new(3);
    let late = house.test.shift(house.worker).on_day(day).clocked_in("06:31").await;
    let mut visitor = house.signed_in("worker@test").await;
    assert!(file(&mut visitor, &late.id.to_string(), NOTE).await.contains("Your dispute is filed"));
    assert!(!visitor.get("/me").await.body.contains("Your dispute is filed"), "a message is shown once");
    assert!(file(&mut visitor, &late.id.to_string(), NOTE).await.contains("You have disputed this already"));
    assert_eq!(filed(&house).await, 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_note_is_said_and_the_note_is_not_lost() {
    let house = House::new().await;
    house.add(Role::Worker).await;
    let day = house.now.date_naive() - Days::new(3);
    let late = house.test.shift(house.worker).on_day(day).clocked_in("06:31").await;
    let mut visitor = house.signed_in("worker@test").await;
    assert!(file(&mut visitor, &late.id.to_string(), "no").await.contains("Say in a few words"));
    let page = file(&mut visitor, &late.id.to_string(), "a%00note with what no database keeps").await;
    assert!(page.contains("a character that is not text"), "it says what is wrong");
    assert!(page.contains("anote with what no database keeps"), "and what was typed is still there");
    assert_eq!(filed(&house).await, 0);
}

#[tokio::test]
async fn a_fact_of_a_colleague_or_of_another_company_does_not_exist() {
    let house = House::new().await;
    house.add(Role::Worker).await;
    house.add(Role::Admin).await;
    let day = house.now.date_naive() - Days::new(3);
    let colleague = house.test.worker("Ben").await;
    let colleagues = house.test.shift(colleague).on_day(day).clocked_in("06:31").await;
    let rivals = house.rival.shift(house.rivals_worker).on_day(day).clocked_in("06:31").await;
    let own = house.test.shift(house.worker).on_day(day).clocked_in("06:31").await;
    let mut visitor = house.signed_in("worker@test").await;
    for fact in [colleagues.id.to_string(), rivals.id.to_string(), Uuid::now_v7().to_string(), "seven".into()] {
        let page = file(&mut visitor, &fact, NOTE).await;
        assert!(page.contains("That is not among what is recorded for you"), "{fact}");
    }
    let mut admin = house.signed_in("admin@test").await;
    file(&mut admin, &own.id.to_string(), NOTE).await;
    assert_eq!(filed(&house).await, 0, "an admin without a worker's record disputes nothing");
}
