//! How good is a roster, and what would make it better? 0–100 (roster quality of the composite scores).

use serde::{Deserialize, Serialize};

use crate::scoring::statistics::gini;
use crate::units::Rate;

/// How many improvements are named.
const MOST: usize = 2;
/// Points below which an improvement is not worth a person's attention.
const WORTH_SAYING: f64 = 0.05;

/// What is known of a roster. What is empty or `None` drops out, and its weight is shared among the rest.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct QualityFacts {
    /// Filled shifts, of all.
    pub filled: Rate,
    /// Filled shifts that break no rule, of all filled.
    pub compliant: Rate,
    /// Cost and budget, in cents.
    pub cost_and_budget: Option<(i64, i64)>,
    /// Minutes of each person who was there all through the roster's period, those with none among them.
    pub minutes: Vec<i64>,
    /// Proposed lines that were kept as they were, of all proposed.
    pub kept: Rate,
    /// Accepted offers, of all answered.
    pub accepted: Rate,
}

/// What a roster is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QualityPart {
    /// 100 · filled / shifts; weight 30.
    FillRate,
    /// 100 · shifts without any breach / filled shifts; weight 20.
    Compliance,
    /// 100 · min(1, budget / cost); weight 15.
    Cost,
    /// 100 · (1 − Gini of hours); weight 15.
    Fairness,
    /// 100 · lines kept / lines proposed; weight 10.
    Kept,
    /// 100 · offers accepted / offers answered; weight 10.
    Acceptance,
}

impl QualityPart {
    /// All of them, heaviest first.
    pub const ALL: [Self; 6] =
        [Self::FillRate, Self::Compliance, Self::Cost, Self::Fairness, Self::Kept, Self::Acceptance];

    /// Out of 100.
    #[must_use]
    pub fn weight(self) -> f64 {
        match self {
            Self::FillRate => 30.0,
            Self::Compliance => 20.0,
            Self::Cost | Self::Fairness => 15.0,
            Self::Kept | Self::Acceptance => 10.0,
        }
    }

    /// As people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::FillRate => "Shifts filled",
            Self::Compliance => "Within the rules",
            Self::Cost => "Cost against budget",
            Self::Fairness => "Hours shared evenly",
            Self::Kept => "Kept as proposed",
            Self::Acceptance => "Offers accepted",
        }
    }
}

/// The judgement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RosterQuality {
    /// 0–100; `None` where nothing is known.
    pub score: Option<f64>,
    /// The parts it rests on, heaviest first.
    pub lines: Vec<QualityLine>,
    /// The at most two parts with most to gain, the largest gain first.
    pub improvements: Vec<QualityImprovement>,
}

/// One part of the score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct QualityLine {
    /// Which part.
    pub part: QualityPart,
    /// 0–100.
    pub score: f64,
    /// Its share of the score's weight, after parts without data have dropped out; all shares add up to 1.
    pub share: f64,
}

/// What would make the roster better.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QualityImprovement {
    /// Which part.
    pub part: QualityPart,
    /// Points gained if this part were perfect, all else the same.
    pub gain: f64,
    /// What to do, in words.
    pub text: String,
}

/// Judges a roster.
#[must_use]
pub fn quality(facts: &QualityFacts) -> RosterQuality {
    let known = QualityPart::ALL.into_iter().filter_map(|part| Some((part, score(part, facts)?)));
    let known: Vec<(QualityPart, f64)> = known.collect();
    let all: f64 = known.iter().map(|(part, _)| part.weight()).sum();
    let lines: Vec<QualityLine> =
        known.into_iter().map(|(part, score)| QualityLine { part, score, share: part.weight() / all }).collect();
    let mut improvements: Vec<QualityImprovement> = lines
        .iter()
        .map(|line| (line, line.share * (100.0 - line.score)))
        .filter(|(_, gain)| *gain >= WORTH_SAYING)
        .map(|(line, gain)| QualityImprovement { part: line.part, gain, text: advice(line.part, facts) })
        .collect();
    improvements.sort_by(|one, other| other.gain.total_cmp(&one.gain));
    improvements.truncate(MOST);
    let score = lines.iter().map(|line| line.share * line.score).sum();
    RosterQuality { score: (!lines.is_empty()).then_some(score), lines, improvements }
}

fn score(part: QualityPart, facts: &QualityFacts) -> Option<f64> {
    let share = match part {
        QualityPart::FillRate => facts.filled.value(),
        QualityPart::Compliance => facts.compliant.value(),
        QualityPart::Cost => facts
            .cost_and_budget
            .filter(|(_, budget)| *budget > 0)
            .map(|(cost, budget)| if cost <= budget { 1.0 } else { budget as f64 / cost as f64 }),
        QualityPart::Fairness => uneven(facts).map(|gini| 1.0 - gini),
        QualityPart::Kept => facts.kept.value(),
        QualityPart::Acceptance => facts.accepted.value(),
    };
    share.map(|share| 100.0 * share.clamp(0.0, 1.0))
}

fn uneven(facts: &QualityFacts) -> Option<f64> {
    gini(&facts.minutes.iter().map(|&minutes| minutes as f64).collect::<Vec<_>>())
}

fn advice(part: QualityPart, facts: &QualityFacts) -> String {
    let missing = |rate: Rate| rate.of - rate.hit;
    let some = |n: i64, one: &str, many: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {many}") };
    match part {
        QualityPart::FillRate => {
            format!("fill the {}", some(missing(facts.filled), "shift that is open", "shifts that are open"))
        }
        QualityPart::Compliance => {
            format!(
                "change the {}",
                some(missing(facts.compliant), "shift that breaks a rule", "shifts that break a rule")
            )
        }
        QualityPart::Cost => {
            let (cost, budget) = facts.cost_and_budget.unwrap_or_default();
            let above = 100.0 * (cost - budget) as f64 / budget.max(1) as f64;
            format!("bring the cost, now {above:.1} % above the budget, down to it")
        }
        QualityPart::Fairness => {
            format!("share the hours more evenly (Gini {:.2}, 0 is even)", uneven(facts).unwrap_or_default())
        }
        QualityPart::Kept => {
            let changed = missing(facts.kept);
            format!("see why {} of {} proposed lines were changed by hand", changed, facts.kept.of)
        }
        QualityPart::Acceptance => {
            format!(
                "offer shifts that suit people better: {} of {} offers were declined",
                missing(facts.accepted),
                facts.accepted.of
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rate(hit: i64, of: i64) -> Rate {
        Rate { hit, of }
    }

    #[test]
    fn every_part_by_hand() {
        let facts = QualityFacts {
            filled: rate(90, 100),
            compliant: rate(81, 90),
            cost_and_budget: Some((125_000, 100_000)),
            minutes: vec![0, 0, 0, 40],
            kept: rate(3, 4),
            accepted: rate(1, 2),
        };
        let judged = quality(&facts);
        // 0.3·90 + 0.2·90 + 0.15·80 + 0.15·25 + 0.1·75 + 0.1·50 = 27 + 18 + 12 + 3.75 + 7.5 + 5
        assert!((judged.score.unwrap() - 73.25).abs() < 1e-9, "{judged:?}");
        // gains: 3, 2, 3, 11.25, 2.5, 5
        let said: Vec<(&str, f64)> = judged.improvements.iter().map(|one| (one.text.as_str(), one.gain)).collect();
        assert_eq!(said[0].0, "share the hours more evenly (Gini 0.75, 0 is even)");
        assert_eq!(said[1].0, "offer shifts that suit people better: 1 of 2 offers were declined");
        assert!((said[0].1 - 11.25).abs() < 1e-9 && (said[1].1 - 5.0).abs() < 1e-9 && said.len() == 2);
    }

    #[test]
    fn what_is_not_known_drops_out_and_the_rest_weighs_more() {
        let facts = QualityFacts { filled: rate(9, 10), cost_and_budget: Some((125, 100)), ..QualityFacts::default() };
        // (30·90 + 15·80) / 45
        assert!((quality(&facts).score.unwrap() - 3_900.0 / 45.0).abs() < 1e-9);
        assert_eq!(quality(&facts).improvements[0].text, "fill the 1 shift that is open");
        assert_eq!(quality(&QualityFacts::default()).score, None);
    }

    #[test]
    fn a_cost_at_the_budget_or_under_it_is_100_and_a_perfect_roster_needs_no_advice() {
        let facts = |cost| QualityFacts { cost_and_budget: Some((cost, 100)), ..QualityFacts::default() };
        assert_eq!([0, 100, 200].map(|cost| quality(&facts(cost)).score), [Some(100.0), Some(100.0), Some(50.0)]);
        assert_eq!(quality(&facts(100)).improvements, []);
    }

    proptest! {
        #[test]
        fn gains_lead_to_100_at_most_and_shares_to_1(
            filled in 0i64..50, of in 50i64..100, cost in 1i64..1_000, budget in -10i64..1_000,
            minutes in proptest::collection::vec(0i64..3_000, 0..20),
        ) {
            let facts = QualityFacts { filled: rate(filled, of), cost_and_budget: Some((cost, budget)), minutes, ..QualityFacts::default() };
            let judged = quality(&facts);
            let score = judged.score.unwrap();
            let gains: f64 = judged.improvements.iter().map(|one| one.gain).sum();
            prop_assert!((0.0..=100.0).contains(&score) && score + gains <= 100.0 + 1e-9);
            prop_assert!((judged.lines.iter().map(|line| line.share).sum::<f64>() - 1.0).abs() < 1e-9);
        }
    }
}
