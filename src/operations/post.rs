//! A shift that is added by hand: checked, written, audited.

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::crew::on_the_clock;
use super::may_change;
use crate::clock::zone;
use crate::database::OrgTx;
use crate::people::{Scope, User, audit};
use crate::units::{ShiftId, SiteId};
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
    let (starts, ends) = (moment(new.starts)?, moment(new.ends)?);
    checked(starts, ends, now)?;
    let skill = skill(tx, &new.skill).await?;
    let id = Uuid::now_v7();
    sqlx::query!(
        "insert into shifts (org_id, id, ref, site_id, day, starts_at, ends_at, required_skill, posted_at)
         values ($1, $2, $2::uuid::text, $3, $4, $5, $6, $7, $8)",
        org,
        id,
        new.site.0,
        new.starts.date(),
        starts,
        ends,
        skill,
        now
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
