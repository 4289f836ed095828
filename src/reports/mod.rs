//! What does somebody take into a meeting? A named question answered in words, numbers, tables and charts, then as a PDF.
//!
//! [`Document`] is what a report says, [`set`] makes it a PDF; each report is a folder beside them that gathers its
//! numbers by the verbs of their capabilities, puts them into words, and lays them out.

pub mod ahead;
pub mod client_monthly;
pub mod commerce;
mod document;
mod drawing;
pub mod financial;
pub mod operations;
pub mod placements;
mod press;
pub mod quarterly;
pub mod schedules;
#[cfg(test)]
mod tests;

pub use document::{Block, Cell, Column, Document, Kind, Light, Mark, Multiple, Points, Table, Tile};
pub use drawing::{Drawing, Picture};
pub use press::{Pdf, set, typeset};
