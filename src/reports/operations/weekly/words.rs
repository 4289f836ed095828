//! What do the week's numbers say? Sentences made from them by rules. What is not on record is not spoken of.

use super::Weekly;
use crate::charts::{Unit, count, day_and_year};
use crate::commerce;
use crate::executive::SiteRate;
use crate::reports::operations::parts::{change, counted, differs, money, most, percent};

/// Sites named in one sentence.
const NAMED: usize = 4;

/// That the week goes on, where it does.
#[must_use]
pub fn open(it: &Weekly) -> Option<String> {
    it.is_open().then(|| {
        let days = count(it.period.days() as i64, "day", "days");
        let name = it.week.name();
        format!(
            "W{} has not ended: this is its first {days}, up to {}, against as many of the week before.",
            &name[1..],
            day_and_year(it.period.last)
        )
    })
}

/// The week in a few sentences.
#[must_use]
pub fn lead(it: &Weekly) -> Vec<String> {
    if let Some(course) = it.course.as_ref().filter(|_| it.is_platform) {
        return course.said();
    }
    let [work, before] = &it.work;
    if work.is_idle() && it.cost() == 0 {
        return vec!["Nothing is on record for this week.".into()];
    }
    let beside =
        |change: Option<String>| change.map(|it| format!(", {it} against the week before")).unwrap_or_default();
    let mut said = vec![if work.fill.of > 0 {
        let beside = beside(change(work.fill, before.fill));
        format!("{} shifts had a worker ({}){beside}.", counted(work.fill), percent(work.fill))
    } else {
        "No shift was planned.".into()
    }];
    if work.no_shows.of > 0 {
        said.push(format!(
            "{} ({}), after {} the week before.",
            count(work.no_shows.hit, "was a no-show", "were no-shows"),
            percent(work.no_shows),
            before.no_shows.hit
        ));
    }
    if work.sla.of > 0 {
        said.push(format!("Work in time: {}{}.", percent(work.sla), beside(change(work.sla, before.sla))));
    }
    let grown = (it.cost_before > 0).then(|| (it.cost() - it.cost_before) as f64 / it.cost_before as f64);
    said.push(format!("The week cost {}{}.", money(it.cost(), &it.currency), against(grown)));
    said.extend(revenue(it));
    said
}

fn against(growth: Option<f64>) -> String {
    growth.map_or_else(String::new, |growth| format!(", {} against the week before", Unit::growth(100.0 * growth)))
}

fn revenue(it: &Weekly) -> Option<String> {
    let (now, before) = (it.revenue()?, it.revenue_before?);
    let amount = commerce::money(now, &it.currency);
    Some(format!("Net revenue was {amount}\u{a0}{}{}.", it.currency, against(commerce::growth(now, before))))
}

/// What went well.
#[must_use]
pub fn well(it: &Weekly) -> Vec<String> {
    moved(it, true).into_iter().chain(outside(it, true)).collect()
}

/// What needs somebody.
#[must_use]
pub fn needs(it: &Weekly) -> Vec<String> {
    let [work, _] = &it.work;
    let mut said = Vec::new();
    if work.unfilled() > 0 {
        let sites = most(&it.sites, |work| work.unfilled(), NAMED);
        said.push(format!("{} had nobody: {sites}.", count(work.unfilled(), "shift", "shifts")));
    }
    if work.no_shows.hit > 0 {
        said.push(format!("No-shows: {}.", most(&it.sites, |work| work.no_shows.hit, NAMED)));
    }
    if work.incidents > 0 {
        let sites = most(&it.sites, |work| work.incidents, NAMED);
        said.push(format!("{} reported: {sites}.", count(work.incidents, "incident was", "incidents were")));
    }
    said.extend(moved(it, false));
    said.extend(outside(it, false));
    said
}

/// The rates that differ from the week before by more than chance explains.
fn moved(it: &Weekly, better: bool) -> Vec<String> {
    let [work, before] = &it.work;
    let rates = [
        ("Shifts filled", work.fill, before.fill),
        ("Attendance", work.attendance, before.attendance),
        ("On time", work.on_time, before.on_time),
        ("Work in time", work.sla, before.sla),
        ("Checkpoints visited", work.coverage, before.coverage),
    ];
    let told = rates.into_iter().filter(|(_, now, before)| differs(*now, *before) == Some(better));
    told.map(|(name, now, before)| {
        format!("{name}: {} ({}), after {}; more than chance explains.", percent(now), counted(now), percent(before))
    })
    .collect()
}

/// The sites outside the limits of chance, metric by metric.
fn outside(it: &Weekly, better: bool) -> Vec<String> {
    let mut said = Vec::new();
    for comparison in &it.comparisons {
        let out: Vec<&SiteRate> =
            comparison.called_out().filter(|site| comparison.is_better(site) == Some(better)).collect();
        if out.is_empty() {
            continue;
        }
        let named: Vec<String> =
            out.iter().take(NAMED).map(|site| format!("{} ({})", site.name, percent(site.rate))).collect();
        let more = match out.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {}", count(more as i64, "more site", "more sites")),
        };
        said.push(format!(
            "{} by site: {}{more}; all sites {}.",
            comparison.metric.label(),
            named.join(", "),
            percent(comparison.total)
        ));
    }
    said
}
