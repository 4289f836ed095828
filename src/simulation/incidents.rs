//! Incidents: the conscientious write down more of them, and better; few are anybody's fault.

use super::Simulation;
use super::dice::{Topic, logistic};
use super::people::{Role, Worker};
use super::roster::Shift;

/// An incident. Moments are seconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(super) struct Incident {
    pub happened: i64,
    pub kind: &'static str,
    pub severity: i64,
    pub attributable: bool,
    pub documentation: i64,
    pub resolved: Option<i64>,
}

const SEEN: &[&str] = &["trespass", "theft", "vandalism", "slip hazard", "fire alarm", "medical", "lost property"];
const CAUSED: &[&str] = &["damaged property", "unlocked door", "chemical spill", "vehicle scrape"];

impl Simulation {
    /// The incident of a shift to which its worker came; mostly there is none.
    pub(super) fn incident(&self, shift: &Shift<'_>, worker: &Worker) -> Option<Incident> {
        let mut dice = shift.dice(self.plan.seed, Topic::Incidents);
        let form = self.form(worker, shift.day);
        let often = if worker.role == Role::Guard { 0.02 } else { 0.007 };
        let reports = dice.chance(often * (0.55 * form.conscience).exp());
        let causes = !worker.shown && dice.chance(0.0011 * (-0.8 * form.conscience - 0.3 * form.skill).exp());
        if !reports && !causes {
            return None;
        }
        let happened = shift.starts + 60 * dice.whole(5, shift.minutes() - 30);
        let resolved = happened + (3600.0 * dice.between(0.3, 200.0) * logistic(dice.bell())) as i64;
        let severity = 1 + (dice.unit().powi(2) * 4.2) as i64;
        Some(Incident {
            happened,
            kind: dice.pick(if causes { CAUSED } else { SEEN }),
            severity,
            attributable: causes,
            documentation: (70.0 + 12.0 * form.conscience + 8.0 * dice.bell()).round().clamp(5.0, 100.0) as i64,
            resolved: Some(resolved).filter(|at| *at < self.now() && !dice.chance(0.04)),
        })
    }
}
