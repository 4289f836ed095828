//! The month, the payroll and the placements as JSON. Amounts are text, so that no reader makes fractions of two of them.

use chrono::{DateTime, Utc};
use muster::executive::{ImpactLine, Light, Place};
use muster::finance::{Asked, KINDS, Line, Month, Paid, Payroll, Slip, decimal, whole};
use muster::operations::measures::Costs;
use muster::staffing::{Group, Spread, Staffing};
use muster::units::{SiteId, WorkerId};
use serde::Serialize;
use utoipa::ToSchema;

use super::ahead::{ForecastAnswer, MonthEndAnswer};
use crate::api::Dates;

/// An exact decimal: `"1234.50"`.
fn text(cents: i64) -> String {
    decimal(cents).to_string()
}

fn some(cents: Option<i64>) -> Option<String> {
    cents.map(text)
}

/// The month in money.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DashboardAnswer {
    /// The whole month.
    month: Dates,
    /// Its days that are over; null: none is.
    over: Option<Dates>,
    /// Days after those for which shifts are planned.
    days_planned: i64,
    /// ISO 4217 code of the organization's money.
    currency: String,
    /// When this was made.
    as_of: DateTime<Utc>,
    total: LineAnswer,
    sites: Vec<LineAnswer>,
    kinds: Vec<KindAnswer>,
    /// What each day that is over cost.
    days: Vec<DayAnswer>,
    /// What went wrong cost, by estimate, the costliest site first.
    impact: Vec<ImpactAnswer>,
    /// Pay of the next 30 days; null: the month is over, or there is no forecast yet.
    forecast: Option<ForecastAnswer>,
    /// What the month comes to by it; null: no forecast is shown, or it does not reach the month’s end.
    month_end: Option<MonthEndAnswer>,
}

/// A site, or all of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LineAnswer {
    /// Null: all sites.
    #[schema(value_type = Option<uuid::Uuid>)]
    site: Option<SiteId>,
    name: String,
    /// Spent on the days that are over.
    actual: String,
    /// Null: no budget was given.
    budget: Option<String>,
    /// The budget evenly over the days of the month, for those that are over.
    budget_to_date: Option<String>,
    /// Actual less that, of sites with a budget.
    difference: Option<String>,
    /// What the month will have cost at the mean day so far.
    at_mean_day: Option<String>,
    /// The same with what is planned, as far as anything is.
    expected: Option<String>,
    /// That less the budget, of sites with one.
    expected_less_budget: Option<String>,
    /// `on_target`, `watch`, `off_target` or `no_data`.
    #[schema(value_type = String)]
    light: Light,
    /// Shifts paid.
    shifts: i64,
    /// Pay of one on average.
    pay_per_shift: Option<String>,
    /// Planned shifts that have a worker, and those that have none; the latter are in no amount.
    shifts_planned: i64,
    shifts_unfilled: i64,
}

/// A kind of cost.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KindAnswer {
    /// `regular`, `overtime`, `premium`, `travel` or `other`.
    kind: &'static str,
    actual: String,
    budget: Option<String>,
    budget_to_date: Option<String>,
    /// The same days of the month before.
    before: Option<String>,
}

/// A day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DayAnswer {
    day: chrono::NaiveDate,
    cost: String,
}

/// What went wrong cost a site.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImpactAnswer {
    /// Null: sites of fewer than five people together.
    #[schema(value_type = Option<uuid::Uuid>)]
    site: Option<SiteId>,
    name: String,
    no_shows: String,
    lateness: String,
    overtime: String,
    leavers: String,
    total: String,
}

impl DashboardAnswer {
    pub(super) fn new(it: &Month, asked: &Asked, currency: &str, as_of: DateTime<Utc>) -> Self {
        let kind = |(kind, _, of): (&'static str, &str, fn(Costs) -> i64)| KindAnswer {
            kind,
            actual: text(of(it.total.actual)),
            budget: some(it.total.budget.map(of)),
            budget_to_date: some(it.total.to_date.map(of)),
            before: some(it.before.map(of)),
        };
        Self {
            month: whole(it.month).into(),
            over: asked.over.map(Dates::from),
            days_planned: it.course.planned,
            currency: currency.into(),
            as_of,
            total: (&it.total).into(),
            sites: it.lines.iter().map(LineAnswer::from).collect(),
            kinds: KINDS.map(kind).into(),
            days: it.days.iter().map(|(day, cents)| DayAnswer { day: *day, cost: text(*cents) }).collect(),
            impact: it.impact.iter().map(ImpactAnswer::from).collect(),
            forecast: it.ahead.as_ref().map(|ahead| (&ahead.forecast).into()),
            month_end: it.ahead.as_ref().and_then(|ahead| ahead.month).map(MonthEndAnswer::from),
        }
    }
}

impl From<&Line> for LineAnswer {
    fn from(it: &Line) -> Self {
        Self {
            site: it.site,
            name: it.name.clone(),
            actual: text(it.actual.total()),
            budget: some(it.budget.map(Costs::total)),
            budget_to_date: some(it.to_date.map(Costs::total)),
            difference: some(it.difference),
            at_mean_day: some(it.run_rate),
            expected: some(it.expected),
            expected_less_budget: some(it.against),
            light: it.light(),
            shifts: it.shifts,
            pay_per_shift: some(it.per_shift()),
            shifts_planned: it.planned.shifts,
            shifts_unfilled: it.planned.unfilled,
        }
    }
}

impl From<&ImpactLine> for ImpactAnswer {
    fn from(it: &ImpactLine) -> Self {
        let site = match it.place {
            Place::Site(site) => Some(site),
            Place::Small(_) => None,
        };
        Self {
            site,
            name: it.name.clone(),
            no_shows: text(it.impact.no_shows),
            lateness: text(it.impact.lateness),
            overtime: text(it.impact.overtime),
            leavers: text(it.impact.leavers),
            total: text(it.impact.total()),
        }
    }
}

/// A month's payroll.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PayrollAnswer {
    /// The whole month.
    month: Dates,
    /// ISO 4217 code of the organization's money.
    currency: String,
    /// Everybody.
    total: PaidAnswer,
    /// Everybody who is looked for, on all pages.
    found: PaidAnswer,
    /// The payroll less the pay in the costs of the sites: nought, unless facts have changed since last night.
    unreconciled: String,
    /// A page of people; null: the caller sees nobody's pay by name.
    people: Option<Vec<PersonAnswer>>,
    /// The cursor of the next page; null: this is the last one.
    next: Option<String>,
    roles: Vec<RoleAnswer>,
}

/// Time and money of one or more people.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PaidAnswer {
    people: i64,
    shifts: i64,
    minutes: i64,
    overtime_minutes: i64,
    regular: String,
    overtime: String,
    premium: String,
    travel: String,
    total: String,
}

/// A person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonAnswer {
    #[schema(value_type = uuid::Uuid)]
    worker: WorkerId,
    name: String,
    employee_number: String,
    job_role: String,
    home_site: String,
    paid: PaidAnswer,
}

/// A job role, or small ones together.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoleAnswer {
    name: String,
    paid: PaidAnswer,
}

impl From<Paid> for PaidAnswer {
    fn from(it: Paid) -> Self {
        Self {
            people: it.people,
            shifts: it.shifts,
            minutes: it.minutes,
            overtime_minutes: it.overtime_minutes,
            regular: text(it.pay.regular),
            overtime: text(it.pay.overtime),
            premium: text(it.pay.premium),
            travel: text(it.pay.travel),
            total: text(it.pay.pay()),
        }
    }
}

impl From<&Slip> for PersonAnswer {
    fn from(it: &Slip) -> Self {
        Self {
            worker: it.worker.id,
            name: it.worker.name.clone(),
            employee_number: it.worker.number.clone(),
            job_role: it.worker.job_role.clone(),
            home_site: it.worker.home.clone(),
            paid: it.paid.into(),
        }
    }
}

impl PayrollAnswer {
    pub(super) fn new(it: &Payroll, asked: &Asked, currency: &str, next: Option<String>) -> Self {
        let roles = it.roles.iter().map(|role| RoleAnswer { name: role.name.clone(), paid: role.paid.into() });
        Self {
            month: whole(asked.month).into(),
            currency: currency.into(),
            total: it.all.into(),
            found: it.found.into(),
            unreconciled: text(it.unreconciled()),
            people: it.slips.as_ref().map(|slips| slips.iter().map(PersonAnswer::from).collect()),
            next,
            roles: roles.collect(),
        }
    }
}

/// Jobs and placements of a period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlacementsAnswer {
    /// The period.
    period: Dates,
    /// What it is compared with.
    compared_with: Dates,
    /// ISO 4217 code of the organization's money.
    currency: String,
    /// When this was made.
    as_of: DateTime<Utc>,
    /// Jobs open at the end of the period.
    open: i64,
    /// Days from posting a job to filling it, of those filled in the period.
    to_fill: SpreadAnswer,
    /// Days from posting to the first day, of placements that began in the period.
    to_hire: SpreadAnswer,
    stayed: Vec<StayedAnswer>,
    total: GroupAnswer,
    before: GroupAnswer,
    categories: Vec<GroupAnswer>,
    clients: Vec<GroupAnswer>,
}

/// How long it took, in days.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SpreadAnswer {
    n: usize,
    median: Option<f64>,
    /// Nine of ten took no longer.
    p90: Option<f64>,
}

/// Who stayed, of those who could have and began in the year before.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StayedAnswer {
    days: i64,
    stayed: i64,
    of: i64,
}

/// A category, a client, or all together.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupAnswer {
    name: String,
    /// Jobs posted in the period, of these closed since, of these filled.
    posted: i64,
    closed: i64,
    filled: i64,
    /// Placements begun, with their revenue; and of `costed` of them the cost.
    placements: i64,
    revenue: String,
    costed: i64,
    cost: String,
    cost_per_placement: Option<String>,
    /// Revenue less cost, of the cost: 0.5 is half more than was spent.
    return_on_cost: Option<f64>,
    /// The clients' mean mark from 1 to 5, and how many were given.
    mark: Option<f64>,
    marks: i64,
}

impl From<Spread> for SpreadAnswer {
    fn from(it: Spread) -> Self {
        Self { n: it.n, median: it.median, p90: it.p90 }
    }
}

impl From<&Group> for GroupAnswer {
    fn from(it: &Group) -> Self {
        Self {
            name: it.name.clone(),
            posted: it.sums.posted,
            closed: it.sums.closed,
            filled: it.sums.filled,
            placements: it.sums.placements,
            revenue: text(it.sums.fees),
            costed: it.sums.costed,
            cost: text(it.sums.cost),
            cost_per_placement: some(it.per_placement()),
            return_on_cost: it.roi(),
            mark: it.mark().map(|(mark, _)| mark),
            marks: it.sums.marks,
        }
    }
}

impl PlacementsAnswer {
    pub(super) fn new(it: &Staffing, currency: &str, as_of: DateTime<Utc>) -> Self {
        let groups = |groups: &[Group]| groups.iter().map(GroupAnswer::from).collect();
        let stayed = it.stayed.iter().map(|it| StayedAnswer { days: it.days, stayed: it.rate.hit, of: it.rate.of });
        Self {
            period: it.period.into(),
            compared_with: it.before.into(),
            currency: currency.into(),
            as_of,
            open: it.open,
            to_fill: it.to_fill.into(),
            to_hire: it.to_hire.into(),
            stayed: stayed.collect(),
            total: (&it.total).into(),
            before: (&it.total_before).into(),
            categories: groups(&it.categories),
            clients: groups(&it.clients),
        }
    }
}
