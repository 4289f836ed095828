//! The SQL of recognition.

pub(super) mod awards;
pub(super) mod careers;
pub(super) mod challenges;
pub(super) mod firsts;
pub(super) mod kudos;
pub(super) mod pending;
pub(super) mod tallies;
pub(super) mod wall;
