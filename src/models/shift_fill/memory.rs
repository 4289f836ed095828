//! Predictions that are asked for again and again: what they lean on changes slowly and is read once for all who ask.
//!
//! A model's version never changes, and what happened at a site in ninety days hardly does within [`FRESH_MINUTES`]. What is
//! known of the asked shifts themselves, who refused them and who could come, is read each time.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::features::{History, Look, OpenShift, Pool};
use super::store::{self, Which};
use super::{HISTORY_DAYS, Learned, NAME, Prediction, kept, pool, table};
use crate::Result;
use crate::database::OrgTx;
use crate::models::Trained;
use crate::units::OrgId;

/// What happened at the sites is read anew after so many minutes.
const FRESH_MINUTES: i64 = 10;

/// What the newest model of an organization leans on.
struct Kept {
    trained: Trained,
    read_at: DateTime<Utc>,
    learned: Learned,
    history: History,
}

/// Filled by whoever asks first, while the others wait.
type Place = Arc<tokio::sync::Mutex<Option<Arc<Kept>>>>;

/// What is remembered between predictions, by organization. Clones share it.
#[derive(Clone, Default)]
pub struct Memory {
    places: Arc<Mutex<HashMap<OrgId, Place>>>,
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").finish_non_exhaustive()
    }
}

/// Some shifts as the newest model sees them at a moment.
pub struct Outlook {
    kept: Arc<Kept>,
    history: History,
    shifts: Vec<OpenShift>,
    pools: HashMap<Uuid, Pool>,
    at: DateTime<Utc>,
}

impl fmt::Debug for Outlook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outlook").field("shifts", &self.shifts.len()).finish_non_exhaustive()
    }
}

impl Memory {
    /// These shifts as things stand now. `None` where there is no model, or none that may be shown.
    ///
    /// # Errors
    /// [`crate::Error::Database`]; [`crate::Error::Json`] when a stored model is not what it should be.
    pub async fn outlook(&self, tx: &mut OrgTx, shifts: &[Uuid], now: DateTime<Utc>) -> Result<Option<Outlook>> {
        let Some(trained) = kept::latest(tx, NAME).await?.filter(|trained| trained.shown) else { return Ok(None) };
        let kept = self.kept(tx, trained, now).await?;
        let history = kept.history.with_refused(store::refusals(tx, shifts).await?);
        let shifts = store::open_shifts(tx, Which::These(shifts, now)).await?;
        let pools = store::pools(tx, &shifts.iter().map(|shift| (shift.id, now)).collect::<Vec<_>>()).await?;
        Ok(Some(Outlook { kept, history, shifts, pools, at: now }))
    }

    async fn kept(&self, tx: &mut OrgTx, trained: Trained, now: DateTime<Utc>) -> Result<Arc<Kept>> {
        let place = {
            let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
            places.entry(tx.org()).or_default().clone()
        };
        let mut place = place.lock().await;
        let fresh = |kept: &&Arc<Kept>| {
            kept.trained == trained && (0..FRESH_MINUTES).contains(&(now - kept.read_at).num_minutes())
        };
        if let Some(kept) = place.as_ref().filter(fresh) {
            return Ok(kept.clone());
        }
        let learned = kept::parameters(tx, &trained).await?;
        let from = now - Duration::days(HISTORY_DAYS);
        let begun = store::open_shifts(tx, Which::Begun(from, now)).await?;
        let history = History::of(&begun, &store::answers(tx, from, now + Duration::days(60)).await?);
        let kept = Arc::new(Kept { trained, read_at: now, learned, history });
        *place = Some(kept.clone());
        Ok(kept)
    }
}

impl Outlook {
    /// How likely each shift is filled by its start.
    #[must_use]
    pub fn probabilities(&self) -> Vec<(Uuid, f64)> {
        let looks = self.looks(|_| true);
        let table = table(&looks, &self.history, self.kept.learned.season);
        let rows: Vec<usize> = (0..looks.len()).collect();
        let probabilities = self.kept.learned.classifier.probabilities(&table, &rows);
        looks.iter().map(|look| look.shift.id).zip(probabilities).collect()
    }

    /// The same of some of the shifts with the reasons; `target` is the probability that a recommended posting time reaches.
    #[must_use]
    pub fn predictions(&self, shifts: &[Uuid], target: f64) -> Vec<Prediction> {
        self.kept.learned.predictions(&self.looks(|shift| shifts.contains(&shift)), &self.history, target)
    }

    fn looks(&self, of: impl Fn(Uuid) -> bool) -> Vec<Look<'_>> {
        let shifts = self.shifts.iter().filter(|shift| of(shift.id));
        shifts.map(|shift| Look { shift, at: self.at, pool: pool(&self.pools, shift) }).collect()
    }
}
