//! Kudos: thanks among colleagues.

pub mod api;
