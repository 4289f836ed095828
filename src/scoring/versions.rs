//! The policies of an organization one after the other: which weights hold since when, why, and what a new one would change.
//!
//! A new version holds from a day on that has not been judged yet. Whoever wants it to hold earlier must say so: those days are then
//! marked to be judged again, and each is noted as restated, so that nothing of the past changes in silence.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use uuid::Uuid;

use super::{Band, Policy, Safety, Window, judge, policy_in_force};
use crate::database::OrgTx;
use crate::metrics::dirty::mark_everybody;
use crate::metrics::{Period, SAFETY_DAYS, Sums, WINDOW_DAYS, records_shifts, window_sums};
use crate::people::audit::{self, Change};
use crate::units::UserId;
use crate::{Error, Result};

/// How many days back a version may reach: a quarter, about what the pages of a worker go back.
pub const FURTHEST_BACK: u64 = 92;
/// How many days ahead a version may begin.
pub const FURTHEST_AHEAD: u64 = 366;

/// A version of the policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// Its number, from 1.
    pub version: i32,
    /// The weights.
    pub policy: Policy,
    /// The first day judged by it.
    pub from: NaiveDate,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by: Option<String>,
    /// Why.
    pub reason: String,
    /// Whether published days were judged again by it.
    pub restates: bool,
}

/// All versions, newest first; none: the defaults of the product hold.
///
/// # Errors
/// [`Error::Misconfigured`] for a stored policy that cannot be read.
pub async fn versions(tx: &mut OrgTx) -> Result<Vec<Version>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select p.version, p.weights, coalesce(p.effective_from, (p.created_at at time zone o.time_zone)::date) as "from!",
                  p.created_at, u.name as "by?", p.reason, p.restates
           from score_policies p join organizations o on o.id = p.org_id
           left join users u on u.org_id = p.org_id and u.id = p.created_by
           where p.org_id = $1 order by p.version desc"#,
        org
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Version {
                version: row.version,
                policy: Policy::from_json(row.weights)?,
                from: row.from,
                made_at: row.created_at,
                made_by: row.by,
                reason: row.reason,
                restates: row.restates,
            })
        })
        .collect()
}

/// A version to be made.
#[derive(Debug, Clone)]
pub struct NewVersion {
    /// The weights.
    pub policy: Policy,
    /// The first day judged by it.
    pub from: NaiveDate,
    /// Whether days that were published already may be judged again.
    pub restate: bool,
    /// Why.
    pub reason: String,
}

impl NewVersion {
    /// Whether it may begin on that day, when `last` is the last complete day.
    ///
    /// # Errors
    /// [`Error::Invalid`] that says from when it may.
    pub fn check(&self, last: NaiveDate) -> Result<()> {
        let (earliest, latest) = (last - Days::new(FURTHEST_BACK - 1), last + Days::new(FURTHEST_AHEAD));
        let invalid = |text: String| Err(Error::Invalid(text));
        if self.reason.trim().is_empty() || self.reason.chars().count() > 500 {
            return invalid("Say why, in at most 500 characters: those who are scored can read it in the log.".into());
        }
        if self.from <= last && !self.restate {
            return invalid(format!(
                "Scores up to {last} are published. Choose a day after it, or tick that they are to be restated."
            ));
        }
        if self.from < earliest {
            return invalid(format!("At most {FURTHEST_BACK} days can be restated: from {earliest} on."));
        }
        if self.from > latest {
            return invalid(format!("Choose a day up to {latest}."));
        }
        Ok(())
    }
}

/// Makes a version, and marks the published days it judges anew. Returns its number.
///
/// # Errors
/// [`Error::Invalid`] for a day on which it may not begin.
pub async fn add_version(
    tx: &mut OrgTx,
    by: UserId,
    new: &NewVersion,
    last: NaiveDate,
    now: DateTime<Utc>,
) -> Result<i32> {
    new.check(last)?;
    let org = tx.org().0;
    sqlx::query_scalar!("select pg_advisory_xact_lock(hashtext('score policy'), hashtext($1))::text", org.to_string())
        .fetch_one(&mut **tx)
        .await?;
    let before = policy_in_force(tx, new.from).await?;
    if before == new.policy {
        return Err(Error::Invalid("These are the weights that hold on that day already. Nothing was changed.".into()));
    }
    let restates = new.from <= last;
    let version = sqlx::query_scalar!(
        r#"insert into score_policies (org_id, version, weights, created_at, created_by, reason, effective_from, restates)
           select $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5, $6, $7 from score_policies where org_id = $1
           returning version"#,
        org,
        serde_json::to_value(&new.policy)?,
        now,
        by.0,
        new.reason.trim(),
        new.from,
        restates
    )
    .fetch_one(&mut **tx)
    .await?;
    if restates {
        restate(tx, Period { first: new.from, last }, version, now).await?;
    }
    let (before, mut after) = (before.weights(), new.policy.weights());
    after["version"] = version.into();
    after["from"] = new.from.to_string().into();
    after["restates"] = restates.into();
    after["reason"] = new.reason.trim().into();
    let change = Change {
        action: "changed score policy",
        record: "score policy",
        id: None,
        before: Some(before),
        after: Some(after),
    };
    audit::changed(tx, by, change, now).await?;
    Ok(version)
}

/// Marks published days to be judged again, and notes each of them as restated.
async fn restate(tx: &mut OrgTx, days: Period, version: i32, now: DateTime<Utc>) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "insert into restatements (org_id, worker_id, day, at, reason)
         select org_id, worker_id, day, $4, $5 from worker_daily_metrics
         where org_id = $1 and day between $2 and $3 and bpi is not null on conflict do nothing",
        org,
        days.first,
        days.last,
        now,
        format!("the weights of the score changed (version {version})")
    )
    .execute(&mut **tx)
    .await?;
    mark_everybody(tx, days).await
}

/// What other weights would change on a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Preview {
    /// The last day of the window that was judged.
    pub day: NaiveDate,
    /// People who have a score by both.
    pub judged: usize,
    /// Of these, whose band would be better.
    pub better: usize,
    /// Of these, whose band would be worse.
    pub worse: usize,
    /// The mean change of the score, in points.
    pub shift: f64,
    /// People who would have a score and have none.
    pub gained: usize,
    /// People who have a score and would have none.
    pub lost: usize,
}

/// Judges everybody's window that ends on `day` by the policy in force and by another, and compares. Nobody is named.
///
/// # Errors
/// [`Error::Database`].
pub async fn preview(tx: &mut OrgTx, policy: &Policy, day: NaiveDate) -> Result<Preview> {
    let now = policy_in_force(tx, day).await?;
    let mut seen = Preview { day, judged: 0, better: 0, worse: 0, shift: 0.0, gained: 0, lost: 0 };
    for window in windows(tx, day).await? {
        match (judge(&window, &now).bpi(), judge(&window, policy).bpi()) {
            (Some(old), Some(new)) => {
                seen.judged += 1;
                seen.shift += new - old;
                seen.better += usize::from(Band::of(new) > Band::of(old));
                seen.worse += usize::from(Band::of(new) < Band::of(old));
            }
            (Some(_), None) => seen.lost += 1,
            (None, Some(_)) => seen.gained += 1,
            (None, None) => {}
        }
    }
    if seen.judged > 0 {
        seen.shift /= seen.judged as f64;
    }
    Ok(seen)
}

async fn windows(tx: &mut OrgTx, day: NaiveDate) -> Result<Vec<Window>> {
    let records_shifts = records_shifts(tx).await?;
    let long: HashMap<Uuid, Sums> = window_sums(tx, Period::ending(day, SAFETY_DAYS)).await?.into_iter().collect();
    let short = window_sums(tx, Period::ending(day, WINDOW_DAYS)).await?;
    Ok(short
        .into_iter()
        .map(|(worker, sums)| {
            let long = long.get(&worker).copied().unwrap_or_default();
            let safety = Safety { attended: long.attended, attributable: long.attributable };
            Window { sums, safety, records_shifts }
        })
        .collect())
}
