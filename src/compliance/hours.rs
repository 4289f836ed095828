//! Which shifts break a rule of working time or lack what they ask for: how many of how many, where, when, and which.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use serde::{Deserialize, Serialize};

use super::Part;
use crate::clock::zone;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::operations::running::{self, Which};
use crate::people::Scope;
use crate::units::{Rate, ShiftId, SiteId};
use crate::{Error, Result};

/// Weeks of the trend.
pub const TREND_WEEKS: u64 = 13;

/// What can be broken, as `shift_breaches` has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Two shifts at once.
    Overlap,
    /// Less than 12 hours between two.
    Rest,
    /// More than 45 hours and 10 of overtime in a week.
    WeeklyHours,
    /// More than 10 hours of overtime in a week.
    OvertimeHours,
    /// Without the skill the shift asks for.
    Skill,
    /// Without a certification that is asked for.
    Certification,
    /// Without the registration of the trade.
    Registration,
}

impl Rule {
    /// All: those of working time first.
    pub const ALL: [Self; 7] = [
        Self::Overlap,
        Self::Rest,
        Self::WeeklyHours,
        Self::OvertimeHours,
        Self::Skill,
        Self::Certification,
        Self::Registration,
    ];

    /// Its name in addresses and in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Overlap => "overlap",
            Self::Rest => "rest",
            Self::WeeklyHours => "weekly_hours",
            Self::OvertimeHours => "overtime_hours",
            Self::Skill => "skill",
            Self::Certification => "certification",
            Self::Registration => "registration",
        }
    }

    /// What a page calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Overlap => "Two shifts at once",
            Self::Rest => "Less than 12 hours of rest",
            Self::WeeklyHours => "More than 55 hours in a week",
            Self::OvertimeHours => "More than 10 hours of overtime in a week",
            Self::Skill => "Without the skill asked for",
            Self::Certification => "Without a certification asked for",
            Self::Registration => "Without the registration asked for",
        }
    }

    /// Whether it is about hours, and not about papers.
    #[must_use]
    pub fn is_of_hours(self) -> bool {
        matches!(self, Self::Overlap | Self::Rest | Self::WeeklyHours | Self::OvertimeHours)
    }

    /// How far it was broken, in words.
    #[must_use]
    pub fn said(self, minutes: Option<i32>) -> String {
        let Some(minutes) = minutes else { return String::new() };
        let hours = format!("{} h {:02} min", minutes / 60, minutes % 60);
        match self {
            Self::Overlap => format!("{hours} at once"),
            Self::Rest => format!("{hours} of rest"),
            _ => format!("{hours} too many so far that week"),
        }
    }

    fn of(code: &str) -> Result<Self> {
        let unknown = || Error::Misconfigured(format!("'{code}' is no rule of shifts"));
        Self::ALL.into_iter().find(|rule| rule.code() == code).ok_or_else(unknown)
    }
}

/// A site's shifts, and how many of them break a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteHours {
    /// Which site.
    pub site: SiteId,
    /// Shifts with a worker, on complete days.
    pub shifts: i64,
    /// Of these, those that break any rule.
    pub breaking: i64,
    /// Those that break one of working time.
    pub hours: i64,
    /// Those that lack what they ask for.
    pub papers: i64,
}

/// A week of the trend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week {
    /// Its Monday.
    pub monday: NaiveDate,
    /// Shifts that break a rule of working time, of all with a worker.
    pub hours: Rate,
    /// Shifts that lack what they ask for, of all with a worker.
    pub papers: Rate,
}

/// One rule broken by one shift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// Which shift.
    pub shift: ShiftId,
    /// Its business day.
    pub day: NaiveDate,
    /// Planned start.
    pub starts_at: DateTime<Utc>,
    /// Planned end.
    pub ends_at: DateTime<Utc>,
    /// The site's zone.
    pub zone: Tz,
    /// Where.
    pub site: SiteId,
    /// Whose shift.
    pub name: String,
    /// Which rule.
    pub rule: Rule,
    /// How far, as `shift_breaches` counts it.
    pub minutes: Option<i32>,
    /// How many there are of the list.
    pub(super) total: i64,
}

/// The words of the rules of working time.
fn of_hours() -> Vec<String> {
    Rule::ALL.into_iter().filter(|rule| rule.is_of_hours()).map(|rule| rule.code().to_owned()).collect()
}

/// What the shifts of a period broke, and its rosters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// Each site that had shifts or breaches.
    pub sites: Vec<SiteHours>,
    /// Rosters that begin in the period and break nothing, of all that were confirmed.
    pub rosters: Rate,
}

/// Of each of two periods, the second of which is right before the first. Shifts and rosters are counted by the night.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn kept(tx: &mut OrgTx, scope: &Scope, [period, before]: [Period; 2]) -> Result<[Kept; 2]> {
    const ASKED: Which = Which::Only(&["shifts_filled", "rosters", "rosters_clean"]);
    let (org, sites) = (tx.org().0, scope.site_ids());
    let counted = running::in_periods(tx, sites.as_deref(), &[period, before], ASKED).await?;
    let broken = sqlx::query!(
        r#"select site_id, earlier as "earlier!", count(*) as "breaking!", count(*) filter (where hours) as "hours!",
                  count(*) filter (where papers) as "papers!"
           from (
               select site_id, day < $3 as earlier, bool_or(rule = any ($6)) as hours, bool_or(rule <> all ($6)) as papers
               from shift_breaches
               where org_id = $1 and day between $2 and $4 and ($5::uuid[] is null or site_id = any ($5))
               group by shift_id, site_id, day
           ) s group by site_id, earlier"#,
        org,
        before.first,
        period.first,
        period.last,
        sites.as_deref(),
        &of_hours()
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut kept = [Kept::default(), Kept::default()];
    for (nth, kept) in kept.iter_mut().enumerate() {
        let none = |site| SiteHours { site, shifts: 0, breaking: 0, hours: 0, papers: 0 };
        let mut found: BTreeMap<SiteId, SiteHours> = BTreeMap::new();
        for (site, sums) in counted.iter().filter_map(|(site, sums)| Some((*site, sums.get(nth)?))) {
            kept.rosters = kept.rosters + Rate { hit: sums.rosters_clean, of: sums.rosters };
            if sums.shifts_filled > 0 {
                found.insert(site, SiteHours { shifts: sums.shifts_filled, ..none(site) });
            }
        }
        for row in broken.iter().filter(|row| row.earlier == (nth == 1)) {
            let site = SiteId(row.site_id);
            let shifts = found.get(&site).map_or(0, |it| it.shifts);
            found
                .insert(site, SiteHours { site, shifts, breaking: row.breaking, hours: row.hours, papers: row.papers });
        }
        kept.sites = found.into_values().collect();
    }
    Ok(kept)
}

/// The weeks up to the one in which the period ends, oldest first, each with the days it has by then.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn by_week(tx: &mut OrgTx, scope: &Scope, period: Period) -> Result<Vec<Week>> {
    let (org, sites) = (tx.org().0, scope.site_ids());
    let monday = period.last - Days::new(u64::from(period.last.weekday().num_days_from_monday()));
    let first = monday - Days::new(7 * (TREND_WEEKS - 1));
    let rows = sqlx::query!(
        r#"with broken as (
               select (day - $2::date) / 7 as week, count(distinct shift_id) filter (where rule = any ($5)) as hours,
                   count(distinct shift_id) filter (where rule <> all ($5)) as papers
               from shift_breaches
               where org_id = $1 and day between $2 and $3 and ($4::uuid[] is null or site_id = any ($4)) group by 1
           ),
           worked as (
               select (day - $2::date) / 7 as week, sum(shifts_filled)::bigint as shifts from team_daily_metrics
               where org_id = $1 and day between $2 and $3 and ($4::uuid[] is null or site_id = any ($4)) group by 1
           )
           select week as "week!", coalesce(shifts, 0) as "shifts!", coalesce(hours, 0) as "hours!", coalesce(papers, 0) as "papers!"
           from worked full join broken using (week)"#,
        org,
        first,
        period.last,
        sites.as_deref(),
        &of_hours()
    )
    .fetch_all(&mut **tx)
    .await?;
    let week = |nth: u64| {
        let row = rows.iter().find(|row| i64::from(row.week) == nth as i64);
        let rate = |hit| Rate { hit, of: row.map_or(0, |row| row.shifts) };
        Week {
            monday: first + Days::new(7 * nth),
            hours: rate(row.map_or(0, |row| row.hours)),
            papers: rate(row.map_or(0, |row| row.papers)),
        }
    };
    Ok((0..TREND_WEEKS).map(week).collect())
}

/// Each rule broken by a shift of the period, the newest first.
pub(super) fn each<'a>(
    tx: &'a mut OrgTx,
    scope: &Scope,
    period: Period,
    rule: Option<Rule>,
    part: Option<Part>,
) -> BoxStream<'a, Result<Breach>> {
    let (org, sites) = (tx.org().0, scope.site_ids());
    let (limit, skipped) = Part::bounds(part);
    let rows = sqlx::query!(
        r#"select b.shift_id, b.day, s.starts_at, s.ends_at, t.time_zone, b.site_id, w.name, b.rule, b.minutes, count(*) over () as "total!"
           from shift_breaches b
           join shifts s on s.org_id = $1 and s.id = b.shift_id
           join workers w on w.org_id = $1 and w.id = b.worker_id
           join sites t on t.org_id = $1 and t.id = b.site_id
           where b.org_id = $1 and b.day between $2 and $3 and ($4::uuid[] is null or b.site_id = any ($4)) and ($5::text is null or b.rule = $5)
           order by b.day desc, t.name, s.starts_at, w.name, b.shift_id, b.rule limit $6 offset $7"#,
        org,
        period.first,
        period.last,
        sites.as_deref(),
        rule.map(Rule::code),
        limit,
        skipped
    )
    .fetch(&mut **tx)
    .err_into()
    .and_then(|row| {
        std::future::ready(Rule::of(&row.rule).and_then(|rule| {
            Ok(Breach {
                shift: ShiftId(row.shift_id),
                day: row.day,
                starts_at: row.starts_at,
                ends_at: row.ends_at,
                zone: zone(&row.time_zone)?,
                site: SiteId(row.site_id),
                name: row.name,
                rule,
                minutes: row.minutes,
                total: row.total,
            })
        }))
    });
    Box::pin(rows)
}
