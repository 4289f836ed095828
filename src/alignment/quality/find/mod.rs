//! Each check in SQL over the days that are looked through: how many rows it judges, and the bad ones with what is wrong.

mod anomalies;
mod duplicates;
mod freshness;
mod judged;
mod missing;
mod orphans;

use chrono::{DateTime, NaiveDate, Utc};

use super::check::Check;
use super::score::Tally;
use super::settings::Settings;
use crate::Result;
use crate::database::OrgTx;

/// The days that are looked through, and by what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    /// First day.
    pub first: NaiveDate,
    /// Today.
    pub last: NaiveDate,
    /// Now.
    pub now: DateTime<Utc>,
    /// What the checks hold to.
    pub set: Settings,
    /// Bad rows of a check that are kept, at most.
    pub limit: i64,
}

/// A bad row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bad {
    /// The table.
    pub source: String,
    /// Its key in it, without the organization.
    pub key: String,
    /// Its day.
    pub day: Option<NaiveDate>,
    /// What is wrong; names nobody.
    pub what: String,
    /// How many there are in all.
    pub total: i64,
}

/// What a check found.
#[derive(Debug)]
pub(super) struct Results {
    pub tally: Tally,
    pub rows: Vec<Bad>,
}

/// Makes a check.
pub(super) async fn make(tx: &mut OrgTx, check: Check, window: &Window) -> Result<Results> {
    let (judged, rows) = match check {
        Check::StrayAttendance => (judged::clock_ins(tx, window).await?, orphans::stray_attendance(tx, window).await?),
        Check::StrayTasks => (judged::tasks(tx, window).await?, orphans::stray_tasks(tx, window).await?),
        Check::StrayMoney => (judged::money(tx, window).await?, orphans::stray_money(tx, window).await?),
        Check::ShiftsOfLeavers => (judged::assigned(tx, window).await?, orphans::shifts_of_leavers(tx, window).await?),
        Check::OverlappingClockIns => {
            (judged::clock_ins(tx, window).await?, duplicates::overlapping(tx, window).await?)
        }
        Check::OrdersTwice => (judged::orders(tx, window).await?, duplicates::orders(tx, window).await?),
        Check::PeopleTwice => (judged::people(tx, window).await?, duplicates::people(tx, window).await?),
        Check::PeopleIncomplete => (judged::people(tx, window).await?, missing::people(tx, window).await?),
        Check::AccountsIncomplete => (judged::accounts(tx).await?, missing::accounts(tx, window).await?),
        Check::ClockOutsMissing => (judged::clock_ins(tx, window).await?, missing::clock_outs(tx, window).await?),
        Check::AttendanceMissing => (judged::over(tx, window).await?, missing::attendance(tx, window).await?),
        Check::Stale => freshness::stale(tx, window).await?,
        Check::BackwardTimes => (judged::timed(tx, window).await?, anomalies::backward(tx, window).await?),
        Check::Overpaid => (judged::paid_orders(tx, window).await?, anomalies::overpaid(tx, window).await?),
        Check::RefundedBeyond => {
            (judged::refunded_orders(tx, window).await?, anomalies::refunded_beyond(tx, window).await?)
        }
        Check::DailyCounts => anomalies::daily_counts(tx, window).await?,
        Check::Bursts => (judged::entries(tx, window).await?, anomalies::bursts(tx, window).await?),
    };
    let bad = rows.first().map_or(0, |row| row.total).min(judged);
    Ok(Results { tally: Tally { judged, bad }, rows })
}

impl Window {
    /// Of what ended before this moment something should be known.
    fn settled_before(&self) -> DateTime<Utc> {
        self.now - chrono::Duration::hours(self.set.stale_hours.into())
    }
}
