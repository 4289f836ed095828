//! Shifts and who works them: what is about to go wrong, and how it is mended while it still can be.

pub mod roster;
pub mod savings;

#[cfg(feature = "server")]
pub mod board;
#[cfg(feature = "server")]
pub mod days;
#[cfg(feature = "server")]
pub mod measures;
