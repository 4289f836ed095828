//! The jobs and placements a page is made of, as they were on the clocks of their sites, and what is counted of them.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use indexmap::IndexSet;

use super::measures::{Cell, Stayed, Sums};
use crate::metrics::Period;
use crate::units::Rate;

/// How long before a day somebody may have begun to be asked whether they stayed.
const YEAR: Days = Days::new(365);

/// Where something is: for which client, by its place among them, and on what clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub client: usize,
    pub zone: Tz,
}

impl Place {
    pub fn day(self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }
}

/// Of what work for which client.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    category: usize,
    client: usize,
}

/// A job that was offered.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub kind: Kind,
    pub posted: NaiveDate,
    /// When it was closed, and how many days that took.
    pub closed: Option<(NaiveDate, f64)>,
    pub filled: bool,
}

impl Job {
    pub fn new(kind: Kind, place: Place, posted: DateTime<Utc>, closed: Option<DateTime<Utc>>, filled: bool) -> Self {
        let closed = closed.map(|at| (place.day(at), (at - posted).as_seconds_f64() / 86_400.0));
        Self { kind, posted: place.day(posted), closed, filled }
    }

    fn is_open_at_the_end_of(&self, day: NaiveDate) -> bool {
        self.posted <= day && self.closed.is_none_or(|(closed, _)| closed > day)
    }
}

/// From when to when somebody was there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stay {
    pub started_on: NaiveDate,
    pub ended_on: Option<NaiveDate>,
}

/// Somebody who began.
#[derive(Debug, Clone)]
pub(super) struct Placement {
    pub kind: Kind,
    /// When their job was posted.
    pub posted: NaiveDate,
    pub started_on: NaiveDate,
    /// Hundredths.
    pub fee: i64,
    /// Hundredths.
    pub cost: Option<i64>,
    pub satisfaction: Option<i16>,
}

impl Placement {
    fn sums(&self) -> Sums {
        Sums {
            placements: 1,
            fees: self.fee,
            costed: i64::from(self.cost.is_some()),
            cost: self.cost.unwrap_or(0),
            costed_fees: if self.cost.is_some() { self.fee } else { 0 },
            marks: i64::from(self.satisfaction.is_some()),
            points: self.satisfaction.unwrap_or(0).into(),
            ..Sums::default()
        }
    }
}

/// All of them that a period, the one before and the year before its end ask for.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    /// What work there is.
    categories: IndexSet<String>,
    /// Whom for; none: for nobody else.
    clients: IndexSet<Option<String>>,
    pub jobs: Vec<Job>,
    /// Of the period and the one before.
    pub placements: Vec<Placement>,
    /// Of these, and of the year before the end.
    pub stays: Vec<Stay>,
}

impl Facts {
    /// None yet, for these clients.
    pub fn of(clients: IndexSet<Option<String>>) -> Self {
        Self { clients, ..Self::default() }
    }

    /// Work of this category at a place.
    pub fn kind(&mut self, category: String, place: Place) -> Kind {
        Kind { category: self.categories.insert_full(category).0, client: place.client }
    }

    /// The jobs posted and placements begun in a period, by category and client, with how many days it took to fill the jobs
    /// filled in it, and until the first day of those placements.
    pub fn cells(&self, period: Period) -> Vec<Cell<'_>> {
        let mut cells = Vec::with_capacity(self.categories.len() * self.clients.len());
        for category in &self.categories {
            cells.extend(self.clients.iter().map(|client| Cell {
                category,
                client: client.as_deref(),
                ..Cell::default()
            }));
        }
        let at = |kind: Kind| kind.category * self.clients.len() + kind.client;
        for job in &self.jobs {
            let cell = &mut cells[at(job.kind)];
            if period.contains(job.posted) {
                cell.sums.posted += 1;
                cell.sums.closed += i64::from(job.closed.is_some());
                cell.sums.filled += i64::from(job.filled);
            }
            if let Some((_, days)) = job.closed.filter(|(day, _)| job.filled && period.contains(*day)) {
                cell.days_to_fill.push(days);
            }
        }
        for placement in self.placements.iter().filter(|it| period.contains(it.started_on)) {
            let cell = &mut cells[at(placement.kind)];
            cell.sums = cell.sums + placement.sums();
            cell.days_to_hire.push((placement.started_on - placement.posted).num_days() as f64);
        }
        cells
    }

    /// Of the placements that could reach so many days by the last day and began in the year before, those that did.
    pub fn stayed(&self, last: NaiveDate, days: u32) -> Stayed {
        let stay = Days::new(days.into());
        let began = Period { first: last - stay - YEAR, last: last - stay };
        let mut rate = Rate::default();
        for it in self.stays.iter().filter(|it| began.contains(it.started_on)) {
            rate.of += 1;
            rate.hit += i64::from(it.ended_on.is_none_or(|end| end >= it.started_on + stay));
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

    const PLACE: Place = Place { client: 0, zone: Tz::Africa__Johannesburg };

    fn nothing() -> (Facts, Kind) {
        let mut facts = Facts::of([Some("Fynbos".to_owned())].into());
        let kind = facts.kind("guard".into(), PLACE);
        (facts, kind)
    }

    const MARCH: fn() -> Period = || Period { first: day("2026-03-01"), last: day("2026-03-31") };

    #[test]
    fn a_job_is_of_the_day_it_was_posted_on_the_clock_of_its_site() {
        let (mut facts, kind) = nothing();
        let job =
            |posted: &str, closed: Option<&str>, filled| Job::new(kind, PLACE, at(posted), closed.map(at), filled);
        facts.jobs = vec![
            job("2026-02-28T22:00:00Z", Some("2026-03-02T10:00:00Z"), true),
            job("2026-03-31T22:00:00Z", None, false),
            job("2026-03-31T21:59:59Z", Some("2026-04-02T08:00:00Z"), false),
        ];
        let cells = facts.cells(MARCH());
        assert_eq!(cells.len(), 1);
        assert_eq!((cells[0].sums.posted, cells[0].sums.closed, cells[0].sums.filled), (2, 2, 1));
        assert_eq!(cells[0].days_to_fill, [1.5]);
        assert_eq!((facts.open(day("2026-03-31")), facts.open(day("2026-04-02"))), (1, 1));
    }

    #[test]
    fn who_stayed_is_asked_of_those_who_could_have() {
        let mut facts = nothing().0;
        let stay = |on: &str, until: Option<&str>| Stay { started_on: day(on), ended_on: until.map(day) };
        facts.stays = vec![
            stay("2026-03-01", None),
            stay("2026-03-01", Some("2026-03-30")),
            stay("2026-03-01", Some("2026-03-31")),
            stay("2026-03-02", None),
            stay("2025-02-28", None),
        ];
        assert_eq!(facts.stayed(day("2026-03-31"), 30).rate, Rate { hit: 2, of: 3 });
    }

    #[test]
    fn who_began_in_the_period_counts_with_the_days_since_the_job_was_posted() {
        let (mut facts, kind) = nothing();
        let began = |on: &str, cost| Placement {
            kind,
            posted: day("2026-01-01"),
            started_on: day(on),
            fee: 100,
            cost,
            satisfaction: None,
        };
        facts.placements = vec![began("2026-02-28", None), began("2026-03-01", None), began("2026-03-02", Some(40))];
        let all = facts.cells(MARCH());
        let sums = all[0].sums;
        assert_eq!((sums.placements, sums.fees, sums.costed, sums.cost, sums.costed_fees), (2, 200, 1, 40, 100));
        assert_eq!(all[0].days_to_hire, [59.0, 60.0]);
    }
}
