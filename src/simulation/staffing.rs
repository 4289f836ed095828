//! Jobs that clients post, and who is placed in them: everybody who joins after the first day came through one.

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
}
