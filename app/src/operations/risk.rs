//! What the model says of the open shifts, and the numbers of the tiles, the same for the page and for its live events.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use muster::Result;
use muster::database::OrgTx;
use muster::models::latest;
use muster::models::shift_fill::{AT_RISK, Memory, NAME, Outlook, Prediction};
use muster::operations::board::{self, BoardShift, Figures};
use muster::people::Scope;
use muster::units::ShiftId;

use super::address::List;

/// What the model says of the open shifts.
pub(super) enum Risk {
    /// No model may be shown: why, as a sentence.
    Unknown(&'static str),
    /// The shifts at risk, and what is said of those that are listed.
    Known {
        /// Less likely to be filled than [`AT_RISK`].
        at_risk: Vec<ShiftId>,
        /// Of which more can be said.
        outlook: Box<Outlook>,
        /// By shift; see [`Risk::explain`].
        told: HashMap<ShiftId, Prediction>,
    },
}

impl Risk {
    /// Asks the newest version of the model.
    pub(super) async fn read(tx: &mut OrgTx, scope: &Scope, fill: &Memory, now: DateTime<Utc>) -> Result<Self> {
        let ids: Vec<_> = board::to_fill(tx, scope, now).await?.iter().map(|shift| shift.0).collect();
        if let Some(outlook) = fill.outlook(tx, &ids, now).await? {
            let likely = outlook.probabilities().into_iter();
            let at_risk = likely.filter(|(_, p)| *p < AT_RISK).map(|(shift, _)| ShiftId(shift)).collect();
            return Ok(Self::Known { at_risk, outlook: Box::new(outlook), told: HashMap::new() });
        }
        Ok(Self::Unknown(match latest(tx, NAME).await? {
            None => {
                "No model of shift fill is trained yet: it needs some weeks of posted shifts, and learns on Sundays at 03:00."
            }
            Some(_) => {
                "The model of shift fill did not prove better than a simple rule, so its predictions are not shown."
            }
        }))
    }

    /// Says of these shifts how likely each is filled, and why.
    pub(super) fn explain(&mut self, shifts: &[BoardShift]) {
        if let Self::Known { outlook, told, .. } = self {
            let ids: Vec<_> = shifts.iter().map(|shift| shift.id.0).collect();
            let predictions = outlook.predictions(&ids, AT_RISK);
            told.extend(predictions.into_iter().map(|it| (ShiftId(it.shift), it)));
        }
    }

    /// The shifts at risk.
    pub(super) fn shifts(&self) -> Option<&[ShiftId]> {
        match self {
            Self::Known { at_risk, .. } => Some(at_risk),
            Self::Unknown(_) => None,
        }
    }

    pub(super) fn of(&self, shift: ShiftId) -> Option<&Prediction> {
        match self {
            Self::Known { told, .. } => told.get(&shift),
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

    /// Whether any shift is planned in the window.
    pub(super) fn any_shift(&self) -> bool {
        self.figures.shifts > 0
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
pub(super) async fn tiles(tx: &mut OrgTx, scope: &Scope, fill: &Memory, now: DateTime<Utc>) -> Result<Tiles> {
    let figures = board::figures(tx, scope, now).await?;
    let risk = Risk::read(tx, scope, fill, now).await?;
    Ok(Tiles::new(figures, &risk, board::available_count(tx, scope, now).await?))
}
