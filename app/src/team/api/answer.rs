//! A team as JSON.

use chrono::NaiveDate;
use muster::scoring::{Component, Ranked};
use muster::team;
use muster::units::{SiteId, WorkerId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::{Dates, turn};

/// A site's team for a period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamAnswer {
    site: TeamSite,
    /// The period.
    period: Dates,
    /// As many days before it.
    previous_period: Dates,
    /// The 28 days that the scores at the period's end are of.
    scored: Dates,
    /// The sums of the period; null: fewer than five people, whose figures are not shown without names.
    health: Option<TeamHealth>,
    /// Oldest first.
    trend: Vec<TeamDay>,
    /// How the scores are spread; null without names where a bar has fewer than five people.
    histogram: Option<Histogram>,
    /// Null without names.
    top: Option<TopPerformers>,
    /// Null without names.
    roster: Option<Roster>,
}

/// A site.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamSite {
    #[schema(value_type = uuid::Uuid)]
    id: SiteId,
    code: String,
    name: String,
}

/// A period and the one before it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamHealth {
    now: TeamSums,
    previous: TeamSums,
    /// The median of the BPI at the period's end.
    median: Option<Median>,
    /// The same at the end of the period before.
    previous_median: Option<Median>,
}

/// What a team's days add up to: a rate is one sum divided by another.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamSums {
    /// Days there is anything of.
    days: i64,
    /// People on the last day.
    headcount: i64,
    /// People at work, added up over the days.
    active_days: i64,
    shifts_scheduled: i64,
    shifts_attended: i64,
    shifts_on_time: i64,
    tasks_with_deadline: i64,
    tasks_in_time: i64,
    orders_with_deadline: i64,
    orders_in_time: i64,
    checkpoints_planned: i64,
    checkpoints_visited: i64,
    /// Incidents of the site that are open at the end.
    open_incidents: i64,
}

/// The median of a team's BPI.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Median {
    /// 0–100.
    bpi: f64,
    /// How many people have a BPI.
    people: i64,
}

/// A day of a team's trend.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamDay {
    /// The day its 28 days end with.
    day: NaiveDate,
    headcount: i64,
    /// How many of them have a BPI.
    scored: i64,
    /// Of their BPI; null: nobody has one, or too few to be shown.
    p25: Option<f64>,
    median: Option<f64>,
    p75: Option<f64>,
}

/// How many people have a BPI in each five points.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Histogram {
    /// From 0–5 to 95–100, the last with 100.
    bars: Vec<i64>,
    /// People in it.
    people: i64,
    /// People without a BPI.
    unscored: i64,
}

/// The best of a team.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TopPerformers {
    /// The days the scores are of.
    period: Dates,
    /// Best first; never more than the better half of those ranked.
    people: Vec<Performer>,
    /// How many could be ranked.
    ranked: usize,
    /// How many have a score of fewer shifts than needed.
    too_few_shifts: usize,
    /// Why nobody could be ranked, where that is so.
    unranked: Option<&'static str>,
}

/// One of the best.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Performer {
    #[schema(value_type = uuid::Uuid)]
    worker: WorkerId,
    name: String,
    job_role: String,
    /// The BPI itself, 0–100.
    bpi: f64,
    band: &'static str,
    /// The BPI drawn towards the cohort's mean by the number of shifts: the list's order.
    shrunk: f64,
    /// Lower end of its 90 % interval.
    low: f64,
    /// Upper end of its 90 % interval.
    high: f64,
    /// Shifts it rests on.
    shifts: i64,
}

/// A page of a team's people.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Roster {
    /// How many people the team has.
    team: usize,
    /// How many of them the filter takes.
    found: usize,
    /// The cursor of the next page; null: this is the last one.
    next: Option<String>,
    /// The job roles of the team.
    roles: Vec<String>,
    people: Vec<Member>,
}

/// One of the team.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Member {
    #[schema(value_type = uuid::Uuid)]
    worker: WorkerId,
    name: String,
    employee_number: String,
    job_role: String,
    /// The last day of employment, where it is known.
    left_on: Option<NaiveDate>,
    /// 0–100; null: not enough to judge.
    bpi: Option<f64>,
    band: Option<&'static str>,
    /// `day` or `night`.
    pattern: &'static str,
    components: Vec<ComponentOf>,
    /// Shifts of the period.
    shifts: i64,
    /// Shifts of the 28 days of the BPI.
    shifts_scored: i64,
    attended: i64,
    on_time: i64,
    night_shifts: i64,
    /// The BPI week by week over the last 90 days, oldest first.
    trend: Vec<Option<f64>>,
}

/// A component's score.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComponentOf {
    code: &'static str,
    /// 0–100; null: nothing to judge.
    score: Option<f64>,
}

impl From<team::Team> for TeamAnswer {
    fn from(it: team::Team) -> Self {
        Self {
            site: TeamSite { id: it.site.id, code: it.site.code, name: it.site.name },
            period: it.period.into(),
            previous_period: it.previous_period.into(),
            scored: it.scored.into(),
            health: it.health.map(Into::into),
            trend: it.trend.into_iter().map(Into::into).collect(),
            histogram: it.histogram.map(|it| Histogram { bars: it.bars, people: it.n, unscored: it.unscored }),
            top: it.top.map(Into::into),
            roster: it.roster.map(Into::into),
        }
    }
}

impl From<team::Health> for TeamHealth {
    fn from(it: team::Health) -> Self {
        let median = |it: team::Median| Median { bpi: it.bpi, people: it.n };
        Self {
            now: it.now.into(),
            previous: it.previous.into(),
            median: it.median.map(median),
            previous_median: it.previous_median.map(median),
        }
    }
}

impl From<team::Totals> for TeamSums {
    fn from(it: team::Totals) -> Self {
        Self {
            days: it.days,
            headcount: it.headcount,
            active_days: it.active_days,
            shifts_scheduled: it.scheduled,
            shifts_attended: it.attended,
            shifts_on_time: it.on_time,
            tasks_with_deadline: it.tasks_sla_judged,
            tasks_in_time: it.tasks_sla_hit,
            orders_with_deadline: it.orders_sla_judged,
            orders_in_time: it.orders_sla_hit,
            checkpoints_planned: it.checkpoints_planned,
            checkpoints_visited: it.checkpoints_visited,
            open_incidents: it.open_incidents,
        }
    }
}

impl From<team::Point> for TeamDay {
    fn from(it: team::Point) -> Self {
        Self {
            day: it.day,
            headcount: it.headcount,
            scored: it.n,
            p25: it.quartiles.map(|it| it.0),
            median: it.quartiles.map(|it| it.1),
            p75: it.quartiles.map(|it| it.2),
        }
    }
}

impl From<team::TopPerformers> for TopPerformers {
    fn from(it: team::TopPerformers) -> Self {
        Self {
            period: it.period.into(),
            people: it.people.into_iter().map(Into::into).collect(),
            ranked: it.ranked,
            too_few_shifts: it.too_few_shifts,
            unranked: it.unranked.map(|it| it.words()),
        }
    }
}

impl From<team::Performer> for Performer {
    fn from(it: team::Performer) -> Self {
        let Ranked { score, low, high, shifts } = it.ranked;
        Self {
            worker: it.worker,
            name: it.name,
            job_role: it.job_role,
            bpi: it.bpi,
            band: it.band.code(),
            shrunk: score,
            low,
            high,
            shifts,
        }
    }
}

impl From<team::Roster> for Roster {
    fn from(it: team::Roster) -> Self {
        Self {
            team: it.team,
            found: it.found,
            next: it.more.then(|| turn(it.page + 1)),
            roles: it.roles,
            people: it.rows.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<team::Row> for Member {
    fn from(team::Row { member: it, trend }: team::Row) -> Self {
        let component = |of: &Component| ComponentOf { code: of.code(), score: it.score(*of) };
        Self {
            components: Component::ALL.iter().map(component).collect(),
            band: it.band().map(|band| band.code()),
            pattern: it.pattern().word(),
            worker: it.worker,
            name: it.name,
            employee_number: it.employee_number,
            job_role: it.job_role,
            left_on: it.left_on,
            bpi: it.bpi,
            shifts: it.shifts,
            shifts_scored: it.shifts_scored,
            attended: it.attended,
            on_time: it.on_time,
            night_shifts: it.night_shifts,
            trend,
        }
    }
}
