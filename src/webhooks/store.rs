//! Addresses and what was sent to them.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::Kind;
use crate::database::OrgTx;
use crate::units::UserId;
use crate::{Error, Result};

/// Days a message is kept that was delivered or given up.
const DAYS_KEPT: i64 = 90;

/// An address that is told. What its messages are signed with is not read by whoever looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Which.
    pub id: Uuid,
    /// Where.
    pub url: String,
    /// Of what it is told.
    pub kinds: Vec<String>,
    /// Whether it is told now.
    pub active: bool,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// By whom it was added.
    pub created_by: String,
    /// Messages that arrived within 30 days.
    pub delivered: i64,
    /// Messages that did not.
    pub failed: i64,
}

/// A message, for whoever looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Which.
    pub id: Uuid,
    /// Where it goes.
    pub url: String,
    /// Of what.
    pub kind: String,
    /// waiting, delivered, failed, refused or dropped.
    pub state: String,
    /// How often it was tried.
    pub attempts: i32,
    /// The status of the last answer.
    pub status: Option<i16>,
    /// What the last answer said, or what went wrong; cut.
    pub answer: Option<String>,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// When it was tried last.
    pub tried_at: Option<DateTime<Utc>>,
    /// When it is tried again, about.
    pub next_try_at: Option<DateTime<Utc>>,
}

/// The addresses, the oldest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn webhooks(tx: &mut OrgTx, now: DateTime<Utc>) -> Result<Vec<Webhook>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Webhook,
        r#"select w.id, w.url, w.kinds, w.active, w.created_at, u.name as created_by,
                  count(d.id) filter (where d.state = 'delivered') as "delivered!",
                  count(d.id) filter (where d.state in ('failed', 'refused')) as "failed!"
           from webhooks w
           join users u on u.org_id = $1 and u.id = w.created_by
           left join webhook_deliveries d on d.org_id = $1 and d.webhook_id = w.id and d.asked_at > $2
           where w.org_id = $1 group by w.id, w.url, w.kinds, w.active, w.created_at, u.name order by w.created_at, w.id"#,
        org,
        now - Duration::days(30)
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// The latest messages, newest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn deliveries(tx: &mut OrgTx, limit: i64) -> Result<Vec<Delivery>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Delivery,
        "select d.id, w.url, d.kind, d.state, d.attempts, d.status, d.answer, d.asked_at, d.tried_at, d.next_try_at
         from webhook_deliveries d join webhooks w on w.org_id = $1 and w.id = d.webhook_id
         where d.org_id = $1 order by d.asked_at desc, d.id desc limit $2",
        org,
        limit
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Forgets messages that were settled long ago.
///
/// # Errors
/// [`Error::Database`].
pub async fn forget_settled(tx: &mut OrgTx, now: DateTime<Utc>) -> Result<u64> {
    let (org, before) = (tx.org().0, now - Duration::days(DAYS_KEPT));
    let gone = sqlx::query!(
        "delete from webhook_deliveries where org_id = $1 and state <> 'waiting' and asked_at < $2",
        org,
        before
    );
    Ok(gone.execute(&mut **tx).await?.rows_affected())
}

pub(super) async fn count(tx: &mut OrgTx) -> Result<i64> {
    let org = tx.org().0;
    let count = sqlx::query_scalar!(r#"select count(*) as "count!" from webhooks where org_id = $1"#, org);
    Ok(count.fetch_one(&mut **tx).await?)
}

pub(super) async fn insert(
    tx: &mut OrgTx,
    id: Uuid,
    url: &str,
    secret: &str,
    kinds: &[String],
    by: UserId,
    now: DateTime<Utc>,
) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "insert into webhooks (org_id, id, url, secret, kinds, created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
        org,
        id,
        url,
        secret,
        kinds,
        by.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn one(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Error::NotFound("webhook")) }
}

pub(super) async fn set_active(tx: &mut OrgTx, id: Uuid, active: bool) -> Result<()> {
    let org = tx.org().0;
    let set = sqlx::query!("update webhooks set active = $3 where org_id = $1 and id = $2", org, id, active);
    one(set.execute(&mut **tx).await?.rows_affected())
}

pub(super) async fn remove(tx: &mut OrgTx, id: Uuid) -> Result<()> {
    let org = tx.org().0;
    let gone = sqlx::query!("delete from webhooks where org_id = $1 and id = $2", org, id);
    one(gone.execute(&mut **tx).await?.rows_affected())
}

pub(super) async fn is_active(tx: &mut OrgTx, id: Uuid) -> Result<bool> {
    let org = tx.org().0;
    let active = sqlx::query_scalar!("select active from webhooks where org_id = $1 and id = $2", org, id);
    active.fetch_optional(&mut **tx).await?.ok_or(Error::NotFound("webhook"))
}

pub(super) async fn wanting(tx: &mut OrgTx, kind: Kind) -> Result<Vec<Uuid>> {
    let org = tx.org().0;
    let ids = sqlx::query_scalar!(
        "select id from webhooks where org_id = $1 and active and $2 = any (kinds) order by created_at, id",
        org,
        kind.code()
    );
    Ok(ids.fetch_all(&mut **tx).await?)
}

pub(super) async fn insert_delivery(
    tx: &mut OrgTx,
    id: Uuid,
    webhook: Uuid,
    kind: Kind,
    body: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "insert into webhook_deliveries (org_id, id, webhook_id, kind, body, state, asked_at) values ($1, $2, $3, $4, $5, 'waiting', $6)",
        org,
        id,
        webhook,
        kind.code(),
        body,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What is to be sent.
#[derive(Debug)]
pub(super) struct Message {
    pub url: String,
    pub secret: String,
    pub body: String,
    pub kind: String,
    pub active: bool,
}

/// A message that waits; `None`: it is settled, or its address was removed.
pub(super) async fn waiting(tx: &mut OrgTx, id: Uuid) -> Result<Option<Message>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Message,
        "select w.url, w.secret, d.body, d.kind, w.active from webhook_deliveries d
         join webhooks w on w.org_id = $1 and w.id = d.webhook_id
         where d.org_id = $1 and d.id = $2 and d.state = 'waiting'",
        org,
        id
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// What a try came to.
#[derive(Debug)]
pub(super) struct Note<'a> {
    pub state: &'a str,
    pub attempts: i32,
    pub status: Option<u16>,
    pub answer: &'a str,
    pub at: DateTime<Utc>,
    pub next: Option<DateTime<Utc>>,
}

pub(super) async fn note(tx: &mut OrgTx, id: Uuid, note: &Note<'_>) -> Result<()> {
    let org = tx.org().0;
    // No text of the database holds a NUL.
    let answer: String = note.answer.chars().filter(|c| *c != '\0').take(500).collect();
    sqlx::query!(
        "update webhook_deliveries set state = $3, attempts = $4, status = $5, answer = $6, tried_at = $7, next_try_at = $8
         where org_id = $1 and id = $2",
        org,
        id,
        note.state,
        note.attempts,
        note.status.and_then(|status| i16::try_from(status).ok()),
        answer,
        note.at,
        note.next
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
