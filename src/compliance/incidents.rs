//! Which incidents were reported, which are still open, and for how long?

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Part;
use crate::Result;
use crate::clock::zone;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::people::Scope;
use crate::units::SiteId;

/// How an incident stands; which are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not resolved yet, whenever it happened.
    Open,
    /// Of the period, and resolved.
    Resolved,
    /// Of the period, or still open.
    All,
}

impl State {
    /// All, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Open, Self::Resolved, Self::All];

    /// Its name in an address.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Resolved => "resolved",
            Self::All => "all",
        }
    }

    /// What a page calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "Open now",
            Self::Resolved => "Resolved, of the period",
            Self::All => "Open now and of the period",
        }
    }
}

/// A site's incidents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteIncidents {
    /// Which site.
    pub site: SiteId,
    /// Reported in the period.
    pub reported: i64,
    /// Of these, resolved by now.
    pub resolved: i64,
    /// Open now, whenever reported.
    pub open: i64,
    /// The day of the oldest that is open.
    pub oldest: Option<NaiveDate>,
}

/// One incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// Which.
    pub id: Uuid,
    /// What the source calls it.
    pub code: String,
    /// Where.
    pub site: SiteId,
    /// The site's zone.
    pub zone: chrono_tz::Tz,
    /// When it happened.
    pub happened_at: DateTime<Utc>,
    /// Its business day.
    pub day: NaiveDate,
    /// What happened.
    pub kind: String,
    /// 1 slight … 5 grave.
    pub severity: i16,
    /// When it was resolved; `None`: it is open.
    pub resolved_at: Option<DateTime<Utc>>,
    /// How many there are of the list.
    pub(super) total: i64,
}

impl Incident {
    /// Days it has been open, or was: whole ones.
    #[must_use]
    pub fn age(&self, now: DateTime<Utc>) -> i64 {
        (self.resolved_at.unwrap_or(now) - self.happened_at).num_days().max(0)
    }
}

/// Each site with an incident in the period or an open one, as of `now`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn by_site(tx: &mut OrgTx, scope: &Scope, period: Period, now: DateTime<Utc>) -> Result<Vec<SiteIncidents>> {
    let (org, sites) = (tx.org().0, scope.site_ids());
    let rows = sqlx::query!(
        r#"select site_id, count(*) filter (where day between $2 and $3) as "reported!",
               count(*) filter (where day between $2 and $3 and resolved_at <= $5) as "resolved!",
               count(*) filter (where resolved_at is null or resolved_at > $5) as "open!",
               min(day) filter (where resolved_at is null or resolved_at > $5) as oldest
           from incidents
           where org_id = $1 and ($4::uuid[] is null or site_id = any ($4)) and happened_at <= $5
             and (day between $2 and $3 or resolved_at is null or resolved_at > $5)
           group by site_id order by site_id"#,
        org,
        period.first,
        period.last,
        sites.as_deref(),
        now
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| SiteIncidents {
            site: SiteId(row.site_id),
            reported: row.reported,
            resolved: row.resolved,
            open: row.open,
            oldest: row.oldest,
        })
        .collect())
}

/// Each incident in this state as of `now`: open ones by severity and age, the others newest first.
pub(super) fn each<'a>(
    tx: &'a mut OrgTx,
    scope: &Scope,
    (period, state): (Period, State),
    now: DateTime<Utc>,
    part: Option<Part>,
) -> BoxStream<'a, Result<Incident>> {
    let (org, sites) = (tx.org().0, scope.site_ids());
    let (limit, skipped) = Part::bounds(part);
    let rows = sqlx::query!(
        r#"select i.id, i.ref as code, i.site_id, t.time_zone, i.happened_at, i.day, i.kind, i.severity,
               case when i.resolved_at <= $5 then i.resolved_at end as resolved_at, count(*) over () as "total!"
           from incidents i join sites t on t.org_id = $1 and t.id = i.site_id
           where i.org_id = $1 and ($4::uuid[] is null or i.site_id = any ($4)) and i.happened_at <= $5
             and case $6 when 'open' then i.resolved_at is null or i.resolved_at > $5
                         when 'resolved' then i.day between $2 and $3 and i.resolved_at <= $5
                         else i.day between $2 and $3 or i.resolved_at is null or i.resolved_at > $5 end
           order by coalesce(i.resolved_at <= $5, false), case when i.resolved_at <= $5 then 0 else -i.severity end,
               case when i.resolved_at <= $5 then null else i.happened_at end, i.happened_at desc, i.id limit $7 offset $8"#,
        org,
        period.first,
        period.last,
        sites.as_deref(),
        now,
        state.word(),
        limit,
        skipped
    )
    .fetch(&mut **tx)
    .err_into()
    .and_then(|row| {
        std::future::ready(zone(&row.time_zone).map(|zone| Incident {
            id: row.id,
            code: row.code,
            site: SiteId(row.site_id),
            zone,
            happened_at: row.happened_at,
            day: row.day,
            kind: row.kind,
            severity: row.severity,
            resolved_at: row.resolved_at,
            total: row.total,
        }))
    });
    Box::pin(rows)
}
