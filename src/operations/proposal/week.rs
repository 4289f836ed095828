//! What a site's week holds before a roster is made for it: open shifts, what is settled already, and what an earlier
//! week would look like here.

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::operations::crew::{Place, on_the_clock};
use crate::operations::roster::Shift;
use crate::units::{Rate, ShiftId, SiteId};

/// How many weeks back a pattern may be copied from.
pub const PATTERN_WEEKS: u64 = 8;

/// A site's week as it stands. Money in cents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WeekState {
    /// Shifts that nobody has and that are still to begin.
    pub open: i64,
    /// Shifts somebody has.
    pub filled: i64,
    /// Shifts that began without anybody.
    pub missed: i64,
    /// Filled shifts that break a rule, as the night found.
    pub breaching: i64,
    /// Planned pay of the filled ones.
    pub committed_cents: i64,
    /// What the site may spend on pay in the week: the days' share of their months; `None` without a budget.
    pub budget_cents: Option<i64>,
    /// Accepted offers of the week's shifts, of all answered.
    pub accepted: Rate,
}

/// An earlier week of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pattern {
    /// Its Monday.
    pub first: NaiveDate,
    /// How many shifts it had.
    pub shifts: i64,
}

/// The seven days from a Monday on.
pub(super) fn days(first: NaiveDate) -> Period {
    Period { first, last: first + Days::new(6) }
}

/// What the week holds already.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn week_state(tx: &mut OrgTx, site: SiteId, first: NaiveDate, now: DateTime<Utc>) -> Result<WeekState> {
    let (org, days) = (tx.org().0, days(first));
    let row = sqlx::query!(
        r#"select count(*) filter (where s.worker_id is null and s.starts_at > $5) as "open!",
                  count(*) filter (where s.worker_id is not null) as "filled!",
                  count(*) filter (where s.worker_id is null and s.starts_at <= $5) as "missed!",
                  count(*) filter (where s.worker_id is not null and b.shift_id is not null) as "breaching!",
                  coalesce(sum((s.pay_regular + s.pay_overtime + s.pay_premium) * 100) filter (where s.worker_id is not null), 0)::bigint as "committed!",
                  coalesce(sum(o.answered), 0)::bigint as "answered!", coalesce(sum(o.accepted), 0)::bigint as "accepted!",
                  (select (sum(b.amount / extract(day from b.month + interval '1 month' - interval '1 day')) * 100)::bigint
                   from generate_series($3::date, $4::date, interval '1 day') d
                   join budgets b on b.org_id = $1 and b.site_id = $2 and b.month = date_trunc('month', d)::date
                     and b.kind in ('regular', 'overtime', 'premium')) as budget
           from shifts s
           left join (select distinct shift_id from shift_breaches where org_id = $1 and day between $3 and $4 and site_id = $2) b on b.shift_id = s.id
           left join lateral (
               select count(*) filter (where accepted is not null) as answered, count(*) filter (where accepted) as accepted
               from shift_offers where org_id = $1 and shift_id = s.id) o on true
           where s.org_id = $1 and s.site_id = $2 and s.day between $3 and $4 and s.state = 'planned'"#,
        org,
        site.0,
        days.first,
        days.last,
        now
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(WeekState {
        open: row.open,
        filled: row.filled,
        missed: row.missed,
        breaching: row.breaching,
        committed_cents: row.committed,
        budget_cents: row.budget,
        accepted: Rate { hit: row.accepted, of: row.answered },
    })
}

/// The open shifts of a site's week that are still to begin, in their order.
pub(super) async fn open_shifts(
    tx: &mut OrgTx,
    site: SiteId,
    first: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Vec<Shift>> {
    let (org, days) = (tx.org().0, days(first));
    let rows = sqlx::query!(
        "select id, starts_at, ends_at, required_skill from shifts
         where org_id = $1 and site_id = $2 and day between $3 and $4 and state = 'planned' and worker_id is null and starts_at > $5
         order by starts_at, id",
        org,
        site.0,
        days.first,
        days.last,
        now
    )
    .fetch_all(&mut **tx)
    .await?;
    let shift = |id, starts, ends, skill| Shift { skill, ..Shift::new(ShiftId(id), site, starts, ends) };
    Ok(rows.into_iter().map(|row| shift(row.id, row.starts_at, row.ends_at, row.required_skill)).collect())
}

/// The weeks before `first` whose shifts could be copied, the latest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn patterns(tx: &mut OrgTx, site: SiteId, first: NaiveDate) -> Result<Vec<Pattern>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select date_trunc('week', day)::date as "first!", count(*) as "shifts!" from shifts
           where org_id = $1 and site_id = $2 and day >= $3 and day < $4 and state = 'planned'
           group by 1 order by 1 desc"#,
        org,
        site.0,
        first - Days::new(7 * PATTERN_WEEKS),
        first
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| Pattern { first: row.first, shifts: row.shifts }).collect())
}

/// The shifts of another week as they would be in this one: the same times on the clock of the site, for nobody yet.
/// Those that would have begun already are left out.
pub(super) async fn copied(
    tx: &mut OrgTx,
    place: &Place,
    from: NaiveDate,
    first: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Vec<Shift>> {
    let (org, days) = (tx.org().0, days(from));
    let rows = sqlx::query!(
        "select starts_at, ends_at, required_skill from shifts
         where org_id = $1 and site_id = $2 and day between $3 and $4 and state = 'planned' order by starts_at, id",
        org,
        place.site.0,
        days.first,
        days.last
    )
    .fetch_all(&mut **tx)
    .await?;
    let moved = first - from;
    let copy = |starts: DateTime<Utc>, ends: DateTime<Utc>| {
        let starts = same_clock(place.zone, starts, moved)?;
        Some((starts, same_clock(place.zone, ends, moved).filter(|ends| *ends > starts)?))
    };
    let shifts = rows.into_iter().filter_map(|row| {
        let (starts, ends) = copy(row.starts_at, row.ends_at)?;
        let shift = Shift::new(ShiftId(Uuid::now_v7()), place.site, starts, ends);
        (starts > now).then_some(Shift { skill: row.required_skill, ..shift })
    });
    Ok(shifts.collect())
}

/// The moment so many days later at which the clock shows the same, or an hour more where it skips that.
fn same_clock(zone: Tz, at: DateTime<Utc>, moved: Duration) -> Option<DateTime<Utc>> {
    let local = at.with_timezone(&zone).naive_local() + moved;
    on_the_clock(zone, local).or_else(|| on_the_clock(zone, local + Duration::hours(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copied_shift_begins_at_the_same_time_on_the_clock_also_where_the_clocks_change() {
        let berlin = Tz::Europe__Berlin;
        let check = |from: &str, expected: &str| {
            let at: DateTime<Utc> = from.parse().unwrap();
            assert_eq!(same_clock(berlin, at, Duration::days(7)), Some(expected.parse().unwrap()));
        };
        check("2026-03-21T22:00:00+01:00", "2026-03-28T22:00:00+01:00");
        check("2026-03-23T06:00:00+01:00", "2026-03-30T06:00:00+02:00");
        check("2026-03-22T02:30:00+01:00", "2026-03-29T03:30:00+02:00");
    }
}
