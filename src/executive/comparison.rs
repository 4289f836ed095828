//! All sites by one metric, so that a small site is not called bad by chance: only what lies outside the 99.8 % limits
//! around the pooled rate is called out.

use serde::Serialize;

use super::facts::SiteFacts;
use super::filter::By;
use super::metric::Metric;
use crate::scoring::funnel::{Limits, limits, wilson};
use crate::team::FEWEST;
use crate::units::{Rate, SiteId};

/// Whose figures a line holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A site's.
    Site(SiteId),
    /// Those of so many sites of fewer than five people each, who are not told apart.
    Small(usize),
}

impl Place {
    /// The site, where it is one.
    #[must_use]
    pub fn site(self) -> Option<SiteId> {
        match self {
            Self::Site(site) => Some(site),
            Self::Small(_) => None,
        }
    }

    /// What many small sites together are called.
    #[must_use]
    pub fn small_name(sites: usize) -> String {
        let sites = if sites == 1 { "1 site".into() } else { format!("{sites} sites") };
        format!("{sites} of fewer than five people")
    }
}

/// A site's rate among the others.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SiteRate {
    /// Whose.
    pub place: Place,
    /// Its name.
    pub name: String,
    /// The period's.
    pub rate: Rate,
    /// That of the period it is compared with.
    pub before: Rate,
    /// Where a site of its size lies by chance; `None` with nothing to judge.
    pub limits: Option<Limits>,
    /// Wilson's 95 % interval of its own rate, as shares.
    pub interval: Option<(f64, f64)>,
    /// Outside the 99.8 % limits.
    pub called_out: bool,
}

impl SiteRate {
    /// How much the rate has changed, as a share.
    #[must_use]
    pub fn change(&self) -> Option<f64> {
        Some(self.rate.value()? - self.before.value()?)
    }
}

/// All sites by one metric.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// By what.
    pub metric: Metric,
    /// Those that had something to judge in either period, by name.
    pub sites: Vec<SiteRate>,
    /// How many had nothing.
    pub idle: usize,
    /// The period, all of them together: their pooled rate.
    pub total: Rate,
    /// The same for what it is compared with.
    pub before: Rate,
}

impl Comparison {
    /// Compares the sites. Without `names` those of fewer than five people are one line where the metric is about people.
    #[must_use]
    pub fn of(metric: Metric, sites: &[SiteFacts], names: bool) -> Self {
        let lines: Vec<(Place, String, bool, Rate, Rate)> = sites
            .iter()
            .map(|site| {
                let small = !names && metric.is_of_people() && site.people < FEWEST;
                (Place::Site(site.id), site.name.clone(), small, metric.of(&site.now), metric.of(&site.before))
            })
            .filter(|(.., now, before)| now.of > 0 || before.of > 0)
            .collect();
        let idle = sites.len() - lines.len();
        let (small, shown): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.2);
        let mut rates: Vec<(Place, String, Rate, Rate)> =
            shown.into_iter().map(|(place, name, _, now, before)| (place, name, now, before)).collect();
        if !small.is_empty() {
            let sum = |pick: fn(&(Place, String, bool, Rate, Rate)) -> Rate| {
                small.iter().map(pick).fold(Rate::default(), |sum, rate| sum + rate)
            };
            let name = Place::small_name(small.len());
            rates.push((Place::Small(small.len()), name, sum(|line| line.3), sum(|line| line.4)));
        }
        Self::among(metric, rates, idle)
    }

    /// Compares rates with their sum.
    #[must_use]
    pub fn among(metric: Metric, rates: Vec<(Place, String, Rate, Rate)>, idle: usize) -> Self {
        let sum = |pick: fn(&(Place, String, Rate, Rate)) -> Rate| {
            rates.iter().map(pick).fold(Rate::default(), |sum, rate| sum + rate)
        };
        let (total, before) = (sum(|line| line.2), sum(|line| line.3));
        let judge = |(place, name, rate, before): (Place, String, Rate, Rate)| {
            let limits = total.value().and_then(|pooled| limits(pooled, u64::try_from(rate.of).ok()?));
            let outside = |share: f64, limits: Limits| share < limits.control.0 || share > limits.control.1;
            // Many sites together are no site that somebody could look into.
            let called_out = place.site().is_some()
                && rate.value().zip(limits).is_some_and(|(share, limits)| outside(share, limits));
            SiteRate { place, name, rate, before, limits, interval: wilson(rate), called_out }
        };
        Self { metric, idle, total, before, sites: rates.into_iter().map(judge).collect() }
    }

    /// The sites in an order; what has no value comes last either way, and names decide between equals.
    #[must_use]
    pub fn ordered(&self, by: By, descending: bool) -> Vec<&SiteRate> {
        let mut sites: Vec<&SiteRate> = self.sites.iter().collect();
        if by == By::Site {
            if descending {
                sites.reverse();
            }
            return sites;
        }
        let value = |site: &SiteRate| match by {
            By::Site | By::Cases => Some(site.rate.of as f64),
            By::Rate => site.rate.value(),
            By::Previous => site.before.value(),
            By::Change => site.change(),
        };
        sites.sort_by(|a, b| match (value(a), value(b)) {
            (Some(x), Some(y)) if descending => y.total_cmp(&x),
            (Some(x), Some(y)) => x.total_cmp(&y),
            (x, y) => y.is_some().cmp(&x.is_some()),
        });
        sites
    }

    /// Those that are called out, in the order of their names.
    pub fn called_out(&self) -> impl Iterator<Item = &SiteRate> {
        self.sites.iter().filter(|site| site.called_out)
    }

    /// Whether a site that is called out is better than the others.
    #[must_use]
    pub fn is_better(&self, site: &SiteRate) -> bool {
        (site.rate.value() > self.total.value()) != self.metric.lower_is_better()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn site(nth: u128, hit: i64, of: i64) -> (Place, String, Rate, Rate) {
        (Place::Site(SiteId(Uuid::from_u128(nth))), format!("Site {nth}"), Rate { hit, of }, Rate::default())
    }

    #[test]
    fn one_no_show_in_five_shifts_is_not_called_out_and_sixty_in_five_hundred_are() {
        // 1 + 60 + 439 of 5 + 500 + 9,495: pooled 5 %.
        let sites = vec![site(1, 1, 5), site(2, 60, 500), site(3, 439, 9_495)];
        let comparison = Comparison::among(Metric::NoShows, sites, 0);
        assert_eq!(comparison.total.value(), Some(0.05));
        let called_out: Vec<&str> = comparison.called_out().map(|site| site.name.as_str()).collect();
        assert_eq!(called_out, ["Site 2"]);
        assert!(!comparison.is_better(&comparison.sites[1]), "more no-shows are no praise");
        assert!(comparison.sites[0].rate.value() > comparison.sites[1].rate.value(), "though its rate is higher");
    }

    #[test]
    fn what_has_no_value_comes_last_either_way() {
        let sites = vec![site(1, 0, 0), site(2, 9, 10), site(3, 5, 10)];
        let comparison = Comparison::among(Metric::FillRate, sites, 0);
        let names = |descending| {
            let ordered = comparison.ordered(By::Rate, descending);
            ordered.into_iter().map(|site| site.name.clone()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!((names(true), names(false)), ("Site 2 Site 3 Site 1".into(), "Site 3 Site 2 Site 1".into()));
    }
}
