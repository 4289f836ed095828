//! Accounts: who may sign in. Passwords are argon2id hashes; a wrong e-mail and a wrong password cost the same time and
//! get the same answer; repeated failures earn a growing delay.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use chrono::{DateTime, Duration, Utc};
use rand::Rng;
use sqlx::PgConnection;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::Role;
use crate::database::{Database, OrgTx};
use crate::units::{ClientId, OrgId, SiteId, UserId, WorkerId};
use crate::{Error, Result};

/// Failures an account or address has before it must wait.
const FREE_FAILURES: i32 = 5;
/// Shortest password, in characters (NIST SP 800-63B, OWASP ASVS 2.1.1).
const SHORTEST: usize = 12;
/// Longest password, in bytes: hashing an essay is an attack.
const LONGEST: usize = 256;
/// As many hashes at once as there are cores to spare; the others wait their turn.
static HASHING: Semaphore = Semaphore::const_new(2);

/// OWASP's argon2id parameters: 19 MiB, two passes, one lane.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("the parameters are within argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// What a verification of an unknown e-mail is spent on.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    argon2().hash_password(b"nobody has this password").map(|hash| hash.to_string()).unwrap_or_default()
});

pub(super) async fn hash(password: String) -> Result<String> {
    let _turn = HASHING.acquire().await.expect("the semaphore is never closed");
    tokio::task::spawn_blocking(move || argon2().hash_password(password.as_bytes()).map(|hash| hash.to_string()))
        .await
        .map_err(|cause| Error::Misconfigured(format!("hashing: {cause}")))?
        .map_err(|cause| Error::Misconfigured(format!("hashing: {cause}")))
}

async fn verify(password: String, stored: Option<String>) -> bool {
    let _turn = HASHING.acquire().await.expect("the semaphore is never closed");
    let known = stored.is_some();
    tokio::task::spawn_blocking(move || {
        let stored = stored.unwrap_or_else(|| NOBODY.clone());
        let matches =
            PasswordHash::new(&stored).is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok());
        known && matches
    })
    .await
    .unwrap_or(false)
}

/// Whether a password may be chosen.
///
/// # Errors
/// [`Error::Invalid`] with what to choose instead.
pub fn check_password(password: &str, email: &str) -> Result<()> {
    let lower = password.to_lowercase();
    let name = email.split('@').next().unwrap_or_default().to_lowercase();
    let common =
        include_str!("common_passwords.txt").lines().any(|word| lower.contains(word) && lower.len() < word.len() + 4);
    let few = lower.chars().collect::<std::collections::BTreeSet<_>>().len() < 5;
    if password.chars().count() < SHORTEST {
        Err(Error::Invalid(format!(
            "Choose a password of at least {SHORTEST} characters: a few words in a row are easy to remember."
        )))
    } else if password.len() > LONGEST {
        Err(Error::Invalid(format!("Choose a password of at most {LONGEST} bytes.")))
    } else if common || few || (name.len() > 3 && lower.contains(&name) && lower.len() < name.len() + 6) {
        Err(Error::Invalid(
            "That password is among the first that are tried. Choose a few words that have nothing to do with you."
                .into(),
        ))
    } else {
        Ok(())
    }
}

/// A user about to be made.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Name.
    pub name: String,
    /// E-mail to sign in with.
    pub email: String,
    /// Role.
    pub role: Role,
    /// The worker the user is, if any.
    pub worker: Option<WorkerId>,
    /// The client the user belongs to (role client).
    pub client: Option<ClientId>,
    /// The sites a supervisor looks after.
    pub sites: Vec<SiteId>,
}

/// Makes a user with a login.
///
/// # Errors
/// [`Error::Invalid`] for an e-mail or password that will not do, [`Error::Conflict`] when the e-mail is taken.
pub async fn create_user(
    db: &Database,
    org: OrgId,
    new: &NewUser,
    password: &str,
    now: DateTime<Utc>,
) -> Result<UserId> {
    let hashed = prepared(new, password).await?;
    let mut tx = db.org(org).await?;
    let user = insert_user(&mut tx, new, hashed, now).await?;
    tx.commit().await?;
    Ok(user)
}

/// A login that may be written: its e-mail and the hash of its password.
#[derive(Debug)]
pub(super) struct Prepared {
    email: String,
    hash: String,
}

/// Checks a new user and hashes the password, which takes a while: before the transaction begins.
pub(super) async fn prepared(new: &NewUser, password: &str) -> Result<Prepared> {
    let email = normal(&new.email)?;
    check_password(password, &email)?;
    if new.role == Role::Client && new.client.is_none() {
        return Err(Error::Invalid("A user of role client needs the client's code (--client).".into()));
    }
    Ok(Prepared { email, hash: hash(password.to_owned()).await? })
}

/// Writes a user with its login.
pub(super) async fn insert_user(
    tx: &mut OrgTx,
    new: &NewUser,
    Prepared { email, hash }: Prepared,
    now: DateTime<Utc>,
) -> Result<UserId> {
    let (org, user) = (tx.org(), UserId(Uuid::now_v7()));
    sqlx::query!(
        "insert into users (org_id, id, name, role, worker_id, client_id) values ($1, $2, $3, $4, $5, $6)",
        org.0,
        user.0,
        new.name,
        new.role.word(),
        new.worker.map(|it| it.0),
        new.client.map(|it| it.0)
    )
    .execute(&mut **tx)
    .await?;
    for site in &new.sites {
        sqlx::query!("insert into user_sites (org_id, user_id, site_id) values ($1, $2, $3)", org.0, user.0, site.0)
            .execute(&mut **tx)
            .await?;
    }
    let made = sqlx::query!(
        "insert into logins (id, email, org_id, user_id, password_hash, created_at) values ($1, $2, $3, $4, $5, $6) on conflict (email) do nothing",
        Uuid::now_v7(),
        email,
        org.0,
        user.0,
        hash,
        now
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    if made == 0 {
        return Err(Error::Conflict(format!(
            "there is a login '{email}' already; use another e-mail, or muster user reset"
        )));
    }
    Ok(user)
}

/// A random password: 100 bits in four groups that are easy to read out.
#[must_use]
pub fn random_password() -> String {
    const LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut random = rand::rng();
    let group = |random: &mut rand::rngs::ThreadRng| {
        (0..5).map(|_| char::from(LETTERS[random.random_range(0..LETTERS.len())])).collect::<String>()
    };
    (0..4).map(|_| group(&mut random)).collect::<Vec<_>>().join("-")
}

/// Sets a new password, lifts a lock, and ends the sessions of the login.
///
/// # Errors
/// [`Error::NotFound`], or [`Error::Invalid`] for a password that will not do.
pub async fn reset_password(db: &Database, email: &str, password: &str) -> Result<()> {
    let email = normal(email)?;
    check_password(password, &email)?;
    let hash = hash(password.to_owned()).await?;
    let mut tx = db.global().await?;
    write_password(&mut tx, &email, &hash).await?;
    tx.commit().await
}

/// Writes the hash of a new password, lifts a lock, and ends the sessions.
pub(super) async fn write_password(connection: &mut PgConnection, email: &str, hash: &str) -> Result<()> {
    let login = sqlx::query_scalar!("update logins set password_hash = $2 where email = $1 returning id", email, hash)
        .fetch_optional(&mut *connection)
        .await?
        .ok_or(Error::NotFound("login"))?;
    sqlx::query!("delete from sessions where login_id = $1", login).execute(&mut *connection).await?;
    sqlx::query!("delete from sign_in_limits where key = $1", account_key(email)).execute(&mut *connection).await?;
    Ok(())
}

/// Whether a login exists.
///
/// # Errors
/// [`Error::Database`].
pub async fn login_exists(db: &Database, email: &str) -> Result<bool> {
    let mut tx = db.global().await?;
    let there = sqlx::query_scalar!(r#"select exists (select from logins where email = $1) as "it!""#, normal(email)?)
        .fetch_one(&mut *tx)
        .await?;
    Ok(there)
}

fn normal(email: &str) -> Result<String> {
    let email = email.trim().to_lowercase();
    let plausible = email.len() <= 254
        && email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
        && !email.contains(char::is_whitespace);
    plausible.then_some(email).ok_or_else(|| Error::Invalid("That is not an e-mail address.".into()))
}

pub(crate) fn account_key(email: &str) -> String {
    format!("account:{email}")
}

/// Whoever has one address of IPv6 has all 2⁶⁴ of its network and could guess from each; of IPv4 an address is one line.
fn address_key(address: &str) -> String {
    let network = match address.trim().parse::<IpAddr>().map(|it| it.to_canonical()) {
        Ok(IpAddr::V6(it)) => {
            let [a, b, c, d, ..] = it.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        Ok(IpAddr::V4(it)) => it.to_string(),
        Err(_) => address.to_owned(),
    };
    format!("address:{network}")
}

/// How a sign-in ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    /// Welcome.
    Welcome {
        /// The login, for the session.
        login: Uuid,
    },
    /// Unknown e-mail or wrong password: which, is not said.
    Refused,
    /// Too many failures: not before then.
    Locked {
        /// When to try again.
        until: DateTime<Utc>,
    },
}

/// Checks an e-mail and password for somebody at `address`.
///
/// An account has five free failures, an address (of IPv6: its network) twenty; after that each further failure doubles the wait, from 30
/// seconds to an hour. While locked nothing is checked, so that guessing on is useless. A try is counted before it is
/// checked, so that guesses sent all at once are counted too.
///
/// # Errors
/// [`Error::Database`].
pub async fn sign_in(db: &Database, email: &str, password: &str, address: &str, now: DateTime<Utc>) -> Result<SignIn> {
    let email: String = email.trim().to_lowercase().chars().filter(|letter| !letter.is_control()).take(254).collect();
    let keys = [account_key(&email), address_key(address)];
    let earned = match count_try(db, &keys, now).await? {
        Try::Locked(until) => return Ok(SignIn::Locked { until }),
        Try::Counted(earned) => earned,
    };
    let mut tx = db.global().await?;
    let login = sqlx::query!(
        "select id, org_id, user_id, password_hash from logins where email = $1 and disabled_at is null",
        email
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    let good = password.len() <= LONGEST
        && verify(password.to_owned(), login.as_ref().map(|login| login.password_hash.clone())).await;
    if let Some(login) = login.filter(|_| good) {
        let mut tx = db.org(OrgId(login.org_id)).await?;
        let active = sqlx::query!(
            "update users set last_login_at = $3 where org_id = $1 and id = $2 and status = 'active'",
            login.org_id,
            login.user_id,
            now
        )
        .execute(&mut *tx)
        .await?
        .rows_affected();
        if active == 1 {
            take_back(&mut tx, &keys, earned[1]).await?;
            tx.commit().await?;
            return Ok(SignIn::Welcome { login: login.id });
        }
    }
    Ok(earned.into_iter().flatten().max().map_or(SignIn::Refused, |until| SignIn::Locked { until }))
}

/// What became of a try before it was checked.
enum Try {
    /// It is not checked before then.
    Locked(DateTime<Utc>),
    /// It may be checked; the lock that account and address earn if it fails.
    Counted([Option<DateTime<Utc>>; 2]),
}

/// Counts a try as if it failed.
async fn count_try(db: &Database, keys: &[String; 2], now: DateTime<Utc>) -> Result<Try> {
    let mut tx = db.global().await?;
    let mut earned = [None, None];
    for ((key, free), earned) in keys.iter().zip([FREE_FAILURES, 4 * FREE_FAILURES]).zip(&mut earned) {
        // A day without a try starts afresh.
        let row = sqlx::query!(
            "insert into sign_in_limits as l (key, failures, last_failed_at) values ($1, 1, $2)
             on conflict (key) do update set last_failed_at = $2,
                 failures = case when l.last_failed_at < $2::timestamptz - interval '1 day' then 1 else l.failures + 1 end
             returning failures, blocked_until",
            key,
            now
        )
        .fetch_one(&mut *tx)
        .await?;
        if let Some(until) = row.blocked_until.filter(|until| *until > now) {
            // The transaction is dropped: what is not checked is not counted either.
            return Ok(Try::Locked(until));
        }
        if row.failures >= free {
            let until = now + Duration::seconds(30 << (row.failures - free).min(7)).min(Duration::hours(1));
            sqlx::query!("update sign_in_limits set blocked_until = $2 where key = $1", key, until)
                .execute(&mut *tx)
                .await?;
            *earned = Some(until);
        }
    }
    tx.commit().await?;
    Ok(Try::Counted(earned))
}

/// The try was good: the account starts afresh, and the address is where it was, since others may be guessing from it.
async fn take_back(tx: &mut OrgTx, keys: &[String; 2], earned: Option<DateTime<Utc>>) -> Result<()> {
    sqlx::query!("delete from sign_in_limits where key = $1", keys[0]).execute(&mut **tx).await?;
    sqlx::query!(
        "update sign_in_limits set failures = greatest(failures - 1, 0),
             blocked_until = case when blocked_until = $2 then null else blocked_until end
         where key = $1",
        keys[1],
        earned
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_addresses_of_one_network_of_ipv6_are_counted_together() {
        let check = |address: &str, key: &str| assert_eq!(address_key(address), format!("address:{key}"));
        check("2001:db8:1:2::7", "2001:db8:1:2::/64");
        check("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64");
        check("2001:db8:1:3::7", "2001:db8:1:3::/64");
        check("192.0.2.77", "192.0.2.77");
        check("::ffff:192.0.2.77", "192.0.2.77");
        check("unknown", "unknown");
    }
}
