//! What must be known of a model before anybody believes it: its figures, or why it is not shown.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use crate::Result;
use crate::models::figures::{Figures, Interval};
use crate::models::store::Trained;

/// What is known of a version, by its back-test on months it had not seen.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelCard {
    /// Which version.
    pub version: i32,
    /// When it was trained.
    pub trained_at: DateTime<Utc>,
    /// First snapshot it learned from.
    pub first_day: NaiveDate,
    /// The last day whose facts it knew.
    pub last_day: NaiveDate,
    /// Snapshots it was learned from and judged on.
    pub snapshots: i64,
    /// Chance that who left was given a higher probability than who stayed, with its 95 % interval.
    pub auc: Interval,
    /// Mean squared error of the probability, 0–1.
    pub brier: f64,
    /// Share that left within 60 days, of the snapshots it was judged on.
    pub base_rate: f64,
    /// Share that left among the tenth with the highest probabilities.
    pub top_tenth: f64,
    /// Of each band, low to high: snapshots it was judged on, and how many left.
    pub bands: Vec<(String, i64, i64)>,
    /// What it is compared with.
    pub against: String,
    /// Area under the curve of the tenure-only baseline, where there is one.
    pub tenure_auc: Option<Interval>,
    /// The verdict in words.
    pub verdict: String,
}

/// Whether predictions are shown, and by which model.
#[derive(Debug, Clone, PartialEq)]
pub enum Model {
    /// Clearly better than the simple baseline.
    Trusted(ModelCard),
    /// Trained, but not clearly better than the simple baseline: nothing is shown.
    NotBetter(ModelCard),
    /// There was too little to learn from so far: nothing is shown.
    Untrained,
}

impl Model {
    pub(super) fn of(trained: Option<Trained>) -> Result<Self> {
        let Some(trained) = trained else { return Ok(Self::Untrained) };
        let shown = trained.shown;
        let card = ModelCard::of(trained)?;
        Ok(if shown { Self::Trusted(card) } else { Self::NotBetter(card) })
    }

    /// The figures, where there are any.
    #[must_use]
    pub fn card(&self) -> Option<&ModelCard> {
        match self {
            Self::Trusted(card) | Self::NotBetter(card) => Some(card),
            Self::Untrained => None,
        }
    }

    /// Why nothing is shown, in words; `None` where it is.
    #[must_use]
    pub fn why_not(&self) -> Option<String> {
        match self {
            Self::Trusted(_) => None,
            Self::NotBetter(card) => Some(format!(
                "The model was tried on months it had not seen, and was not clearly better than a simple answer ({}).",
                card.against
            )),
            Self::Untrained => Some(
                "Too few people have left so far to learn from. The model tries again every Sunday night.".to_owned(),
            ),
        }
    }
}

/// What a card needs of a stored report.
#[derive(Deserialize)]
struct Kept {
    base_rate: f64,
    figures: Figures,
    baselines: Vec<KeptBaseline>,
    bands: Vec<KeptBand>,
    verdict: KeptVerdict,
}

#[derive(Deserialize)]
struct KeptBaseline {
    figures: Figures,
}

#[derive(Deserialize)]
struct KeptBand {
    name: String,
    rows: i64,
    positives: i64,
}

#[derive(Deserialize)]
struct KeptVerdict {
    against: String,
    words: String,
}

impl ModelCard {
    fn of(trained: Trained) -> Result<Self> {
        let kept: Kept = serde_json::from_value(trained.figures)?;
        Ok(Self {
            version: trained.version,
            trained_at: trained.trained_at,
            first_day: trained.first_day,
            last_day: trained.last_day,
            snapshots: trained.size,
            auc: kept.figures.auc,
            brier: kept.figures.brier,
            base_rate: kept.base_rate,
            top_tenth: kept.figures.top_decile,
            bands: kept.bands.into_iter().map(|band| (band.name, band.rows, band.positives)).collect(),
            against: kept.verdict.against,
            // Always the overall rate comes first, tenure alone second.
            tenure_auc: kept.baselines.get(1).map(|baseline| baseline.figures.auc),
            verdict: kept.verdict.words,
        })
    }
}
