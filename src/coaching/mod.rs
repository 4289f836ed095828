//! Whom to talk with today, and did talking help?

pub mod effect;
