//! Giving kudos, and reading those received.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use uuid::Uuid;

use super::{Category, kudos, store};
use crate::database::OrgTx;
use crate::notifications::{Kind, notify, users_of_worker};
use crate::units::{Place, SiteId, UserId, WorkerId};
use crate::{Error, Result};

/// Who says thank you.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Giver {
    /// The user who is signed in.
    pub user: UserId,
    /// The worker this user is, if any. A giver without one thanks the workers of the sites he or she looks after.
    pub worker: Option<WorkerId>,
}

/// Somebody one may thank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Colleague {
    /// Who.
    pub id: WorkerId,
    /// By name.
    pub name: String,
    /// The home site.
    pub site: SiteId,
}

/// Thanks received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kudos {
    /// Its id.
    pub id: Uuid,
    /// What for.
    pub category: Category,
    /// The giver's own words.
    pub message: String,
    /// When.
    pub given_at: DateTime<Utc>,
    /// The organization's local date.
    pub day: NaiveDate,
    /// The giver's name.
    pub from: String,
}

/// Thanks a colleague. Two at the same moment are counted one after the other, so that no limit is passed by a double
/// click. `zone` is the organization's: it decides what 'today' is.
///
/// # Errors
/// [`Error::NotFound`] for somebody who is not among the [`colleagues`]; [`Error::Invalid`] for an empty or long message
/// or oneself; [`Error::Conflict`] beyond a limit, with the day from which it is possible again.
pub async fn give_kudos(
    tx: &mut OrgTx,
    giver: &Giver,
    to: WorkerId,
    category: Category,
    message: &str,
    now: DateTime<Utc>,
    zone: Tz,
) -> Result<Uuid> {
    let message = kudos::message(message)?;
    let today = now.with_timezone(&zone).date_naive();
    let to_oneself = giver.worker == Some(to);
    if !to_oneself && !colleagues(tx, giver, today).await?.iter().any(|colleague| colleague.id == to) {
        return Err(Error::NotFound("colleague"));
    }
    store::kudos::one_at_a_time(tx, giver).await?;
    let before = store::kudos::given_before(tx, giver, to, today).await?;
    kudos::may_give(to_oneself, before, today)?;
    let id = store::kudos::insert(tx, giver, to, category, message, now, today).await?;
    tell(tx, giver, to, category, now).await?;
    Ok(id)
}

/// Tells whoever was thanked.
async fn tell(tx: &mut OrgTx, giver: &Giver, to: WorkerId, category: Category, now: DateTime<Utc>) -> Result<()> {
    let told = users_of_worker(tx, to).await?;
    let from = store::kudos::name_of(tx, giver).await?;
    let text = format!("{from} thanked you: {}.", category.label().to_lowercase());
    notify(tx, &told, Kind::Kudos, &text, "/me#kudos", now).await?;
    Ok(())
}

/// Whom a giver may thank: workers of the own home site (or of the sites looked after) who are employed on `today`, by
/// name.
///
/// # Errors
/// [`Error::Database`].
pub async fn colleagues(tx: &mut OrgTx, giver: &Giver, today: NaiveDate) -> Result<Vec<Colleague>> {
    store::kudos::colleagues(tx, giver, today).await
}

/// The latest thanks a worker received, newest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn kudos_received(tx: &mut OrgTx, worker: WorkerId, limit: i64) -> Result<Vec<Kudos>> {
    store::kudos::received(tx, worker, None, limit).await
}

/// The thanks a worker received before those that a page ended with, newest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn kudos_after(tx: &mut OrgTx, worker: WorkerId, page: Option<Place>, limit: i64) -> Result<Vec<Kudos>> {
    store::kudos::received(tx, worker, page, limit).await
}
