//! The queue as a supervisor works it through the page's forms, and what others see of it.

use axum::http::StatusCode;
use chrono::{Days, Duration};
use muster::night::{self, Job};
use muster::people::Role;

use crate::house::{House, Visitor};

/// Ana missed a shift eight days ago; the morning has been.
async fn with_a_queue() -> House {
    let house = House::with_everybody().await;
    let today = house.now.with_timezone(&house.test.organization().zone).date_naive();
    for ago in 1..=28 {
        let shift = house.test.shift(house.worker).on_day(today - Days::new(ago));
        if ago == 8 {
            shift.no_show().await
        } else {
            shift.clocked_in("06:00").await
        };
    }
    for job in [Job::WorkerDays, Job::Recognition, Job::Coaching] {
        night::run(&house.db, house.test.organization(), job, house.now, &|_| {}).await.unwrap();
    }
    house
}

/// The value of the first hidden field with this name.
fn hidden(body: &str, name: &str) -> String {
    let at = body.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no field {name}"));
    let rest = &body[at + name.len() + 15..];
    rest[..rest.find('"').unwrap()].to_owned()
}

/// Posts a form of the first entry and gives the page after the redirect.
async fn post(visitor: &mut Visitor, action: &str, fields: &str) -> String {
    let page = visitor.get("/coaching").await.body;
    let form = format!("item={}&version={}&{fields}", hidden(&page, "item"), hidden(&page, "version"));
    posted(visitor, action, &form).await
}

async fn posted(visitor: &mut Visitor, action: &str, form: &str) -> String {
    let answer = visitor.post(&format!("/fn/{action}_coaching"), form).await;
    assert!(answer.status.is_redirection(), "{}: {}", answer.status, answer.body);
    let location = answer.header("location").to_owned();
    assert!(location.starts_with("/coaching"), "{location}");
    visitor.get(&location).await.body
}

#[tokio::test]
async fn a_supervisor_works_an_entry_from_reason_to_outcome() {
    let house = with_a_queue().await;
    let mut farai = house.signed_in("supervisor@test").await;
    let page = farai.get("/coaching").await.body;
    assert!(page.contains("Ana") && page.contains("1 of 28 shifts in 28 days missed without a call"), "{page}");
    assert!(page.contains("100·(1 − (1 − 0.8·0.60))") || page.contains("priority of 100"));
    let said = post(&mut farai, "start", "").await;
    assert!(said.contains("has begun") && said.contains("In progress"));
    let said = post(&mut farai, "complete", "notes=The+bus+was+late.&agreed_actions=Call+in+early.").await;
    assert!(said.contains("can read what you wrote") && said.contains("Nobody waits for you"), "{said}");
    let closed = farai.get("/coaching?show=closed").await.body;
    assert!(closed.contains("The bus was late.") && closed.contains("Completed"));

    let mut ana = house.signed_in("worker@test").await;
    let own = ana.get("/me").await.body;
    assert!(own.contains("Conversations") && own.contains("The bus was late.") && own.contains("Call in early."));
    let looked = own.contains("The supervisor (supervisor)");
    assert!(looked, "who looked at the score in the queue is written down");
}

#[tokio::test]
async fn what_a_form_refuses_it_says_and_keeps() {
    let house = with_a_queue().await;
    let mut farai = house.signed_in("supervisor@test").await;
    let said = post(&mut farai, "schedule", "on=2020-01-01&agenda=The+missed+%3Cshift%3E").await;
    assert!(said.contains("from today on") && said.contains("The missed &lt;shift>"), "{said}");
    let said = post(&mut farai, "schedule", "on=tomorrow&agenda=The+missed+shift").await;
    assert!(said.contains("is no day"), "{said}");
    let said = post(&mut farai, "dismiss", "reason=+").await;
    assert!(said.contains("Say in a few words why it is not needed"), "{said}");
    let said = posted(&mut farai, "start", "item=nonsense&version=1").await;
    assert!(said.contains("not among yours"), "{said}");
    assert!(farai.get("/coaching").await.body.contains("Suggested"), "nothing was changed");
}

#[tokio::test]
async fn a_step_can_be_undone_for_ten_seconds() {
    let house = with_a_queue().await;
    let mut farai = house.signed_in("supervisor@test").await;
    let said = post(&mut farai, "dismiss", "reason=wrong+roster").await;
    assert!(said.contains("is dismissed") && said.contains(">Undo<"), "{said}");
    let form = format!("item={}&version={}", hidden(&said, "item"), hidden(&said, "version"));
    let late = posted(&mut farai.after(&house, Duration::seconds(11)), "undo", &form).await;
    assert!(late.contains("too late to undo"), "{late}");
    let said = posted(&mut farai, "undo", &form).await;
    assert!(said.contains("Taken back") && said.contains("Suggested"), "{said}");
}

#[tokio::test]
async fn of_two_supervisors_the_second_is_told_who_was_first() {
    let house = with_a_queue().await;
    let mut one = house.signed_in("supervisor@test").await;
    let mut other = house.signed_in("supervisor@test").await;
    let page = one.get("/coaching").await.body;
    let form = format!("item={}&version={}", hidden(&page, "item"), hidden(&page, "version"));
    posted(&mut one, "start", &form).await;
    let told = posted(&mut other, "dismiss", &format!("{form}&reason=wrong+roster")).await;
    assert!(told.contains("The supervisor was first: this entry was started"), "{told}");
    assert!(told.contains("In progress"));
}

#[tokio::test]
async fn hr_executive_and_admin_see_counts_and_states_but_nobody_by_name() {
    let house = with_a_queue().await;
    for name in ["Ben", "Cato", "Dineo", "Ebo"] {
        house.test.worker(name).await;
    }
    let page = house.signed_in("supervisor@test").await.get("/coaching").await.body;
    let form = format!("item={}&version={}", hidden(&page, "item"), hidden(&page, "version"));
    for role in [Role::Hr, Role::Executive, Role::Admin] {
        let mut visitor = house.signed_in(&format!("{role}@test")).await;
        let page = visitor.get("/coaching").await.body;
        assert!(page.contains("Conversations by site") && page.contains("Suggested"), "{role}: {page}");
        assert!(!page.contains("Ana") && !page.contains("missed without a call"), "{role}");
        let said = posted(&mut visitor, "start", &form).await;
        assert!(!said.contains("In progress</td>") && !said.contains("has begun"), "{role}");
    }
    let mut farai = house.signed_in("supervisor@test").await;
    assert!(farai.get("/coaching").await.body.contains("Suggested"), "and changed nothing");
}

#[tokio::test]
async fn a_site_that_is_not_yours_is_refused_and_one_of_another_company_does_not_differ() {
    let house = with_a_queue().await;
    let north = house.test.site("NORTH").await;
    let mut farai = house.signed_in("supervisor@test").await;
    assert_eq!(farai.get(&format!("/coaching?site={}", house.home())).await.status, StatusCode::OK);
    for site in [north, house.rival.home()] {
        assert_eq!(farai.get(&format!("/coaching?site={site}")).await.status, StatusCode::FORBIDDEN, "{site}");
    }
    let mut hr = house.signed_in("hr@test").await;
    assert_eq!(hr.get(&format!("/coaching?site={}", house.rival.home())).await.status, StatusCode::NOT_FOUND);
    for query in ["site=x", "show=all", "state=asleep", "page=0", "show=open&show=closed"] {
        let answer = farai.get(&format!("/coaching?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn a_way_back_leads_nowhere_else() {
    let house = with_a_queue().await;
    let mut farai = house.signed_in("supervisor@test").await;
    let page = farai.get("/coaching").await.body;
    let form = format!("item={}&version={}&back=//evil.test/%3Fa", hidden(&page, "item"), hidden(&page, "version"));
    let answer = farai.post("/fn/start_coaching", &form).await;
    assert_eq!(answer.header("location"), "/coaching");
}
