//! Sessions in Postgres. The table holds a hash of the cookie's value, so that a leaked table opens no session.

mod own;
mod page;

pub use page::{PAGE, SessionsPage};

pub(crate) use page::routes;

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use muster::clock::Clock;
use muster::database::Database;
use muster::people::fingerprint;
use muster::product::visitor::subnet;
use serde::de::DeserializeOwned;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Session, SessionStore};
use uuid::Uuid;

/// A session nobody uses ends after this long.
pub const IDLE: Duration = Duration::hours(12);
/// Any session ends after this long.
pub const ABSOLUTE: Duration = Duration::days(7);
/// How often a session in use is written.
const TOUCH: Duration = Duration::minutes(5);
/// The cookie: `__Host-` binds it to this host and to HTTPS (or loopback).
pub const COOKIE: &str = "__Host-muster";

const LOGIN: &str = "login";
const SINCE: &str = "since";
const SEEN: &str = "seen";
const AGENT: &str = "agent";
const FROM: &str = "from";

/// The store that tower-sessions asks.
#[derive(Debug, Clone)]
pub struct Store {
    db: Database,
    clock: Clock,
}

impl Store {
    /// A store in this database.
    #[must_use]
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Adds a session; `false` when its id is taken.
    async fn insert(&self, record: &Record) -> muster::Result<bool> {
        let now = self.clock.now();
        let mut tx = self.db.global().await?;
        let written = sqlx::query!(
            "insert into sessions (id, login_id, data, created_at, last_seen_at, expires_at, agent, address)
             values ($1, $2, $3, $4, $4, $5, $6, $7) on conflict (id) do nothing",
            fingerprint(&record.id.to_string()),
            field::<Uuid>(record, LOGIN),
            serde_json::to_value(&record.data)?,
            now,
            expiry(record, now),
            field::<String>(record, AGENT),
            field::<String>(record, FROM)
        )
        .execute(&mut *tx)
        .await?
        .rows_affected();
        tx.commit().await?;
        Ok(written == 1)
    }

    /// Changes a session that is there. One that was ended meanwhile stays so.
    async fn update(&self, record: &Record) -> muster::Result<()> {
        let now = self.clock.now();
        let mut tx = self.db.global().await?;
        sqlx::query!(
            "update sessions set login_id = $2, data = $3, last_seen_at = $4, expires_at = $5, agent = $6, address = $7 where id = $1",
            fingerprint(&record.id.to_string()),
            field::<Uuid>(record, LOGIN),
            serde_json::to_value(&record.data)?,
            now,
            expiry(record, now),
            field::<String>(record, AGENT),
            field::<String>(record, FROM)
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }
}

fn field<T: DeserializeOwned>(record: &Record, name: &str) -> Option<T> {
    record.data.get(name).and_then(|value| serde_json::from_value(value.clone()).ok())
}

/// When a session ends unless it is used before: by our own clock, and never later than its age allows.
fn expiry(record: &Record, now: DateTime<Utc>) -> DateTime<Utc> {
    let idle = now + IDLE;
    field::<DateTime<Utc>>(record, SINCE).map_or(idle, |since| idle.min(since + ABSOLUTE))
}

fn backend(cause: impl std::fmt::Display) -> Error {
    Error::Backend(cause.to_string())
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> Result<()> {
        while !self.insert(record).await.map_err(backend)? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.update(record).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let mut look = self.db.glance().await.map_err(backend)?;
        let row = sqlx::query!(
            "select data, expires_at from sessions where id = $1 and expires_at > $2",
            fingerprint(&id.to_string()),
            self.clock.now()
        )
        .fetch_optional(&mut *look)
        .await
        .map_err(backend)?;
        let Some(row) = row else { return Ok(None) };
        let data = serde_json::from_value(row.data).map_err(|cause| Error::Decode(cause.to_string()))?;
        let expiry_date = time::OffsetDateTime::from_unix_timestamp(row.expires_at.timestamp()).map_err(backend)?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let mut tx = self.db.global().await.map_err(backend)?;
        sqlx::query!("delete from sessions where id = $1", fingerprint(&id.to_string()))
            .execute(&mut *tx)
            .await
            .map_err(backend)?;
        tx.commit().await.map_err(backend)
    }
}

/// Starts the session of a login: under a new id, with what was in the old one gone. Of the browser it keeps a few words, of the
/// address the subnet.
pub async fn begin(
    session: &Session,
    login: Uuid,
    (user_agent, address): (&str, &str),
    now: DateTime<Utc>,
) -> std::result::Result<(), tower_sessions::session::Error> {
    session.clear().await;
    session.cycle_id().await?;
    session.insert(LOGIN, login).await?;
    session.insert(AGENT, own::words(user_agent)).await?;
    if let Some(subnet) = subnet(address) {
        session.insert(FROM, subnet).await?;
    }
    session.insert(SINCE, now).await?;
    session.insert(SEEN, now).await
}

/// The login of a session that is neither idle nor too old; one that is, is ended.
pub async fn login(
    session: &Session,
    now: DateTime<Utc>,
) -> std::result::Result<Option<Uuid>, tower_sessions::session::Error> {
    let Some(login) = session.get::<Uuid>(LOGIN).await? else { return Ok(None) };
    let since = session.get::<DateTime<Utc>>(SINCE).await?.unwrap_or(DateTime::UNIX_EPOCH);
    let seen = session.get::<DateTime<Utc>>(SEEN).await?.unwrap_or(DateTime::UNIX_EPOCH);
    if now >= since + ABSOLUTE || now >= seen + IDLE {
        session.flush().await?;
        return Ok(None);
    }
    if now >= seen + TOUCH {
        session.insert(SEEN, now).await?;
    }
    Ok(Some(login))
}
