//! What was planted, as JSON, for tests of what tries to find it again.

use serde_json::{Value, json};

use super::Simulation;
use super::form::effect;

impl Simulation {
    /// The truths behind the facts. `left_on` may lie in the future: the facts do not tell it yet.
    #[must_use]
    pub fn truths(&self) -> Value {
        let plan = &self.plan;
        let workers: Vec<Value> = self.known_workers().map(|worker| self.truth(worker)).collect();
        json!({
            "company": plan.company.slug(),
            "scale": plan.scale.to_string(),
            "seed": plan.seed,
            "first_day": plan.first_day,
            "today": plan.today,
            "demo_worker": plan.company.demo_worker(),
            "supervisor_left": { "site": self.sites[self.unled_site].code, "day": self.unled_since },
            "effects": {
                "unit": "standard deviations of a nature between workers",
                "supervisor_left": effect::SUPERVISOR_LEFT,
                "new_in_the_job": effect::NEW_IN_THE_JOB,
                "learning_days": effect::LEARNING_DAYS,
                "learning_days_mentored": effect::LEARNING_DAYS_MENTORED,
                "about_to_leave": effect::ABOUT_TO_LEAVE,
                "commute_per_km_beyond_10": effect::COMMUTE_PER_KM,
                "drift": effect::DRIFT,
                "coached": effect::COACHED,
            },
            "coaching_effect": {
                "unit": "points of BPI, on average over those talked with",
                "points": if plan.company == super::Company::Demo { effect::COACHED_POINTS } else { 0.0 },
            },
            "workers": workers,
        })
    }

    fn truth(&self, worker: &super::people::Worker) -> Value {
        let nature = worker.nature;
        let rounded = |x: f64| (x * 1000.0).round() / 1000.0;
        json!({
            "employee_number": worker.number,
            "reliability": rounded(nature.reliability),
            "punctuality": rounded(nature.punctuality),
            "skill": rounded(nature.skill),
            "conscience": rounded(nature.conscience),
            "eagerness": rounded(nature.eagerness),
            "commute_km": rounded(worker.commute_km),
            "rhythm": worker.rhythm.name(),
            "mentor": self.mentor_of(worker).map(|mentor| mentor.number.as_str()),
            "coached_on": self.talked_with_on[worker.index],
            "left_on": worker.left_on,
            "cause": worker.cause.map(super::leaving::Cause::name),
        })
    }
}
