//! What is going to happen, how likely, and why: models learned from facts, judged on facts they had not seen.
//!
//! A [`Classifier`] answers a yes-or-no question of each row of a [`Table`]; a back-test ([`backtest`]) says how good
//! its probabilities are, against simple baselines, on the organization's own facts or on anybody's CSV ([`Sheet`]).

mod backtest;
mod baseline;
mod boosted;
mod calibrate;
#[cfg(feature = "server")]
pub mod churn;
mod classifier;
mod design;
mod dice;
pub mod figures;
#[cfg(feature = "server")]
pub mod forecast;
mod leak;
mod logistic;
#[cfg(feature = "server")]
pub mod ltv;
mod reason;
mod report;
#[cfg(feature = "server")]
mod sheet;
#[cfg(feature = "server")]
pub mod shift_fill;
#[cfg(feature = "server")]
mod store;
mod table;

pub use backtest::{Held, Question, Subject, backtest};
pub use baseline::most_telling;
pub use calibrate::Calibration;
#[cfg(feature = "server")]
pub use churn::{predict_churn, train_churn};
pub use classifier::{Classifier, Explained, FEWEST_OF_EACH, Kind, MOST_TRAINING_ROWS, Trial};
pub use logistic::{log_odds, logistic};
pub use reason::Reason;
pub use report::{BandRate, Baseline, Driver, Example, Report, Seen, Split, Verdict};
#[cfg(feature = "server")]
pub use sheet::{Asked, Sheet};
#[cfg(feature = "server")]
pub use shift_fill::{predict_shift_fill, train_shift_fill};
#[cfg(feature = "server")]
pub use store::{Trained, latest};
pub use table::{Categories, Column, MISSING, Table, Values};
