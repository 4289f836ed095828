//! An organization's days with the product, summed; what the platform is told of them; and how long events are kept.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use uuid::Uuid;

use super::events;
use crate::database::{Database, OrgTx};
use crate::people::{Organization, platform_organization};
use crate::{Error, Result};

/// The last days are summed every night: an event may be written a little late, a roster may break a rule later.
const ANEW: i32 = 7;
/// A first time goes so far back.
const FARTHEST: u64 = 400;
/// Months that events are kept.
const KEPT: u32 = 24;

/// Sums the organization's days up to `last` that are new, recent or marked, and tells the platform. Returns the days summed.
///
/// # Errors
/// [`Error::Database`]; run again it ends with the same rows.
pub async fn rebuild(db: &Database, org: &Organization, last: NaiveDate, now: DateTime<Utc>) -> Result<u64> {
    let mut tx = db.org(org.id).await?;
    let firsts = firsts(&mut tx, org, now).await?;
    tx.commit().await?;
    make_room(db, org, &firsts).await?;
    let mut tx = db.org(org.id).await?;
    let days = due(&mut tx, org, last).await?;
    sqlx::query!("delete from analytics_daily_metrics where org_id = $1 and day = any ($2)", org.id.0, &days)
        .execute(&mut *tx)
        .await?;
    let written = sqlx::query_file!("src/product/days.sql", org.id.0, &days, org.zone.name()).execute(&mut *tx).await?;
    sqlx::query!("delete from dirty_product_days where org_id = $1 and day <= $2", org.id.0, last)
        .execute(&mut *tx)
        .await?;
    note(&mut tx, org, &firsts).await?;
    let told = Told::read(&mut tx, org, &days).await?;
    tx.commit().await?;
    tell(db, org, &told).await?;
    Ok(written.rows_affected())
}

/// The days to sum: those since the last time, the last week, and those whose rosters changed.
async fn due(tx: &mut OrgTx, org: &Organization, last: NaiveDate) -> Result<Vec<NaiveDate>> {
    let floor = last - Days::new(FARTHEST - 1);
    let days = sqlx::query_scalar!(
        r#"with begun as (
               select coalesce((select max(day) + 1 from analytics_daily_metrics where org_id = $1),
                   greatest($3::date, least($2,
                       (select min((generated_at at time zone $4)::date) from rosters where org_id = $1),
                       (select min(day) from analytics_events where org_id = $1)))) as first
           )
           select day::date as "day!" from begun, generate_series(least(first, $2::date - $5::int + 1), $2::date, interval '1 day') day
           union
           select day from dirty_product_days where org_id = $1 and day between $3 and $2
           order by 1"#,
        org.id.0,
        last,
        floor,
        org.zone.name(),
        ANEW
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(days)
}

/// Something an organization did for the first time.
struct First {
    name: &'static str,
    at: DateTime<Utc>,
}

/// The firsts of a young organization that are not noted yet. They are facts of the organization, as its invoices are, and
/// stand there without a user: so nobody's consent is asked, and nobody's behaviour is noted.
async fn firsts(tx: &mut OrgTx, org: &Organization, now: DateTime<Utc>) -> Result<Vec<First>> {
    let rows = sqlx::query!(
        r#"with born as (select signed_up_at from organizations where id = $1 and signed_up_at > $2::timestamptz - interval '23 months')
           select name as "name!", greatest(at, signed_up_at) as "at!" from born cross join lateral (
               select 'signup_completed' as name, signed_up_at as at
               union all select 'first_site_added', $2 where exists (select from sites where org_id = $1)
               union all select 'first_worker_added', $2 where exists (select from workers where org_id = $1)
               union all select 'first_shift_added', $2 where exists (select from shifts where org_id = $1)
               union all select 'first_roster_generated', min(generated_at) from rosters where org_id = $1 and generated_at between signed_up_at and $2
               union all select 'onboarding_completed', min(confirmed_at) from rosters where org_id = $1 and generated_at >= signed_up_at and confirmed_at <= $2) first
           where at is not null
             and not exists (select from analytics_events e where e.org_id = $1 and e.name = first.name and e.user_id is null)"#,
        org.id.0,
        now
    )
    .fetch_all(&mut **tx)
    .await?;
    let known =
        |name: &str| events::check(name, &events::Properties::new()).map_err(|why| Error::Conflict(why.to_string()));
    rows.into_iter().map(|row| Ok(First { name: known(&row.name)?, at: row.at })).collect()
}

/// Makes the months that the firsts lie in, each in a transaction of its own: a new month waits for everybody who reads the
/// table, so whoever makes one must not be a reader another maker waits for.
async fn make_room(db: &Database, org: &Organization, firsts: &[First]) -> Result<()> {
    let days: BTreeSet<NaiveDate> = firsts.iter().map(|first| day(org, first)).collect();
    for day in days {
        let mut tx = db.org(org.id).await?;
        tx.ensure_partitions("analytics_events", day, day).await?;
        tx.commit().await?;
    }
    Ok(())
}

fn day(org: &Organization, first: &First) -> NaiveDate {
    first.at.with_timezone(&org.zone).date_naive()
}

/// Notes the firsts, each once.
async fn note(tx: &mut OrgTx, org: &Organization, firsts: &[First]) -> Result<()> {
    for first in firsts {
        sqlx::query!(
            "insert into analytics_events (org_id, day, id, at, name)
             select $1, $2::date, $3::uuid, $4::timestamptz, $5::text
             where not exists (select from analytics_events e where e.org_id = $1 and e.name = $5 and e.user_id is null)",
            org.id.0,
            day(org, first),
            Uuid::now_v7(),
            first.at,
            first.name
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// What the platform is told of an organization: when it came and got going, and on which days how many did something.
struct Told {
    signed_up_at: DateTime<Utc>,
    first_roster_at: Option<DateTime<Utc>>,
    onboarded_at: Option<DateTime<Utc>>,
    users: i32,
    days: Vec<NaiveDate>,
    active: Vec<NaiveDate>,
    active_users: Vec<i32>,
    rosters: Vec<i32>,
}

impl Told {
    async fn read(tx: &mut OrgTx, org: &Organization, days: &[NaiveDate]) -> Result<Self> {
        let row = sqlx::query!(
            r#"select o.signed_up_at,
                      (select min(generated_at) from rosters r where r.org_id = $1 and generated_at >= o.signed_up_at) as first_roster_at,
                      (select min(confirmed_at) from rosters r where r.org_id = $1 and generated_at >= o.signed_up_at) as onboarded_at,
                      (select count(*)::int from users u where u.org_id = $1 and u.status = 'active') as "users!"
               from organizations o where o.id = $1"#,
            org.id.0
        )
        .fetch_one(&mut **tx)
        .await?;
        let came = row.signed_up_at.with_timezone(&org.zone).date_naive();
        let active = sqlx::query!(
            "select day, active_users, rosters from analytics_daily_metrics
             where org_id = $1 and day = any ($2) and day >= $3 and active_users + acts > 0 order by day",
            org.id.0,
            days,
            came
        )
        .fetch_all(&mut **tx)
        .await?;
        Ok(Self {
            signed_up_at: row.signed_up_at,
            first_roster_at: row.first_roster_at,
            onboarded_at: row.onboarded_at,
            users: row.users,
            days: days.to_vec(),
            active: active.iter().map(|it| it.day).collect(),
            active_users: active.iter().map(|it| it.active_users).collect(),
            rosters: active.iter().map(|it| it.rosters).collect(),
        })
    }
}

/// Writes it into the platform's organization: counts and moments, never a row of a person. A demo tells a demo's platform
/// alone.
async fn tell(db: &Database, org: &Organization, told: &Told) -> Result<()> {
    let mut global = db.global().await?;
    let platform = platform_organization(&mut global).await?;
    global.commit().await?;
    let Some(platform) = platform.filter(|it| it.id != org.id && it.is_demo == org.is_demo) else { return Ok(()) };
    let mut tx = db.org(platform.id).await?;
    let signup = sqlx::query_scalar!(
        "insert into signups (org_id, id, ref, started_at, signed_up_at, onboarded_at, first_roster_at) values ($1, $2, $3, $4, $4, $5, $6)
         on conflict (org_id, ref) do update set onboarded_at = excluded.onboarded_at, first_roster_at = excluded.first_roster_at
         returning id",
        platform.id.0,
        Uuid::now_v7(),
        org.slug,
        told.signed_up_at,
        told.onboarded_at,
        told.first_roster_at
    )
    .fetch_one(&mut *tx)
    .await?;
    sqlx::query!(
        "delete from signup_activity where org_id = $1 and signup_id = $2 and day = any ($3)",
        platform.id.0,
        signup,
        &told.days
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "insert into signup_activity (org_id, signup_id, day, users, active_users, rosters)
         select $1, $2, day, $3, active_users, rosters from unnest($4::date[], $5::int[], $6::int[]) a (day, active_users, rosters)",
        platform.id.0,
        signup,
        told.users,
        &told.active,
        &told.active_users,
        &told.rosters
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Forgets the organization's events of more than 24 months ago, and drops the months that are over for everybody. Returns the
/// rows forgotten one by one.
///
/// # Errors
/// [`Error::Database`].
pub async fn tidy(db: &Database, org: &Organization, now: DateTime<Utc>) -> Result<u64> {
    let today = now.date_naive();
    let oldest = today - Months::new(KEPT);
    let mut tx = db.org(org.id).await?;
    sqlx::query_scalar!("select drop_expired_partitions('analytics_events', $1)", today).fetch_one(&mut *tx).await?;
    tx.commit().await?;
    let mut tx = db.org(org.id).await?;
    let gone = sqlx::query!("delete from analytics_events where org_id = $1 and day < $2", org.id.0, oldest)
        .execute(&mut *tx)
        .await?
        .rows_affected();
    tx.commit().await?;
    Ok(gone)
}
