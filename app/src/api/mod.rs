//! `/api/v1/…`: everything the pages show, for programs. What is there, how it is documented, and what every answer of
//! it carries. The handlers stand beside their capability; this folder is what they share.

mod document;
mod extract;
mod problem;

pub use document::{OPENAPI, document, openapi};
pub use extract::{Asked, TWICE};
pub use problem::{Answer, Problem};

use axum::routing::MethodRouter;

use crate::me;
use crate::server::App;

/// Where the API is explained.
pub const DOCS: &str = "/api/docs";

/// Every route of the API with its handlers.
pub(crate) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    me::api::routes()
}
