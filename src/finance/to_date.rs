//! How far within its budget was the month on each of many days? One statement for all of them.

use chrono::{Datelike, NaiveDate};

use super::filter::{first_of, whole};
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;

/// A month up to a day, of the sites that have a budget for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ToDate {
    /// The day.
    pub day: NaiveDate,
    /// What the month has cost up to and including it, in hundredths.
    pub actual: i64,
    /// The budget of the whole month, in hundredths.
    pub budget: i64,
}

impl ToDate {
    /// The budget's part for the days that are over, evenly over the month, in hundredths.
    #[must_use]
    pub fn budget_to_date(&self) -> f64 {
        let days = whole(first_of(self.day)).days();
        self.budget as f64 * f64::from(self.day.day()) / days as f64
    }
}

/// The months up to each of the days, oldest first; without the days of months that have no budget.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn to_date(tx: &mut OrgTx, days: Period) -> Result<Vec<ToDate>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"with budgeted as (
               select month, site_id, sum(amount) as amount from budgets
               where org_id = $1 and month between $2 and $4 group by month, site_id
           ),
           spent as (
               select c.day, sum(c.amount) as amount from (
                   select day, site_id, regular + overtime + premium + travel as amount
                   from site_daily_costs where org_id = $1 and day between $2 and $4
                   union all
                   select day, site_id, amount from other_costs where org_id = $1 and day between $2 and $4
               ) c join budgeted b on b.site_id = c.site_id and b.month = date_trunc('month', c.day)::date
               group by c.day
           ),
           course as (
               select d::date as day, b.amount as budget,
                   coalesce(sum(s.amount) over (partition by b.month order by d), 0) as actual
               from generate_series($2::date, $4::date, interval '1 day') d
               join (select month, sum(amount) as amount from budgeted group by month) b
                 on b.month = date_trunc('month', d)::date
               left join spent s on s.day = d::date
           )
           select day as "day!", (actual * 100)::bigint as "actual!", (budget * 100)::bigint as "budget!"
           from course where day >= $3 order by day"#,
        org,
        first_of(days.first),
        days.first,
        days.last
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| ToDate { day: row.day, actual: row.actual, budget: row.budget }).collect())
}
