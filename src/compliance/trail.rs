//! Was each change written down, with who made it? And what does the log of a period say?

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use uuid::Uuid;

use super::Part;
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::people::log::{kept_from, shows_record};
use crate::people::{Role, Scope};
use crate::units::{Rate, SiteId};

/// The changes that are looked at, as `state_changes` names them, with what a page calls them.
pub const CHANGES: [(&str, &str); 8] = [
    ("coaching", "Steps of coaching"),
    ("dispute filed", "Disputes filed"),
    ("dispute ruled", "Disputes ruled on"),
    ("challenge made", "Team challenges made"),
    ("challenge ended", "Team challenges ended"),
    ("shift added", "Shifts added"),
    ("shift offered", "Shifts offered"),
    ("offer answered", "Offers answered"),
];

/// One kind of change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// As `state_changes` names it.
    pub change: String,
    /// How many were written down, of how many.
    pub written: Rate,
}

/// A change the log has no row for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// As `state_changes` names it.
    pub change: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The user, where known.
    pub by: Option<String>,
    /// Where, if at one site.
    pub site: Option<SiteId>,
    /// What kind of record.
    pub record: String,
    /// Which record.
    pub id: Uuid,
    /// How many gaps there are.
    pub(super) total: i64,
}

/// A row of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: DateTime<Utc>,
    /// The user, where there is one.
    pub by: Option<String>,
    /// The user's role.
    pub role: Option<String>,
    /// What was done.
    pub action: String,
    /// What kind of record.
    pub record: String,
    /// Which record, where the reader may see that.
    pub id: Option<Uuid>,
    /// Where, if at one site and the reader may see that.
    pub site: Option<SiteId>,
    /// How many there are of the list.
    pub(super) total: i64,
}

/// What a page calls a change.
#[must_use]
pub fn label(change: &str) -> &str {
    CHANGES.iter().find(|(code, _)| *code == change).map_or(change, |(_, label)| label)
}

/// The moments of a period on the clock of `zone`: the first, and the first that is after it.
#[must_use]
pub fn moments(period: Period, zone: Tz) -> (DateTime<Utc>, DateTime<Utc>) {
    let start = |day: chrono::NaiveDate| {
        let midnight = day.and_time(chrono::NaiveTime::MIN);
        // Where the clocks skip midnight, the day begins an hour later.
        let local = midnight.and_local_timezone(zone).earliest();
        let later = || (midnight + chrono::TimeDelta::hours(1)).and_local_timezone(zone).earliest();
        local.or_else(later).map_or_else(|| midnight.and_utc(), |at| at.to_utc())
    };
    (start(period.first), start(period.last + chrono::Days::new(1)))
}

/// Each kind of change made from one moment until another, in the order of [`CHANGES`].
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn changes(
    tx: &mut OrgTx,
    scope: &Scope,
    (since, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Change>> {
    let (org, sites) = (tx.org().0, scope.site_ids());
    let rows = sqlx::query!(
        r#"select change as "change!", count(*) as "of!", count(*) filter (where audited) as "hit!"
           from state_changes($1, $2, $3) where $4::uuid[] is null or site_id = any ($4) group by change"#,
        org,
        since,
        until,
        sites.as_deref()
    )
    .fetch_all(&mut **tx)
    .await?;
    let change = |code: &str| {
        let row = rows.iter().find(|row| row.change == code);
        Change {
            change: code.to_owned(),
            written: row.map_or(Rate::default(), |row| Rate { hit: row.hit, of: row.of }),
        }
    };
    Ok(CHANGES.into_iter().map(|(code, _)| change(code)).collect())
}

/// Each change the log has no row for, the newest first.
pub(super) fn gaps<'a>(
    tx: &'a mut OrgTx,
    scope: &Scope,
    (since, until): (DateTime<Utc>, DateTime<Utc>),
    part: Option<Part>,
) -> BoxStream<'a, Result<Gap>> {
    let (org, sites) = (tx.org().0, scope.site_ids());
    let (limit, skipped) = Part::bounds(part);
    let rows = sqlx::query!(
        r#"select c.change as "change!", c.at as "at!", u.name as "by?", c.site_id, c.record as "record!", c.record_id as "id!",
               count(*) over () as "total!"
           from state_changes($1, $2, $3) c left join users u on u.org_id = $1 and u.id = c.user_id
           where not c.audited and ($4::uuid[] is null or c.site_id = any ($4))
           order by c.at desc, c.record_id limit $5 offset $6"#,
        org,
        since,
        until,
        sites.as_deref(),
        limit,
        skipped
    )
    .fetch(&mut **tx)
    .err_into()
    .map_ok(|row| Gap {
        change: row.change,
        at: row.at,
        by: row.by,
        site: row.site_id.map(SiteId),
        record: row.record,
        id: row.id,
        total: row.total,
    });
    Box::pin(rows)
}

/// Each row of the log of a scope that a role may read, the oldest first. What is tied to no site is only for who sees all
/// of them; which record, and where, only for who may see it by name.
pub(super) fn log<'a>(
    tx: &'a mut OrgTx,
    (scope, role): (&Scope, Role),
    (since, until): (DateTime<Utc>, DateTime<Utc>),
    part: Option<Part>,
) -> BoxStream<'a, Result<Entry>> {
    let (org, sites) = (tx.org().0, scope.site_ids());
    let (limit, skipped) = Part::bounds(part);
    let rows = sqlx::query!(
        r#"select a.at, u.name as "by?", u.role as "role?", a.action, a.record, a.record_id, p.site_id as "site_id?",
               count(*) over () as "total!"
           from audit_log a
           left join users u on u.org_id = $1 and u.id = a.user_id
           left join lateral (
               select s.site_id from shifts s where a.record = 'shift' and s.org_id = $1 and s.id = a.record_id
               union all
               select w.home_site_id from workers w where a.record = 'worker' and w.org_id = $1 and w.id = a.record_id
               union all
               select w.home_site_id from coaching_items i join workers w on w.org_id = $1 and w.id = i.worker_id
               where a.record = 'coaching item' and i.org_id = $1 and i.id = a.record_id
               union all
               select w.home_site_id from disputes d join workers w on w.org_id = $1 and w.id = d.worker_id
               where a.record = 'dispute' and d.org_id = $1 and d.id = a.record_id
               union all
               select t.host_site_id from team_challenges t where a.record = 'team challenge' and t.org_id = $1 and t.id = a.record_id
               limit 1
           ) p on true
           where a.org_id = $1 and a.at >= $2 and a.at < $3 and ($4::uuid[] is null or p.site_id = any ($4))
             and a.action <> all ($7)
           order by a.at, a.id limit $5 offset $6"#,
        org,
        since,
        until,
        sites.as_deref(),
        limit,
        skipped,
        &kept_from(role)
    )
    .fetch(&mut **tx)
    .err_into()
    .map_ok(move |row| {
        let shown = shows_record(role, &row.action, &row.record);
        Entry {
            at: row.at,
            by: row.by,
            role: row.role,
            action: row.action,
            record: row.record,
            id: row.record_id.filter(|_| shown),
            site: row.site_id.filter(|_| shown).map(SiteId),
            total: row.total,
        }
    });
    Box::pin(rows)
}
