//! What happened at the sites, what is still open, and how fast the rest was resolved. Nobody is named.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::Asked;
use crate::Result;
use crate::database::OrgTx;

/// Incidents listed.
pub const LISTED: i64 = 50;

/// One incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Incident {
    /// How your systems and ours refer to it.
    pub reference: String,
    /// The site's name.
    pub site: String,
    /// The site's zone.
    pub zone: String,
    /// When.
    pub happened_at: DateTime<Utc>,
    /// What.
    pub kind: String,
    /// 1 (least) to 5.
    pub severity: i16,
    /// When it was resolved; `None`: it is open.
    pub resolved_at: Option<DateTime<Utc>>,
}

/// Incidents of a period.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Incidents {
    /// Happened in the period.
    pub happened: i64,
    /// Happened in the period before.
    pub before: i64,
    /// Not resolved, whenever they happened.
    pub open: i64,
    /// Median hours to resolve those of the period that are resolved.
    pub median_hours: Option<f64>,
    /// Those of the period and all open ones: open ones first, then the latest; at most [`LISTED`].
    pub listed: Vec<Incident>,
}

pub(super) async fn of(tx: &mut OrgTx, sites: &[Uuid], asked: Asked) -> Result<Incidents> {
    let org = tx.org().0;
    let Asked { period, previous: before, open_until } = asked;
    let sums = sqlx::query!(
        r#"select count(*) filter (where day between $3 and $4) as "happened!", count(*) filter (where day between $5 and $6) as "before!",
               count(*) filter (where resolved_at is null and ($7::date is null or day <= $7)) as "open!",
               percentile_cont(0.5) within group (order by extract(epoch from resolved_at - happened_at)::float8 / 3600)
                   filter (where day between $3 and $4 and resolved_at >= happened_at) as median
           from incidents where org_id = $1 and site_id = any ($2)
             and (day between $5 and $4 or resolved_at is null)"#,
        org,
        sites,
        period.first,
        period.last,
        before.first,
        before.last,
        open_until
    )
    .fetch_one(&mut **tx)
    .await?;
    let listed = sqlx::query_as!(
        Incident,
        r#"select i.ref as reference, s.name as site, s.time_zone as zone, i.happened_at, i.kind, i.severity, i.resolved_at
           from incidents i join sites s on s.org_id = i.org_id and s.id = i.site_id
           where i.org_id = $1 and i.site_id = any ($2) and (i.day between $3 and $4 or i.resolved_at is null and ($6::date is null or i.day <= $6))
           order by i.resolved_at is null desc, i.happened_at desc, i.ref limit $5"#,
        org,
        sites,
        period.first,
        period.last,
        LISTED,
        open_until
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(Incidents { happened: sums.happened, before: sums.before, open: sums.open, median_hours: sums.median, listed })
}
