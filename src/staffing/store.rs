//! All SQL of jobs and placements as finance asks for them. A day is the site's local date.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::measures::{Cell, Stayed, Sums};
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::units::Rate;

/// The jobs posted and placements begun in a period, by category and client. A site's days are turned into moments once, and not
/// each job's moment into a day.
pub(super) async fn cells(tx: &mut OrgTx, sites: Option<&[Uuid]>, period: Period) -> Result<Vec<Cell>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"with places as materialized (
               select s.id, l.name as client, s.time_zone, $2::date::timestamp at time zone s.time_zone as since,
                   ($3::date + 1)::timestamp at time zone s.time_zone as until
               from sites s left join clients l on l.org_id = s.org_id and l.id = s.client_id
               where s.org_id = $1 and ($4::uuid[] is null or s.id = any ($4))
           )
           select c.category as "category!", c.client as "client?", sum(c.posted)::bigint as "posted!", sum(c.closed)::bigint as "closed!",
               sum(c.filled)::bigint as "filled!", sum(c.placements)::bigint as "placements!", (sum(c.fees) * 100)::bigint as "fees!",
               sum(c.costed)::bigint as "costed!", (sum(c.cost) * 100)::bigint as "cost!",
               (sum(c.costed_fees) * 100)::bigint as "costed_fees!", sum(c.marks)::bigint as "marks!", sum(c.points)::bigint as "points!"
           from (
               select j.category, s.client, 1 as posted, (j.state <> 'open')::int as closed, (j.state = 'filled')::int as filled,
                   0 as placements, 0::numeric as fees, 0 as costed, 0::numeric as cost, 0::numeric as costed_fees, 0 as marks, 0 as points
               from jobs j join places s on s.id = j.site_id
               where j.org_id = $1 and j.posted_at between $2::date - interval '2 days' and $3::date + interval '3 days'
                 and j.posted_at >= s.since and j.posted_at < s.until
               union all
               select j.category, s.client, 0, 0, 0, 1, coalesce(p.fee, 0), (p.cost is not null)::int, coalesce(p.cost, 0),
                   case when p.cost is not null then coalesce(p.fee, 0) else 0 end, (p.satisfaction is not null)::int,
                   coalesce(p.satisfaction, 0)
               from placements p join jobs j on j.org_id = p.org_id and j.id = p.job_id
               join places s on s.id = j.site_id
               where p.org_id = $1 and p.started_on between $2 and $3
           ) c
           group by c.category, c.client"#,
        org,
        period.first,
        period.last,
        sites
    )
    .fetch_all(&mut **tx)
    .await?;
    let cell = rows.into_iter().map(|row| Cell {
        category: row.category,
        client: row.client,
        sums: Sums {
            posted: row.posted,
            closed: row.closed,
            filled: row.filled,
            placements: row.placements,
            fees: row.fees,
            costed: row.costed,
            cost: row.cost,
            costed_fees: row.costed_fees,
            marks: row.marks,
            points: row.points,
        },
        ..Cell::default()
    });
    Ok(cell.collect())
}

/// Adds to the cells how many days it took to fill the jobs filled in the period, and until the first day of the placements
/// that began in it.
pub(super) async fn spread(
    tx: &mut OrgTx,
    sites: Option<&[Uuid]>,
    period: Period,
    cells: &mut Vec<Cell>,
) -> Result<()> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"with places as materialized (
               select s.id, l.name as client, s.time_zone, $2::date::timestamp at time zone s.time_zone as since,
                   ($3::date + 1)::timestamp at time zone s.time_zone as until
               from sites s left join clients l on l.org_id = s.org_id and l.id = s.client_id
               where s.org_id = $1 and ($4::uuid[] is null or s.id = any ($4))
           )
           select d.category as "category!", d.client as "client?", d.hired as "hired!", array_agg(d.days) as "days!"
           from (
               select j.category, s.client, false as hired, extract(epoch from j.closed_at - j.posted_at)::float8 / 86400 as days
               from jobs j join places s on s.id = j.site_id
               where j.org_id = $1 and j.state = 'filled' and j.closed_at >= s.since and j.closed_at < s.until
               union all
               select j.category, s.client, true, (p.started_on - (j.posted_at at time zone s.time_zone)::date)::float8
               from placements p join jobs j on j.org_id = p.org_id and j.id = p.job_id
               join places s on s.id = j.site_id
               where p.org_id = $1 and p.started_on between $2 and $3
           ) d
           group by d.category, d.client, d.hired"#,
        org,
        period.first,
        period.last,
        sites
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut places: BTreeMap<(String, Option<String>), usize> =
        cells.iter().enumerate().map(|(nth, cell)| ((cell.category.clone(), cell.client.clone()), nth)).collect();
    for row in rows {
        let (category, client) = (row.category, row.client);
        let nth = *places.entry((category.clone(), client.clone())).or_insert_with(|| {
            cells.push(Cell { category, client, ..Cell::default() });
            cells.len() - 1
        });
        let days = if row.hired { &mut cells[nth].days_to_hire } else { &mut cells[nth].days_to_fill };
        days.extend(row.days);
    }
    Ok(())
}

/// Of the placements that could reach so many days by the last day and began in the year before, those that did.
pub(super) async fn stayed(tx: &mut OrgTx, sites: Option<&[Uuid]>, last: NaiveDate, days: i32) -> Result<Stayed> {
    let org = tx.org().0;
    let row = sqlx::query!(
        r#"select count(*) as "could!", count(*) filter (where coalesce(p.ended_on, 'infinity') >= p.started_on + $3::int) as "did!"
           from placements p join jobs j on j.org_id = p.org_id and j.id = p.job_id
           where p.org_id = $1 and ($4::uuid[] is null or j.site_id = any ($4))
             and p.started_on between $2::date - $3::int - 365 and $2::date - $3::int"#,
        org,
        last,
        days,
        sites
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Stayed { days: days.into(), rate: Rate { hit: row.did, of: row.could } })
}

/// Jobs posted by the end of a day and not closed by then.
pub(super) async fn open(tx: &mut OrgTx, sites: Option<&[Uuid]>, last: NaiveDate) -> Result<i64> {
    let org = tx.org().0;
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "open!" from jobs j join sites s on s.org_id = j.org_id and s.id = j.site_id
           where j.org_id = $1 and ($3::uuid[] is null or j.site_id = any ($3))
             and (j.posted_at at time zone s.time_zone)::date <= $2
             and (j.closed_at is null or (j.closed_at at time zone s.time_zone)::date > $2)"#,
        org,
        last,
        sites
    )
    .fetch_one(&mut **tx)
    .await?)
}
