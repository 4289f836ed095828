//! What sites are compared by: a closed list of rates and means, each a sum divided once.

use serde::{Deserialize, Serialize};

use super::facts::{Facts, Sample};
use crate::charts::Unit;

/// What a site is compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Shifts with a worker, of all shifts.
    FillRate,
    /// Shifts attended, of those scheduled.
    Attendance,
    /// Clock-ins on time, of shifts attended.
    OnTime,
    /// Tasks and work orders done by their deadline, of those that had one.
    Sla,
    /// Tasks completed, of those due.
    Tasks,
    /// Checkpoints visited, of those planned.
    PatrolCoverage,
    /// Clock-ins inside the geofence, of those whose place is known.
    Geofence,
    /// Shifts without a call and a show, of those scheduled.
    NoShows,
    /// Minutes late, a shift attended.
    Lateness,
    /// Shifts with overtime, of those paid.
    Overtime,
    /// Pay, a shift paid.
    CostPerShift,
    /// Incidents reported, a thousand shifts attended. Reporting is neither good nor bad.
    Incidents,
    /// Leavers, a hundred people and month of thirty days.
    Leavers,
    /// The mean mark of work orders, 1–5.
    Satisfaction,
    /// The mean score of the people on the last day.
    Bpi,
    /// Rosters without a breach, of all.
    Compliance,
}

/// What lies within chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Chance {
    /// Hits of cases: binomial.
    Share,
    /// Events that may happen more than once a case: Poisson.
    Events,
    /// A mean: its standard error, from the spread within the sites.
    Mean,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// More.
    Higher,
    /// Less.
    Lower,
    /// Neither.
    Neither,
}

/// All that is to be said about a metric.
struct Said {
    code: &'static str,
    label: &'static str,
    counts: (&'static str, &'static str),
    chance: Chance,
    better: Better,
}

const fn said(
    code: &'static str,
    label: &'static str,
    counts: (&'static str, &'static str),
    chance: Chance,
    better: Better,
) -> Said {
    Said { code, label, counts, chance, better }
}

impl Metric {
    /// All, in the order they are offered.
    pub const ALL: [Self; 16] = [
        Self::FillRate,
        Self::Attendance,
        Self::OnTime,
        Self::Sla,
        Self::Tasks,
        Self::PatrolCoverage,
        Self::Geofence,
        Self::NoShows,
        Self::Lateness,
        Self::Overtime,
        Self::CostPerShift,
        Self::Incidents,
        Self::Leavers,
        Self::Satisfaction,
        Self::Bpi,
        Self::Compliance,
    ];

    /// The rates of what was planned, promised and lawful: what a quarter is told by.
    pub const RATES: [Self; 7] = [
        Self::FillRate,
        Self::Attendance,
        Self::OnTime,
        Self::Sla,
        Self::PatrolCoverage,
        Self::NoShows,
        Self::Compliance,
    ];

    fn said(self) -> Said {
        use Better::{Higher, Lower, Neither};
        use Chance::{Events, Mean, Share};
        match self {
            Self::FillRate => said("fill_rate", "Fill rate", ("shifts filled", "shifts"), Share, Higher),
            Self::Attendance => {
                said("attendance", "Attendance", ("shifts attended", "shifts scheduled"), Share, Higher)
            }
            Self::OnTime => said("on_time", "On time", ("clock-ins on time", "shifts attended"), Share, Higher),
            Self::Sla => said("sla", "In time (SLA)", ("done by the deadline", "tasks and work orders"), Share, Higher),
            Self::Tasks => said("tasks", "Tasks completed", ("tasks completed", "tasks due"), Share, Higher),
            Self::PatrolCoverage => said(
                "patrol_coverage",
                "Patrol coverage",
                ("checkpoints visited", "checkpoints planned"),
                Share,
                Higher,
            ),
            Self::Geofence => {
                said("geofence", "Clocked in on site", ("inside the geofence", "clock-ins"), Share, Higher)
            }
            Self::NoShows => said("no_shows", "No-shows", ("no-shows", "shifts scheduled"), Share, Lower),
            Self::Lateness => said("lateness", "Lateness", ("minutes late", "shifts attended"), Mean, Lower),
            Self::Overtime => said("overtime", "Overtime", ("shifts with overtime", "shifts paid"), Share, Lower),
            Self::CostPerShift => said("cost_per_shift", "Cost per shift", ("pay", "shifts paid"), Mean, Lower),
            Self::Incidents => said("incidents", "Incidents", ("incidents", "shifts attended"), Events, Neither),
            Self::Leavers => said("leavers", "Leavers", ("leavers", "days of people employed"), Events, Lower),
            Self::Satisfaction => said("satisfaction", "Satisfaction", ("points", "work orders rated"), Mean, Higher),
            Self::Bpi => said("bpi", "Mean BPI", ("points", "people scored"), Mean, Higher),
            Self::Compliance => {
                said("compliance", "Compliance", ("rosters without a breach", "rosters"), Share, Higher)
            }
        }
    }

    /// Its name in an address.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.said().code
    }

    /// Its name on a page.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.said().label
    }

    /// What is counted: hits, and of what, both in the plural.
    #[must_use]
    pub fn counts(self) -> (&'static str, &'static str) {
        self.said().counts
    }

    /// What lies within chance.
    #[must_use]
    pub fn chance(self) -> Chance {
        self.said().chance
    }

    /// Which way is better.
    #[must_use]
    pub fn better(self) -> Better {
        self.said().better
    }

    /// Whether less of it is better.
    #[must_use]
    pub fn lower_is_better(self) -> bool {
        self.better() == Better::Lower
    }

    /// Whether it says what people did, so that few of them must not be told apart.
    #[must_use]
    pub fn is_of_people(self) -> bool {
        !matches!(self, Self::FillRate | Self::Compliance)
    }

    /// How a value is said after a number.
    #[must_use]
    pub fn unit(self, currency: &str) -> Unit {
        match self {
            Self::Lateness => Unit::Minutes,
            Self::CostPerShift => Unit::Other(currency.to_owned()),
            Self::Incidents => Unit::Other("per 1,000 shifts".into()),
            Self::Leavers => Unit::Other("per 100 people and month".into()),
            Self::Satisfaction => Unit::Other("of 5".into()),
            Self::Bpi => Unit::Points,
            _ => Unit::Percent,
        }
    }

    /// A value in its [`Self::unit`]: a share in per cent, hundredths of money in whole units.
    #[must_use]
    pub fn shown(self, value: f64) -> f64 {
        value
            * match self {
                Self::Lateness | Self::Satisfaction => 1.0,
                Self::CostPerShift | Self::Bpi => 0.01,
                Self::Incidents => 1_000.0,
                Self::Leavers => 3_000.0,
                _ => 100.0,
            }
    }

    /// The running sums that [`Self::of`] reads; scores have none.
    #[must_use]
    pub fn sums(self) -> &'static [&'static str] {
        match self {
            Self::FillRate => &["shifts_filled", "shifts_total"],
            Self::Attendance => &["attended", "scheduled"],
            Self::OnTime => &["on_time", "attended"],
            Self::Sla => &["sla_hit", "sla_judged"],
            Self::Tasks => &["tasks_completed", "tasks_due"],
            Self::PatrolCoverage => &["checkpoints_visited", "checkpoints_planned"],
            Self::Geofence => &["geofence_inside", "geofence_checked"],
            Self::NoShows => &["ncns", "scheduled"],
            Self::Lateness => &["late_minutes", "attended", "late_squares"],
            Self::Overtime => &["overtime_shifts", "paid_shifts"],
            Self::CostPerShift => &["pay_cents", "paid_shifts", "pay_squares"],
            Self::Incidents => &["incidents", "attended"],
            Self::Leavers => &["leavers", "people"],
            Self::Satisfaction => &["rating_points", "ratings", "rating_squares"],
            Self::Bpi => &[],
            Self::Compliance => &["rosters_clean", "rosters"],
        }
    }

    /// The sum of a site, of how many, and what it varies by.
    #[must_use]
    pub fn of(self, facts: &Facts) -> Sample {
        match self {
            Self::FillRate => facts.fill.into(),
            Self::Attendance => facts.attendance.into(),
            Self::OnTime => facts.on_time.into(),
            Self::Sla => facts.sla.into(),
            Self::Tasks => facts.tasks.into(),
            Self::PatrolCoverage => facts.coverage.into(),
            Self::Geofence => facts.geofence.into(),
            Self::NoShows => facts.no_shows.into(),
            Self::Lateness => facts.lateness,
            Self::Overtime => facts.overtime.into(),
            Self::CostPerShift => facts.cost,
            Self::Incidents => facts.incidents.into(),
            Self::Leavers => facts.leavers.into(),
            Self::Satisfaction => facts.marks,
            Self::Bpi => facts.scores,
            Self::Compliance => facts.compliance.into(),
        }
    }
}
