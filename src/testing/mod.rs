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

mod database;
mod people;
mod time;
mod work;
mod world;

pub use database::{TestDatabase, database};
pub use people::{NewSite, NewUser, NewWorker};
pub use time::{date, moment};
pub use work::{NewIncident, NewOffer, NewShift, NewTask, NewTour, NewWorkOrder, Shift};
pub use world::{DAY, World, org, org_named};
