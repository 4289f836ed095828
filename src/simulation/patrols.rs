//! Patrol rounds: which were walked, which points were seen and when, what was found on them.

use super::Simulation;
use super::dice::{Dice, Topic, logistic};
use super::form::Form;
use super::people::Worker;
use super::roster::{Part, Shift};

/// A round. Moments are seconds since 1970.
#[derive(Debug)]
pub(super) struct Tour {
    pub planned: i64,
    pub started: Option<i64>,
    pub completed: Option<i64>,
    pub found: usize,
    pub missed: usize,
    /// Planned and visited, point by point.
    pub points: Vec<(i64, Option<i64>)>,
}

/// What the points of a round are called.
pub(super) const POINTS: [&str; 6] =
    ["Main gate", "North fence", "Loading bay", "Plant room", "Parking level 1", "Roof access"];

/// Seconds from point to point.
const STEP: i64 = 9 * 60;

impl Simulation {
    /// The rounds of a shift to which its worker came.
    pub(super) fn tours(&self, shift: &Shift<'_>, worker: &Worker) -> Vec<Tour> {
        if !worker.patrols {
            return Vec::new();
        }
        let mut dice = shift.dice(self.plan.seed, Topic::Patrol);
        let form = self.form(worker, shift.day);
        let rounds: &[i64] = if shift.part == Part::Night { &[60, 280] } else { &[150] };
        rounds.iter().map(|minutes| tour(shift, shift.starts + 60 * minutes, form, &mut dice)).collect()
    }
}

fn tour(shift: &Shift<'_>, planned: i64, form: Form, dice: &mut Dice) -> Tour {
    let points = shift.site.checkpoints;
    let planned_points = (0..points).map(|point| planned + STEP * (point as i64 + 1));
    let chances = 0.05 * (1.0 + f64::from(u8::from(shift.part == Part::Night)));
    let there = dice.count(chances);
    if dice.chance(logistic(-3.8 - 1.1 * form.conscience)) {
        return Tour {
            planned,
            started: None,
            completed: None,
            found: 0,
            missed: there,
            points: planned_points.map(|planned| (planned, None)).collect(),
        };
    }
    let delay = (60.0 * (2.5 - 1.6 * form.punctuality + 4.4 * dice.bell()).clamp(-9.0, 40.0)) as i64;
    let points: Vec<_> = planned_points
        .map(|planned| {
            let seen = dice.chance(logistic(3.5 + 1.05 * form.conscience));
            let drift = (60.0 * 3.6 * dice.bell()) as i64;
            (planned, seen.then_some(planned + delay + drift))
        })
        .collect();
    let last = points.iter().filter_map(|(_, visited)| *visited).max();
    let complete = points.iter().all(|(_, visited)| visited.is_some()) || dice.chance(0.7);
    let found = (0..there).filter(|_| dice.chance(logistic(1.7 + 0.7 * form.conscience))).count();
    let started = planned + delay.min(STEP);
    Tour {
        planned,
        started: Some(started),
        completed: last.filter(|_| complete).map(|last| last.max(started) + 90),
        found,
        missed: there - found,
        points,
    }
}
