//! Tenants.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::clock::zone;
use crate::database::GlobalTx;
use crate::units::OrgId;
use crate::{Error, Result};

/// An operator: one tenant.
#[derive(Debug, Clone)]
pub struct Organization {
    /// Its id.
    pub id: OrgId,
    /// Its short name on the command line and in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// ISO 4217 code of its money.
    pub currency: String,
    /// Its zone: decides 'today' and when jobs run.
    pub zone: Tz,
    /// Filled by simulation.
    pub is_demo: bool,
}

struct Row {
    id: Uuid,
    slug: String,
    name: String,
    currency: String,
    time_zone: String,
    is_demo: bool,
}

impl TryFrom<Row> for Organization {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let zone = zone(&row.time_zone)?;
        Ok(Self {
            id: OrgId(row.id),
            slug: row.slug,
            name: row.name,
            currency: row.currency,
            zone,
            is_demo: row.is_demo,
        })
    }
}

/// Every organization, by slug.
///
/// # Errors
/// [`Error::Database`].
pub async fn all_organizations(tx: &mut GlobalTx) -> Result<Vec<Organization>> {
    let rows =
        sqlx::query_as!(Row, "select id, slug, name, currency, time_zone, is_demo from organizations order by slug")
            .fetch_all(&mut **tx)
            .await?;
    rows.into_iter().map(Organization::try_from).collect()
}

/// One organization by id.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn organization(tx: &mut GlobalTx, id: OrgId) -> Result<Organization> {
    sqlx::query_as!(Row, "select id, slug, name, currency, time_zone, is_demo from organizations where id = $1", id.0)
        .fetch_optional(&mut **tx)
        .await?
        .ok_or(Error::NotFound("organization"))?
        .try_into()
}

/// One organization by its short name.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn organization_by_slug(tx: &mut GlobalTx, slug: &str) -> Result<Organization> {
    sqlx::query_as!(Row, "select id, slug, name, currency, time_zone, is_demo from organizations where slug = $1", slug)
        .fetch_optional(&mut **tx)
        .await?
        .ok_or(Error::NotFound("organization"))?
        .try_into()
}

/// The platform's own organization: totals over all organizations are written there. `None`: this installation has none.
///
/// # Errors
/// [`Error::Database`].
pub async fn platform_organization(tx: &mut GlobalTx) -> Result<Option<Organization>> {
    sqlx::query_as!(Row, "select id, slug, name, currency, time_zone, is_demo from organizations where is_platform")
        .fetch_optional(&mut **tx)
        .await?
        .map(Organization::try_from)
        .transpose()
}

/// Makes an organization the platform's own.
///
/// # Errors
/// [`Error::Conflict`] when there is another one.
pub async fn make_platform(tx: &mut GlobalTx, org: OrgId) -> Result<()> {
    if let Some(other) = platform_organization(tx).await?.filter(|other| other.id != org) {
        return Err(Error::Conflict(format!("'{}' is the platform already", other.slug)));
    }
    sqlx::query!("update organizations set is_platform = true where id = $1", org.0).execute(&mut **tx).await?;
    Ok(())
}

/// Adds an organization. `currency` is an ISO 4217 code.
///
/// # Errors
/// [`Error::Conflict`] when the slug is taken.
pub async fn create_organization(
    tx: &mut GlobalTx,
    slug: &str,
    name: &str,
    currency: &str,
    zone: Tz,
    is_demo: bool,
    now: DateTime<Utc>,
) -> Result<Organization> {
    let id = OrgId(Uuid::now_v7());
    let inserted = sqlx::query!(
        "insert into organizations (id, slug, name, currency, time_zone, is_demo, signed_up_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (slug) do nothing",
        id.0,
        slug,
        name,
        currency,
        zone.name(),
        is_demo,
        now
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    if inserted == 0 {
        return Err(Error::Conflict(format!("there is an organization '{slug}' already")));
    }
    Ok(Organization { id, slug: slug.into(), name: name.into(), currency: currency.into(), zone, is_demo })
}
