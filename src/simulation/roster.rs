//! Who works when: the week of a site, with the shifts that stayed open and to whom they were offered.

use chrono::{Days, NaiveDate};

use super::Simulation;
use super::calendar::{season, week_number};
use super::dice::{Dice, Topic};
use super::filling::{Offer, lead_hours};
use super::leaving::Cause;
use super::moments::Moments;
use super::people::{Rhythm, Role, Worker};
use super::sites::Site;

/// Hours between two shifts.
const REST: i64 = 12;

/// What part of the day a shift takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Early,
    Day,
    Late,
    Night,
}

impl Part {
    /// Local hour at which it starts.
    pub fn hour(self, site: &Site) -> i64 {
        match (self, site.midnight) {
            (Self::Early, false) => 6,
            (Self::Early, true) | (Self::Day, _) => 8,
            (Self::Late, false) => 14,
            (Self::Late, true) => 16,
            (Self::Night, false) => 22,
            (Self::Night, true) => 0,
        }
    }
}

/// A shift. Moments are seconds since 1970.
#[derive(Debug)]
pub(super) struct Shift<'a> {
    pub reference: String,
    pub site: &'a Site,
    pub worker: Option<&'a Worker>,
    pub role: Role,
    pub part: Part,
    pub day: NaiveDate,
    pub starts: i64,
    pub ends: i64,
    /// Seconds east of Greenwich when it starts.
    pub offset: i32,
    pub posted: i64,
    pub filled: Option<i64>,
    pub by: &'static str,
    pub overtime: bool,
    /// Which of the worker's shifts of the week it is, from 0.
    pub nth: usize,
    /// Whether the roster of its week plans it.
    pub planned: bool,
    /// Whether the roster broke a rule with it.
    pub breaks: bool,
    /// Of a shift that was posted open: how likely it was to be filled by its start.
    pub chance: Option<f64>,
    pub offers: Vec<Offer<'a>>,
}

impl Shift<'_> {
    pub fn minutes(&self) -> i64 {
        (self.ends - self.starts) / 60
    }

    /// The dice of one side of this shift.
    pub fn dice(&self, seed: u64, topic: Topic) -> Dice {
        let who = self.worker.map_or(u64::MAX, Worker::key);
        Dice::new(seed, topic, who, self.starts.unsigned_abs() << 8 | u64::from(self.by == "offer"))
    }
}

/// The week of one worker as it is being planned.
pub(super) struct Turn<'a> {
    pub worker: &'a Worker,
    pub part: Part,
    /// Whether a Sunday of last week and a Monday of this one would leave too little rest between them.
    pub turned: bool,
    pub days: [bool; 7],
    pub extra: bool,
    /// Whether one of the planned shifts is overtime: then no more is asked.
    pub overtime: bool,
}

/// A shift that needs somebody.
struct Gap {
    place: usize,
    role: Role,
    part: Part,
    planned: bool,
}

impl Simulation {
    /// The shifts of a site in the week that begins on `monday`, day by day.
    pub(super) fn week(&self, site: &Site, monday: NaiveDate) -> Vec<Shift<'_>> {
        let site = &self.sites[site.index];
        let mut shifts = Vec::new();
        let mut gaps = Vec::new();
        let mut turns = Vec::new();
        for worker in self.workers_of(site, monday) {
            let mut turn = self.turn(site, worker, monday, &mut gaps);
            let mut nth = 0;
            for (place, works) in turn.days.into_iter().enumerate() {
                if works {
                    let shift = self.rostered(site, worker, monday + Days::new(place as u64), turn.part, nth);
                    turn.overtime |= shift.overtime;
                    shifts.push(shift);
                    nth += 1;
                }
            }
            shifts.extend(self.short_rest(site, &mut turn, monday));
            turns.push(turn);
        }
        self.post_gaps(site, monday, gaps, &mut turns, &mut shifts);
        shifts.sort_by_key(|shift| shift.day);
        shifts
    }

    fn turn<'a>(&self, site: &Site, worker: &'a Worker, monday: NaiveDate, gaps: &mut Vec<Gap>) -> Turn<'a> {
        let week = week_number(monday);
        let part = part(worker, monday, week);
        let before = self::part(worker, monday - Days::new(7), week - 1);
        let turned = 24 + part.hour(site) - (before.hour(site) + 8) < REST;
        let mut dice = Dice::new(self.plan.seed, Topic::Week, worker.key(), week.unsigned_abs());
        let wanted = self.shifts_a_week(worker, monday, &mut dice);
        let wanted = if self.overworked(site, worker, monday) { 7 } else { wanted };
        let mut order: Vec<(f64, usize)> =
            (0..7).map(|place| (dice.unit().powf(1.0 / self.busy(site, worker.role, monday, place)), place)).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut turn = Turn { worker, part, turned, days: [false; 7], extra: false, overtime: false };
        for (_, place) in order.into_iter().filter(|(_, place)| !(turned && *place == 0)).take(wanted) {
            let day = monday + Days::new(place as u64);
            if !worker.employed(day) {
                continue;
            }
            if self.on_holiday(worker, day) {
                gaps.push(Gap { place, role: worker.role, part, planned: true });
            } else {
                turn.days[place] = true;
            }
        }
        turn
    }

    fn shifts_a_week(&self, worker: &Worker, monday: NaiveDate, dice: &mut Dice) -> usize {
        let five = dice.chance(0.3 + 0.4 * season(monday));
        let block = (week_number(monday) / 6).unsigned_abs();
        // Some lose hours and stay nevertheless.
        let spared = !worker.shown && Dice::new(self.plan.seed, Topic::Hours, worker.key(), block).chance(0.03);
        if worker.leaves_for(Cause::HoursCut, monday, 49) {
            2 + usize::from(dice.chance(0.3))
        } else if spared {
            3
        } else {
            4 + usize::from(five)
        }
    }

    /// How likely work is on a day of the week, about 1.
    fn busy(&self, site: &Site, role: Role, monday: NaiveDate, place: usize) -> f64 {
        let guards = if role == Role::Guard { 0.5 } else { 0.0 }; // gates are staffed on Sundays too
        let busy = guards + (1.0 - guards) * site.week[place];
        if self.is_holiday(monday + Days::new(place as u64)) { 0.5 * busy } else { busy }
    }

    pub(super) fn rostered<'a>(
        &'a self,
        site: &'a Site,
        worker: &'a Worker,
        day: NaiveDate,
        part: Part,
        nth: usize,
    ) -> Shift<'a> {
        let mut shift = self.shift(site, day, part, worker.role, format!("{:05}", worker.slot + 1));
        let mut dice = shift.dice(self.plan.seed, Topic::Hours);
        shift.by = match dice.unit() {
            x if x < 0.03 => "swap",
            x if x < 0.06 => "manual",
            _ => "roster",
        };
        shift.worker = Some(worker);
        shift.filled = Some(shift.posted);
        shift.nth = nth;
        shift.planned = true;
        shift.overtime = nth >= 5 || nth == 4 && site.by_hand(day) && dice.chance(0.5);
        shift.breaks = nth == 6;
        shift
    }

    fn shift<'a>(&'a self, site: &'a Site, day: NaiveDate, part: Part, role: Role, tail: String) -> Shift<'a> {
        let moments = Moments::new(self.plan.company.zone(), day);
        let hour = part.hour(site);
        let monday = super::calendar::monday(day);
        Shift {
            reference: format!("{}-{}-{tail}", site.code, day.format("%y%m%d")),
            site,
            worker: None,
            role,
            part,
            day,
            starts: moments.at(hour * 60),
            ends: moments.at((hour + 8) * 60),
            offset: moments.offset(hour * 60),
            posted: Moments::new(self.plan.company.zone(), monday - Days::new(14)).at(9 * 60),
            filled: None,
            by: "",
            overtime: false,
            nth: 0,
            planned: false,
            breaks: false,
            chance: None,
            offers: Vec::new(),
        }
    }

    fn post_gaps<'a>(
        &'a self,
        site: &'a Site,
        monday: NaiveDate,
        mut gaps: Vec<Gap>,
        turns: &mut [Turn<'a>],
        shifts: &mut Vec<Shift<'a>>,
    ) {
        let mut dice = Dice::new(self.plan.seed, Topic::Open, site.index as u64, week_number(monday).unsigned_abs());
        let planned = shifts.len();
        if planned == 0 {
            return;
        }
        let rush = 0.15 * (0.6 + 0.8 * season(monday));
        for _ in 0..dice.count(planned as f64 * rush) {
            let like = &shifts[dice.index(planned)];
            let place = (like.day - monday).num_days() as usize;
            gaps.push(Gap { place, role: like.role, part: like.part, planned: false });
        }
        for (number, gap) in gaps.into_iter().enumerate() {
            let day = monday + Days::new(gap.place as u64);
            let mut shift = self.shift(site, day, gap.part, gap.role, format!("X{:02}", number + 1));
            shift.posted = shift.starts - (lead_hours(&mut dice) * 3600.0) as i64;
            shift.planned = gap.planned;
            let pool: Vec<usize> =
                (0..turns.len()).filter(|index| self.could_take(&turns[*index], &shift, gap.place)).collect();
            // Where nobody could come at all the site does without: an open shift always has somebody to ask.
            if !pool.is_empty() {
                self.offer(&mut shift, gap.place, pool, turns, &mut dice);
                shifts.push(shift);
            }
        }
    }

    fn could_take(&self, turn: &Turn<'_>, shift: &Shift<'_>, place: usize) -> bool {
        let idle = |place: usize| place < 7 && !turn.days[place];
        let rested = turn.part == shift.part || place > 0 && idle(place - 1) && idle(place + 1);
        turn.worker.role == shift.role
            && !turn.extra
            && !turn.overtime
            && turn.worker.rhythm.allows(shift.part)
            && idle(place)
            && rested
            && !(turn.turned && place == 0)
            && turn.worker.employed(shift.day)
            && !self.on_holiday(turn.worker, shift.day)
            && !self.ill(turn.worker, shift.day)
    }
}

/// The part of the day in which somebody works in a week.
fn part(worker: &Worker, monday: NaiveDate, week: i64) -> Part {
    if worker.leaves_for(Cause::UnfairNights, monday + Days::new(6), 63) {
        return Part::Night;
    }
    match (worker.role, worker.rhythm) {
        (Role::Technician | Role::Supervisor, _) => Part::Day,
        (_, Rhythm::Nights) => Part::Night,
        (_, Rhythm::Days) if worker.slot.is_multiple_of(2) => Part::Early,
        (_, Rhythm::Days) => Part::Late,
        (_, Rhythm::Rotating) => {
            [Part::Early, Part::Early, Part::Late, Part::Night][(week + worker.slot as i64).rem_euclid(4) as usize]
        }
    }
}
