//! What pages are made of. Islands are compiled for both sides; everything else only renders on the server.

#[cfg(feature = "ssr")]
mod ago;
#[cfg(feature = "ssr")]
mod blocks;
#[cfg(feature = "ssr")]
mod cell;
pub mod chart;
#[cfg(feature = "ssr")]
mod data_table;
#[cfg(feature = "ssr")]
mod filter;
#[cfg(feature = "ssr")]
pub mod fmt;
#[cfg(feature = "ssr")]
pub mod frame;
#[cfg(feature = "ssr")]
mod pager;
#[cfg(feature = "ssr")]
mod score;
#[cfg(feature = "ssr")]
mod tile;

#[cfg(feature = "ssr")]
pub use ago::Ago;
#[cfg(feature = "ssr")]
pub use blocks::{Card, Details, EmptyState, Notice, NoticeKind};
#[cfg(feature = "ssr")]
pub use cell::{Cell, choices};
#[cfg(feature = "ssr")]
pub use chart::{ChartFigure, ChartModule, Spark};
#[cfg(feature = "ssr")]
pub use data_table::{Column, DataTable, Sort};
#[cfg(feature = "ssr")]
pub use filter::FilterBar;
#[cfg(feature = "ssr")]
pub use pager::{Pager, page_of};
#[cfg(feature = "ssr")]
pub use score::{BandBadge, Meter, Progress, ScoreScale};
#[cfg(feature = "ssr")]
pub use tile::{Delta, Growth, Tile};

#[cfg(all(test, feature = "ssr"))]
mod tests;
