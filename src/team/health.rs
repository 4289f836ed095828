//! How a team is doing: sums over its days, divided once.

use chrono::NaiveDate;
use serde::Serialize;

use super::FEWEST;
use crate::metrics::Period;
use crate::units::Rate;

/// What a site's days add up to over a period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Days there is anything of.
    pub days: i64,
    /// People on the last day.
    pub headcount: i64,
    /// People at work, added up over the days.
    pub active_days: i64,
    /// Shifts scheduled.
    pub scheduled: i64,
    /// Shifts attended.
    pub attended: i64,
    /// Shifts clocked in on time.
    pub on_time: i64,
    /// Tasks judged by their deadline.
    pub tasks_sla_judged: i64,
    /// Tasks done by it.
    pub tasks_sla_hit: i64,
    /// Work orders judged by their deadline.
    pub orders_sla_judged: i64,
    /// Work orders closed by it.
    pub orders_sla_hit: i64,
    /// Checkpoints planned.
    pub checkpoints_planned: i64,
    /// Checkpoints visited.
    pub checkpoints_visited: i64,
    /// Incidents of the site open at the end.
    pub open_incidents: i64,
}

impl Totals {
    /// Attended of scheduled shifts.
    #[must_use]
    pub fn attendance(&self) -> Rate {
        Rate { hit: self.attended, of: self.scheduled }
    }

    /// On time of attended shifts.
    #[must_use]
    pub fn on_time_rate(&self) -> Rate {
        Rate { hit: self.on_time, of: self.attended }
    }

    /// Tasks and work orders in their time, of those judged.
    #[must_use]
    pub fn sla(&self) -> Rate {
        Rate { hit: self.tasks_sla_hit, of: self.tasks_sla_judged }
            + Rate { hit: self.orders_sla_hit, of: self.orders_sla_judged }
    }

    /// Checkpoints visited of planned.
    #[must_use]
    pub fn coverage(&self) -> Rate {
        Rate { hit: self.checkpoints_visited, of: self.checkpoints_planned }
    }

    /// People at work on a day, on average; `None` without days.
    #[must_use]
    pub fn active(&self) -> Option<f64> {
        (self.days > 0).then(|| self.active_days as f64 / self.days as f64)
    }
}

/// The median of a team's BPI.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Median {
    /// 0–100.
    pub bpi: f64,
    /// How many people have a BPI.
    pub n: i64,
}

/// A day of the team's trend.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Point {
    /// The day the windows end with.
    pub day: NaiveDate,
    /// People.
    pub headcount: i64,
    /// How many of them have a BPI.
    pub n: i64,
    /// Their 25th percentile, median and 75th percentile.
    pub quartiles: Option<(f64, f64, f64)>,
}

/// The tiles: a period and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Health {
    /// The period.
    pub now: Totals,
    /// As many days before it.
    pub previous: Totals,
    /// The median at the period's end.
    pub median: Option<Median>,
    /// The median at the end of the period before.
    pub previous_median: Option<Median>,
}

/// The last day of a period on which the team has people.
pub(super) fn last_day(points: &[Point], period: Period) -> Option<&Point> {
    points.iter().rev().find(|point| (period.first..=period.last).contains(&point.day) && point.headcount > 0)
}

/// The median of a day; without names only of five people or more.
pub(super) fn median(point: Option<&Point>, names: bool) -> Option<Median> {
    let point = point.filter(|point| names || point.n >= FEWEST)?;
    point.quartiles.map(|(_, bpi, _)| Median { bpi, n: point.n })
}
