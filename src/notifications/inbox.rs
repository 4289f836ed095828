//! What a user was told: reading it, and saying what not to be told.

use chrono::{DateTime, Days, Utc};
use uuid::Uuid;

use super::Kind;
use crate::database::OrgTx;
use crate::units::UserId;
use crate::{Error, Result};

/// Lines of a page.
pub const PER_PAGE: i64 = 20;
/// Days after which what was read is forgotten.
pub const DAYS_KEPT: u64 = 90;

/// Something a user was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Its id.
    pub id: Uuid,
    /// What it is about.
    pub kind: Kind,
    /// The sentence.
    pub text: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it was opened; `None`: it is unread.
    pub read_at: Option<DateTime<Utc>>,
}

/// A page of what a user was told, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbox {
    /// [`PER_PAGE`] lines at most.
    pub entries: Vec<Notification>,
    /// Whether there are older ones.
    pub older: bool,
}

/// How many a user has not read; 100 stands for 100 or more. A page gets it with the user: `people::User::unread`.
///
/// # Errors
/// [`Error::Database`].
pub async fn unread_count(tx: &mut OrgTx, user: UserId) -> Result<i64> {
    let org = tx.org().0;
    let count = sqlx::query_scalar!("select unread_notifications($1, $2)", org, user.0).fetch_one(&mut **tx).await?;
    Ok(count.unwrap_or(0))
}

/// A page of what a user was told, newest first; pages count from 1.
///
/// # Errors
/// [`Error::Database`].
pub async fn inbox(tx: &mut OrgTx, user: UserId, page: u32) -> Result<Inbox> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        "select id, kind, text, created_at, read_at from notifications
         where org_id = $1 and user_id = $2 order by created_at desc, id desc offset $3 limit $4",
        org,
        user.0,
        PER_PAGE * i64::from(page.saturating_sub(1)),
        PER_PAGE + 1
    )
    .fetch_all(&mut **tx)
    .await?;
    let older = rows.len() > usize::try_from(PER_PAGE).unwrap_or(usize::MAX);
    let entries = rows
        .into_iter()
        .take(usize::try_from(PER_PAGE).unwrap_or(usize::MAX))
        .map(|row| {
            let kind = row.kind.parse()?;
            Ok(Notification { id: row.id, kind, text: row.text, created_at: row.created_at, read_at: row.read_at })
        })
        .collect::<Result<_>>()?;
    Ok(Inbox { entries, older })
}

/// Marks one of the user's own as read and says where it leads.
///
/// # Errors
/// [`Error::NotFound`] for one that is not there or somebody else's.
pub async fn mark_read(tx: &mut OrgTx, user: UserId, id: Uuid, now: DateTime<Utc>) -> Result<String> {
    let org = tx.org().0;
    let link = sqlx::query_scalar!(
        "update notifications set read_at = coalesce(read_at, $4) where org_id = $1 and user_id = $2 and id = $3 returning link",
        org,
        user.0,
        id,
        now
    )
    .fetch_optional(&mut **tx)
    .await?;
    link.ok_or(Error::NotFound("notification"))
}

/// Marks all of the user's as read. Returns how many were not.
///
/// # Errors
/// [`Error::Database`].
pub async fn mark_all_read(tx: &mut OrgTx, user: UserId, now: DateTime<Utc>) -> Result<u64> {
    let org = tx.org().0;
    let marked = sqlx::query!(
        "update notifications set read_at = $3 where org_id = $1 and user_id = $2 and read_at is null",
        org,
        user.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(marked.rows_affected())
}

/// The user is told nothing of this kind from now on. What was told stays.
///
/// # Errors
/// [`Error::Database`].
pub async fn mute(tx: &mut OrgTx, user: UserId, kind: Kind) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "insert into notification_mutes (org_id, user_id, kind) values ($1, $2, $3) on conflict do nothing",
        org,
        user.0,
        kind.word()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The user is told of this kind again.
///
/// # Errors
/// [`Error::Database`].
pub async fn unmute(tx: &mut OrgTx, user: UserId, kind: Kind) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "delete from notification_mutes where org_id = $1 and user_id = $2 and kind = $3",
        org,
        user.0,
        kind.word()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The kinds a user has muted.
///
/// # Errors
/// [`Error::Database`].
pub async fn muted(tx: &mut OrgTx, user: UserId) -> Result<Vec<Kind>> {
    let org = tx.org().0;
    let words =
        sqlx::query_scalar!("select kind from notification_mutes where org_id = $1 and user_id = $2", org, user.0)
            .fetch_all(&mut **tx)
            .await?;
    Ok(words.iter().filter_map(|word| word.parse().ok()).collect())
}

/// Forgets what was read and is older than [`DAYS_KEPT`] days. Returns how many.
///
/// # Errors
/// [`Error::Database`].
pub async fn forget_read(tx: &mut OrgTx, now: DateTime<Utc>) -> Result<u64> {
    let org = tx.org().0;
    let forgotten = sqlx::query!(
        "delete from notifications where org_id = $1 and read_at is not null and created_at < $2",
        org,
        now - Days::new(DAYS_KEPT)
    )
    .execute(&mut **tx)
    .await?;
    Ok(forgotten.rows_affected())
}
