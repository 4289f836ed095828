//! `/admin`: its front, the tokens, the cache. Users, log, policy and system have files of their own.

use axum::http::{Request, StatusCode};
use muster::people::{create_token, tokens_of};

use crate::house::{House, Visitor};

/// What is shown this once on an answer.
pub fn once(body: &str) -> String {
    let (_, rest) = body.split_once("<p class=\"admin-secret\"><code>").expect("a secret");
    rest.split_once("</code>").expect("its end").0.to_owned()
}

async fn ask(visitor: &mut Visitor, path: &str, token: &str) -> StatusCode {
    visitor.send(Request::get(path).header("authorization", format!("Bearer {token}")), "").await.status
}

#[tokio::test]
async fn the_front_leads_to_every_part_and_the_platform_only_to_the_machinery() {
    let house = House::with_everybody().await;
    let mut admin = house.signed_in("admin@test").await;
    let front = admin.get("/admin").await.body;
    for part in ["users", "targets", "scores", "audit", "tokens", "privacy", "jobs", "system", "cache"] {
        assert!(front.contains(&format!("href=\"/admin/{part}\"")), "{part}");
        assert_eq!(admin.get(&format!("/admin/{part}")).await.status, StatusCode::OK, "{part}");
    }
    let mut platform = house.signed_in("platform@test").await;
    let front = platform.get("/admin").await.body;
    assert!(front.contains("href=\"/admin/jobs\"") && front.contains("href=\"/admin/system\""));
    for part in ["users", "scores", "audit", "tokens", "cache"] {
        assert!(!front.contains(&format!("href=\"/admin/{part}\"")), "{part}");
        assert_eq!(platform.get(&format!("/admin/{part}")).await.status, StatusCode::FORBIDDEN, "{part}");
    }
}

#[tokio::test]
async fn a_token_is_shown_once_opens_what_was_chosen_and_is_revoked() {
    let house = House::with_everybody().await;
    let mut admin = house.signed_in("admin@test").await;
    assert!(admin.get("/admin/tokens").await.body.contains("There is no token"));
    let made = admin.post("/fn/make_token", "name=Wall+screen&opens=analytics&opens=operational&days=30").await;
    assert_eq!((made.status, made.header("cache-control")), (StatusCode::OK, "private, no-store"));
    let token = once(&made.body);
    assert!(token.starts_with("muster_"));
    let mut program = house.visitor();
    assert_eq!(ask(&mut program, "/api/v1/analytics/executive", &token).await, StatusCode::OK);
    assert_eq!(ask(&mut program, "/api/v1/performance/me", &token).await, StatusCode::UNAUTHORIZED);

    let page = admin.get("/admin/tokens").await.body;
    assert!(page.contains("Wall screen") && page.contains("The admin") && page.contains("analytics, operational"));
    assert!(!page.contains(&token), "it is shown once");
    let id = tokens_of(&house.db, "admin@test").await.unwrap()[0].id;
    admin.post("/fn/revoke_token", &format!("token={id}")).await;
    assert!(admin.get("/admin/tokens").await.body.contains("‘Wall screen’ opens nothing any more."));
    assert_eq!(ask(&mut program, "/api/v1/analytics/executive", &token).await, StatusCode::UNAUTHORIZED);
    let log = admin.get("/admin/audit?what=token").await.body;
    assert!(log.contains("made token") && log.contains("revoked token") && !log.contains(&token));
}

#[tokio::test]
async fn a_token_that_cannot_be_made_keeps_what_was_typed() {
    let house = House::with_everybody().await;
    let mut admin = house.signed_in("admin@test").await;
    let check = async |admin: &mut Visitor, form: &str, said: &str| {
        let answer = admin.post("/fn/make_token", form).await;
        assert_eq!(answer.header("location"), "/admin/tokens", "{form}");
        let page = admin.get("/admin/tokens").await.body;
        assert!(page.contains(said), "{form}: {page}");
        page
    };
    check(&mut admin, "name=&opens=analytics&days=30", "Say what the token is for").await;
    check(&mut admin, "name=a&opens=everything&days=30", "is no part of the API").await;
    check(&mut admin, "name=a&opens=analytics&days=100000", "Choose when the token ends").await;
    let page = check(&mut admin, "name=Night+screen&days=7", "Choose at least one part").await;
    assert!(page.contains("value=\"Night screen\""));
}

#[tokio::test]
async fn another_companys_token_is_neither_listed_nor_revoked() {
    let house = House::with_everybody().await;
    house.add_rivals_worker().await;
    create_token(&house.db, "worker@rival", "their screen", &["*".into()], None, house.now).await.unwrap();
    let id = tokens_of(&house.db, "worker@rival").await.unwrap()[0].id;
    let mut admin = house.signed_in("admin@test").await;
    assert!(!admin.get("/admin/tokens").await.body.contains("their screen"));
    admin.post("/fn/revoke_token", &format!("token={id}")).await;
    assert!(admin.get("/admin/tokens").await.body.contains("not one you can see"));
    assert_eq!(tokens_of(&house.db, "worker@rival").await.unwrap()[0].revoked_at, None);
}

#[tokio::test]
async fn the_cache_counts_what_it_served_and_forgets_it_when_told() {
    let house = House::with_everybody().await;
    let mut admin = house.signed_in("admin@test").await;
    assert!(admin.get("/admin/cache").await.body.contains("Nothing was kept yet"));
    for _ in 0..3 {
        assert_eq!(admin.get("/financial").await.status, StatusCode::OK);
    }
    let page = admin.get("/admin/cache").await.body;
    // A look keeps two: the month, and what came in today.
    assert!(page.contains("4 of 6 times") && page.contains("Forget what is kept"), "{page}");
    admin.post("/fn/clear_cache", "").await;
    let page = admin.get("/admin/cache").await.body;
    assert!(page.contains("2\u{a0}answers are forgotten"), "{page}");
    assert!(admin.get("/admin/audit?what=cache").await.body.contains("cleared cache"));
}

#[tokio::test]
async fn a_target_is_changed_within_reason_noted_and_goes_back_to_the_default() {
    let house = House::with_everybody().await;
    let mut admin = house.signed_in("admin@test").await;
    let page = admin.get("/admin/targets").await.body;
    assert!(page.contains("Fill rate") && page.contains("Nothing was changed yet") && !page.contains("D7 retention"));
    let set = "kpi=fill_rate&target=96.5&critical=90&weight=30&warning=";
    for (warning, said) in [("99", "More is better here"), ("a+lot", "Write the warning as a number")] {
        let answer = admin.post("/fn/set_target", &format!("{set}{warning}")).await;
        assert_eq!(answer.header("location"), "/admin/targets#fill_rate");
        let page = admin.get("/admin/targets").await.body;
        assert!(page.contains(said) && page.contains(&format!("value=\"{}\"", warning.replace('+', " "))), "{page}");
        assert!(page.contains("Nothing was changed yet"));
    }
    admin.post("/fn/set_target", &format!("{set}93,5")).await;
    let page = admin.get("/admin/targets").await.body;
    assert!(
        page.contains("this is asked from now on")
            && page.contains("value=\"93.5\"")
            && page.contains("value=\"96.5\"")
    );
    assert!(page.contains("target 95.0\u{a0}% → 96.5\u{a0}%") && page.contains("weight 20 → 30"), "{page}");
    admin.post("/fn/reset_target", "kpi=fill_rate").await;
    let page = admin.get("/admin/targets").await.body;
    assert!(
        page.contains("the default holds again") && page.contains("reset target") && !page.contains("value=\"96.5\"")
    );
}

#[tokio::test]
async fn targets_are_each_companys_own_and_each_set_is_its_readers() {
    let house = House::with_everybody().await;
    let mut admin = house.signed_in("admin@test").await;
    admin.post("/fn/set_target", "kpi=churn&target=3&warning=4&critical=5&weight=10").await;
    assert!(
        admin.get("/admin/targets").await.body.contains("Nothing was changed yet"),
        "the product set is the platform's"
    );
    admin.post("/fn/set_target", "kpi=no_such&target=3&warning=4&critical=5&weight=10").await;
    assert!(admin.get("/admin/targets").await.body.contains("not one you can see"));
    admin.post("/fn/set_target", "kpi=sla&target=99&warning=98&critical=97&weight=20").await;
    let mut rival = house.rival.tx().await;
    let theirs = muster::alignment::targets(&mut rival).await.unwrap();
    assert!(!theirs.is_own(muster::alignment::Kpi::Sla));
    let mut platform = house.signed_in("platform@test").await;
    let page = platform.get("/admin/targets").await.body;
    assert!(page.contains("D7 retention") && !page.contains("Fill rate"));
    for other in ["executive@test", "hr@test"] {
        let mut visitor = house.signed_in(other).await;
        assert_eq!(visitor.get("/admin/targets").await.status, StatusCode::FORBIDDEN, "{other}");
        assert_eq!(visitor.post("/fn/set_target", "kpi=sla").await.status, StatusCode::FORBIDDEN, "{other}");
    }
}

#[tokio::test]
async fn the_alignment_page_tells_whether_the_machinery_is_well() {
    let house = House::with_everybody().await;
    for who in ["admin@test", "executive@test", "platform@test"] {
        let page = house.signed_in(who).await.get("/alignment").await.body;
        assert!(page.contains("id=\"system-health\"") && page.contains("Migrations"), "{who}: {page}");
        assert_eq!(page.contains("href=\"/admin/system\""), who != "executive@test", "{who}");
    }
}
