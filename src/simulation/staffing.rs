//! Jobs that clients post, who is proposed for them, and who is placed: everybody who joins after the first day came through one.

use std::io::Write;

use chrono::{Days, NaiveDate};

use super::Simulation;
use super::dice::{Dice, Topic};
use super::moments::Moments;
use super::people::Worker;
use super::rows::Rows;

/// One job with the one who got it.
struct Job<'a> {
    reference: String,
    worker: &'a Worker,
    posted: NaiveDate,
    filled: NaiveDate,
}

impl Simulation {
    /// The jobs of those who join, posted before today.
    fn known_jobs(&self) -> impl Iterator<Item = Job<'_>> {
        self.known_workers().filter(|worker| worker.generation > 0).filter_map(|worker| {
            let mut dice = Dice::new(self.plan.seed, Topic::Staffing, worker.key(), 0);
            let before = dice.whole(1, 6);
            let took = dice.whole(3, 30);
            let filled = worker.hired_on - Days::new(before.unsigned_abs());
            let posted = filled - Days::new(took.unsigned_abs());
            let reference = format!("J-{}", worker.number);
            (posted < self.plan.today).then_some(Job { reference, worker, posted, filled })
        })
    }

    pub(super) fn jobs<W: Write>(&self, rows: &mut Rows<W>) {
        let zone = self.plan.company.zone();
        for job in self.known_jobs() {
            let site = &self.sites[job.worker.site];
            let (posted, filled) = (Moments::new(zone, job.posted), Moments::new(zone, job.filled));
            let is_filled = job.filled < self.plan.today;
            rows.text(&job.reference).text(&site.code).text(job.worker.role.name());
            rows.moment(posted.at(9 * 60), posted.offset(9 * 60));
            rows.moment(is_filled.then(|| filled.at(15 * 60)), filled.offset(15 * 60));
            rows.whole(1).text(if is_filled { "filled" } else { "open" }).end();
        }
    }

    pub(super) fn placements<W: Write>(&self, rows: &mut Rows<W>) {
        for job in self.known_jobs().filter(|job| job.worker.hired_on < self.plan.today && job.filled < self.plan.today)
        {
            let worker = job.worker;
            let mut dice = Dice::new(self.plan.seed, Topic::Staffing, worker.key(), 1);
            // Two weeks' pay, give or take; half of it is what the search cost.
            let fee = (worker.rate as f64 * 80.0 * dice.between(0.9, 1.1)) as i64;
            let cost = (fee as f64 * dice.between(0.35, 0.65)) as i64;
            let mark = (3.8 + 0.5 * worker.nature.skill + 0.4 * worker.nature.reliability + 0.5 * dice.bell()).round();
            let known = (self.plan.today - worker.hired_on).num_days() >= 14 && dice.chance(0.8);
            let left = self.left_on(worker);
            rows.text(&format!("P-{}", worker.number)).text(&job.reference).text(&worker.number);
            rows.date(worker.hired_on).date(left).text(if left.is_some() { "resigned" } else { "" });
            rows.hundredths(fee).hundredths(cost).whole(known.then_some(mark.clamp(1.0, 5.0) as i64)).end();
        }
    }

    pub(super) fn candidates<W: Write>(&self, rows: &mut Rows<W>) {
        for job in self.known_jobs() {
            for proposed in self.proposed(&job) {
                let source = ["job board", "friend", "walk-in", "website"][proposed.rank % 4];
                rows.text(&proposed.candidate)
                    .text(job.worker.role.name())
                    .date(job.posted - Days::new(proposed.since))
                    .text(source);
                rows.end();
            }
        }
    }

    pub(super) fn matches<W: Write>(&self, rows: &mut Rows<W>) {
        let zone = self.plan.company.zone();
        for job in self.known_jobs() {
            let posted = Moments::new(zone, job.posted);
            let decided = job.filled < self.plan.today;
            for proposed in self.proposed(&job) {
                rows.text(&format!("M-{}", proposed.candidate)).text(&job.reference).text(&proposed.candidate);
                rows.text("skills").text(proposed.version).hundredths(proposed.score).whole(proposed.rank as i64);
                rows.moment(posted.at(10 * 60), posted.offset(10 * 60))
                    .flag(true)
                    .flag(decided.then_some(proposed.taken))
                    .end();
            }
        }
    }

    /// Who is proposed for a job, best first. The truth that is planted: the second version, from the middle of the history on,
    /// has the one who is taken at the top more often.
    fn proposed(&self, job: &Job<'_>) -> Vec<Proposed> {
        let mut dice = Dice::new(self.plan.seed, Topic::Staffing, job.worker.key(), 2);
        let count = dice.whole(3, 7).unsigned_abs() as usize;
        let middle = self.plan.first_day + (self.plan.today - self.plan.first_day) / 2;
        let second = job.posted >= middle;
        let at_top = if second { 0.55 } else { 0.35 };
        let mut taken = 0;
        while taken + 1 < count && !dice.chance(at_top) {
            taken += 1;
        }
        let mut score = 98;
        (0..count)
            .map(|place| {
                score -= dice.whole(2, 9);
                Proposed {
                    candidate: format!("C-{}-{}", job.worker.number, place + 1),
                    rank: place + 1,
                    score,
                    since: dice.whole(1, 90).unsigned_abs(),
                    version: if second { "2" } else { "1" },
                    taken: place == taken,
                }
            })
            .collect()
    }
}

/// A candidate for a job.
struct Proposed {
    candidate: String,
    rank: usize,
    /// In hundredths.
    score: i64,
    /// Days from registering to the job's posting.
    since: u64,
    version: &'static str,
    taken: bool,
}
