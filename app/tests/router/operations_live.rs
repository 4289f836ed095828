//! The stream of the board's tiles through the router: what it says, to whom, and when it ends.

use std::time::Duration;

use app::operations::MOST_OF_ONE;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use muster::units::SiteId;
use serde_json::Value;
use tokio::time::timeout;

use crate::house::{House, Visitor};
use crate::operations::shift;

const LIVE: &str = "/operations/live";
/// Far more than any event takes, far less than anybody waits for a test.
const PATIENCE: Duration = Duration::from_secs(10);

/// A stream that is read event by event.
struct Stream {
    status: StatusCode,
    response: Response<Body>,
    read: String,
}

async fn open(visitor: &mut Visitor, path: &str) -> Stream {
    let request = Request::get(path).header("accept", "text/event-stream").header("accept-encoding", "br, gzip");
    let response = visitor.open(request, "").await;
    Stream { status: response.status(), response, read: String::new() }
}

impl Stream {
    fn header(&self, name: &str) -> &str {
        self.response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The fields of the next event; `None`: the stream has ended.
    async fn event(&mut self) -> Option<String> {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.read = rest;
                if event.starts_with(':') {
                    continue;
                }
                return Some(event);
            }
            let frame = timeout(PATIENCE, self.response.body_mut().frame()).await.expect("an event in time")?;
            let bytes = frame.expect("a whole frame").into_data().expect("data");
            self.read.push_str(std::str::from_utf8(&bytes).expect("text, not compressed"));
        }
    }

    /// The numbers of the next event.
    async fn numbers(&mut self) -> Value {
        let event = self.event().await.expect("the stream goes on");
        let data = event.lines().find_map(|line| line.strip_prefix("data: ")).expect("data");
        serde_json::from_str(data).expect("JSON")
    }

    /// Waits until a number is what it should be.
    async fn until(&mut self, list: &str, number: &str) -> Value {
        loop {
            let numbers = self.numbers().await;
            if numbers[list] == number {
                return numbers;
            }
        }
    }
}

async fn clocks_in(house: &House, site: SiteId) {
    let id = shift(house, site, Some(house.worker), -1).await;
    let mut tx = house.test.tx().await;
    let day: chrono::NaiveDate =
        sqlx::query_scalar("select day from shifts where id = $1").bind(id).fetch_one(&mut *tx).await.unwrap();
    tx.ensure_partitions("attendance", day, day).await.unwrap();
    sqlx::query("insert into attendance (org_id, day, id, worker_id, clock_in) values ($1, $2, $3, $4, $5)")
        .bind(house.test.org().0)
        .bind(day)
        .bind(id)
        .bind(house.worker.0)
        .bind(house.now)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_clock_in_appears_in_the_tiles() {
    let house = House::with_everybody().await;
    let mut scheduler = house.signed_in("scheduler@test").await;
    let mut stream = open(&mut scheduler, LIVE).await;
    assert_eq!(stream.status, StatusCode::OK);
    assert_eq!(stream.header("content-type"), "text/event-stream");
    assert_eq!(stream.header("cache-control"), "no-store");
    assert_eq!(stream.header("content-encoding"), "", "what is compressed is held back");
    let first = stream.event().await.expect("an event");
    assert!(first.contains("event: tiles") && first.contains("retry: "), "{first}");
    assert!(first.contains("\"there\":\"0\"") && first.contains("\"at-risk\":\"–\""), "{first}");

    clocks_in(&house, house.home()).await;
    let numbers = stream.until("there", "1").await;
    assert_eq!((numbers["shifts"].as_str(), numbers["open"].as_str()), (Some("1"), Some("0")), "{numbers}");
    let page = scheduler.get("/operations").await.body;
    for (list, number) in numbers.as_object().expect("an object") {
        let number = number.as_str().expect("text");
        let (tile, tab) = (format!("\"{list}\">{number}<"), format!("\"{list}\" class=\"choice-count\">{number}<"));
        assert!(page.contains(&tile), "{tile}: {page}");
        assert!(page.contains(&tab) || number == "–", "{tab}: {page}");
    }
}

#[tokio::test]
async fn a_supervisor_hears_of_the_own_sites_alone() {
    let house = House::with_everybody().await;
    let north = house.test.site("NORTH").await;
    let mut farai = house.signed_in("supervisor@test").await;
    let mut own = open(&mut farai, LIVE).await;
    own.until("open", "0").await;
    let mut scheduler = house.signed_in("scheduler@test").await;
    let mut all = open(&mut scheduler, LIVE).await;
    let mut there = open(&mut scheduler, &format!("{LIVE}?site={north}")).await;
    for _ in 0..3 {
        shift(&house, north, None, 5).await;
    }
    all.until("open", "3").await;
    there.until("open", "3").await;
    shift(&house, house.home(), None, 5).await;
    loop {
        let open = own.numbers().await["open"].clone();
        assert!(open == "0" || open == "1", "{open}");
        if open == "1" {
            break;
        }
    }
    all.until("open", "4").await;
    assert_eq!(open(&mut farai, &format!("{LIVE}?site={north}")).await.status, StatusCode::FORBIDDEN);
    for (site, status) in [
        (house.rival.home().to_string(), StatusCode::NOT_FOUND),
        ("home".into(), StatusCode::BAD_REQUEST),
        (format!("{north}&site={north}"), StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(open(&mut scheduler, &format!("{LIVE}?site={site}")).await.status, status, "{site}");
    }
}

#[tokio::test]
async fn another_organizations_change_is_not_heard() {
    let house = House::with_everybody().await;
    let mut scheduler = house.signed_in("scheduler@test").await;
    let mut stream = open(&mut scheduler, LIVE).await;
    stream.until("open", "0").await;
    house.rival.shift(None).on_day(house.now.date_naive() + chrono::Days::new(1)).await;
    shift(&house, house.home(), None, 5).await;
    let open = loop {
        let open = stream.numbers().await["open"].clone();
        if open != "0" {
            break open;
        }
    };
    assert_eq!(open, "1");
}

#[tokio::test]
async fn whoever_may_not_see_the_board_gets_no_stream() {
    let house = House::with_everybody().await;
    for role in ["worker", "finance", "hr", "client", "platform"] {
        let mut visitor = house.signed_in(&format!("{role}@test")).await;
        assert_eq!(open(&mut visitor, LIVE).await.status, StatusCode::FORBIDDEN, "{role}");
    }
    assert_eq!(open(&mut house.visitor(), LIVE).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn many_streams_share_one_listener_and_nobody_has_too_many() {
    let house = House::with_everybody().await;
    let mut scheduler = house.signed_in("scheduler@test").await;
    let mut streams = Vec::new();
    for _ in 0..MOST_OF_ONE {
        streams.push(open(&mut scheduler, LIVE).await);
    }
    shift(&house, house.home(), None, 5).await;
    for stream in &mut streams {
        stream.until("open", "1").await;
    }
    let listeners: i64 = sqlx::query_scalar(
        "select count(*) from pg_stat_activity where datname = current_database() and query ilike 'listen%'",
    )
    .fetch_one(&mut house.db.owner().await)
    .await
    .unwrap();
    assert_eq!(listeners, 1);

    let refused = open(&mut scheduler, LIVE).await;
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "5"));
    streams.pop();
    assert_eq!(open(&mut scheduler, LIVE).await.status, StatusCode::OK, "a closed one makes room");
}

#[tokio::test]
async fn the_stream_of_whoever_is_signed_out_or_deactivated_ends() {
    let house = House::with_everybody().await;
    let often = Duration::from_millis(50);
    for end in ["sign out", "deactivate"] {
        let mut scheduler = house.visitor_rechecked_every(often);
        scheduler.sign_in("scheduler@test", crate::house::PASSWORD).await;
        let mut stream = open(&mut scheduler, LIVE).await;
        stream.numbers().await;
        match end {
            "sign out" => assert_eq!(scheduler.post("/sign-out", "").await.status, StatusCode::SEE_OTHER),
            _ => {
                let mut owner = house.db.owner().await;
                let changed = sqlx::query("update users set status = 'disabled' where name = 'The scheduler'");
                assert_eq!(changed.execute(&mut owner).await.unwrap().rows_affected(), 1);
            }
        }
        while stream.event().await.is_some() {}
    }
}
