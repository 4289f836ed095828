//! Did it work, in plain words.

use super::{CALIPER, DAYS_AFTER, DidItWork, Estimate, FEWEST_COACHED, LeftOut, MOST_PEERS};

/// The answer in one sentence, with its interval and what it rests on.
#[must_use]
pub fn sentence(answer: &DidItWork) -> String {
    match answer {
        DidItWork::TooEarly { waiting: 0 } => {
            format!("Too early to tell: no conversation has been completed yet that is {DAYS_AFTER} days old.")
        }
        DidItWork::TooEarly { waiting } => format!(
            "Too early to tell: {} completed, none of them more than {DAYS_AFTER} days ago.",
            many(*waiting, "conversation", "conversations")
        ),
        DidItWork::TooFew { have, need, .. } => format!(
            "Too few to tell: {} can be compared so far, {need} are needed.",
            many(*have, "conversation", "conversations")
        ),
        DidItWork::Measured { estimate, .. } => measured(estimate),
    }
}

fn measured(it: &Estimate) -> String {
    let size = format!("{:.1}", it.gain.abs());
    let direction = if it.gain < 0.0 { "less" } else { "more" };
    let range = format!("95 % interval {} to {}", points(it.low), points(it.high));
    let rests_on = format!(
        "{}, {}",
        many(it.conversations, "conversation", "conversations"),
        many(it.colleagues, "colleague", "colleagues")
    );
    if it.low <= 0.0 && it.high >= 0.0 {
        return format!(
            "No clear difference yet: coached workers gained {size} points {direction} than comparable colleagues who were not \
             coached, which may be chance ({range}; {rests_on})."
        );
    }
    format!(
        "Coached workers gained {size} points {direction} than comparable colleagues who were not coached ({range}; {rests_on})."
    )
}

/// What the answer does not rest on, one sentence per reason; empty where it rests on everything.
#[must_use]
pub fn left_out(it: &LeftOut) -> Vec<String> {
    let reason = |n: usize, why: &str| (n > 0).then(|| format!("{}: {why}.", many(n, "conversation", "conversations")));
    [
        reason(it.waiting, "completed less than 30 days ago, not counted yet"),
        reason(it.unscored, "too few shifts for a BPI before or after"),
        reason(it.unmatched, "too few comparable colleagues who were not coached"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// How it is computed, a paragraph each.
#[must_use]
pub fn how_computed() -> [String; 4] {
    [
        format!(
            "For each completed conversation: the BPI of the 28 days that ended {DAYS_AFTER} days after it, minus the BPI of the 28 \
             days that ended the day before it."
        ),
        format!(
            "The same is computed over the same days for up to {MOST_PEERS} colleagues of the same cohort who were not coached. They \
             are those who stood nearest, within {CALIPER:.0} points, both in the 28 days before the conversation and in the 28 \
             days before those: many who have just dropped rise again by themselves, and that must not count as success."
        ),
        "The answer is the mean difference between the coached and their colleagues; what is still unequal at the beginning is \
         taken out by regression. The interval allows for colleagues who are compared with several people. If it \
         holds 0, the difference may be chance."
            .into(),
        format!(
            "Conversations of the last twelve months, the latest first where there are very many. Of a series of conversations \
             within eight weeks the first counts. At least {FEWEST_COACHED} are needed. This compares people who were \
             chosen to be coached, it is no experiment: what their supervisor saw and the numbers do not show stays in it."
        ),
    ]
}

fn points(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded < 0.0 { format!("−{:.1}", -rounded) } else { format!("{:.1}", rounded.abs()) }
}

fn many(n: usize, one: &str, more: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { more })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(gain: f64, low: f64, high: f64) -> DidItWork {
        let estimate = Estimate {
            gain,
            low,
            high,
            conversations: 24,
            colleagues: 61,
            coached_before: 62.0,
            coached_change: gain + 1.0,
            peers_change: 1.0,
        };
        DidItWork::Measured { estimate, left_out: LeftOut::default() }
    }

    #[track_caller]
    fn check(answer: &DidItWork, expected: &str) {
        assert_eq!(sentence(answer), expected);
    }

    #[test]
    fn a_gain_is_told_with_its_interval_and_sample() {
        check(
            &answer(5.83, 2.94, 8.72),
            "Coached workers gained 5.8 points more than comparable colleagues who were not coached (95 % interval 2.9 to 8.7; 24 conversations, 61 colleagues).",
        );
        check(
            &answer(-4.0, -6.0, -2.0),
            "Coached workers gained 4.0 points less than comparable colleagues who were not coached (95 % interval −6.0 to −2.0; 24 conversations, 61 colleagues).",
        );
    }

    #[test]
    fn what_may_be_chance_is_said_to_be() {
        check(
            &answer(1.2, -0.8, 3.2),
            "No clear difference yet: coached workers gained 1.2 points more than comparable colleagues who were not coached, which may be chance (95 % interval −0.8 to 3.2; 24 conversations, 61 colleagues).",
        );
    }

    #[test]
    fn too_early_and_too_few_are_said_as_such() {
        check(
            &DidItWork::TooEarly { waiting: 1 },
            "Too early to tell: 1 conversation completed, none of them more than 30 days ago.",
        );
        check(
            &DidItWork::TooFew { have: 4, need: 10, left_out: LeftOut::default() },
            "Too few to tell: 4 conversations can be compared so far, 10 are needed.",
        );
    }

    #[test]
    fn what_is_left_out_is_told_by_reason() {
        let left = LeftOut { waiting: 3, unscored: 0, unmatched: 1 };
        assert_eq!(
            left_out(&left),
            [
                "3 conversations: completed less than 30 days ago, not counted yet.",
                "1 conversation: too few comparable colleagues who were not coached."
            ]
        );
    }
}
