//! Who there is, and who may see whom: organizations, users, workers, sites; roles, the permission table, [`Scope`].

mod role;
mod scope;

pub use role::Role;
pub use scope::{Scope, Sites};

#[cfg(feature = "server")]
mod organizations;
#[cfg(feature = "server")]
pub use organizations::{Organization, all_organizations, create_organization, organization, organization_by_slug};
