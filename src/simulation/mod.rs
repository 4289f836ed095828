//! The demo company: what would the facts of a company look like whose truths we know?
//!
//! A [`Plan`] says which company, how large, from which seed and over which days; [`Simulation::new`] settles who works
//! where and what they are like, and [`Simulation::write`] streams the facts of one table as the CSV that
//! [`crate::intake`] reads. Facts only: everything derived goes through the normal jobs. The same plan gives the same
//! bytes, and a later `today` only goes on with the same history, so that a demo can be topped up.
//!
//! The truths behind the facts (natures, why people leave, the site whose supervisor left) are told by
//! [`Simulation::truths`], for tests of what tries to find them again.

mod attendance;
mod calendar;
mod coaching;
mod customers;
mod dice;
mod fill;
mod filling;
mod form;
mod growth;
mod incidents;
mod kudos;
mod leave;
mod leaving;
mod market;
mod mentoring;
mod moments;
mod money;
mod names;
mod orders;
mod patrols;
mod people;
mod places;
mod plan;
mod records;
mod roster;
mod rosters;
mod rows;
mod sales;
mod sites;
mod staffing;
mod standing;
mod tables;
mod tasks;
mod truths;
mod wishes;

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use chrono::{Datelike, Days, NaiveDate};

use leave::Leave;
use people::Worker;
use sites::Site;

pub use fill::{Filled, Step, fill, found, write_csv};
pub use growth::{Growth, fill_growth, found_platform};
pub use plan::{Company, Plan, Scale, Size};

/// A company as simulated: who works where, what they are like, and what is going to happen to them.
#[derive(Debug)]
pub struct Simulation {
    plan: Plan,
    sites: Vec<Site>,
    workers: Vec<Worker>,
    by_site: Vec<Vec<usize>>,
    leave: Vec<Vec<Leave>>,
    mentors: Vec<Option<usize>>,
    holidays: HashSet<NaiveDate>,
    talked_with_on: Vec<Option<NaiveDate>>,
    unled_site: usize,
    unled_since: NaiveDate,
}

impl Simulation {
    /// Settles everything but the days.
    #[must_use]
    pub fn new(plan: Plan) -> Self {
        let sites = sites::sites(&plan);
        let unled_site = 2.min(sites.len() - 1);
        let unled_since = plan.first_day + Days::new(plan.size().days * 55 / 100);
        let mut workers = Vec::new();
        for site in &sites {
            for slot in site.slots.clone() {
                let planted = site.index == unled_site && site.role(slot) == people::Role::Supervisor;
                workers.extend(people::holders(&plan, site, slot, planted.then_some(unled_since)));
            }
        }
        let mut by_site = vec![Vec::new(); sites.len()];
        for (index, worker) in workers.iter_mut().enumerate() {
            worker.index = index;
            by_site[worker.site].push(index);
        }
        let leave = workers.iter().map(|worker| leave::leave(&plan, worker)).collect();
        let mentors = mentoring::mentors(&plan, &workers, &by_site);
        let years = plan.first_day.year()..=plan.today.year() + 1;
        let holidays =
            years.flat_map(|year| calendar::holidays(plan.company.country(), year)).map(|(day, _)| day).collect();
        let talked_with_on = vec![None; workers.len()];
        let calm =
            Self { plan, sites, workers, by_site, leave, mentors, holidays, talked_with_on, unled_site, unled_since };
        Self { talked_with_on: coaching::conversations(&calm), ..calm }
    }

    /// What is simulated.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    fn is_holiday(&self, day: NaiveDate) -> bool {
        self.holidays.contains(&day)
    }

    /// Who is employed at a site on some day of the week that begins on `monday`.
    fn workers_of(&self, site: &Site, monday: NaiveDate) -> impl Iterator<Item = &Worker> {
        let sunday = monday + Days::new(6);
        self.by_site[site.index]
            .iter()
            .map(|index| &self.workers[*index])
            .filter(move |worker| worker.hired_on <= sunday && worker.left_on.is_none_or(|last| last >= monday))
    }

    fn mentor_of(&self, worker: &Worker) -> Option<&Worker> {
        self.mentors[worker.index].map(|index| &self.workers[index])
    }

    /// Whoever is known by today: those who work, and those who start within the days that are planned ahead.
    fn known_workers(&self) -> impl Iterator<Item = &Worker> {
        let planned = self.plan.last_planned();
        self.workers.iter().filter(move |worker| worker.hired_on <= planned)
    }

    /// The last day of employment, once it is over.
    fn left_on(&self, worker: &Worker) -> Option<NaiveDate> {
        worker.left_on.filter(|last| *last < self.plan.today)
    }
}
