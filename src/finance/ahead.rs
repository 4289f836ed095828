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
use crate::operations::measures::{Costs, cost_by_day};
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
    /// Chance that the budget is passed, 0–1, where sites without one cost what is expected of them; `None` where less than half
    /// of the cost is of sites with a budget, or with too few past errors.
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
    let to_come = |line: &Line| course.other_to_come(line.actual, line.planned).unwrap_or(line.planned.other);
    let other: i64 = lines.iter().map(|line| line.actual.other + to_come(line)).sum();
    let paid: i64 = known.iter().filter(|(day, _)| *day >= days.first).map(|(_, pay)| pay).sum();
    let so_far = paid + other;
    let cents = |units: f64| so_far + (units * 100.0).round() as i64;
    let band = |level: f64| outlook.total_band(left, level).map(|(low, high)| (cents(low), cents(high)));
    let chance = |budget: i64| outlook.chance_over(left, (budget - so_far) as f64 / 100.0);
    Some(MonthEnd {
        total: cents(outlook.total(left)),
        bands: [band(0.80), band(0.95)],
        chance_over: may_cost(lines).and_then(chance),
    })
}

/// What the sites may cost together: their budgets, and of those without one what is expected of them. `None` where those with a
/// budget are less than half of the cost.
fn may_cost(lines: &[Line]) -> Option<i64> {
    let expected = |line: &Line| line.expected.unwrap_or_else(|| line.actual.total());
    let (with, without): (Vec<&Line>, Vec<&Line>) = lines.iter().partition(|line| line.budget.is_some());
    let of = |lines: &[&Line]| lines.iter().map(|line| expected(line)).sum::<i64>();
    let rest = of(&without);
    let budgets: i64 = with.iter().filter_map(|line| line.budget).map(Costs::total).sum();
    (!with.is_empty() && of(&with) >= rest).then_some(budgets + rest)
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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::month::Planned;
    use super::*;

    /// A site that cost so much in ten of thirty days.
    fn line(actual: i64, budget: Option<i64>) -> Line {
        let costs = |regular| Costs { regular, ..Costs::default() };
        let course = Course { over: 10, planned: 0, days: 30 };
        let name = (SiteId(Uuid::nil()), "Gate".into());
        Line::of(name, (costs(actual), 1), budget.map(costs), Planned::default(), course)
    }

    #[test]
    fn a_site_without_a_budget_does_not_hide_that_the_others_pass_theirs() {
        assert_eq!(may_cost(&[line(100, Some(250)), line(100, Some(400))]), Some(650));
        assert_eq!(
            may_cost(&[line(100, Some(250)), line(10, None)]),
            Some(250 + 30),
            "it costs what is expected of it"
        );
        assert_eq!(may_cost(&[line(100, Some(250)), line(101, None)]), None, "most of the cost has no budget");
        assert_eq!(may_cost(&[line(100, None)]), None);
        assert_eq!(may_cost(&[]), None);
    }
}
