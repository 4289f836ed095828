//! Records by the names that people use for them.

use crate::database::OrgTx;
use crate::units::{ClientId, SiteId, WorkerId};
use crate::{Error, Result};

/// A worker's id and name, by employee number.
///
/// # Errors
/// [`Error::Invalid`] that names what was not found.
pub async fn find_worker(tx: &mut OrgTx, employee_number: &str) -> Result<(WorkerId, String)> {
    let org = tx.org().0;
    let row =
        sqlx::query!("select id, name from workers where org_id = $1 and employee_number = $2", org, employee_number)
            .fetch_optional(&mut **tx)
            .await?;
    row.map(|row| (WorkerId(row.id), row.name)).ok_or_else(|| missing("worker with employee number", employee_number))
}

/// A site's id, by code.
///
/// # Errors
/// [`Error::Invalid`] that names what was not found.
pub async fn find_site(tx: &mut OrgTx, code: &str) -> Result<SiteId> {
    let org = tx.org().0;
    let id = sqlx::query_scalar!("select id from sites where org_id = $1 and code = $2", org, code)
        .fetch_optional(&mut **tx)
        .await?;
    id.map(SiteId).ok_or_else(|| missing("site with code", code))
}

/// A site's name.
///
/// # Errors
/// [`Error::NotFound`] for none of this organization.
pub async fn site_name(tx: &mut OrgTx, site: SiteId) -> Result<String> {
    let org = tx.org().0;
    let name = sqlx::query_scalar!("select name from sites where org_id = $1 and id = $2", org, site.0)
        .fetch_optional(&mut **tx)
        .await?;
    name.ok_or(Error::NotFound("site"))
}

/// A client's id, by code.
///
/// # Errors
/// [`Error::Invalid`] that names what was not found.
pub async fn find_client(tx: &mut OrgTx, code: &str) -> Result<ClientId> {
    let org = tx.org().0;
    let id = sqlx::query_scalar!("select id from clients where org_id = $1 and code = $2", org, code)
        .fetch_optional(&mut **tx)
        .await?;
    id.map(ClientId).ok_or_else(|| missing("client with code", code))
}

fn missing(what: &str, name: &str) -> Error {
    Error::Invalid(format!("there is no {what} '{name}' in this organization"))
}

/// The sites of a scope by name, for choosing one.
///
/// # Errors
/// [`Error::Database`].
pub async fn sites_in(tx: &mut OrgTx, scope: &super::Scope) -> Result<Vec<(SiteId, String)>> {
    let (org, sites) = (tx.org().0, scope.site_ids());
    let rows = sqlx::query!(
        "select id, name from sites where org_id = $1 and ($2::uuid[] is null or id = any ($2)) order by name, id",
        org,
        sites.as_deref()
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (SiteId(row.id), row.name)).collect())
}
