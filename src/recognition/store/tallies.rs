//! Counting what the rules judge: one statement per family of facts, over all workers or over some.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::recognition::{Definition, Rule, Tally};

/// Tallies by worker.
pub(in crate::recognition) type Tallies = HashMap<Uuid, Tally>;

/// What to count: over which days, of whom (`None`: of everybody), and on which day scores are looked at.
#[derive(Debug, Clone, Copy)]
pub(in crate::recognition) struct Count<'a> {
    pub days: Period,
    pub workers: Option<&'a [Uuid]>,
    pub scores_on: NaiveDate,
}

/// Counts what `definitions` need, no more.
pub(in crate::recognition) async fn tallies(
    tx: &mut OrgTx,
    of: Count<'_>,
    definitions: &[&Definition],
) -> Result<Tallies> {
    let mut tallies = Tallies::new();
    let rule = |rules: &[Rule]| definitions.iter().find(|it| rules.contains(&it.rule)).copied();
    days(tx, of, &mut tallies).await?;
    if rule(&[Rule::BeforeTheStart, Rule::Openings]).is_some() {
        clock_ins(tx, of, &mut tallies).await?;
    }
    if rule(&[Rule::QuickOrders]).is_some() {
        orders(tx, of, &mut tallies).await?;
    }
    if rule(&[Rule::Holidays]).is_some() {
        holidays(tx, of, &mut tallies).await?;
    }
    if rule(&[Rule::TeamworkThanks, Rule::ThanksReceived]).is_some() {
        thanks_received(tx, of, &mut tallies).await?;
    }
    if rule(&[Rule::ThanksGiven]).is_some() {
        thanks_given(tx, of, &mut tallies).await?;
    }
    if let Some(definition) = rule(&[Rule::RenewedAhead]) {
        renewals(tx, of, definition.minimum, &mut tallies).await?;
    }
    if let Some(definition) = rule(&[Rule::ChallengesWon]) {
        challenges(tx, of, definition.minimum, &mut tallies).await?;
    }
    if rule(&[Rule::ScoreRise, Rule::ScoreAboveP90, Rule::WeakestComponent]).is_some() && of.scores_on >= of.days.first
    {
        scores(tx, of, &mut tallies).await?;
    }
    Ok(tallies)
}

async fn days(tx: &mut OrgTx, of: Count<'_>, tallies: &mut Tallies) -> Result<()> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select worker_id, sum(scheduled) as "scheduled!", sum(attended) as "attended!", sum(ncns) as "ncns!",
                  sum(checkpoints_planned) as "checkpoints_planned!", sum(checkpoints_visited) as "checkpoints_visited!",
                  sum(tasks_sla_judged + orders_sla_judged) as "deadlines!", sum(tasks_sla_hit + orders_sla_hit) as "deadlines_met!",
                  sum(tasks_quality_n + orders_quality_n) as "quality_n!", sum(tasks_quality_sum + orders_quality_sum) as "quality_sum!",
                  sum(orders_rated) as "ratings!", sum(orders_rating_sum) as "rating_sum!",
                  sum(incidents_found) as "incidents_found!", sum(incidents_missed) as "incidents_missed!",
                  sum(attributable) as "attributable!"
           from worker_daily_metrics
           where org_id = $1 and day between $2 and $3 and ($4::uuid[] is null or worker_id = any ($4))
           group by worker_id"#,
        org,
        of.days.first,
        of.days.last,
        of.workers
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in rows {
        let tally = Tally {
            scheduled: row.scheduled,
            attended: row.attended,
            ncns: row.ncns,
            checkpoints_planned: row.checkpoints_planned,
            checkpoints_visited: row.checkpoints_visited,
            deadlines: row.deadlines,
            deadlines_met: row.deadlines_met,
            quality_n: row.quality_n,
            quality_sum: row.quality_sum,
            ratings: row.ratings,
            rating_sum: row.rating_sum,
            incidents_found: row.incidents_found,
            incidents_missed: row.incidents_missed,
            attributable: row.attributable,
            ..Tally::default()
        };
        tallies.insert(row.worker_id, tally);
    }
    Ok(())
}

async fn clock_ins(tx: &mut OrgTx, of: Count<'_>, tallies: &mut Tallies) -> Result<()> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select worker_id as "worker_id!", count(clock_in) as "clock_ins!", count(*) filter (where clock_in <= starts_at) as "before!",
                  count(*) filter (where opens) as "openings!",
                  count(*) filter (where opens and clock_in <= starts_at + interval '5 minutes') as "openings_on_time!"
           from (
               select s.worker_id, s.starts_at, a.clock_in,
                   (s.starts_at at time zone t.time_zone)::time between '04:00' and '07:00'
                       and (a.clock_in is not null or not a.called_in) as opens
               from shifts s
               join sites t on t.org_id = s.org_id and t.id = s.site_id
               join attendance a on a.org_id = s.org_id and a.day = s.day and a.id = s.id and a.day between $2 and $3
               where s.org_id = $1 and s.day between $2 and $3 and s.worker_id is not null and s.state = 'planned'
                 and ($4::uuid[] is null or s.worker_id = any ($4))
                 and not exists (select from disputes d where d.org_id = $1 and d.fact = 'shift' and d.fact_id = s.id and d.state = 'upheld')
                 and (a.clock_in is not null or not exists (
                     select from leave l where l.org_id = $1 and l.worker_id = s.worker_id and l.approved and s.day between l.first_day and l.last_day))
           ) s group by worker_id"#,
        org,
        of.days.first,
        of.days.last,
        of.workers
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in rows {
        let tally = tallies.entry(row.worker_id).or_default();
        (tally.clock_ins, tally.clock_ins_before) = (row.clock_ins, row.before);
        (tally.openings, tally.openings_on_time) = (row.openings, row.openings_on_time);
    }
    Ok(())
}

async fn orders(tx: &mut OrgTx, of: Count<'_>, tallies: &mut Tallies) -> Result<()> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select worker_id as "worker_id!", count(*) as "timed!",
                  count(*) filter (where resolved_at - opened_at <= (sla_due_at - opened_at) / 2) as "quick!"
           from work_orders o
           where org_id = $1 and closed_day between $2 and $3 and worker_id is not null and ($4::uuid[] is null or worker_id = any ($4))
             and resolved_at >= opened_at and sla_due_at > opened_at
             and not exists (select from disputes d where d.org_id = $1 and d.fact = 'work_order' and d.fact_id = o.id and d.state = 'upheld')
           group by worker_id"#,
        org,
        of.days.first,
        of.days.last,
        of.workers
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in rows {
        let tally = tallies.entry(row.worker_id).or_default();
        (tally.orders_timed, tally.orders_quick) = (row.timed, row.quick);
    }
    Ok(())
}

async fn holidays(tx: &mut OrgTx, of: Count<'_>, tallies: &mut Tallies) -> Result<()> {
    let org = tx.org().0;
    // The days are bound, not joined, so that only their partitions are looked at.
    let days = sqlx::query_scalar!(
        "select distinct day from calendar_days where org_id = $1 and kind = 'holiday' and day between $2 and $3",
        org,
        of.days.first,
        of.days.last
    )
    .fetch_all(&mut **tx)
    .await?;
    if days.is_empty() {
        return Ok(());
    }
    let rows = sqlx::query!(
        r#"select worker_id, count(*) as "worked!" from worker_daily_metrics
           where org_id = $1 and day = any ($2) and day between $3 and $4 and attended > 0 and ($5::uuid[] is null or worker_id = any ($5))
           group by worker_id"#,
        org,
        &days,
        of.days.first,
        of.days.last,
        of.workers
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in rows {
        tallies.entry(row.worker_id).or_default().holidays = row.worked;
    }
    Ok(())
}

async fn thanks_received(tx: &mut OrgTx, of: Count<'_>, tallies: &mut Tallies) -> Result<()> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select to_worker_id, count(distinct coalesce(from_worker_id, from_user_id)) as "givers!",
                  count(distinct coalesce(from_worker_id, from_user_id)) filter (where category = 'teamwork') as "teamwork!"
           from kudos where org_id = $1 and day between $2 and $3 and ($4::uuid[] is null or to_worker_id = any ($4))
           group by to_worker_id"#,
        org,
        of.days.first,
        of.days.last,
        of.workers
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in rows {
        let tally = tallies.entry(row.to_worker_id).or_default();
        (tally.givers, tally.teamwork_givers) = (row.givers, row.teamwork);
    }
    Ok(())
}

async fn thanks_given(tx: &mut OrgTx, of: Count<'_>, tallies: &mut Tallies) -> Result<()> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select from_worker_id as "from_worker_id!", count(distinct to_worker_id) as "thanked!"
           from kudos where org_id = $1 and day between $2 and $3 and from_worker_id is not null
             and ($4::uuid[] is null or from_worker_id = any ($4))
           group by from_worker_id"#,
        org,
        of.days.first,
        of.days.last,
        of.workers
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in rows {
        tallies.entry(row.from_worker_id).or_default().thanked = row.thanked;
    }
    Ok(())
}

/// Certifications issued while the one before had still `ahead` days to run.
async fn renewals(tx: &mut OrgTx, of: Count<'_>, ahead: i32, tallies: &mut Tallies) -> Result<()> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select c.worker_id, count(*) as "renewed!" from certifications c
           where c.org_id = $1 and c.issued_on between $2 and $3 and ($4::uuid[] is null or c.worker_id = any ($4))
             and (select p.expires_on from certifications p
                  where p.org_id = $1 and p.worker_id = c.worker_id and p.name = c.name and p.issued_on < c.issued_on
                  order by p.issued_on desc limit 1) >= c.issued_on + $5::int
           group by c.worker_id"#,
        org,
        of.days.first,
        of.days.last,
        of.workers,
        ahead
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in rows {
        tallies.entry(row.worker_id).or_default().renewed = row.renewed;
    }
    Ok(())
}

async fn challenges(tx: &mut OrgTx, of: Count<'_>, shifts: i32, tallies: &mut Tallies) -> Result<()> {
    let org = tx.org().0;
    // Challenges are rare: mostly this spares planning the statement below.
    let any = sqlx::query_scalar!(
        "select exists (select from team_challenges where org_id = $1 and ends_on between $2 and $3)",
        org,
        of.days.first,
        of.days.last
    )
    .fetch_one(&mut **tx)
    .await?;
    if any != Some(true) {
        return Ok(());
    }
    let rows = sqlx::query!(
        r#"select m.worker_id, count(*) as "won!" from team_challenges c
           join team_challenge_winners n on n.org_id = c.org_id and n.challenge_id = c.id
           join lateral (
               select worker_id from worker_daily_metrics
               where org_id = $1 and site_id = n.site_id and day between c.starts_on and c.ends_on and ($4::uuid[] is null or worker_id = any ($4))
               group by worker_id having sum(attended) >= $5::int
           ) m on true
           where c.org_id = $1 and c.ends_on between $2 and $3 group by m.worker_id"#,
        org,
        of.days.first,
        of.days.last,
        of.workers,
        shifts
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in rows {
        tallies.entry(row.worker_id).or_default().challenges_won = row.won;
    }
    Ok(())
}

/// The scores stored for a day, those stored for the last day before the period, and the cohort's mark of that week.
async fn scores(tx: &mut OrgTx, of: Count<'_>, tallies: &mut Tallies) -> Result<()> {
    let org = tx.org().0;
    let before = of.days.first - Days::new(1);
    let rows = sqlx::query!(
        r#"select e.worker_id, e.bpi, b.bpi as "bpi_before?", p.p90 as "p90?",
                  least(e.score_attendance, e.score_tasks, e.score_patrol, e.score_service, e.score_safety) as weakest,
                  num_nonnulls(e.score_attendance, e.score_tasks, e.score_patrol, e.score_service, e.score_safety) as "components!"
           from worker_daily_metrics e
           left join worker_daily_metrics b on b.org_id = $1 and b.worker_id = e.worker_id and b.day = $2
           left join worker_cohorts c on c.org_id = $1 and c.worker_id = e.worker_id
             and c.week = (select max(week) from worker_cohorts where org_id = $1 and week <= $3 and week > $3::date - 28)
           left join cohort_benchmarks p on p.org_id = $1 and p.cohort = c.cohort and p.metric = 'bpi' and p.week = c.week
           where e.org_id = $1 and e.day = $3 and e.bpi is not null and ($4::uuid[] is null or e.worker_id = any ($4))"#,
        org,
        before,
        of.scores_on,
        of.workers
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in rows {
        let tally = tallies.entry(row.worker_id).or_default();
        (tally.bpi, tally.bpi_before, tally.cohort_p90) = (row.bpi, row.bpi_before, row.p90);
        (tally.weakest, tally.components) = (row.weakest, i64::from(row.components));
    }
    Ok(())
}
