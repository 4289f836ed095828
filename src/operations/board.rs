//! What happens in the next 48 hours, who is there, and what is about to go wrong?
//!
//! One window for everything: planned shifts that have not ended and begin within [`HOURS`]. A tile counts by the same
//! conditions by which its list selects.

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::Result;
use crate::clock::zone;
use crate::database::OrgTx;
use crate::people::Scope;
use crate::units::{ShiftId, SiteId, WorkerId};

/// How far ahead, in hours.
pub const HOURS: i64 = 48;
/// A certification is listed so many days before it expires.
pub const EXPIRES_WITHIN: u64 = 14;
/// Rows of a page.
pub const PAGE: i64 = 50;

/// How soon somebody must be found: by the hours to the start alone, so that everybody can check it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// It has begun without anybody.
    Begun,
    /// Less than 8 hours: whoever comes must be asked in person.
    Now,
    /// Less than 24 hours.
    Today,
    /// Within 48 hours: an offer has time to be answered.
    Soon,
}

impl Urgency {
    /// Of a shift that begins at `starts`.
    #[must_use]
    pub fn of(starts: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        match (starts - now).num_minutes() {
            _ if starts <= now => Self::Begun,
            0..480 => Self::Now,
            480..1_440 => Self::Today,
            _ => Self::Soon,
        }
    }

    /// What a page calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Begun => "Begun, nobody there",
            Self::Now => "In less than 8 hours",
            Self::Today => "In less than 24 hours",
            Self::Soon => "In less than 48 hours",
        }
    }
}

/// How a shift stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has it.
    Open(Urgency),
    /// Somebody has it, and it has not begun.
    Filled,
    /// Somebody has said not to come.
    CalledIn,
    /// It has begun, and who has it has not clocked in.
    Missing,
    /// Clocked in at this moment, and not out.
    There(DateTime<Utc>),
    /// Clocked out before its end.
    Left(DateTime<Utc>),
}

/// Which shifts of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which<'a> {
    /// Every one.
    All,
    /// Those nobody has.
    Open,
    /// Those whose worker is clocked in now.
    There,
    /// These.
    These(&'a [ShiftId]),
}

impl Which<'_> {
    fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Open => "open",
            Self::There => "there",
            Self::These(_) => "these",
        }
    }
}

/// One shift of the window.
#[derive(Debug, Clone, PartialEq)]
pub struct BoardShift {
    /// Which.
    pub id: ShiftId,
    /// Where.
    pub site: SiteId,
    /// The site's name.
    pub site_name: String,
    /// The site's zone: the page shows its local times.
    pub zone: Tz,
    /// Planned start.
    pub starts_at: DateTime<Utc>,
    /// Planned end.
    pub ends_at: DateTime<Utc>,
    /// The skill it asks for.
    pub skill: Option<String>,
    /// Who has it.
    pub worker: Option<(WorkerId, String)>,
    /// How it stands.
    pub standing: Standing,
    /// Offers that wait for an answer.
    pub waiting: i64,
    /// Offers that were declined.
    pub declined: i64,
}

/// The numbers of the tiles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Figures {
    /// Shifts of the window.
    pub shifts: i64,
    /// Of these, those nobody has.
    pub open: i64,
    /// Of these, those whose worker is clocked in now.
    pub there: i64,
}

/// Somebody who could still be asked today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Available {
    /// Who.
    pub worker: WorkerId,
    /// Name.
    pub name: String,
    /// Home site.
    pub site: String,
    /// What the worker does.
    pub job_role: String,
    /// What the worker can do.
    pub skills: Vec<String>,
}

/// A certification about to expire that has not been renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expiring {
    /// Whose.
    pub worker: WorkerId,
    /// Name.
    pub name: String,
    /// Home site.
    pub site: String,
    /// Which certification.
    pub certification: String,
    /// The last day on which it is valid.
    pub expires_on: NaiveDate,
}

/// The part of a list that a page shows, and how long the list is.
#[derive(Debug, Clone, PartialEq)]
pub struct Part<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Of how many.
    pub total: i64,
}

/// Business days on which a shift of the window can lie, in any zone.
fn days(now: DateTime<Utc>) -> (NaiveDate, NaiveDate) {
    (
        (now - Duration::hours(36)).date_naive() - Days::new(1),
        (now + Duration::hours(HOURS)).date_naive() + Days::new(1),
    )
}

/// The numbers of the tiles, of the sites in scope. Who is there is looked up from the few who have clocked in and not out.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn figures(tx: &mut OrgTx, scope: &Scope, now: DateTime<Utc>) -> Result<Figures> {
    let (org, sites, (first, last)) = (tx.org().0, scope.site_ids(), days(now));
    Ok(sqlx::query_as!(
        Figures,
        r#"select count(*) as "shifts!", count(*) filter (where s.worker_id is null) as "open!",
                  (select count(*)
                   from (select day, id from attendance where org_id = $1 and day between $2 and $3 and clock_in <= $4 and clock_out is null offset 0) a
                   join shifts s on s.org_id = $1 and s.day = a.day and s.id = a.id
                   where s.state = 'planned' and s.ends_at > $4 and s.starts_at < $5 and ($6::uuid[] is null or s.site_id = any ($6))) as "there!"
           from shifts s
           where s.org_id = $1 and s.day between $2 and $3 and s.state = 'planned' and s.ends_at > $4 and s.starts_at < $5
             and ($6::uuid[] is null or s.site_id = any ($6))"#,
        org,
        first,
        last,
        now,
        now + Duration::hours(HOURS),
        sites.as_deref()
    )
    .fetch_one(&mut **tx)
    .await?)
}

struct Row {
    id: uuid::Uuid,
    site_id: uuid::Uuid,
    site: String,
    time_zone: String,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    skill: Option<String>,
    worker_id: Option<uuid::Uuid>,
    worker: Option<String>,
    clock_in: Option<DateTime<Utc>>,
    clock_out: Option<DateTime<Utc>>,
    called_in: bool,
    waiting: i64,
    declined: i64,
}

/// Shifts of the window, soonest first, `page` counting from 1. Of those that are open the soonest are the most urgent.
///
/// # Errors
/// [`crate::Error::Database`]; [`crate::Error::Misconfigured`] for a site without a zone.
pub async fn shifts(
    tx: &mut OrgTx,
    scope: &Scope,
    which: Which<'_>,
    page: u32,
    now: DateTime<Utc>,
) -> Result<Vec<BoardShift>> {
    let (org, sites, (first, last)) = (tx.org().0, scope.site_ids(), days(now));
    let these: Vec<_> = if let Which::These(ids) = which { ids.iter().map(|id| id.0).collect() } else { Vec::new() };
    let rows = sqlx::query_as!(
        Row,
        r#"with page as (
               select s.*, a.clock_in, a.clock_out, coalesce(a.called_in, false) as called_in
               from shifts s
               left join attendance a on a.org_id = $1 and a.day between $2 and $3 and a.day = s.day and a.id = s.id
               where s.org_id = $1 and s.day between $2 and $3 and s.state = 'planned' and s.ends_at > $4 and s.starts_at < $5
                 and ($6::uuid[] is null or s.site_id = any ($6))
                 and case $7::text when 'open' then s.worker_id is null
                                   when 'there' then a.clock_in <= $4 and a.clock_out is null
                                   when 'these' then s.id = any ($10) else true end
               order by s.starts_at, s.id limit $8 offset $9)
           select s.id as "id!", s.site_id as "site_id!", t.name as site, t.time_zone, s.starts_at as "starts_at!",
                  s.ends_at as "ends_at!", s.required_skill as skill, s.worker_id, w.name as "worker?", s.clock_in, s.clock_out,
                  s.called_in as "called_in!", o.waiting as "waiting!", o.declined as "declined!"
           from page s
           join sites t on t.org_id = $1 and t.id = s.site_id
           left join workers w on w.org_id = $1 and w.id = s.worker_id
           cross join lateral (
               select count(*) filter (where o.answered_at is null and o.withdrawn_at is null) as waiting, count(*) filter (where not o.accepted) as declined
               from shift_offers o where o.org_id = $1 and o.shift_id = s.id) o
           order by s.starts_at, s.id"#,
        org,
        first,
        last,
        now,
        now + Duration::hours(HOURS),
        sites.as_deref(),
        which.word(),
        PAGE,
        i64::from(page.max(1) - 1) * PAGE,
        &these
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(|row| board_shift(row, now)).collect()
}

fn board_shift(row: Row, now: DateTime<Utc>) -> Result<BoardShift> {
    let standing = match (row.worker_id, row.clock_in, row.clock_out) {
        (None, ..) => Standing::Open(Urgency::of(row.starts_at, now)),
        (_, _, Some(out)) => Standing::Left(out),
        (_, Some(at), None) if at <= now => Standing::There(at),
        _ if row.called_in => Standing::CalledIn,
        _ if row.starts_at <= now => Standing::Missing,
        _ => Standing::Filled,
    };
    Ok(BoardShift {
        id: ShiftId(row.id),
        site: SiteId(row.site_id),
        site_name: row.site,
        zone: zone(&row.time_zone)?,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        skill: row.skill,
        worker: row.worker_id.map(WorkerId).zip(row.worker),
        standing,
        waiting: row.waiting,
        declined: row.declined,
    })
}

/// The open shifts of the window that have not begun: those whose fill can be predicted.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn to_fill(tx: &mut OrgTx, scope: &Scope, now: DateTime<Utc>) -> Result<Vec<ShiftId>> {
    let (org, sites, (first, last)) = (tx.org().0, scope.site_ids(), days(now));
    let ids = sqlx::query_scalar!(
        "select id from shifts
         where org_id = $1 and day between $2 and $3 and state = 'planned' and worker_id is null and starts_at > $4 and starts_at < $5
           and ($6::uuid[] is null or site_id = any ($6)) order by starts_at, id",
        org,
        first,
        last,
        now,
        now + Duration::hours(HOURS),
        sites.as_deref()
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids.into_iter().map(ShiftId).collect())
}

/// Whoever could still be asked today, on the local day of the home site: employed, without a shift that is of today or
/// runs now, not on approved leave, and available by what they said. By site and name, `page` counting from 1.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn available(tx: &mut OrgTx, scope: &Scope, page: u32, now: DateTime<Utc>) -> Result<Part<Available>> {
    available_rows(tx, scope, PAGE, i64::from(page.max(1) - 1) * PAGE, now).await
}

/// How many [`available`] lists, by the same statement.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn available_count(tx: &mut OrgTx, scope: &Scope, now: DateTime<Utc>) -> Result<i64> {
    Ok(available_rows(tx, scope, 0, 0, now).await?.total)
}

/// Each table is read once for all workers, what time it is once for each site, and who has a shift is not asked further.
async fn available_rows(
    tx: &mut OrgTx,
    scope: &Scope,
    limit: i64,
    skipped: i64,
    now: DateTime<Utc>,
) -> Result<Part<Available>> {
    let (org, sites) = (tx.org().0, scope.site_ids());
    // Days that are today somewhere, or on which a shift that runs now can lie.
    let (first, last) = ((now - Duration::hours(48)).date_naive(), (now + Duration::hours(14)).date_naive());
    let rows = sqlx::query!(
        r#"with there as materialized (
               select id, name, local::date as today, extract(isodow from local)::smallint as weekday,
                      extract(hour from local)::integer * 60 + extract(minute from local)::integer as minute
               from (select id, name, $2::timestamptz at time zone time_zone as local from sites where org_id = $1) s)
           , here as materialized (
               select w.id, w.name, w.job_role, w.skills, t.name as site, t.today, t.weekday, t.minute
               from there t
               join workers w on w.org_id = $1 and w.home_site_id = t.id
               where ($3::uuid[] is null or w.home_site_id = any ($3))
                 and (w.hired_on is null or w.hired_on <= t.today) and (w.left_on is null or w.left_on >= t.today))
           , taken as materialized (
               select worker_id, day, starts_at <= $2 and ends_at > $2 as running from shifts
               where org_id = $1 and day between $4 and $5 and state = 'planned' and worker_id is not null
                 and (day in (select today from there) or (starts_at <= $2 and ends_at > $2)))
           , away as materialized (
               select worker_id, first_day, last_day from leave
               where org_id = $1 and approved and first_day <= $5 and last_day >= $4)
           , idle as materialized (
               select h.* from here h
               where not exists (select from taken t where t.worker_id = h.id and (t.running or t.day = h.today))
                 and not exists (select from away a where a.worker_id = h.id and h.today between a.first_day and a.last_day))
           , said as materialized (
               select i.id, bool_or(v.weekday = i.weekday and (v.until_minute <= v.from_minute or v.until_minute > i.minute)) as can
               from idle i join worker_availability v on v.worker_id = i.id and v.first_day <= i.today
                    and (v.last_day is null or v.last_day >= i.today)
               where v.org_id = $1
               group by i.id)
           , free as materialized (select i.* from idle i left join said s on s.id = i.id where s.can is not false)
           select n.total as "total!", f.id as "id?", f.name as "name?", f.job_role as "job_role?", f.skills as "skills?", f.site as "site?"
           from (select count(*) as total from free) n
           left join lateral (select * from free order by site, name, id limit $6 offset $7) f on true
           order by f.site, f.name, f.id"#,
        org,
        now,
        sites.as_deref(),
        first,
        last,
        limit,
        skipped
    )
    .fetch_all(&mut **tx)
    .await?;
    let total = rows.first().map_or(0, |row| row.total);
    let rows = rows.into_iter().filter_map(|row| {
        Some(Available {
            worker: WorkerId(row.id?),
            name: row.name?,
            site: row.site?,
            job_role: row.job_role?,
            skills: row.skills.unwrap_or_default(),
        })
    });
    Ok(Part { rows: rows.collect(), total })
}

/// Certifications of those employed that expire from `today` on within [`EXPIRES_WITHIN`] days and have not been
/// renewed, soonest first, `page` counting from 1.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn expiring(tx: &mut OrgTx, scope: &Scope, page: u32, today: NaiveDate) -> Result<Part<Expiring>> {
    let (org, sites) = (tx.org().0, scope.site_ids());
    let rows = sqlx::query!(
        r#"with soon as (
               select c.id, c.name as certification, c.expires_on, w.id as worker_id, w.name, t.name as site
               from certifications c
               join workers w on w.org_id = $1 and w.id = c.worker_id
               join sites t on t.org_id = $1 and t.id = w.home_site_id
               where c.org_id = $1 and c.expires_on between $2::date and $3::date and ($4::uuid[] is null or w.home_site_id = any ($4))
                 and (w.left_on is null or w.left_on >= $2)
                 and not exists (select from certifications n where n.org_id = $1 and n.worker_id = c.worker_id and n.name = c.name
                                   and (n.expires_on is null or n.expires_on > c.expires_on)))
           select n.total as "total!", f.worker_id as "worker_id?", f.name as "name?", f.site as "site?",
                  f.certification as "certification?", f.expires_on as "expires_on?"
           from (select count(*) as total from soon) n
           left join lateral (select * from soon order by expires_on, site, name, id limit $5 offset $6) f on true
           order by f.expires_on, f.site, f.name, f.id"#,
        org,
        today,
        today + Days::new(EXPIRES_WITHIN),
        sites.as_deref(),
        PAGE,
        i64::from(page.max(1) - 1) * PAGE
    )
    .fetch_all(&mut **tx)
    .await?;
    let total = rows.first().map_or(0, |row| row.total);
    let rows = rows.into_iter().filter_map(|row| {
        Some(Expiring {
            worker: WorkerId(row.worker_id?),
            name: row.name?,
            site: row.site?,
            certification: row.certification?,
            expires_on: row.expires_on?,
        })
    });
    Ok(Part { rows: rows.collect(), total })
}

/// Where and when a shift begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtSite {
    /// Where.
    pub site: SiteId,
    /// The site's name.
    pub name: String,
    /// Planned start.
    pub starts_at: DateTime<Utc>,
}

/// Where and when these shifts begin.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn sites_of(tx: &mut OrgTx, shifts: &[uuid::Uuid]) -> Result<Vec<AtSite>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        AtSite,
        r#"select s.site_id as "site: SiteId", t.name, s.starts_at
           from shifts s join sites t on t.org_id = $1 and t.id = s.site_id
           where s.org_id = $1 and s.id = any ($2)"#,
        org,
        shifts
    )
    .fetch_all(&mut **tx)
    .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(minutes: i64, expected: Urgency) {
        let now = "2026-03-02T06:00:00Z".parse().unwrap();
        assert_eq!(Urgency::of(now + Duration::minutes(minutes), now), expected);
    }

    #[test]
    fn urgency_is_the_hours_to_the_start() {
        check(-1, Urgency::Begun);
        check(0, Urgency::Begun);
        check(1, Urgency::Now);
        check(479, Urgency::Now);
        check(480, Urgency::Today);
        check(1_440, Urgency::Soon);
        assert!(Urgency::Begun < Urgency::Now && Urgency::Today < Urgency::Soon, "the most urgent comes first");
    }
}
