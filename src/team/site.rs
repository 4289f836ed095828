//! One site's team for a period: everything the page shows, in a handful of statements.

use chrono::NaiveDate;
use serde::Serialize;

use super::filter::RosterFilter;
use super::health::{self, Health, Point, Totals};
use super::histogram::Histogram;
use super::roster::{Member, Roster};
use super::top::{TopPerformers, top_of};
use super::{FEWEST, Viewer, store};
use crate::database::OrgTx;
use crate::me::Filter;
use crate::metrics::Period;
use crate::scoring::priors;
use crate::units::{SiteId, WorkerId};
use crate::{Error, Result};

/// Days of the sparklines.
const SPARK_DAYS: u64 = 90;
/// Top performers on the page.
const LIMIT: usize = 5;

/// A site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Site {
    /// Its id.
    pub id: SiteId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// A site's team and a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Team {
    /// Where.
    pub site: Site,
    /// The period.
    pub period: Period,
    /// As many days before it.
    pub previous_period: Period,
    /// The days the scores at the period's end are of.
    pub scored: Period,
    /// The tiles; `None`: fewer than five people, whose figures are not shown without names.
    pub health: Option<Health>,
    /// The trend, oldest first; without names only days of five scores or more.
    pub trend: Vec<Point>,
    /// How the scores are spread; `None` without names where a bar has fewer than five people.
    pub histogram: Option<Histogram>,
    /// Who does best; `None` without names.
    pub top: Option<TopPerformers>,
    /// The people; `None` without names.
    pub roster: Option<Roster>,
}

/// A site of the organization.
///
/// # Errors
/// [`Error::NotFound`].
pub(super) async fn site(tx: &mut OrgTx, id: SiteId) -> Result<Site> {
    store::site(tx, id).await?.ok_or(Error::NotFound("site"))
}

/// The people of a period with the scores of its last day that has any, and that day.
pub(super) async fn members_on(
    tx: &mut OrgTx,
    id: SiteId,
    period: Period,
    points: &[Point],
) -> Result<(Vec<Member>, NaiveDate)> {
    let day = health::last_day(points, period).map_or(period.last, |point| point.day);
    Ok((store::members(tx, id, period, day).await?, day))
}

/// The team of a site for a filter, given the last complete day. Whoever's named score is on the page finds a line about
/// it in the audit log, at most one per viewer and day.
///
/// # Errors
/// [`Error::Forbidden`] for a site out of scope, [`Error::NotFound`] for one that is not there, [`Error::Invalid`] for a
/// filter that makes no sense.
pub async fn team(
    tx: &mut OrgTx,
    viewer: &Viewer,
    id: SiteId,
    filter: &Filter,
    roster: &RosterFilter,
    last_complete: NaiveDate,
) -> Result<Team> {
    let names = viewer.scope.narrowed_to(Some(id))?.names;
    let (period, trend) = filter.resolve(last_complete)?;
    let asked = roster.resolve()?;
    let previous_period = period.previous();
    let site = site(tx, id).await?;
    let read = Period { first: trend.first.min(previous_period.first), last: period.last };
    let points = store::points(tx, id, read).await?;
    let (now, previous) = store::totals(tx, id, period, previous_period).await?;
    let (members, day) = members_on(tx, id, period, &points).await?;
    let histogram = Histogram::of(&members);
    let scored = Period::window(day);
    let mut team = Team {
        health: health(&points, (period, now), (previous_period, previous), names),
        trend: shown_trend(points, trend, names),
        histogram: (names || !histogram.tells_people_apart()).then_some(histogram),
        top: None,
        roster: None,
        site,
        period,
        previous_period,
        scored,
    };
    if names {
        let ids: Vec<WorkerId> = members.iter().map(|member| member.worker).collect();
        team.top = Some(top_of(&members, &priors(tx, &ids, day).await?, LIMIT, scored));
        let mut roster = asked.arrange(&members);
        draw_trends(tx, &mut roster, day).await?;
        let rows = roster.rows.iter().map(|row| &row.member).filter(|member| member.has_score());
        let best = team.top.iter().flat_map(|top| &top.people).map(|it| it.worker);
        let mut seen: Vec<WorkerId> = rows.map(|member| member.worker).chain(best).collect();
        seen.sort();
        seen.dedup();
        store::looked_at(tx, viewer, &seen).await?;
        team.roster = Some(roster);
    }
    Ok(team)
}

fn health(
    points: &[Point],
    (period, now): (Period, Totals),
    (before, previous): (Period, Totals),
    names: bool,
) -> Option<Health> {
    let (end, start) = (health::last_day(points, period), health::last_day(points, before));
    let headcount = |point: Option<&Point>| point.map_or(0, |point| point.headcount);
    let (now, previous) =
        (Totals { headcount: headcount(end), ..now }, Totals { headcount: headcount(start), ..previous });
    let few = |totals: &Totals| totals.days > 0 && totals.headcount < FEWEST;
    (names || !(few(&now) || few(&previous))).then(|| Health {
        median: health::median(end, names),
        previous_median: health::median(start, names),
        now,
        previous,
    })
}

fn shown_trend(points: Vec<Point>, trend: Period, names: bool) -> Vec<Point> {
    points
        .into_iter()
        .filter(|point| point.day >= trend.first)
        .map(|point| Point { quartiles: point.quartiles.filter(|_| names || point.n >= FEWEST), ..point })
        .collect()
}

async fn draw_trends(tx: &mut OrgTx, roster: &mut Roster, day: NaiveDate) -> Result<()> {
    let shown: Vec<WorkerId> = roster.rows.iter().map(|row| row.member.worker).collect();
    let mut trends = store::trends(tx, &shown, Period::ending(day, SPARK_DAYS)).await?;
    for row in &mut roster.rows {
        row.trend = trends.remove(&row.member.worker).unwrap_or_default();
    }
    Ok(())
}
