//! Messages to other systems, to a real HTTP server in the test.
#![cfg(feature = "testing")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use muster::clock::Clock;
use muster::people::Role;
use muster::queue::{Hands, drain};
use muster::testing::{self, TestDatabase, World};
use muster::units::UserId;
use muster::webhooks::{self, ANSWER_BYTES, Delivery, HEADER, Kind, Reach, deliveries, verify, webhooks};
use serde_json::{Value, json};

/// A request as it came.
#[derive(Debug, Clone)]
struct Request {
    line: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value.as_str())
    }
}

/// An HTTP server that gives these answers in turn, the last one again and again.
struct Server {
    at: SocketAddr,
    got: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    fn answering(answers: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (at, got) = (listener.local_addr().unwrap(), Arc::<Mutex<Vec<Request>>>::default());
        let (taken, answers) = (Arc::clone(&got), answers.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let request = read(&stream);
                let nth = taken.lock().unwrap().len();
                taken.lock().unwrap().push(request);
                let answer = answers.get(nth).or(answers.last()).unwrap();
                (&stream).write_all(answer.as_bytes()).ok();
            }
        });
        Self { at, got }
    }

    fn url(&self) -> String {
        format!("http://localhost:{}/hook?token=1", self.at.port())
    }

    fn requests(&self) -> Vec<Request> {
        self.got.lock().unwrap().clone()
    }
}

fn read(stream: &TcpStream) -> Request {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let headers: Vec<(String, String)> = lines[1..]
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length")).map_or("0", |it| &it.1);
    let mut body = vec![0; length.parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    Request { line: lines[0].clone(), headers, body }
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nthank";
const BUSY: &str = "HTTP/1.1 500 Oh\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbusy";

fn now() -> DateTime<Utc> {
    "2026-03-02T06:00:00Z".parse().unwrap()
}

struct Desk {
    world: World,
    admin: UserId,
    reach: Reach,
}

impl Desk {
    async fn new(db: &TestDatabase, reach: Reach) -> Self {
        let world = testing::org(db).await;
        let admin = world.user("ada", Role::Admin).await;
        Self { world, admin, reach }
    }

    async fn add(&self, url: &str) -> muster::Result<String> {
        let mut tx = self.world.tx().await;
        let kinds = [Kind::AlertOpened.code().to_owned()];
        let secret = webhooks::add(&mut tx, self.reach, url, &kinds, self.admin, now()).await?;
        tx.commit().await?;
        Ok(secret)
    }

    async fn announce(&self, kind: Kind, data: &Value) -> u64 {
        let mut tx = self.world.tx().await;
        let asked = webhooks::announce(&mut tx, kind, data, now()).await.unwrap();
        tx.commit().await.unwrap();
        asked
    }

    async fn work(&self, db: &TestDatabase, reach: Reach) -> u64 {
        sqlx::raw_sql("update graphile_worker._private_jobs set run_at = now()")
            .execute(&mut db.owner().await)
            .await
            .unwrap();
        let hands = Hands::new(self.world.db().clone(), Clock::fixed(now()));
        drain(webhooks::hands(hands, self.world.db(), reach)).await.unwrap()
    }

    async fn deliveries(&self) -> Vec<Delivery> {
        deliveries(&mut self.world.tx().await, 10).await.unwrap()
    }
}

#[tokio::test]
async fn a_message_is_signed_tried_again_after_a_500_and_arrives_once() {
    let db = testing::database().await;
    let desk = Desk::new(&db, Reach::Loopback).await;
    let server = Server::answering(&[BUSY, OK]);
    let secret = desk.add(&server.url()).await.unwrap();
    assert_eq!(desk.announce(Kind::AlertClosed, &json!({})).await, 0, "it did not ask for these");
    assert_eq!(desk.announce(Kind::AlertOpened, &json!({ "title": "Fill räte" })).await, 1);

    assert_eq!(desk.work(&db, Reach::Loopback).await, 1);
    let first = desk.deliveries().await.remove(0);
    assert_eq!((first.state.as_str(), first.attempts, first.status), ("waiting", 1, Some(500)));
    assert_eq!(first.answer.as_deref(), Some("busy"));
    assert!(first.next_try_at.is_some_and(|at| at > now()));

    assert_eq!(desk.work(&db, Reach::Loopback).await, 1);
    assert_eq!(desk.work(&db, Reach::Loopback).await, 0);
    let second = desk.deliveries().await.remove(0);
    assert_eq!((second.state.as_str(), second.attempts, second.status), ("delivered", 2, Some(200)));
    assert_eq!((second.answer.as_deref(), second.next_try_at), (Some("thank"), None));

    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    for request in &requests {
        assert_eq!(request.line, "POST /hook?token=1 HTTP/1.1");
        assert_eq!(request.header("muster-delivery"), second.id.to_string());
        assert_eq!(request.header("muster-event"), "alert.opened");
        assert!(verify(&secret, request.header(HEADER), &request.body, now()));
        assert!(!verify("another secret", request.header(HEADER), &request.body, now()));
    }
    let body: Value = serde_json::from_slice(&requests[1].body).unwrap();
    assert_eq!((body["kind"].as_str(), body["data"]["title"].as_str()), (Some("alert.opened"), Some("Fill räte")));
    let webhook = webhooks(&mut desk.world.tx().await, now()).await.unwrap().remove(0);
    assert_eq!((webhook.delivered, webhook.failed), (1, 0));
}

#[tokio::test]
async fn a_private_address_is_refused_when_it_is_typed_and_when_its_name_leads_there_later() {
    let db = testing::database().await;
    let desk = Desk::new(&db, Reach::Public).await;
    for url in ["https://10.0.0.1/", "https://[::1]:8443/", "https://169.254.169.254/latest", "http://example.com/"] {
        assert!(matches!(desk.add(url).await, Err(muster::Error::Invalid(_))), "{url}");
    }
    let server = Server::answering(&[OK]);
    desk.add(&format!("https://localhost:{}/", server.at.port())).await.unwrap();
    desk.announce(Kind::AlertOpened, &json!({})).await;
    assert_eq!(desk.work(&db, Reach::Public).await, 1);
    let refused = desk.deliveries().await.remove(0);
    assert_eq!((refused.state.as_str(), refused.status), ("refused", None));
    assert!(refused.answer.unwrap().contains("not public"));
    assert_eq!(desk.work(&db, Reach::Public).await, 0, "it is not tried again");
    assert_eq!(server.requests().len(), 0, "nobody knocked");
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_a_long_answer_is_not_read_to_its_end() {
    let db = testing::database().await;
    let desk = Desk::new(&db, Reach::Loopback).await;
    let elsewhere = Server::answering(&[OK]);
    let redirect = format!(
        "HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        elsewhere.url()
    );
    let long = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", "x".repeat(1 << 20));
    let server = Server::answering(&[&redirect, &long]);
    desk.add(&server.url()).await.unwrap();
    desk.announce(Kind::AlertOpened, &json!({})).await;
    desk.work(&db, Reach::Loopback).await;
    assert_eq!((desk.deliveries().await[0].status, elsewhere.requests().len()), (Some(302), 0));
    desk.work(&db, Reach::Loopback).await;
    let kept = desk.deliveries().await.remove(0);
    assert_eq!(kept.state, "delivered");
    assert!(kept.answer.unwrap().len() <= ANSWER_BYTES);
}

#[tokio::test]
async fn one_that_never_answers_well_is_given_up_and_one_that_is_paused_gets_nothing() {
    let db = testing::database().await;
    let desk = Desk::new(&db, Reach::Loopback).await;
    let server = Server::answering(&[BUSY]);
    desk.add(&server.url()).await.unwrap();
    desk.announce(Kind::AlertOpened, &json!({})).await;
    for _ in 0..webhooks::TRIES + 2 {
        desk.work(&db, Reach::Loopback).await;
    }
    let given_up = desk.deliveries().await.remove(0);
    assert_eq!((given_up.state.as_str(), given_up.attempts), ("failed", webhooks::TRIES));
    assert_eq!(server.requests().len(), usize::try_from(webhooks::TRIES).unwrap());

    desk.announce(Kind::AlertOpened, &json!({})).await;
    let mut tx = desk.world.tx().await;
    let id = webhooks(&mut tx, now()).await.unwrap()[0].id;
    webhooks::set_active(&mut tx, id, false, desk.admin, now()).await.unwrap();
    assert!(matches!(webhooks::test(&mut tx, id, now()).await, Err(muster::Error::Invalid(_))));
    tx.commit().await.unwrap();
    assert_eq!(desk.announce(Kind::AlertOpened, &json!({})).await, 0);
    desk.work(&db, Reach::Loopback).await;
    let states: Vec<String> = desk.deliveries().await.into_iter().map(|it| it.state).collect();
    assert_eq!(states, ["dropped", "failed"]);
    let mut tx = desk.world.tx().await;
    webhooks::remove(&mut tx, id, desk.admin, now()).await.unwrap();
    assert_eq!(webhooks(&mut tx, now()).await.unwrap(), []);
    assert!(matches!(webhooks::remove(&mut tx, id, desk.admin, now()).await, Err(muster::Error::NotFound(_))));
}
