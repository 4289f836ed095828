//! All sites by one metric, so that a small site is not called bad by chance: only what lies outside the 99.8 % limits
//! around what all have in common is called out.

use serde::Serialize;

use super::facts::{Sample, SiteFacts};
use super::filter::By;
use super::metric::{Better, Chance, Metric};
use crate::scoring::funnel::{Limits, event_interval, event_limits, limits, mean_interval, mean_limits, wilson};
use crate::team::FEWEST;
use crate::units::{Rate, SiteId};

/// Whose figures a line holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A site's.
    Site(SiteId),
    /// Those of so many sites that are not told apart: of fewer than five people each, and as many of the smallest others as it
    /// takes that five people stand together.
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
}

/// What is told apart, and what stands together so that nobody can be recognized.
#[derive(Debug)]
pub(super) struct Parted<T> {
    /// Of five people or more each.
    pub apart: Vec<T>,
    /// The others.
    pub together: Vec<T>,
    /// Whether larger ones are among them, as it would be fewer than five people without.
    with_larger: bool,
}

impl<T> Parted<T> {
    /// Parts sites by how many people each has.
    pub fn by(sites: impl IntoIterator<Item = T>, people: impl Fn(&T) -> i64) -> Self {
        let (mut together, mut apart): (Vec<T>, Vec<T>) = sites.into_iter().partition(|site| people(site) < FEWEST);
        let mut with_larger = false;
        while !together.is_empty() && together.iter().map(&people).sum::<i64>() < FEWEST {
            let Some(smallest) = (0..apart.len()).min_by_key(|nth| people(&apart[*nth])) else { break };
            together.push(apart.remove(smallest));
            with_larger = true;
        }
        Self { apart, together, with_larger }
    }

    /// Those that stand together, and what they are called; `None` where there are none.
    pub fn small(&self) -> Option<(Place, String)> {
        let sites = self.together.len();
        let name = match (sites, self.with_larger) {
            (0, _) => return None,
            (1, _) => "1 site of fewer than five people".to_owned(),
            (_, false) => format!("{sites} sites of fewer than five people"),
            (_, true) => format!("{sites} of the smallest sites together"),
        };
        Some((Place::Small(sites), name))
    }
}

/// The fewest people whose figures these are, in the period and in what it is compared with, each only where it has any.
pub(super) fn fewest(now: i64, before: i64) -> i64 {
    [now, before].into_iter().filter(|people| *people > 0).min().unwrap_or_default()
}

/// How many people a site's figures by a metric are of: scores are not of everybody who works there.
fn people_in(metric: Metric, site: &SiteFacts) -> i64 {
    match metric {
        Metric::Bpi => site.people.min(fewest(site.now.scores.rate.of, site.before.scores.rate.of)),
        _ => site.people,
    }
}

/// A site's sums by one metric, of a period and of what it is compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// Whose.
    pub place: Place,
    /// Its name.
    pub name: String,
    /// The period's.
    pub now: Sample,
    /// That of the period it is compared with.
    pub before: Sample,
}

/// A site's rate or mean among the others.
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
    /// What the values of a mean vary by; `None` with fewer than two, and of what is no mean.
    pub sd: Option<f64>,
    /// Where a site of its size lies by chance; `None` with nothing to judge.
    pub limits: Option<Limits>,
    /// Outside the 99.8 % limits.
    pub called_out: bool,
}

impl SiteRate {
    /// How much it has changed.
    #[must_use]
    pub fn change(&self) -> Option<f64> {
        Some(self.rate.value()? - self.before.value()?)
    }

    /// The 95 % interval of its own value: Wilson's, or from its own spread where it is a mean.
    #[must_use]
    pub fn interval(&self, metric: Metric) -> Option<(f64, f64)> {
        match metric.chance() {
            Chance::Share => wilson(self.rate),
            Chance::Events => event_interval(self.rate),
            Chance::Mean => mean_interval(self.rate.value()?, self.sd?, self.rate.of),
        }
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
    /// Whether nothing is told, as the sites that were chosen are of fewer than five people all together.
    pub withheld: bool,
    /// The period, all of them together: what they have in common.
    pub total: Rate,
    /// The same for what it is compared with.
    pub before: Rate,
}

/// Whether figures of these sites by a metric are of fewer than five people all together.
pub(super) fn of_few(metric: Metric, sites: &[SiteFacts]) -> bool {
    metric.is_of_people() && sites.iter().map(|site| people_in(metric, site)).sum::<i64>() < FEWEST
}

/// The sums of the sites by one metric, and how many had nothing to judge. Without `names` those of fewer than five people
/// are one line, itself of five or more, where the metric is about people.
pub(super) fn compared(metric: Metric, sites: &[SiteFacts], names: bool) -> (Vec<Compared>, usize) {
    let sums = |site: &SiteFacts| (metric.of(&site.now), metric.of(&site.before));
    let judged = |site: &&SiteFacts| {
        let (now, before) = sums(site);
        now.rate.of > 0 || before.rate.of > 0
    };
    let idle = sites.iter().filter(|site| !judged(site)).count();
    let open = names || !metric.is_of_people();
    let parted = Parted::by(sites.iter().filter(judged), |site| if open { FEWEST } else { people_in(metric, site) });
    let line = |site: &&SiteFacts| {
        let (now, before) = sums(site);
        Compared { place: Place::Site(site.id), name: site.name.clone(), now, before }
    };
    let mut lines: Vec<Compared> = parted.apart.iter().map(line).collect();
    if let Some((place, name)) = parted.small() {
        let together = parted.together.iter().map(|site| sums(site));
        let (now, before) =
            together.fold((Sample::default(), Sample::default()), |sum, it| (sum.0 + it.0, sum.1 + it.1));
        lines.push(Compared { place, name, now, before });
    }
    (lines, idle)
}

impl Comparison {
    /// Compares the sites. Without `names` those of fewer than five people are one line, itself of five or more, where the metric
    /// is about people.
    #[must_use]
    pub fn of(metric: Metric, sites: &[SiteFacts], names: bool) -> Self {
        let (lines, idle) = compared(metric, sites, names);
        Self::among(metric, lines, idle)
    }

    /// Nothing of sites that are of too few people.
    pub(super) fn withheld(metric: Metric) -> Self {
        Self { withheld: true, ..Self::among(metric, Vec::new(), 0) }
    }

    /// Compares sums with what they have in common.
    #[must_use]
    pub fn among(metric: Metric, lines: Vec<Compared>, idle: usize) -> Self {
        let sum = |pick: fn(&Compared) -> Sample| {
            lines.iter().map(pick).fold(Sample::default(), |sum, sample| sum + sample).rate
        };
        let (total, before) = (sum(|line| line.now), sum(|line| line.before));
        let limits = common(metric, total, &lines);
        let is_mean = metric.chance() == Chance::Mean;
        let judge = |line: Compared| {
            let rate = line.now.rate;
            let limits = u64::try_from(rate.of).ok().and_then(&limits);
            let outside = |value: f64, limits: Limits| value < limits.control.0 || value > limits.control.1;
            // Many sites together are no site that somebody could look into.
            let called_out = line.place.site().is_some()
                && rate.value().zip(limits).is_some_and(|(value, limits)| outside(value, limits));
            let sd = line.now.sd().filter(|_| is_mean);
            SiteRate { place: line.place, name: line.name, rate, before: line.before.rate, sd, limits, called_out }
        };
        Self { metric, idle, withheld: false, total, before, sites: lines.into_iter().map(judge).collect() }
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

    /// Whether a site that is called out is better than the others; `None` where neither way is.
    #[must_use]
    pub fn is_better(&self, site: &SiteRate) -> Option<bool> {
        let more = site.rate.value() > self.total.value();
        match self.metric.better() {
            Better::Higher => Some(more),
            Better::Lower => Some(!more),
            Better::Neither => None,
        }
    }
}

/// Within which limits so many cases lie by chance, given what all sites have in common. A mean varies by how its values
/// vary within the sites: what lies between them is what is looked for.
fn common(metric: Metric, total: Rate, lines: &[Compared]) -> impl Fn(u64) -> Option<Limits> + use<> {
    let judged = || lines.iter().map(|line| line.now).filter(|sample| sample.rate.of > 0);
    let free = total.of - judged().count() as i64;
    let apart: f64 = if metric.chance() == Chance::Mean { judged().map(Sample::apart).sum() } else { 0.0 };
    let sd = (free > 0).then(|| (apart / free as f64).sqrt());
    let pooled = total.value();
    move |of| match metric.chance() {
        Chance::Share => limits(pooled?, of),
        Chance::Events => event_limits(pooled?, of),
        Chance::Mean => mean_limits(pooled?, sd?, of),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::executive::facts::Facts;

    fn site(nth: u128, hit: i64, of: i64) -> Compared {
        measured(nth, hit, of, 0)
    }

    fn measured(nth: u128, hit: i64, of: i64, squares: i64) -> Compared {
        let now = Sample { rate: Rate { hit, of }, squares };
        Compared {
            place: Place::Site(SiteId(Uuid::from_u128(nth))),
            name: format!("Site {nth}"),
            now,
            before: Sample::default(),
        }
    }

    fn called_out(comparison: &Comparison) -> Vec<&str> {
        comparison.called_out().map(|site| site.name.as_str()).collect()
    }

    #[test]
    fn one_no_show_in_five_shifts_is_not_called_out_and_sixty_in_five_hundred_are() {
        // 1 + 60 + 439 of 5 + 500 + 9,495: pooled 5 %.
        let sites = vec![site(1, 1, 5), site(2, 60, 500), site(3, 439, 9_495)];
        let comparison = Comparison::among(Metric::NoShows, sites, 0);
        assert_eq!(comparison.total.value(), Some(0.05));
        assert_eq!(called_out(&comparison), ["Site 2"]);
        assert_eq!(comparison.is_better(&comparison.sites[1]), Some(false), "more no-shows are no praise");
        assert!(comparison.sites[0].rate.value() > comparison.sites[1].rate.value(), "though its rate is higher");
    }

    #[test]
    fn a_mean_is_judged_by_its_standard_error() {
        // Every site's values lie 10 about their mean, half above and half below: 1,000 shifts each at 100, fewer at 103.
        let of = |nth, mean: i64, n: i64| measured(nth, mean * n, n, (mean * mean + 100) * n);
        let sites = vec![of(1, 100, 1_000), of(2, 100, 1_000), of(3, 103, 200), of(4, 103, 16)];
        let comparison = Comparison::among(Metric::CostPerShift, sites, 0);
        // z·sd/√n: 3.09 × 10/√200 = 2.19 about 100.29, and 7.73 for sixteen.
        assert_eq!(called_out(&comparison), ["Site 3"]);
        let limits = comparison.sites[2].limits.unwrap();
        assert!((limits.control.1 - limits.control.0 - 4.37).abs() < 0.01, "{limits:?}");
        let (low, high) = comparison.sites[2].interval(Metric::CostPerShift).unwrap();
        assert!((high - low - 2.0 * 1.96 * 10.0 / 200f64.sqrt()).abs() < 0.02, "{low} {high}");
        let alone = Comparison::among(Metric::CostPerShift, vec![measured(1, 7, 1, 49)], 0);
        assert_eq!(alone.sites[0].limits, None, "one value says nothing of how values vary");
    }

    #[test]
    fn more_incidents_than_chance_explains_are_called_out_and_not_judged() {
        let comparison =
            Comparison::among(Metric::Incidents, vec![site(1, 30, 1_000), site(2, 2, 20), site(3, 68, 9_000)], 0);
        assert_eq!(called_out(&comparison), ["Site 1"]);
        assert_eq!(comparison.is_better(&comparison.sites[0]), None, "reporting is neither good nor bad");
    }

    #[track_caller]
    fn parted(people: &[i64], apart: &[i64], together: &[i64], name: Option<&str>) {
        let found = Parted::by(people.iter().copied(), |people| *people);
        assert_eq!((found.apart.as_slice(), found.together.as_slice()), (apart, together));
        assert_eq!(found.small().map(|(_, name)| name).as_deref(), name);
    }

    #[test]
    fn no_line_is_of_fewer_than_five_people() {
        parted(&[9, 5, 7], &[9, 5, 7], &[], None);
        parted(&[9, 3, 2], &[9], &[3, 2], Some("2 sites of fewer than five people"));
        parted(&[9, 3, 6], &[9], &[3, 6], Some("2 of the smallest sites together"));
        parted(&[1, 2, 8], &[], &[1, 2, 8], Some("3 of the smallest sites together"));
        parted(&[3], &[], &[3], Some("1 site of fewer than five people"));
    }

    #[test]
    fn the_fewest_people_of_both_periods_count_and_of_scores_those_scored() {
        assert_eq!([fewest(6, 4), fewest(6, 0), fewest(0, 4), fewest(0, 0)], [4, 6, 4, 0]);
        let facts = |nth: u128, scored: i64| SiteFacts {
            id: SiteId(Uuid::from_u128(nth)),
            name: format!("Site {nth}"),
            client: None,
            people: 9,
            now: Facts { scores: Rate { hit: 50, of: scored }.into(), ..Facts::default() },
            before: Facts::default(),
            earlier: Facts::default(),
            sums: crate::operations::running::Sums::default(),
        };
        let sites = [facts(1, 9), facts(2, 1), facts(3, 6)];
        let places = |names| {
            let (lines, _) = compared(Metric::Bpi, &sites, names);
            lines
                .into_iter()
                .map(|line| (line.place.site().map(|it| it.0.as_u128()), line.now.rate.of))
                .collect::<Vec<_>>()
        };
        assert_eq!(places(false), [(Some(1), 9), (None, 7)], "one score is nobody's business");
        assert_eq!(places(true).len(), 3);
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
