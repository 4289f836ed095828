//! Running sums of all sites side by side: one row holds one sum of every site on one day, so that a page which compares
//! hundreds of sites reads dozens of rows and not thousands.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::Sums;
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::units::SiteId;

/// The column that says which sites the others are of.
const SITES: &str = "site_id";

/// The columns of some days; a day that nothing was built for is not there.
pub(super) struct Columns(HashMap<NaiveDate, Day>);

/// The columns of one day.
#[derive(Default)]
struct Day {
    /// In the order of their ids.
    sites: Vec<SiteId>,
    /// Their values, by the place of the name among those asked for; a column that is younger than the day is empty.
    cells: Vec<Vec<i64>>,
}

impl Columns {
    /// Of the running sums. A day after the last that was built stands for that one.
    pub(super) async fn of_sums(tx: &mut OrgTx, days: &BTreeSet<NaiveDate>, names: &[&str]) -> Result<Self> {
        let org = tx.org().0;
        let days: Vec<NaiveDate> = days.iter().copied().collect();
        let asked: Vec<&str> = std::iter::once(SITES).chain(names.iter().copied()).collect();
        let rows = sqlx::query(
            "select a.day, array_position($3, c.name), c.cells from unnest($2::date[]) a (day)
             join site_columns c on c.org_id = $1 and c.name = any ($3)
              and c.day = least(a.day, (select max(day) from site_running_sums where org_id = $1))",
        );
        Self::read(&rows.bind(org).bind(days).bind(&asked).fetch_all(&mut **tx).await?, names.len())
    }

    /// Of the people of each week so far: employed, and active.
    pub(super) async fn of_weeks(tx: &mut OrgTx, days: &[NaiveDate]) -> Result<Self> {
        const ASKED: [&str; 3] = ["week_site_id", "week_employed", "week_active"];
        let org = tx.org().0;
        let rows = sqlx::query(
            "select day, array_position($3, name), cells from site_columns
             where org_id = $1 and day = any ($2) and name = any ($3)",
        );
        Self::read(&rows.bind(org).bind(days).bind(&ASKED[..]).fetch_all(&mut **tx).await?, ASKED.len() - 1)
    }

    fn read(rows: &[PgRow], columns: usize) -> Result<Self> {
        let mut days: HashMap<NaiveDate, Day> = HashMap::new();
        for row in rows {
            let day = days.entry(row.try_get(0)?).or_default();
            let (place, bytes): (i32, &[u8]) = (row.try_get(1)?, row.try_get(2)?);
            day.cells.resize_with(columns, Vec::new);
            match usize::try_from(place).unwrap_or_default().checked_sub(2) {
                None => day.sites = values(bytes).map(|bytes| SiteId(Uuid::from_bytes(bytes))).collect(),
                Some(column) => day.cells[column] = values(bytes).map(i64::from_be_bytes).collect(),
            }
        }
        Ok(Self(days))
    }

    /// The values of each of some sites (`None`: of all) on a day, by the place of the column.
    pub(super) fn on(
        &self,
        day: NaiveDate,
        only: Option<&HashSet<Uuid>>,
    ) -> impl Iterator<Item = (SiteId, impl Fn(usize) -> i64)> {
        let cells = move |day, nth| move |column| Day::cell(day, column, nth);
        self.0.get(&day).into_iter().flat_map(move |day| day.of(only).map(move |(nth, site)| (site, cells(day, nth))))
    }

    /// What each of some sites (`None`: of all) did in a period; the columns are the sums at these places of
    /// [`Sums::COLUMNS`].
    pub(super) fn in_period(
        &self,
        period: Period,
        places: &[usize],
        only: Option<&HashSet<Uuid>>,
    ) -> impl Iterator<Item = (SiteId, Sums)> {
        let before = period.first.pred_opt().and_then(|day| self.0.get(&day));
        self.0.get(&period.last).into_iter().flat_map(move |last| {
            last.of(only).map(move |(nth, site)| {
                let was = before.and_then(|before| Some((before, before.place(nth, site)?)));
                let mut sums = [0; Sums::COLUMNS.len()];
                for (column, place) in places.iter().enumerate() {
                    sums[*place] = last.cell(column, nth) - was.map_or(0, |(before, nth)| before.cell(column, nth));
                }
                (site, Sums::from_array(sums))
            })
        })
    }
}

impl Day {
    fn of(&self, only: Option<&HashSet<Uuid>>) -> impl Iterator<Item = (usize, SiteId)> {
        let sites = self.sites.iter().copied().enumerate();
        sites.filter(move |(_, site)| only.is_none_or(|only| only.contains(&site.0)))
    }

    fn cell(&self, column: usize, nth: usize) -> i64 {
        self.cells.get(column).and_then(|cells| cells.get(nth)).copied().unwrap_or_default()
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
