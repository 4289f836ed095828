//! What did all sites together do in the time that ends at each of many days? Two rows of the running sums for each.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use sqlx::{AssertSqlSafe, Row};

use super::{Sums, Which, read};
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;

/// What all sites did in the `length` days that end at each of the days, oldest first; days that are not built are not there.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn windows(tx: &mut OrgTx, days: Period, length: u64) -> Result<Vec<(NaiveDate, Sums)>> {
    let org = tx.org().0;
    let names: Vec<String> = Sums::COLUMNS.iter().map(|(name, _)| format!("sum({name})::bigint")).collect();
    let sql = format!(
        "select day, array[{}] from site_running_sums where org_id = $1 and day between $2 and $3 group by day",
        names.join(", ")
    );
    let before = |day: NaiveDate| day.checked_sub_days(Days::new(length)).unwrap_or(NaiveDate::MIN);
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(org).bind(before(days.first)).bind(days.last);
    let rows = rows.fetch_all(&mut **tx).await?;
    let all = Which::All.places();
    let up_to: BTreeMap<NaiveDate, Sums> =
        rows.iter().map(|row| Ok((row.try_get(0)?, read(row, 1, &all)?))).collect::<Result<_>>()?;
    let within = |(day, sums): (&NaiveDate, &Sums)| {
        let mut sums = *sums;
        sums -= up_to.get(&before(*day)).copied().unwrap_or_default();
        (*day, sums)
    };
    Ok(up_to.range(days.first..).map(within).collect())
}
