//! The SQL: the facts of a snapshot, what was written of it, and the list.

mod facts;
mod keep;
mod list;

pub(super) use facts::{first_day, people};
pub(super) use keep::{forget_month, keep};
pub(super) use list::{counts, last_snapshot, looks, page};
