//! What became of a shift: who came, when, and from where they clocked in.

use super::Simulation;
use super::dice::{Dice, Topic, logistic};
use super::leaving::Cause;
use super::people::Worker;
use super::roster::Shift;

/// What became of a shift. Moments are seconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(super) struct Presence {
    pub clock_in: Option<i64>,
    pub clock_out: Option<i64>,
    pub place: (f64, f64),
    pub inside: bool,
    pub called_in: bool,
    pub device: &'static str,
}

impl Simulation {
    /// What became of a shift that somebody had.
    pub(super) fn presence(&self, shift: &Shift<'_>, worker: &Worker) -> Presence {
        let mut dice = shift.dice(self.plan.seed, Topic::Attendance);
        let form = self.form(worker, shift.day);
        let feast = if self.is_holiday(shift.day) { -0.5 } else { 0.0 };
        let restless =
            if worker.leaving(shift.day, 30).is_some() && worker.cause != Some(Cause::Planted) { -0.5 } else { 0.0 };
        let comes = dice.chance(logistic(4.05 + 1.0 * form.reliability + feast + restless));
        let called_in = dice.chance(logistic(0.9 + 0.8 * form.conscience));
        if self.ill(worker, shift.day) || !comes {
            let called_in = called_in || worker.shown || self.ill(worker, shift.day);
            return Presence {
                clock_in: None,
                clock_out: None,
                place: (0.0, 0.0),
                inside: false,
                called_in,
                device: "",
            };
        }
        let late = lateness(shift, worker, form.punctuality, &mut dice);
        let inside = dice.chance(logistic(3.7 + 0.9 * form.conscience));
        let early_leave = if dice.chance(0.03) { dice.between(5.0, 60.0) } else { 0.0 };
        let clock_out = shift.ends + ((4.0 + 4.0 * dice.bell() - early_leave) * 60.0) as i64;
        Presence {
            clock_in: Some(shift.starts + (late * 60.0) as i64),
            clock_out: Some(clock_out),
            place: place(shift, inside, &mut dice),
            inside,
            called_in: false,
            device: if dice.chance(0.8) { "phone" } else { "kiosk" },
        }
    }
}

/// Minutes after the start of the shift; negative when early.
fn lateness(shift: &Shift<'_>, worker: &Worker, punctuality: f64, dice: &mut Dice) -> f64 {
    let usual = -5.7 - 5.2 * punctuality + 4.8 * dice.bell();
    let mishap = if dice.chance(0.028) { -22.0 * (1.0 - dice.unit()).ln() } else { 0.0 };
    if worker.shown && shift.nth == 1 {
        // Late in one week, in time in the next: enough for a page that explains itself.
        let week = super::calendar::week_number(shift.day);
        return if week % 2 == 0 { 9.0 + (week.rem_euclid(14)) as f64 } else { -4.0 };
    }
    (usual + mishap).clamp(-45.0, 170.0)
}

/// Where the clock-in was: inside the geofence, or up to some hundred metres beyond it.
fn place(shift: &Shift<'_>, inside: bool, dice: &mut Dice) -> (f64, f64) {
    let radius = shift.site.geofence_m as f64;
    let metres = if inside { radius * dice.unit() * 0.9 } else { radius + dice.between(60.0, 900.0) };
    let direction = dice.between(0.0, std::f64::consts::TAU);
    let north = metres * direction.cos() / 111_320.0;
    let east = metres * direction.sin() / (111_320.0 * shift.site.latitude.to_radians().cos());
    (shift.site.latitude + north, shift.site.longitude + east)
}
