//! One worker's period: judged, compared with the one before, with the cohort, and over time.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::Filter;
use crate::database::OrgTx;
use crate::metrics::{Period, day_scores};
use crate::scoring::{
    Benchmark, CohortStanding, Improvement, Judgement, Policy, Why, Window, benchmark_trend, benchmarks_of, judge,
    policy_in_force, standing, what_would_move_it, why_it_moved, window,
};
use crate::units::WorkerId;
use crate::{Error, Result};

/// Who the page is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Employee number.
    pub employee_number: String,
    /// Job role.
    pub job_role: String,
    /// Name of the home site.
    pub site: String,
}

/// A day of the trend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrendPoint {
    /// The day its window ends with.
    pub day: NaiveDate,
    /// BPI, 0–100; `None`: not enough to judge.
    pub bpi: Option<f64>,
    /// 25th percentile, median and 75th percentile of the cohort's BPI in that week.
    pub cohort: Option<(f64, f64, f64)>,
}

/// What must be said beside the numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes {
    /// Own orders that are open past their deadline.
    pub orders_overdue: i64,
    /// Orders closed before they were opened, or due before: left out of resolution time.
    pub orders_implausible: i64,
    /// Closed orders without a deadline: not judged.
    pub orders_without_deadline: i64,
    /// Days of the window that were computed again after they had been shown, newest first, with the reason.
    pub restated: Vec<(NaiveDate, NaiveDate, String)>,
}

/// Everything about one worker and one period that is computed from sums.
#[derive(Debug, Clone)]
pub struct Overview {
    /// Who.
    pub person: Person,
    /// The window judged.
    pub period: Period,
    /// As many days before it.
    pub previous_period: Period,
    /// What the judgement rests on.
    pub window: Window,
    /// The window judged.
    pub judgement: Judgement,
    /// The previous window, by the same policy.
    pub previous: Judgement,
    /// Why it moved; `None` unless both have a BPI.
    pub why: Option<Why>,
    /// What would move it; empty without a cohort to compare with.
    pub improvements: Vec<Improvement>,
    /// Where the BPI stands in the cohort.
    pub standing: Option<CohortStanding>,
    /// The cohort's distribution by metric.
    pub benchmarks: HashMap<String, Benchmark>,
    /// The trend, oldest first.
    pub trend: Vec<TrendPoint>,
    /// What must be said beside it.
    pub notes: Notes,
}

/// The overview of a worker for a filter, given the last complete day.
///
/// # Errors
/// [`Error::Invalid`] for a filter that makes no sense, [`Error::NotFound`] for a worker that is not there.
pub async fn overview(tx: &mut OrgTx, worker: WorkerId, filter: &Filter, last_complete: NaiveDate) -> Result<Overview> {
    let (period, trend_period) = filter.resolve(last_complete)?;
    let previous_period = period.previous();
    let person = person(tx, worker).await?;
    let policy: Policy = policy_in_force(tx, period.last).await?;
    let now = window(tx, worker, period).await?;
    let then = window(tx, worker, previous_period).await?;
    let (judgement, previous) = (judge(&now, &policy), judge(&then, &policy));
    let benchmarks = benchmarks_of(tx, worker, period.last).await?;
    let standing = match judgement.bpi() {
        Some(bpi) => standing(tx, worker, period.last, bpi).await?,
        None => None,
    };
    Ok(Overview {
        why: why_it_moved(&previous, &judgement),
        improvements: what_would_move_it(&judgement, |part| benchmarks.get(part.code()).map(|benchmark| benchmark.p75)),
        trend: trend(tx, worker, trend_period).await?,
        notes: super::store::notes(tx, worker, period, &now.sums).await?,
        person,
        period,
        previous_period,
        window: now,
        judgement,
        previous,
        standing,
        benchmarks,
    })
}

async fn person(tx: &mut OrgTx, worker: WorkerId) -> Result<Person> {
    let org = tx.org().0;
    sqlx::query_as!(
        Person,
        "select w.name, w.employee_number, w.job_role, s.name as site from workers w
         join sites s on s.org_id = w.org_id and s.id = w.home_site_id where w.org_id = $1 and w.id = $2",
        org,
        worker.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound("worker"))
}

/// A worker's BPI day by day beside the cohort's, oldest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn trend(tx: &mut OrgTx, worker: WorkerId, period: Period) -> Result<Vec<TrendPoint>> {
    let weeks = benchmark_trend(tx, worker, period).await?;
    let cohort = |day: NaiveDate| {
        let week = weeks.iter().rev().find(|benchmark| benchmark.week <= day)?;
        ((day - week.week).num_days() < 14).then_some((week.p25, week.p50, week.p75))
    };
    let scores = day_scores(tx, worker, period).await?;
    Ok(scores
        .into_iter()
        .map(|score| TrendPoint { day: score.day, bpi: score.bpi, cohort: cohort(score.day) })
        .collect())
}
