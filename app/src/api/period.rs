//! Periods as they are asked for and told.

use chrono::NaiveDate;
use muster::me::Filter;
use muster::metrics::Period;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which period.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PeriodQuery {
    /// First day of the period. Without `to` it ends with the last complete day.
    #[param(value_type = Option<NaiveDate>)]
    from: Option<String>,
    /// Last day of the period. Without `from` it is 28 days long; without both it is the 28 days to the last complete day.
    #[param(value_type = Option<NaiveDate>)]
    to: Option<String>,
    /// Days of trend up to the last day of the period; 90 unless a period is chosen.
    #[param(value_type = Option<u16>, minimum = 7, maximum = 365)]
    days: Option<String>,
}

impl From<PeriodQuery> for Filter {
    fn from(it: PeriodQuery) -> Self {
        Self { from: it.from, to: it.to, days: it.days }
    }
}

/// A period of whole days.
#[derive(Debug, Serialize, ToSchema)]
pub struct Dates {
    /// The first day.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
}

impl From<Period> for Dates {
    fn from(it: Period) -> Self {
        Self { from: it.first, to: it.last }
    }
}
