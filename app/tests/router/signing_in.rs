//! Coming in: wrong passwords, locks that grow and end, and never a word on who has an account.

use axum::http::StatusCode;
use chrono::Duration;
use muster::people::Role;

use crate::house::{Answer, House, PASSWORD};

const WRONG: &str = "not-the-password-at-all";

async fn house() -> House {
    let house = House::new().await;
    house.add(Role::Worker).await;
    house
}

/// The page without the e-mail that was typed.
fn without(answer: &Answer, email: &str) -> (StatusCode, String) {
    (answer.status, answer.body.replace(email, "…"))
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_the_email_is_kept() {
    let house = house().await;
    let mut visitor = house.visitor();
    let answer = visitor.sign_in("worker@test", WRONG).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.body.contains("role=\"alert\"") && answer.body.contains("value=\"worker@test\""));
    assert!(!answer.body.contains(WRONG), "a password is never sent back");
    assert_eq!(visitor.get("/me").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_unknown_email_gets_the_same_answer_up_to_the_lock() {
    let house = house().await;
    for round in 0..8 {
        let mut known = house.visitor();
        let mut unknown = house.visitor();
        unknown.address = "192.0.2.99:1".parse().unwrap();
        let known = known.sign_in("worker@test", WRONG).await;
        let unknown = unknown.sign_in("nobody@test", WRONG).await;
        assert_eq!(without(&known, "worker@test"), without(&unknown, "nobody@test"), "round {round}");
    }
}

#[tokio::test]
async fn an_unknown_email_costs_as_much_time_as_a_wrong_password() {
    let house = house().await;
    let mut quickest = [std::time::Duration::MAX; 2];
    // On a busy machine a few rounds are needed until both have had a quiet moment. Each is after the lock of the last,
    // and from an address of its own: one that is locked out is refused at once.
    for round in 0..20 {
        for (nth, (email, quickest)) in ["worker@test", "nobody@test"].into_iter().zip(&mut quickest).enumerate() {
            let mut visitor = house.visitor_after(Duration::hours(2 * round));
            visitor.address = format!("198.51.{nth}.{round}:1").parse().unwrap();
            let begun = std::time::Instant::now();
            visitor.sign_in(email, WRONG).await;
            *quickest = begun.elapsed().min(*quickest);
        }
        let [known, unknown] = quickest;
        if round > 2 && unknown * 3 > known * 2 && known * 3 > unknown * 2 {
            return;
        }
    }
    panic!("known and unknown differ: {quickest:?}");
}

#[tokio::test]
async fn a_locked_account_says_when_to_try_again_and_unlocks() {
    let house = house().await;
    let mut visitor = house.visitor();
    for _ in 0..4 {
        assert_eq!(visitor.sign_in("worker@test", WRONG).await.status, StatusCode::UNAUTHORIZED);
    }
    let locked = visitor.sign_in("worker@test", WRONG).await;
    assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(locked.body.contains("try again in 30 seconds"), "{}", locked.body);
    assert_eq!(locked.header("retry-after"), "30");
    let right = visitor.sign_in("worker@test", PASSWORD).await;
    assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS, "while locked the right password does not help either");
    let mut later = visitor.after(&house, Duration::seconds(31));
    assert_eq!(later.sign_in("worker@test", PASSWORD).await.status, StatusCode::SEE_OTHER);
    let mut again = visitor.after(&house, Duration::seconds(32));
    assert_eq!(again.sign_in("worker@test", WRONG).await.status, StatusCode::UNAUTHORIZED, "success starts afresh");
}

#[tokio::test]
async fn each_failure_after_a_lock_doubles_the_wait() {
    let house = house().await;
    let mut passed = Duration::zero();
    let mut waits = Vec::new();
    for _ in 0..8 {
        let answer = house.visitor_after(passed).sign_in("worker@test", WRONG).await;
        if let Ok(seconds) = answer.header("retry-after").parse::<i64>() {
            waits.push(seconds);
            passed += Duration::seconds(seconds);
        }
    }
    assert_eq!(waits, [30, 60, 120, 240]);
}

#[tokio::test]
async fn an_address_that_tries_many_accounts_is_locked_and_others_are_not() {
    let house = house().await;
    let mut visitor = house.visitor();
    for guess in 0..20 {
        visitor.sign_in(&format!("guess{guess}@test"), WRONG).await;
    }
    assert_eq!(visitor.sign_in("worker@test", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    let mut elsewhere = house.visitor();
    elsewhere.address = "198.51.100.7:1".parse().unwrap();
    assert_eq!(elsewhere.sign_in("worker@test", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn guesses_sent_all_at_once_are_counted_too() {
    let house = house().await;
    let tries = (0..16).map(|number| {
        let mut visitor = house.visitor();
        let password = if number == 15 { PASSWORD } else { WRONG };
        async move { visitor.sign_in("worker@test", password).await.status }
    });
    let statuses = futures_util::future::join_all(tries).await;
    let refused = statuses.iter().filter(|status| **status == StatusCode::UNAUTHORIZED).count();
    assert!(refused <= 4, "{refused} guesses were looked at before the lock");
    assert_eq!(statuses[15], StatusCode::TOO_MANY_REQUESTS, "a right guess among them does not get in");
}

#[tokio::test]
async fn a_disabled_user_stays_out_with_the_usual_answer() {
    let house = house().await;
    let mut inside = house.signed_in("worker@test").await;
    let mut tx = house.test.tx().await;
    sqlx::query("update users set status = 'disabled'").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(inside.get("/me").await.status, StatusCode::SEE_OTHER, "the open session is over");
    assert_eq!(house.visitor().sign_in("worker@test", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn one_gets_back_to_where_one_was_and_never_to_a_foreign_address() {
    let house = house().await;
    let back = async |next: &str| {
        let form = format!("email=worker@test&password={PASSWORD}&next={next}");
        house.visitor().post("/sign-in", &form).await.header("location").to_owned()
    };
    assert_eq!(back("%2Fme%3Fdays%3D30").await, "/me?days=30");
    for foreign in ["https%3A%2F%2Fevil.test", "%2F%2Fevil.test", "%2F%5Cevil.test", "%2F%09%2Fevil.test", "evil.test"]
    {
        assert_eq!(back(foreign).await, "/", "{foreign}");
    }
}

#[tokio::test]
async fn the_form_is_there_without_javascript_and_takes_odd_bodies() {
    let house = house().await;
    let mut visitor = house.visitor();
    let page = visitor.get("/sign-in?next=/me").await;
    for part in ["method=\"post\"", "name=\"email\"", "name=\"password\"", "autocomplete=\"current-password\""] {
        assert!(page.body.contains(part), "{part}");
    }
    let long = format!("email={}&password={}", "x".repeat(5000), "y".repeat(5000));
    for form in ["", "email=&password=", "email=a%00b&password=%00", "%zz=%zz", long.as_str()] {
        let answer = visitor.post("/sign-in", form).await;
        assert!(answer.status.is_client_error(), "{form:.40}: {}", answer.status);
    }
}
