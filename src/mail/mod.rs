//! What goes out by mail, and did it? A mail is written down in the transaction of what it is about, waits in the queue, and
//! keeps what the mail server said of it.
//!
//! It is sent once as far as SMTP lets anybody promise that: a mail whose process dies between the server's answer and our
//! note of it goes out again under the same Message-ID, by which the reader's program tells that it is the same.

mod post;

use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use uuid::Uuid;

pub use post::Post;

use crate::database::{Database, OrgTx};
use crate::queue::{Hands, Held, Order, enqueue};
use crate::units::UserId;
use crate::{Error, Result};

/// The job that sends a mail.
pub const JOB: &str = "mail";
/// Days a mail is kept that was sent, refused or left here.
const DAYS_KEPT: i64 = 90;

/// A file that goes with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Its media type, such as `application/pdf`.
    pub media_type: String,
    /// Its content.
    pub content: Vec<u8>,
}

/// A mail to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// To whom.
    pub to: UserId,
    /// Asked for twice with one key, it is sent once.
    pub key: Option<String>,
    /// The line above it; cut at 200 characters.
    pub subject: String,
    /// What it says, as plain text.
    pub body: String,
    /// What goes with it.
    pub attachment: Option<Attachment>,
}

/// Asks for a mail, in the caller's transaction. `None`: it was asked for before, or the user may not sign in and is sent
/// nothing.
///
/// # Errors
/// [`Error::Database`], [`Error::Queue`].
pub async fn send(tx: &mut OrgTx, letter: &Letter, now: DateTime<Utc>) -> Result<Option<Uuid>> {
    let (org, id, file) = (tx.org(), Uuid::now_v7(), letter.attachment.as_ref());
    let written = sqlx::query!(
        "insert into mails (org_id, id, user_id, key, address, subject, body, attachment, attachment_name, attachment_type, state, asked_at)
         select $1, $2, u.id, $4, l.email, $5, $6, $7, $8, $9, 'waiting', $10
         from users u join logins l on l.org_id = u.org_id and l.user_id = u.id
         where u.org_id = $1 and u.id = $3 and u.status = 'active' and l.disabled_at is null
         on conflict (org_id, user_id, key) where key is not null do nothing",
        org.0,
        id,
        letter.to.0,
        letter.key,
        letter.subject.chars().take(200).collect::<String>(),
        letter.body,
        file.map(|file| file.content.as_slice()),
        file.map(|file| file.name.as_str()),
        file.map(|file| file.media_type.as_str()),
        now
    )
    .execute(&mut **tx)
    .await?;
    if written.rows_affected() == 0 {
        return Ok(None);
    }
    enqueue(tx, org, Order::new(JOB).with(json!({ "mail": id })), now).await?;
    Ok(Some(id))
}

/// Asks for a mail to whoever runs this installation, at the address of the settings (`ADMIN_EMAIL`), in the caller's
/// transaction; without that setting it is kept. Somebody who gets the mail of this key as a user gets it once. `None`: it was
/// asked for before.
///
/// # Errors
/// [`Error::Database`], [`Error::Queue`].
pub async fn send_to_administrator(
    tx: &mut OrgTx,
    key: &str,
    (subject, body): (&str, &str),
    now: DateTime<Utc>,
) -> Result<Option<Uuid>> {
    let (org, id) = (tx.org(), Uuid::now_v7());
    let written = sqlx::query!(
        "insert into mails (org_id, id, key, address, subject, body, state, asked_at)
         values ($1, $2, $3, 'the administrator of this installation', $4, $5, 'waiting', $6)
         on conflict (org_id, key) where user_id is null and key is not null do nothing",
        org.0,
        id,
        key,
        subject.chars().take(200).collect::<String>(),
        body,
        now
    )
    .execute(&mut **tx)
    .await?;
    if written.rows_affected() == 0 {
        return Ok(None);
    }
    enqueue(tx, org, Order::new(JOB).with(json!({ "mail": id })), now).await?;
    Ok(Some(id))
}

/// Who can send mails too; without a mail server they are kept.
#[must_use]
pub fn hands(hands: Hands, db: &Database, post: Option<Post>) -> Hands {
    let db = db.clone();
    hands.can(JOB, move |held| {
        let (db, post) = (db.clone(), post.clone());
        async move { deliver(&db, post.as_ref(), &held).await }
    })
}

/// What a mail is, as it was written down.
#[derive(Debug)]
struct Written {
    id: Uuid,
    /// `None`: to the administrator of this installation.
    address: Option<String>,
    name: String,
    key: Option<String>,
    subject: String,
    body: String,
    asked_at: DateTime<Utc>,
    attachment: Option<Attachment>,
}

async fn deliver(db: &Database, post: Option<&Post>, held: &Held) -> Result<u64> {
    let id = held.payload["mail"].as_str().and_then(|id| id.parse().ok()).ok_or(Error::NotFound("mail"))?;
    let mut tx = db.org(held.org).await?;
    let mail = written(&mut tx, id).await?;
    tx.commit().await?;
    // Sent, refused or erased meanwhile.
    let Some(mail) = mail else { return Ok(0) };
    let Some(post) = post else {
        return settle(db, held, id, "kept", "there is no mail server: SMTP_URL is not set").await;
    };
    let address = match (&mail.address, post.administrator()) {
        (Some(address), _) => address.clone(),
        (None, None) => return settle(db, held, id, "kept", "nobody is named: ADMIN_EMAIL is not set").await,
        (None, Some(address)) if goes_there_anyhow(db, held, &mail, address).await? => {
            return settle(db, held, id, "kept", "the same mail goes to this address as a user's").await;
        }
        (None, Some(address)) => addressed(db, held, id, address).await?,
    };
    match post.send(&mail, &address).await {
        Ok(answer) => settle(db, held, id, "sent", &answer).await,
        Err(refusal) if refusal.for_good => settle(db, held, id, "failed", &refusal.words).await,
        Err(refusal) => {
            let mut tx = db.org(held.org).await?;
            note(&mut tx, id, "waiting", &refusal.words, held.now).await?;
            tx.commit().await?;
            Err(Error::Queue(refusal.words))
        }
    }
}

/// Whether a user with this address is sent the same mail.
async fn goes_there_anyhow(db: &Database, held: &Held, mail: &Written, address: &str) -> Result<bool> {
    let mut tx = db.org(held.org).await?;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from mails where org_id = $1 and key = $2 and user_id is not null and lower(address) = lower($3)) as "is!""#,
        held.org.0,
        mail.key,
        address
    )
    .fetch_one(&mut *tx)
    .await?)
}

/// Writes down where a mail to the administrator goes.
async fn addressed(db: &Database, held: &Held, id: Uuid, address: &str) -> Result<String> {
    let mut tx = db.org(held.org).await?;
    sqlx::query!("update mails set address = $3 where org_id = $1 and id = $2", held.org.0, id, address)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(address.to_owned())
}

/// What became of it and the end of the job, in one transaction.
async fn settle(db: &Database, held: &Held, id: Uuid, state: &str, outcome: &str) -> Result<u64> {
    let mut tx = db.org(held.org).await?;
    note(&mut tx, id, state, outcome, held.now).await?;
    held.end_with(&mut tx, 1).await?;
    tx.commit().await?;
    Ok(1)
}

async fn note(tx: &mut OrgTx, id: Uuid, state: &str, outcome: &str, now: DateTime<Utc>) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "update mails set state = $3, outcome = $4, settled_at = $5 where org_id = $1 and id = $2",
        org,
        id,
        state,
        outcome,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn written(tx: &mut OrgTx, id: Uuid) -> Result<Option<Written>> {
    let org = tx.org().0;
    let row = sqlx::query!(
        r#"select case when m.user_id is not null then m.address end as address, m.key, m.subject, m.body, m.asked_at, m.attachment,
                  m.attachment_name, m.attachment_type, u.name as "name?"
           from mails m left join users u on u.org_id = m.org_id and u.id = m.user_id
           where m.org_id = $1 and m.id = $2 and m.state = 'waiting' and (m.user_id is null or u.status = 'active')"#,
        org,
        id
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Written {
        id,
        address: row.address,
        name: row.name.unwrap_or_else(|| "Administrator".into()),
        key: row.key,
        subject: row.subject,
        body: row.body,
        asked_at: row.asked_at,
        attachment: row.attachment.map(|content| Attachment {
            name: row.attachment_name.unwrap_or_default(),
            media_type: row.attachment_type.unwrap_or_default(),
            content,
        }),
    }))
}

/// How a mail stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Which.
    pub id: Uuid,
    /// Where it goes.
    pub address: String,
    /// Its subject.
    pub subject: String,
    /// waiting, sent, failed or kept.
    pub state: String,
    /// What the mail server said last.
    pub outcome: Option<String>,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// When that was said.
    pub settled_at: Option<DateTime<Utc>>,
}

/// The latest mails of the organization, newest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn deliveries(tx: &mut OrgTx, limit: i64) -> Result<Vec<Delivery>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Delivery,
        "select id, address, subject, state, outcome, asked_at, settled_at from mails where org_id = $1 order by asked_at desc, id desc limit $2",
        org,
        limit
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Forgets mails that were settled long ago.
///
/// # Errors
/// [`Error::Database`].
pub async fn forget_settled(tx: &mut OrgTx, now: DateTime<Utc>) -> Result<u64> {
    let (org, before) = (tx.org().0, now - Duration::days(DAYS_KEPT));
    Ok(sqlx::query!("delete from mails where org_id = $1 and state <> 'waiting' and settled_at < $2", org, before)
        .execute(&mut **tx)
        .await?
        .rows_affected())
}
