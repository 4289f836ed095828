//! Orders and the money for them: what came in, what went back, from whom, through whom? The facts are intake's; the night
//! sums them by day, and the pages of `/financial` read the sums.
//!
//! **What counts as revenue.** An order is worth its amount less its discount, and counts on the day it was placed.
//! *Gross revenue* is the worth of the orders that stand, and of those that ended (cancelled or rejected) what had been
//! paid for them. *Refunds* count on the day they went. *Net revenue* is gross less refunds. So an order cancelled after
//! payment adds its payment and takes its refund away; one cancelled before it was paid adds nothing.

#[cfg(feature = "server")]
mod customers;
#[cfg(feature = "server")]
pub mod figures;
#[cfg(feature = "server")]
mod filter;
#[cfg(feature = "server")]
mod lists;
#[cfg(feature = "server")]
mod orders;
#[cfg(feature = "server")]
mod partners;
#[cfg(feature = "server")]
mod pieces;
#[cfg(feature = "server")]
mod proof;
#[cfg(feature = "server")]
mod rebuild;
#[cfg(feature = "server")]
mod revenue;
#[cfg(feature = "server")]
mod sheets;
mod steps;
#[cfg(feature = "server")]
mod sums;
#[cfg(feature = "server")]
mod today;
mod wilson;

#[cfg(feature = "server")]
pub use customers::{Customer, Customers, Segment, Share, customers};
#[cfg(feature = "server")]
pub use filter::{Asked, Filter, Grain, PAGE};
#[cfg(feature = "server")]
pub use orders::{Orders, Stage, Week, orders};
#[cfg(feature = "server")]
pub use partners::{COLUMNS, FEWEST, Partner, Partners, Took, partners};
#[cfg(feature = "server")]
pub use proof::Reconciliation;
#[cfg(feature = "server")]
pub use rebuild::{mark_days, rebuild, rebuild_segments};
#[cfg(feature = "server")]
pub use revenue::{Category, Named, Revenue, Standing, daily_net, partner_names, revenue};
#[cfg(feature = "server")]
pub use sheets::{Ready, View, WEEKDAYS, Wanted, sheets};
pub use steps::{Counts, STEPS};
#[cfg(feature = "server")]
pub use sums::{Stretch, Sums, growth, height, money};
#[cfg(feature = "server")]
pub use today::{Recent, SoFar, Today, today};
pub use wilson::interval;

/// An exact amount of money.
#[cfg(feature = "server")]
pub use rust_decimal::Decimal as Amount;

/// What the pages rest on.
#[cfg(feature = "server")]
pub const TOPICS: [crate::database::Topic; 1] = [crate::database::Topic::Commerce];
