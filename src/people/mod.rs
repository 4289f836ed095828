//! Who there is, and who may see whom: organizations, users, workers, sites; roles, the permission table, [`Scope`].

mod permission;
mod role;
mod scope;

pub use permission::{Access, Permission, TABLE};
pub use role::Role;
pub use scope::{Scope, Sites};

#[cfg(feature = "server")]
pub mod accounts;
#[cfg(feature = "server")]
pub mod audit;
#[cfg(feature = "server")]
mod caller;
#[cfg(feature = "server")]
mod find;
#[cfg(feature = "server")]
pub mod log;
#[cfg(feature = "server")]
pub mod members;
#[cfg(feature = "server")]
mod organizations;
#[cfg(feature = "server")]
mod tokens;

#[cfg(feature = "server")]
pub use caller::{User, choose_theme, create_token, fingerprint, user_of_id, user_of_login, user_of_token};
#[cfg(feature = "server")]
pub use find::{find_client, find_site, find_worker, site_name, sites_in};
#[cfg(feature = "server")]
pub use organizations::{
    Organization, all_organizations, create_organization, make_platform, organization, organization_by_slug,
    platform_organization,
};
#[cfg(feature = "server")]
pub use tokens::{OrgToken, TokenInfo, end_token, make_token, revoke_token, tokens_of, tokens_of_org};
