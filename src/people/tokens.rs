//! Which REST tokens does a login have, and how does one end?

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::audit::{self, Change};
use super::fingerprint;
use crate::database::{Database, OrgTx};
use crate::units::{OrgId, UserId};
use crate::{Error, Result};

/// What records of tokens are called in the audit log.
const RECORD: &str = "token";

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

/// A token with whose it is.
#[derive(Debug, Clone)]
pub struct OrgToken {
    /// The token.
    pub info: TokenInfo,
    /// In whose name it acts.
    pub user: UserId,
    /// That user's name.
    pub owner: String,
}

impl OrgToken {
    /// Whether it opens something.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.info.revoked_at.is_none() && self.info.expires_at.is_none_or(|end| end > now)
    }
}

/// The tokens of everybody in the organization, those that open something first, then newest first; at most `limit`.
///
/// # Errors
/// [`Error::Database`].
pub async fn tokens_of_org(tx: &mut OrgTx, limit: i64, now: DateTime<Utc>) -> Result<Vec<OrgToken>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select t.id, t.name, t.scopes, t.created_at, t.expires_at, t.last_used_at, t.revoked_at, t.user_id, u.name as owner
           from api_tokens t join users u on u.org_id = t.org_id and u.id = t.user_id
           where t.org_id = $1
           order by t.revoked_at is null and (t.expires_at is null or t.expires_at > $2) desc, t.created_at desc, t.id desc limit $3"#,
        org,
        now,
        limit
    )
    .fetch_all(&mut **tx)
    .await?;
    let token = |id, name, scopes, created_at, expires_at, last_used_at, revoked_at| TokenInfo {
        id,
        name,
        scopes,
        created_at,
        expires_at,
        last_used_at,
        revoked_at,
    };
    Ok(rows
        .into_iter()
        .map(|row| OrgToken {
            user: UserId(row.user_id),
            owner: row.owner,
            info: token(row.id, row.name, row.scopes, row.created_at, row.expires_at, row.last_used_at, row.revoked_at),
        })
        .collect())
}

/// Makes a token for a user of the organization, with a line in the audit log; what it returns is shown once and stored nowhere.
///
/// # Errors
/// [`Error::Invalid`] for a name that will not do or no scope.
pub async fn make_token(
    tx: &mut OrgTx,
    user: UserId,
    (name, scopes): (&str, &[String]),
    expires_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<String> {
    let (org, name) = (tx.org(), name.trim());
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Error::Invalid("Say what the token is for, in at most 100 characters.".into()));
    }
    if scopes.is_empty() {
        return Err(Error::Invalid("Choose at least one part of the API that the token opens.".into()));
    }
    let (id, token) = insert(tx, (org, user), (name, scopes), Some(expires_at), now).await?;
    let after = serde_json::json!({ "name": name, "opens": scopes, "until": expires_at.date_naive() });
    let change = Change { action: "made token", record: RECORD, id: Some(id), before: None, after: Some(after) };
    audit::changed(tx, user, change, now).await?;
    Ok(token)
}

/// Writes the hash of a new random token: 244 bits of it.
pub(super) async fn insert(
    connection: &mut sqlx::PgConnection,
    (org, user): (OrgId, UserId),
    (name, scopes): (&str, &[String]),
    expires_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(Uuid, String)> {
    let token = format!("muster_{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    let id = Uuid::now_v7();
    sqlx::query!(
        "insert into api_tokens (token_hash, id, org_id, user_id, name, scopes, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        fingerprint(&token),
        id,
        org.0,
        user.0,
        name,
        scopes,
        now,
        expires_at
    )
    .execute(connection)
    .await?;
    Ok((id, token))
}

/// Ends a token of the organization at once, with a line in the audit log. Ending it again changes nothing.
///
/// # Errors
/// [`Error::NotFound`] for none of this organization.
pub async fn end_token(tx: &mut OrgTx, by: UserId, id: Uuid, now: DateTime<Utc>) -> Result<String> {
    let org = tx.org().0;
    let row = sqlx::query!("select name, revoked_at from api_tokens where org_id = $1 and id = $2 for update", org, id)
        .fetch_optional(&mut **tx)
        .await?
        .ok_or(Error::NotFound("token"))?;
    if row.revoked_at.is_none() {
        sqlx::query!("update api_tokens set revoked_at = $3 where org_id = $1 and id = $2", org, id, now)
            .execute(&mut **tx)
            .await?;
        let after = Some(serde_json::json!({ "name": row.name }));
        let change = Change { action: "revoked token", record: RECORD, id: Some(id), before: None, after };
        audit::changed(tx, by, change, now).await?;
    }
    Ok(row.name)
}
