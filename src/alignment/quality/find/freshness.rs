//! Sources that went quiet: those that had facts within ninety days, and none lately.

use chrono::{Days, NaiveDate};

use super::{Bad, Window};
use crate::Result;
use crate::database::OrgTx;

/// A source that had nothing for so long is not in use.
const IN_USE_DAYS: u64 = 90;

/// The sources in use, and those of them that are stale.
pub(super) async fn stale(tx: &mut OrgTx, window: &Window) -> Result<(i64, Vec<Bad>)> {
    let org = tx.org().0;
    let sources = sqlx::query!(
        r#"select s.source as "source!", s.newest as "newest?: NaiveDate" from (
               values ('attendance', (select max(day) from attendance where org_id = $1 and day between $2 and $3)),
                      ('tasks', (select max(day) from tasks where org_id = $1 and day between $2 and $3)),
                      ('tours', (select max(day) from tours where org_id = $1 and day between $2 and $3)),
                      ('shifts', (select max(day) from shifts where org_id = $1 and day >= $2)),
                      ('orders', (select max(day) from orders where org_id = $1 and day between $2 and $3)),
                      ('payments', (select max(day) from payments where org_id = $1 and day between $2 and $3)),
                      ('work_orders', (select max(closed_day) from work_orders where org_id = $1 and closed_day between $2 and $3))
           ) s (source, newest) where s.newest is not null"#,
        org,
        window.last - Days::new(IN_USE_DAYS),
        window.last
    )
    .fetch_all(&mut **tx)
    .await?;
    let judged = i64::try_from(sources.len()).unwrap_or(i64::MAX);
    let mut bad: Vec<Bad> = sources
        .into_iter()
        .filter_map(|it| Some((it.source, it.newest?)))
        .filter(|(_, newest)| (window.last - *newest).num_hours() > i64::from(window.set.stale_hours))
        .map(|(source, newest)| Bad {
            what: format!("nothing since {}, {} days ago", newest, (window.last - newest).num_days()),
            key: source.clone(),
            source,
            day: Some(newest),
            total: 0,
        })
        .collect();
    let total = i64::try_from(bad.len()).unwrap_or(i64::MAX);
    bad.iter_mut().for_each(|it| it.total = total);
    Ok((judged, bad))
}
