//! The users as they are.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::database::OrgTx;
use crate::people::Role;
use crate::units::{ClientId, SiteId, UserId};
use crate::{Error, Result};

/// Users of a page.
pub const PAGE: i64 = 50;

/// A user as an administrator sees one.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Which.
    pub id: UserId,
    /// Name.
    pub name: String,
    /// What they sign in with; `None`: they have no login.
    pub email: Option<String>,
    /// Role.
    pub role: Role,
    /// The employee number of the worker they are.
    pub number: Option<String>,
    /// The client they belong to.
    pub client: Option<(ClientId, String)>,
    /// The sites they look after, with code and name, by code.
    pub sites: Vec<(SiteId, String, String)>,
    /// Whether they may sign in.
    pub active: bool,
    /// When they last did.
    pub last_login_at: Option<DateTime<Utc>>,
    /// Tokens that open something still.
    pub tokens: i64,
}

/// Which users.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// A part of name, e-mail or employee number.
    pub text: String,
    /// Of this role.
    pub role: Option<Role>,
    /// Those who may sign in, or those who may not.
    pub active: Option<bool>,
    /// Which page, from 1.
    pub page: u32,
}

/// The users wanted, by name; one more than [`PAGE`] where there is another page.
///
/// # Errors
/// [`Error::Database`].
pub async fn members(tx: &mut OrgTx, wanted: &Wanted, now: DateTime<Utc>) -> Result<Vec<Member>> {
    let skipped = (i64::from(wanted.page.max(1)) - 1) * PAGE;
    read(tx, None, wanted, skipped, now).await
}

/// One user.
///
/// # Errors
/// [`Error::NotFound`] for none of this organization.
pub async fn member(tx: &mut OrgTx, id: UserId, now: DateTime<Utc>) -> Result<Member> {
    read(tx, Some(id), &Wanted::default(), 0, now).await?.pop().ok_or(Error::NotFound("user"))
}

/// Escapes what means more than itself in a pattern.
fn plain(text: &str) -> String {
    text.trim().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

async fn read(
    tx: &mut OrgTx,
    id: Option<UserId>,
    wanted: &Wanted,
    skipped: i64,
    now: DateTime<Utc>,
) -> Result<Vec<Member>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select u.id, u.name, l.email as "email?", u.role, w.employee_number as "number?", u.client_id, c.name as "client?",
                  u.status = 'active' and l.id is not null and l.disabled_at is null as "active!", u.last_login_at,
                  (select count(*) from api_tokens t where t.org_id = u.org_id and t.user_id = u.id and t.revoked_at is null
                     and (t.expires_at is null or t.expires_at > $6)) as "tokens!"
           from users u
           left join logins l on l.org_id = u.org_id and l.user_id = u.id
           left join workers w on w.org_id = u.org_id and w.id = u.worker_id
           left join clients c on c.org_id = u.org_id and c.id = u.client_id
           where u.org_id = $1 and ($2::uuid is null or u.id = $2)
             and ($3 = '' or u.name ilike '%' || $3 || '%' or l.email ilike '%' || $3 || '%' or w.employee_number ilike $3 || '%')
             and ($4::text is null or u.role = $4)
             and ($5::bool is null or (u.status = 'active' and l.id is not null and l.disabled_at is null) = $5)
           order by u.name, u.id limit $7 offset $8"#,
        org,
        id.map(|id| id.0),
        plain(&wanted.text),
        wanted.role.map(Role::word),
        wanted.active,
        now,
        PAGE + 1,
        skipped
    )
    .fetch_all(&mut **tx)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut members = Vec::with_capacity(rows.len());
    for row in rows {
        members.push(Member {
            id: UserId(row.id),
            name: row.name,
            email: row.email,
            role: row.role.parse()?,
            number: row.number,
            client: row.client_id.map(ClientId).zip(row.client),
            sites: Vec::new(),
            active: row.active,
            last_login_at: row.last_login_at,
            tokens: row.tokens,
        });
    }
    let sites = sqlx::query!(
        "select us.user_id, s.id, s.code, s.name from user_sites us join sites s on s.org_id = us.org_id and s.id = us.site_id
         where us.org_id = $1 and us.user_id = any ($2) order by s.code",
        org,
        &ids
    )
    .fetch_all(&mut **tx)
    .await?;
    for site in sites {
        let owner = members.iter_mut().find(|member| member.id.0 == site.user_id);
        if let Some(owner) = owner {
            owner.sites.push((SiteId(site.id), site.code, site.name));
        }
    }
    Ok(members)
}

/// How many users there are of a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Of which role.
    pub role: Role,
    /// Who may sign in.
    pub active: i64,
    /// Who may not.
    pub shut_out: i64,
}

/// The users counted by role, in the order of the permission table.
///
/// # Errors
/// [`Error::Database`].
pub async fn tally(tx: &mut OrgTx) -> Result<Vec<Tally>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select role, count(*) filter (where status = 'active') as "active!", count(*) filter (where status <> 'active') as "shut!"
           from users where org_id = $1 group by role"#,
        org
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut tallies = Vec::with_capacity(rows.len());
    for row in rows {
        tallies.push(Tally { role: row.role.parse()?, active: row.active, shut_out: row.shut });
    }
    tallies.sort_by_key(|tally| tally.role);
    Ok(tallies)
}

/// The clients by name, for choosing one.
///
/// # Errors
/// [`Error::Database`].
pub async fn clients(tx: &mut OrgTx) -> Result<Vec<(ClientId, String)>> {
    let org = tx.org().0;
    let rows = sqlx::query!("select id, name from clients where org_id = $1 order by name, id", org)
        .fetch_all(&mut **tx)
        .await?;
    Ok(rows.into_iter().map(|row| (ClientId(row.id), row.name)).collect())
}
