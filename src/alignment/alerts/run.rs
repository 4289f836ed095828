//! One look at everything: makes each check, moves each alert, tells what is news. A check that fails is an alert of its own,
//! and the others go on.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use uuid::Uuid;

use super::checks::Check;
use super::letters::{self, News};
use super::reading::{Kind, Reading};
use super::state::{Change, Level, Standing, step};
use super::store::{self, Kept};
use crate::Result;
use crate::database::{Database, OrgTx};
use crate::people::Organization;
use crate::webhooks;

/// Days an alert is kept after it was resolved.
const DAYS_KEPT: i64 = 400;

/// What a look changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Alerts that opened.
    pub opened: u64,
    /// Alerts that got worse.
    pub escalated: u64,
    /// Alerts that are over.
    pub closed: u64,
    /// Mails that were asked for.
    pub mails: u64,
}

impl Outcome {
    fn count(&mut self, change: Change) {
        match change {
            Change::Opened => self.opened += 1,
            Change::Escalated => self.escalated += 1,
            Change::Closed => self.closed += 1,
            Change::Nothing | Change::Eased => {}
        }
    }
}

/// Makes the checks of an organization and tells what changed, all in one transaction: an alert and its mail both last, or
/// neither.
///
/// # Errors
/// [`crate::Error::Database`], [`crate::Error::Queue`]; not those of a check.
pub async fn run(db: &Database, org: &Organization, checks: &[Check], now: DateTime<Utc>) -> Result<Outcome> {
    let (readings, made) = read(db, org, checks, now).await;
    let mut tx = db.org(org.id).await?;
    let mut kept = store::unresolved(&mut tx).await?;
    let readings = with_the_unmentioned(readings, &made, &kept);
    let (mut outcome, mut news) = (Outcome::default(), Vec::new());
    let today = now.with_timezone(&org.zone).date_naive();
    for reading in readings {
        let before = kept.remove(&(reading.kind, reading.key.clone()));
        let (after, change) = step(before.as_ref().map(|it| it.standing), &reading.seen());
        outcome.count(change);
        let Some(after) = after else {
            if let Some(before) = before {
                store::end(&mut tx, before.id, now).await?;
                tell_systems(&mut tx, before.id, &reading, change, now).await?;
                if change == Change::Closed {
                    news.push(News { reading, change, severity: before.standing.severity });
                }
            }
            continue;
        };
        let mut it = match before {
            Some(before) => Kept { standing: after, ..before },
            None => begin(&mut tx, &reading, after).await?,
        };
        if after.is_news() && it.speaks(today) {
            it.standing = after.told();
            news.push(News { reading: reading.clone(), change, severity: after.severity });
        }
        store::write(&mut tx, &it, &reading, change, now).await?;
        tell_systems(&mut tx, it.id, &reading, change, now).await?;
    }
    outcome.mails = letters::send(&mut tx, org, &news, now).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// Every reading, and the kinds whose check could be made.
async fn read(
    db: &Database,
    org: &Organization,
    checks: &[Check],
    now: DateTime<Utc>,
) -> (Vec<Reading>, HashSet<Kind>) {
    let (mut readings, mut made) = (Vec::new(), HashSet::from([Kind::Check]));
    for check in checks {
        match check.make(db, org, now).await {
            Ok(found) => {
                made.insert(check.kind);
                readings.extend(found);
            }
            Err(cause) => {
                tracing::error!(check = check.kind.code(), org = %org.id, %cause, "a check could not be made");
                let title = format!("This check could not be made: {}", check.kind.label());
                let broken = Reading::plain(Kind::Check, check.kind.code(), &title, Level::Broken);
                readings
                    .push(broken.saying("Nothing is known of it until it can be made again. The log has the cause."));
            }
        }
    }
    // One thing read twice is read once.
    let mut known = HashSet::new();
    readings.retain(|it| known.insert((it.kind, it.key.clone())));
    (readings, made)
}

/// What a check that was made no longer mentions is fine.
fn with_the_unmentioned(
    mut readings: Vec<Reading>,
    made: &HashSet<Kind>,
    kept: &HashMap<(Kind, String), Kept>,
) -> Vec<Reading> {
    let known: HashSet<_> = readings.iter().map(|it| (it.kind, it.key.clone())).collect();
    let gone = kept.iter().filter(|((kind, key), _)| made.contains(kind) && !known.contains(&(*kind, key.clone())));
    let fine = gone.map(|((kind, key), it)| Reading::plain(*kind, key, &it.title, Level::Fine));
    readings.extend(fine.collect::<Vec<_>>());
    readings.sort_by(|a, b| (a.kind, &a.key).cmp(&(b.kind, &b.key)));
    readings
}

async fn begin(tx: &mut OrgTx, reading: &Reading, standing: Standing) -> Result<Kept> {
    Ok(Kept {
        id: Uuid::now_v7(),
        standing,
        title: reading.title.clone(),
        acknowledged: false,
        muted_until: store::muted_before(tx, reading.kind, &reading.key).await?,
    })
}

async fn tell_systems(tx: &mut OrgTx, id: Uuid, reading: &Reading, change: Change, now: DateTime<Utc>) -> Result<()> {
    let kind = match change {
        Change::Opened => webhooks::Kind::AlertOpened,
        Change::Escalated => webhooks::Kind::AlertEscalated,
        Change::Closed => webhooks::Kind::AlertClosed,
        Change::Nothing | Change::Eased => return Ok(()),
    };
    let alert = json!({
        "id": id,
        "kind": reading.kind.code(),
        "key": reading.key,
        "title": reading.title,
        "detail": reading.detail,
        "value": reading.value,
        "threshold": reading.threshold(),
    });
    webhooks::announce(tx, kind, &alert, now).await?;
    Ok(())
}

/// Forgets alerts that were resolved long ago.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn forget_resolved(tx: &mut OrgTx, now: DateTime<Utc>) -> Result<u64> {
    let (org, before) = (tx.org().0, now - Duration::days(DAYS_KEPT));
    let gone = sqlx::query!("delete from kpi_alerts where org_id = $1 and resolved_at < $2", org, before);
    Ok(gone.execute(&mut **tx).await?.rows_affected())
}
