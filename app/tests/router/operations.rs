//! The board through the router: who sees which sites, what the address may say, what stands where nothing is.

use axum::http::StatusCode;
use chrono::{DateTime, Duration, Utc};
use muster::units::{SiteId, WorkerId};
use uuid::Uuid;

use crate::house::{House, Visitor};

/// A shift of the home site or another that begins in so many hours and lasts eight.
pub async fn shift(house: &House, site: SiteId, worker: Option<WorkerId>, hours: i64) -> Uuid {
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
        ("open", "No shift is planned"),
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
    for query in ["show=nothing", "site=home", "page=0", "page=x", "show=open&show=there", "offer=1"] {
        let answer = scheduler.get(&format!("/operations?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

/// Posts a form and gives the page after the redirect.
async fn posted(visitor: &mut Visitor, action: &str, form: &str) -> String {
    let answer = visitor.post(&format!("/fn/{action}"), form).await;
    assert!(answer.status.is_redirection(), "{}: {}", answer.status, answer.body);
    let location = answer.header("location").split('#').next().unwrap_or_default().to_owned();
    visitor.get(&location).await.body
}

/// What a date-and-time field sends for so many hours from now, on the clock of the home site.
fn in_hours(house: &House, hours: i64) -> String {
    let local = (house.now + Duration::hours(hours)).with_timezone(&house.test.organization().zone);
    local.format("%Y-%m-%dT%H:%M").to_string()
}

#[tokio::test]
async fn a_shift_is_added_offered_and_accepted_without_a_script() {
    let house = House::with_everybody().await;
    let mut scheduler = house.signed_in("scheduler@test").await;
    let (starts, ends) = (in_hours(&house, 20), in_hours(&house, 28));
    let form = format!("site={}&starts={starts}&ends={ends}&skill=&back=show=open", house.home());
    let page = posted(&mut scheduler, "add_shift", &form).await;
    assert!(page.contains("The shift is added") && page.contains("Offer HOME") && page.contains("Ana"), "{page}");
    let at = page.find("name=\"shift\" value=\"").expect("the shift's field") + 20;
    let shift = page[at..at + 36].to_owned();
    let nobody = posted(&mut scheduler, "offer_shift", &format!("shift={shift}")).await;
    assert!(nobody.contains("Choose at least one person"), "{nobody}");
    let page = posted(&mut scheduler, "offer_shift", &format!("shift={shift}&to1={}", house.worker)).await;
    assert!(page.contains("Offered to Ana") && page.contains("1\u{a0}offer without an answer"), "{page}");

    let mut ana = house.signed_in("worker@test").await;
    let own = ana.get("/me").await.body;
    let at = own.find("name=\"offer\" value=\"").expect("the offer's field") + 20;
    let offer = own[at..at + 36].to_owned();
    let own = posted(&mut ana, "answer_offer", &format!("offer={offer}&answer=perhaps")).await;
    assert!(own.contains("Choose to accept or to decline"), "{own}");
    let own = posted(&mut ana, "answer_offer", &format!("offer={offer}&answer=accept")).await;
    assert!(own.contains("The shift is yours") && own.contains("You accepted the offer."), "{own}");
    let own = posted(&mut ana, "answer_offer", &format!("offer={offer}&answer=decline")).await;
    assert!(own.contains("answered this offer already"), "{own}");
    let page = scheduler.get("/operations").await.body;
    assert!(page.contains("Every shift has somebody"), "{page}");
}

#[tokio::test]
async fn what_the_form_refuses_it_says_and_keeps() {
    let house = House::with_everybody().await;
    let mut farai = house.signed_in("supervisor@test").await;
    let starts = in_hours(&house, 20);
    let form = format!("site={}&starts={starts}&ends=soon&skill=%3Cradio%3E", house.home());
    let page = posted(&mut farai, "add_shift", &form).await;
    assert!(page.contains("is no end") && page.contains(&starts) && page.contains("&lt;radio"), "{page}");
    let north = house.test.site("NORTH").await;
    let form = format!("site={north}&starts={starts}&ends={}", in_hours(&house, 28));
    let page = posted(&mut farai, "add_shift", &form).await;
    assert!(page.contains("That is not yours to do"), "{page}");
    let away = shift(&house, north, None, 20).await;
    let page = posted(&mut farai, "offer_shift", &format!("shift={}&to1={}", Uuid::now_v7(), house.worker)).await;
    assert!(page.contains("There is nothing here") || page.contains("There is no such site or shift"), "{page}");
    assert_eq!(farai.get(&format!("/operations?offer={away}")).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_executive_reads_and_finds_no_form() {
    let house = House::with_everybody().await;
    shift(&house, house.home(), None, 20).await;
    let mut executive = house.signed_in("executive@test").await;
    let page = executive.get("/operations").await.body;
    assert!(page.contains("Unfilled") && !page.contains("/fn/add_shift") && !page.contains("Offer it"), "{page}");
    let (starts, ends) = (in_hours(&house, 20), in_hours(&house, 28));
    let page = posted(&mut executive, "add_shift", &format!("site={}&starts={starts}&ends={ends}", house.home())).await;
    assert!(page.contains("supervisors act for their own sites"), "{page}");
}

#[tokio::test]
async fn an_offer_of_somebody_else_is_not_mine_to_answer() {
    let house = House::with_everybody().await;
    let ben = house.test.worker("Ben").await;
    let open = house.test.shift(None).on_day(house.now.date_naive() + chrono::Days::new(2)).await;
    let offer = house.test.shift_offer(&open, ben).await;
    let mut ana = house.signed_in("worker@test").await;
    let own = posted(&mut ana, "answer_offer", &format!("offer={offer}&answer=accept")).await;
    assert!(own.contains("not among yours"), "{own}");
}
