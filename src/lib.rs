//! Muster's engine: facts in, scores and decisions out. It knows no HTTP.
//!
//! One line per capability, in dependency order: a module may use those above it, never those below.
//! With no features only the types and the pure rules are built; they also compile to wasm.
#![warn(missing_docs)]

pub mod error;
pub mod units;

#[cfg(feature = "server")]
pub mod clock;
#[cfg(feature = "server")]
pub mod config;
#[cfg(feature = "server")]
pub mod database;
#[cfg(feature = "server")]
pub mod queue;

pub mod charts;
#[cfg(feature = "server")]
pub mod exports;
pub mod people;

#[cfg(feature = "server")]
pub mod mail;
pub mod notifications;
#[cfg(feature = "server")]
pub mod webhooks;

#[cfg(feature = "server")]
pub mod intake;
#[cfg(feature = "server")]
pub mod simulation;

pub mod metrics;
pub mod scoring;

pub mod recognition;

pub mod disputes;

pub mod coaching;

pub mod operations;

pub mod me;

pub mod commerce;

pub mod models;

pub mod workforce;

#[cfg(feature = "server")]
pub mod team;

#[cfg(feature = "server")]
pub mod executive;

#[cfg(feature = "server")]
pub mod finance;

#[cfg(feature = "server")]
pub mod staffing;

#[cfg(feature = "server")]
pub mod compliance;
#[cfg(feature = "server")]
pub mod portal;

pub mod privacy;

pub mod product;

pub mod alignment;

#[cfg(feature = "server")]
pub mod reports;

#[cfg(feature = "server")]
pub mod night;
#[cfg(feature = "server")]
pub mod system;

#[cfg(feature = "testing")]
pub mod testing;

pub use error::{Error, Result};
