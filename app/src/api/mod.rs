//! `/api/v1/…`: everything the pages show, for programs. What is there, how it is documented, and what every answer of
//! it carries. The handlers stand beside their capability; this folder is what they share.

mod docs;
mod document;
mod etag;
mod extract;
mod limits;
mod page;
mod period;
mod problem;

pub use docs::docs;
pub use document::{OPENAPI, document, openapi};
pub use extract::{Asked, Sent, SiteInPath, TWICE};
pub use limits::Limits;
pub use page::{Page, PageQuery, limit, turn, turned};
pub use period::{Dates, PeriodQuery};
pub use problem::{Answer, Made, Problem, Refusal};

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::MethodRouter;

use crate::server::{App, with_all};
use crate::{
    alignment, coaching, commerce, disputes, executive, financial, me, operations, product, recognition, reports,
    system, team,
};

/// Where the API is explained.
pub const DOCS: &str = "/api/docs";

/// Every route of the API with its handlers.
pub(crate) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    [
        me::api::routes(),
        recognition::api::routes(),
        team::api::routes(),
        coaching::api::routes(),
        disputes::api::routes(),
        operations::api::routes(),
        executive::api::routes(),
        financial::api::routes(),
        alignment::api::routes(),
        product::api::routes(),
        alignment::alerts::api::routes(),
        alignment::quality::api::routes(),
        commerce::api::routes(),
        system::api::routes(),
        reports::api::routes(),
    ]
    .concat()
}

/// The API with what every answer of it carries: what is left of the caller's requests, and a tag of the content.
pub(crate) fn router(app: &App) -> Router<App> {
    with_all(Router::new(), routes())
        .route_layer(from_fn(etag::tagged))
        .route_layer(from_fn_with_state(app.clone(), limits::limited))
}
