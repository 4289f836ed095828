//! How a client fares with us: 0–100 on the scale of customer health, from what the operator records.
//!
//! The parts of the business's own formula (usage 35, adoption 25, satisfaction 20, growth 20) become fill, work in time,
//! satisfaction and trend. A part without data drops out and the others share its weight.

use serde::{Deserialize, Serialize};

use super::facts::Facts;

const WEIGHTS: [f64; 4] = [35.0, 25.0, 20.0, 20.0];
/// What the trend scores where nothing has changed, and for each point that the other parts have risen on average.
const STILL: f64 = 50.0;
const PER_POINT: f64 = 5.0;

/// What a health score means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthBand {
    /// 70 and more.
    Healthy,
    /// 40 and more.
    AtRisk,
    /// Less.
    Churning,
}

impl HealthBand {
    /// The band of a score.
    #[must_use]
    pub fn of(score: f64) -> Self {
        match score {
            score if score >= 70.0 => Self::Healthy,
            score if score >= 40.0 => Self::AtRisk,
            _ => Self::Churning,
        }
    }

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::AtRisk => "at risk",
            Self::Churning => "churning",
        }
    }
}

/// A client's health and its parts, each 0–100.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Health {
    /// Shifts filled.
    pub fill: Option<f64>,
    /// Tasks and work orders in time.
    pub sla: Option<f64>,
    /// The mean mark of work orders: 1 is 0, 5 is 100.
    pub satisfaction: Option<f64>,
    /// 50 where the other parts stand as they stood, 5 more for each point they rose on average.
    pub trend: Option<f64>,
}

impl Health {
    /// From the sums of two periods.
    #[must_use]
    pub fn of(now: &Facts, before: &Facts) -> Self {
        let parts = |facts: &Facts| [facts.fill, facts.sla, facts.satisfaction].map(|rate| Some(100.0 * rate.value()?));
        let [fill, sla, satisfaction] = parts(now);
        let changes: Vec<f64> =
            parts(now).into_iter().zip(parts(before)).filter_map(|(now, before)| Some(now? - before?)).collect();
        let mean = changes.iter().sum::<f64>() / changes.len() as f64;
        let trend = (!changes.is_empty()).then(|| (STILL + PER_POINT * mean).clamp(0.0, 100.0));
        Self { fill, sla, satisfaction, trend }
    }

    /// The weighted mean of the parts that have data; `None` without any.
    #[must_use]
    pub fn score(&self) -> Option<f64> {
        let parts = [self.fill, self.sla, self.satisfaction, self.trend];
        let known = || parts.into_iter().zip(WEIGHTS).filter_map(|(part, weight)| Some((part?, weight)));
        let weight: f64 = known().map(|(_, weight)| weight).sum();
        (weight > 0.0).then(|| known().map(|(part, weight)| part * weight).sum::<f64>() / weight)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Rate;

    fn facts(fill: i64, sla: i64, satisfaction: Rate) -> Facts {
        Facts { fill: Rate { hit: fill, of: 100 }, sla: Rate { hit: sla, of: 100 }, satisfaction, ..Facts::default() }
    }

    #[test]
    fn health_by_hand() {
        let (now, before) = (facts(90, 80, Rate { hit: 30, of: 40 }), facts(88, 76, Rate::default()));
        let health = Health::of(&now, &before);
        assert_eq!(health.trend, Some(65.0)); // fill +2, work in time +4: 50 + 5 × 3
        assert_eq!(health.score(), Some(35.0 * 0.9 + 25.0 * 0.8 + 20.0 * 0.75 + 20.0 * 0.65));
        assert_eq!(HealthBand::of(79.5).word(), "healthy");
        assert_eq!((HealthBand::of(69.9), HealthBand::of(39.9)), (HealthBand::AtRisk, HealthBand::Churning));
    }

    #[test]
    fn a_part_without_data_drops_out_and_is_not_nought() {
        let only_fill = Facts { fill: Rate { hit: 80, of: 100 }, ..Facts::default() };
        assert_eq!(Health::of(&only_fill, &Facts::default()).score(), Some(80.0));
        assert_eq!(Health::of(&Facts::default(), &only_fill).score(), None);
    }
}
