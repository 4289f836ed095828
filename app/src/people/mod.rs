//! `/people`: is work shared fairly, may everybody work who does, who may leave, and who stays?

mod address;
mod certified;
mod fairness;
mod leaving;
mod page;
mod reliable;
mod risk;
mod sharing;
mod sites;
mod tiles;

pub use page::PeoplePage;
pub use risk::{ChurnRisk, ShownRisk};
