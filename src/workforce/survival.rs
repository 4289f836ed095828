//! How long do people stay? The Kaplan–Meier estimate of tenure: those still here count for as long as they have been.

use serde::{Deserialize, Serialize};

/// The 97.5 % quantile of the standard normal.
const Z: f64 = 1.959_963_984_540_054;

/// A person's time here, in days of tenure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spell {
    /// Tenure when the records began: before that somebody who left would not have been seen. 0: seen from the first day.
    pub entered: u32,
    /// Tenure on the last day seen.
    pub ended: u32,
    /// Whether it ended because the person left; otherwise the person is still here (censored).
    pub left: bool,
}

/// What happened at one length of tenure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Tenure, days.
    pub at: u32,
    /// People who had been here that long and were seen then.
    pub at_risk: usize,
    /// How many of them left.
    pub left: usize,
    /// The share that stays longer, 0–1.
    pub share: f64,
    /// Its 95 % interval; `None` where nobody stays longer.
    pub interval: Option<(f64, f64)>,
}

/// The share that stays as long, over tenure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Survival {
    /// People.
    pub n: usize,
    /// How many of them left.
    pub left: usize,
    /// Where it falls, shortest tenure first.
    pub steps: Vec<Step>,
    /// The longest tenure at which enough people were seen to say anything, days.
    pub until: u32,
}

/// The product-limit estimate (Kaplan & Meier, *JASA* 53, 1958): the product of 1 − d/n over the tenures at which d of the n
/// people then at risk left. Who was here already when the records began counts from then on (delayed entry; Klein &
/// Moeschberger, *Survival Analysis*, 2nd edition 2003, section 4.6). Greenwood's variance, intervals on the scale of
/// log(−log) (same, section 4.3), which stay within 0 and 1. Tenures at which fewer than `fewest` people were at risk are
/// left out, so that one early leaver among a handful does not fell the whole curve (Lai & Ying, *Annals of Statistics* 19,
/// 1991). `None` where nobody was seen.
#[must_use]
pub fn kaplan_meier(spells: &[Spell], fewest: usize) -> Option<Survival> {
    let seen: Vec<Spell> = spells.iter().copied().filter(|spell| spell.ended > spell.entered).collect();
    let mut entries: Vec<u32> = seen.iter().map(|spell| spell.entered).collect();
    let mut ends: Vec<u32> = seen.iter().map(|spell| spell.ended).collect();
    let mut exits: Vec<u32> = seen.iter().filter(|spell| spell.left).map(|spell| spell.ended).collect();
    for times in [&mut entries, &mut ends, &mut exits] {
        times.sort_unstable();
    }
    // At risk at t: seen before t and not gone before t; who is seen last on the day others leave is still at risk.
    let at_risk = |at: u32| entries.partition_point(|other| *other < at) - ends.partition_point(|other| *other < at);
    let enough = |at: u32| at_risk(at) >= fewest.max(1);
    let (mut share, mut greenwood) = (1.0, 0.0);
    let mut steps = Vec::new();
    for tied in exits.chunk_by(|a, b| a == b).filter(|tied| enough(tied[0])) {
        let (risk, gone) = (at_risk(tied[0]), tied.len());
        let (n, d) = (risk as f64, gone as f64);
        share *= 1.0 - d / n;
        greenwood += d / (n * (n - d));
        steps.push(Step { at: tied[0], at_risk: risk, left: gone, share, interval: interval(share, greenwood) });
    }
    let until = ends.iter().rev().copied().find(|at| enough(*at))?;
    Some(Survival { n: seen.len(), left: exits.len(), steps, until })
}

/// S^exp(±z·√V / |ln S|), with V Greenwood's sum.
fn interval(share: f64, greenwood: f64) -> Option<(f64, f64)> {
    let log = share.ln();
    if !log.is_finite() || log == 0.0 {
        return None;
    }
    let wide = Z * greenwood.sqrt() / log.abs();
    Some((share.powf(wide.exp()), share.powf((-wide).exp())))
}

impl Survival {
    /// The last step at or before a tenure.
    #[must_use]
    pub fn step_at(&self, days: u32) -> Option<&Step> {
        let after = self.steps.partition_point(|step| step.at <= days);
        self.steps[..after].last()
    }

    /// The share that stays longer than so many days, 0–1; `None` beyond what was seen.
    #[must_use]
    pub fn share_at(&self, days: u32) -> Option<f64> {
        (days <= self.until).then(|| self.step_at(days).map_or(1.0, |step| step.share))
    }

    /// The tenure, in days, that half do not exceed; `None` where more than half stay as long as anybody was seen.
    #[must_use]
    pub fn median(&self) -> Option<u32> {
        self.steps.iter().find(|step| step.share <= 0.5 + 1e-12).map(|step| step.at)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn left(at: u32) -> Spell {
        Spell { entered: 0, ended: at, left: true }
    }

    fn here(at: u32) -> Spell {
        Spell { left: false, ..left(at) }
    }

    /// Weeks in remission of the 21 leukaemia patients on 6-mercaptopurine (Freireich et al., *Blood* 21, 1963), the example
    /// of Klein & Moeschberger, section 4.2; the intervals are those of R's survfit(conf.type = "log-log").
    #[test]
    fn the_textbook_s_example() {
        let gone = [6, 6, 6, 7, 10, 13, 16, 22, 23].map(left);
        let still = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map(here);
        let survival = kaplan_meier(&[&gone[..], &still[..]].concat(), 1).unwrap();
        let expected = [
            (6, 21, 3, 0.857, 0.620, 0.952),
            (7, 17, 1, 0.807, 0.563, 0.923),
            (10, 15, 1, 0.753, 0.503, 0.889),
            (13, 12, 1, 0.690, 0.432, 0.849),
            (16, 11, 1, 0.627, 0.368, 0.805),
            (22, 7, 1, 0.538, 0.268, 0.747),
            (23, 6, 1, 0.448, 0.188, 0.680),
        ];
        assert_eq!((survival.n, survival.left, survival.steps.len()), (21, 9, expected.len()));
        for (step, (at, risk, gone, share, low, high)) in survival.steps.iter().zip(expected) {
            assert_eq!((step.at, step.at_risk, step.left), (at, risk, gone));
            let found = step.interval.unwrap();
            for (found, expected) in [(step.share, share), (found.0, low), (found.1, high)] {
                assert!((found - expected).abs() < 6e-4, "at {at}: {found}, not {expected}");
            }
        }
        assert_eq!(survival.median(), Some(23));
        assert_eq!((survival.share_at(5), survival.share_at(36)), (Some(1.0), None));
    }

    #[test]
    fn without_anybody_still_here_it_is_the_plain_share() {
        let survival = kaplan_meier(&[1, 2, 3, 4].map(left), 1).unwrap();
        let shares: Vec<f64> = survival.steps.iter().map(|step| step.share).collect();
        for (found, expected) in shares.iter().zip([0.75, 0.5, 0.25, 0.0]) {
            assert!((found - expected).abs() < 1e-12);
        }
        assert_eq!((survival.median(), survival.steps[3].interval), (Some(2), None));
    }

    #[test]
    fn who_was_here_before_the_records_counts_from_then_on() {
        // One leaves on day 10 of two newcomers; three who were here for 100 days already were not at risk then. On day
        // 120 one of those three leaves: 1/2 · 2/3.
        let old = |ended, left| Spell { entered: 100, ended, left };
        let survival =
            kaplan_meier(&[left(10), here(50), old(120, true), old(150, false), old(160, false)], 1).unwrap();
        assert_eq!(survival.steps.iter().map(|step| step.at_risk).collect::<Vec<_>>(), [2, 3]);
        assert!((survival.steps[1].share - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn a_handful_does_not_fell_the_curve() {
        let mut spells = vec![Spell { entered: 0, ended: 3, left: true }];
        spells.extend([200; 9].map(|ended| Spell { entered: 100, ended, left: false }));
        spells.push(Spell { entered: 100, ended: 150, left: true });
        let survival = kaplan_meier(&spells, 5).unwrap();
        assert_eq!(survival.steps.iter().map(|step| (step.at, step.at_risk)).collect::<Vec<_>>(), [(150, 10)]);
        assert_eq!(survival.until, 200);
    }

    #[test]
    fn nobody_seen_is_no_estimate() {
        assert_eq!(kaplan_meier(&[], 1), None);
        assert_eq!(kaplan_meier(&[Spell { entered: 9, ended: 9, left: true }], 1), None);
        assert_eq!(kaplan_meier(&[here(3)], 5), None);
    }

    fn any_spell() -> impl Strategy<Value = Spell> {
        (0u32..300, 1u32..900, any::<bool>()).prop_map(|(entered, more, left)| Spell {
            entered,
            ended: entered + more,
            left,
        })
    }

    proptest! {
        #[test]
        fn it_falls_and_stays_within_its_interval(spells in prop::collection::vec(any_spell(), 0..80), fewest in 1usize..8) {
            let Some(survival) = kaplan_meier(&spells, fewest) else { return Ok(()) };
            let mut before = 1.0;
            for step in &survival.steps {
                prop_assert!(step.at <= survival.until && step.at_risk >= fewest && step.left <= step.at_risk);
                prop_assert!((0.0..=before).contains(&step.share));
                before = step.share;
                if let Some((low, high)) = step.interval {
                    prop_assert!(0.0 <= low && low <= step.share + 1e-12 && step.share <= high + 1e-12 && high <= 1.0);
                }
            }
        }

        #[test]
        fn the_order_of_the_people_is_nothing_to_it(spells in prop::collection::vec(any_spell(), 0..40)) {
            let mut turned = spells.clone();
            turned.reverse();
            prop_assert_eq!(kaplan_meier(&spells, 1), kaplan_meier(&turned, 1));
        }
    }
}
