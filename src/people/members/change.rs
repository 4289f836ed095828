//! What an administrator does: add, change role and scope, shut out, admit again, reset the password. Each is written into the
//! audit log, before and after, in the transaction of the change.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::list::{Member, member};
use crate::database::{Database, OrgTx};
use crate::people::accounts::{NewUser, hash, insert_user, prepared, random_password, write_password};
use crate::people::audit::{self, Change};
use crate::people::{Role, find_worker};
use crate::units::{ClientId, OrgId, SiteId, UserId};
use crate::{Error, Result};

/// What records of users are called in the audit log.
const RECORD: &str = "user";

/// Role and scope of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rights {
    /// Role.
    pub role: Role,
    /// The client whose sites a client sees.
    pub client: Option<ClientId>,
    /// The sites a supervisor looks after.
    pub sites: Vec<SiteId>,
    /// Employee number of the worker the user is; empty: none.
    pub number: String,
}

impl Rights {
    /// Keeps of the scope only what the role has.
    fn tidy(mut self) -> Result<Self> {
        if self.role == Role::Platform {
            return Err(Error::Invalid(
                "Users of the platform see totals of every organization: they are made on the command line only."
                    .into(),
            ));
        }
        if self.role != Role::Supervisor {
            self.sites.clear();
        }
        self.sites.sort_unstable();
        self.sites.dedup();
        self.client = self.client.filter(|_| self.role == Role::Client);
        if self.role == Role::Client && self.client.is_none() {
            return Err(Error::Invalid("Choose the client whose sites this user is to see.".into()));
        }
        self.number = self.number.trim().to_owned();
        Ok(self)
    }
}

/// Adds a user with a random password, which is returned to be shown once and stored nowhere.
///
/// # Errors
/// [`Error::Invalid`] for what cannot be, [`Error::Conflict`] for an e-mail that is taken.
pub async fn add(
    db: &Database,
    org: OrgId,
    by: UserId,
    (name, email): (&str, &str),
    rights: Rights,
    now: DateTime<Utc>,
) -> Result<(UserId, String)> {
    let rights = rights.tidy()?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 200 {
        return Err(Error::Invalid("Write the name, in at most 200 characters.".into()));
    }
    let mut new = NewUser {
        name: name.into(),
        email: email.into(),
        role: rights.role,
        worker: None,
        client: rights.client,
        sites: rights.sites,
    };
    let password = random_password();
    let ready = prepared(&new, &password).await?;
    let mut tx = db.org(org).await?;
    if !rights.number.is_empty() {
        new.worker = Some(find_worker(&mut tx, &rights.number).await?.0);
    }
    own_places(&mut tx, new.client, &new.sites).await?;
    let id = insert_user(&mut tx, &new, ready, now).await.map_err(taken)?;
    let made = member(&mut tx, id, now).await?;
    let change =
        Change { action: "added user", record: RECORD, id: Some(id.0), before: None, after: Some(shown(&made)) };
    audit::changed(&mut tx, by, change, now).await?;
    tx.commit().await?;
    Ok((id, password))
}

fn taken(cause: Error) -> Error {
    match cause {
        Error::Conflict(_) => Error::Conflict("This e-mail is in use already. Write another one.".into()),
        other => other,
    }
}

/// Sites and client must be of this organization, as a record of another is none.
async fn own_places(tx: &mut OrgTx, client: Option<ClientId>, sites: &[SiteId]) -> Result<()> {
    let org = tx.org().0;
    let wanted: Vec<uuid::Uuid> = sites.iter().map(|site| site.0).collect();
    let known = sqlx::query_scalar!(
        r#"select (select count(*) from sites where org_id = $1 and id = any ($2)) = cardinality($2)
              and ($3::uuid is null or exists (select from clients where org_id = $1 and id = $3)) as "known!""#,
        org,
        &wanted,
        client.map(|client| client.0)
    )
    .fetch_one(&mut **tx)
    .await?;
    known.then_some(()).ok_or(Error::NotFound("site or client"))
}

/// Gives a user another role, scope or worker. It holds from the user's next request on.
///
/// # Errors
/// [`Error::NotFound`] for none of this organization, [`Error::Invalid`] for what cannot be, [`Error::Conflict`] where nobody
/// would be left to administrate.
pub async fn set_rights(tx: &mut OrgTx, by: UserId, id: UserId, rights: Rights, now: DateTime<Utc>) -> Result<Member> {
    let rights = rights.tidy()?;
    let before = changeable(tx, by, id, now).await?;
    if rights.role != Role::Admin {
        leave_an_administrator(tx, id).await?;
    }
    own_places(tx, rights.client, &rights.sites).await?;
    let worker = match rights.number.as_str() {
        "" => None,
        number => Some(find_worker(tx, number).await?.0.0),
    };
    let org = tx.org().0;
    sqlx::query!(
        "update users set role = $3, client_id = $4, worker_id = $5 where org_id = $1 and id = $2",
        org,
        id.0,
        rights.role.word(),
        rights.client.map(|client| client.0),
        worker
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!("delete from user_sites where org_id = $1 and user_id = $2", org, id.0).execute(&mut **tx).await?;
    let sites: Vec<uuid::Uuid> = rights.sites.iter().map(|site| site.0).collect();
    sqlx::query!(
        "insert into user_sites (org_id, user_id, site_id) select $1, $2, s from unnest($3::uuid[]) s",
        org,
        id.0,
        &sites
    )
    .execute(&mut **tx)
    .await?;
    note(tx, by, "changed user", &before, now).await
}

/// Shuts a user out: sessions end, tokens open nothing, at once.
///
/// # Errors
/// As [`set_rights`].
pub async fn shut_out(tx: &mut OrgTx, by: UserId, id: UserId, now: DateTime<Utc>) -> Result<Member> {
    let before = changeable(tx, by, id, now).await?;
    leave_an_administrator(tx, id).await?;
    let org = tx.org().0;
    sqlx::query!("update users set status = 'disabled' where org_id = $1 and id = $2", org, id.0)
        .execute(&mut **tx)
        .await?;
    sqlx::query!(
        "update api_tokens set revoked_at = $3 where org_id = $1 and user_id = $2 and revoked_at is null",
        org,
        id.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "with shut as (update logins set disabled_at = coalesce(disabled_at, $3) where org_id = $1 and user_id = $2 returning id)
         delete from sessions where login_id in (select id from shut)",
        org,
        id.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    note(tx, by, "deactivated user", &before, now).await
}

/// Lets a user in again who was shut out; tokens stay revoked.
///
/// # Errors
/// As [`set_rights`].
pub async fn admit(tx: &mut OrgTx, by: UserId, id: UserId, now: DateTime<Utc>) -> Result<Member> {
    let before = changeable(tx, by, id, now).await?;
    let org = tx.org().0;
    sqlx::query!("update users set status = 'active' where org_id = $1 and id = $2", org, id.0)
        .execute(&mut **tx)
        .await?;
    sqlx::query!("update logins set disabled_at = null where org_id = $1 and user_id = $2", org, id.0)
        .execute(&mut **tx)
        .await?;
    note(tx, by, "activated user", &before, now).await
}

/// Gives a user a new random password, which is returned to be shown once; sessions end and a lock is lifted.
///
/// # Errors
/// As [`set_rights`]; [`Error::Invalid`] for somebody without a login.
pub async fn reset(db: &Database, org: OrgId, by: UserId, id: UserId, now: DateTime<Utc>) -> Result<(Member, String)> {
    let password = random_password();
    let hashed = hash(password.clone()).await?;
    let mut tx = db.org(org).await?;
    let before = member(&mut tx, id, now).await?;
    of_the_organization(&before)?;
    let email = before.email.as_deref().ok_or_else(|| Error::Invalid("This user has no login to reset.".into()))?;
    write_password(&mut tx, email, &hashed).await?;
    let change = Change { action: "reset password", record: RECORD, id: Some(id.0), before: None, after: None };
    audit::changed(&mut tx, by, change, now).await?;
    tx.commit().await?;
    Ok((before, password))
}

fn of_the_organization(it: &Member) -> Result<()> {
    match it.role {
        Role::Platform => Err(Error::Invalid("Users of the platform are changed on the command line only.".into())),
        _ => Ok(()),
    }
}

/// The user as it is, if `by` may change it.
async fn changeable(tx: &mut OrgTx, by: UserId, id: UserId, now: DateTime<Utc>) -> Result<Member> {
    let before = member(tx, id, now).await?;
    of_the_organization(&before)?;
    if by == id {
        return Err(Error::Invalid(
            "That is you. Ask another administrator: nobody changes the own rights, so that nobody locks themselves out.".into(),
        ));
    }
    Ok(before)
}

/// Somebody else must be left who may administrate. The rows are locked, so that two who shut each other out at the same moment
/// do not both succeed.
async fn leave_an_administrator(tx: &mut OrgTx, without: UserId) -> Result<()> {
    let org = tx.org().0;
    let left = sqlx::query_scalar!(
        "select u.id from users u join logins l on l.org_id = u.org_id and l.user_id = u.id and l.disabled_at is null
         where u.org_id = $1 and u.role = 'admin' and u.status = 'active' order by u.id for update of u",
        org
    )
    .fetch_all(&mut **tx)
    .await?;
    if left.iter().any(|id| *id != without.0) {
        return Ok(());
    }
    Err(Error::Conflict("Nobody else could administrate then. Make somebody else an administrator first.".into()))
}

async fn note(tx: &mut OrgTx, by: UserId, action: &str, before: &Member, now: DateTime<Utc>) -> Result<Member> {
    let after = member(tx, before.id, now).await?;
    let change = Change {
        action,
        record: RECORD,
        id: Some(before.id.0),
        before: Some(shown(before)),
        after: Some(shown(&after)),
    };
    audit::changed(tx, by, change, now).await?;
    Ok(after)
}

/// What of a user the audit log keeps: no name and no e-mail, the record says who it is.
fn shown(it: &Member) -> Value {
    let sites: Vec<&str> = it.sites.iter().map(|(_, code, _)| code.as_str()).collect();
    json!({
        "role": it.role.word(),
        "sites": sites,
        "client": it.client.as_ref().map(|(_, name)| name),
        "worker": it.number,
        "active": it.active,
        "tokens": it.tokens,
    })
}
