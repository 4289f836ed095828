//! Making a roster through the router, without a script: who may, what is said, and what becomes of it.

use axum::http::StatusCode;
use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, Utc};
use muster::units::{SiteId, WorkerId};
use uuid::Uuid;

use crate::house::{House, Visitor};

/// The Monday of the week after next, so that nothing of it has begun.
fn monday(house: &House) -> NaiveDate {
    let today = house.now.with_timezone(&house.test.organization().zone).date_naive();
    today + Days::new(14 - u64::from(today.weekday().num_days_from_monday()))
}

fn week(house: &House) -> String {
    let week = monday(house).iso_week();
    format!("{}-W{:02}", week.year(), week.week())
}

/// A shift on a day of that week, from 08:00 on for six hours.
async fn shift(house: &House, site: SiteId, worker: Option<WorkerId>, day: u64) -> Uuid {
    let on = monday(house) + Days::new(day);
    let starts = muster::testing::moment(house.test.organization().zone, on, "08:00");
    let id = Uuid::now_v7();
    let mut tx = house.test.tx().await;
    sqlx::query(
        "insert into shifts (org_id, id, ref, site_id, worker_id, day, starts_at, ends_at, posted_at) values ($1, $2, $2::text, $3, $4, $5, $6, $7, $8)",
    )
    .bind(house.test.org().0)
    .bind(id)
    .bind(site.0)
    .bind(worker.map(|worker| worker.0))
    .bind(on)
    .bind::<DateTime<Utc>>(starts)
    .bind(starts + Duration::hours(6))
    .bind(house.now)
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id
}

/// Posts a form; gives where it leads to and the page there.
async fn posted(visitor: &mut Visitor, action: &str, form: &str) -> (String, String) {
    let answer = visitor.post(&format!("/fn/{action}"), form).await;
    assert!(answer.status.is_redirection(), "{}: {}", answer.status, answer.body);
    let location = answer.header("location").split('#').next().unwrap_or_default().to_owned();
    let body = visitor.get(&location).await.body;
    (location, body)
}

async fn generated(house: &House, visitor: &mut Visitor) -> (String, String) {
    let form = format!("site={}&week={}", house.home(), week(house));
    posted(visitor, "generate_roster", &form).await
}

#[tokio::test]
async fn a_roster_is_proposed_changed_and_confirmed_without_a_script() {
    let house = House::with_everybody().await;
    house.test.worker("Ben <b>").await;
    let (one, _) = (shift(&house, house.home(), None, 1).await, shift(&house, house.home(), None, 3).await);
    let mut sam = house.signed_in("scheduler@test").await;
    let address = format!("/operations/roster?site={}&week={}", house.home(), week(&house));
    let page = sam.get(&address).await.body;
    assert!(page.contains("Propose a roster for 2\u{a0}open shifts"), "{page}");
    assert!(sam.get("/operations").await.body.contains("href=\"/operations/roster\""));

    let (location, page) = generated(&house, &mut sam).await;
    assert!(location.starts_with("/operations/roster/"), "{location}");
    assert!(
        page.contains("A draft, asked for by The scheduler")
            && page.contains("Confirm and tell everybody: 2\u{a0}shifts")
    );
    assert!(page.contains("free, qualified and rested, as is one other") && page.contains("What would raise it most"));
    let id = location.trim_start_matches("/operations/roster/").to_owned();
    let choices = sam.get(&format!("{location}?change={one}")).await.body;
    assert!(choices.contains("Who should have it") && !choices.contains("Ben <b>"), "{choices}");
    let at = choices.find("name=\"to\" value=\"").expect("somebody to choose") + 17;
    let other = choices[at..at + 36].to_owned();

    let (_, page) =
        posted(&mut sam, "change_roster_line", &format!("proposal={id}&shift={one}&to={other}&reason=")).await;
    assert!(page.contains("Say why in a few words") && page.contains("checked"), "{page}");
    let form = format!("proposal={id}&shift={one}&to={other}&reason=%3C%2Ftextarea%3Eknows+the+gate");
    let (_, page) = posted(&mut sam, "change_roster_line", &form).await;
    assert!(page.contains("Chosen by The scheduler") && !page.contains("</textarea>knows"), "{page}");
    assert!(page.contains("1\u{a0}line changed by hand"), "{page}");

    let (_, page) = posted(&mut sam, "confirm_roster", &format!("proposal={id}")).await;
    assert!(page.contains("2\u{a0}shifts are given to") && page.contains("Confirmed by The scheduler"), "{page}");
    assert!(!page.contains("/fn/confirm_roster"), "there is nothing left to confirm");
    let (_, page) = posted(&mut sam, "confirm_roster", &format!("proposal={id}")).await;
    assert!(page.contains("had been confirmed already"), "{page}");
    let page = sam.get(&address).await.body;
    assert!(page.contains("Nothing is open") && page.contains("Confirmed<!>, asked for by"), "{page}");
}

#[tokio::test]
async fn a_proposal_is_for_those_of_the_site_and_an_executive_only_reads_it() {
    let house = House::with_everybody().await;
    let north = house.test.site("NORTH").await;
    shift(&house, house.home(), None, 1).await;
    shift(&house, north, None, 1).await;
    let mut farai = house.signed_in("supervisor@test").await;
    let (location, page) = generated(&house, &mut farai).await;
    assert!(page.contains("Confirm and tell everybody"), "{page}");
    let id = location.trim_start_matches("/operations/roster/").to_owned();
    let mut eve = house.signed_in("executive@test").await;
    let page = eve.get(&location).await;
    assert_eq!(page.status, StatusCode::OK);
    let read = crate::executive::text_between(&page.body, "<main", "</main>");
    assert!(read.contains("What the quality is made of"), "{read}");
    assert!(!page.body.contains("_roster"), "no form changes it: {}", page.body);
    let (_, page) = posted(&mut eve, "confirm_roster", &format!("proposal={id}")).await;
    assert!(page.contains("That is not yours to do") && page.contains("A draft, asked for"), "{page}");
    assert_eq!(farai.get(&format!("/operations/roster?site={north}")).await.status, StatusCode::FORBIDDEN);
    let form = format!("site={north}&week={}", week(&house));
    let answer = farai.post("/fn/generate_roster", &form).await;
    assert!(answer.status.is_redirection());

    let mut sam = house.signed_in("scheduler@test").await;
    let (theirs, _) = posted(&mut sam, "generate_roster", &form).await;
    assert_eq!(farai.get(&theirs).await.status, StatusCode::FORBIDDEN);
    let rival = format!("/operations/roster?site={}", house.rival.home());
    assert_eq!(sam.get(&rival).await.status, StatusCode::NOT_FOUND);
    assert_eq!(sam.get(&format!("/operations/roster/{}", Uuid::nil())).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_each_person_of_a_roster_costs_is_shown_to_nobody_who_may_not_see_pay_by_name() {
    let house = House::with_everybody().await;
    house.test.worker("Ben").rate(300).await;
    for day in [1, 3] {
        shift(&house, house.home(), None, day).await;
    }
    let mut sam = house.signed_in("scheduler@test").await;
    let (location, page) = generated(&house, &mut sam).await;
    assert!(page.contains("Cost of these shifts"), "the week's total stays: {page}");
    for email in ["scheduler@test", "supervisor@test", "executive@test", "admin@test"] {
        let page = house.signed_in(email).await.get(&location).await.body;
        assert!(page.contains("Day by day"), "{email}: {page}");
        assert!(!page.contains("data-label=\"Cost") && !page.contains("costs least"), "{email}: {page}");
    }
}

#[tokio::test]
async fn what_the_address_cannot_mean_is_refused_and_an_empty_week_says_so() {
    let house = House::with_everybody().await;
    let mut sam = house.signed_in("scheduler@test").await;
    for query in ["site=home", "week=48", "week=2025-W53", "week=2026-W48&week=2026-W49"] {
        let answer = sam.get(&format!("/operations/roster?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
    let page = sam.get(&format!("/operations/roster?site={}", house.home())).await.body;
    assert!(page.contains("This week has no shifts"), "{page}");
    let (_, page) = generated(&house, &mut sam).await;
    assert!(page.contains("there is nothing to plan"), "{page}");
}

#[tokio::test]
async fn only_an_admin_sets_the_baselines_and_they_are_shown() {
    let house = House::with_everybody().await;
    let mut sam = house.signed_in("scheduler@test").await;
    assert!(!sam.get("/operations/roster").await.body.contains("Change the baselines"));
    let form = "manual_hours=7.5&target_minutes=12&planner_rate=1%2C250.50&manual_extra=";
    let (_, page) = posted(&mut sam, "set_baselines", form).await;
    assert!(page.contains("Only an admin sets the baselines"), "{page}");
    let mut admin = house.signed_in("admin@test").await;
    let (_, page) = posted(&mut admin, "set_baselines", "manual_hours=many&target_minutes=12").await;
    assert!(page.contains("is no number") && page.contains("value=\"many\""), "{page}");
    let (_, page) = posted(&mut admin, "set_baselines", form).await;
    assert!(page.contains("7.5 hours") && page.contains("1,250.50 (set)"), "{page}");
    let mut eve = house.signed_in("executive@test").await;
    assert!(eve.get("/executive").await.body.contains("7.5 hours for a roster, 12 minutes with Muster"));
    let mut tx = house.test.tx().await;
    let audited: i64 = sqlx::query_scalar("select count(*) from audit_log where action = 'set roster baselines'")
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    assert_eq!(audited, 1);
}

#[tokio::test]
async fn an_added_shift_and_an_offer_are_taken_back_on_the_board() {
    let house = House::with_everybody().await;
    let id = Uuid::now_v7();
    let mut tx = house.test.tx().await;
    sqlx::query(
        "insert into shifts (org_id, id, ref, site_id, day, starts_at, ends_at, posted_at) values ($1, $2, $2::text, $3, ($4 at time zone 'Africa/Johannesburg')::date, $4, $5, $6)",
    )
    .bind(house.test.org().0)
    .bind(id)
    .bind(house.home().0)
    .bind(house.now + Duration::hours(20))
    .bind(house.now + Duration::hours(28))
    .bind(house.now)
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let mut farai = house.signed_in("supervisor@test").await;
    let (_, _) = posted(&mut farai, "offer_shift", &format!("shift={id}&to1={}", house.worker)).await;
    let page = farai.get(&format!("/operations?offer={id}")).await.body;
    assert!(page.contains("Offered, without an answer") && page.contains("Withdraw this shift"), "{page}");
    let at = page.find("name=\"offer\" value=\"").expect("the offer's field") + 20;
    let (_, page) = posted(&mut farai, "withdraw_offer", &format!("offer={}", &page[at..at + 36])).await;
    assert!(page.contains("The offer is taken back") && !page.contains("Offered, without an answer"), "{page}");
    let (_, page) = posted(&mut farai, "withdraw_shift", &format!("shift={id}&reason=")).await;
    assert!(page.contains("Say why in a few words"), "{page}");
    let (_, page) = posted(&mut farai, "withdraw_shift", &format!("shift={id}&reason=not+needed")).await;
    assert!(page.contains("The shift is withdrawn") && page.contains("No shift is planned"), "{page}");
}
