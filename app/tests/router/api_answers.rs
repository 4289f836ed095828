//! What every answer of the API carries, and what can be sent to it.

use axum::http::{Request, StatusCode};
use muster::people::{Role, create_token};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::house::{Answer, House, Visitor};

const ME: &str = "/api/v1/performance/me";
const KUDOS: &str = "/api/v1/performance/kudos";
const DISPUTES: &str = "/api/v1/performance/me/disputes";

async fn house() -> House {
    let house = House::new().await;
    house.add(Role::Worker).await;
    house
}

async fn token(house: &House) -> String {
    let scope = ["performance".to_owned()];
    format!("Bearer {}", create_token(&house.db, "worker@test", "laptop", &scope, None, house.now).await.unwrap())
}

async fn get_with(visitor: &mut Visitor, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
    visitor.send(request, "").await
}

/// Posts JSON as a program with a token does: there is no page it comes from.
async fn post(visitor: &mut Visitor, path: &str, token: &str, body: &Value) -> Answer {
    let request =
        Request::post(path).header("authorization", token).header("content-type", "application/json; charset=utf-8");
    visitor.send(request, &body.to_string()).await
}

fn body(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{}: {}", answer.status, answer.body))
}

async fn rows(house: &House, table: &str) -> i64 {
    let count = format!("select count(*) from {table}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(count)).fetch_one(&mut house.db.owner().await).await.unwrap()
}

#[tokio::test]
async fn an_answer_that_has_not_changed_is_not_sent_again() {
    let house = house().await;
    let mut visitor = house.signed_in("worker@test").await;
    let first = visitor.get(ME).await;
    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(first.header("cache-control"), "private, no-cache");
    assert!(first.headers.get_all("vary").iter().any(|vary| vary == "authorization, cookie"), "{:?}", first.headers);
    let tag = first.header("etag").to_owned();
    let again = get_with(&mut visitor, ME, &[("if-none-match", &tag)]).await;
    assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!((again.header("etag"), again.header("cache-control")), (tag.as_str(), "private, no-cache"));
    let other = get_with(&mut visitor, &format!("{ME}?to=2026-01-31"), &[("if-none-match", &tag)]).await;
    assert_eq!(other.status, StatusCode::OK, "another content has another tag");
    let zipped = get_with(&mut visitor, ME, &[("if-none-match", &tag), ("accept-encoding", "gzip")]).await;
    assert_eq!(zipped.status, StatusCode::NOT_MODIFIED, "however it travels");
}

#[tokio::test]
async fn a_tag_gives_nobody_what_somebody_else_saw() {
    let house = house().await;
    house.add_rivals_worker().await;
    let tag = house.signed_in("worker@test").await.get(ME).await.header("etag").to_owned();
    let mut rival = house.signed_in("worker@rival").await;
    assert_eq!(get_with(&mut rival, ME, &[("if-none-match", &tag)]).await.status, StatusCode::OK);
    let out = get_with(&mut house.visitor(), ME, &[("if-none-match", &tag)]).await;
    assert_eq!(out.status, StatusCode::UNAUTHORIZED);
    assert_eq!(out.header("etag"), "");
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back() {
    let house = house().await;
    house.add(Role::Admin).await;
    let (laptop, phone) = (token(&house).await, token(&house).await);
    let mut visitor = house.visitor_limited_to(2);
    for remaining in ["1", "0"] {
        let answer = get_with(&mut visitor, ME, &[("authorization", &laptop)]).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!((answer.header("ratelimit-limit"), answer.header("ratelimit-remaining")), ("2", remaining));
        assert!((1..=60).contains(&answer.header("ratelimit-reset").parse::<u64>().unwrap()));
    }
    let refused = get_with(&mut visitor, ME, &[("authorization", &laptop)]).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.header("content-type"), "application/problem+json");
    assert_eq!(refused.header("ratelimit-remaining"), "0");
    assert!((1..=30).contains(&refused.header("retry-after").parse::<u64>().unwrap()), "{:?}", refused.headers);
    assert!(refused.body.contains("try again in"), "{}", refused.body);
    let other = get_with(&mut visitor, ME, &[("authorization", &phone)]).await;
    assert_eq!(other.status, StatusCode::OK, "another token has requests of its own");
    visitor.sign_in("worker@test", crate::house::PASSWORD).await;
    assert_eq!(visitor.get(ME).await.status, StatusCode::OK, "and so has the session");
    for _ in 0..4 {
        assert_eq!(visitor.get("/me").await.status, StatusCode::OK, "pages are not counted");
    }
}

#[tokio::test]
async fn long_lists_come_page_by_page_and_nothing_twice() {
    let house = house().await;
    let (ben, cleo) = (house.test.worker("Ben").await, house.test.worker("Cleo").await);
    for (from, day) in
        [(ben, "2026-03-02"), (ben, "2026-03-09"), (cleo, "2026-03-09"), (ben, "2026-03-16"), (cleo, "2026-03-23")]
    {
        house.test.kudos(from, house.worker, day).await;
    }
    let mut visitor = house.signed_in("worker@test").await;
    let (mut seen, mut pages, mut next) = (Vec::new(), 0, String::new());
    loop {
        let page = body(&visitor.get(&format!("{KUDOS}?limit=2&cursor={next}")).await);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        seen.extend(items.iter().map(|it| (it["day"].as_str().unwrap().to_owned(), it["id"].to_string())));
        pages += 1;
        if pages == 1 {
            house.test.kudos(ben, house.worker, "2026-03-28").await;
        }
        match page["next"].as_str() {
            Some(cursor) => next = cursor.to_owned(),
            None => break,
        }
    }
    let days: Vec<&str> = seen.iter().map(|(day, _)| day.as_str()).collect();
    assert_eq!(days, ["2026-03-23", "2026-03-16", "2026-03-09", "2026-03-09", "2026-03-02"]);
    assert_ne!(seen[2].1, seen[3].1);
    assert_eq!(pages, 3);
}

#[tokio::test]
async fn a_program_thanks_a_colleague_once_however_often_it_sends_it() {
    let house = house().await;
    let colleague = house.test.worker("Ben").await;
    let token = token(&house).await;
    let mut visitor = house.visitor();
    let thanks = json!({ "to": colleague, "category": "safety", "message": "You saw the smoke." });
    let given = post(&mut visitor, KUDOS, &token, &thanks).await;
    assert_eq!(given.status, StatusCode::CREATED, "{}", given.body);
    assert!(body(&given)["id"].as_str().unwrap().parse::<Uuid>().is_ok());
    let again = post(&mut visitor, KUDOS, &token, &thanks).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.body);
    assert!(again.body.contains("You can thank the same person again"), "{}", again.body);
    assert_eq!(rows(&house, "kudos").await, 1);
}

#[tokio::test]
async fn what_cannot_be_sent_is_told_why() {
    let house = house().await;
    let colleague = house.test.worker("Ben").await;
    let token = token(&house).await;
    let mut visitor = house.visitor();
    let thanks =
        |to: Value, category: &str, message: &str| json!({ "to": to, "category": category, "message": message });
    for (sent, status, hint) in [
        (thanks(json!(colleague), "luck", "Well done"), StatusCode::BAD_REQUEST, "luck"),
        (thanks(json!("Ben"), "safety", "Well done"), StatusCode::BAD_REQUEST, "UUID"),
        (thanks(json!(colleague), "safety", " "), StatusCode::BAD_REQUEST, "Write a line"),
        (thanks(json!(colleague), "safety", "a\0b"), StatusCode::BAD_REQUEST, "not text"),
        (thanks(json!(house.worker), "safety", "Well done"), StatusCode::BAD_REQUEST, "choose somebody else"),
        (thanks(json!(house.rivals_worker), "safety", "Well done"), StatusCode::NOT_FOUND, "not one you can see"),
        (json!({ "to": colleague }), StatusCode::BAD_REQUEST, "category"),
        (json!({ "whom": colleague }), StatusCode::BAD_REQUEST, "whom"),
        (json!([]), StatusCode::BAD_REQUEST, "/api/docs"),
        (json!(null), StatusCode::BAD_REQUEST, "/api/docs"),
    ] {
        let answer = post(&mut visitor, KUDOS, &token, &sent).await;
        assert_eq!(answer.status, status, "{sent}: {}", answer.body);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{sent}");
        assert!(answer.body.contains(hint), "{sent}: {}", answer.body);
    }
    let form = Request::post(KUDOS)
        .header("authorization", &token)
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = visitor.send(form, "to=me").await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(answer.body.contains("application/json") && answer.header("content-type").contains("problem"));
    assert_eq!(rows(&house, "kudos").await, 0);
}

#[tokio::test]
async fn an_own_fact_is_found_disputed_once_and_then_among_the_disputes() {
    let house = crate::me::monday().await;
    crate::me::late(&house, house.worker).await;
    let token = token(&house).await;
    let mut visitor = house.visitor();
    let facts = body(&get_with(&mut visitor, "/api/v1/performance/me/facts", &[("authorization", &token)]).await);
    assert_eq!(facts[0]["day"], "2026-03-26", "{facts}");
    let dispute = json!({ "fact": facts[0]["fact"], "fact_id": facts[0]["id"], "note": "The gate was shut." });
    assert_eq!(post(&mut visitor, DISPUTES, &token, &dispute).await.status, StatusCode::CREATED);
    assert_eq!(post(&mut visitor, DISPUTES, &token, &dispute).await.status, StatusCode::CONFLICT);
    let filed = body(&get_with(&mut visitor, DISPUTES, &[("authorization", &token)]).await);
    assert_eq!((&filed["items"][0]["state"], &filed["items"][0]["fact_id"]), (&json!("open"), &facts[0]["id"]));
    let facts = body(&get_with(&mut visitor, "/api/v1/performance/me/facts", &[("authorization", &token)]).await);
    assert_eq!(facts, json!([]), "what is disputed is not offered again");
}

#[tokio::test]
async fn a_cookie_sends_nothing_from_a_foreign_page_and_no_role_sends_what_is_not_its_own() {
    let house = house().await;
    house.add(Role::Client).await;
    let colleague = house.test.worker("Ben").await;
    let thanks = json!({ "to": colleague, "category": "safety", "message": "Well done" }).to_string();
    let request = |origin: &str| {
        Request::post(KUDOS).header("origin", origin.to_owned()).header("content-type", "application/json")
    };
    let mut worker = house.signed_in("worker@test").await;
    let foreign = worker.send(request("https://evil.test"), &thanks).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    let mut client = house.signed_in("client@test").await;
    assert_eq!(client.send(request("https://muster.test"), &thanks).await.status, StatusCode::FORBIDDEN);
    assert_eq!(rows(&house, "kudos").await, 0);
    assert_eq!(worker.send(request("https://muster.test"), &thanks).await.status, StatusCode::CREATED);
}

const OF_SITES: [&str; 3] = ["team", "top-performers", "coaching-queue"];

#[tokio::test]
async fn a_site_that_is_not_ones_own_is_403_and_one_of_another_company_does_not_exist() {
    let house = House::with_everybody().await;
    let (other, rivals, nobodys) = (house.test.site("North").await, house.rival.home(), Uuid::now_v7());
    let mut supervisor = house.signed_in("supervisor@test").await;
    let mut hr = house.signed_in("hr@test").await;
    for name in OF_SITES {
        let at = |site: String| format!("/api/v1/performance/{name}/{site}");
        assert_eq!(supervisor.get(&at(house.home().to_string())).await.status, StatusCode::OK, "{name}");
        for site in [other.to_string(), rivals.to_string(), nobodys.to_string()] {
            assert_eq!(supervisor.get(&at(site)).await.status, StatusCode::FORBIDDEN, "{name}");
        }
        assert_eq!(hr.get(&at(other.to_string())).await.status, StatusCode::OK, "{name}");
        for site in [rivals.to_string(), nobodys.to_string()] {
            assert_eq!(hr.get(&at(site)).await.status, StatusCode::NOT_FOUND, "{name}");
        }
        for site in ["north", "7", "%00", "%ff"] {
            let answer = hr.get(&at(site.into())).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name} {site}");
            assert!(answer.header("content-type").contains("problem"), "{name} {site}");
        }
    }
}

#[tokio::test]
async fn names_are_only_where_the_table_shows_them_and_each_look_is_written_down_once() {
    let mut house = House::with_everybody().await;
    house.now = muster::testing::moment(house.test.organization().zone, muster::testing::date("2026-03-30"), "09:00");
    crate::me::eight_weeks(&house, house.worker).await;
    crate::me::night(&house).await;
    for (who, names) in [("supervisor", "team coaching-queue"), ("hr", "team"), ("executive", ""), ("admin", "")] {
        let mut visitor = house.signed_in(&format!("{who}@test")).await;
        for name in OF_SITES {
            let answer = visitor.get(&format!("/api/v1/performance/{name}/{}", house.home())).await;
            let named = answer.body.contains("\"Ana\"") || answer.body.contains(&house.worker.to_string());
            assert!(!named || names.contains(name), "{name} tells {who} who it is: {}", answer.body);
            assert!(named || name != "team" || names.is_empty(), "{name} does not tell {who}: {}", answer.body);
        }
    }
    let mut worker = house.signed_in("worker@test").await;
    let looks = body(&worker.get("/api/v1/performance/me/looks").await);
    let mut who: Vec<&str> =
        looks["items"].as_array().unwrap().iter().map(|look| look["role"].as_str().unwrap()).collect();
    who.sort_unstable();
    assert_eq!(who, ["hr", "supervisor"], "{looks}");
}
