//! The client portal: the own sites, no money, no name, no score.

use axum::http::StatusCode;
use muster::people::Role;
use muster::testing::{World, date, moment};
use muster::units::{ClientId, SiteId};

use crate::house::{Answer, House};
use crate::pdf;

const DAYS: &str = "from=2026-03-01&to=2026-03-31";

async fn placed(world: &World, site: SiteId, worker: uuid::Uuid) {
    let mut tx = world.tx().await;
    for sql in [
        "insert into jobs (org_id, id, ref, site_id, category, posted_at, closed_at, state)
         select org_id, $2, 'J1', $1, 'guard', '2026-03-01 08:00+02', '2026-03-05 08:00+02', 'filled' from sites where id = $1 and $3::uuid is not null",
        "insert into placements (org_id, id, ref, job_id, worker_id, started_on, fee, cost, satisfaction)
         select org_id, gen_random_uuid(), 'P1', $2, $3, '2026-03-06', 7777.77, 1234.56, 4 from sites where id = $1",
    ] {
        sqlx::query(sql).bind(site.0).bind(uuid::Uuid::from_u128(7)).bind(worker).execute(&mut *tx).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Two sites of the client with work on them, and one of somebody else; everybody there has a name one can search for.
async fn world(house: &House) -> (SiteId, SiteId, SiteId) {
    let world = &house.test;
    let mut tx = world.tx().await;
    let client: uuid::Uuid =
        sqlx::query_scalar("select client_id from users where role = 'client'").fetch_one(&mut *tx).await.unwrap();
    drop(tx);
    let client = ClientId(client);
    let (north, south) = (world.site("North gate").of(client).await, world.site("South gate").of(client).await);
    let others = world.client("Others").await;
    let foreign = world.site("Foreign yard").of(others).await;
    for (site, name) in [(north, "Nomvula Searchable"), (south, "Sipho Searchable"), (foreign, "Fatima Searchable")] {
        let worker = world.worker(name).at(site).rate(4321).await;
        for day in ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-07"] {
            let shift = world.shift(worker).on(day).at(site).clocked_in("06:02").await;
            world.task(worker).of_shift(&shift).completed("11:00").await;
        }
        if site == north {
            placed(world, site, worker.0).await;
        }
        world.work_order(worker).at(site).resolved("10:00").rated(4).await;
        world.incident(worker).at(site).await;
    }
    muster::night::run(world.db(), world.organization(), muster::night::Job::WorkerDays, house.now, &|_| {})
        .await
        .unwrap();
    (north, south, foreign)
}

#[tokio::test]
async fn a_client_sees_the_own_sites_and_no_others() {
    let house = House::with_everybody().await;
    let (north, _, foreign) = world(&house).await;
    let mut client = house.signed_in("client@test").await;
    let page = client.get(&format!("/client?{DAYS}")).await.body;
    assert!(page.contains("North gate") && page.contains("South gate") && !page.contains("Foreign yard"));
    let tiles = page.split("</section>").next().unwrap_or_default();
    assert!(page.contains("12 of 12 shifts"), "both sites together: {tiles}");
    for said in ["2 open now", "Placements begun", "4.0 of 5 (1)"] {
        assert!(page.contains(said), "{said} is not in {page}");
    }
    let one = client.get(&format!("/client?{DAYS}&site={north}")).await.body;
    assert!(one.contains("6 of 6 shifts") && one.contains("1 open now"));
    assert_eq!(client.get(&format!("/client?site={foreign}")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(client.get("/client?site=nonsense").await.status, StatusCode::NOT_FOUND);
    assert_eq!(client.get("/client?from=soon").await.status, StatusCode::BAD_REQUEST);
}

/// What an answer says, that of a PDF letter by letter.
fn said(answer: &Answer) -> String {
    match answer.header("content-type") {
        "application/pdf" => pdf::text(answer.bytes.clone()),
        _ => answer.body.clone(),
    }
}

#[tokio::test]
async fn a_client_takes_the_month_along_with_one_click() {
    let mut house = House::with_everybody().await;
    house.now = moment(house.test.organization().zone, date("2026-04-02"), "12:00");
    let (north, south, foreign) = world(&house).await;
    let mut client = house.signed_in("client@test").await;
    let page = client.get("/client").await.body;
    assert!(page.contains("<form method=\"get\" action=\"/client/report.pdf\""), "{page}");
    assert!(page.contains("<option value=\"2026-04\">April 2026, so far</option>"), "{page}");
    assert!(page.contains("<option value=\"2026-03\" selected>March 2026</option>"), "{page}");
    let answer = client.get("/client/report.pdf?month=2026-03").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/pdf");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"test-client-2026-03.pdf\"");
    assert_eq!(answer.header("cache-control"), "private, no-store");
    let text = said(&answer);
    for words in ["Monthly service report", "North gate", "South gate", "12 of 12 shifts", "4.0 of 5 (1)", "100.0"] {
        assert!(text.contains(words), "{words} is not in {text}");
    }
    assert!(!text.contains("Foreign yard"), "{text}");
    let one = client.get(&format!("/client/report.pdf?month=2026-03&site={south}")).await;
    assert_eq!(one.header("content-disposition"), "attachment; filename=\"test-client-2026-03-south-gate.pdf\"");
    assert!(said(&one).contains("6 of 6 shifts") && !said(&one).contains("North gate"), "{}", said(&one));
    let chosen = client.get(&format!("/client?{DAYS}&site={north}")).await.body;
    assert!(chosen.contains(&format!("name=\"site\" value=\"{north}\"")), "of the site that is shown");
    for (query, status, words) in [
        (String::new(), StatusCode::BAD_REQUEST, "add ?month=2026-10 to the address"),
        ("?month=2026-13".into(), StatusCode::BAD_REQUEST, "‘2026-13’ is no month: write it as 2026-10."),
        ("?month=2026-05".into(), StatusCode::BAD_REQUEST, "The latest month with one is April 2026"),
        ("?month=2026-03&month=2026-02".into(), StatusCode::BAD_REQUEST, "does not work as asked"),
        ("?month=2026-03&site=x".into(), StatusCode::NOT_FOUND, "There is nothing here"),
        (format!("?month=2026-03&site={foreign}"), StatusCode::FORBIDDEN, "This view is not yours"),
        (format!("?month=2026-03&site={}", house.rival.home()), StatusCode::FORBIDDEN, "This view is not yours"),
    ] {
        let answer = client.get(&format!("/client/report.pdf{query}")).await;
        assert_eq!(answer.status, status, "{query}");
        assert!(answer.body.contains(words), "{query}: {}", answer.body);
    }
}

/// Every response a client can get, searched for names, rates of pay and scores.
#[tokio::test]
async fn nothing_a_client_can_open_holds_a_name_a_rate_or_a_score_of_a_person() {
    let house = House::with_everybody().await;
    let (north, ..) = world(&house).await;
    let mut client = house.signed_in("client@test").await;
    let (mut opened, mut read) = (0, 0);
    let site = north.to_string();
    for path in app::server::paths() {
        let filled =
            path.replace("{site}", &site).replace("{worker}", &house.worker.to_string()).replace("{*file}", "x");
        let month = format!("{filled}?month=2026-03");
        for address in [filled.clone(), format!("{filled}?{DAYS}"), format!("{filled}?site={north}"), month] {
            let answer =
                if path.starts_with("/fn/") || path == "/sign-out" { continue } else { client.get(&address).await };
            opened += usize::from(answer.status == StatusCode::OK);
            if path.starts_with("/api/openapi") || path.starts_with("/api/docs") {
                continue;
            }
            let body = said(&answer);
            read += usize::from(body.contains("Monthly service report") && body.contains("12 of 12 shifts"));
            for secret in ["Searchable", "4321", "7777.77", "1234.56", "BPI", "bpi", "hourly_rate"] {
                assert!(!body.contains(secret), "{address} holds {secret}");
            }
            for other in Role::ALL.into_iter().filter(|role| *role != Role::Client) {
                assert!(!body.contains(&format!("{other}@test")), "{address} names {other}");
            }
        }
    }
    assert!(opened > 8, "{opened} addresses were really opened");
    assert_eq!(read, 1, "the month's PDF was read, letter by letter");
}
