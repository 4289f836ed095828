//! What is held about me, what I agreed to, and how an administrator forgets somebody.

use axum::http::StatusCode;
use muster::people::Role;

use crate::house::House;

#[tokio::test]
async fn everybody_reads_and_takes_home_what_is_held_about_them_and_about_nobody_else() {
    let house = House::with_everybody().await;
    let mut worker = house.signed_in("worker@test").await;
    let page = worker.get("/privacy").await.body;
    assert!(page.contains("You at work") && page.contains("To roster, pay and support you"));
    let json = worker.get("/privacy/data.json").await;
    assert_eq!(json.header("content-type"), "application/json; charset=utf-8");
    assert!(json.header("content-disposition").starts_with("attachment; filename=\"my-data-"));
    assert_eq!(json.header("cache-control"), "private, no-store");
    assert!(json.body.contains("worker@test") && !json.body.contains("supervisor@test"));
    let csv = worker.get("/privacy/data.csv").await;
    assert!(csv.body.starts_with("what,table,record,field,value\r\n") && csv.body.contains(",email,worker@test\r\n"));
    let noted = worker.get("/privacy/data.json").await.body;
    assert!(noted.contains("took home the own data"), "taking it is on record, and is held too");
    assert!(worker.get("/me").await.body.contains("href=\"/privacy/data.json\""));

    let mut client = house.signed_in("client@test").await;
    let page = client.get("/privacy").await.body;
    assert!(page.contains("Your account") && !page.contains("Your tasks</th>"), "who is no worker has an account");
}

#[tokio::test]
async fn agreeing_and_taking_it_back_are_said_and_kept() {
    let house = House::with_everybody().await;
    let mut visitor = house.signed_in("finance@test").await;
    assert!(visitor.get("/privacy").await.body.contains("You did not agree: nothing is noted."));
    visitor.post("/fn/choose_consent", "purpose=product-analytics&agreed=true").await;
    let page = visitor.get("/privacy").await.body;
    assert!(page.contains("How the product is used: you agreed.") && page.contains("You agreed on "));
    visitor.post("/fn/choose_consent", "purpose=product-analytics&agreed=false").await;
    assert!(visitor.get("/privacy").await.body.contains("You did not agree: nothing is noted."));
    visitor.post("/fn/choose_consent", "purpose=everything&agreed=true").await;
    assert!(visitor.get("/privacy").await.body.contains("There is no such thing to agree to."));
}

#[tokio::test]
async fn an_administrator_finds_and_forgets_who_has_left_and_nobody_else_does() {
    let house = House::with_everybody().await;
    let leaver = house.test.worker("Zola Left").left("2026-03-01").await;
    let mut admin = house.signed_in("admin@test").await;
    let page = admin.get("/admin/privacy?find=zola").await.body;
    let link = format!("/admin/privacy?who=worker-{leaver}");
    assert!(page.contains("Zola Left") && page.contains(&link));
    assert!(admin.get("/admin/privacy?find=nobody+of+that+name").await.body.contains("Nobody is found"));
    assert!(admin.get(&link).await.body.contains("Forget for good"));

    let form = format!("who=worker-{leaver}&reason=Zola+Left+asked&confirm=");
    admin.post("/fn/forget_person", &form).await;
    let page = admin.get(&link).await.body;
    assert!(page.contains("Type the word forget to confirm") && page.contains("value=\"Zola Left asked\""));
    for other in ["supervisor@test", "hr@test", "platform@test"] {
        house.signed_in(other).await.post("/fn/forget_person", &format!("{form}forget")).await;
    }
    assert!(admin.get("/admin/privacy?find=zola").await.body.contains("Zola Left"), "nobody else forgets");

    let answer = admin.post("/fn/forget_person", &format!("{form}forget")).await;
    assert_eq!(answer.header("location"), "/admin/privacy");
    let page = admin.get("/admin/privacy").await.body;
    assert!(page.contains("Forgotten. The person is erased-") && page.contains(" asked"));
    assert!(!page.contains("Zola"));
    let again = admin.get("/admin/privacy?find=erased-").await.body;
    assert!(again.contains("(forgotten)"));

    let works_here = house.worker;
    admin.post("/fn/forget_person", &format!("who=worker-{works_here}&reason=x&confirm=forget")).await;
    assert!(admin.get("/admin/privacy").await.body.contains("This person works here."));
    let missing = admin.get("/admin/privacy?who=worker-00000000-0000-0000-0000-000000000000").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn how_long_what_is_kept_is_set_within_its_ranges_and_what_was_typed_stays() {
    let house = House::with_everybody().await;
    let mut admin = house.signed_in(&format!("{}@test", Role::Admin)).await;
    admin.post("/fn/set_retention", "coordinates_days=30&leavers_months=24").await;
    let page = admin.get("/admin/privacy").await.body;
    assert!(
        page.contains("The next night holds to it.") && page.contains("value=\"30\"") && page.contains("value=\"24\"")
    );
    admin.post("/fn/set_retention", "coordinates_days=soon&leavers_months=").await;
    let page = admin.get("/admin/privacy").await.body;
    assert!(page.contains("is not a number") && page.contains("value=\"soon\""));
    admin.post("/fn/set_retention", "coordinates_days=3&leavers_months=").await;
    assert!(admin.get("/admin/privacy").await.body.contains("kept for 7 to 730 days"));
    assert!(admin.get("/admin/privacy").await.body.contains("value=\"30\""));
}
