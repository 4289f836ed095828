//! The sums of the business, from the facts of the platform's organization.

use chrono::NaiveDate;

use super::kpi::{CODES, MONTH, Missing, ProductKpi, Sums, WINDOW, measure};
use crate::Result;
use crate::database::{Database, OrgTx};
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
    let Some(platform) = platform else {
        return Ok(CODES
            .map(|code| ProductKpi { code, parts: Err(Missing("This installation has no platform organization.")) }));
    };
    let mut tx = db.org(platform.id).await?;
    Ok(measure(&sums(&mut tx, platform.zone.name(), day).await?))
}

/// The sums as of the end of a day, in the platform's own transaction and zone.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn sums(tx: &mut OrgTx, zone: &str, day: NaiveDate) -> Result<Sums> {
    let mut sums = Sums::none(day);
    cohorts(tx, zone, &mut sums).await?;
    money(tx, zone, &mut sums).await?;
    invites(tx, zone, &mut sums).await?;
    Ok(sums)
}

/// Who came back, who got going. What happened after the day is not known on it.
async fn cohorts(tx: &mut OrgTx, zone: &str, sums: &mut Sums) -> Result<()> {
    let row = sqlx::query!(
        r#"with come as (
               select id, started_at, signed_up_at, first_roster_at, onboarded_at, (started_at at time zone $2)::date as began,
                      (signed_up_at at time zone $2)::date as joined, (($3::date + 1)::timestamp at time zone $2) as ends
               from signups where org_id = $1
           ), judged as (
               select c.*, exists (select from signup_activity a where a.org_id = $1 and a.signup_id = c.id and a.day between c.joined + 6 and c.joined + 8) as on_7,
                      exists (select from signup_activity a where a.org_id = $1 and a.signup_id = c.id and a.day between c.joined + 28 and c.joined + 32) as on_30
               from come c
           )
           select count(*) filter (where joined + 8 between $3::date - $4::int + 1 and $3) as "of_7!",
                  count(*) filter (where joined + 8 between $3::date - $4::int + 1 and $3 and on_7) as "on_7!",
                  count(*) filter (where joined + 32 between $3::date - $4::int + 1 and $3) as "of_30!",
                  count(*) filter (where joined + 32 between $3::date - $4::int + 1 and $3 and on_30) as "on_30!",
                  count(*) filter (where joined > $3::date - $4::int and signed_up_at + interval '24 hours' <= ends) as "joined!",
                  count(*) filter (where joined > $3::date - $4::int and signed_up_at + interval '24 hours' <= ends
                      and first_roster_at <= signed_up_at + interval '24 hours') as "activated!",
                  count(*) filter (where began between $3::date - $4::int + 1 and $3) as "began!",
                  count(*) filter (where began between $3::date - $4::int + 1 and $3 and onboarded_at < ends) as "onboarded!"
           from judged"#,
        tx.org().0,
        zone,
        sums.day,
        WINDOW
    )
    .fetch_one(&mut **tx)
    .await?;
    sums.day_7 = Rate { hit: row.on_7, of: row.of_7 };
    sums.day_30 = Rate { hit: row.on_30, of: row.of_30 };
    sums.activated = Rate { hit: row.activated, of: row.joined };
    sums.onboarded = Rate { hit: row.onboarded, of: row.began };
    Ok(())
}

/// Who pays what, who came, who left, and what winning them cost.
async fn money(tx: &mut OrgTx, zone: &str, sums: &mut Sums) -> Result<()> {
    let row = sqlx::query!(
        r#"with paid as (
               select signup_id, mrr, (started_at at time zone $2)::date as began,
                      coalesce((least(upgraded_at, cancelled_at) at time zone $2)::date, 'infinity') as ended
               from subscriptions where org_id = $1
           ), held as (
               select signup_id, min(began) as first,
                      coalesce(sum(mrr) filter (where began <= $3 and ended > $3), 0) as mrr,
                      coalesce(sum(mrr) filter (where began <= $3::date - $4::int and ended > $3::date - $4::int), 0) as mrr_before,
                      bool_or(began <= $3 and ended > $3) as pays,
                      bool_or(began <= $3::date - $4::int and ended > $3::date - $4::int) as paid
               from paid group by signup_id
           )
           select coalesce(sum(mrr), 0) as "mrr!", coalesce(sum(mrr_before), 0) as "mrr_before!",
                  count(*) filter (where pays) as "pay!", count(*) filter (where paid) as "paid!",
                  count(*) filter (where paid and not pays) as "gone!",
                  count(*) filter (where first between $3::date - $4::int + 1 and $3) as "new!",
                  (select coalesce(sum(amount), 0) from marketing_spend where org_id = $1 and day between $3::date - $4::int + 1 and $3) as "spend!"
           from held"#,
        tx.org().0,
        zone,
        sums.day,
        MONTH
    )
    .fetch_one(&mut **tx)
    .await?;
    (sums.mrr, sums.mrr_before, sums.spend) = (row.mrr, row.mrr_before, row.spend);
    (sums.customers, sums.new_customers) = (row.pay, row.new);
    sums.cancelled = Rate { hit: row.gone, of: row.paid };
    Ok(())
}

/// Who invited whom, and how many might have.
async fn invites(tx: &mut OrgTx, zone: &str, sums: &mut Sums) -> Result<()> {
    let row = sqlx::query!(
        r#"select count(*) as "sent!", count(*) filter (where accepted_at < (($3::date + 1)::timestamp at time zone $2)) as "accepted!",
                  (select coalesce(sum(users), 0) from (
                       select distinct on (signup_id) users from signup_activity
                       where org_id = $1 and day between $3::date - $4::int + 1 and $3 order by signup_id, day desc) latest) as "users!"
           from invites
           where org_id = $1 and (sent_at at time zone $2)::date between $3::date - $4::int + 1 and $3"#,
        tx.org().0,
        zone,
        sums.day,
        MONTH
    )
    .fetch_one(&mut **tx)
    .await?;
    sums.accepted = Rate { hit: row.accepted, of: row.sent };
    sums.users = row.users;
    Ok(())
}
