//! Facts → what each KPI was on each day: the sums of the time that ends there, for many days in a few statements.

use chrono::NaiveDate;

use super::kpi::Kpi;
use super::store::{Value, write};
use crate::Result;
use crate::database::OrgTx;
use crate::executive::{Facts, Metric};
use crate::finance::{ToDate, to_date};
use crate::metrics::{Period, WINDOW_DAYS};
use crate::operations::running::{Sums, windows};

/// Days whose values are computed anew each night: whatever was restated among them is right the next morning, and the trend
/// has its 90 days from the first night on.
pub const KEPT: u64 = 400;

/// The workforce KPIs that are a metric of the sites.
const METRICS: [(Kpi, Metric, &str); 5] = [
    (Kpi::Attendance, Metric::Attendance, "No shift was scheduled and ended in these 28 days."),
    (Kpi::FillRate, Metric::FillRate, "No shift was planned in these 28 days."),
    (Kpi::Sla, Metric::Sla, "No task and no work order had a deadline in these 28 days."),
    (Kpi::Compliance, Metric::Compliance, "No confirmed roster began in these 28 days."),
    (Kpi::Coverage, Metric::PatrolCoverage, "No checkpoint was planned in these 28 days."),
];

/// The metric by which the sites are compared for a KPI; `None`: it is none of theirs.
pub(super) fn metric(kpi: Kpi) -> Option<Metric> {
    METRICS.iter().find(|(it, ..)| *it == kpi).map(|(_, metric, _)| *metric)
}

/// Replaces the values of the workforce KPIs of the [`KEPT`] days to the last complete one, as far as their facts are built.
/// The same facts always give the same rows; those that say the same already are left alone. Returns how many changed.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn rebuild(tx: &mut OrgTx, last: NaiveDate) -> Result<u64> {
    let days = Period::ending(last, KEPT);
    let sums = windows(tx, days, WINDOW_DAYS).await?;
    let months = to_date(tx, days).await?;
    let mut values: Vec<Value> = Vec::with_capacity(sums.len() * (METRICS.len() + 1));
    for (day, sums) in &sums {
        values.extend(of_sites(*day, sums));
        values.push(of_money(*day, months.iter().find(|month| month.day == *day)));
    }
    write(tx, &values).await
}

fn of_sites(day: NaiveDate, sums: &Sums) -> impl Iterator<Item = Value> + use<> {
    let facts = Facts::from(sums);
    METRICS.into_iter().map(move |(kpi, metric, missing)| {
        let rate = metric.of(&facts).rate;
        Value::of(kpi, day, (rate.hit as f64, rate.of as f64), missing)
    })
}

fn of_money(day: NaiveDate, month: Option<&ToDate>) -> Value {
    let parts = month.map_or((0.0, 0.0), |month| (month.actual as f64, month.budget_to_date()));
    Value::of(Kpi::CostAgainstBudget, day, parts, "No site has a budget for this month.")
}
