//! Who may leave, on `/people`: by name for hr, in counts for others, and the worker sees who looked.

use axum::http::StatusCode;

use crate::house::House;
use crate::people::four_weeks;

/// Twelve people at work, and an estimate that Ana may leave by a model that is (not) better than tenure.
async fn estimated(shown: bool) -> House {
    let house = four_weeks().await;
    house.test.churn_model(shown).await;
    house.test.churn_risk(house.worker, "2026-03-30", "high", 0.41).await;
    house
}

#[tokio::test]
async fn hr_reads_why_and_what_could_help_and_the_worker_sees_it() {
    let house = estimated(true).await;
    let mut hanna = house.signed_in("hr@test").await;
    let page = hanna.get("/people").await.body;
    for words in
        ["Ana", "Hours fell by 40 %", "Agree on hours.", "Nobody has looked at this before you", "Model version 3"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(page.contains("41.0") && page.contains("risk-high"), "{page}");
    let again = hanna.get("/people?risk_band=high").await.body;
    assert!(again.contains("Looked before: ") && again.contains("The hr"), "{again}");
    let low = hanna.get("/people?risk_band=low").await.body;
    assert!(low.contains("Nobody like that on the list"), "{low}");
    let own = house.signed_in("worker@test").await.get("/me").await.body;
    assert!(own.contains("The hr (hr), at your churn risk"), "{own}");
}

#[tokio::test]
async fn who_sees_no_names_reads_counts_and_nobody_is_told_apart() {
    let house = estimated(true).await;
    for login in ["executive@test", "admin@test"] {
        let page = house.signed_in(login).await.get("/people").await.body;
        assert!(page.contains("You see counts without names") && page.contains("not told"), "{login}: {page}");
        assert!(!page.contains("Hours fell by 40 %") && !page.contains("Ana<"), "{login}: {page}");
    }
    let own = house.signed_in("worker@test").await.get("/me").await.body;
    assert!(!own.contains("churn risk)</span>") && !own.contains("at your churn risk"), "nobody looked at a name");
}

#[tokio::test]
async fn a_model_that_is_not_better_shows_nothing_and_says_why() {
    let house = estimated(false).await;
    let page = house.signed_in("hr@test").await.get("/people").await.body;
    assert!(
        page.contains("No estimate is shown") && page.contains("not clearly better than a simple answer"),
        "{page}"
    );
    assert!(!page.contains("Hours fell by 40 %"), "{page}");
}

#[tokio::test]
async fn an_address_that_makes_no_sense_is_refused_in_words() {
    let house = estimated(true).await;
    let mut hanna = house.signed_in("hr@test").await;
    for (address, words) in [
        ("/people?risk_band=worst", "choose high, medium or low"),
        ("/people?risk_page=0", "choose 1 to 500"),
        ("/people?risk_site=x", "choose one of the list"),
        ("/people?risk_band=high&risk_band=low", "twice"),
    ] {
        let answer = hanna.get(address).await;
        assert!(answer.status == StatusCode::BAD_REQUEST && answer.body.contains(words), "{address}: {}", answer.body);
    }
}
