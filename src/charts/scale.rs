//! Where values and places lie in the plot, and which of them get a label.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::figure::{Axis, Figure, Mark, Scale};
use super::format;

/// The values drawn, lowest to highest, and those that get a line and a label.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Values {
    pub low: f64,
    pub high: f64,
    pub ticks: Vec<f64>,
}

impl Values {
    pub(super) fn of(figure: &Figure) -> Self {
        if let Scale::Fixed(low, high) = figure.scale
            && low.is_finite()
            && high.is_finite()
            && low < high
        {
            return Self { low, high, ticks: zone_ticks(figure, low, high).unwrap_or_else(|| ticks(low, high)) };
        }
        let (low, high) = extent(figure);
        if let Some(values) = whole_zones(figure, low, high) {
            return values;
        }
        let step = step((high - low) / 4.0);
        let (low, high) = ((low / step).floor() * step, (high / step).ceil() * step);
        Self { low, high, ticks: ticks(low, high) }
    }

    /// How far up from the bottom a value lies, 0–1; what lies beyond is at the edge.
    pub(super) fn up(&self, value: f64) -> f64 {
        // Halved first: the difference of two huge numbers is infinite.
        let share = (value / 2.0 - self.low / 2.0) / (self.high / 2.0 - self.low / 2.0);
        if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 }
    }
}

/// The lowest and highest value of everything drawn; never the same.
fn extent(figure: &Figure) -> (f64, f64) {
    let mut values: Vec<f64> =
        figure.references.iter().map(|reference| reference.value).filter(|value| value.is_finite()).collect();
    for series in &figure.series {
        values.extend((0..figure.x.len()).filter_map(|place| series.at(place)));
        values.extend((0..figure.x.len()).filter_map(|place| series.low_at(place)));
        if matches!(series.mark, Mark::Bar | Mark::Area) {
            values.push(0.0);
        }
    }
    let low = values.iter().copied().fold(f64::INFINITY, f64::min).max(-1e300);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max).min(1e300);
    if low > high {
        return (0.0, 1.0);
    }
    // Room enough that the ticks differ in what floating point can tell apart.
    let least = (low.abs().max(high.abs()) * 1e-6).max(1e-6);
    if high - low < least { (low - least.max(0.5), high + least.max(0.5)) } else { (low, high) }
}

/// Widened to the zones it touches, with their bounds as ticks.
fn whole_zones(figure: &Figure, low: f64, high: f64) -> Option<Values> {
    let below = figure.zones.iter().rev().find(|zone| zone.from <= low)?.from;
    let above = figure.zones.iter().find(|zone| zone.to >= high)?.to;
    let ticks = zone_ticks(figure, below, above)?;
    (below < above).then_some(Values { low: below, high: above, ticks })
}

fn zone_ticks(figure: &Figure, low: f64, high: f64) -> Option<Vec<f64>> {
    let mut bounds: Vec<f64> = figure.zones.iter().flat_map(|zone| [zone.from, zone.to]).collect();
    bounds.retain(|bound| (low..=high).contains(bound));
    bounds.sort_by(f64::total_cmp);
    bounds.dedup();
    (bounds.len() > 1).then_some(bounds)
}

/// A step of 1, 2 or 5 times a power of ten that is at least as long.
fn step(at_least: f64) -> f64 {
    let power = 10_f64.powf(at_least.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= at_least * 0.999)
        .unwrap_or(at_least)
}

fn ticks(low: f64, high: f64) -> Vec<f64> {
    let step = step((high - low) / 4.0);
    let first = (low / step).ceil();
    (0..=5).map(|n| (first + f64::from(n)) * step).filter(|tick| *tick <= high + step * 1e-6).collect()
}

/// Where each place lies, 0–1 from the left.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Places {
    pub at: Vec<f64>,
    /// The width of one place where bars are drawn; 0 otherwise.
    pub width: f64,
}

impl Places {
    pub(super) fn of(figure: &Figure) -> Self {
        let count = figure.x.len();
        let bars = figure.series.iter().any(|series| series.mark == Mark::Bar);
        let width = 1.0 / count.max(1) as f64;
        let even = |_: &()| (0..count).map(|place| (place as f64 + 0.5) * width).collect();
        match &figure.x {
            _ if bars => Self { at: even(&()), width },
            Axis::Categories(_) => Self { at: even(&()), width: 0.0 },
            Axis::Days(days) => {
                Self { at: spread(days.iter().map(|day| f64::from(day.num_days_from_ce()))), width: 0.0 }
            }
            Axis::Numbers(numbers) => Self { at: spread(numbers.iter().copied()), width: 0.0 },
        }
    }
}

fn spread(values: impl Iterator<Item = f64> + Clone) -> Vec<f64> {
    let low = values.clone().fold(f64::INFINITY, f64::min);
    let high = values.clone().fold(f64::NEG_INFINITY, f64::max);
    values
        .map(|value| {
            let share = (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
            if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.5 }
        })
        .collect()
}

/// The places that get a label, and the label: few enough for a phone.
pub(super) fn place_labels(axis: &Axis) -> Vec<(usize, String)> {
    match axis {
        Axis::Days(days) => day_labels(days),
        Axis::Categories(names) => every(names.len(), 6).map(|at| (at, names[at].clone())).collect(),
        Axis::Numbers(numbers) => every(numbers.len(), 5).map(|at| (at, short_number(numbers[at]))).collect(),
    }
}

fn every(count: usize, most: usize) -> impl Iterator<Item = usize> {
    (0..count).step_by(count.div_ceil(most).max(1))
}

/// A number on an axis: no decimals that say nothing.
pub(super) fn short_number(value: f64) -> String {
    let decimals = if value.fract().abs() < 1e-9 {
        0
    } else if value.abs() < 1.0 {
        2
    } else {
        1
    };
    format::number(value, decimals)
}

/// A number beside an axis, where there is room for five characters: `9,500`, `25k`, `1.5M`.
pub(super) fn tick_number(value: f64) -> String {
    let (scaled, sign) = match value.abs() {
        ..10_000.0 => return short_number(value),
        ..1e6 => (value / 1e3, "k"),
        ..1e9 => (value / 1e6, "M"),
        _ => (value / 1e9, "bn"),
    };
    format!("{}{sign}", short_number(scaled))
}

fn day_labels(days: &[NaiveDate]) -> Vec<(usize, String)> {
    let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) else { return Vec::new() };
    let wanted: Vec<(NaiveDate, String)> = match (*last - *first).num_days() {
        ..=8 => from(*first, *last, |day| day.checked_add_days(Days::new(2))),
        9..=45 => mondays(*first, *last, 7),
        46..=75 => mondays(*first, *last, 14),
        span => {
            let step = if span <= 150 {
                1
            } else if span <= 240 {
                2
            } else {
                u32::try_from(span / 120).unwrap_or(12)
            };
            months(*first, *last, step)
        }
    };
    let found: Vec<(usize, String)> = wanted
        .into_iter()
        .filter_map(|(day, label)| Some((days.iter().position(|other| *other == day)?, label)))
        .collect();
    // Days that are weeks apart need not be the Mondays or firsts that were wanted.
    if found.len() < 2 && days.len() > 1 {
        return every(days.len(), 6).map(|at| (at, format::day(days[at]))).collect();
    }
    found
}

fn from(first: NaiveDate, last: NaiveDate, next: impl Fn(NaiveDate) -> Option<NaiveDate>) -> Vec<(NaiveDate, String)> {
    std::iter::successors(Some(first), |day| next(*day))
        .take_while(|day| *day <= last)
        .take(12)
        .map(|day| (day, format::day(day)))
        .collect()
}

fn mondays(first: NaiveDate, last: NaiveDate, every: u64) -> Vec<(NaiveDate, String)> {
    let to_monday = (7 - u64::from(first.weekday().num_days_from_monday())) % 7;
    let Some(monday) = first.checked_add_days(Days::new(to_monday)) else { return Vec::new() };
    from(monday, last, |day| day.checked_add_days(Days::new(every)))
}

fn months(first: NaiveDate, last: NaiveDate, step: u32) -> Vec<(NaiveDate, String)> {
    let next = |day: NaiveDate| day.with_day(1).and_then(|day| day.checked_add_months(Months::new(step)));
    let start = if first.day() == 1 {
        Some(first)
    } else {
        first.with_day(1).and_then(|day| day.checked_add_months(Months::new(1)))
    };
    let Some(start) = start else { return Vec::new() };
    from(start, last, next)
        .into_iter()
        .map(|(day, _)| {
            let label = if day.month() == 1 { day.year().to_string() } else { format::month(day).to_owned() };
            (day, label)
        })
        .collect()
}
