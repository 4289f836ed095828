//! A shift that is added by hand: checked, written, audited.

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::crew::on_the_clock;
use super::may_change;
use crate::clock::zone;
use crate::database::OrgTx;
use crate::people::{Scope, User, audit};
use crate::units::{ShiftId, SiteId, UserId};
use crate::{Error, Result};

/// A shift is added at most this many days ahead.
pub const FARTHEST_DAYS: i64 = 180;
/// Longest shift, in hours.
pub const LONGEST_HOURS: i64 = 36;

/// A shift as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewShift {
    /// Where.
    pub site: SiteId,
    /// When it begins, on the clock of the site.
    pub starts: NaiveDateTime,
    /// When it ends, on the clock of the site.
    pub ends: NaiveDateTime,
    /// The skill it asks for; empty: none.
    pub skill: String,
}

/// What a program names its request by, so that sent twice it is done once: of one user, another's is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(Uuid);

impl Key {
    /// Of a user's text.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an empty one and for more than 200 characters.
    pub fn new(user: UserId, text: &str) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > 200 {
            return Err(Error::Invalid("An idempotency key has 1 to 200 characters.".into()));
        }
        let hash = Sha256::new().chain_update(user.0).chain_update(text).finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        Ok(Self(uuid::Builder::from_custom_bytes(bytes).into_uuid()))
    }
}

/// Adds a shift that nobody has yet.
///
/// # Errors
/// [`Error::Forbidden`] for who only reads and for a site outside the scope, [`Error::NotFound`] for no such site,
/// [`Error::Invalid`] for what cannot be a shift.
pub async fn add_shift(
    tx: &mut OrgTx,
    user: &User,
    scope: &Scope,
    new: &NewShift,
    now: DateTime<Utc>,
) -> Result<ShiftId> {
    let (starts, ends) = allowed(tx, user, scope, new).await?;
    insert(tx, user, new, Uuid::now_v7(), (starts, ends), now).await
}

/// Adds it unless the same request came before: then it gives the shift that was added.
///
/// # Errors
/// As [`add_shift`]; [`Error::Conflict`] where the key was used for another shift.
pub async fn add_shift_once(
    tx: &mut OrgTx,
    user: &User,
    scope: &Scope,
    new: &NewShift,
    key: Key,
    now: DateTime<Utc>,
) -> Result<ShiftId> {
    let (starts, ends) = allowed(tx, user, scope, new).await?;
    let org = tx.org().0;
    // Of two at once the second waits and then finds what the first has added.
    sqlx::query("select pg_advisory_xact_lock(hashtextextended($1, 0))")
        .bind(key.0.to_string())
        .execute(&mut **tx)
        .await?;
    let before = sqlx::query!(
        r#"select site_id, starts_at, ends_at, coalesce(required_skill, '') as "skill!" from shifts where org_id = $1 and id = $2"#,
        org,
        key.0
    )
    .fetch_optional(&mut **tx)
    .await?;
    match before {
        None => insert(tx, user, new, key.0, (starts, ends), now).await,
        Some(it)
            if (it.site_id, it.starts_at, it.ends_at) == (new.site.0, starts, ends)
                && it.skill.eq_ignore_ascii_case(new.skill.trim()) =>
        {
            Ok(ShiftId(key.0))
        }
        Some(_) => Err(Error::Conflict("This idempotency key was used for another shift.".into())),
    }
}

/// Who may add it, and from when to when it would be.
async fn allowed(tx: &mut OrgTx, user: &User, scope: &Scope, new: &NewShift) -> Result<(DateTime<Utc>, DateTime<Utc>)> {
    if !may_change(user.role) {
        return Err(Error::Forbidden("operations"));
    }
    scope.narrowed_to(Some(new.site))?;
    let org = tx.org().0;
    let name = sqlx::query_scalar!("select time_zone from sites where org_id = $1 and id = $2", org, new.site.0)
        .fetch_optional(&mut **tx)
        .await?
        .ok_or(Error::NotFound("site"))?;
    let zone = zone(&name)?;
    let moment = |local: NaiveDateTime| {
        let skipped = || {
            Error::Invalid(format!(
                "The clocks of the site skip {}: choose another time.",
                local.format("%H:%M on %-d %B")
            ))
        };
        on_the_clock(zone, local).ok_or_else(skipped)
    };
    Ok((moment(new.starts)?, moment(new.ends)?))
}

async fn insert(
    tx: &mut OrgTx,
    user: &User,
    new: &NewShift,
    id: Uuid,
    (starts, ends): (DateTime<Utc>, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<ShiftId> {
    checked(starts, ends, now)?;
    let (org, skill) = (tx.org().0, skill(tx, &new.skill).await?);
    sqlx::query!(
        "insert into shifts (org_id, id, ref, site_id, day, starts_at, ends_at, required_skill, posted_at, added_by)
         values ($1, $2, $2::uuid::text, $3, $4, $5, $6, $7, $8, $9)",
        org,
        id,
        new.site.0,
        new.starts.date(),
        starts,
        ends,
        skill,
        now,
        user.id.0
    )
    .execute(&mut **tx)
    .await?;
    let after = json!({ "site": new.site, "starts_at": starts, "ends_at": ends, "skill": skill });
    audit::record(tx, user.id, "added shift", "shift", Some(id), Some(after), now).await?;
    Ok(ShiftId(id))
}

fn checked(starts: DateTime<Utc>, ends: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
    let refuse = |text: String| Err(Error::Invalid(text));
    match ends - starts {
        _ if starts <= now => refuse("The shift would have begun already: choose a start to come.".into()),
        _ if starts > now + Duration::days(FARTHEST_DAYS) => {
            refuse(format!("That is more than {FARTHEST_DAYS} days ahead: choose an earlier start."))
        }
        length if length <= Duration::zero() => {
            refuse("The shift would end before it begins: check both times.".into())
        }
        length if length > Duration::hours(LONGEST_HOURS) => {
            refuse(format!("The shift would be longer than {LONGEST_HOURS} hours: check both times."))
        }
        _ => Ok(()),
    }
}

/// The skill as it is on record: one that nobody has would leave the shift open for ever.
async fn skill(tx: &mut OrgTx, typed: &str) -> Result<Option<String>> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let known = skills(tx).await?.into_iter().find(|skill| skill.eq_ignore_ascii_case(typed.trim()));
    let unknown =
        || Error::Invalid("Nobody has a skill of that name on record: choose one of the list, or none.".into());
    known.map(Some).ok_or_else(unknown)
}

/// The skills on record, by name.
///
/// # Errors
/// [`Error::Database`].
pub async fn skills(tx: &mut OrgTx) -> Result<Vec<String>> {
    let org = tx.org().0;
    Ok(sqlx::query_scalar!(
        r#"select distinct skill as "skill!" from workers w cross join unnest(w.skills) skill where w.org_id = $1 order by 1"#,
        org
    )
    .fetch_all(&mut **tx)
    .await?)
}
