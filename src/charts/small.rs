//! Drawings that stand in a line of text or a table cell, and the scale of a score.

use std::fmt::Write;

use super::figure::Zone;
use super::xml::{escape, n};

/// A trend the size of a word. `label` says it for those who do not see it.
#[must_use]
pub fn sparkline(points: &[Option<f64>], label: &str) -> String {
    let value = |place: usize| points.get(place).copied().flatten().filter(|value: &f64| value.is_finite());
    let values = || (0..points.len()).filter_map(value);
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    let at = |place: usize, value: f64| {
        let share = (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
        let x = 3.0 + 90.0 * place as f64 / (points.len().max(2) - 1) as f64;
        (x, 21.0 - 18.0 * if share.is_finite() { share } else { 0.5 })
    };
    let mut d = String::new();
    let mut joined = false;
    for place in 0..points.len() {
        if let Some(value) = value(place) {
            let (x, y) = at(place, value);
            let _ = write!(d, "{}{} {}", if joined { 'L' } else { 'M' }, n(x), n(y));
        }
        joined = value(place).is_some();
    }
    let mut out = format!(
        r#"<svg class="spark" viewBox="0 0 96 24" width="96" height="24" role="img" aria-label="{}"><path class="line main" d="{d}"/>"#,
        escape(label)
    );
    if let Some((place, value)) = (0..points.len()).rev().find_map(|place| Some((place, value(place)?))) {
        let (x, y) = at(place, value);
        let _ = write!(out, r#"<circle class="dot main" cx="{}" cy="{}" r="2.5"/>"#, n(x), n(y));
    }
    out.push_str("</svg>");
    out
}

/// `filled` of `of` small bars of growing height: a level that needs no colour. Said by the word beside it, so hidden.
#[must_use]
pub fn pips(filled: usize, of: usize) -> String {
    let of = of.min(12);
    let mut out = format!(
        r#"<svg class="pips" viewBox="0 0 {w} 12" width="{w}" height="12" aria-hidden="true">"#,
        w = (of * 5).max(1)
    );
    for nth in 0..of {
        let height = 4.0 + 8.0 * (nth + 1) as f64 / of as f64;
        let class = if nth < filled { "on" } else { "off" };
        let _ = write!(
            out,
            r#"<rect class="{class}" x="{}" y="{}" width="3.5" height="{}"/>"#,
            nth * 5,
            n(12.0 - height),
            n(height)
        );
    }
    out.push_str("</svg>");
    out
}

/// A share of a whole as a bar, with an optional tick. Said by the numbers beside it, so hidden.
#[must_use]
pub fn share_bar(share: f64, tick: Option<f64>) -> String {
    let percent = |share: f64| if share.is_finite() { share.clamp(0.0, 1.0) * 100.0 } else { 0.0 };
    let mut out = format!(
        r#"<svg class="share" aria-hidden="true"><rect class="track" width="100%" height="100%"/><rect class="bar" width="{}%" height="100%"/>"#,
        n(percent(share))
    );
    if let Some(tick) = tick {
        let x = n(percent(tick));
        let _ = write!(out, r#"<line class="compared" x1="{x}%" x2="{x}%" y1="-3" y2="100%"/>"#);
    }
    out.push_str("</svg>");
    out
}

/// Where a score lies among its bands, and the median of those it is compared with. `label` says it in words.
#[must_use]
pub fn score_scale(score: Option<f64>, median: Option<f64>, zones: &[Zone], label: &str) -> String {
    let top = zones.last().map_or(100.0, |zone| zone.to);
    let percent = |value: f64| if value.is_finite() { (value / top * 100.0).clamp(0.0, 100.0) } else { 0.0 };
    let within = |zone: &Zone| score.is_some_and(|score| score >= zone.from && (score < zone.to || zone.to >= top));
    let mut out = format!(r#"<svg class="score-scale" role="img" aria-label="{}">"#, escape(label));
    for (nth, zone) in zones.iter().enumerate() {
        let here = if within(zone) { " here" } else { "" };
        let (from, to) = (percent(zone.from), percent(zone.to));
        let _ = write!(
            out,
            r#"<rect class="step step-{nth}{here}" x="{}%" width="{}%" y="10" height="10"/>"#,
            n(from),
            n(to - from)
        );
        if nth > 0 {
            let x = n(from);
            let _ = write!(out, r#"<line class="cut" x1="{x}%" x2="{x}%" y1="8" y2="22"/>"#);
            let _ = write!(out, r#"<text class="tick" x="{x}%" y="36" text-anchor="middle">{}</text>"#, n(zone.from));
        }
    }
    if let Some(median) = median {
        let x = n(percent(median));
        let _ = write!(out, r#"<line class="compared" x1="{x}%" x2="{x}%" y1="4" y2="26"/>"#);
    }
    if let Some(score) = score {
        let _ = write!(out, r#"<circle class="level" cx="{}%" cy="15" r="8"/>"#, n(percent(score)));
    }
    out.push_str("</svg>");
    out
}
