//! What was planted, as JSON, for tests of what tries to find it again.
//!
//! **Shift fill.** A shift that is posted open (`assigned_by` is `offer` or nobody has it; `posted_at` is 8 to 144 hours
//! before its start; all others are filled as they are posted, from a roster) is filled by its start with probability
//! `1 / (1 + exp(−x))`, where `x` is the sum of the effects under `shift_fill`: `base`, of the site, of the weekday and hour
//! of its local start, `lead` times the natural logarithm of (hours from posting to start / 48), of the skill, and of a
//! public holiday. One throw decides, independent of everything else. [`Simulation::open_shifts`] gives the probability
//! of each by its reference. A shift that nobody is free to take is never posted.

use serde_json::{Value, json};

use super::Simulation;
use super::filling::effect as filling;
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
            "shift_fill": self.shift_fill(),
            "workers": workers,
        })
    }

    fn shift_fill(&self) -> Value {
        let rounded = |x: f64| (x * 1000.0).round() / 1000.0;
        let sites: serde_json::Map<String, Value> =
            self.sites.iter().map(|site| (site.code.clone(), rounded(site.appeal).into())).collect();
        json!({
            "unit": "logits of the probability that a shift posted open is filled by its start",
            "base": filling::BASE,
            "site": sites,
            "weekday": filling::WEEKDAY,
            "hour": { "5-11": filling::MORNING, "12-19": 0.0, "20-4": filling::NIGHT },
            "lead": filling::LEAD,
            "skill": {
                "guarding": 0.0,
                "cleaning": filling::CLEANING,
                "maintenance": filling::MAINTENANCE,
                "supervision": filling::SUPERVISION,
            },
            "holiday": filling::HOLIDAY,
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
