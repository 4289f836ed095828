//! The page's charts.

use chrono::NaiveDate;

use super::leaving::Count;
use super::monitor::Monitor;
use super::person::{Measure, Share};
use super::ratio::Difference;
use super::sharing::Sharing;
use super::survival::Survival;
use crate::charts::{Axis, Emphasis, Figure, Mark, Scale, Unit};

/// Days in a month of tenure.
const MONTH: f64 = 365.25 / 12.0;
/// Most points of a curve: a table that can be read.
const MOST_POINTS: u32 = 60;

/// The unit of what is shared.
#[must_use]
pub fn unit(share: Share) -> Unit {
    match share {
        Share::Hours | Share::Overtime => Unit::Hours,
        Share::Nights => Unit::Count("nights".into()),
        Share::Weekends => Unit::Count("weekend days".into()),
        Share::Offers => Unit::Count("offers".into()),
    }
}

/// The unit groups are compared in.
#[must_use]
pub fn unit_of(measure: Measure) -> Unit {
    match measure {
        Measure::Bpi => Unit::Points,
        Measure::Hours => Unit::Other("hours a week".into()),
        Measure::Nights | Measure::Weekends | Measure::Overtime => Unit::Percent,
        Measure::Offers => Unit::Other("offers".into()),
    }
}

/// How many people have how much.
#[must_use]
pub fn histogram(sharing: &Sharing) -> Figure {
    let whole = |value: f64| crate::charts::number(value, 0);
    let single = sharing.bars.first().is_some_and(|bar| bar.to - bar.from <= 1.0) && sharing.share != Share::Hours;
    let name = |from: f64, to: f64| if single { whole(from) } else { format!("{}–{}", whole(from), whole(to)) };
    let names = sharing.bars.iter().map(|bar| name(bar.from, bar.to)).collect();
    let people = sharing.bars.iter().map(|bar| bar.people.map(|people| people as f64)).collect();
    let title = format!("{} per person", sharing.share.label());
    let question = "How many people have how much?";
    let figure = Figure::new("sharing", &title, question, Unit::Count("people".into()), Axis::Categories(names))
        .with_places(&format!("{} per person", sharing.share.label()))
        .with("People", Mark::Bar, Emphasis::Main, people);
    if sharing.bars.iter().any(|bar| bar.people.is_none()) {
        return figure.with_note("Bars of fewer than five people, and one beside them, are left out.");
    }
    figure
}

/// How evenly it was shared, four weeks by four weeks.
#[must_use]
pub fn trend(share: Share, points: &[(NaiveDate, Option<f64>)]) -> Figure {
    let (days, values): (Vec<_>, Vec<_>) =
        points.iter().map(|(day, gini)| (*day, gini.map(|gini| 100.0 * gini))).unzip();
    let title = format!("Unevenness of {} over time", share.label().to_lowercase());
    Figure::new(
        "gini-trend",
        &title,
        "Is it shared more evenly than before?",
        Unit::Other("Gini × 100".into()),
        Axis::Days(days),
    )
    .with_places("Four weeks to")
    .with("Unevenness", Mark::Line, Emphasis::Main, values)
}

/// The share still here by months of tenure, with its 95 % interval.
#[must_use]
pub fn staying(survival: &Survival) -> Figure {
    let months = (f64::from(survival.until) / MONTH).floor() as u32;
    let every = (months / MOST_POINTS + 1).max(1);
    let places: Vec<u32> = (0..=months).filter(|month| month % every == 0).collect();
    let days = |month: u32| (f64::from(month) * MONTH).floor() as u32;
    let share = places.iter().map(|month| survival.share_at(days(*month)).map(|share| 100.0 * share)).collect();
    let bound = |pick: fn((f64, f64)) -> f64| -> Vec<Option<f64>> {
        let at = |month: &u32| match survival.step_at(days(*month)) {
            None => Some(100.0),
            Some(step) => step.interval.map(|interval| 100.0 * pick(interval)),
        };
        places.iter().map(at).collect()
    };
    let x = Axis::Numbers(places.iter().map(|month| f64::from(*month)).collect());
    Figure::new("staying", "How long people stay", "What share is still here after so many months?", Unit::Percent, x)
        .with_places("Month")
        .with_scale(Scale::Fixed(0.0, 100.0))
        .with("Still here", Mark::Step, Emphasis::Main, share)
        .with_band("95 % interval", bound(|it| it.0), bound(|it| it.1))
}

/// How many left, by what.
#[must_use]
pub fn leavers(id: &str, title: &str, question: &str, counts: &[Count]) -> Figure {
    let bars: Vec<(String, Option<f64>)> =
        counts.iter().map(|(name, count)| (name.clone(), count.map(|count| count as f64))).collect();
    let hidden = bars.iter().any(|(_, count)| count.is_none());
    let figure = Figure::bars(id, title, question, Unit::Count("people".into()), bars);
    if hidden {
        figure.with_note("Fewer than five people, and who would give them away, are not told apart.")
    } else {
        figure
    }
}

/// Each group's difference from the rest, with its interval, in the order given.
#[must_use]
pub fn differences(monitor: &Monitor, lines: &[(String, Difference)]) -> Figure {
    let bars = lines.iter().map(|(name, difference)| (name.clone(), Some(difference.by))).collect();
    let title = format!("{}: more or less than the rest", monitor.of.label());
    let of = |pick: fn(&Difference) -> f64| lines.iter().map(|(_, it)| Some(pick(it))).collect::<Vec<_>>();
    let unit = if monitor.of.is_percent() { Unit::Other("percentage points".into()) } else { unit_of(monitor.of) };
    let low = lines.iter().map(|(_, it)| it.low).fold(0.0, f64::min);
    let high = lines.iter().map(|(_, it)| it.high).fold(0.0, f64::max);
    let air = ((high - low) * 0.04).max(0.01);
    Figure::bars("differences", &title, "Which groups have more or less than the rest?", unit, bars)
        .with_places(monitor.by.label())
        .with_scale(Scale::Fixed(low - air, high + air))
        .with("No difference", Mark::Bar, Emphasis::Context, lines.iter().map(|_| Some(0.0)).collect())
        .with_band("95 % interval", of(|it| it.low), of(|it| it.high))
}
