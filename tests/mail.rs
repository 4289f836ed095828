//! Mails: each sent once, to a real SMTP server in the test, and read again out of what it got.
#![cfg(feature = "testing")]

mod smtp;

use chrono::{DateTime, Utc};
use mail_parser::{MessageParser, MimeHeaders};
use muster::clock::Clock;
use muster::mail::{self, Attachment, Delivery, Letter, Post, deliveries};
use muster::night;
use muster::people::Role;
use muster::people::accounts::{NewUser, create_user};
use muster::queue::drain;
use muster::testing::{self, TestDatabase, World};
use muster::units::UserId;
use smtp::Server;

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
