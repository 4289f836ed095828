//! Sums → scores: components, BPI, bands, why it moved, what would move it, cohorts, shrinkage, funnel limits.
//!
//! Pure functions over sums, the same on server and client. With `server`: the verbs that store the score of each day
//! and the weekly benchmarks.

mod band;
pub mod cohort;
pub mod funnel;
mod improve;
mod judge;
mod part;
mod policy;
mod ranking;
pub mod shrink;
pub mod statistics;
mod why;
mod window;

pub use band::Band;
pub use improve::{Improvement, what_would_move_it};
pub use judge::{ComponentScore, ENOUGH, Judgement, PartScore, Verdict, judge, rounded};
pub use part::{Component, Measure, Part, Raw};
pub use policy::Policy;
pub use ranking::{Prior, Ranked, Unranked};
pub use why::{Cause, Line, PartLine, Why, why_it_moved};
pub use window::{Safety, Window};

#[cfg(feature = "server")]
mod benchmarks;
#[cfg(feature = "server")]
mod priors;
#[cfg(feature = "server")]
mod rebuild;
#[cfg(feature = "server")]
mod store;
#[cfg(feature = "server")]
mod versions;

#[cfg(feature = "server")]
pub use benchmarks::{
    Benchmark, CohortStanding, Comparison, benchmark_trend, benchmark_week, benchmarks_of, comparisons, missing_weeks,
    standing, sunday_on_or_before,
};
#[cfg(feature = "server")]
pub use priors::priors;
#[cfg(feature = "server")]
pub use rebuild::{build_next, build_next_of, rebuild};
#[cfg(feature = "server")]
pub use store::{Policies, policies, policy_in_force, window};
#[cfg(feature = "server")]
pub use versions::{FURTHEST_BACK, NewVersion, Preview, Version, add_version, preview, versions};
