//! Who was asked for, and placed: counts, how long it took, who stayed, and the client's own marks.

use serde::Serialize;
use uuid::Uuid;

use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::units::Rate;

/// Jobs and placements of a period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Placed {
    /// Jobs posted.
    pub posted: i64,
    /// Of the jobs posted and closed, those that were filled.
    pub filled: Rate,
    /// Jobs open at the end.
    pub open: i64,
    /// Median days from posting to filling, of those filled in the period.
    pub median_days: Option<f64>,
    /// Placements that began.
    pub started: i64,
    /// Of the placements that could reach 90 days by the period's last day and began in the year before, those that did.
    pub stayed: Rate,
    /// Points above the lowest mark, of four for each mark given to a placement that began: 1 is none of four, 5 all.
    pub satisfaction: Rate,
}

impl Placed {
    /// The mean mark, 1–5, and of how many.
    #[must_use]
    pub fn mark(&self) -> Option<(f64, i64)> {
        Some((1.0 + 4.0 * self.satisfaction.value()?, self.satisfaction.of / 4))
    }
}

pub(super) async fn placed(tx: &mut OrgTx, sites: &[Uuid], period: Period) -> Result<Placed> {
    let org = tx.org().0;
    let jobs = sqlx::query!(
        r#"select count(*) filter (where posted between $3 and $4) as "posted!",
               count(*) filter (where posted between $3 and $4 and state = 'filled') as "filled!",
               count(*) filter (where posted between $3 and $4 and state <> 'open') as "closed!",
               count(*) filter (where posted <= $4 and (closed is null or closed > $4)) as "open!",
               percentile_cont(0.5) within group (order by days) filter (where state = 'filled' and closed between $3 and $4) as median
           from (
               select j.state, (j.posted_at at time zone s.time_zone)::date as posted, (j.closed_at at time zone s.time_zone)::date as closed,
                   extract(epoch from j.closed_at - j.posted_at)::float8 / 86400 as days
               from jobs j join sites s on s.org_id = j.org_id and s.id = j.site_id
               where j.org_id = $1 and j.site_id = any ($2)
           ) j"#,
        org,
        sites,
        period.first,
        period.last
    )
    .fetch_one(&mut **tx)
    .await?;
    let people = sqlx::query!(
        r#"select count(*) filter (where p.started_on between $3 and $4) as "started!",
               count(*) filter (where p.started_on between $4::date - 455 and $4::date - 90) as "could!",
               count(*) filter (where p.started_on between $4::date - 455 and $4::date - 90
                   and coalesce(p.ended_on, 'infinity') >= p.started_on + 90) as "did!",
               coalesce(sum(p.satisfaction - 1) filter (where p.started_on between $3 and $4), 0) as "points!",
               count(p.satisfaction) filter (where p.started_on between $3 and $4) as "marks!"
           from placements p join jobs j on j.org_id = p.org_id and j.id = p.job_id
           where p.org_id = $1 and j.site_id = any ($2) and p.started_on between $4::date - 455 and $4"#,
        org,
        sites,
        period.first,
        period.last
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Placed {
        posted: jobs.posted,
        filled: Rate { hit: jobs.filled, of: jobs.closed },
        open: jobs.open,
        median_days: jobs.median,
        started: people.started,
        stayed: Rate { hit: people.did, of: people.could },
        satisfaction: Rate { hit: people.points, of: 4 * people.marks },
    })
}
