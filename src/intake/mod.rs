//! Facts in: how does a file of rows become facts that everything else is computed from?
//!
//! [`load`] streams one CSV file into one fact table, in one transaction: rows are read and judged in Rust, go by
//! `COPY` into a temporary table, and set-based SQL resolves what they refer to, finds the site's local business day,
//! compares with what is there by natural key and writes the difference. Rows that cannot be taken are written to a
//! rejects file with their line and the reasons; rows that are odd are taken and counted as findings.
//!
//! [`Table`] names the tables in the order they must be loaded, and [`Table::columns`] describes them: the template,
//! the validation and the documentation are all made from it.

mod column;
mod copy;
mod describe;
mod dirty;
mod header;
mod keys;
mod load;
mod moment;
mod reasons;
mod rejects;
mod resolve;
mod rows;
mod rules;
mod stage;
mod table;
mod tables;
mod value;

pub use column::{Column, Kind};
pub use describe::{describe, handbook, template};
pub use load::{Progress, Source, load};
pub use reasons::{Finding, Reason, Summary};
pub use rows::check_file;
pub use table::Table;
