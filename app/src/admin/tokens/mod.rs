//! `/admin/tokens`: which programs may ask, in whose name, for what, until when?

mod fns;
mod page;

use axum::routing::{MethodRouter, post};

pub use page::TokensPage;

use crate::server::App;

/// The address of the page.
pub const PAGE: &str = "/admin/tokens";
const FORM: &str = "token";
/// Days after which a token may end.
const DAYS: [i64; 4] = [7, 30, 90, 365];

pub(super) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![("/fn/make_token", post(fns::make)), ("/fn/revoke_token", post(fns::revoke))]
}
