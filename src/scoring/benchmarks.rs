//! The weekly benchmarks: who is compared with whom, and how their scores are distributed.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, Days, NaiveDate};
use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::cohort::{self, Traits};
use super::shrink::{Sample, prior_strength, variance_within};
use super::statistics::{Distribution, mid_rank};
use super::store::policies;
use super::{Judgement, Policy, Safety, Window, judge};
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::{Period, SAFETY_DAYS, Sums, read_sums, records_shifts};
use crate::units::WorkerId;

/// The Sunday of a day's week: benchmarks carry it.
#[must_use]
pub fn sunday_on_or_before(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_sunday()))
}

struct Member {
    id: Uuid,
    traits: Traits,
    judgement: Judgement,
    shifts: i64,
    days: Vec<(f64, f64)>,
}

/// Replaces the cohorts and benchmarks of one week (a Sunday) by what the 28 days before it say. Returns the rows written.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn benchmark_week(tx: &mut OrgTx, week: NaiveDate) -> Result<u64> {
    let members = members(tx, week).await?;
    let judged: Vec<&Member> = members.iter().filter(|member| member.judgement.bpi().is_some()).collect();
    let sizes = cohort::sizes(judged.iter().map(|member| &member.traits));
    let org = tx.org().0;
    sqlx::query!("delete from cohort_benchmarks where org_id = $1 and week = $2", org, week).execute(&mut **tx).await?;
    sqlx::query!("delete from worker_cohorts where org_id = $1 and week = $2", org, week).execute(&mut **tx).await?;
    let mut rows = store_members(tx, week, &members, &sizes).await?;
    let mut by_cohort: BTreeMap<String, Vec<&Member>> = BTreeMap::new();
    for member in judged {
        for name in member.traits.cohorts() {
            if sizes.get(&name).is_some_and(|size| *size >= cohort::FEWEST) {
                by_cohort.entry(name).or_default().push(member);
            }
        }
    }
    for (name, members) in by_cohort {
        rows += store_cohort(tx, week, &name, &members).await?;
    }
    Ok(rows)
}

async fn members(tx: &mut OrgTx, week: NaiveDate) -> Result<Vec<Member>> {
    let last = week - Days::new(1);
    let window = Period::window(last);
    let policy = policies(tx).await?.on(last).clone();
    let records_shifts = records_shifts(tx).await?;
    let org = tx.org().0;
    let people = sqlx::query!(
        r#"select w.id, w.job_role, coalesce(s.vertical, 'any') as "vertical!", w.hired_on
           from workers w join sites s on s.org_id = w.org_id and s.id = w.home_site_id where w.org_id = $1"#,
        org
    )
    .fetch_all(&mut **tx)
    .await?;
    let safety = safety(tx, Period::ending(last, SAFETY_DAYS)).await?;
    let mut sums = daily(tx, window).await?;
    Ok(people
        .into_iter()
        .filter_map(|person| {
            let days = sums.remove(&person.id)?;
            let total: Sums = days.iter().sum();
            let safety = safety.get(&person.id).copied().unwrap_or_default();
            let traits = Traits {
                role: person.job_role,
                vertical: person.vertical,
                tenure: cohort::tenure(person.hired_on, last).into(),
                pattern: cohort::pattern(total.night_shifts, total.attended).into(),
            };
            let judgement = judge(&Window { sums: total, safety, records_shifts }, &policy);
            let days = days.iter().filter_map(|day| day_sample(day, &policy)).collect();
            Some(Member { id: person.id, traits, judgement, shifts: total.scheduled, days })
        })
        .collect())
}

/// A day by itself: its shifts and its score, for the variance within a worker.
fn day_sample(day: &Sums, policy: &Policy) -> Option<(f64, f64)> {
    let judgement = judge(&Window { sums: *day, ..Window::default() }, policy);
    (day.scheduled > 0)
        .then(|| (day.scheduled as f64, judgement.components.iter().map(|component| component.contribution).sum()))
}

async fn daily(tx: &mut OrgTx, window: Period) -> Result<HashMap<Uuid, Vec<Sums>>> {
    let columns = Sums::COLUMNS.iter().map(|column| format!("{column}::bigint")).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "select worker_id, {columns} from worker_daily_metrics where org_id = $1 and day between $2 and $3 order by worker_id, day"
    );
    let org = tx.org().0;
    let mut rows = sqlx::query(AssertSqlSafe(sql)).bind(org).bind(window.first).bind(window.last).fetch(&mut **tx);
    let mut days: HashMap<Uuid, Vec<Sums>> = HashMap::new();
    while let Some(row) = rows.try_next().await? {
        days.entry(row.try_get(0)?).or_default().push(read_sums(&row, 1)?);
    }
    Ok(days)
}

async fn safety(tx: &mut OrgTx, period: Period) -> Result<HashMap<Uuid, Safety>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select worker_id, sum(attended) as "attended!", sum(attributable) as "attributable!" from worker_daily_metrics
           where org_id = $1 and day between $2 and $3 group by worker_id"#,
        org,
        period.first,
        period.last
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.worker_id, Safety { attended: row.attended, attributable: row.attributable }))
        .collect())
}

async fn store_members(
    tx: &mut OrgTx,
    week: NaiveDate,
    members: &[Member],
    sizes: &HashMap<String, usize>,
) -> Result<u64> {
    let org = tx.org().0;
    let column = |of: fn(&Member) -> &str| members.iter().map(|member| of(member).to_owned()).collect::<Vec<_>>();
    let cohorts: Vec<Option<String>> = members.iter().map(|member| member.traits.cohort(sizes)).collect();
    let bpi: Vec<Option<f64>> = members.iter().map(|member| member.judgement.bpi()).collect();
    // Not a checked macro: its arrays cannot hold nulls.
    let written = sqlx::query(
        "insert into worker_cohorts (org_id, week, worker_id, job_role, vertical, tenure, pattern, cohort, shifts, bpi)
         select $1, $2, * from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[], $10::float8[])",
    )
    .bind(org)
    .bind(week)
    .bind(members.iter().map(|member| member.id).collect::<Vec<_>>())
    .bind(column(|member| &member.traits.role))
    .bind(column(|member| &member.traits.vertical))
    .bind(column(|member| &member.traits.tenure))
    .bind(column(|member| &member.traits.pattern))
    .bind(cohorts)
    .bind(members.iter().map(|member| i32::try_from(member.shifts).unwrap_or(i32::MAX)).collect::<Vec<_>>())
    .bind(bpi)
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected())
}

async fn store_cohort(tx: &mut OrgTx, week: NaiveDate, name: &str, members: &[&Member]) -> Result<u64> {
    let mut values: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
    for member in members {
        values.entry("bpi").or_default().extend(member.judgement.bpi());
        for component in &member.judgement.components {
            values.entry(component.component.code()).or_default().push(component.score);
            for part in &component.parts {
                values.entry(part.part.code()).or_default().push(part.score);
            }
        }
    }
    let spread = spread(members);
    let org = tx.org().0;
    let mut rows = 0;
    for (metric, values) in values {
        let Some(d) = Distribution::of(&values).filter(|d| d.n >= cohort::FEWEST) else { continue };
        let [p10, p25, p50, p75, p90] = d.quantiles;
        let (within, strength) = spread.filter(|_| metric == "bpi").unzip();
        rows += sqlx::query!(
            "insert into cohort_benchmarks (org_id, week, cohort, metric, n, mean, sd, p10, p25, p50, p75, p90, prior_strength, within_variance)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            org,
            week,
            name,
            metric,
            i32::try_from(d.n).unwrap_or(i32::MAX),
            d.mean,
            d.sd,
            p10,
            p25,
            p50,
            p75,
            p90,
            strength.flatten(),
            within
        )
        .execute(&mut **tx)
        .await?
        .rows_affected();
    }
    Ok(rows)
}

/// The variance within a worker, and the prior strength unless workers differ by chance only.
fn spread(members: &[&Member]) -> Option<(f64, Option<f64>)> {
    // A worker's own score here is the mean of the same day scores, so that the two variances speak of one thing.
    let own: Vec<(Sample, &[(f64, f64)])> = members
        .iter()
        .filter_map(|member| {
            let n: f64 = member.days.iter().map(|(n, _)| n).sum();
            let score = member.days.iter().map(|(n, score)| n * score).sum::<f64>() / n;
            (n > 0.0).then_some((Sample { n, score }, member.days.as_slice()))
        })
        .collect();
    let within = variance_within(own.iter().map(|(sample, days)| (*days, sample.score)))?;
    Some((within, prior_strength(&own.iter().map(|(sample, _)| *sample).collect::<Vec<_>>(), within)))
}

/// The distribution of one metric in a cohort.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Benchmark {
    /// The Sunday it was made for.
    pub week: NaiveDate,
    /// How many workers.
    pub n: i32,
    /// 25th percentile.
    pub p25: f64,
    /// Median.
    pub p50: f64,
    /// 75th percentile.
    pub p75: f64,
}

/// Where a worker stands in the cohort.
#[derive(Debug, Clone, PartialEq)]
pub struct CohortStanding {
    /// The cohort's name.
    pub cohort: String,
    /// How many workers are in it.
    pub n: i64,
    /// Mid-rank percentile of the worker's BPI, 0–100.
    pub percentile: f64,
    /// The Sunday the others' scores are of.
    pub week: NaiveDate,
}

/// Where `bpi` stands among the cohort the worker had on `day`; `None` where the cohort is too small to compare with.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn standing(tx: &mut OrgTx, worker: WorkerId, day: NaiveDate, bpi: f64) -> Result<Option<CohortStanding>> {
    let org = tx.org().0;
    let row = sqlx::query!(
        r#"select me.week, me.cohort as "cohort!",
                  count(*) filter (where o.bpi < $4 and o.worker_id <> $2) as "below!",
                  count(*) filter (where o.bpi = $4 and o.worker_id <> $2) as "equal!",
                  count(*) filter (where o.worker_id <> $2) as "others!"
           from (select * from worker_cohorts where org_id = $1 and worker_id = $2 and week <= $3 and week > $3::date - 28
                 order by week desc limit 1) me
           join worker_cohorts o on o.org_id = $1 and o.week = me.week and o.bpi is not null and o.job_role = me.job_role
             and (me.cohort = me.job_role or o.vertical = me.vertical)
             and (me.cohort in (me.job_role, me.job_role || ' / ' || me.vertical) or o.tenure = me.tenure)
             and (me.cohort <> me.job_role || ' / ' || me.vertical || ' / ' || me.tenure || ' / ' || me.pattern or o.pattern = me.pattern)
           where me.cohort is not null group by me.week, me.cohort"#,
        org,
        worker.0,
        day,
        bpi
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.and_then(|row| {
        let n = row.others + 1;
        let percentile = mid_rank(row.below, row.equal + 1, n)?;
        (row.others + 1 >= cohort::FEWEST as i64).then_some(CohortStanding {
            cohort: row.cohort,
            n,
            percentile,
            week: row.week,
        })
    }))
}

/// The benchmarks of the worker's cohort for the week in force on `day`, by metric.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn benchmarks_of(tx: &mut OrgTx, worker: WorkerId, day: NaiveDate) -> Result<HashMap<String, Benchmark>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        "select b.metric, b.week, b.n, b.p25, b.p50, b.p75 from cohort_benchmarks b
         join (select week, cohort from worker_cohorts where org_id = $1 and worker_id = $2 and week <= $3 and week > $3::date - 28
               order by week desc limit 1) me on me.week = b.week and me.cohort = b.cohort
         where b.org_id = $1",
        org,
        worker.0,
        day
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.metric, Benchmark { week: row.week, n: row.n, p25: row.p25, p50: row.p50, p75: row.p75 }))
        .collect())
}

/// The BPI benchmarks of the worker's cohorts over a period, oldest first: the band behind the trend.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn benchmark_trend(tx: &mut OrgTx, worker: WorkerId, period: Period) -> Result<Vec<Benchmark>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Benchmark,
        "select b.week, b.n, b.p25, b.p50, b.p75 from worker_cohorts c
         join cohort_benchmarks b on b.org_id = c.org_id and b.week = c.week and b.cohort = c.cohort and b.metric = 'bpi'
         where c.org_id = $1 and c.worker_id = $2 and c.week between $3 and $4 order by b.week",
        org,
        worker.0,
        sunday_on_or_before(period.first),
        period.last
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// The weeks that have worker days for a whole window but no benchmarks yet, oldest first, up to `last`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn missing_weeks(tx: &mut OrgTx, last: NaiveDate) -> Result<Vec<NaiveDate>> {
    let org = tx.org().0;
    let first = sqlx::query_scalar!("select min(day) from worker_daily_metrics where org_id = $1", org)
        .fetch_one(&mut **tx)
        .await?;
    let end = sqlx::query_scalar!("select max(day) from worker_daily_metrics where org_id = $1 and scheduled + orders_closed + tasks_due + tours_planned > 0", org)
        .fetch_one(&mut **tx)
        .await?;
    let Some((first, end)) = first.zip(end) else { return Ok(Vec::new()) };
    let there = sqlx::query_scalar!("select distinct week from worker_cohorts where org_id = $1", org)
        .fetch_all(&mut **tx)
        .await?;
    let mut week = sunday_on_or_before(first + Days::new(27));
    let mut missing = Vec::new();
    while week <= last.min(end + Days::new(7)) {
        if week >= first + Days::new(7) && !there.contains(&week) {
            missing.push(week);
        }
        week = week + Days::new(7);
    }
    Ok(missing)
}

/// With whom a worker is compared, and how far few shifts are drawn towards the mean there.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The cohort the worker is compared with.
    pub cohort: String,
    /// Every cohort the worker belongs to, narrowest first.
    pub cohorts: [String; 4],
    /// Prior strength k in shifts; `None`: its workers do not differ more than chance, do not rank.
    pub prior_strength: Option<f64>,
}

/// With whom everybody is compared in the week in force on `day`; who has no cohort is not here.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn comparisons(tx: &mut OrgTx, day: NaiveDate) -> Result<HashMap<Uuid, Comparison>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select c.worker_id, c.job_role, c.vertical, c.tenure, c.pattern, c.cohort as "cohort!", b.prior_strength as "prior_strength?"
           from worker_cohorts c
           left join cohort_benchmarks b on b.org_id = c.org_id and b.week = c.week and b.cohort = c.cohort and b.metric = 'bpi'
           where c.org_id = $1 and c.cohort is not null
             and c.week = (select max(week) from worker_cohorts where org_id = $1 and week <= $2 and week > $2::date - 28)"#,
        org,
        day
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let traits =
                Traits { role: row.job_role, vertical: row.vertical, tenure: row.tenure, pattern: row.pattern };
            let comparison =
                Comparison { cohort: row.cohort, cohorts: traits.cohorts(), prior_strength: row.prior_strength };
            (row.worker_id, comparison)
        })
        .collect())
}
