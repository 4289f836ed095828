//! Thanks among colleagues: the good ones get more. Nobody thanks the same person twice within a week.

use chrono::{Days, NaiveDate};

use super::Simulation;
use super::calendar::week_number;
use super::dice::{Dice, Topic};
use super::moments::Moments;
use super::names::KUDOS;
use super::people::Worker;
use super::sites::Site;

/// Thanks.
#[derive(Debug)]
pub(super) struct Thanks<'a> {
    pub to: &'a Worker,
    pub from: &'a Worker,
    pub words: (&'static str, &'static str),
    pub at: i64,
    pub day: NaiveDate,
}

impl Simulation {
    /// The thanks given at a site in the week that begins on `monday`.
    pub(super) fn thanks(&self, site: &Site, monday: NaiveDate) -> Vec<Thanks<'_>> {
        let week = week_number(monday);
        let mut dice = Dice::new(self.plan.seed, Topic::Kudos, site.index as u64, week.unsigned_abs());
        let there: Vec<&Worker> = self.workers_of(site, monday).collect();
        let mut thanks: Vec<Thanks<'_>> = Vec::new();
        for from in &there {
            // Each gives at most one in every other week, so that eight days lie between two of the same pair.
            let turn = (week + from.slot as i64) % 2 == 0;
            let shown = there.iter().find(|to| to.shown).filter(|_| from.slot == self.friend(site) && turn);
            if !turn || shown.is_none() && !dice.chance(0.09) {
                continue;
            }
            let day = monday + Days::new(dice.index(7) as u64);
            let minutes = dice.whole(8 * 60, 20 * 60);
            let words = dice.pick(KUDOS);
            let Some(to) = shown.copied().or_else(|| liked(&there, from, &mut dice)) else { continue };
            if to.index != from.index && to.employed(day) && from.employed(day) {
                let at = Moments::new(self.plan.company.zone(), day).at(minutes);
                thanks.push(Thanks { to, from, words, at, day });
            }
        }
        thanks.sort_by_key(|thanks| thanks.at);
        thanks
    }

    /// Who thanks the worker whom the demo shows, every other week: the supervisor, who stays.
    fn friend(&self, site: &Site) -> usize {
        site.slots.start + 1
    }
}

/// Whom a colleague finds worth thanking: the best of three who come to mind.
fn liked<'a>(there: &[&'a Worker], from: &Worker, dice: &mut Dice) -> Option<&'a Worker> {
    let worth = |worker: &Worker| worker.nature.skill + worker.nature.conscience;
    (0..3)
        .map(|_| there[dice.index(there.len())])
        .filter(|to| to.index != from.index)
        .max_by(|a, b| worth(a).total_cmp(&worth(b)))
}
