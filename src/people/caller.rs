//! Who is asking: a user resolved from a login or a token, with what the permission table gives.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Access, Organization, Permission, Role, Scope, Sites};
use crate::clock::zone;
use crate::database::{Database, Glance};
use crate::units::{ClientId, OrgId, SiteId, UserId, WorkerId};
use crate::{Error, Result};

/// A signed-in user.
#[derive(Debug, Clone)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Its organization.
    pub org: Organization,
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// The worker the user is.
    pub worker: Option<WorkerId>,
    /// The client the user belongs to.
    pub client: Option<ClientId>,
    /// The sites the user looks after.
    pub sites: Vec<SiteId>,
    /// system, light or dark.
    pub theme: String,
    /// Notifications not read yet; 100 stands for 100 or more.
    pub unread: i64,
}

impl User {
    /// What this user may see through a permission.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when the table says nothing.
    pub fn scope(&self, permission: Permission) -> Result<Scope> {
        let names = permission.shows_names(self.role);
        let sites = match permission.access(self.role) {
            Access::Nothing => return Err(Error::Forbidden("view")),
            Access::Own | Access::AllOrgs => Sites::Only(Vec::new()),
            Access::All | Access::AllRead => Sites::All,
            Access::OwnSites => match self.client {
                Some(client) if self.role == Role::Client => Sites::OfClient(client),
                _ => Sites::Only(self.sites.clone()),
            },
        };
        let only_worker = (permission.access(self.role) == Access::Own).then_some(self.worker).flatten();
        Ok(Scope { sites, only_worker, names })
    }
}

/// The user behind a login, if both are still good.
///
/// # Errors
/// [`Error::Database`].
pub async fn user_of_login(db: &Database, login: Uuid) -> Result<Option<User>> {
    let found = sqlx::query_as!(
        Found,
        r#"select l.org_id, l.user_id, c.name as "name!", c.role as "role!", c.worker_id, c.client_id, c.theme as "theme!", c.sites as "sites!",
                  c.unread as "unread!", c.slug as "slug!", c.org_name as "org_name!", c.currency as "currency!",
                  c.time_zone as "time_zone!", c.is_demo as "is_demo!"
           from logins l cross join lateral caller_of(l.org_id, l.user_id) c where l.id = $1 and l.disabled_at is null"#,
        login
    )
    .fetch_optional(&mut *db.glance().await?)
    .await?;
    found.map(Found::user).transpose()
}

/// A user by id, if still active: for what is done in a user's name while the user is away.
///
/// # Errors
/// [`Error::Database`].
pub async fn user_of_id(db: &Database, org: OrgId, id: UserId) -> Result<Option<User>> {
    user(&mut db.glance().await?, org, id).await
}

async fn user(look: &mut Glance, org: OrgId, id: UserId) -> Result<Option<User>> {
    let found = sqlx::query_as!(
        Found,
        r#"select $1::uuid as "org_id!", $2::uuid as "user_id!", name as "name!", role as "role!", worker_id, client_id, theme as "theme!",
                  sites as "sites!", unread as "unread!", slug as "slug!", org_name as "org_name!", currency as "currency!",
                  time_zone as "time_zone!", is_demo as "is_demo!"
           from caller_of($1, $2)"#,
        org.0,
        id.0
    )
    .fetch_optional(&mut **look)
    .await?;
    found.map(Found::user).transpose()
}

/// A user as the database has it.
struct Found {
    org_id: Uuid,
    user_id: Uuid,
    name: String,
    role: String,
    worker_id: Option<Uuid>,
    client_id: Option<Uuid>,
    theme: String,
    sites: Vec<Uuid>,
    unread: i64,
    slug: String,
    org_name: String,
    currency: String,
    time_zone: String,
    is_demo: bool,
}

impl Found {
    fn user(self) -> Result<User> {
        Ok(User {
            id: UserId(self.user_id),
            name: self.name,
            role: self.role.parse()?,
            worker: self.worker_id.map(WorkerId),
            client: self.client_id.map(ClientId),
            sites: self.sites.into_iter().map(SiteId).collect(),
            theme: self.theme,
            unread: self.unread,
            org: Organization {
                id: OrgId(self.org_id),
                slug: self.slug,
                name: self.org_name,
                currency: self.currency,
                zone: zone(&self.time_zone)?,
                is_demo: self.is_demo,
            },
        })
    }
}

/// Remembers the theme a user chose: system, light or dark.
///
/// # Errors
/// [`Error::Invalid`] for another word.
pub async fn choose_theme(db: &Database, user: &User, theme: &str) -> Result<()> {
    if !matches!(theme, "system" | "light" | "dark") {
        return Err(Error::Invalid("The theme is system, light or dark.".into()));
    }
    let mut tx = db.org(user.org.id).await?;
    sqlx::query!("update users set theme = $3 where org_id = $1 and id = $2", user.org.id.0, user.id.0, theme)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

/// The hash under which a secret that is itself random is stored.
#[must_use]
pub fn fingerprint(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Makes a REST token for a user; what it returns is shown once and stored nowhere.
///
/// # Errors
/// [`Error::NotFound`] for an unknown login.
pub async fn create_token(
    db: &Database,
    email: &str,
    name: &str,
    scopes: &[String],
    expires_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<String> {
    let mut tx = db.global().await?;
    let login = sqlx::query!(
        "select org_id, user_id from logins where email = $1 and disabled_at is null",
        email.trim().to_lowercase()
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(Error::NotFound("login"))?;
    let owner = (OrgId(login.org_id), UserId(login.user_id));
    let (_, token) = super::tokens::insert(&mut tx, owner, (name, scopes), expires_at, now).await?;
    tx.commit().await?;
    Ok(token)
}

/// The user behind a token that holds `scope` and is neither expired nor revoked.
///
/// # Errors
/// [`Error::Database`].
pub async fn user_of_token(db: &Database, token: &str, scope: &str, now: DateTime<Utc>) -> Result<Option<User>> {
    let mut look = db.glance().await?;
    let row = sqlx::query!(
        "update api_tokens set last_used_at = $3
         where token_hash = $1 and revoked_at is null and (expires_at is null or expires_at > $3) and ($2 = any (scopes) or '*' = any (scopes))
         returning org_id, user_id",
        fingerprint(token),
        scope,
        now
    )
    .fetch_optional(&mut *look)
    .await?;
    let Some(row) = row else { return Ok(None) };
    user(&mut look, OrgId(row.org_id), UserId(row.user_id)).await
}
