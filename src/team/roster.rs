//! The people of a team, each with what is stored of the period's last day.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::scoring::{Band, Component, cohort};
use crate::units::WorkerId;

/// Whether somebody works by day or by night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pattern {
    /// By day.
    Day,
    /// At least half of the attended shifts began in the night.
    Night,
}

impl Pattern {
    /// Its name, in words and in the address.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Night => "night",
        }
    }
}

/// One of the team.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Member {
    /// Who.
    pub worker: WorkerId,
    /// Name.
    pub name: String,
    /// Employee number.
    pub employee_number: String,
    /// Job role.
    pub job_role: String,
    /// Last day of employment, where it is known.
    pub left_on: Option<NaiveDate>,
    /// BPI of the 28 days that end with the period, 0–100; `None`: not enough to judge.
    pub bpi: Option<f64>,
    /// The five components' scores in the order of [`Component::ALL`]; `None`: nothing to judge.
    pub scores: [Option<f64>; 5],
    /// Shifts scheduled in the period.
    pub shifts: i64,
    /// Shifts scheduled in the 28 days of the BPI.
    pub shifts_scored: i64,
    /// Shifts attended in the period.
    pub attended: i64,
    /// Shifts clocked in on time in the period.
    pub on_time: i64,
    /// Attended shifts of the period that began in the night.
    pub night_shifts: i64,
}

impl Member {
    /// The band of the BPI.
    #[must_use]
    pub fn band(&self) -> Option<Band> {
        self.bpi.map(Band::of)
    }

    /// By day or by night.
    #[must_use]
    pub fn pattern(&self) -> Pattern {
        if cohort::pattern(self.night_shifts, self.attended) == "night" { Pattern::Night } else { Pattern::Day }
    }

    /// The score of a component.
    #[must_use]
    pub fn score(&self, component: Component) -> Option<f64> {
        let place = Component::ALL.iter().position(|other| *other == component)?;
        self.scores[place]
    }

    /// Whether there is any score to look at.
    #[must_use]
    pub fn has_score(&self) -> bool {
        self.bpi.is_some() || self.scores.iter().any(Option::is_some)
    }
}

/// A row of the roster.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Who, with the scores.
    #[serde(flatten)]
    pub member: Member,
    /// The BPI week by week over the last 90 days, oldest first.
    pub trend: Vec<Option<f64>>,
}

/// A page of the roster.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Roster {
    /// How many people the team has.
    pub team: usize,
    /// How many of them the filter takes.
    pub found: usize,
    /// The page shown, from 1.
    pub page: usize,
    /// Whether there is another page.
    pub more: bool,
    /// The job roles of the team.
    pub roles: Vec<String>,
    /// The people on the page.
    pub rows: Vec<Row>,
}
