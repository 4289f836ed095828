//! The page's charts.

use super::comparison::{Comparison, SiteRate};
use crate::charts::{Axis, Emphasis, Figure, Mark, Scale, Unit};

fn percent(share: f64) -> f64 {
    100.0 * share
}

fn rate(site: &SiteRate) -> Option<f64> {
    site.rate.value().map(percent)
}

/// The lowest and highest value that bars need: shares near the whole are shown of the whole.
fn scale(comparison: &Comparison, sites: &[&SiteRate]) -> Scale {
    let most = sites
        .iter()
        .flat_map(|site| [rate(site), site.limits.map(|limits| percent(limits.control.1))])
        .flatten()
        .fold(comparison.total.value().map_or(1.0, percent), f64::max);
    Scale::Fixed(0.0, if most > 50.0 { 100.0 } else { most.max(1.0) })
}

/// The sites given, in their order: each rate, the pooled rate, and where a site of its size lies by chance.
#[must_use]
pub fn bars(comparison: &Comparison, sites: &[&SiteRate]) -> Figure {
    let bars = sites.iter().map(|site| (site.name.clone(), rate(site))).collect();
    let pooled = comparison.total.value().map(percent);
    let limit = |pick: fn((f64, f64)) -> f64| {
        sites.iter().map(|site| site.limits.map(|limits| percent(pick(limits.control)))).collect::<Vec<_>>()
    };
    let title = format!("{} by site", comparison.metric.label());
    Figure::bars("sites-bars", &title, "Which sites stand out?", Unit::Percent, bars)
        .with_places("Site")
        .with_scale(scale(comparison, sites))
        .with("All sites together", Mark::Bar, Emphasis::Context, sites.iter().map(|_| pooled).collect())
        .with_band("By chance, 99.8 %", limit(|limits| limits.0), limit(|limits| limits.1))
}

/// All sites: how many were judged across, the rate up, and the limits within which a rate lies by chance.
#[must_use]
pub fn funnel(comparison: &Comparison) -> Figure {
    let mut sites: Vec<&SiteRate> = comparison.sites.iter().filter(|site| site.rate.of > 0).collect();
    sites.sort_by_key(|site| site.rate.of);
    let cases = Axis::Numbers(sites.iter().map(|site| site.rate.of as f64).collect());
    let limit = |pick: fn(&crate::scoring::funnel::Limits) -> f64| {
        sites.iter().map(|site| site.limits.as_ref().map(|limits| percent(pick(limits)))).collect::<Vec<_>>()
    };
    let (_, what) = comparison.metric.counts();
    let title = format!("{} and how much was judged", comparison.metric.label());
    let figure = Figure::new("sites-funnel", &title, "Which sites differ by more than chance?", Unit::Percent, cases)
        .with_places(&format!("Site, {what}"))
        .with_band("By chance, 99.8 %", limit(|limits| limits.control.0), limit(|limits| limits.control.1))
        .with_band("By chance, 95 %", limit(|limits| limits.warning.0), limit(|limits| limits.warning.1))
        .with(comparison.metric.label(), Mark::Point, Emphasis::Main, sites.iter().map(|site| rate(site)).collect())
        .funnel(sites.iter().map(|site| site.name.clone()).collect());
    match comparison.total.value() {
        Some(pooled) => figure.with_reference("All sites together", percent(pooled)),
        None => figure,
    }
}
