//! The sums of the business, from the facts of the platform's organization: of many days in three statements.

use chrono::NaiveDate;

use super::kpi::{CODES, MONTH, Missing, ProductKpi, Sums, WINDOW, measure};
use crate::Result;
use crate::database::{Database, OrgTx};
use crate::metrics::Period;
use crate::people::platform_organization;
use crate::units::Rate;

/// The eight product KPIs as of the end of a day of the platform, over all organizations. Where there is no platform, none has a
/// value.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn kpis(db: &Database, day: NaiveDate) -> Result<[ProductKpi; 8]> {
    let mut global = db.global().await?;
    let platform = platform_organization(&mut global).await?;
    global.commit().await?;
    let none = Missing("This installation has no platform organization.");
    let Some(platform) = platform else { return Ok(CODES.map(|code| ProductKpi { code, parts: Err(none) })) };
    let mut tx = db.org(platform.id).await?;
    Ok(measure(&sums(&mut tx, platform.zone.name(), day).await?))
}

/// The sums as of the end of a day, in the platform's own transaction and zone.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn sums(tx: &mut OrgTx, zone: &str, day: NaiveDate) -> Result<Sums> {
    let sums = sums_of(tx, zone, Period { first: day, last: day }).await?;
    Ok(sums.into_iter().next().unwrap_or_else(|| Sums::none(day)))
}

/// The sums as of the end of each of these days.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn sums_of(tx: &mut OrgTx, zone: &str, days: Period) -> Result<Vec<Sums>> {
    let mut sums: Vec<Sums> = days.first.iter_days().take_while(|day| *day <= days.last).map(Sums::none).collect();
    cohorts(tx, zone, days, &mut sums).await?;
    money(tx, zone, days, &mut sums).await?;
    invites(tx, zone, days, &mut sums).await?;
    Ok(sums)
}

/// Who came back, who got going. What happened after a day is not known on it.
async fn cohorts(tx: &mut OrgTx, zone: &str, days: Period, sums: &mut [Sums]) -> Result<()> {
    let rows = sqlx::query!(
        r#"with days as (
               select day::date as day, ((day::date + 1)::timestamp at time zone $2) as ends
               from generate_series($3::date, $4::date, interval '1 day') day
           ), come as materialized (
               select s.signed_up_at, s.first_roster_at, s.onboarded_at, (s.started_at at time zone $2)::date as began, j.joined,
                      exists (select from signup_activity a where a.org_id = $1 and a.signup_id = s.id and a.day between j.joined + 6 and j.joined + 8) as on_7,
                      exists (select from signup_activity a where a.org_id = $1 and a.signup_id = s.id and a.day between j.joined + 28 and j.joined + 32) as on_30
               from signups s cross join lateral (select (s.signed_up_at at time zone $2)::date as joined) j
               where s.org_id = $1
           )
           select count(*) filter (where joined + 8 between day - $5::int + 1 and day) as "of_7!",
                  count(*) filter (where joined + 8 between day - $5::int + 1 and day and on_7) as "on_7!",
                  count(*) filter (where joined + 32 between day - $5::int + 1 and day) as "of_30!",
                  count(*) filter (where joined + 32 between day - $5::int + 1 and day and on_30) as "on_30!",
                  count(*) filter (where joined > day - $5::int and signed_up_at + interval '24 hours' <= ends) as "joined!",
                  count(*) filter (where joined > day - $5::int and signed_up_at + interval '24 hours' <= ends
                      and first_roster_at <= signed_up_at + interval '24 hours') as "activated!",
                  count(*) filter (where began between day - $5::int + 1 and day) as "began!",
                  count(*) filter (where began between day - $5::int + 1 and day and onboarded_at < ends) as "onboarded!"
           from days left join come on true group by day order by day"#,
        tx.org().0,
        zone,
        days.first,
        days.last,
        WINDOW
    )
    .fetch_all(&mut **tx)
    .await?;
    for (sums, row) in sums.iter_mut().zip(rows) {
        sums.day_7 = Rate { hit: row.on_7, of: row.of_7 };
        sums.day_30 = Rate { hit: row.on_30, of: row.of_30 };
        sums.activated = Rate { hit: row.activated, of: row.joined };
        sums.onboarded = Rate { hit: row.onboarded, of: row.began };
    }
    Ok(())
}

/// Who pays what, who came, who left, and what winning them cost.
async fn money(tx: &mut OrgTx, zone: &str, days: Period, sums: &mut [Sums]) -> Result<()> {
    let rows = sqlx::query!(
        r#"with days as (
               select day::date as day from generate_series($3::date, $4::date, interval '1 day') day
           ), paid as materialized (
               select signup_id, mrr, (started_at at time zone $2)::date as began,
                      coalesce((least(upgraded_at, cancelled_at) at time zone $2)::date, 'infinity') as ended,
                      min((started_at at time zone $2)::date) over (partition by signup_id) as first
               from subscriptions where org_id = $1
           ), held as (
               select day, signup_id, coalesce(sum(mrr) filter (where began <= day and ended > day), 0) as mrr,
                      coalesce(sum(mrr) filter (where began <= day - $5::int and ended > day - $5::int), 0) as mrr_before,
                      bool_or(began <= day and ended > day) as pays,
                      bool_or(began <= day - $5::int and ended > day - $5::int) as paid,
                      bool_or(first between day - $5::int + 1 and day) as new
               from days cross join paid group by day, signup_id
           )
           select coalesce(sum(mrr), 0) as "mrr!", coalesce(sum(mrr_before), 0) as "mrr_before!",
                  count(*) filter (where pays) as "pay!", count(*) filter (where paid) as "paid!",
                  count(*) filter (where paid and not pays) as "gone!", count(*) filter (where new) as "new!",
                  (select coalesce(sum(amount), 0) from marketing_spend m
                   where m.org_id = $1 and m.day between d.day - $5::int + 1 and d.day) as "spend!"
           from days d left join held h on h.day = d.day group by d.day order by d.day"#,
        tx.org().0,
        zone,
        days.first,
        days.last,
        MONTH
    )
    .fetch_all(&mut **tx)
    .await?;
    for (sums, row) in sums.iter_mut().zip(rows) {
        (sums.mrr, sums.mrr_before, sums.spend) = (row.mrr, row.mrr_before, row.spend);
        (sums.customers, sums.new_customers) = (row.pay, row.new);
        sums.cancelled = Rate { hit: row.gone, of: row.paid };
    }
    Ok(())
}

/// Who invited whom, and how many might have.
async fn invites(tx: &mut OrgTx, zone: &str, days: Period, sums: &mut [Sums]) -> Result<()> {
    let rows = sqlx::query!(
        r#"select i.sent as "sent!", i.accepted as "accepted!",
                  (select coalesce(sum(users), 0) from (
                       select distinct on (signup_id) users from signup_activity a
                       where a.org_id = $1 and a.day between d.day - $5::int + 1 and d.day order by signup_id, a.day desc) latest) as "users!"
           from (select day::date as day, ((day::date + 1)::timestamp at time zone $2) as ends,
                        ((day::date - $5::int + 1)::timestamp at time zone $2) as begins
                 from generate_series($3::date, $4::date, interval '1 day') day) d
           cross join lateral (
               select count(*) as sent, count(*) filter (where accepted_at < d.ends) as accepted
               from invites where org_id = $1 and sent_at >= d.begins and sent_at < d.ends) i
           order by d.day"#,
        tx.org().0,
        zone,
        days.first,
        days.last,
        MONTH
    )
    .fetch_all(&mut **tx)
    .await?;
    for (sums, row) in sums.iter_mut().zip(rows) {
        sums.accepted = Rate { hit: row.accepted, of: row.sent };
        sums.users = row.users;
    }
    Ok(())
}
