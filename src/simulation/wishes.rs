//! When people can work, and what they would like.

use std::io::Write;

use super::Simulation;
use super::dice::{Dice, Topic};
use super::leaving::Cause;
use super::people::{Rhythm, Worker};
use super::rows::Rows;

impl Simulation {
    fn wishes_of(&self, worker: &Worker) -> Dice {
        Dice::new(self.plan.seed, Topic::Wishes, worker.key(), self.plan.company as u64)
    }

    /// The hours of those who said so; all others can work at any time. Kept by every roster, see [`Rhythm::allows`].
    pub(super) fn availability<W: Write>(&self, rows: &mut Rows<W>) {
        for worker in self.known_workers() {
            let (from, until) = match worker.rhythm {
                Rhythm::Days => ("05:00", "24:00"),
                Rhythm::Nights => ("13:00", "10:00"),
                Rhythm::Rotating => continue,
            };
            if self.wishes_of(worker).chance(0.25) {
                continue;
            }
            for weekday in 1..=7 {
                rows.text(&worker.number).whole(weekday).text(from).text(until).date(worker.hired_on).text("").end();
            }
        }
    }

    pub(super) fn preferences<W: Write>(&self, rows: &mut Rows<W>) {
        for worker in self.known_workers() {
            let mut dice = self.wishes_of(worker);
            let (_, part, site, other) = (dice.unit(), dice.unit(), dice.unit(), dice.index(self.sites.len()));
            let wish = match worker.rhythm {
                _ if worker.cause == Some(Cause::UnfairNights) => Some(("avoids", "night")),
                Rhythm::Days if part < 0.3 => Some(("prefers", "day")),
                Rhythm::Nights if part < 0.5 => Some(("prefers", "night")),
                Rhythm::Rotating if part < 0.15 => Some(("avoids", "night")),
                _ => None,
            };
            if let Some((wish, part)) = wish {
                rows.text(&worker.number).text(wish).text("").text(part).end();
            }
            if worker.shown || site < 0.12 {
                rows.text(&worker.number).text("prefers").text(&self.sites[worker.site].code).text("").end();
            } else if site > 0.95 && other != worker.site {
                rows.text(&worker.number).text("avoids").text(&self.sites[other].code).text("").end();
            }
        }
    }
}
