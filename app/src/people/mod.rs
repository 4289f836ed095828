//! `/people`: who may leave, and what could help them to stay?

mod risk;

pub use risk::{ChurnRisk, ShownRisk};
