//! `/admin/users`: who may sign in, as what, for which sites; adding, changing, shutting out.

mod fns;
mod form;
mod list;
mod one;
mod page;

use axum::routing::{MethodRouter, post};

pub use page::UsersPage;

use crate::server::App;

/// The address of the page.
pub const PAGE: &str = "/admin/users";
/// Which form a message belongs to: adding, or changing one.
const ADD: &str = "add_user";
const CHANGE: &str = "change_user";

pub(super) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![
        ("/fn/add_user", post(fns::add)),
        ("/fn/change_user", post(fns::change)),
        ("/fn/deactivate_user", post(fns::deactivate)),
        ("/fn/activate_user", post(fns::activate)),
        ("/fn/reset_user", post(fns::reset)),
    ]
}
