//! Which other systems are told what happens, and did they hear it? A message is written down in the transaction of what it is
//! about, waits in the queue, is signed, and keeps what the other side answered.
//!
//! It is sent at least once: whoever gets one twice tells it by the header `Muster-Delivery`.

mod deliver;
mod guard;
mod sign;
mod store;

use chrono::{DateTime, Duration, Utc};
use rand::TryRngCore;
use rand::rngs::OsRng;
use serde_json::{Value, json};
use uuid::Uuid;

pub use deliver::{ANSWER_BYTES, hands};
pub use guard::{Reach, is_public};
pub use sign::{HEADER, TOLERANCE_SECONDS, signature, verify};
pub use store::{Delivery, Webhook, deliveries, forget_settled, webhooks};

use crate::database::OrgTx;
use crate::people::audit;
use crate::queue::{Order, enqueue};
use crate::units::UserId;
use crate::{Error, Result};

/// The job that sends a message.
pub const JOB: &str = "webhook";
/// How often a message is tried before it is given up: over about half an hour.
pub const TRIES: i32 = 8;
/// Addresses an organization may have.
const MOST: i64 = 20;

/// What other systems are told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An alert opened.
    AlertOpened,
    /// An alert got worse.
    AlertEscalated,
    /// An alert is over.
    AlertClosed,
    /// Somebody tries whether it arrives.
    Test,
}

impl Kind {
    /// What an address can be told of; a test goes to each.
    pub const CHOICES: [Self; 3] = [Self::AlertOpened, Self::AlertEscalated, Self::AlertClosed];

    /// Its name in the message.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::AlertOpened => "alert.opened",
            Self::AlertEscalated => "alert.escalated",
            Self::AlertClosed => "alert.closed",
            Self::Test => "test",
        }
    }

    /// What a page calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::AlertOpened => "An alert opens",
            Self::AlertEscalated => "An alert gets worse",
            Self::AlertClosed => "An alert is over",
            Self::Test => "A test",
        }
    }
}

/// Adds an address that is told of `kinds`, and returns what its messages are signed with: shown now and never again.
///
/// # Errors
/// [`Error::Invalid`] for an address nobody may be sent to, an unknown kind or none, and one address too many;
/// [`Error::Database`].
pub async fn add(
    tx: &mut OrgTx,
    reach: Reach,
    url: &str,
    kinds: &[String],
    by: UserId,
    now: DateTime<Utc>,
) -> Result<String> {
    let url = guard::checked(reach, url)?;
    let known = Kind::CHOICES.map(Kind::code);
    if kinds.is_empty() || kinds.iter().any(|kind| !known.contains(&kind.as_str())) {
        return Err(Error::Invalid("Choose at least one thing that the address is told of.".into()));
    }
    if store::count(tx).await? >= MOST {
        return Err(Error::Invalid(format!("There are {MOST} addresses already. Remove one first.")));
    }
    let (id, secret) = (Uuid::now_v7(), secret()?);
    store::insert(tx, id, url.as_str(), &secret, kinds, by, now).await?;
    let after = json!({ "host": url.host_str(), "kinds": kinds });
    audit::record(tx, by, "added a webhook", "webhook", Some(id), Some(after), now).await?;
    Ok(secret)
}

/// Pauses an address, or goes on with it. What is asked for while it is paused is not sent later.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Database`].
pub async fn set_active(tx: &mut OrgTx, id: Uuid, active: bool, by: UserId, now: DateTime<Utc>) -> Result<()> {
    store::set_active(tx, id, active).await?;
    let action = if active { "resumed a webhook" } else { "paused a webhook" };
    audit::record(tx, by, action, "webhook", Some(id), None, now).await
}

/// Removes an address with its deliveries.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Database`].
pub async fn remove(tx: &mut OrgTx, id: Uuid, by: UserId, now: DateTime<Utc>) -> Result<()> {
    store::remove(tx, id).await?;
    audit::record(tx, by, "removed a webhook", "webhook", Some(id), None, now).await
}

/// Tells every address that wants to know. Returns how many messages were asked for.
///
/// # Errors
/// [`Error::Database`], [`Error::Queue`].
pub async fn announce(tx: &mut OrgTx, kind: Kind, data: &Value, now: DateTime<Utc>) -> Result<u64> {
    let mut asked = 0;
    for webhook in store::wanting(tx, kind).await? {
        ask(tx, webhook, kind, data, now).await?;
        asked += 1;
    }
    Ok(asked)
}

/// Sends a message that says nothing to one address.
///
/// # Errors
/// [`Error::Invalid`] for one that is paused; [`Error::NotFound`], [`Error::Database`], [`Error::Queue`].
pub async fn test(tx: &mut OrgTx, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    if !store::is_active(tx, id).await? {
        return Err(Error::Invalid("It is paused. Resume it first.".into()));
    }
    ask(tx, id, Kind::Test, &json!({ "message": "This is a test." }), now).await
}

async fn ask(tx: &mut OrgTx, webhook: Uuid, kind: Kind, data: &Value, now: DateTime<Utc>) -> Result<()> {
    let (org, id) = (tx.org(), Uuid::now_v7());
    let body = json!({ "id": id, "kind": kind.code(), "at": now, "organization": org, "data": data });
    store::insert_delivery(tx, id, webhook, kind, &body.to_string(), now).await?;
    enqueue(tx, org, Order::new(JOB).with(json!({ "delivery": id })).tried(TRIES), now).await?;
    Ok(())
}

/// 256 random bits as text.
fn secret() -> Result<String> {
    let mut bytes = [0u8; 32];
    OsRng.try_fill_bytes(&mut bytes).map_err(|cause| Error::Queue(format!("no randomness: {cause}")))?;
    Ok(format!("muster_{}", sign::hex(&bytes)))
}

/// When a message that failed for the `attempt`th time is tried again, about: the pauses of the queue.
fn next_try(attempt: i32, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (attempt < TRIES).then(|| at + Duration::seconds(f64::from(attempt.clamp(1, 10)).exp() as i64))
}
