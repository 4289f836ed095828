//! What goes on right now? Counts alone: who it is nobody learns.

use chrono::{DateTime, Days, TimeDelta, Utc};
use rust_decimal::Decimal;

use crate::Result;
use crate::database::{Database, GlobalTx, OrgTx};
use crate::people::{all_organizations, platform_organization};
use crate::units::OrgId;

/// Events a minute are the mean of so many minutes.
const MINUTES: i64 = 5;

/// The last minutes and the last day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Live {
    /// Users whose browser or program asked for anything within the hour.
    pub active_1h: i64,
    /// The same within 24 hours.
    pub active_24h: i64,
    /// Product events within five minutes; of those who agreed.
    pub events: i64,
    /// Rosters generated within 24 hours.
    pub rosters: i64,
    /// Proposed rosters confirmed within 24 hours.
    pub proposals: i64,
    /// Subscriptions begun within 24 hours; `None` for an organization that sells none.
    pub subscriptions: Option<i64>,
    /// An organization: received for orders within 24 hours less what was given back. The platform: what the new
    /// subscriptions bring a month. In the organization's money.
    pub revenue: Decimal,
}

impl Live {
    /// Product events a minute, as the mean of five.
    #[must_use]
    pub fn events_a_minute(&self) -> f64 {
        self.events as f64 / MINUTES as f64
    }
}

/// What goes on in one organization.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn live(db: &Database, org: OrgId, now: DateTime<Utc>) -> Result<Live> {
    let mut tx = db.org(org).await?;
    let mut live = done(&mut tx, now).await?;
    live.revenue = received(&mut tx, now).await?;
    drop(tx);
    let mut tx = db.global().await?;
    (live.active_1h, live.active_24h) = active(&mut tx, Some(org), now).await?;
    Ok(live)
}

/// What goes on in all organizations together, one after the other in a transaction of its own; revenue and subscriptions are the
/// platform's.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn live_everywhere(db: &Database, now: DateTime<Utc>) -> Result<Live> {
    let mut tx = db.global().await?;
    let (organizations, platform) = (all_organizations(&mut tx).await?, platform_organization(&mut tx).await?);
    let (active_1h, active_24h) = active(&mut tx, None, now).await?;
    drop(tx);
    let mut all = Live { active_1h, active_24h, ..Live::default() };
    for org in organizations {
        let mut tx = db.org(org.id).await?;
        let own = done(&mut tx, now).await?;
        all.events += own.events;
        all.rosters += own.rosters;
        all.proposals += own.proposals;
    }
    if let Some(platform) = platform {
        let mut tx = db.org(platform.id).await?;
        let row = sqlx::query!(
            r#"select count(*) as "n!", coalesce(sum(mrr), 0) as "mrr!" from subscriptions
               where org_id = $1 and started_at > $2 and started_at <= $3"#,
            platform.id.0,
            now - TimeDelta::hours(24),
            now
        )
        .fetch_one(&mut *tx)
        .await?;
        (all.subscriptions, all.revenue) = (Some(row.n), row.mrr);
    }
    Ok(all)
}

/// Events, and what was done with rosters.
async fn done(tx: &mut OrgTx, now: DateTime<Utc>) -> Result<Live> {
    let (day_ago, days) = (now - TimeDelta::hours(24), now.date_naive());
    let row = sqlx::query!(
        r#"select (select count(*) from analytics_events
                   where org_id = $1 and day between $5 and $6 and at > $2 and at <= $4) as "events!",
                  (select count(*) from roster_proposals where org_id = $1 and made_at > $3 and made_at <= $4)
                  + (select count(*) from rosters r where org_id = $1 and generated_at > $3 and generated_at <= $4
                     and not exists (select from roster_proposals p where p.org_id = $1 and p.roster_id = r.id)) as "rosters!",
                  (select count(*) from roster_proposals
                   where org_id = $1 and state = 'confirmed' and settled_at > $3 and settled_at <= $4) as "proposals!""#,
        tx.org().0,
        now - TimeDelta::minutes(MINUTES),
        day_ago,
        now,
        days - Days::new(1),
        days + Days::new(1)
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Live { events: row.events, rosters: row.rosters, proposals: row.proposals, ..Live::default() })
}

/// Money received for orders, less what was given back.
async fn received(tx: &mut OrgTx, now: DateTime<Utc>) -> Result<Decimal> {
    let (since, day) = (now - TimeDelta::hours(24), now.date_naive());
    let received = sqlx::query_scalar!(
        r#"select (select coalesce(sum(amount), 0) from payments where org_id = $1 and day between $4 and $5 and paid_at > $2 and paid_at <= $3)
                - (select coalesce(sum(amount), 0) from refunds where org_id = $1 and day between $4 and $5 and refunded_at > $2 and refunded_at <= $3) as "net!""#,
        tx.org().0,
        since,
        now,
        day - Days::new(2),
        day + Days::new(1)
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(received)
}

/// Users seen within an hour and within a day, by their sessions and the tokens of their programs. A session is written every
/// five minutes while it is used.
async fn active(tx: &mut GlobalTx, org: Option<OrgId>, now: DateTime<Utc>) -> Result<(i64, i64)> {
    let row = sqlx::query!(
        r#"with seen as (
               select l.org_id, l.user_id, s.last_seen_at as at from sessions s join logins l on l.id = s.login_id
               where s.last_seen_at > $2 and s.last_seen_at <= $3
               union all
               select org_id, user_id, last_used_at from api_tokens where last_used_at > $2 and last_used_at <= $3
           )
           select count(distinct user_id) filter (where at > $4) as "hour!", count(distinct user_id) as "day!"
           from seen where $1::uuid is null or org_id = $1"#,
        org.map(|org| org.0),
        now - TimeDelta::hours(24),
        now,
        now - TimeDelta::hours(1)
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok((row.hour, row.day))
}
