//! Did it work? BPI 30 days after a conversation, against what comparable colleagues did in the same weeks.
//!
//! A difference in differences on matched workers. People are talked with just after they dropped, and who dropped by
//! bad luck rises again by itself; so each coached worker is set beside colleagues who stood as high in the 28 days before
//! the conversation *and* in the 28 days before those, measured over the same days, and had not been coached by then.
//! What remains between a worker and the matched colleagues in these two is taken out by regression (the bias-corrected
//! matching estimator of Abadie & Imbens 2011, *Journal of Business & Economic Statistics* 29(1)).
//!
//! Colleagues who are coached in the 30 days to come stay in: to leave them out is to keep those who happened to recover,
//! and coaching would look worse than it is. Instead the share of their days that already had help is allowed for:
//! the difference is divided by the share of help by which the two sides differ (as in Wald's estimator, 1940).
//!
//! Pure in [`estimate`]; with `server`, [`effect`] reads the conversations and the scores.

mod matching;
#[cfg(feature = "server")]
mod peers;
#[cfg(feature = "server")]
mod store;
pub mod words;

#[cfg(test)]
mod trial;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};

pub use matching::{CALIPER, FEWEST_PEERS, MOST_PEERS};
#[cfg(feature = "server")]
pub use store::{MOST_CONVERSATIONS, effect, keep_effect, kept_effect};

use crate::units::WorkerId;
use matching::Pair;

/// How many days after completion the second score is taken: its 28 days then lie wholly after the conversation.
pub const DAYS_AFTER: u64 = 30;
/// Fewer conversations with comparable colleagues than this give no estimate.
pub const FEWEST_COACHED: usize = 10;

/// The stored BPI of one worker around a day of completion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Course {
    /// Of the 28 days that end 29 days before completion.
    pub earlier: f64,
    /// Of the 28 days that end the day before completion.
    pub before: f64,
    /// Of the 28 days that end [`DAYS_AFTER`] days after it.
    pub after: f64,
}

impl Course {
    /// Points gained from before to after.
    #[must_use]
    pub fn change(self) -> f64 {
        self.after - self.before
    }
}

/// A colleague who was not coached, over the same days as the coached worker.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peer {
    /// Who: the same colleague may stand beside several.
    pub worker: WorkerId,
    /// How it went.
    pub course: Course,
    /// Share of the 28 days to [`Course::after`] that follow a conversation of the colleague's own, 0–1; mostly 0.
    pub helped: f64,
}

/// A conversation with both scores known, and the colleagues it may be compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct Coached {
    /// Who.
    pub worker: WorkerId,
    /// How it went.
    pub course: Course,
    /// Colleagues of the cohort who had not been coached by the day of completion.
    pub peers: Vec<Peer>,
}

/// Conversations that the estimate does not rest on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Completed less than [`DAYS_AFTER`] days ago.
    pub waiting: usize,
    /// Too few shifts for a score before or after; who left is among them.
    pub unscored: usize,
    /// Too few comparable colleagues who were not coached.
    pub unmatched: usize,
}

/// What the conversations came to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Points gained more than comparable colleagues: `coached_change` − `peers_change`.
    pub gain: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Conversations it rests on.
    pub conversations: usize,
    /// Different colleagues they are compared with.
    pub colleagues: usize,
    /// Mean BPI before, of the coached.
    pub coached_before: f64,
    /// Mean change of the coached.
    pub coached_change: f64,
    /// Mean change of their matched colleagues, as it would be had they begun exactly where the coached did and had no help.
    pub peers_change: f64,
}

/// Did it work?
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum DidItWork {
    /// No conversation is 30 days old.
    TooEarly {
        /// Completed ones that will be.
        waiting: usize,
    },
    /// Too few conversations can be compared.
    TooFew {
        /// That can.
        have: usize,
        /// That are needed.
        need: usize,
        /// That cannot, and why.
        left_out: LeftOut,
    },
    /// Enough.
    Measured {
        /// The answer.
        estimate: Estimate,
        /// What it does not rest on.
        left_out: LeftOut,
    },
}

/// Compares each coached worker with matched colleagues. `left_out` counts what never came as far as `coached`.
#[must_use]
pub fn estimate(coached: &[Coached], left_out: LeftOut) -> DidItWork {
    let sets: Vec<Vec<Peer>> = coached.iter().map(|it| matching::nearest(it.course, &it.peers)).collect();
    let matched: Vec<(&Coached, Vec<Peer>)> =
        coached.iter().zip(sets).filter(|(_, peers)| peers.len() >= FEWEST_PEERS).collect();
    let left_out = LeftOut { unmatched: left_out.unmatched + coached.len() - matched.len(), ..left_out };
    if coached.is_empty() && left_out.unscored + left_out.unmatched == 0 {
        return DidItWork::TooEarly { waiting: left_out.waiting };
    }
    if matched.len() < FEWEST_COACHED {
        return DidItWork::TooFew { have: matched.len(), need: FEWEST_COACHED, left_out };
    }
    let pairs = matching::corrected(&matched);
    DidItWork::Measured { estimate: summed_up(&pairs, &matched), left_out }
}

fn summed_up(pairs: &[Pair], matched: &[(&Coached, Vec<Peer>)]) -> Estimate {
    let n = pairs.len() as f64;
    let mean = |of: &dyn Fn(&Pair) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let coached_change = mean(&|pair| pair.coached);
    let difference = coached_change - mean(&|pair| pair.peers());
    let more_help = 1.0 - mean(&|pair| pair.helped);
    let gain = difference / more_help;
    let half = quantile(pairs.len()) * standard_error(pairs, matched, gain) / more_help;
    let mut colleagues: Vec<WorkerId> = matched.iter().flat_map(|(_, peers)| peers).map(|peer| peer.worker).collect();
    colleagues.sort_unstable();
    colleagues.dedup();
    Estimate {
        gain,
        low: gain - half,
        high: gain + half,
        conversations: pairs.len(),
        colleagues: colleagues.len(),
        coached_before: matched.iter().map(|(it, _)| it.course.before).sum::<f64>() / n,
        coached_change,
        peers_change: coached_change - gain,
    }
}

/// Of Student's t at 97.5 %: with few conversations the spread itself is uncertain.
fn quantile(n: usize) -> f64 {
    StudentsT::new(0.0, 1.0, (n.max(2) - 1) as f64).map_or(f64::INFINITY, |t| t.inverse_cdf(0.975))
}

/// The variance of Abadie & Imbens 2006 (*Econometrica* 74(1), theorem 7) for the effect on the treated: the spread of the
/// differences, and what colleagues who stand beside several add to it. Two conversations with one worker are one
/// draw, and so is one colleague at different times: that errs on the side of a wide interval.
fn standard_error(pairs: &[Pair], matched: &[(&Coached, Vec<Peer>)], gain: f64) -> f64 {
    let mut of_worker: HashMap<WorkerId, f64> = HashMap::new();
    let mut weights: HashMap<WorkerId, (f64, f64)> = HashMap::new();
    let (mut within, mut freedom) = (0.0, 0.0);
    for (pair, (coached, peers)) in pairs.iter().zip(matched) {
        *of_worker.entry(coached.worker).or_default() += pair.coached - pair.peers() - gain * (1.0 - pair.helped);
        let weight = 1.0 / peers.len() as f64;
        for peer in peers {
            let (sum, squares) = weights.entry(peer.worker).or_default();
            *sum += weight;
            *squares += weight * weight;
        }
        within += pair.changes.iter().map(|change| (change - pair.peers()).powi(2)).sum::<f64>();
        freedom += (peers.len() - 1) as f64;
    }
    let n = pairs.len() as f64;
    let spread: f64 = of_worker.values().map(|sum| sum * sum).sum::<f64>() * n / (n - 1.0);
    let reused: f64 = weights.values().map(|(sum, squares)| sum * sum - squares).sum();
    (spread + reused * within / freedom).sqrt() / n
}
