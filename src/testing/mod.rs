//! For tests: a fresh database per test, and builders that put facts into it and read as sentences.
//!
//! ```no_run
//! # async fn example() {
//! let db = muster::testing::database().await;
//! let world = muster::testing::org(&db).await;
//! let ana = world.worker("Ana").job_role("guard").await;
//! world.shift(ana).on("2026-03-02").clocked_in("06:03").await;
//! # }
//! ```

mod churn;
mod database;
mod desk;
mod people;
mod roster;
mod shift;
mod task;
mod time;
mod tour;
mod world;

pub use database::{TestDatabase, database};
pub use desk::{NewIncident, NewWorkOrder};
pub use people::{NewSite, NewUser, NewWorker};
pub use roster::NewRoster;
pub use shift::{NewOffer, NewShift, Shift};
pub use task::NewTask;
pub use time::{date, moment};
pub use tour::NewTour;
pub use world::{DAY, World, org, org_named};
