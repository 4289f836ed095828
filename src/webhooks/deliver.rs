//! The job: sends a message once and notes what the other side said.

use std::net::SocketAddr;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use uuid::Uuid;

use super::guard::{Reach, Refusal, checked, resolved};
use super::sign::{HEADER, signature};
use super::store::{self, Message, Note};
use super::{JOB, TRIES, next_try};
use crate::database::Database;
use crate::queue::{Hands, Held};
use crate::{Error, Result};

/// How long the other side may take to be reached.
const TO_CONNECT: Duration = Duration::from_secs(5);
/// How long it may take in all.
const IN_ALL: Duration = Duration::from_secs(15);
/// So much of an answer is read, in bytes; the rest is left.
pub const ANSWER_BYTES: usize = 4096;

/// Who can send messages too.
#[must_use]
pub fn hands(hands: Hands, db: &Database, reach: Reach) -> Hands {
    let db = db.clone();
    hands.can(JOB, move |held| {
        let db = db.clone();
        async move { deliver(&db, reach, &held).await }
    })
}

/// What a try came to.
enum Outcome {
    /// It has it.
    Taken(u16, String),
    /// It may have it another time.
    Not(Option<u16>, String),
    /// It will not be sent there.
    Refused(String),
}

async fn deliver(db: &Database, reach: Reach, held: &Held) -> Result<u64> {
    let id = held.payload["delivery"].as_str().and_then(|id| id.parse().ok()).ok_or(Error::NotFound("delivery"))?;
    let mut tx = db.org(held.org).await?;
    let message = store::waiting(&mut tx, id).await?;
    tx.commit().await?;
    // Settled, or the address was removed meanwhile.
    let Some(message) = message else { return Ok(0) };
    if !message.active {
        return settle(db, held, id, "dropped", (None, "the address was paused")).await;
    }
    match attempt(reach, held, id, &message).await? {
        Outcome::Taken(status, answer) => settle(db, held, id, "delivered", (Some(status), &answer)).await,
        Outcome::Refused(why) => settle(db, held, id, "refused", (None, &why)).await,
        Outcome::Not(status, answer) if held.attempt >= TRIES => {
            settle(db, held, id, "failed", (status, &answer)).await
        }
        Outcome::Not(status, answer) => {
            let next = next_try(held.attempt, held.now);
            let note = Note { state: "waiting", attempts: held.attempt, status, answer: &answer, at: held.now, next };
            let mut tx = db.org(held.org).await?;
            store::note(&mut tx, id, &note).await?;
            tx.commit().await?;
            Err(Error::Queue(match status {
                Some(status) => format!("the other side answered {status}"),
                None => answer,
            }))
        }
    }
}

/// What became of it and the end of the job, in one transaction.
async fn settle(
    db: &Database,
    held: &Held,
    id: Uuid,
    state: &str,
    (status, answer): (Option<u16>, &str),
) -> Result<u64> {
    let note = Note { state, attempts: held.attempt, status, answer, at: held.now, next: None };
    let mut tx = db.org(held.org).await?;
    store::note(&mut tx, id, &note).await?;
    held.end_with(&mut tx, 1).await?;
    tx.commit().await?;
    Ok(1)
}

async fn attempt(reach: Reach, held: &Held, id: Uuid, message: &Message) -> Result<Outcome> {
    // What may be kept may have become stricter since.
    let url = match checked(reach, &message.url) {
        Ok(url) => url,
        Err(why) => return Ok(Outcome::Refused(why.to_string())),
    };
    let addresses = match resolved(reach, &url).await {
        Ok(addresses) => addresses,
        Err(Refusal::Private) => return Ok(Outcome::Refused("the name leads to an address that is not public".into())),
        Err(Refusal::Unknown(why)) => return Ok(Outcome::Not(None, why)),
    };
    let sent = client(&url, &addresses)?
        .post(url)
        .header("content-type", "application/json")
        .header("user-agent", concat!("Muster/", env!("CARGO_PKG_VERSION")))
        .header("muster-event", &message.kind)
        .header("muster-delivery", id.to_string())
        .header(HEADER, signature(&message.secret, message.body.as_bytes(), held.now))
        .body(message.body.clone())
        .send()
        .await;
    let mut response = match sent {
        Ok(response) => response,
        Err(cause) => return Ok(Outcome::Not(None, in_words(&cause))),
    };
    let status = response.status();
    let answer = beginning(&mut response).await;
    Ok(if status.is_success() {
        Outcome::Taken(status.as_u16(), answer)
    } else {
        Outcome::Not(Some(status.as_u16()), answer)
    })
}

/// A client that goes to these addresses alone: it neither asks for the name again, nor follows, nor goes by a proxy. Its
/// certificates are the system's.
fn client(url: &Url, addresses: &[SocketAddr]) -> Result<Client> {
    // Whoever was first has set the same one.
    rustls::crypto::ring::default_provider().install_default().ok();
    Client::builder()
        .resolve_to_addrs(url.host_str().unwrap_or_default(), addresses)
        .redirect(Policy::none())
        .no_proxy()
        .connect_timeout(TO_CONNECT)
        .timeout(IN_ALL)
        .build()
        .map_err(|cause| Error::Queue(format!("no client for webhooks: {cause}")))
}

/// The beginning of an answer, as text.
async fn beginning(response: &mut reqwest::Response) -> String {
    let mut read = Vec::new();
    while read.len() < ANSWER_BYTES {
        match response.chunk().await {
            Ok(Some(chunk)) => read.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    read.truncate(ANSWER_BYTES);
    String::from_utf8_lossy(&read).into_owned()
}

/// What went wrong, down to its cause; without the address, which may hold a secret.
fn in_words(cause: &reqwest::Error) -> String {
    if cause.is_timeout() {
        return "no answer in time".into();
    }
    let mut words = String::from("no answer");
    let mut deeper = std::error::Error::source(cause);
    while let Some(cause) = deeper {
        words = format!("{words}: {cause}");
        deeper = cause.source();
    }
    words
}
