//! `/admin/scores`: how much does each component and part of the score weigh, since when, and what would other weights change?

mod fns;
mod page;
mod weights;

use axum::routing::{MethodRouter, post};

pub use page::ScoresPage;

use crate::server::App;

/// The address of the page.
pub const PAGE: &str = "/admin/scores";
const FORM: &str = "score_policy";

pub(super) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![("/fn/change_score_policy", post(fns::change))]
}
