//! `/people`: is work shared fairly, may everybody work who does, who may leave, and who stays?

mod address;
mod certified;
mod fairness;
mod files;
mod leaving;
mod page;
mod reliable;
mod risk;
mod sharing;
mod sites;
mod tiles;

pub(crate) use files::routes as files;
pub use page::PeoplePage;
pub use risk::{ChurnRisk, ShownRisk};
