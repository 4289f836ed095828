//! The day that is over: how did it go, and what needs somebody now?

mod layout;
pub mod words;

pub use layout::{document, figures};

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use super::course::{course, set_of};
use super::facts::{takings, work};
use super::{Course, SiteWork, Work};
use crate::alignment::Set;
use crate::commerce::Amount;
use crate::database::OrgTx;
use crate::finance;
use crate::metrics::Period;
use crate::metrics::dirty::{last_complete_day, through};
use crate::models::shift_fill::{AT_RISK, Memory};
use crate::operations::board::{self, Urgency};
use crate::operations::measures::{active_workers, cost_by_day};
use crate::people::{Organization, Scope};
use crate::units::Rate;
use crate::{Error, Result};

/// Days that are what is usual.
const USUAL: u64 = 28;
/// Open shifts that are listed.
const LISTED: usize = 12;
/// Days of the chart.
const DRAWN: u64 = 28;

/// What the day cost, and where that puts the month, in cents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Money {
    /// The day.
    pub day: i64,
    /// The same weekday a week before.
    pub before: i64,
    /// The month up to the day.
    pub month: i64,
    /// What the sites with a budget cost above it so far; `None`: no budget.
    pub beside_budget: Option<i64>,
}

/// What came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// On the day, net.
    pub day: Amount,
    /// On the same weekday a week before.
    pub before: Amount,
    /// In the month up to the day.
    pub month: Amount,
}

/// A shift of the next 48 hours that nobody has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenShift {
    /// Where.
    pub site: String,
    /// When it begins, and the zone of the site.
    pub starts: (DateTime<Utc>, Tz),
    /// What it asks for.
    pub skill: Option<String>,
    /// How soon somebody must be found.
    pub urgency: Urgency,
    /// Offers that wait for an answer.
    pub offered: i64,
}

/// The next 48 hours, from the moment the report was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ahead {
    /// Shifts that have not ended.
    pub shifts: i64,
    /// Of these, those nobody has.
    pub open: i64,
    /// Of these, those that begin within 8 hours or have begun; of the soonest fifty.
    pub urgent: i64,
    /// Of those nobody has, those that the model takes to be less likely than usual to be filled; `None`: no model may be shown.
    pub at_risk: Option<i64>,
    /// The soonest of those nobody has.
    pub soonest: Vec<OpenShift>,
    /// Certifications that expire within [`board::EXPIRES_WITHIN`] days.
    pub expiring: i64,
}

/// All that the report says, before it is put into words.
#[derive(Debug, Clone, PartialEq)]
pub struct Daily {
    /// The day.
    pub day: NaiveDate,
    /// Whose.
    pub organization: String,
    /// ISO 4217 code of its money.
    pub currency: String,
    /// The last day the night has summed up.
    pub through: Option<NaiveDate>,
    /// The day, the same weekday a week before, and the 28 days before the day.
    pub work: [Work; 3],
    /// Site by site, the same.
    pub sites: Vec<SiteWork>,
    /// People who did something, of those employed: the day, and the same weekday a week before.
    pub active: [Rate; 2],
    /// What it cost.
    pub money: Money,
    /// What came in; `None`: there are no orders on record.
    pub taken: Option<Taken>,
    /// Shifts filled on each of the last days.
    pub fill_days: Vec<(NaiveDate, Rate)>,
    /// How the KPIs, alerts and data stand; `None`: not told.
    pub course: Option<Course>,
    /// Whether it is the platform's, which sees nothing of an organization's work.
    pub is_platform: bool,
    /// The next 48 hours; `None` for a day that is not the last: nobody knows any more how they looked.
    pub ahead: Option<Ahead>,
}

/// Gathers a day, of all sites in scope. What is ahead is told from `now` on, for the last day that is over only.
///
/// # Errors
/// [`Error::Invalid`] for a day that is not over, [`Error::Database`].
pub async fn daily(
    tx: &mut OrgTx,
    scope: &Scope,
    org: &Organization,
    day: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Daily> {
    let last = last_complete_day(org.zone, now);
    if day > last {
        return Err(Error::Invalid(format!("{day} is not over. The latest day that is over is {last}.")));
    }
    let week_ago = day - Days::new(7);
    let one = |day| Period { first: day, last: day };
    let usual = Period::ending(day - Days::new(1), USUAL);
    let (total, sites) = work(tx, scope, &[one(day), one(week_ago), usual]).await?;
    let work = [0, 1, 2].map(|nth: usize| total.get(nth).copied().unwrap_or_default());
    let drawn = Period::ending(day, DRAWN);
    let filled = crate::operations::measures::fill_by_day(tx, scope, drawn).await?;
    let share = |day| filled.iter().find(|it| it.day == day).map_or_else(Rate::default, |it| it.filled);
    Ok(Daily {
        organization: org.name.clone(),
        currency: org.currency.clone(),
        through: through(tx).await?,
        work,
        sites,
        active: [active_workers(tx, scope, one(day)).await?, active_workers(tx, scope, one(week_ago)).await?],
        money: money(tx, scope, day).await?,
        taken: taken(tx, scope, day).await?,
        fill_days: drawn.iter().map(|day| (day, share(day))).collect(),
        course: Some(course(tx, set_of(scope), day).await?),
        is_platform: set_of(scope) == Set::Product,
        ahead: if day == last { Some(ahead(tx, scope, org, now).await?) } else { None },
        day,
    })
}

async fn money(tx: &mut OrgTx, scope: &Scope, day: NaiveDate) -> Result<Money> {
    let days = cost_by_day(tx, scope, Period { first: day - Days::new(7), last: day }).await?;
    let of = |day| days.iter().find(|(found, _)| *found == day).map_or(0, |(_, costs)| costs.total());
    let filter = finance::Filter::default();
    let asked = filter.resolve(&finance::SITE_COLUMNS, day, day + Days::new(1))?;
    let month = finance::month(tx, scope, &asked).await?;
    Ok(Money {
        day: of(day),
        before: of(day - Days::new(7)),
        month: month.total.actual.total(),
        beside_budget: month.total.difference,
    })
}

async fn taken(tx: &mut OrgTx, scope: &Scope, day: NaiveDate) -> Result<Option<Taken>> {
    let days = takings(tx, scope, day).await?;
    if days.is_empty() {
        return Ok(None);
    }
    let of = |day| days.iter().find(|(found, _)| *found == day).map_or(Amount::ZERO, |(_, net)| *net);
    let month = crate::metrics::Month::of(day).period().first;
    let so_far = days.iter().filter(|(found, _)| *found >= month).map(|(_, net)| *net).sum();
    Ok(Some(Taken { day: of(day), before: of(day - Days::new(7)), month: so_far }))
}

async fn ahead(tx: &mut OrgTx, scope: &Scope, org: &Organization, now: DateTime<Utc>) -> Result<Ahead> {
    let figures = board::figures(tx, scope, now).await?;
    let open = board::shifts(tx, scope, board::Which::Open, 1, now).await?;
    let ids: Vec<_> = board::to_fill(tx, scope, now).await?.iter().map(|shift| shift.0).collect();
    let outlook = Memory::default().outlook(tx, &ids, now).await?;
    let at_risk = outlook.map(|it| it.probabilities().iter().filter(|(_, p)| *p < AT_RISK).count() as i64);
    let today = now.with_timezone(&org.zone).date_naive();
    let urgent = open.iter().filter(|shift| Urgency::of(shift.starts_at, now) <= Urgency::Now).count() as i64;
    let soonest = open.into_iter().take(LISTED).map(|shift| OpenShift {
        site: shift.site_name,
        starts: (shift.starts_at, shift.zone),
        skill: shift.skill,
        urgency: Urgency::of(shift.starts_at, now),
        offered: shift.waiting,
    });
    Ok(Ahead {
        shifts: figures.shifts,
        open: figures.open,
        urgent,
        at_risk,
        soonest: soonest.collect(),
        expiring: board::expiring(tx, scope, 1, today).await?.total,
    })
}
