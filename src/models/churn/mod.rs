//! Who may leave within 60 days, why, and what could help them to stay?
//!
//! Learned from snapshots of every worker on each month's first day, by the facts up to the day before. Written down every
//! morning and read by [`at_risk`]; people decide, nothing acts on it, and coaching never hears of it.

mod at_risk;
mod card;
mod counts;
mod fact;
mod predict;
mod snapshot;
mod store;
mod train;
mod words;

pub use at_risk::{AtRisk, LookedBy, PAGE, RiskFilter, RiskRow, at_risk};
pub use card::{Model, ModelCard};
pub use counts::{Counts, SiteCounts};
pub use fact::Cause;
pub use predict::predict_churn;
pub use train::{Training, train_churn};

use serde::{Deserialize, Serialize};

/// Its name in the store.
pub const NAME: &str = "churn";
/// Leaving counts within so many days of a snapshot.
pub const HORIZON_DAYS: u64 = 60;

/// How likely somebody leaves, against what is usual (see [`super::Subject::bands`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RiskBand {
    /// Less than the usual rate.
    Low,
    /// From the usual rate on.
    Medium,
    /// From twice the usual rate on.
    High,
}

impl RiskBand {
    /// All, the lowest first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// Its word, in the address and the database too.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|band| band.word() == word)
    }
}
