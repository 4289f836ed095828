//! What a signal says, and what to talk about, in words made of its numbers.

use crate::charts::format::{day, day_and_year, number};

use super::{Evidence, Kept, Kind, Signal};

/// The evidence as one sentence: numbers, days, comparison.
#[must_use]
pub fn evidence(signal: &Signal) -> String {
    match &signal.evidence {
        Evidence::NoShow { days, scheduled } => {
            format!("{} of {scheduled} shifts in 28 days missed without a call: {}.", days.len(), list(days))
        }
        Evidence::BpiDrop { now, before } => format!(
            "BPI {} now, {} 28 days ago: {} points less.",
            number(*now, 1),
            number(*before, 1),
            number(before - now, 1)
        ),
        Evidence::UnderCohort { bpi, shrunk, shifts, p25, p5, cohort, workers } => format!(
            "BPI {} over {shifts} shifts, weighed as {}. Of {workers} comparable colleagues ({cohort}) a quarter are below {}, one in twenty below {}.",
            number(*bpi, 1),
            number(*shrunk, 1),
            number(*p25, 1),
            number(*p5, 1)
        ),
        Evidence::Lateness { minutes, attended, minutes_before, attended_before, worst } => {
            let days: Vec<String> = worst.iter().map(|it| format!("{} ({} min)", day(it.day), it.minutes)).collect();
            let days = if days.is_empty() { String::new() } else { format!(" Most: {}.", days.join(", ")) };
            format!(
                "{} late minutes a shift ({minutes} over {attended} shifts), {} in the 28 days before ({minutes_before} over {attended_before}).{days}",
                per(*minutes, *attended),
                per(*minutes_before, *attended_before)
            )
        }
        Evidence::Sla { what, kept } => {
            format!("{} of {} {what} done in time ({}).", kept.hit, kept.of, percent(*kept))
        }
        Evidence::Patrol { score, checkpoints, tours } => format!(
            "Patrol score {}: {} of {} checkpoints visited, {} of {} tours completed.",
            number(*score, 1),
            checkpoints.hit,
            checkpoints.of,
            tours.hit,
            tours.of
        ),
        Evidence::Certification { certificates, on } => {
            let each: Vec<String> = certificates
                .iter()
                .map(|it| {
                    let verb = if it.expires_on < *on { "expired" } else { "expires" };
                    format!("{} {verb} on {}", it.name, day_and_year(it.expires_on))
                })
                .collect();
            format!("{}.", each.join("; "))
        }
        Evidence::BrokenStreak { streak, days, on } => {
            format!("“{streak}” ended on {} after {days} days in a row.", day(*on))
        }
        Evidence::Dispute { days } => {
            let what = if days.len() == 1 { "dispute waits" } else { "disputes wait" };
            format!("{} {what} for a ruling: {}.", days.len(), list(days))
        }
        Evidence::Rise { now, before } => format!(
            "BPI {} now, {} 28 days ago: {} points more.",
            number(*now, 1),
            number(*before, 1),
            number(now - before, 1)
        ),
        Evidence::Gold { name, on } => format!("Earned “{name}” on {}.", day(*on)),
    }
}

/// How a signal's severity follows from its numbers: the rule of spec 3.4 in words.
#[must_use]
pub fn rule(evidence: &Evidence) -> &'static str {
    match evidence {
        Evidence::NoShow { .. } => "One missed shift weighs 0.6, two or more weigh 1.",
        Evidence::BpiDrop { .. } => "A drop of 5 points weighs nothing, of 20 or more 1.",
        Evidence::UnderCohort { .. } => "At the quarter mark it weighs nothing, at the twentieth 1.",
        Evidence::Lateness { .. } => "2 minutes a shift more weigh nothing, 10 or more weigh 1.",
        Evidence::Sla { .. } | Evidence::Patrol { .. } => "At 60 it weighs nothing, at 30 or less 1.",
        Evidence::Certification { .. } => "Expired weighs 1, within 14 days 0.5.",
        Evidence::BrokenStreak { .. } => "A streak of 20 days or more that ended weighs 0.2.",
        Evidence::Dispute { .. } => "An open dispute weighs 0.3.",
        Evidence::Rise { .. } => "Counts from 10 points on.",
        Evidence::Gold { .. } => "Any gold achievement of the last week counts.",
    }
}

/// What to talk about, one point per signal, gravest first; then how to end.
#[must_use]
pub fn talking_points(kind: Kind, signals: &[Signal]) -> Vec<String> {
    let mut ordered: Vec<&Signal> = signals.iter().collect();
    ordered.sort_by(|a, b| b.severity.total_cmp(&a.severity).then(a.code().cmp(&b.code())));
    let mut points: Vec<String> = ordered.iter().map(|signal| point(&signal.evidence)).collect();
    points.push(match kind {
        Kind::Help => "Agree on one thing to try, who does what, and a day to look at it again.".into(),
        Kind::Praise => "Say what it meant for the site, and ask what made it work.".into(),
    });
    points
}

fn point(evidence: &Evidence) -> String {
    match evidence {
        Evidence::NoShow { days, .. } => format!(
            "Ask what happened on {}, and whether it was known how and when to call in. Listen first: it may have been out of their hands.",
            list(days)
        ),
        Evidence::BpiDrop { before, .. } => format!(
            "Ask what changed in the last four weeks; {} before shows what is possible. Go through ‘why it moved’ together.",
            number(*before, 1)
        ),
        Evidence::UnderCohort { .. } => {
            "Look together at the two or three improvements that are worth most points, and choose one.".into()
        }
        Evidence::Lateness { worst, .. } if !worst.is_empty() => {
            let days: Vec<_> = worst.iter().map(|it| it.day).collect();
            format!("Ask about the way to work on {}: transport, handover, the hour the shift starts.", list(&days))
        }
        Evidence::Lateness { .. } => {
            "Ask about the way to work: transport, handover, the hour the shift starts.".into()
        }
        Evidence::Sla { what, kept } => format!(
            "Look at the {} {what} that were late: was it too many at once, missing material, or the deadline?",
            kept.of - kept.hit
        ),
        Evidence::Patrol { .. } => {
            "Walk a tour together if you can: which checkpoints are missed, and is the plan possible in the time?"
                .into()
        }
        Evidence::Certification { certificates, .. } => {
            let names: Vec<&str> = certificates.iter().map(|it| it.name.as_str()).collect();
            format!("Settle the renewal of {}: who books it, and for which day.", names.join(", "))
        }
        Evidence::BrokenStreak { streak, days, .. } => {
            format!("{days} days of “{streak}” deserve a thank-you before anything else.")
        }
        Evidence::Dispute { .. } => "Rule on the dispute before you talk: the numbers may change.".into(),
        Evidence::Rise { before, now } => {
            format!("Say that you have seen it: from {} to {}.", number(*before, 1), number(*now, 1))
        }
        Evidence::Gold { name, .. } => format!("Congratulate on “{name}”, in front of the team if they like that."),
    }
}

fn list(days: &[chrono::NaiveDate]) -> String {
    let mut days = days.to_vec();
    days.sort_unstable();
    days.into_iter().map(day).collect::<Vec<_>>().join(", ")
}

fn per(minutes: i64, shifts: i64) -> String {
    if shifts == 0 { "no".into() } else { number(minutes as f64 / shifts as f64, 1) }
}

fn percent(kept: Kept) -> String {
    if kept.of == 0 {
        "nothing to judge".into()
    } else {
        format!("{}\u{a0}%", number(100.0 * kept.hit as f64 / kept.of as f64, 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coaching::Late;
    use chrono::NaiveDate;

    fn date(nth: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, nth).unwrap()
    }

    #[track_caller]
    fn check(it: Evidence, expected: &str) {
        let signal = Signal { severity: it.severity(), evidence: it };
        assert_eq!(evidence(&signal).replace('\u{a0}', " "), expected);
    }

    #[test]
    fn evidence_names_numbers_and_days() {
        check(
            Evidence::NoShow { days: vec![date(9), date(3)], scheduled: 18 },
            "2 of 18 shifts in 28 days missed without a call: 3 Mar, 9 Mar.",
        );
        check(
            Evidence::Lateness {
                minutes: 100,
                attended: 10,
                minutes_before: 20,
                attended_before: 10,
                worst: vec![Late { day: date(4), minutes: 40 }],
            },
            "10.0 late minutes a shift (100 over 10 shifts), 2.0 in the 28 days before (20 over 10). Most: 4 Mar (40 min).",
        );
        check(
            Evidence::Sla { what: "tasks".into(), kept: Kept { hit: 9, of: 20 } },
            "9 of 20 tasks done in time (45 %).",
        );
    }

    #[test]
    fn talking_points_start_with_the_gravest_and_end_with_an_agreement() {
        let signals: Vec<Signal> = [
            Evidence::BrokenStreak { streak: "On time".into(), days: 25, on: date(3) },
            Evidence::NoShow { days: vec![date(3)], scheduled: 18 },
        ]
        .into_iter()
        .filter_map(Signal::of)
        .collect();
        let points = talking_points(Kind::Help, &signals);
        assert!(points[0].starts_with("Ask what happened on 3"), "{points:?}");
        assert!(points[1].contains("thank-you"));
        assert!(points[2].starts_with("Agree on one thing"));
    }
}
