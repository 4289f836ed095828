//! Scores in plain words: what a part was measured on, and what reaching a target would take.

use crate::scoring::{Improvement, Part, Raw};

/// What a part rests on, for people: `17 of 20 shifts`.
#[must_use]
pub fn rests_on(part: Part, raw: Raw) -> String {
    match raw {
        Raw::Share { hit, of } => match part {
            Part::NoShow => match hit {
                0 => format!("none in {}", many(of, "shift")),
                _ => format!("{hit} in {}", many(of, "shift")),
            },
            Part::Certifications | Part::Training => format!("{:.0} % of the days", 100.0 * hit as f64 / of as f64),
            _ => format!("{hit} of {}", many(of, thing(part))),
        },
        Raw::Mean { sum, n } => {
            let mean = sum / n as f64;
            match part {
                Part::Lateness => format!("{mean:.1} min late per shift, {}", many(n, "shift")),
                Part::Satisfaction => format!("{mean:.1} of 5, {}", many(n, "rating")),
                Part::ResolutionTime => format!("{:.0} of 100, {}", 100.0 * mean, many(n, "order")),
                _ => format!("{mean:.0} of 100, {}", many(n, thing(part))),
            }
        }
        Raw::Count { count: 0 } => "none in 90 days".into(),
        Raw::Count { count } => format!("{count} in 90 days"),
    }
}

/// `1 shift`, `2 shifts`.
#[must_use]
pub fn many(n: i64, thing: &str) -> String {
    if n == 1 { format!("1 {thing}") } else { format!("{n} {thing}s") }
}

fn thing(part: Part) -> &'static str {
    match part {
        Part::AttendanceRate | Part::NoShow | Part::Lateness => "shift",
        Part::OnTime | Part::Geofence => "clock-in",
        Part::OvertimeAcceptance => "offer",
        Part::TaskCompletion | Part::TaskSla | Part::FirstTimePass | Part::TaskQuality => "task",
        Part::Coverage | Part::TourTiming => "checkpoint",
        Part::TourCompletion => "tour",
        Part::Detection | Part::Incidents => "incident",
        Part::OrderSla | Part::ResolutionTime | Part::OrderQuality => "order",
        Part::Satisfaction => "rating",
        Part::Certifications | Part::Training => "day",
        Part::Documentation => "report",
    }
}

/// What to do, in one sentence, with the numbers it would take within a period like this one.
#[must_use]
pub fn what_to_do(improvement: &Improvement) -> String {
    let Improvement { part, target, raw, .. } = improvement;
    match (*raw, part) {
        (Raw::Share { of, .. }, Part::NoShow) => {
            let allowed = ((1.0 - target / 100.0) / 5.0 * of as f64).floor() as i64;
            match allowed {
                0 => "Call in whenever you cannot come: no absence without a call.".into(),
                n => format!("Call in whenever you cannot come: at most {n} without a call in {}.", many(of, "shift")),
            }
        }
        (Raw::Share { hit, of }, part) => {
            let need = ((target / 100.0 * of as f64) - 1e-9).ceil() as i64;
            let instead = format!("{} of {} instead of {hit}", need.max(hit), many(of, thing(*part)));
            match part {
                Part::AttendanceRate => format!("Come to {instead}."),
                Part::OnTime => format!("Clock in no later than five minutes after the start: {instead}."),
                Part::Geofence => format!("Clock in when you are on site: {instead}."),
                Part::TaskCompletion => format!("Complete {instead}."),
                Part::TaskSla => format!("Finish tasks in their time: {instead}."),
                Part::FirstTimePass => format!("Get it right the first time: {instead}."),
                Part::Coverage => format!("Visit {instead}."),
                Part::TourCompletion => format!("Finish {instead}."),
                Part::TourTiming => format!("Reach checkpoints within ten minutes of the plan: {instead}."),
                Part::OrderSla => format!("Close work orders by their deadline: {instead}."),
                Part::Certifications => {
                    format!("Renew what has expired, so that certifications are current {target:.0} % of the days.")
                }
                Part::Training => {
                    format!("Finish the open training, so that it is complete {target:.0} % of the days.")
                }
                _ => format!("{}: {instead}.", part.label()),
            }
        }
        (Raw::Mean { sum, n }, part) => {
            let mean = sum / n as f64;
            match part {
                Part::Lateness => {
                    format!("Cut late minutes from {mean:.1} to {:.1} per shift.", 30.0 * (1.0 - target / 100.0))
                }
                Part::ResolutionTime => {
                    format!("Close work orders sooner: {target:.0} of 100 for time instead of {:.0}.", 100.0 * mean)
                }
                Part::TaskQuality => format!("Bring task quality from {mean:.0} to {target:.0} of 100."),
                Part::OrderQuality => format!("Bring work order quality from {mean:.0} to {target:.0} of 100."),
                Part::Documentation => {
                    format!("Write incident reports more fully: {target:.0} of 100 instead of {mean:.0}.")
                }
                _ => format!("{}: {target:.0} instead of {mean:.0}.", part.label()),
            }
        }
        (Raw::Count { .. }, part) => format!("{}.", part.label()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn improvement(part: Part, target: f64, raw: Raw) -> Improvement {
        Improvement { part, score: 0.0, target, gain: 1.0, raw }
    }

    #[test]
    fn what_a_part_rests_on_is_said_in_words() {
        assert_eq!(rests_on(Part::OnTime, Raw::Share { hit: 17, of: 20 }), "17 of 20 clock-ins");
        assert_eq!(rests_on(Part::NoShow, Raw::Share { hit: 0, of: 1 }), "none in 1 shift");
        assert_eq!(rests_on(Part::Lateness, Raw::Mean { sum: 30.0, n: 20 }), "1.5 min late per shift, 20 shifts");
        assert_eq!(rests_on(Part::Satisfaction, Raw::Mean { sum: 9.0, n: 2 }), "4.5 of 5, 2 ratings");
        assert_eq!(rests_on(Part::Incidents, Raw::Count { count: 0 }), "none in 90 days");
    }

    #[test]
    fn an_improvement_says_what_it_takes() {
        let share = Raw::Share { hit: 17, of: 20 };
        // 92 % of 20 is 18.4: nineteen are needed.
        assert_eq!(
            what_to_do(&improvement(Part::OnTime, 92.0, share)),
            "Clock in no later than five minutes after the start: 19 of 20 clock-ins instead of 17."
        );
        assert_eq!(
            what_to_do(&improvement(Part::Lateness, 95.0, Raw::Mean { sum: 60.0, n: 20 })),
            "Cut late minutes from 3.0 to 1.5 per shift."
        );
        // 75 points allow one no-show in twenty shifts: (1 − 0.75) / 5 · 20.
        assert_eq!(
            what_to_do(&improvement(Part::NoShow, 75.0, Raw::Share { hit: 3, of: 20 })),
            "Call in whenever you cannot come: at most 1 without a call in 20 shifts."
        );
    }
}
