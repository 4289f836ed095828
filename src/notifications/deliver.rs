//! Telling users something.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Kind, LONGEST, is_own_path};
use crate::database::OrgTx;
use crate::units::{SiteId, UserId, WorkerId};
use crate::{Error, Result};

/// One line for one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Whom to tell.
    pub to: UserId,
    /// What, as a sentence. Cut at [`LONGEST`] characters.
    pub text: String,
    /// Where it is: a path of our own.
    pub link: String,
    /// What it is about, where it may be said again: a user is told the same key once.
    pub key: Option<String>,
}

/// Tells `to` something, except those who muted its kind. Returns how many were told.
///
/// # Errors
/// [`Error::Misconfigured`] for a link that is no path of ours; [`Error::Database`] for somebody of another organization.
pub async fn notify(
    tx: &mut OrgTx,
    to: &[UserId],
    kind: Kind,
    text: &str,
    link: &str,
    now: DateTime<Utc>,
) -> Result<u64> {
    let news: Vec<News> =
        to.iter().map(|to| News { to: *to, text: text.into(), link: link.into(), key: None }).collect();
    notify_each(tx, kind, &news, now).await
}

/// Like [`notify`], for a job that may run again: nobody is told the same `key` twice.
///
/// # Errors
/// As [`notify`].
pub async fn notify_once(
    tx: &mut OrgTx,
    to: &[UserId],
    kind: Kind,
    key: &str,
    (text, link): (&str, &str),
    now: DateTime<Utc>,
) -> Result<u64> {
    let news: Vec<News> =
        to.iter().map(|to| News { to: *to, text: text.into(), link: link.into(), key: Some(key.into()) }).collect();
    notify_each(tx, kind, &news, now).await
}

/// Tells each something of the same kind, in one statement. Returns how many were told.
///
/// # Errors
/// As [`notify`].
pub async fn notify_each(tx: &mut OrgTx, kind: Kind, news: &[News], now: DateTime<Utc>) -> Result<u64> {
    if let Some(it) = news.iter().find(|it| !is_own_path(&it.link)) {
        return Err(Error::Misconfigured(format!("a notification cannot lead to '{}'", it.link)));
    }
    if news.is_empty() {
        return Ok(0);
    }
    let org = tx.org().0;
    let written = sqlx::query!(
        r#"insert into notifications (org_id, id, user_id, kind, text, link, key, created_at)
           select $1, n.id, n.user_id, $2, n.text, n.link, n.key, $8
           from unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[]) n (id, user_id, text, link, key)
           where not exists (select from notification_mutes m where m.org_id = $1 and m.user_id = n.user_id and m.kind = $2)
           on conflict do nothing"#,
        org,
        kind.word(),
        &news.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>(),
        &news.iter().map(|it| it.to.0).collect::<Vec<_>>(),
        &news.iter().map(|it| it.text.chars().take(LONGEST).collect()).collect::<Vec<String>>(),
        &news.iter().map(|it| it.link.clone()).collect::<Vec<_>>(),
        &news.iter().map(|it| it.key.clone()).collect::<Vec<_>>() as &[Option<String>],
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected())
}

/// Takes back what was said under a key, from those who have not read it yet.
///
/// # Errors
/// [`Error::Database`].
pub async fn withdraw(tx: &mut OrgTx, key: &str) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!("delete from notifications where org_id = $1 and key = $2 and read_at is null", org, key)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The users who are this worker and may sign in: mostly one, maybe none.
///
/// # Errors
/// [`Error::Database`].
pub async fn users_of_worker(tx: &mut OrgTx, worker: WorkerId) -> Result<Vec<UserId>> {
    let org = tx.org().0;
    let users = sqlx::query_scalar!(
        "select id from users where org_id = $1 and worker_id = $2 and status = 'active' order by id",
        org,
        worker.0
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(users.into_iter().map(UserId).collect())
}

/// The supervisors who look after a site and may sign in.
///
/// # Errors
/// [`Error::Database`].
pub async fn supervisors_of(tx: &mut OrgTx, site: SiteId) -> Result<Vec<UserId>> {
    let org = tx.org().0;
    let users = sqlx::query_scalar!(
        "select u.id from users u join user_sites s on s.org_id = u.org_id and s.user_id = u.id
         where u.org_id = $1 and s.site_id = $2 and u.role = 'supervisor' and u.status = 'active' order by u.id",
        org,
        site.0
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(users.into_iter().map(UserId).collect())
}
