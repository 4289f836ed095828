//! Mails and scheduled reports: each sent once, to a real SMTP server in the test, and read again out of what it got.
#![cfg(feature = "testing")]

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use mail_parser::{MessageParser, MimeHeaders};
use muster::clock::Clock;
use muster::config::Secret;
use muster::mail::{self, Attachment, Delivery, Letter, Post, deliveries};
use muster::night;
use muster::people::Role;
use muster::people::accounts::{NewUser, create_user};
use muster::queue::drain;
use muster::reports::schedules::{self, Rhythm, Schedule};
use muster::testing::{self, TestDatabase, World};
use muster::units::UserId;

/// A mail server: it takes what it is given, but refuses some for good and some for now.
struct Server {
    at: SocketAddr,
    got: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (at, got) = (listener.local_addr().unwrap(), Arc::default());
        let taken = Arc::clone(&got);
        std::thread::spawn(move || {
            let mut busy = 1;
            for stream in listener.incoming().flatten() {
                converse(stream, &taken, &mut busy);
            }
        });
        Self { at, got }
    }

    fn post(&self) -> Post {
        Post::at(&Secret::new(format!("smtp://{}", self.at)), "Muster <muster@example.com>").unwrap()
    }

    fn mails(&self) -> Vec<Vec<u8>> {
        self.got.lock().unwrap().clone()
    }
}

fn converse(stream: TcpStream, got: &Mutex<Vec<Vec<u8>>>, busy: &mut u32) {
    let mut writer = stream.try_clone().unwrap();
    let mut say = |line: &str| writer.write_all(format!("{line}\r\n").as_bytes());
    let mut lines = BufReader::new(stream).split(b'\n');
    let mut next = || lines.next().and_then(Result::ok);
    if say("220 mail.test ESMTP").is_err() {
        return;
    }
    while let Some(line) = next() {
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250 mail.test",
            "RCPT" if line.contains("nobody@") => "550 there is no such person here",
            "RCPT" if line.contains("busy@") && *busy > 0 => {
                *busy -= 1;
                "451 come again later"
            }
            "DATA" => {
                say("354 go on").ok();
                let mut mail = Vec::new();
                while let Some(line) = next().filter(|line| line != b".\r") {
                    mail.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
                    mail.push(b'\n');
                }
                got.lock().unwrap().push(mail);
                "250 taken"
            }
            "QUIT" => {
                say("221 bye").ok();
                return;
            }
            _ => "250 well",
        };
        if say(answer).is_err() {
            return;
        }
    }
}

fn now() -> DateTime<Utc> {
    "2026-03-27T12:00:00Z".parse().unwrap()
}

async fn user(world: &World, name: &str, email: &str, role: Role) -> UserId {
    let new = NewUser { name: name.into(), email: email.into(), role, worker: None, client: None, sites: Vec::new() };
    create_user(world.db(), world.org(), &new, "gate-seven-opens-at-six", now()).await.unwrap()
}

fn letter(to: UserId) -> Letter {
    Letter {
        to,
        key: Some("hello".into()),
        subject: "Grüße – and more".into(),
        body: "First line\n.\n.dotted\nLast line, with ümläuts\n".into(),
        attachment: Some(Attachment {
            name: "façade.pdf".into(),
            media_type: "application/pdf".into(),
            content: (0..=255).cycle().take(3_000).collect(),
        }),
    }
}

async fn asked(world: &World, letter: &Letter) -> bool {
    let mut tx = world.tx().await;
    let id = mail::send(&mut tx, letter, now()).await.unwrap();
    tx.commit().await.unwrap();
    id.is_some()
}

async fn work(world: &World, at: DateTime<Utc>, post: Option<Post>) -> u64 {
    drain(mail::hands(night::hands(world.db(), Clock::fixed(at)), world.db(), post)).await.unwrap()
}

async fn stand(world: &World) -> Vec<Delivery> {
    deliveries(&mut world.tx().await, 10).await.unwrap()
}

async fn pauses_pass(db: &TestDatabase) {
    sqlx::raw_sql("update graphile_worker._private_jobs set run_at = now()")
        .execute(&mut db.owner().await)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_written_once_and_what_the_server_said_is_kept() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let server = Server::start();
    let zoe = user(&world, "Zoë \"the Boss\", Dr.", "zoe@example.com", Role::Executive).await;
    assert!(asked(&world, &letter(zoe)).await);
    assert!(!asked(&world, &letter(zoe)).await, "the same key again is the same mail");
    assert_eq!(work(&world, now(), Some(server.post())).await, 1);
    assert_eq!(work(&world, now(), Some(server.post())).await, 0);

    let mails = server.mails();
    assert_eq!(mails.len(), 1);
    let message = MessageParser::default().parse(&mails[0]).unwrap();
    let to = message.to().unwrap().first().unwrap();
    assert_eq!((to.address.as_deref(), to.name.as_deref()), (Some("zoe@example.com"), Some("Zoë \"the Boss\", Dr.")));
    assert_eq!(message.subject(), Some("Grüße – and more"));
    let text = message.body_text(0).unwrap().replace("\r\n", "\n");
    assert_eq!(text.trim_end(), letter(zoe).body.trim_end());
    let file = message.attachment(0).unwrap();
    assert_eq!(file.attachment_name(), Some("façade.pdf"));
    assert_eq!(file.contents(), letter(zoe).attachment.unwrap().content);
    let stands = stand(&world).await;
    assert_eq!((stands[0].state.as_str(), stands[0].outcome.as_deref()), ("sent", Some("250 taken")));
    assert_eq!(message.message_id(), Some(format!("{}@example.com", stands[0].id).as_str()));
    assert_eq!(message.date().unwrap().to_timestamp(), now().timestamp());
}

#[tokio::test]
async fn a_server_that_is_busy_is_asked_again_one_that_refuses_is_not_and_without_one_mails_are_kept() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let server = Server::start();
    let busy = user(&world, "Busy", "busy@example.com", Role::Executive).await;
    assert!(asked(&world, &letter(busy)).await);
    work(&world, now(), Some(server.post())).await;
    let first = stand(&world).await.remove(0);
    assert!(
        (first.state.as_str(), first.outcome.as_deref().unwrap_or_default().contains("come again later"))
            == ("waiting", true),
        "{first:?}"
    );
    pauses_pass(&db).await;
    work(&world, now(), Some(server.post())).await;
    assert_eq!((stand(&world).await[0].state.as_str(), server.mails().len()), ("sent", 1));

    let nobody = user(&world, "Nobody", "nobody@example.com", Role::Executive).await;
    assert!(asked(&world, &letter(nobody)).await);
    work(&world, now(), Some(server.post())).await;
    let refused = stand(&world).await.into_iter().find(|it| it.address.starts_with("nobody")).unwrap();
    assert_eq!(refused.state, "failed");
    assert!(refused.outcome.unwrap().contains("no such person"));
    pauses_pass(&db).await;
    assert_eq!(work(&world, now(), Some(server.post())).await, 0, "it would say the same again");

    let kept = user(&world, "Kept", "kept@example.com", Role::Executive).await;
    assert!(asked(&world, &letter(kept)).await);
    work(&world, now(), None).await;
    let kept = stand(&world).await.into_iter().find(|it| it.address.starts_with("kept")).unwrap();
    assert_eq!((kept.state.as_str(), server.mails().len()), ("kept", 1));
}

#[tokio::test]
async fn who_may_not_sign_in_any_more_is_sent_nothing() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let gone = user(&world, "Gone", "gone@example.com", Role::Executive).await;
    sqlx::raw_sql("update logins set disabled_at = now()").execute(&mut db.owner().await).await.unwrap();
    assert!(!asked(&world, &letter(gone)).await);
}

#[tokio::test]
async fn a_report_at_nine_is_sent_once_each_day_at_nine_over_both_changes_of_the_clocks_and_a_month_s_end() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let owner = user(&world, "Owner", "owner@example.com", Role::Executive).await;
    let schedule = Schedule {
        name: "The quarter".into(),
        description: String::new(),
        rhythm: Rhythm::Daily,
        at: NaiveTime::from_hms_opt(9, 0, 0).unwrap(),
        zone: chrono_tz::Europe::Berlin,
        recipients: vec![owner],
    };
    for begin in ["2026-03-27T12:00:00Z", "2026-10-23T12:00:00Z", "2026-02-26T12:00:00Z"] {
        let begin: DateTime<Utc> = begin.parse().unwrap();
        let mut tx = world.tx().await;
        sqlx::query("delete from report_schedules").execute(&mut *tx).await.unwrap();
        schedules::create(&mut tx, &schedule, owner, begin).await.unwrap();
        tx.commit().await.unwrap();
        let mut sent = Vec::new();
        for half_hour in 0..2 * 24 * 5 {
            let at = begin + TimeDelta::minutes(30 * half_hour);
            // Two instances look at once.
            let (one, two) = tokio::join!(schedules::plan(world.db(), at), schedules::plan(world.db(), at));
            let put = one.unwrap() + two.unwrap();
            assert!(put <= 1, "{at}");
            sent.extend((put == 1).then(|| at.with_timezone(&schedule.zone).naive_local()));
        }
        let nine: Vec<_> =
            (1..=5).map(|days| (begin.date_naive() + chrono::Days::new(days)).and_hms_opt(9, 0, 0).unwrap()).collect();
        assert_eq!(sent, nine);
    }
}

#[tokio::test]
async fn what_was_missed_goes_out_once_to_those_who_may_see_it_as_a_pdf() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let server = Server::start();
    let executive = user(&world, "Executive", "executive@example.com", Role::Executive).await;
    let scheduler = user(&world, "Scheduler", "scheduler@example.com", Role::Scheduler).await;
    let schedule = Schedule {
        name: "The quarter".into(),
        description: "For the board".into(),
        rhythm: Rhythm::Monthly(31),
        at: NaiveTime::from_hms_opt(9, 0, 0).unwrap(),
        zone: chrono_tz::Europe::Berlin,
        recipients: vec![executive, scheduler],
    };
    let mut tx = world.tx().await;
    schedules::create(&mut tx, &schedule, executive, now()).await.unwrap();
    let nobody = Schedule { recipients: Vec::new(), ..schedule };
    assert!(schedules::create(&mut tx, &nobody, executive, now()).await.is_err());
    tx.commit().await.unwrap();
    let months_later = now() + TimeDelta::days(100);
    assert_eq!(schedules::plan(world.db(), months_later).await.unwrap(), 1);
    assert_eq!(schedules::plan(world.db(), months_later).await.unwrap(), 0);
    assert!(work(&world, months_later, Some(server.post())).await >= 1);
    work(&world, months_later, Some(server.post())).await;

    let mails = server.mails();
    assert_eq!(mails.len(), 1, "a scheduler may not see it");
    let message = MessageParser::default().parse(&mails[0]).unwrap();
    assert_eq!(message.to().unwrap().first().unwrap().address.as_deref(), Some("executive@example.com"));
    assert_eq!(message.subject(), Some("The quarter: Q2 2026"));
    let file = message.attachment(0).unwrap();
    assert_eq!(file.attachment_name(), Some("test-2026-Q2.pdf"));
    assert!(file.contents().starts_with(b"%PDF-"));
}
