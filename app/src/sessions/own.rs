//! Where is somebody signed in, and how is that ended from elsewhere?

use chrono::{DateTime, Utc};
use muster::database::{Database, OrgTx};
use muster::people::{audit, fingerprint};
use muster::product::visitor::{Device, agent};
use tower_sessions::Session;
use tower_sessions::session::Error;
use uuid::Uuid;

use super::LOGIN;

/// A session of one's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Own {
    /// The hash of its cookie: it names the session and opens nothing.
    pub id: String,
    /// Whether it is the one that asks.
    pub here: bool,
    /// With what: `Firefox on a computer`.
    pub with: Option<String>,
    /// From which part of the net; never the whole address.
    pub from: Option<String>,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it was used last, to within five minutes.
    pub seen: DateTime<Utc>,
}

/// Who asks: the login, and the session it asks from.
#[derive(Debug, Clone)]
pub(super) struct Here {
    login: Uuid,
    id: String,
}

/// The login of a session that is open; `None`: nobody is signed in by a cookie.
pub(super) async fn here(session: &Session) -> Result<Option<Here>, Error> {
    let login = session.get::<Uuid>(LOGIN).await?;
    Ok(login.zip(session.id()).map(|(login, id)| Here { login, id: fingerprint(&id.to_string()) }))
}

/// Where a login is signed in: here first, then where it was used last.
///
/// # Errors
/// [`muster::Error::Database`].
pub(super) async fn list(db: &Database, here: &Here, now: DateTime<Utc>) -> muster::Result<Vec<Own>> {
    let mut tx = db.global().await?;
    Ok(sqlx::query_as!(
        Own,
        r#"select id, id = $2 as "here!", agent as "with", address as "from", created_at as since, last_seen_at as seen
           from sessions where login_id = $1 and expires_at > $3 order by 2 desc, last_seen_at desc, id"#,
        here.login,
        here.id,
        now
    )
    .fetch_all(&mut *tx)
    .await?)
}

/// Ends one of the login's other sessions, or all of them. Returns how many.
///
/// # Errors
/// [`muster::Error::Database`].
pub(super) async fn end(db: &Database, here: &Here, one: Option<&str>) -> muster::Result<u64> {
    let mut tx = db.global().await?;
    let ended = sqlx::query!(
        "delete from sessions where login_id = $1 and id <> $2 and ($3::text is null or id = $3)",
        here.login,
        here.id,
        one
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    tx.commit().await?;
    Ok(ended)
}

/// Writes down that somebody ended sessions.
///
/// # Errors
/// [`muster::Error::Database`].
pub(super) async fn note(
    tx: &mut OrgTx,
    user: muster::units::UserId,
    ended: u64,
    now: DateTime<Utc>,
) -> muster::Result<()> {
    let after = Some(serde_json::json!({ "ended": ended }));
    audit::record(tx, user, "ended sessions", "session", None, after, now).await
}

/// A browser in words: `Firefox on a phone`; what is no browser is a program.
pub(super) fn words(user_agent: &str) -> String {
    let (device, browser) = agent(user_agent);
    let device = match device {
        Device::Phone => "a phone",
        Device::Tablet => "a tablet",
        Device::Desktop => "a computer",
        Device::Program => return "A program".into(),
    };
    let mut letters = browser.chars();
    let first = letters.next().filter(|_| browser != "other").map(|first| first.to_ascii_uppercase());
    match first {
        Some(first) => format!("{first}{} on {device}", letters.as_str()),
        None => format!("A browser on {device}"),
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_browser_is_said_as_people_say_it() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";
        assert_eq!(words(firefox), "Firefox on a computer");
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1";
        assert_eq!(words(iphone), "Safari on a phone");
        assert_eq!(words(""), "A program");
    }
}
