//! The page's charts.

use super::comparison::{Comparison, SiteRate};
use crate::charts::{Axis, Emphasis, Figure, Mark, Scale, Unit};
use crate::scoring::funnel::Limits;

fn value(comparison: &Comparison, site: &SiteRate) -> Option<f64> {
    site.rate.value().map(|value| comparison.metric.shown(value))
}

fn limit(comparison: &Comparison, sites: &[&SiteRate], pick: fn(Limits) -> f64) -> Vec<Option<f64>> {
    sites.iter().map(|site| site.limits.map(|limits| comparison.metric.shown(pick(limits)).max(0.0))).collect()
}

/// The lowest and highest value that bars need: shares near the whole are shown of the whole.
fn scale(comparison: &Comparison, sites: &[&SiteRate], unit: &Unit) -> Scale {
    let shown = |value| comparison.metric.shown(value);
    let most = sites
        .iter()
        .flat_map(|site| [value(comparison, site), site.limits.map(|limits| shown(limits.control.1))])
        .flatten()
        .fold(comparison.total.value().map_or(1.0, shown), f64::max);
    Scale::Fixed(0.0, if most > 50.0 && *unit == Unit::Percent { 100.0 } else { most.max(1.0) })
}

/// The sites given, in their order: each value, what all have in common, and where a site of its size lies by chance.
#[must_use]
pub fn bars(comparison: &Comparison, sites: &[&SiteRate], currency: &str) -> Figure {
    let bars = sites.iter().map(|site| (site.name.clone(), value(comparison, site))).collect();
    let pooled = comparison.total.value().map(|value| comparison.metric.shown(value));
    let title = format!("{} by site", comparison.metric.label());
    let unit = comparison.metric.unit(currency);
    let scale = scale(comparison, sites, &unit);
    Figure::bars("sites-bars", &title, "Which sites stand out?", unit, bars)
        .with_places("Site")
        .with_scale(scale)
        .with("All sites together", Mark::Bar, Emphasis::Context, sites.iter().map(|_| pooled).collect())
        .with_band(
            "By chance, 99.8 %",
            limit(comparison, sites, |limits| limits.control.0),
            limit(comparison, sites, |limits| limits.control.1),
        )
}

/// All sites: how many were judged across, the value up, and the limits within which it lies by chance.
#[must_use]
pub fn funnel(comparison: &Comparison, currency: &str) -> Figure {
    let mut sites: Vec<&SiteRate> = comparison.sites.iter().filter(|site| site.rate.of > 0).collect();
    sites.sort_by_key(|site| site.rate.of);
    let cases = Axis::Numbers(sites.iter().map(|site| site.rate.of as f64).collect());
    let limit = |pick| limit(comparison, &sites, pick);
    let (metric, (_, what)) = (comparison.metric, comparison.metric.counts());
    let title = format!("{} and how much was judged", metric.label());
    let question = "Which sites differ by more than chance?";
    let figure = Figure::new("sites-funnel", &title, question, metric.unit(currency), cases)
        .with_places(&format!("Site, {what}"))
        .with_band("By chance, 99.8 %", limit(|limits| limits.control.0), limit(|limits| limits.control.1))
        .with_band("By chance, 95 %", limit(|limits| limits.warning.0), limit(|limits| limits.warning.1))
        .with(metric.label(), Mark::Point, Emphasis::Main, sites.iter().map(|site| value(comparison, site)).collect())
        .funnel(sites.iter().map(|site| site.name.clone()).collect());
    match comparison.total.value() {
        Some(pooled) => figure.with_reference("All sites together", metric.shown(pooled)),
        None => figure,
    }
}
