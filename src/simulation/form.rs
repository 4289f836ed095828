//! How somebody is on a given day: nature, experience, what happened at the site, and slow ups and downs.

use std::f64::consts::TAU;

use chrono::NaiveDate;

use super::Simulation;
use super::leaving::Cause;
use super::people::Worker;

/// The planted effects, in deviations of a nature; [`super::truths`] writes them down.
pub(super) mod effect {
    /// On reliability and punctuality, three weeks after the site's supervisor left; half of it on conscience.
    pub const SUPERVISOR_LEFT: f64 = -1.3;
    /// On skill, on the first day; it fades.
    pub const NEW_IN_THE_JOB: f64 = -1.4;
    /// Days in which two thirds of the above fade.
    pub const LEARNING_DAYS: f64 = 70.0;
    /// The same with a mentor.
    pub const LEARNING_DAYS_MENTORED: f64 = 35.0;
    /// On reliability, punctuality and conscience, in the last weeks before leaving.
    pub const ABOUT_TO_LEAVE: f64 = -0.9;
    /// On punctuality, for each km of commute beyond ten.
    pub const COMMUTE_PER_KM: f64 = -0.035;
    /// On every side, from the day after a conversation: about [`COACHED_POINTS`] of BPI for those who are talked with.
    pub const COACHED: f64 = 0.71;
    /// What the above comes to, in points of BPI, on average.
    pub const COACHED_POINTS: f64 = 6.0;
    /// Height of everybody's slow ups and downs.
    pub const DRIFT: f64 = 0.45;
}

/// A nature on one day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    pub reliability: f64,
    pub punctuality: f64,
    pub skill: f64,
    pub conscience: f64,
}

impl Simulation {
    /// How `worker` is on `day`.
    pub(super) fn form(&self, worker: &Worker, day: NaiveDate) -> Form {
        let Form { reliability, punctuality, skill, conscience } = self.uncoached_form(worker, day);
        let lift = self.lift(worker, day);
        Form {
            reliability: reliability + lift,
            punctuality: punctuality + lift,
            skill: skill + lift,
            conscience: conscience + lift,
        }
    }

    /// How `worker` would be on `day` without any conversation.
    pub(super) fn uncoached_form(&self, worker: &Worker, day: NaiveDate) -> Form {
        let nature = worker.nature;
        let since = (day - self.plan.first_day).num_days() as f64;
        let height = if worker.shown { 1.5 * effect::DRIFT } else { effect::DRIFT };
        // Two waves of different length, so that no two windows of four weeks are alike for long.
        let wave = |days: f64, shift: f64| height * (TAU * since / days + nature.phase + shift).sin();
        let unled = self.unled(worker, day) * effect::SUPERVISOR_LEFT;
        let leaving = worker.leaving(day, 45).filter(|_| worker.cause != Some(Cause::Planted));
        let leaving = leaving.map_or(0.0, |days| effect::ABOUT_TO_LEAVE * (1.0 - days as f64 / 60.0));
        let tired = if worker.leaves_for(Cause::LongCommute, day, 60) { -0.8 } else { 0.0 };
        Form {
            reliability: nature.reliability + unled + leaving + wave(126.0, 0.0),
            punctuality: nature.punctuality
                + unled
                + leaving
                + tired
                + wave(91.0, 1.3)
                + effect::COMMUTE_PER_KM * (worker.commute_km - 10.0).max(0.0),
            skill: nature.skill + self.experience(worker, day) + wave(84.0, 2.6),
            conscience: nature.conscience + 0.5 * unled + leaving + wave(98.0, 4.0),
        }
    }

    fn experience(&self, worker: &Worker, day: NaiveDate) -> f64 {
        let tenure = (day - worker.hired_on).num_days() as f64;
        let mentored = self.mentor_of(worker).is_some();
        let days = if mentored { effect::LEARNING_DAYS_MENTORED } else { effect::LEARNING_DAYS };
        effect::NEW_IN_THE_JOB * (-tenure / days).exp()
    }

    /// How much the loss of the supervisor is felt, 0–1.
    fn unled(&self, worker: &Worker, day: NaiveDate) -> f64 {
        if worker.site != self.unled_site || worker.cause == Some(Cause::Planted) {
            return 0.0;
        }
        ((day - self.unled_since).num_days() as f64 / 21.0).clamp(0.0, 1.0)
    }
}
