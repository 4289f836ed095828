//! The read model: a set of KPIs as it stands on its newest day, and how it came there.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::actions::{Action, actions};
use super::kpi::{Kpi, Set};
use super::rebuild::metric;
use super::score::{Band, Standing, alignment};
use super::store::{Targets, Value, courses, newest, targets, values};
use super::trend::{BACK, Course, Then, trend};
use crate::Result;
use crate::database::OrgTx;
use crate::executive::Metric;
use crate::metrics::Period;

/// A line of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The KPI as it stands.
    pub standing: Standing,
    /// Its value at earlier dates.
    pub trend: [Then; 5],
    /// Its values by day.
    pub course: Course,
}

/// What the table can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The order of the catalogue.
    Kpi,
    /// How near to the target.
    Score,
    /// How badly it stands.
    State,
    /// How much it counts.
    Weight,
}

impl By {
    /// All, with their words in an address.
    pub const ALL: [(Self, &'static str); 4] =
        [(Self::Kpi, "kpi"), (Self::Score, "score"), (Self::State, "state"), (Self::Weight, "weight")];
}

/// A set of KPIs as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Alignment {
    /// Which set.
    pub set: Set,
    /// The newest day that was computed; `None`: none yet.
    pub day: Option<NaiveDate>,
    /// Its KPIs in the order of the catalogue.
    pub rows: Vec<Row>,
    /// 0–100; `None`: no KPI has a value.
    pub score: Option<f64>,
    /// The score at earlier dates, judged by what is asked today.
    pub trend: [Then; 5],
    /// The score by day, oldest first, judged by what is asked today.
    pub course: Vec<(NaiveDate, Option<f64>)>,
}

impl Alignment {
    /// What the score means.
    #[must_use]
    pub fn band(&self) -> Option<Band> {
        self.score.map(Band::of)
    }

    /// What to do first.
    #[must_use]
    pub fn actions(&self) -> Vec<Action> {
        let standings: Vec<Standing> = self.rows.iter().map(|row| row.standing.clone()).collect();
        actions(&standings)
    }

    /// KPIs without a value.
    #[must_use]
    pub fn missing(&self) -> usize {
        self.rows.iter().filter(|row| row.standing.value().is_none()).count()
    }

    /// The lines in an order; what has no value comes last either way.
    #[must_use]
    pub fn ordered(&self, by: By, descending: bool) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        let key = |row: &Row| match by {
            By::Kpi => None,
            By::Score => row.standing.score(),
            By::State => row.standing.value().map(|_| row.standing.state().severity()),
            By::Weight => Some(row.standing.target.weight),
        };
        rows.sort_by(|a, b| match (key(a), key(b)) {
            (Some(a), Some(b)) if descending => b.total_cmp(&a),
            (Some(a), Some(b)) => a.total_cmp(&b),
            (a, b) => b.is_some().cmp(&a.is_some()),
        });
        if by == By::Kpi && descending {
            rows.reverse();
        }
        rows
    }
}

/// A set of KPIs on the newest day up to the last complete one, with a course of so many days (at least the trend's 90).
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn alignment_of(tx: &mut OrgTx, set: Set, last: NaiveDate, days: u64) -> Result<Alignment> {
    let kpis: Vec<Kpi> = set.kpis().collect();
    let targets = targets(tx).await?;
    let newest = newest(tx, set, last).await?;
    let day = newest.unwrap_or(last);
    let longest = BACK[BACK.len() - 1] + 1;
    let values = match newest {
        Some(day) => values(tx, &kpis, Period::ending(day, days.max(longest))).await?,
        None => Vec::new(),
    };
    let mut courses = courses(&values);
    let score = |day| score_on(&kpis, &targets, &courses, day);
    let course: Vec<_> = match newest {
        Some(day) => Period::ending(day, days).iter().map(|day| (day, score(day))).collect(),
        None => Vec::new(),
    };
    let (whole, since) = (score(day), trend(day, score));
    let last_values: HashMap<Kpi, &Value> =
        values.iter().filter(|value| value.day == day).map(|value| (value.kpi, value)).collect();
    let row = |kpi: &Kpi| {
        let course = courses.remove(kpi).unwrap_or_default();
        Row {
            standing: targets.standing(*kpi, last_values.get(kpi).copied()),
            trend: trend(day, |day| course.value(day)),
            course,
        }
    };
    let rows = kpis.iter().map(row).collect();
    Ok(Alignment { set, day: newest, rows, score: whole, trend: since, course })
}

/// The score of a day by the values that were known of it.
fn score_on(kpis: &[Kpi], targets: &Targets, courses: &HashMap<Kpi, Course>, day: NaiveDate) -> Option<f64> {
    alignment(kpis.iter().map(|kpi| {
        let value = courses.get(kpi).and_then(|course| course.value(day));
        let target = targets.of(*kpi);
        (target.weight, value.map(|value| super::score::score(value, target.target, kpi.better())))
    }))
}

/// What a KPI was on each of so many days, newest first, and why it was nothing.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn course_of(tx: &mut OrgTx, kpi: Kpi, days: Period) -> Result<Vec<Value>> {
    let mut values = values(tx, &[kpi], days).await?;
    values.reverse();
    Ok(values)
}

impl Kpi {
    /// The metric by which the sites are compared for it; `None`: it has none.
    #[must_use]
    pub fn metric(self) -> Option<Metric> {
        metric(self)
    }
}
