//! Which disputes a caller may read: what the page and its JSON twin show.

use muster::disputes::{self, State, Waiting};
use muster::people::{Permission, sites_in};
use muster::units::SiteId;

use crate::caller::Caller;
use crate::error::AppError;

/// One page of disputes, with how many there are.
pub(super) struct Listed {
    /// None for who sees no names.
    pub disputes: Vec<Waiting>,
    /// How many there are in the state that was asked for.
    pub total: i64,
    /// How many are in each state.
    pub counts: Vec<(State, i64)>,
    /// The sites to choose from.
    pub sites: Vec<(SiteId, String)>,
    /// Whether the caller sees names.
    pub names: bool,
}

/// The nth page (from 1) of the disputes in one state, of one site or of all that are the caller's.
///
/// # Errors
/// [`AppError::Forbidden`] for a site that is not the caller's, [`AppError::NotFound`] for one that is not there.
pub(super) async fn listed(caller: &Caller, site: Option<SiteId>, state: State, page: u32) -> Result<Listed, AppError> {
    let scope = caller.scope(Permission::Team)?;
    let narrowed = scope.narrowed_to(site)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let sites = sites_in(&mut tx, &scope).await?;
    if site.is_some_and(|site| !sites.iter().any(|(id, _)| *id == site)) {
        return Err(AppError::NotFound);
    }
    let counts = disputes::counts(&mut tx, &narrowed).await?;
    let (disputes, total) = match scope.names {
        true => disputes::waiting(&mut tx, &narrowed, state, page.into()).await?,
        false => (Vec::new(), 0),
    };
    Ok(Listed { disputes, total, counts, sites, names: scope.names })
}
