//! What sites are compared by: a closed list of rates, each a sum divided once.

use serde::{Deserialize, Serialize};

use super::facts::Facts;
use crate::units::Rate;

/// A rate of a site.
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
    /// Checkpoints visited, of those planned.
    PatrolCoverage,
    /// Shifts without a call and a show, of those scheduled.
    NoShows,
    /// Rosters without a breach, of all.
    Compliance,
}

impl Metric {
    /// All, in the order they are offered.
    pub const ALL: [Self; 7] = [
        Self::FillRate,
        Self::Attendance,
        Self::OnTime,
        Self::Sla,
        Self::PatrolCoverage,
        Self::NoShows,
        Self::Compliance,
    ];

    /// Its name in an address.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::FillRate => "fill_rate",
            Self::Attendance => "attendance",
            Self::OnTime => "on_time",
            Self::Sla => "sla",
            Self::PatrolCoverage => "patrol_coverage",
            Self::NoShows => "no_shows",
            Self::Compliance => "compliance",
        }
    }

    /// Its name on a page.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::FillRate => "Fill rate",
            Self::Attendance => "Attendance",
            Self::OnTime => "On time",
            Self::Sla => "In time (SLA)",
            Self::PatrolCoverage => "Patrol coverage",
            Self::NoShows => "No-shows",
            Self::Compliance => "Compliance",
        }
    }

    /// What is counted: hits, and of what, both in the plural.
    #[must_use]
    pub fn counts(self) -> (&'static str, &'static str) {
        match self {
            Self::FillRate => ("shifts filled", "shifts"),
            Self::Attendance => ("shifts attended", "shifts scheduled"),
            Self::OnTime => ("clock-ins on time", "shifts attended"),
            Self::Sla => ("done by the deadline", "tasks and work orders"),
            Self::PatrolCoverage => ("checkpoints visited", "checkpoints planned"),
            Self::NoShows => ("no-shows", "shifts scheduled"),
            Self::Compliance => ("rosters without a breach", "rosters"),
        }
    }

    /// Whether less of it is better.
    #[must_use]
    pub fn lower_is_better(self) -> bool {
        self == Self::NoShows
    }

    /// Whether it says what people did, so that few of them must not be told apart.
    #[must_use]
    pub fn is_of_people(self) -> bool {
        !matches!(self, Self::FillRate | Self::Compliance)
    }

    /// The rate of a site's sums.
    #[must_use]
    pub fn of(self, facts: &Facts) -> Rate {
        match self {
            Self::FillRate => facts.fill,
            Self::Attendance => facts.attendance,
            Self::OnTime => facts.on_time,
            Self::Sla => facts.sla,
            Self::PatrolCoverage => facts.coverage,
            Self::NoShows => facts.no_shows,
            Self::Compliance => facts.compliance,
        }
    }
}
