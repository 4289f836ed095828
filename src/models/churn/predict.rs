//! Every morning: how likely does everybody leave, why, and what could help?

use chrono::NaiveDate;

use super::fact::{Cause, Fact, NO_STEP};
use super::snapshot::{Look, looks, table};
use super::train::Learned;
use super::words::reasons;
use super::{NAME, RiskBand, store};
use crate::Result;
use crate::database::OrgTx;
use crate::models::backtest::Subject;
use crate::models::store as kept;
use crate::units::WorkerId;

/// What is estimated of somebody.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Estimate {
    pub worker: WorkerId,
    pub probability: f64,
    pub band: RiskBand,
    pub causes: Vec<Cause>,
    pub reasons: Vec<String>,
    pub step: String,
}

/// Writes down how likely everybody employed on `day` leaves, by the newest version and the facts of the days before, in
/// place of what was written earlier in the month. Where no version may be shown, nothing is written. Returns the rows.
///
/// # Errors
/// [`crate::Error::Database`]; [`crate::Error::Json`] when a stored model is not what it should be.
pub async fn predict_churn(tx: &mut OrgTx, day: NaiveDate) -> Result<u64> {
    store::forget_month(tx, day).await?;
    let Some(trained) = kept::latest(tx, NAME).await?.filter(|trained| trained.shown) else { return Ok(0) };
    let learned: Learned = kept::parameters(tx, &trained).await?;
    // Whose last day is on record needs no estimate.
    let people = store::people(tx, day).await?;
    let looks = looks(day, &people).into_iter().zip(&people).filter(|(_, person)| person.left_on.is_none());
    let looks: Vec<Look> = looks.map(|(look, _)| look).collect();
    let estimates = learned.estimates(&looks);
    store::keep(tx, day, trained.version, &estimates).await
}

impl Learned {
    fn band(&self, probability: f64) -> RiskBand {
        let [(_, medium), (_, high), _] = Subject::Churn.bands(self.usual);
        match probability {
            p if p >= high => RiskBand::High,
            p if p >= medium => RiskBand::Medium,
            _ => RiskBand::Low,
        }
    }

    pub(super) fn estimates(&self, looks: &[Look]) -> Vec<Estimate> {
        let table = table(looks);
        let rows: Vec<usize> = (0..looks.len()).collect();
        let facts: Vec<Option<Fact>> = self
            .classifier
            .columns()
            .iter()
            .map(|column| Fact::ALL.into_iter().find(|fact| fact.column() == *column))
            .collect();
        let mut estimates = Vec::with_capacity(looks.len());
        self.classifier.explain(&table, &rows, |row, explained| {
            let contributions: Vec<(Fact, f64)> = facts
                .iter()
                .zip(&explained.contributions)
                .filter_map(|(fact, effect)| Some(((*fact)?, *effect)))
                .collect();
            let (causes, reasons): (Vec<Cause>, Vec<String>) = reasons(&looks[row], &contributions).into_iter().unzip();
            estimates.push(Estimate {
                worker: looks[row].worker,
                probability: explained.probability.clamp(0.0, 1.0),
                band: self.band(explained.probability),
                step: causes.first().map_or(NO_STEP, |cause| cause.step()).to_owned(),
                causes,
                reasons,
            });
        });
        estimates
    }
}
