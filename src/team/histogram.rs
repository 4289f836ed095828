//! How a team's scores are spread over the bands.

use serde::Serialize;

use super::FEWEST;
use super::roster::Member;
use crate::scoring::Band;

/// Points of a bar; every band begins where one does.
pub const WIDTH: usize = 5;
const BARS: usize = 100 / WIDTH;

/// How many people have a BPI in each five points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Histogram {
    /// From 0–5 to 95–100, the last with 100.
    pub bars: Vec<i64>,
    /// People in it.
    pub n: i64,
    /// People without a BPI.
    pub unscored: i64,
}

impl Histogram {
    /// Of these people.
    #[must_use]
    pub fn of(members: &[Member]) -> Self {
        let mut bars = vec![0; BARS];
        for bpi in members.iter().filter_map(|member| member.bpi) {
            bars[((bpi / WIDTH as f64).floor().max(0.0) as usize).min(BARS - 1)] += 1;
        }
        let n: i64 = bars.iter().sum();
        Self { bars, n, unscored: members.len() as i64 - n }
    }

    /// How many people are in a band.
    #[must_use]
    pub fn in_band(&self, band: Band) -> i64 {
        let inside = |bar: &usize| Band::of((bar * WIDTH) as f64) == band;
        (0..BARS).filter(inside).map(|bar| self.bars[bar]).sum()
    }

    /// Whether somebody could be recognized: a bar of fewer than five people.
    #[must_use]
    pub fn tells_people_apart(&self) -> bool {
        self.bars.iter().any(|bar| (1..FEWEST).contains(bar))
    }
}
