//! The jobs and placements a page is made of, as they were on the clocks of their sites, and what is counted of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use super::measures::{Cell, Stayed, Sums};
use crate::metrics::Period;
use crate::units::Rate;

/// How long before a day somebody may have begun to be asked whether they stayed.
const YEAR: Days = Days::new(365);

/// Where something is: whose site, and on what clock.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub client: Option<Arc<str>>,
    pub zone: Tz,
}

impl Place {
    fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }
}

/// A job that was offered.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub category: String,
    pub place: Place,
    pub posted_at: DateTime<Utc>,
    pub closed_at: Option<DateTime<Utc>>,
    pub filled: bool,
}

/// Somebody who began.
#[derive(Debug, Clone)]
pub(super) struct Placement {
    pub category: String,
    pub place: Place,
    pub posted_at: DateTime<Utc>,
    pub started_on: NaiveDate,
    pub ended_on: Option<NaiveDate>,
    /// Hundredths.
    pub fee: i64,
    /// Hundredths.
    pub cost: Option<i64>,
    pub satisfaction: Option<i16>,
}

/// All of them that a period, the one before and the year before its end ask for.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    pub jobs: Vec<Job>,
    pub placements: Vec<Placement>,
}

/// By category and client.
type Cells<'f> = BTreeMap<(&'f str, Option<&'f str>), Cell>;

fn cell<'c, 'f>(cells: &'c mut Cells<'f>, category: &'f str, place: &'f Place) -> &'c mut Cell {
    let client = place.client.as_deref();
    cells.entry((category, client)).or_insert_with(|| Cell {
        category: category.to_owned(),
        client: client.map(str::to_owned),
        ..Cell::default()
    })
}

impl Job {
    fn add_to<'f>(&'f self, cells: &mut Cells<'f>, period: Period) {
        let closed = self.closed_at.map(|at| (at, self.place.day(at)));
        if period.contains(self.place.day(self.posted_at)) {
            let sums = &mut cell(cells, &self.category, &self.place).sums;
            sums.posted += 1;
            sums.closed += i64::from(closed.is_some());
            sums.filled += i64::from(self.filled);
        }
        if let Some((at, _)) = closed.filter(|(_, day)| self.filled && period.contains(*day)) {
            let days = (at - self.posted_at).as_seconds_f64() / 86_400.0;
            cell(cells, &self.category, &self.place).days_to_fill.push(days);
        }
    }

    fn is_open_at_the_end_of(&self, day: NaiveDate) -> bool {
        self.place.day(self.posted_at) <= day && self.closed_at.is_none_or(|at| self.place.day(at) > day)
    }
}

impl Placement {
    fn add_to<'f>(&'f self, cells: &mut Cells<'f>, period: Period) {
        if !period.contains(self.started_on) {
            return;
        }
        let cell = cell(cells, &self.category, &self.place);
        cell.days_to_hire.push((self.started_on - self.place.day(self.posted_at)).num_days() as f64);
        cell.sums = cell.sums
            + Sums {
                placements: 1,
                fees: self.fee,
                costed: i64::from(self.cost.is_some()),
                cost: self.cost.unwrap_or(0),
                costed_fees: if self.cost.is_some() { self.fee } else { 0 },
                marks: i64::from(self.satisfaction.is_some()),
                points: self.satisfaction.unwrap_or(0).into(),
                ..Sums::default()
            };
    }
}

impl Facts {
    /// The jobs posted and placements begun in a period, by category and client, with how many days it took to fill the jobs
    /// filled in it, and until the first day of those placements.
    pub fn cells(&self, period: Period) -> Vec<Cell> {
        let mut cells = Cells::new();
        self.jobs.iter().for_each(|job| job.add_to(&mut cells, period));
        self.placements.iter().for_each(|placement| placement.add_to(&mut cells, period));
        cells.into_values().collect()
    }

    /// Of the placements that could reach so many days by the last day and began in the year before, those that did.
    pub fn stayed(&self, last: NaiveDate, days: u32) -> Stayed {
        let stay = Days::new(days.into());
        let began = Period { first: last - stay - YEAR, last: last - stay };
        let mut rate = Rate::default();
        for placement in self.placements.iter().filter(|it| began.contains(it.started_on)) {
            rate.of += 1;
            rate.hit += i64::from(placement.ended_on.is_none_or(|end| end >= placement.started_on + stay));
        }
        Stayed { days: days.into(), rate }
    }

    /// Jobs posted by the end of a day and not closed by then.
    pub fn open(&self, last: NaiveDate) -> i64 {
        self.jobs.iter().map(|job| i64::from(job.is_open_at_the_end_of(last))).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn place() -> Place {
        Place { client: Some("Fynbos".into()), zone: Tz::Africa__Johannesburg }
    }

    fn job(posted: &str, closed: Option<&str>, filled: bool) -> Job {
        Job { category: "guard".into(), place: place(), posted_at: at(posted), closed_at: closed.map(at), filled }
    }

    const MARCH: fn() -> Period = || Period { first: day("2026-03-01"), last: day("2026-03-31") };

    #[test]
    fn a_job_is_of_the_day_it_was_posted_on_the_clock_of_its_site() {
        let jobs = vec![
            job("2026-02-28T22:00:00Z", Some("2026-03-02T10:00:00Z"), true),
            job("2026-03-31T22:00:00Z", None, false),
            job("2026-03-31T21:59:59Z", Some("2026-04-02T08:00:00Z"), false),
        ];
        let facts = Facts { jobs, placements: Vec::new() };
        let cells = facts.cells(MARCH());
        assert_eq!(cells.len(), 1);
        assert_eq!((cells[0].sums.posted, cells[0].sums.closed, cells[0].sums.filled), (2, 2, 1));
        assert_eq!(cells[0].days_to_fill, [1.5]);
        assert_eq!((facts.open(day("2026-03-31")), facts.open(day("2026-04-02"))), (1, 1));
    }

    #[test]
    fn who_stayed_is_asked_of_those_who_could_have() {
        let began = |on: &str, until: Option<&str>| Placement {
            category: "guard".into(),
            place: place(),
            posted_at: at("2026-01-01T08:00:00Z"),
            started_on: day(on),
            ended_on: until.map(day),
            fee: 100,
            cost: None,
            satisfaction: None,
        };
        let placements = vec![
            began("2026-03-01", None),
            began("2026-03-01", Some("2026-03-30")),
            began("2026-03-01", Some("2026-03-31")),
            began("2026-03-02", None),
            began("2025-02-28", None),
        ];
        let facts = Facts { jobs: Vec::new(), placements };
        assert_eq!(facts.stayed(day("2026-03-31"), 30).rate, Rate { hit: 2, of: 3 });
        let all = facts.cells(MARCH());
        assert_eq!((all[0].sums.placements, all[0].sums.fees, all[0].sums.costed), (4, 400, 0));
        assert_eq!(all[0].days_to_hire, [59.0, 59.0, 59.0, 60.0]);
    }
}
