//! The six big numbers. Each is the sum of its lines, so that a tile cannot differ from what it opens.

use std::collections::{BTreeMap, HashMap};
use std::ops::Add;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::comparison::{Compared, Parted, Place, compared, fewest};
use super::facts::{Facts, SiteFacts};
use super::filter::Asked;
use super::goals::{Goal, goals};
use super::health::Health;
use super::light::Light;
use super::metric::Metric;
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::operations::measures;
use crate::operations::running::{self, Sums};
use crate::operations::savings::{Baselines, Planned, Savings};
use crate::people::Scope;
use crate::team::FEWEST;
use crate::units::{Rate, SiteId};

/// Points of customer health: healthy, and at risk.
const HEALTH: (f64, f64) = (70.0, 40.0);
/// The share of what planning should save from which it is near.
const NEAR: f64 = 0.8;

/// Which of the six.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Cost saved this month.
    CostSaved,
    /// Hours saved this week.
    HoursSaved,
    /// Rosters without a breach.
    Compliance,
    /// Shifts with a worker.
    FillRate,
    /// People who did something this week.
    ActiveWorkers,
    /// How the clients fare.
    CustomerHealth,
}

impl Kind {
    /// All, in their order on the page.
    pub const ALL: [Self; 6] = [
        Self::CostSaved,
        Self::HoursSaved,
        Self::Compliance,
        Self::FillRate,
        Self::ActiveWorkers,
        Self::CustomerHealth,
    ];

    /// Its name in an address.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::CostSaved => "cost_saved",
            Self::HoursSaved => "hours_saved",
            Self::Compliance => "compliance",
            Self::FillRate => "fill_rate",
            Self::ActiveWorkers => "active_workers",
            Self::CustomerHealth => "customer_health",
        }
    }
}

/// What can be added up, and has a value once it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Amount {
    /// Money, in cents.
    Cents(Option<i64>),
    /// Hours.
    Hours(Option<f64>),
    /// A share.
    Share(Rate),
    /// How many of how many people.
    People(Rate),
    /// The sums health is made of, of a period and of the one it is compared with.
    Health(Box<(Facts, Facts)>),
}

impl Amount {
    /// Cents, hours, a share from 0 to 1, people, points; `None` where there is nothing to judge.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Cents(cents) => cents.map(|cents| cents as f64),
            Self::Hours(hours) => *hours,
            Self::Share(rate) => rate.value(),
            Self::People(people) => (people.of > 0).then_some(people.hit as f64),
            Self::Health(facts) => Health::of(&facts.0, &facts.1).score(),
        }
    }
}

fn either<T: Add<Output = T>>(a: Option<T>, b: Option<T>) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a + b),
        (a, b) => a.or(b),
    }
}

impl Add for Amount {
    type Output = Self;
    /// Of the same kind; of another it stays as it is.
    fn add(self, other: Self) -> Self {
        match (self, other) {
            (Self::Cents(a), Self::Cents(b)) => Self::Cents(either(a, b)),
            (Self::Hours(a), Self::Hours(b)) => Self::Hours(either(a, b)),
            (Self::Share(a), Self::Share(b)) => Self::Share(a + b),
            (Self::People(a), Self::People(b)) => Self::People(a + b),
            (Self::Health(a), Self::Health(b)) => Self::Health(Box::new((a.0 + b.0, a.1 + b.1))),
            (own, _) => own,
        }
    }
}

/// A site's or a client's part of a number.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// The site; `None`: a client.
    pub place: Option<Place>,
    /// The name.
    pub name: String,
    /// The period's.
    pub now: Amount,
    /// That of what it is compared with.
    pub before: Amount,
}

/// One of the six.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BigNumber {
    /// Which.
    pub kind: Kind,
    /// The days it is about.
    pub period: Period,
    /// The days it is compared with.
    pub previous_period: Period,
    /// What it is the sum of, by name.
    pub lines: Vec<Line>,
    /// The sum.
    pub now: Amount,
    /// The sum of what it is compared with.
    pub before: Amount,
    /// In the units of [`Amount::value`]; `None`: there is none.
    pub target: Option<f64>,
    /// `None` without a target.
    pub light: Option<Light>,
}

impl BigNumber {
    fn of(kind: Kind, periods: (Period, Period), lines: Vec<Line>, nothing: Amount) -> Self {
        let sum = |pick: fn(&Line) -> &Amount| {
            lines.iter().map(pick).cloned().fold(nothing.clone(), |sum, amount| sum + amount)
        };
        let (now, before) = (sum(|line| &line.now), sum(|line| &line.before));
        let (period, previous_period) = periods;
        Self { kind, period, previous_period, lines, now, before, target: None, light: None }
    }

    fn with_target(self, target: Option<f64>, watch: f64) -> Self {
        let light = match target {
            Some(target) => Some(Light::of(self.now.value(), target, watch)),
            None => Some(Light::NoData),
        };
        Self { target, light, ..self }
    }
}

pub(super) async fn six(
    tx: &mut OrgTx,
    scope: &Scope,
    asked: &Asked,
    sites: &[SiteFacts],
    rosters: &running::BySite,
    baselines: Baselines,
) -> Result<Vec<BigNumber>> {
    let goals = goals(tx).await?;
    let [month, week] = planned(rosters);
    let active = active(tx, scope, asked.week).await?;
    let periods = (asked.period, asked.before);
    let share = |kind, metric, goal: Goal| {
        let (sites, _) = compared(metric, sites, scope.names);
        let line = |site: Compared| Line {
            place: Some(site.place),
            name: site.name,
            now: Amount::Share(site.now.rate),
            before: Amount::Share(site.before.rate),
        };
        BigNumber::of(kind, periods, sites.into_iter().map(line).collect(), Amount::Share(Rate::default()))
            .with_target(Some(goal.target), goal.critical)
    };
    Ok(vec![
        cost_saved(asked.month, sites, &month, baselines),
        hours_saved(asked.week, sites, &week, baselines),
        share(Kind::Compliance, Metric::Compliance, goals.compliance),
        share(Kind::FillRate, Metric::FillRate, goals.fill_rate),
        BigNumber::of(Kind::ActiveWorkers, asked.week, active_lines(sites, &active, scope.names), {
            Amount::People(Rate::default())
        }),
        BigNumber::of(Kind::CustomerHealth, periods, clients(sites), Amount::Health(Box::default()))
            .with_target(Some(HEALTH.0), HEALTH.1),
    ])
}

/// People of each site who did something, of those employed: of a week up to a day as the night has counted them, of
/// anything longer counted now.
async fn active(tx: &mut OrgTx, scope: &Scope, (now, before): (Period, Period)) -> Result<HashMap<SiteId, [Rate; 2]>> {
    let is_week = |period: Period| period.first.weekday() == Weekday::Mon && period.days() <= 7;
    if is_week(now) && is_week(before) {
        return running::week_people(tx, scope.site_ids().as_deref(), [now.last, before.last]).await;
    }
    let mut found: HashMap<SiteId, [Rate; 2]> = HashMap::new();
    for (nth, period) in [now, before].into_iter().enumerate() {
        for (site, rate) in measures::active_by_site(tx, scope, period).await? {
            found.entry(site).or_default()[nth] = rate;
        }
    }
    Ok(found)
}

type PlannedBySite = BTreeMap<SiteId, [Planned; 2]>;

/// The rosters of pairs of periods by site; what an hour costs by hand is measured up to the end of each.
fn planned(rosters: &running::BySite) -> [PlannedBySite; 2] {
    let mut pairs = [PlannedBySite::new(), PlannedBySite::new()];
    for (site, sums) in rosters {
        let (within, so_far) = sums.split_at(sums.len() / 2);
        for (nth, pair) in pairs.iter_mut().enumerate() {
            let planned = [2 * nth, 2 * nth + 1].map(|at| planned_of(&within[at], &so_far[at]));
            if planned.iter().any(|planned| planned.rosters > 0) {
                pair.insert(*site, planned);
            }
        }
    }
    pairs
}

/// The periods of which [`six`] is given the sums of rosters: month and week, each with the one before; then all time up to the
/// end of each.
pub(super) fn periods(asked: &Asked) -> Vec<Period> {
    let [month, week] = [asked.month, asked.week].map(|(now, before)| [now, before]);
    let within: Vec<Period> = month.into_iter().chain(week).collect();
    let so_far = within.iter().map(|period| Period { first: NaiveDate::MIN, last: period.last });
    within.iter().copied().chain(so_far).collect()
}

fn planned_of(within: &Sums, so_far: &Sums) -> Planned {
    Planned {
        rosters: within.made,
        timed: within.made_timed,
        minutes: within.made_minutes,
        cost_cents: within.made_cost_cents,
        work_minutes: within.made_work_minutes,
        manual_cost_cents: so_far.manual_cost_cents,
        manual_work_minutes: so_far.manual_work_minutes,
    }
}

/// What so many rosters should save in hours of planning: the time by hand less the time they should take.
fn hours_to_save(planned: &PlannedBySite, baselines: Baselines) -> Option<f64> {
    let rosters: i64 = planned.values().map(|planned| planned[0].rosters).sum();
    (rosters > 0).then(|| rosters as f64 * (baselines.manual_hours - baselines.target_minutes as f64 / 60.0))
}

fn savings_lines(sites: &[SiteFacts], planned: &PlannedBySite, amount: impl Fn(&Planned) -> Amount) -> Vec<Line> {
    sites
        .iter()
        .filter_map(|site| {
            let [now, before] = planned.get(&site.id)?;
            let place = Some(Place::Site(site.id));
            Some(Line { place, name: site.name.clone(), now: amount(now), before: amount(before) })
        })
        .collect()
}

fn cost_saved(
    month: (Period, Period),
    sites: &[SiteFacts],
    planned: &PlannedBySite,
    baselines: Baselines,
) -> BigNumber {
    let lines = savings_lines(sites, planned, |planned| Amount::Cents(Savings::of(baselines, &[*planned]).cents()));
    let rate = baselines.planner_rate_cents.map(|cents| cents as f64);
    let target = hours_to_save(planned, baselines).zip(rate).map(|(hours, rate)| hours * rate);
    BigNumber::of(Kind::CostSaved, month, lines, Amount::Cents(None))
        .with_target(target, target.unwrap_or_default() * NEAR)
}

fn hours_saved(
    week: (Period, Period),
    sites: &[SiteFacts],
    planned: &PlannedBySite,
    baselines: Baselines,
) -> BigNumber {
    let lines = savings_lines(sites, planned, |planned| Amount::Hours(Savings::of(baselines, &[*planned]).hours()));
    let target = hours_to_save(planned, baselines);
    BigNumber::of(Kind::HoursSaved, week, lines, Amount::Hours(None))
        .with_target(target, target.unwrap_or_default() * NEAR)
}

fn active_lines(sites: &[SiteFacts], active: &HashMap<SiteId, [Rate; 2]>, names: bool) -> Vec<Line> {
    let rates = sites.iter().map(|site| {
        let [now, before] = active.get(&site.id).copied().unwrap_or_default();
        (site, now, before)
    });
    let somebody = rates.filter(|(_, now, before)| now.of > 0 || before.of > 0);
    let parted = Parted::by(somebody, |(_, now, before)| if names { FEWEST } else { fewest(now.of, before.of) });
    let small = parted.small();
    let line = |place, name, now, before| Line {
        place: Some(place),
        name,
        now: Amount::People(now),
        before: Amount::People(before),
    };
    let mut lines: Vec<Line> = parted
        .apart
        .into_iter()
        .map(|(site, now, before)| line(Place::Site(site.id), site.name.clone(), now, before))
        .collect();
    if let Some((place, name)) = small {
        let (now, before) = parted
            .together
            .iter()
            .fold((Rate::default(), Rate::default()), |sum, (_, now, before)| (sum.0 + *now, sum.1 + *before));
        lines.push(line(place, name, now, before));
    }
    lines
}

/// The clients by name, each with the sums of its sites.
fn clients(sites: &[SiteFacts]) -> Vec<Line> {
    let mut clients: BTreeMap<(&str, crate::units::ClientId), [Facts; 3]> = BTreeMap::new();
    for site in sites {
        let Some(client) = &site.client else { continue };
        let sums = clients.entry((client.name.as_str(), client.id)).or_default();
        for (sum, facts) in sums.iter_mut().zip([site.now, site.before, site.earlier]) {
            *sum = *sum + facts;
        }
    }
    let line = |((name, _), [now, before, earlier]): ((&str, _), [Facts; 3])| Line {
        place: None,
        name: name.to_owned(),
        now: Amount::Health(Box::new((now, before))),
        before: Amount::Health(Box::new((before, earlier))),
    };
    clients.into_iter().map(line).collect()
}
