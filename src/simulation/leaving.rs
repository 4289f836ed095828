//! How long people stay, and why they leave.

use chrono::{Days, NaiveDate};

use super::dice::{Dice, Topic};
use super::people::{Rhythm, Worker};
use super::plan::Plan;

/// Of this many people a year's turnover is one, before what makes them stay or go.
const TURNOVER: f64 = 0.32;

/// The planted causes for leaving; the facts of the weeks before show each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    HoursCut,
    OffersRejected,
    UnfairNights,
    LongCommute,
    ExpiredCertificate,
    LowPay,
    /// The supervisor of the planted site, who goes on the planted day.
    Planted,
}

impl Cause {
    pub fn name(self) -> &'static str {
        match self {
            Self::HoursCut => "hours_cut",
            Self::OffersRejected => "offers_rejected",
            Self::UnfairNights => "unfair_nights",
            Self::LongCommute => "long_commute",
            Self::ExpiredCertificate => "expired_certificate",
            Self::LowPay => "low_pay",
            Self::Planted => "supervisor_left",
        }
    }
}

/// Decides when this worker leaves, and why, week by week until the horizon.
pub(super) fn live(plan: &Plan, worker: &mut Worker, horizon: NaiveDate) {
    let mut dice = Dice::new(plan.seed, Topic::Life, worker.key(), plan.company as u64);
    // Facts begin with the plan, and each cause needs weeks to show in them.
    let mut day = worker.hired_on.max(plan.first_day) + Days::new(35 + dice.index(7) as u64);
    let median = worker.role.rate(plan.company) * 1.04;
    let long_commute = worker.commute_km > 22.0;
    let low_pay = (worker.rate as f64) < 0.93 * median;
    while day < horizon + Days::new(60) {
        let tenure = (day - worker.hired_on).num_days();
        let mut hazard = TURNOVER / 52.0;
        hazard *= if long_commute { 2.2 } else { 1.0 };
        hazard *= if low_pay { 2.0 } else { 1.0 };
        hazard *= match tenure {
            ..120 => 2.5,
            120..365 => 1.4,
            _ => 0.8,
        };
        let (throw, which) = (dice.unit(), dice.unit());
        if throw < hazard {
            worker.left_on = Some(day);
            worker.cause = Some(cause(worker, which, long_commute, low_pay));
            return;
        }
        day = day + Days::new(7);
    }
}

fn cause(worker: &Worker, which: f64, long_commute: bool, low_pay: bool) -> Cause {
    match which {
        x if long_commute && x < 0.5 => Cause::LongCommute,
        x if low_pay && x > 0.55 => Cause::LowPay,
        x if x < 0.33 => Cause::HoursCut,
        x if x < 0.62 => Cause::OffersRejected,
        x if x < 0.84 && worker.rhythm == Rhythm::Rotating => Cause::UnfairNights,
        x if x < 0.84 => Cause::HoursCut,
        _ => Cause::ExpiredCertificate,
    }
}
