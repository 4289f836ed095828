//! Does the interval hold what it promises? Many companies whose effect of coaching we know.
//!
//! Ability differs between workers and drifts; a day's score is noisy; the stored score is the mean of 28 days. Those
//! whose score has just fallen may be coached: most of them would rise again anyway.

use uuid::Uuid;

use super::{Coached, Course, DAYS_AFTER, DidItWork, Estimate, LeftOut, Peer, estimate};
use crate::units::WorkerId;

/// A small generator (splitmix64 of Steele, Lea & Flood 2014): these tests run without features.
struct Chance(u64);

impl Chance {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn bell(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }
}

const DAYS: usize = 190;
const WINDOW: usize = 28;
const AFTER: usize = DAYS_AFTER as usize;

struct Worker {
    stored: Vec<f64>,
    coached_on: Option<usize>,
}

/// One worker's stored scores; who fell by four points between two windows is coached one time in five, once.
fn live(effect: f64, chance: &mut Chance) -> Worker {
    let ability = 72.0 + 8.0 * chance.bell();
    let mut drift = 4.0 * chance.bell();
    let (mut days, mut stored) = (Vec::with_capacity(DAYS), vec![f64::NAN; DAYS]);
    let mut coached_on = None;
    for day in 0..DAYS {
        drift = 0.975 * drift + 4.0 * (1.0 - 0.975_f64 * 0.975).sqrt() * chance.bell();
        let helped = if coached_on.is_some_and(|on| day > on) { effect } else { 0.0 };
        days.push(ability + drift + helped + 14.0 * chance.bell());
        if day + 1 >= WINDOW {
            stored[day] = days[day + 1 - WINDOW..].iter().sum::<f64>() / WINDOW as f64;
        }
        let fell = day > 60 && day % 7 == 0 && stored[day - 1] - stored[day - 1 - WINDOW] <= -4.0;
        if fell && coached_on.is_none() && chance.unit() < 0.2 {
            coached_on = Some(day);
        }
    }
    Worker { stored, coached_on }
}

fn course(worker: &Worker, on: usize) -> Course {
    Course { earlier: worker.stored[on - 1 - WINDOW], before: worker.stored[on - 1], after: worker.stored[on + AFTER] }
}

fn company(workers: usize, effect: f64, seed: u64) -> Vec<Coached> {
    let mut chance = Chance(seed.wrapping_mul(0x5851_f42d_4c95_7f2d));
    let workers: Vec<Worker> = (0..workers).map(|_| live(effect, &mut chance)).collect();
    let id = |index: usize| WorkerId(Uuid::from_u128(index as u128));
    let peers = |on: usize| {
        let uncoached = |worker: &Worker| worker.coached_on.is_none_or(|other| other + 2 * WINDOW < on || other > on);
        let helped = |worker: &Worker| {
            let own = worker.coached_on.filter(|other| (on..on + AFTER).contains(other));
            own.map_or(0.0, |own| ((on + AFTER - own) as f64 / WINDOW as f64).min(1.0))
        };
        let there = workers.iter().enumerate().filter(|(_, worker)| uncoached(worker));
        there
            .map(|(index, worker)| Peer { worker: id(index), course: course(worker, on), helped: helped(worker) })
            .collect()
    };
    let told = workers.iter().enumerate().filter_map(|(index, worker)| Some((index, worker, worker.coached_on?)));
    told.filter(|(_, _, on)| on + AFTER < DAYS)
        .map(|(index, worker, on)| Coached { worker: id(index), course: course(worker, on), peers: peers(on) })
        .collect()
}

fn measured(workers: usize, effect: f64, seed: u64) -> Estimate {
    match estimate(&company(workers, effect, seed), LeftOut::default()) {
        DidItWork::Measured { estimate, .. } => estimate,
        other => panic!("seed {seed}: {other:?}"),
    }
}

/// Of 100 companies the interval must hold the truth in about 95, and the mean estimate must be near it.
#[track_caller]
fn check(workers: usize, effect: f64) {
    let estimates: Vec<Estimate> = (1..=100).map(|seed| measured(workers, effect, seed)).collect();
    let held = estimates.iter().filter(|it| it.low <= effect && effect <= it.high).count();
    let bias = estimates.iter().map(|it| it.gain - effect).sum::<f64>() / 100.0;
    let width = estimates.iter().map(|it| it.high - it.low).sum::<f64>() / 100.0;
    let rests_on = estimates.iter().map(|it| it.conversations).sum::<usize>() / 100;
    let what = format!("{held} of 100 hold {effect}, bias {bias:.2}, width {width:.2}, conversations {rests_on}");
    println!("{workers} workers: {what}");
    assert!((88..=99).contains(&held) && bias.abs() < 0.5, "{what}");
}

#[test]
fn the_interval_holds_a_planted_effect_of_six_points() {
    check(150, 6.0);
    check(400, 6.0);
}

#[test]
fn without_an_effect_the_interval_holds_zero() {
    check(150, 0.0);
    check(400, 0.0);
}

/// Before against after alone would call it a success where nothing was done: the reason for all of this.
#[test]
fn who_has_just_dropped_rises_again_uncoached() {
    let rises: Vec<f64> = (1..=20).map(|seed| measured(400, 0.0, seed).coached_change).collect();
    assert!(rises.iter().sum::<f64>() / 20.0 > 1.5, "{rises:?}");
}
