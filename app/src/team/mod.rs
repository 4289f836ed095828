//! `/team`: how are the people of my sites doing, who does well, and how is each of them?

mod address;
pub mod api;
mod page;
mod people;
mod sites;
mod tiles;
mod worker;

pub use page::TeamPage;
pub use sites::SitesPage;
pub use worker::WorkerPage;

use muster::people::Permission;
use muster::team::Viewer;

use crate::caller::Caller;
use crate::error::AppError;

/// Who looks at a team: what the engine asks for, and keeps.
pub(crate) fn viewer(caller: &Caller) -> Result<Viewer, AppError> {
    Ok(Viewer {
        user: caller.user().id,
        worker: caller.user().worker,
        scope: caller.scope(Permission::Team)?,
        now: caller.now(),
    })
}
