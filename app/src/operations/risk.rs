//! What the model says of the open shifts, and the numbers of the tiles, the same for the page and for its live events.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use muster::Result;
use muster::database::OrgTx;
use muster::models::shift_fill::{AT_RISK, NAME, Prediction};
use muster::models::{latest, predict_shift_fill};
use muster::operations::board::{self, Figures};
use muster::people::Scope;
use muster::units::ShiftId;

use super::address::List;

/// What the model says of the open shifts.
pub(super) enum Risk {
    /// No model may be shown: why, as a sentence.
    Unknown(&'static str),
    /// By shift.
    Known(HashMap<ShiftId, Prediction>),
}

impl Risk {
    /// Asks the newest version of the model.
    pub(super) async fn read(tx: &mut OrgTx, scope: &Scope, now: DateTime<Utc>) -> Result<Self> {
        match latest(tx, NAME).await? {
            None => Ok(Self::Unknown(
                "No model of shift fill is trained yet: it needs some weeks of posted shifts, and learns on Sundays at 03:00.",
            )),
            Some(model) if !model.shown => Ok(Self::Unknown(
                "The model of shift fill did not prove better than a simple rule, so its predictions are not shown.",
            )),
            Some(_) => {
                let ids: Vec<_> = board::to_fill(tx, scope, now).await?.iter().map(|shift| shift.0).collect();
                let told = predict_shift_fill(tx, &ids, AT_RISK, now).await?;
                Ok(Self::Known(told.into_iter().map(|it| (ShiftId(it.shift), it)).collect()))
            }
        }
    }

    /// The shifts at risk.
    pub(super) fn shifts(&self) -> Option<Vec<ShiftId>> {
        let Self::Known(predictions) = self else { return None };
        Some(predictions.iter().filter(|(_, it)| it.at_risk).map(|(shift, _)| *shift).collect())
    }

    pub(super) fn of(&self, shift: ShiftId) -> Option<&Prediction> {
        match self {
            Self::Known(predictions) => predictions.get(&shift),
            Self::Unknown(_) => None,
        }
    }
}

/// The numbers of the tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tiles {
    figures: Figures,
    /// `None`: no model is shown.
    at_risk: Option<i64>,
    available: i64,
}

impl Tiles {
    pub(super) fn new(figures: Figures, risk: &Risk, available: i64) -> Self {
        Self { figures, at_risk: risk.shifts().map(|shifts| shifts.len() as i64), available }
    }

    /// How long a list is: `None` for one without a tile, `Some(None)` where it is not known.
    pub(super) fn number(&self, list: List) -> Option<Option<i64>> {
        match list {
            List::Open => Some(Some(self.figures.open)),
            List::Shifts => Some(Some(self.figures.shifts)),
            List::There => Some(Some(self.figures.there)),
            List::AtRisk => Some(self.at_risk),
            List::Available => Some(Some(self.available)),
            List::Expiring => None,
        }
    }
}

/// The numbers of the tiles, of the sites in scope.
pub(super) async fn tiles(tx: &mut OrgTx, scope: &Scope, now: DateTime<Utc>) -> Result<Tiles> {
    let figures = board::figures(tx, scope, now).await?;
    let risk = Risk::read(tx, scope, now).await?;
    Ok(Tiles::new(figures, &risk, board::available_count(tx, scope, now).await?))
}
