//! Running sums of all sites side by side: one row holds one sum of every site on one day, so that a page which compares
//! hundreds of sites reads dozens of rows and not thousands.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::{Asking, BySite, Sums};
use crate::Result;
use crate::database::OrgTx;
use crate::units::SiteId;

/// The column that says which sites the others are of.
const SITES: &str = "site_id";

/// The columns of some days; a day that nothing was built for is not there.
#[derive(Default)]
pub(super) struct Columns(HashMap<NaiveDate, Day>);

/// The columns of one day.
#[derive(Default)]
struct Day {
    /// In the order of their ids.
    sites: Vec<SiteId>,
    /// Their values, by the place of the column; one that was not asked for or is younger than the day is empty.
    cells: Vec<Vec<i64>>,
}

impl Columns {
    /// Of the running sums, at these places of [`Sums::COLUMNS`] on each day. A day after the last that was built stands
    /// for that one.
    pub(super) async fn of_sums(tx: &mut OrgTx, asked: &BTreeMap<NaiveDate, BTreeSet<usize>>) -> Result<Self> {
        let org = tx.org().0;
        let (mut days, mut names, mut columns) = (Vec::new(), Vec::new(), Vec::new());
        for (day, places) in asked {
            let sites = (SITES, None);
            for (name, place) in std::iter::once(sites).chain(places.iter().map(|at| (Sums::COLUMNS[*at].0, Some(*at))))
            {
                days.push(*day);
                names.push(name);
                columns.push((*day, place));
            }
        }
        let rows = sqlx::query(
            "select a.nth, c.cells from unnest($2::date[], $3::text[]) with ordinality a (day, name, nth)
             join site_columns c on c.org_id = $1 and c.name = a.name
              and c.day = least(a.day, (select max(day) from site_running_sums where org_id = $1))",
        );
        let rows = rows.bind(org).bind(days).bind(names).fetch_all(&mut **tx).await?;
        Self::read(&rows, &columns)
    }

    /// Of the people of each week so far: employed at 0, active at 1.
    pub(super) async fn of_weeks(tx: &mut OrgTx, asked: &[NaiveDate]) -> Result<Self> {
        const COLUMNS: [(&str, Option<usize>); 3] =
            [("week_site_id", None), ("week_employed", Some(0)), ("week_active", Some(1))];
        let org = tx.org().0;
        let each = || asked.iter().flat_map(|day| COLUMNS.map(|(name, place)| (*day, name, place)));
        let (days, names): (Vec<NaiveDate>, Vec<&str>) = each().map(|(day, name, _)| (day, name)).unzip();
        let columns: Vec<_> = each().map(|(day, _, place)| (day, place)).collect();
        let rows = sqlx::query(
            "select a.nth, c.cells from unnest($2::date[], $3::text[]) with ordinality a (day, name, nth)
             join site_columns c on c.org_id = $1 and c.day = a.day and c.name = a.name",
        );
        let rows = rows.bind(org).bind(days).bind(names).fetch_all(&mut **tx).await?;
        Self::read(&rows, &columns)
    }

    /// Rows that say which of the columns asked for they are, counted from 1, and what stands in it.
    fn read(rows: &[PgRow], columns: &[(NaiveDate, Option<usize>)]) -> Result<Self> {
        let mut read = Self::default();
        for row in rows {
            let (nth, bytes): (i64, &[u8]) = (row.try_get(0)?, row.try_get(1)?);
            let Some((day, place)) = usize::try_from(nth).ok().and_then(|nth| columns.get(nth.checked_sub(1)?)) else {
                continue;
            };
            let day = read.0.entry(*day).or_default();
            match place {
                None => day.sites = values(bytes).map(|bytes| SiteId(Uuid::from_bytes(bytes))).collect(),
                Some(place) => {
                    day.cells.resize_with(day.cells.len().max(place + 1), Vec::new);
                    day.cells[*place] = values(bytes).map(i64::from_be_bytes).collect();
                }
            }
        }
        Ok(read)
    }

    /// The values of each of some sites (`None`: of all) on a day, by the place of the column.
    pub(super) fn on(
        &self,
        day: NaiveDate,
        only: Option<&HashSet<Uuid>>,
    ) -> impl Iterator<Item = (SiteId, impl Fn(usize) -> i64)> {
        let cells = move |day, nth| move |place| Day::cell(day, place, nth);
        self.0.get(&day).into_iter().flat_map(move |day| day.of(only).map(move |(nth, site)| (site, cells(day, nth))))
    }

    /// What each of some sites (`None`: of all) did in each period. A site has sums on every day from its first on, so that
    /// the day with most sites has all of them.
    pub(super) fn answer(&self, asking: &Asking, only: Option<&HashSet<Uuid>>) -> BySite {
        let places = asking.which.places();
        let periods = asking
            .periods
            .iter()
            .map(|period| (self.0.get(&period.last), period.first.pred_opt().and_then(|day| self.0.get(&day))));
        let periods: Vec<(Option<&Day>, Option<&Day>)> = periods.collect();
        let all = periods.iter().filter_map(|(last, _)| *last).max_by_key(|day| day.sites.len());
        let Some(all) = all else { return BySite::new() };
        let sums = |nth: usize, site: SiteId| {
            periods.iter().map(|(last, before)| Day::difference(*last, *before, (nth, site), &places)).collect()
        };
        all.of(only).map(|(nth, site)| (site, sums(nth, site))).collect()
    }
}

impl Day {
    fn of(&self, only: Option<&HashSet<Uuid>>) -> impl Iterator<Item = (usize, SiteId)> {
        let sites = self.sites.iter().copied().enumerate();
        sites.filter(move |(_, site)| only.is_none_or(|only| only.contains(&site.0)))
    }

    fn cell(&self, place: usize, nth: usize) -> i64 {
        self.cells.get(place).and_then(|cells| cells.get(nth)).copied().unwrap_or_default()
    }

    /// What a site, most likely the `nth`, did after one day up to another.
    fn difference(last: Option<&Self>, before: Option<&Self>, (nth, site): (usize, SiteId), places: &[usize]) -> Sums {
        let Some((last, at)) = last.and_then(|day| Some((day, day.place(nth, site)?))) else { return Sums::default() };
        let before = before.and_then(|day| Some((day, day.place(nth, site)?)));
        let mut sums = [0; Sums::COLUMNS.len()];
        for place in places {
            sums[*place] = last.cell(*place, at) - before.map_or(0, |(day, at)| day.cell(*place, at));
        }
        Sums::from_array(sums)
    }

    /// Where a site is, most likely where it is on another day.
    fn place(&self, likely: usize, site: SiteId) -> Option<usize> {
        if self.sites.get(likely) == Some(&site) { Some(likely) } else { self.sites.binary_search(&site).ok() }
    }
}

/// Values of a fixed width, one after the other.
fn values<const WIDTH: usize>(bytes: &[u8]) -> impl Iterator<Item = [u8; WIDTH]> {
    bytes.as_chunks().0.iter().copied()
}
