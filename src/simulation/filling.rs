//! Which open shifts are filled: the planted chance of each, and the offers by which it comes to pass.

use chrono::{Datelike, NaiveDate};

use super::Simulation;
use super::dice::{Dice, Topic, logistic};
use super::leaving::Cause;
use super::people::{Role, Worker};
use super::plan::Plan;
use super::roster::{Shift, Turn};

/// The planted effects on the chance that a shift posted open is filled by its start, in logits; [`super::truths`]
/// writes them down.
pub(super) mod effect {
    /// A shift of a guard in the afternoon of an average weekday at an average site, posted 48 hours ahead.
    pub const BASE: f64 = 0.3;
    /// Deviation between sites.
    pub const SITE: f64 = 0.6;
    /// Monday … Sunday.
    pub const WEEKDAY: [f64; 7] = [0.3, 0.35, 0.3, 0.1, -0.3, -0.7, -0.9];
    /// Starts from 5 to 11 o'clock.
    pub const MORNING: f64 = 0.35;
    /// Starts from 20 to 4 o'clock.
    pub const NIGHT: f64 = -0.8;
    /// For each factor of e that it was posted earlier than 48 hours before its start.
    pub const LEAD: f64 = 0.7;
    pub const CLEANING: f64 = 0.2;
    pub const MAINTENANCE: f64 = -0.7;
    pub const SUPERVISION: f64 = -0.7;
    /// On a public holiday.
    pub const HOLIDAY: f64 = -1.3;
}

/// An offer of an open shift.
#[derive(Debug)]
pub(super) struct Offer<'a> {
    pub worker: &'a Worker,
    pub offered: i64,
    pub answered: Option<i64>,
    pub accepted: bool,
    pub overtime: bool,
}

/// How easily the open shifts of a site are filled.
pub(super) fn appeal(plan: &Plan, site: usize) -> f64 {
    effect::SITE * Dice::new(plan.seed, Topic::Fill, site as u64, plan.company as u64).bell()
}

/// How long before its start an open shift is posted.
pub(super) fn lead_hours(dice: &mut Dice) -> f64 {
    8.0 + 136.0 * dice.unit().powf(1.3)
}

impl Simulation {
    /// The shifts of business day `from` and later that were posted open by today, with the planted chance that each is
    /// filled by its start. Whether it was filled is one throw of that chance and depends on nothing else.
    pub fn open_shifts(&self, from: NaiveDate) -> impl Iterator<Item = (String, f64)> + '_ {
        let days = from.max(self.plan.first_day)..=self.plan.last_planned();
        self.weeks(from)
            .flat_map(move |monday| self.sites.iter().flat_map(move |site| self.week(site, monday)))
            .filter(move |shift| days.contains(&shift.day) && shift.posted < self.now())
            .filter_map(|shift| shift.chance.map(|chance| (shift.reference, chance)))
    }

    /// The planted chance that an open shift is filled by its start.
    fn chance(&self, shift: &Shift<'_>) -> f64 {
        let hour = (shift.starts + i64::from(shift.offset)).rem_euclid(86_400) / 3600;
        let part = match hour {
            5..=11 => effect::MORNING,
            12..=19 => 0.0,
            _ => effect::NIGHT,
        };
        let skill = match shift.role {
            Role::Guard => 0.0,
            Role::Cleaner => effect::CLEANING,
            Role::Technician => effect::MAINTENANCE,
            Role::Supervisor => effect::SUPERVISION,
        };
        let lead = (shift.starts - shift.posted) as f64 / 3600.0;
        let holiday = if self.is_holiday(shift.day) { effect::HOLIDAY } else { 0.0 };
        let weekday = effect::WEEKDAY[shift.day.weekday().num_days_from_monday() as usize];
        logistic(
            effect::BASE + shift.site.appeal + weekday + part + effect::LEAD * (lead / 48.0).ln() + skill + holiday,
        )
    }

    /// Decides whether an open shift is filled, and lets the offers to some of the pool tell so, one after the other.
    pub(super) fn offer<'a>(
        &self,
        shift: &mut Shift<'a>,
        place: usize,
        pool: Vec<usize>,
        turns: &mut [Turn<'a>],
        dice: &mut Dice,
    ) {
        let chance = self.chance(shift);
        shift.chance = Some(chance);
        let filled = dice.chance(chance);
        let mut willing: Vec<(f64, usize)> = pool
            .into_iter()
            .map(|index| {
                let worker = turns[index].worker;
                // Those who leave because they are asked all the time say no and are asked first.
                let refuses = worker.leaves_for(Cause::OffersRejected, shift.day, 63);
                let readiness = if refuses { 0.0 } else { logistic(-0.15 + 0.9 * worker.nature.eagerness) };
                (if refuses { -1.0 } else { dice.unit().powf(1.0 / readiness.max(0.01)) }, index)
            })
            .collect();
        willing.sort_by(|a, b| a.0.total_cmp(&b.0));
        let taker = if filled { willing.pop() } else { None };
        let asked = if filled { [0, 0, 0, 0, 0, 1, 1, 1, 2, 2][dice.index(10)] } else { 3 };
        let refuser = usize::from(willing.first().is_some_and(|(readiness, _)| *readiness < 0.0));
        let refusals = willing.iter().take(asked.max(refuser)).map(|(_, index)| (*index, false));
        let mut at = shift.posted;
        for (index, accepted) in refusals.chain(taker.map(|(_, index)| (index, true))) {
            at = self.ask(shift, &turns[index], at, accepted, dice) + 60;
            if accepted {
                turns[index].days[place] = true;
                turns[index].extra = true;
            }
        }
    }

    /// One offer and its answer; says when it came.
    fn ask<'a>(&self, shift: &mut Shift<'a>, turn: &Turn<'a>, asked: i64, accepted: bool, dice: &mut Dice) -> i64 {
        let patience = (shift.starts - 1800 - asked) as f64;
        let at = asked + 60 + (patience * (0.02 + 0.4 * dice.unit().powi(2))) as i64;
        let answered = Some(at).filter(|_| accepted || !dice.chance(0.1));
        let worked = turn.days.iter().filter(|works| **works).count() as i64;
        let overtime = (worked + 1) * 8 > turn.worker.weekly_hours;
        shift.offers.push(Offer { worker: turn.worker, offered: asked, answered, accepted, overtime });
        if accepted {
            shift.worker = Some(turn.worker);
            (shift.filled, shift.by, shift.overtime, shift.nth) = (answered, "offer", overtime, 9);
        }
        at
    }
}
