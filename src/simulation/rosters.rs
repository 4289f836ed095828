//! Rosters: by hand first, generated later; and, at some sites, the rules that those made by hand broke.

use std::io::Write;

use chrono::{Days, NaiveDate};

use super::Simulation;
use super::calendar::{monday, week_number};
use super::dice::{Dice, Topic};
use super::moments::Moments;
use super::people::Worker;
use super::plan::Plan;
use super::roster::{Part, Shift, Turn};
use super::rows::Rows;
use super::sites::Site;

/// At every third site the rules are not looked at so closely; not at the first two, where the demo worker is.
const CARELESS: usize = 2;
/// How often there somebody works all seven days, of worker-weeks on rosters made by hand.
const OVERWORKED: f64 = 0.01;
/// How often there somebody comes back too early, of the same.
const SHORT_REST: f64 = 0.02;
/// What remains of both where rosters are generated: lines changed by hand.
const OVERRIDDEN: f64 = 0.15;

/// The Monday from which a site's rosters are generated: one after the other in the first two thirds of the time.
pub(super) fn generated_from(plan: &Plan, site: usize) -> NaiveDate {
    let mut dice = Dice::new(plan.seed, Topic::Rosters, site as u64, u64::MAX);
    let days = plan.size().days as f64 * dice.between(0.15, 0.65);
    monday(plan.first_day + Days::new(days as u64))
}

impl Site {
    /// Whether the roster for this day was made by hand.
    pub fn by_hand(&self, day: NaiveDate) -> bool {
        day < self.generated_from
    }

    fn is_careless(&self) -> bool {
        self.index % 3 == CARELESS
    }

    fn carelessness(&self, day: NaiveDate) -> f64 {
        match (self.is_careless(), self.by_hand(day)) {
            (false, _) => 0.0,
            (true, true) => 1.0,
            (true, false) => OVERRIDDEN,
        }
    }

    /// How the roster of a week is referred to.
    pub fn roster_reference(&self, monday: NaiveDate) -> String {
        format!("R-{}-{}", self.code, monday.format("%y%m%d"))
    }
}

impl Simulation {
    fn rules(&self, worker: &Worker, monday: NaiveDate) -> Dice {
        Dice::new(self.plan.seed, Topic::Rosters, worker.key(), week_number(monday).unsigned_abs())
    }

    /// Whether somebody is put on all seven days: 56 hours, where 55 are the limit.
    pub(super) fn overworked(&self, site: &Site, worker: &Worker, monday: NaiveDate) -> bool {
        self.rules(worker, monday).chance(OVERWORKED * site.carelessness(monday))
    }

    /// A morning right after a late shift: eight hours of rest, where twelve are the rule.
    pub(super) fn short_rest<'a>(
        &'a self,
        site: &'a Site,
        turn: &mut Turn<'a>,
        monday: NaiveDate,
    ) -> Option<Shift<'a>> {
        let mut dice = self.rules(turn.worker, monday);
        let (_, tight) = (dice.unit(), dice.chance(SHORT_REST * 3.0 * site.carelessness(monday)));
        let place = (1..7).find(|place| turn.days[place - 1] && !turn.days[*place])?;
        let day = monday + Days::new(place as u64);
        let may = tight && turn.part == Part::Late && turn.worker.employed(day) && !self.on_holiday(turn.worker, day);
        may.then(|| {
            let nth = turn.days.iter().filter(|works| **works).count();
            turn.days[place] = true;
            Shift { by: "manual", breaks: true, ..self.rostered(site, turn.worker, day, Part::Early, nth) }
        })
    }

    /// The roster of each site and week, as it was confirmed.
    pub(super) fn rosters<W: Write>(&self, from: NaiveDate, rows: &mut Rows<W>) {
        for (monday, site) in self.weeks(from).flat_map(|monday| self.sites.iter().map(move |site| (monday, site))) {
            if rows.is_broken() {
                return;
            }
            self.roster(site, monday, rows);
        }
    }

    fn roster<W: Write>(&self, site: &Site, monday: NaiveDate, rows: &mut Rows<W>) {
        let week = self.week(site, monday);
        let planned: Vec<&Shift<'_>> =
            week.iter().filter(|shift| shift.planned && shift.day >= self.plan.first_day).collect();
        let filled = || planned.iter().filter(|shift| shift.chance.is_none());
        let cost: i64 = filled().filter_map(|shift| Some(self.pay(shift, shift.worker?).total())).sum();
        let minutes: i64 = filled().map(|shift| shift.minutes()).sum();
        let made = Making::of(self, site, monday, planned.len());
        let offset = Moments::new(self.plan.company.zone(), monday - Days::new(15)).offset(9 * 60);
        rows.text(&site.roster_reference(monday)).text(&site.code).date(monday).date(monday + Days::new(6));
        rows.text(made.algorithm).whole(planned.len() as i64).whole(filled().count() as i64).whole(minutes);
        rows.whole(made.solve_ms).whole(made.planning_minutes).hundredths(cost);
        rows.hundredths(self.weekly_budget(site, monday)).moment(made.generated, offset).moment(made.confirmed, offset);
        rows.whole(made.overrides).whole(planned.iter().filter(|shift| shift.breaks).count() as i64).end();
    }
}

/// How a roster came about.
struct Making {
    algorithm: &'static str,
    solve_ms: Option<i64>,
    planning_minutes: i64,
    generated: i64,
    confirmed: i64,
    overrides: i64,
}

impl Making {
    fn of(simulation: &Simulation, site: &Site, monday: NaiveDate, shifts: usize) -> Self {
        let week = week_number(monday).unsigned_abs();
        let mut dice = Dice::new(simulation.plan.seed, Topic::Rosters, u64::MAX - site.index as u64, week);
        let begun =
            Moments::new(simulation.plan.company.zone(), monday - Days::new(15)).at(9 * 60) + dice.whole(0, 7200);
        if site.by_hand(monday) {
            let minutes = (270.0 + 30.0 * dice.bell() + 0.5 * shifts as f64).max(180.0) as i64;
            return Self {
                algorithm: "manual",
                solve_ms: None,
                planning_minutes: minutes,
                generated: begun + minutes * 60,
                confirmed: begun + minutes * 60 + dice.whole(0, 14_400),
                overrides: 0,
            };
        }
        let overrides = dice.count(1.3).min(shifts) as i64;
        let minutes = 5 + dice.whole(0, 6) + 2 * overrides;
        Self {
            algorithm: "generated",
            solve_ms: Some(200 + (shifts as f64 * dice.between(4.0, 9.0)) as i64),
            planning_minutes: minutes,
            generated: begun,
            confirmed: begun + minutes * 60,
            overrides,
        }
    }
}
