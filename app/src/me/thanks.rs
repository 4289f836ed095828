//! Streaks, achievements, kudos.

use leptos::prelude::*;
use muster::database::OrgTx;
use muster::units::WorkerId;

use super::page::Own;
use crate::caller::Caller;
use crate::error::AppError;

/// What the worker is thanked for.
pub(super) struct Thanks {}

pub(super) async fn load(
    _tx: &mut OrgTx,
    _caller: &Caller,
    _worker: WorkerId,
    _today: chrono::NaiveDate,
) -> Result<Thanks, AppError> {
    Ok(Thanks {})
}

pub(super) fn streaks(_thanks: &Thanks) -> impl IntoView + use<> {}
pub(super) fn achievements(_thanks: &Thanks) -> impl IntoView + use<> {}
pub(super) fn kudos(_own: &Own) -> impl IntoView + use<> {}
