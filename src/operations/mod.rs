//! Shifts and who works them: what is about to go wrong, and how it is mended while it still can be.

pub mod change;
pub mod roster;
pub mod savings;

#[cfg(feature = "server")]
pub mod baselines;
#[cfg(feature = "server")]
pub mod board;
#[cfg(feature = "server")]
mod crew;
#[cfg(feature = "server")]
pub mod days;
#[cfg(feature = "server")]
pub mod live;
#[cfg(feature = "server")]
pub mod measures;
#[cfg(feature = "server")]
pub mod offer;
#[cfg(feature = "server")]
pub mod post;
#[cfg(feature = "server")]
pub mod proposal;
#[cfg(feature = "server")]
pub mod running;
#[cfg(feature = "server")]
pub mod withdraw;

use crate::people::Role;

/// Whether a role may add and offer shifts: whoever looks after a site, the scheduler and the admin. Executives read.
#[must_use]
pub fn may_change(role: Role) -> bool {
    matches!(role, Role::Supervisor | Role::Scheduler | Role::Admin)
}
