//! `/admin`: what the organization's administrator reads and changes, each part at an address of its own.

pub mod cache;
mod form;
mod front;
pub mod jobs;
pub mod log;
pub mod privacy;
pub mod quality;
pub mod scores;
pub mod targets;
pub mod tokens;
pub mod users;
pub mod webhooks;

use axum::routing::MethodRouter;
use muster::people::{Permission, Role};

pub use front::AdminPage;

use crate::caller::Caller;
use crate::error::AppError;
use crate::server::App;

/// The address of the page.
pub const PAGE: &str = "/admin";

/// The administrator of an organization; platform has nothing to do with an organization's people and settings.
pub(crate) fn administrator() -> Result<Caller, AppError> {
    let caller = Caller::with(Permission::Admin)?;
    if caller.user().role == Role::Admin { Ok(caller) } else { Err(AppError::Forbidden) }
}

/// The same of a caller that is known already.
fn administrates(caller: &Caller) -> Result<(), AppError> {
    caller.scope(Permission::Admin)?;
    if caller.user().role == Role::Admin { Ok(()) } else { Err(AppError::Forbidden) }
}

/// What is not a page: each with its handler.
pub(crate) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    [users::routes(), log::routes(), tokens::routes(), scores::routes(), targets::routes(), cache::routes()].concat()
}
