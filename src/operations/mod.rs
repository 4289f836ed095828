//! Shifts and who works them: what is about to go wrong, and how it is mended while it still can be.

pub mod roster;
