//! What is read, kind by kind. Each check gives every reading of its kind, or, where only what is off can be listed, those:
//! what it does not mention is fine.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::health;
use super::reading::{Kind, Reading, over_budget};
use super::state::{Level, Limits};
use crate::Result;
use crate::alignment::{Better, Set, Standing, alignment_of, quality};
use crate::compliance;
use crate::database::Database;
use crate::finance;
use crate::metrics::Period;
use crate::metrics::dirty::last_complete_day;
use crate::models::shift_fill::{AT_RISK, Memory};
use crate::operations::board::{self, Urgency};
use crate::people::{Organization, Scope, Sites};
use crate::queue;

/// Days within which a KPI must have had a value for its silence to be news.
const KPI_DAYS: u64 = 90;
/// Jobs of which a check of its own tells more: a scheduled report.
const TOLD_BY_ANOTHER: [&str; 1] = ["report"];
/// A job that was given up is told of for so many days.
const JOBS_DAYS: i64 = 7;
/// A certification that ends before a shift so soon is critical, in days.
const CERTIFICATION_DAYS: i64 = 2;
/// A certification that ends before a shift so soon is a warning, in days.
const CERTIFICATION_AHEAD: i64 = 14;

type Made = BoxFuture<'static, Result<Vec<Reading>>>;
type Make = Arc<dyn Fn(Database, Organization, DateTime<Utc>) -> Made + Send + Sync>;

/// Something that is looked at every six hours.
#[derive(Clone)]
pub struct Check {
    /// The kind it reads, and the only one.
    pub kind: Kind,
    make: Make,
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Check {
    /// A check of this kind.
    pub fn new<F>(kind: Kind, make: impl Fn(Database, Organization, DateTime<Utc>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Vec<Reading>>> + Send + 'static,
    {
        Self { kind, make: Arc::new(move |db, org, now| make(db, org, now).boxed()) }
    }

    /// Makes it.
    ///
    /// # Errors
    /// Whatever it failed of.
    pub(super) async fn make(&self, db: &Database, org: &Organization, now: DateTime<Utc>) -> Result<Vec<Reading>> {
        (self.make)(db.clone(), org.clone(), now).await
    }
}

/// Everything that is looked at.
#[must_use]
pub fn checks() -> Vec<Check> {
    vec![
        Check::new(Kind::Kpi, kpis),
        Check::new(Kind::ShiftsAtRisk, shifts_at_risk),
        Check::new(Kind::Certifications, certifications),
        Check::new(Kind::Budget, budget),
        Check::new(Kind::CustomerHealth, customer_health),
        Check::new(Kind::DataQuality, data_quality),
        Check::new(Kind::Job, jobs),
    ]
}

fn everything() -> Scope {
    Scope { sites: Sites::All, only_worker: None, names: false }
}

/// The organization's KPIs as the night computed them, of either set; those that had no value for long are not read.
async fn kpis(db: Database, org: Organization, now: DateTime<Utc>) -> Result<Vec<Reading>> {
    let mut tx = db.org(org.id).await?;
    let mut readings = Vec::new();
    for set in [Set::Workforce, Set::Product] {
        let it = alignment_of(&mut tx, set, last_complete_day(org.zone, now), KPI_DAYS).await?;
        // Of the set that is not this organization's nothing is computed.
        let Some(day) = it.day else { continue };
        let known = it
            .rows
            .iter()
            .filter(|row| Period::ending(day, KPI_DAYS).iter().any(|day| row.course.value(day).is_some()));
        readings.extend(known.map(|row| kpi(&row.standing, day)));
    }
    Ok(readings)
}

fn kpi(it: &Standing, day: NaiveDate) -> Reading {
    let (kpi, target) = (it.kpi, it.target);
    let limits =
        Limits { warning: target.warning, critical: target.critical, higher_is_better: kpi.better() == Better::Higher };
    Reading::measured(Kind::Kpi, kpi.code(), kpi.title(), it.value(), limits).saying(format!(
        "{} on {}, target {}. {}",
        kpi.text(it.value()),
        day.format("%-d %b"),
        kpi.text(Some(target.target)),
        kpi.advice()
    ))
}

/// Shifts that will hardly be filled, site by site; nothing where no model has proved itself.
async fn shifts_at_risk(db: Database, org: Organization, now: DateTime<Utc>) -> Result<Vec<Reading>> {
    let mut tx = db.org(org.id).await?;
    let open: Vec<_> = board::to_fill(&mut tx, &everything(), now).await?.iter().map(|shift| shift.0).collect();
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let Some(outlook) = Memory::default().outlook(&mut tx, &open, now).await? else { return Ok(Vec::new()) };
    let at_risk: Vec<_> = outlook.probabilities().into_iter().filter(|(_, p)| *p < AT_RISK).map(|(id, _)| id).collect();
    let sites = board::sites_of(&mut tx, &at_risk).await?;
    let mut by_site: BTreeMap<_, (String, Vec<DateTime<Utc>>)> = BTreeMap::new();
    for it in sites {
        by_site.entry(it.site).or_insert_with(|| (it.name, Vec::new())).1.push(it.starts_at);
    }
    let readings = by_site.into_iter().map(|(site, (name, mut starts))| {
        starts.sort();
        let soonest = Urgency::of(starts[0], now);
        let level = if soonest <= Urgency::Now { Level::Critical } else { Level::Warning };
        let count = i64::try_from(starts.len()).unwrap_or(i64::MAX);
        let shifts = if count == 1 { "shift is".to_owned() } else { "shifts are".to_owned() };
        Reading::plain(Kind::ShiftsAtRisk, &site.to_string(), &format!("Shifts at risk: {name}"), level)
            .counting(count)
            .saying(format!(
                "{count} open {shifts} less likely than {:.0} % to be filled; the first begins {}.",
                100.0 * AT_RISK,
                starts[0].with_timezone(&org.zone).format("%a %-d %b, %H:%M")
            ))
    });
    Ok(readings.collect())
}

/// Certifications that run out before a planned shift, site by site.
async fn certifications(db: Database, org: Organization, now: DateTime<Utc>) -> Result<Vec<Reading>> {
    let today = now.with_timezone(&org.zone).date_naive();
    let mut tx = db.org(org.id).await?;
    let sites = compliance::running_out(&mut tx, today, today + Duration::days(CERTIFICATION_AHEAD)).await?;
    let readings = sites.into_iter().map(|it| {
        let soon = (it.first - today).num_days() <= CERTIFICATION_DAYS;
        let level = if soon { Level::Critical } else { Level::Warning };
        let people = if it.people == 1 { "1 person is".to_owned() } else { format!("{} people are", it.people) };
        Reading::plain(Kind::Certifications, &it.site.to_string(), &format!("Certifications: {}", it.name), level)
            .counting(it.people)
            .saying(format!(
                "{people} rostered for a shift on which a required certification or training will not count; the first is on {}.",
                it.first.format("%a %-d %b")
            ))
    });
    Ok(readings.collect())
}

/// Whether the month that runs will cost more than its budget, by the forecast; nothing without one of either.
async fn budget(db: Database, org: Organization, now: DateTime<Utc>) -> Result<Vec<Reading>> {
    let today = now.with_timezone(&org.zone).date_naive();
    let filter = finance::Filter { month: Some(today.format("%Y-%m").to_string()), ..finance::Filter::default() };
    let asked = filter.resolve(&finance::SITE_COLUMNS, last_complete_day(org.zone, now), today)?;
    let mut tx = db.org(org.id).await?;
    let it = finance::month(&mut tx, &everything(), &asked).await?;
    let chance = it.ahead.and_then(|ahead| ahead.month).and_then(|end| end.chance_over);
    let title = format!("The budget of {}", today.format("%B %Y"));
    Ok(chance.map(|chance| over_budget(&today.format("%Y-%m").to_string(), &title, Some(chance))).into_iter().collect())
}

/// The health of each client.
async fn customer_health(db: Database, org: Organization, now: DateTime<Utc>) -> Result<Vec<Reading>> {
    let mut tx = db.org(org.id).await?;
    health::readings(&mut tx, &everything(), last_complete_day(org.zone, now)).await
}

/// The score of the data and each of its checks, as the latest run found them.
async fn data_quality(db: Database, org: Organization, _: DateTime<Utc>) -> Result<Vec<Reading>> {
    let mut tx = db.org(org.id).await?;
    quality::readings(&mut tx).await
}

/// Jobs that were given up lately and not done since.
async fn jobs(db: Database, org: Organization, now: DateTime<Utc>) -> Result<Vec<Reading>> {
    let mut tx = db.global().await?;
    let failed = queue::given_up(&mut tx, org.id, now - Duration::days(JOBS_DAYS)).await?;
    let readings = failed.into_iter().filter(|it| !TOLD_BY_ANOTHER.contains(&it.job.as_str())).map(|it| {
        let times = if it.times == 1 { "once".to_owned() } else { format!("{} times", it.times) };
        Reading::plain(Kind::Job, &it.job, &format!("A job was given up: {}", it.job), Level::Warning)
            .counting(it.times)
            .saying(format!(
                "It was given up {times} within {JOBS_DAYS} days and not done since. Admin, Jobs has the cause."
            ))
    });
    Ok(readings.collect())
}
