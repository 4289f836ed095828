//! What will the next thirty days bring, and how sure is that?
//!
//! Any series of daily numbers is continued by several methods ([`told`]). The forecast is their mean, in which each counts by how near
//! it came in forecasts of earlier days, brought to the time of the year as far as that would have helped before. Its bands
//! come from its own past errors ([`Reaches`]). A rolling back-test ([`backtest()`]) says how
//! good both are, against the same day of the week before. The organization's own ([`Kind`]) are judged each week and told each morning.

mod backtest;
mod bands;
mod chart;
mod daily;
pub mod figures;
mod file;
mod kept;
mod methods;
mod outlook;
mod rehearsed;
mod report;
mod season;
mod theta;
mod weights;
mod yearly;

pub use backtest::{Rolling, backtest};
pub use bands::{FEWEST_DAYS, LEVELS, Reach, Reaches, Rehearsal, Strain, Widening};
pub use chart::chart;
pub use daily::Daily;
pub use file::{FileAsked, Missing, read};
pub use kept::{Forecast, Kind, Verdict, estimate, newest, train};
pub use methods::{Method, Told, seasonal_naive, told};
pub use outlook::{DayAhead, Outlook, outlooks};
pub use report::{BandFigures, ForecastReport, ForecastVerdict, PointFigures, SeriesFigures, WeekAhead};
pub use season::{WEEK, Week};
pub use theta::theta;
pub use yearly::Yearly;

/// Days that are forecast.
pub const HORIZON: usize = 30;
