//! What did each site do in a period? The difference of two running sums, so that a year costs no more than a day.
//!
//! [`Sums`] is the contract: whole numbers that can be added and subtracted. The night keeps one row of them for each site
//! and day up to the last complete one ([`rebuild`]), and beside them each sum of all sites in one piece, which is what
//! [`in_periods`] takes differences of. Money is in hundredths of the
//! organization's currency. A roster belongs to its first day and counts once it is confirmed.

mod columns;
mod rebuild;
mod windows;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use serde::Serialize;
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

pub use rebuild::{rebuild, reconcile};
pub use windows::windows;

use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::units::{Rate, SiteId};
use columns::Columns;

/// Each sum with what a day adds to it: `t` is the team day, `c` the site's costs, `r` its rosters that begin.
macro_rules! sums {
    ($($(#[$doc:meta])* $name:ident = $day:literal,)+) => {
        /// Sums over one or more days of one or more sites.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
        pub struct Sums { $($(#[$doc])* pub $name: i64,)+ }

        impl Sums {
            /// The columns of `site_running_sums`, each with what a day adds to it.
            const COLUMNS: &'static [(&'static str, &'static str)] = &[$((stringify!($name), $day),)+];

            fn from_array(values: [i64; Self::COLUMNS.len()]) -> Self {
                let [$($name,)+] = values;
                Self { $($name,)+ }
            }
        }

        impl std::ops::AddAssign for Sums {
            fn add_assign(&mut self, other: Self) { $(self.$name += other.$name;)+ }
        }

        impl std::ops::SubAssign for Sums {
            fn sub_assign(&mut self, other: Self) { $(self.$name -= other.$name;)+ }
        }
    };
}

sums! {
    /// Person-days.
    people = "t.headcount",
    /// Days with any people.
    staffed_days = "(t.headcount > 0)::int",
    /// Shifts that were not cancelled.
    shifts_total = "t.shifts_total",
    /// Of those, with a worker.
    shifts_filled = "t.shifts_filled",
    /// Ended shifts of the site's workers, without those on approved leave.
    scheduled = "t.scheduled",
    /// Of those, clocked in.
    attended = "t.attended",
    /// Of the attended, on time.
    on_time = "t.on_time",
    /// Scheduled, neither attended nor called in.
    ncns = "t.ncns",
    /// Minutes late beyond the grace.
    late_minutes = "t.late_minutes",
    /// Squares of each worker's late minutes of a day.
    late_squares = "t.late_squares",
    /// Clock-ins whose place is known.
    geofence_checked = "t.geofence_checked",
    /// Of those, inside the site's geofence.
    geofence_inside = "t.geofence_inside",
    /// Tasks due.
    tasks_due = "t.tasks_due",
    /// Of those, completed.
    tasks_completed = "t.tasks_completed",
    /// Tasks and work orders that had a time to keep.
    sla_judged = "t.tasks_sla_judged + t.orders_sla_judged",
    /// Of those, kept.
    sla_hit = "t.tasks_sla_hit + t.orders_sla_hit",
    /// Checkpoints planned.
    checkpoints_planned = "t.checkpoints_planned",
    /// Of those, visited.
    checkpoints_visited = "t.checkpoints_visited",
    /// Incidents reported.
    incidents = "t.incidents",
    /// Workers whose last day it was.
    leavers = "t.leavers",
    /// Work orders rated by the customer.
    ratings = "t.ratings",
    /// Their marks, 1–5 each.
    rating_points = "t.rating_points",
    /// Squares of the marks.
    rating_squares = "t.rating_squares",
    /// Minutes worked in ordinary time.
    minutes_regular = "t.minutes_regular",
    /// Minutes worked in overtime.
    minutes_overtime = "t.minutes_overtime",
    /// Shifts that were paid.
    paid_shifts = "c.shifts",
    /// Of those, with overtime.
    overtime_shifts = "c.overtime_shifts",
    /// Regular pay.
    regular_cents = "c.regular * 100",
    /// Overtime pay.
    overtime_cents = "c.overtime * 100",
    /// All pay: regular, overtime, premiums and travel.
    pay_cents = "(c.regular + c.overtime + c.premium + c.travel) * 100",
    /// Squares of the pay of each shift in whole units of money.
    pay_squares = "c.pay_squares",
    /// Confirmed rosters.
    rosters = "r.rosters",
    /// Of those, none of whose shifts breaks a rule.
    rosters_clean = "r.clean",
    /// Rosters that were not made by hand.
    made = "r.made",
    /// Of those, how many whose planning minutes were recorded.
    made_timed = "r.timed",
    /// The recorded minutes.
    made_minutes = "r.minutes",
    /// Their scheduled cost.
    made_cost_cents = "r.cost * 100",
    /// Minutes of work they plan.
    made_work_minutes = "r.work_minutes",
    /// Scheduled cost of the rosters made by hand.
    manual_cost_cents = "r.manual_cost * 100",
    /// Minutes of work those plan.
    manual_work_minutes = "r.manual_work_minutes",
}

/// Where the sums of rosters begin in [`Sums::COLUMNS`].
const ROSTERS: &str = "rosters";

impl std::ops::Add for Sums {
    type Output = Self;
    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl std::iter::Sum for Sums {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| sum + one)
    }
}

/// Which sums are asked for; the others are nought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    All,
    /// Only those of rosters.
    Rosters,
    /// Only those of these names.
    Only(&'static [&'static str]),
}

impl Which {
    /// Their places among [`Sums::COLUMNS`].
    fn places(self) -> Vec<usize> {
        let names = Sums::COLUMNS.iter().map(|(name, _)| *name);
        let rosters = names.clone().position(|name| name == ROSTERS).unwrap_or(0);
        let asked = |(place, name): &(usize, &str)| match self {
            Self::All => true,
            Self::Rosters => *place >= rosters,
            Self::Only(only) => only.contains(name),
        };
        names.enumerate().filter(asked).map(|(place, _)| place).collect()
    }
}

/// What each site of some (`None`: of all) did in each of the periods, in their order; a site without a row is not there.
/// Days after the last that was built count nothing.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn in_periods(tx: &mut OrgTx, sites: Option<&[Uuid]>, periods: &[Period], which: Which) -> Result<BySite> {
    let asked = Asking { periods: periods.to_vec(), which };
    Ok(answers(tx, sites, &[asked]).await?.pop().unwrap_or_default())
}

/// What one question asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// The periods it compares.
    pub periods: Vec<Period>,
    /// Which sums it needs.
    pub which: Which,
}

/// What each site did in each period.
pub type BySite = HashMap<SiteId, Vec<Sums>>;

/// The same as [`in_periods`] for several questions at once, in their order: what they share is read once.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn answers(tx: &mut OrgTx, sites: Option<&[Uuid]>, asked: &[Asking]) -> Result<Vec<BySite>> {
    let mut needed: BTreeMap<NaiveDate, BTreeSet<usize>> = BTreeMap::new();
    for asking in asked {
        let places = asking.which.places();
        for day in asking.periods.iter().flat_map(|period| [Some(period.last), period.first.pred_opt()]).flatten() {
            needed.entry(day).or_default().extend(&places);
        }
    }
    let columns = Columns::of_sums(tx, &needed).await?;
    let only: Option<HashSet<Uuid>> = sites.map(|sites| sites.iter().copied().collect());
    let answer = |asking: &Asking| columns.answer(asking, only.as_ref());
    Ok(asked.iter().map(answer).collect())
}

/// The sums of these places, which stand as an array in the column at `at`.
fn read(row: &PgRow, at: usize, places: &[usize]) -> Result<Sums> {
    let mut values = [0; Sums::COLUMNS.len()];
    let read: Vec<i64> = row.try_get(at)?;
    for (place, value) in places.iter().zip(read) {
        values[*place] = value;
    }
    Ok(Sums::from_array(values))
}

/// People of each site who did something, of those employed, from Monday to each of the days.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn week_people(
    tx: &mut OrgTx,
    sites: Option<&[Uuid]>,
    days: [NaiveDate; 2],
) -> Result<HashMap<SiteId, [Rate; 2]>> {
    let columns = Columns::of_weeks(tx, &days).await?;
    let only: Option<HashSet<Uuid>> = sites.map(|sites| sites.iter().copied().collect());
    let mut found: HashMap<SiteId, [Rate; 2]> = HashMap::new();
    for (nth, day) in days.into_iter().enumerate() {
        for (site, value) in columns.on(day, only.as_ref()) {
            found.entry(site).or_default()[nth] = Rate { hit: value(1), of: value(0) };
        }
    }
    Ok(found)
}
