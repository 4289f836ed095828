//! Writes a batch of events: those of users who agreed, each once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::events::Properties;
use super::visitor::Device;
use crate::Result;
use crate::database::Database;
use crate::privacy::Purpose;
use crate::units::{OrgId, UserId};

/// An event, checked by [`super::events::check`].
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its id: written twice it is there once.
    pub id: Uuid,
    /// Whose organization.
    pub org: OrgId,
    /// Who.
    pub user: UserId,
    /// The organization's local date.
    pub day: NaiveDate,
    /// When.
    pub at: DateTime<Utc>,
    /// Which of the list.
    pub name: &'static str,
    /// What it says.
    pub properties: Properties,
    /// What holds the events of one sign-in together.
    pub visit: Option<String>,
    /// What kind of machine.
    pub device: Device,
    /// Which family of browsers.
    pub browser: &'static str,
    /// Where from, as a subnet.
    pub subnet: Option<String>,
    /// Milliseconds until the page was there.
    pub page_load_ms: Option<i32>,
}

/// Writes events, in one statement and one transaction for each organization. Of a user who has not agreed, or has taken it back
/// by now, nothing is written. Returns how many were. Harmless when done again.
///
/// # Errors
/// [`crate::Error::Database`]; those of other organizations may be written already.
pub async fn record(db: &Database, events: &[Event]) -> Result<u64> {
    let mut by_org: BTreeMap<OrgId, Vec<&Event>> = BTreeMap::new();
    for event in events {
        by_org.entry(event.org).or_default().push(event);
    }
    let mut written = 0;
    for (org, events) in by_org {
        written += record_for(db, org, &events).await?;
    }
    Ok(written)
}

async fn record_for(db: &Database, org: OrgId, events: &[&Event]) -> Result<u64> {
    fn column<T>(events: &[&Event], of: impl Fn(&Event) -> T) -> Vec<T> {
        events.iter().map(|event| of(event)).collect()
    }
    let mut tx = db.org(org).await?;
    for day in column(events, |it| it.day).into_iter().collect::<BTreeSet<_>>() {
        tx.ensure_partitions("analytics_events", day, day).await?;
    }
    let written = sqlx::query!(
        "insert into analytics_events (org_id, day, id, at, name, user_id, visit, properties, device, browser, subnet, page_load_ms)
         select $1, e.day, e.id, e.at, e.name, e.user_id, e.visit, e.properties, e.device, e.browser, e.subnet::cidr, e.page_load_ms
         from unnest($3::date[], $4::uuid[], $5::timestamptz[], $6::text[], $7::uuid[], $8::text[], $9::jsonb[], $10::text[], $11::text[],
                     $12::text[], $13::int[])
              e (day, id, at, name, user_id, visit, properties, device, browser, subnet, page_load_ms)
         where exists (select from consents c where c.org_id = $1 and c.user_id = e.user_id and c.purpose = $2 and c.given_at <= e.at and c.withdrawn_at is null)
         on conflict do nothing",
        org.0,
        Purpose::ProductAnalytics.word(),
        &column(events, |it| it.day),
        &column(events, |it| it.id),
        &column(events, |it| it.at),
        &column(events, |it| it.name.to_owned()),
        &column(events, |it| it.user.0),
        &column(events, |it| it.visit.clone()) as &[Option<String>],
        &column(events, |it| Value::Object(it.properties.clone())),
        &column(events, |it| it.device.word().to_owned()),
        &column(events, |it| it.browser.to_owned()),
        &column(events, |it| it.subnet.clone()) as &[Option<String>],
        &column(events, |it| it.page_load_ms) as &[Option<i32>]
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    tx.commit().await?;
    Ok(written)
}
