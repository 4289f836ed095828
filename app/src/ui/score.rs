//! Scores and bands: always a number, a word and a shape, never colour alone.

use leptos::prelude::*;
use muster::charts::{Figure, Unit, pips, score_scale, share_bar};
use muster::scoring::Band;

use super::fmt;

/// The band of a score: its word, and as many filled bars as it has rungs.
#[component]
pub fn BandBadge(band: Band) -> impl IntoView {
    let rung = Band::ALL.iter().position(|other| *other == band).unwrap_or(0) + 1;
    view! {
        <span class=format!("band-badge band-{}", band.code())>
            <span class="pips-box" inner_html=pips(rung, Band::ALL.len())></span>
            {band.label()}
        </span>
    }
}

/// The five bands in a chart's words, for [`muster::charts::Figure::with_zones`].
#[must_use]
pub fn band_zones() -> Vec<(&'static str, f64)> {
    Band::ALL.iter().map(|band| (band.label(), band.floor())).collect()
}

/// Where a score lies on the way from 0 to 100, with the bands and the median it is compared with.
#[component]
pub fn ScoreScale(score: f64, #[prop(optional_no_strip)] median: Option<f64>) -> impl IntoView {
    let empty = muster::charts::Axis::Categories(Vec::new());
    let zones = Figure::new("scale", "", "", Unit::Points, empty).with_zones(&band_zones(), 100.0).zones;
    let compared = median.map(|median| format!("; the cohort's median is {}", fmt::points(median))).unwrap_or_default();
    let label = format!("{} of 100, {}{compared}", fmt::points(score), Band::of(score).label());
    view! { <div class="score-scale-box" inner_html=score_scale(Some(score), median, &zones, &label)></div> }
}

/// A bar that shows a share of a whole; the numbers beside it say it. `tick` marks what it is compared with.
#[component]
pub fn Meter(
    share: f64,
    #[prop(optional_no_strip)] tick: Option<f64>,
    #[prop(optional, into)] class: String,
) -> impl IntoView {
    view! { <span class=format!("meter {class}") inner_html=share_bar(share, tick)></span> }
}

/// The way to something: a bar and, in words, how far.
#[component]
pub fn Progress(
    /// So many.
    value: i64,
    /// Of so many.
    of: i64,
    /// What is counted, in the plural.
    #[prop(into)]
    what: String,
) -> impl IntoView {
    let share = if of > 0 { value as f64 / of as f64 } else { 0.0 };
    view! {
        <span class="progress">
            <Meter share=share/>
            <span class="progress-words">{fmt::number(value as f64, 0)}" of "{fmt::number(of as f64, 0)}" "{what}</span>
        </span>
    }
}
