//! Where is the month heading by the forecast of its pay, and how likely does it pass its budget?

use chrono::{Datelike, Days, NaiveDate};
use serde::Serialize;

use super::amount::share;
use super::filter::whole;
use super::month::{Course, Line};
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::models::forecast::{Forecast, HORIZON, Kind, newest};
use crate::operations::measures::cost_by_day;
use crate::people::{Scope, Sites};
use crate::units::SiteId;

/// Days before the forecast that are shown with it.
const SHOWN: u64 = 42;

/// The days ahead and the end of the month.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ahead {
    /// The forecast of pay by the day.
    pub forecast: Forecast,
    /// Pay of the latest days that are known, oldest first, in hundredths.
    pub known: Vec<(NaiveDate, i64)>,
    /// First day of a month, and what a day of it may cost in pay, in hundredths.
    pub budget_a_day: Vec<(NaiveDate, i64)>,
    /// What the month will have come to; `None`: no forecast is shown, or it does not reach the month's end.
    pub month: Option<MonthEnd>,
}

/// What a month will have come to, in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MonthEnd {
    /// What is expected.
    pub total: i64,
    /// Its 80 % and its 95 % band; `None` where too few past errors are known.
    pub bands: [Option<(i64, i64)>; 2],
    /// Chance that the budget is passed, 0–1; `None` without a budget for every site, or with too few past errors.
    pub chance_over: Option<f64>,
}

impl MonthEnd {
    /// More likely than not the budget is passed: worth an alert.
    #[must_use]
    pub fn alarming(&self) -> bool {
        self.chance_over.is_some_and(|chance| chance > 0.5)
    }
}

/// The days ahead, for a month that has not ended; `None` for another, before the first forecast, and for a scope that is neither
/// one site nor all.
pub(super) async fn ahead(
    tx: &mut OrgTx,
    scope: &Scope,
    (month, site): (NaiveDate, Option<SiteId>),
    lines: &[Line],
    course: Course,
) -> Result<Option<Ahead>> {
    if site.is_none() && scope.sites != Sites::All {
        return Ok(None);
    }
    let Some(forecast) = newest(tx, Kind::Pay, site).await? else { return Ok(None) };
    let days = whole(month);
    if forecast.through >= days.last || forecast.through + Days::new(1) < days.first {
        return Ok(None);
    }
    let shown = Period { first: forecast.through - Days::new(SHOWN - 1), last: forecast.through };
    let known: Vec<(NaiveDate, i64)> =
        cost_by_day(tx, scope, shown).await?.into_iter().map(|(day, costs)| (day, costs.pay())).collect();
    let until = forecast.through + Days::new(HORIZON as u64);
    let budget_a_day = budgets(tx, scope, Period { first: shown.first, last: until }).await?;
    let month = month_end(&forecast, days, &known, lines, course);
    Ok(Some(Ahead { forecast, known, budget_a_day, month }))
}

/// Pay until the last known day, what the forecast adds, and other costs, which go on by their mean day.
fn month_end(
    forecast: &Forecast,
    days: Period,
    known: &[(NaiveDate, i64)],
    lines: &[Line],
    course: Course,
) -> Option<MonthEnd> {
    let outlook = forecast.outlook.as_ref()?;
    let left = usize::try_from((days.last - forecast.through).num_days()).ok().filter(|left| *left <= HORIZON)?;
    let total = Line::total(lines);
    let other = total.actual.other + share(total.actual.other, course.days - course.over, course.over).unwrap_or(0);
    let paid: i64 = known.iter().filter(|(day, _)| *day >= days.first).map(|(_, pay)| pay).sum();
    let so_far = paid + other;
    let cents = |units: f64| so_far + (units * 100.0).round() as i64;
    let band = |level: f64| outlook.total_band(left, level).map(|(low, high)| (cents(low), cents(high)));
    let budget = total.budget.filter(|_| lines.iter().all(|line| line.budget.is_some()));
    let chance = |budget: i64| outlook.chance_over(left, (budget - so_far) as f64 / 100.0);
    Some(MonthEnd {
        total: cents(outlook.total(left)),
        bands: [band(0.80), band(0.95)],
        chance_over: budget.and_then(|budget| chance(budget.total())),
    })
}

/// What a day of each month may cost in pay.
async fn budgets(tx: &mut OrgTx, scope: &Scope, days: Period) -> Result<Vec<(NaiveDate, i64)>> {
    let (org, sites) = (tx.org().0, scope.site_ids());
    let first = days.first - Days::new(u64::from(days.first.day0()));
    let rows = sqlx::query!(
        r#"select month, (sum(amount) * 100)::bigint as "amount!" from budgets
           where org_id = $1 and month between $2 and $3 and kind <> 'other' and ($4::uuid[] is null or site_id = any ($4))
           group by month order by month"#,
        org,
        first,
        days.last,
        sites.as_deref()
    )
    .fetch_all(&mut **tx)
    .await?;
    let a_day = |month: NaiveDate, amount: i64| share(amount, 1, i64::try_from(whole(month).days()).unwrap_or(30));
    Ok(rows.into_iter().filter_map(|row| Some((row.month, a_day(row.month, row.amount)?))).collect())
}
