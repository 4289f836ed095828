//! Which REST tokens does a login have, and how does one end?

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::database::Database;
use crate::{Error, Result};

/// A token without what it opens things with: that is stored nowhere.
#[derive(Debug, Clone, Serialize)]
pub struct TokenInfo {
    /// Names it for revoking.
    pub id: Uuid,
    /// What it is for.
    pub name: String,
    /// The areas of the API it opens; `*` is all.
    pub scopes: Vec<String>,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Until when, unless revoked; `None` is for ever.
    pub expires_at: Option<DateTime<Utc>>,
    /// The last request with it.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Since when it opens nothing.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// The tokens of a login, newest first.
///
/// # Errors
/// [`Error::NotFound`] for an unknown login.
pub async fn tokens_of(db: &Database, email: &str) -> Result<Vec<TokenInfo>> {
    let mut tx = db.global().await?;
    let login = sqlx::query!("select org_id, user_id from logins where email = $1", email.trim().to_lowercase())
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(Error::NotFound("login"))?;
    let tokens = sqlx::query_as!(
        TokenInfo,
        "select id, name, scopes, created_at, expires_at, last_used_at, revoked_at from api_tokens
         where org_id = $1 and user_id = $2 order by created_at desc, id desc",
        login.org_id,
        login.user_id
    )
    .fetch_all(&mut *tx)
    .await?;
    Ok(tokens)
}

/// Ends a token. Ending it again changes nothing.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn revoke_token(db: &Database, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    let mut tx = db.global().await?;
    let known = sqlx::query!("update api_tokens set revoked_at = coalesce(revoked_at, $2) where id = $1", id, now)
        .execute(&mut *tx)
        .await?
        .rows_affected();
    if known == 0 {
        return Err(Error::NotFound("token"));
    }
    tx.commit().await
}
