//! What do the numbers say? Sentences made from them by rules, each shown in a test. No number is made up: what is not
//! on record is said not to be, and an unfinished quarter is said to be one.

use super::{Number, Quarterly};
use crate::charts::{count, day_and_year, number};
use crate::executive::{Comparison, HealthBand, Kind, Light, SiteRate};
use crate::scoring::funnel::wilson;

/// Sites named in one sentence.
const NAMED: usize = 4;
/// Points by which a rate must have moved to be worth a sentence.
const WORTH: f64 = 0.5;

/// The report in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// That the quarter has not ended, where it has not.
    pub open: Option<String>,
    /// The quarter in a few sentences.
    pub lead: Vec<String>,
    /// What went well.
    pub well: Vec<String>,
    /// What needs somebody.
    pub needs: Vec<String>,
}

/// Puts a quarter into words.
#[must_use]
pub fn summary(it: &Quarterly) -> Summary {
    let lead = [standing(it), fill(it), savings(it), without_data(it)];
    Summary {
        open: open(it),
        lead: lead.into_iter().flatten().collect(),
        well: lit(it, Light::OnTarget).chain(beyond_chance(it, true)).chain(moved(it, true)).collect(),
        needs: lit(it, Light::OffTarget)
            .chain(lit(it, Light::Watch))
            .chain(clients(it))
            .chain(beyond_chance(it, false))
            .chain(moved(it, false))
            .collect(),
    }
}

/// That days of the quarter are still to come.
fn open(it: &Quarterly) -> Option<String> {
    it.span.is_open().then(|| {
        format!(
            "{} has not ended: this report covers its first {} of {} days, up to {}, and compares them with as many days.",
            it.span.quarter.name(),
            it.span.period.days(),
            it.span.quarter.period().days(),
            day_and_year(it.span.period.last)
        )
    })
}

/// How many numbers stand where.
fn standing(it: &Quarterly) -> Option<String> {
    let n = |light| it.numbers.iter().filter(|number| number.it.light == Some(light)).count();
    let judged = [(Light::OnTarget, "on target"), (Light::Watch, "to watch"), (Light::OffTarget, "off target")];
    let all: usize = judged.iter().map(|(light, _)| n(*light)).sum();
    if all == 0 {
        return Some("None of the numbers that have a target has data for this time.".into());
    }
    let said: Vec<String> = judged
        .into_iter()
        .filter(|(light, _)| n(*light) > 0)
        .map(|(light, word)| format!("{} {word}", n(light)))
        .collect();
    Some(format!("Of {} with a target: {}.", count(all as i64, "number", "numbers"), listed(&said)))
}

fn fill(it: &Quarterly) -> Option<String> {
    let found = it.number(Kind::FillRate)?;
    found.it.now.value()?;
    let sample = found.it.sample();
    let said: Vec<String> =
        [value(it, found), changes(it, found)].into_iter().filter(|part| !part.is_empty()).collect();
    Some(format!("{sample}: {}.", said.join(", ")))
}

/// What planning saved, against what.
fn savings(it: &Quarterly) -> Option<String> {
    let hours = it.number(Kind::HoursSaved).filter(|hours| hours.it.now.value().is_some())?;
    let rosters = count(it.saved.rosters, "roster", "rosters");
    let cost = it
        .number(Kind::CostSaved)
        .filter(|cost| cost.it.now.value().is_some())
        .map(|cost| format!(" and {}", value(it, cost)))
        .unwrap_or_default();
    Some(format!("Making {rosters} with Muster saved {}{cost} against planning by hand.", value(it, hours)))
}

/// What cannot be said.
fn without_data(it: &Quarterly) -> Option<String> {
    let said: Vec<String> = it
        .numbers
        .iter()
        .filter(|number| number.it.now.value().is_none())
        .map(|number| format!("{} ({})", number.it.kind.label().to_lowercase(), uncapital(number.it.kind.nothing())))
        .collect();
    (!said.is_empty()).then(|| format!("No data for {}.", listed(&said)))
}

/// The numbers that stand so.
fn lit(it: &Quarterly, light: Light) -> impl Iterator<Item = String> + '_ {
    it.numbers.iter().filter(move |number| number.it.light == Some(light)).map(move |number| {
        let kind = number.it.kind;
        let word = match light {
            Light::OffTarget => "off target",
            Light::Watch => "just short of target",
            _ => "on target",
        };
        let target = kind.text(number.it.target, &it.currency);
        let changes = changes(it, number);
        let tail = if changes.is_empty() { String::new() } else { format!("; {changes}") };
        format!("{}: {}, {word} (target {target}){tail}.", kind.label(), value(it, number))
    })
}

/// A value with its unit: `96.4 %`, `1,204.5 hours`.
fn value(it: &Quarterly, found: &Number) -> String {
    let kind = found.it.kind;
    let text = kind.text(found.it.now.value(), &it.currency);
    let unit = kind.unit(&it.currency);
    if unit == crate::charts::Unit::Percent { text } else { format!("{text} {}", unit.name()) }
}

/// How a number has changed, against both; empty where nothing is on record of either.
fn changes(it: &Quarterly, found: &Number) -> String {
    let against = [(found.it.before.value(), it.previous_name()), (found.last_year.value(), it.last_year_name())];
    let said: Vec<String> =
        against.into_iter().filter_map(|(before, name)| change(it, found, before?, &name)).collect();
    said.join(" and ")
}

fn change(it: &Quarterly, found: &Number, before: f64, name: &str) -> Option<String> {
    let kind = found.it.kind;
    let unit = kind.unit(&it.currency);
    let by = kind.shown(found.it.now.value()? - before);
    let size = number(by.abs(), unit.decimals());
    if size == number(0.0, unit.decimals()) {
        return Some(format!("the same as in {name}"));
    }
    let named = match kind {
        Kind::CostSaved => format!("{size} {}", it.currency),
        Kind::HoursSaved => format!("{size} hours"),
        Kind::ActiveWorkers => size,
        Kind::Compliance | Kind::FillRate | Kind::CustomerHealth => format!("{size} points"),
    };
    Some(format!("{} {named} from {name}", if by > 0.0 { "up" } else { "down" }))
}

/// How many clients need somebody.
fn clients(it: &Quarterly) -> Option<String> {
    let lines = &it.number(Kind::CustomerHealth)?.it.lines;
    let bands: Vec<HealthBand> = lines.iter().filter_map(|line| line.now.value()).map(HealthBand::of).collect();
    let n = |band| bands.iter().filter(|other| **other == band).count();
    let (at_risk, churning) = (n(HealthBand::AtRisk), n(HealthBand::Churning));
    let said: Vec<String> = [(at_risk, "at risk"), (churning, "likely to leave")]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{n} {}{word}", if n == 1 { "is " } else { "are " }))
        .collect();
    (!said.is_empty())
        .then(|| format!("Of {}, {}: see Clients.", count(bands.len() as i64, "client", "clients"), listed(&said)))
}

/// The sites outside the limits of chance, metric by metric.
fn beyond_chance(it: &Quarterly, better: bool) -> impl Iterator<Item = String> + '_ {
    it.comparisons.iter().filter_map(move |comparison| {
        let mut out: Vec<&SiteRate> =
            comparison.called_out().filter(|site| comparison.is_better(site) == Some(better)).collect();
        // The farthest from the others first.
        let away = |site: &SiteRate| {
            (site.rate.value().unwrap_or_default() - comparison.total.value().unwrap_or_default()).abs()
        };
        out.sort_by(|a, b| away(b).total_cmp(&away(a)).then_with(|| a.name.cmp(&b.name)));
        let said = named(&out)?;
        let word = if better { "better" } else { "worse" };
        let all = percent(comparison.total.value());
        Some(format!("{}, {word} than chance explains (all sites {all}): {said}.", comparison.metric.label()))
    })
}

fn named(sites: &[&SiteRate]) -> Option<String> {
    let mut said: Vec<String> =
        sites.iter().take(NAMED).map(|site| format!("{} {}", site.name, percent(site.rate.value()))).collect();
    if sites.len() > NAMED {
        said.push(count((sites.len() - NAMED) as i64, "more site", "more sites"));
    }
    (!said.is_empty()).then(|| listed(&said))
}

/// Rates of all sites together that have moved by more than chance explains since the quarter before, other than the
/// numbers that are told anyway.
fn moved(it: &Quarterly, better: bool) -> impl Iterator<Item = String> + '_ {
    use crate::executive::Metric;
    let told = |comparison: &&Comparison| !matches!(comparison.metric, Metric::FillRate | Metric::Compliance);
    it.comparisons.iter().filter(told).filter_map(move |comparison| {
        let (now, before) = (comparison.total.value()?, comparison.before.value()?);
        let (a, b) = (wilson(comparison.total)?, wilson(comparison.before)?);
        let apart = a.0 > b.1 || a.1 < b.0;
        let rose = now > before;
        if !apart || 100.0 * (now - before).abs() < WORTH || (rose != comparison.metric.lower_is_better()) != better {
            return None;
        }
        Some(format!(
            "{} {} from {} to {} since {}.",
            comparison.metric.label(),
            if rose { "rose" } else { "fell" },
            percent(Some(before)),
            percent(Some(now)),
            it.previous_name()
        ))
    })
}

pub(super) fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "n/a".into(), |share| crate::charts::Unit::Percent.value(100.0 * share))
}

fn uncapital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// `a`, `a and b`, `a, b and c`.
fn listed(all: &[String]) -> String {
    match all {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests;
