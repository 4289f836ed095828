//! What is noted of the product's own use: by the layer that sees every answer, by the forms that know what was done, and by
//! browsers that send it. Nothing of it ever keeps a request waiting, and nothing is noted of who did not agree.

pub mod api;
mod observe;
mod recorder;
mod visitor;

pub(crate) use observe::observe;
pub use recorder::Recorder;
pub(crate) use visitor::{Visitor, happened};
