//! The team's pages: who may open which, what they show of whom, and what the audit log keeps of it.

use axum::http::StatusCode;
use chrono::Days;
use muster::me::looks;
use muster::night;
use muster::people::Role;
use muster::people::accounts::{NewUser, create_user};
use muster::testing::{date, moment};
use muster::units::{SiteId, WorkerId};
use uuid::Uuid;

use crate::house::{Answer, House, PASSWORD, Visitor};

/// A house on a Monday morning.
async fn monday() -> House {
    let mut house = House::new().await;
    house.now = moment(house.test.organization().zone, date("2026-03-30"), "09:00");
    house
}

/// Eight weeks of Ana and five more, of whom the nth is late on every nth shift; and the jobs of the night.
async fn a_team(house: &House) {
    let mut workers = vec![house.worker];
    for name in ["Ben", "Cid", "Dia", "Eli"] {
        workers.push(house.test.worker(name).await);
    }
    workers.push(house.test.worker("Fay").job_role("cleaner").await);
    for (nth, worker) in workers.into_iter().enumerate() {
        for (shift, day) in date("2026-02-02").iter_days().take(56).enumerate().filter(|(day, _)| day % 7 < 4) {
            let late = nth > 0 && shift % (nth + 1) == 0;
            house.test.shift(worker).on_day(day).clocked_in(if late { "06:40" } else { "05:55" }).await;
        }
    }
    night::run_all(house.test.db(), house.test.organization(), house.now, &|_| {}).await.unwrap();
}

async fn open(visitor: &mut Visitor, path: &str) -> String {
    let answer = visitor.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    answer.body
}

fn team(site: SiteId) -> String {
    format!("/team/{site}")
}

fn of(site: SiteId, worker: WorkerId) -> String {
    format!("/team/{site}/{worker}")
}

#[track_caller]
fn says(page: &str, words: &str) {
    assert!(page.contains(words), "it does not say '{words}': {page}");
}

/// Adds the supervisor of a site, `name@test`.
async fn supervisor_of(house: &House, name: &str, sites: Vec<SiteId>) -> Visitor {
    let new = NewUser {
        name: name.into(),
        email: format!("{name}@test"),
        role: Role::Supervisor,
        worker: None,
        client: None,
        sites,
    };
    create_user(&house.db, house.test.org(), &new, PASSWORD, house.now).await.expect("a free e-mail");
    house.signed_in(&format!("{name}@test")).await
}

#[tokio::test]
async fn a_supervisor_reads_the_team_and_everybody_in_it() {
    let house = monday().await;
    house.add(Role::Supervisor).await;
    a_team(&house).await;
    let mut visitor = house.signed_in("supervisor@test").await;
    let page = open(&mut visitor, &team(house.home())).await;
    for words in
        ["BPI, median", "Attendance", "On time", "Patrol coverage", "Open incidents", "96 of 96 shifts attended"]
    {
        says(&page, words);
    }
    for name in ["Ana", "Ben", "Cid", "Dia", "Eli", "Fay"] {
        says(&page, &format!(">{name}</a>"));
    }
    says(&page, "6 people: ");
    assert!(page.matches("<svg class=\"spark\"").count() == 6, "a sparkline for each");
    let worker = open(&mut visitor, &of(house.home(), house.worker)).await;
    for words in ["<h1>Ana</h1>", "Why it moved", "What it is made of", "What was recorded", "Streaks", "on time"] {
        says(&worker, words);
    }
    assert!(!worker.contains("My score") && !worker.contains("your cohort"), "it speaks of somebody else");
}

#[tokio::test]
async fn the_roster_is_filtered_and_sorted_by_address_and_nonsense_is_answered() {
    let house = monday().await;
    a_team(&house).await;
    let mut visitor = supervisor_of(&house, "sam", vec![house.home()]).await;
    let path = team(house.home());
    let cleaners = open(&mut visitor, &format!("{path}?role=cleaner")).await;
    let roster = |page: &str| page.split("id=\"roster\"").nth(1).expect("a roster").to_owned();
    assert!(roster(&cleaners).contains(">Fay</a>") && !roster(&cleaners).contains(">Ben</a>"));
    says(&cleaners, "1 of 6\u{a0}people");
    let nobody = open(&mut visitor, &format!("{path}?pattern=night")).await;
    says(&nobody, "Nobody like that in this team");
    let sorted = roster(&open(&mut visitor, &format!("{path}?sort=bpi&order=desc")).await);
    let place = |name: &str| sorted.find(&format!(">{name}</a>")).expect("on the roster");
    assert!(place("Ana") < place("Ben"), "never late comes before every second time");
    for nonsense in [
        "sort=password",
        "order=up",
        "band=bad",
        "page=0",
        "page=x",
        "from=2026-03-02&to=2026-03-01",
        "band=solid&band=strong",
    ] {
        let answer = visitor.get(&format!("{path}?{nonsense}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{nonsense}");
    }
}

#[tokio::test]
async fn role_by_site_by_route_each_sees_exactly_their_own() {
    let house = monday().await;
    for role in [Role::Worker, Role::Hr, Role::Executive, Role::Admin, Role::Scheduler] {
        house.add(role).await;
    }
    let other = house.test.site("OTHER").await;
    let there = house.test.worker("Otto").at(other).await;
    supervisor_of(&house, "ada", vec![house.home()]).await;
    supervisor_of(&house, "bob", vec![other]).await;
    let (home, here, unknown) = (house.home(), house.worker, Uuid::now_v7());
    let (rivals, rival) = (house.rival.home(), house.rivals_worker);
    // ada and bob look after one site each; hr sees all, executive and admin no single person, the others nothing.
    let table = [
        (team(home), [200, 403, 200, 200, 200, 403]),
        (team(other), [403, 200, 200, 200, 200, 403]),
        (team(rivals), [403, 403, 404, 404, 404, 403]),
        (format!("/team/{unknown}"), [403, 403, 404, 404, 404, 403]),
        ("/team/nowhere".into(), [404, 404, 404, 404, 404, 403]),
        (of(home, here), [200, 403, 200, 403, 403, 403]),
        (of(other, there), [403, 200, 200, 403, 403, 403]),
        (of(home, there), [404, 403, 404, 403, 403, 403]),
        (of(home, rival), [404, 403, 404, 403, 403, 403]),
        (of(rivals, rival), [403, 403, 404, 403, 403, 403]),
        (format!("{}/nobody", team(home)), [404, 404, 404, 404, 404, 403]),
    ];
    for (nth, who) in ["ada", "bob", "hr", "executive", "admin", "scheduler"].into_iter().enumerate() {
        let mut visitor = house.signed_in(&format!("{who}@test")).await;
        for (path, expected) in &table {
            let Answer { status, body, .. } = visitor.get(path).await;
            assert_eq!(status.as_u16(), expected[nth], "{path} as {who}");
            assert!(status == StatusCode::OK || !body.contains("Otto") && !body.contains("Zoë"), "{path} as {who}");
        }
    }
}

#[tokio::test]
async fn executives_and_admins_see_no_name() {
    let house = monday().await;
    house.add(Role::Executive).await;
    house.add(Role::Admin).await;
    a_team(&house).await;
    for who in ["executive@test", "admin@test"] {
        let mut visitor = house.signed_in(who).await;
        let page = open(&mut visitor, &team(house.home())).await;
        for name in ["Ana", "Ben", "Cid", "Dia", "Eli", "Fay"] {
            assert!(!page.contains(name), "{who} reads {name}");
        }
        says(&page, "without names");
        says(&page, "96 of 96 shifts attended");
        assert!(!page.contains("Top performers") && !page.contains("id=\"roster\""));
    }
    assert!(looks(&mut house.test.tx().await, house.worker, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_worker_sees_who_looked() {
    let house = monday().await;
    for role in [Role::Worker, Role::Supervisor, Role::Hr] {
        house.add(role).await;
    }
    a_team(&house).await;
    let looked = async || looks(&mut house.test.tx().await, house.worker, 10).await.unwrap().len();
    let mut supervisor = house.signed_in("supervisor@test").await;
    open(&mut supervisor, &team(house.home())).await;
    open(&mut supervisor, &format!("{}?sort=bpi", team(house.home()))).await;
    assert_eq!(looked().await, 1, "the roster once a day");
    open(&mut supervisor, &of(house.home(), house.worker)).await;
    assert_eq!(looked().await, 2, "the own page of a worker each time");
    let mut hr = house.signed_in("hr@test").await;
    open(&mut hr, &team(house.home())).await;
    let mut worker = house.signed_in("worker@test").await;
    let own = open(&mut worker, "/me").await;
    let card = own.split("id=\"looks\"").nth(1).expect("who looked");
    assert_eq!((card.matches("The supervisor (supervisor)").count(), card.matches("The hr (hr)").count()), (2, 1));
}

#[tokio::test]
async fn an_empty_team_and_one_that_nobody_can_be_judged_in_say_so() {
    let house = monday().await;
    let empty = house.test.site("EMPTY").await;
    let mut visitor = supervisor_of(&house, "sam", vec![house.home(), empty]).await;
    let page = open(&mut visitor, &team(empty)).await;
    says(&page, "Nobody has this site as their home");
    says(&page, "Nothing is recorded for this site in this period");
    let day = date("2026-03-30") - Days::new(5);
    house.test.shift(house.worker).on_day(day).clocked_in("05:58").await;
    night::run_all(house.test.db(), house.test.organization(), house.now, &|_| {}).await.unwrap();
    let page = open(&mut visitor, &team(house.home())).await;
    says(&page, "Nobody has a score yet");
    says(&page, "not enough shifts yet (1 of 5)");
    says(&page, "There is none, because");
    let list = open(&mut visitor, "/team?sort=bpi&order=desc").await;
    assert!(list.contains(">EMPTY</a>") && list.contains(">HOME</a>"));
}

#[tokio::test]
async fn who_has_one_site_goes_straight_to_it() {
    let house = monday().await;
    let mut visitor = supervisor_of(&house, "sam", vec![house.home()]).await;
    let answer = visitor.get("/team?to=2026-03-20").await;
    assert_eq!(answer.status, StatusCode::FOUND);
    assert_eq!(answer.header("location"), format!("{}?to=2026-03-20", team(house.home())));
    let mut nobody = supervisor_of(&house, "new", Vec::new()).await;
    says(&open(&mut nobody, "/team").await, "Sites stand here once they are imported");
}
