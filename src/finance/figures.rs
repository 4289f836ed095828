//! The charts of the page.

use chrono::{Datelike, Days, NaiveDate};

use super::filter::whole;
use super::{Ahead, KINDS, Month};
use crate::charts::{Axis, Emphasis, Figure, Mark, Unit};
use crate::models::forecast::{Outlook, chart};

fn units(cents: i64) -> f64 {
    cents as f64 / 100.0
}

/// What was spent up to each day, with the budget, and where the month is heading.
#[must_use]
pub fn course(it: &Month, currency: &str) -> Figure {
    let days: Vec<NaiveDate> = whole(it.month).iter().collect();
    let (over, length) = (it.course.over, it.course.days);
    let mut spent = 0;
    let actual: Vec<Option<f64>> = (0..)
        .zip(&days)
        .map(|(nth, day): (i64, _)| {
            spent += it.days.iter().filter(|(found, _)| found == day).map(|(_, cents)| cents).sum::<i64>();
            (nth < over).then(|| units(spent))
        })
        .collect();
    let question = "Does the month keep within its budget?";
    let axis = Axis::Days(days);
    let mut figure = Figure::new("course", "Spent so far in the month", question, Unit::Count(currency.into()), axis)
        .with("Spent", Mark::Line, Emphasis::Main, actual);
    if let Some(budget) = it.total.budget {
        let line = (1..=length).map(|day| Some(units(budget.total()) * day as f64 / length as f64)).collect();
        figure = figure.with("Budget, evenly", Mark::Line, Emphasis::Context, line);
    }
    if let Some(expected) = it.total.expected.filter(|_| over < length) {
        let (from, to) = (units(it.total.actual.total()), units(expected));
        let step = (to - from) / (length - over) as f64;
        let line = (1..=length).map(|day| (day >= over).then(|| from + step * (day - over) as f64)).collect();
        figure = figure.with("Expected by plan", Mark::Line, Emphasis::Context, line);
        // The last day that is over closes what is known.
        figure = figure.open_from(usize::try_from(over).unwrap_or(0));
    }
    figure
}

/// What it was spent on.
#[must_use]
pub fn kinds(it: &Month, currency: &str) -> Figure {
    let bars = KINDS.map(|(_, name, of)| (name.to_owned(), Some(units(of(it.total.actual)))));
    let figure = Figure::bars(
        "kinds",
        "Cost by kind",
        "What is the money spent on?",
        Unit::Count(currency.into()),
        bars.into_iter().filter(|(_, value)| *value != Some(0.0)).collect(),
    );
    match it.before {
        Some(before) => {
            let ticks =
                KINDS.iter().filter(|(.., of)| of(it.total.actual) != 0).map(|(.., of)| Some(units(of(before))));
            figure.with("Same days of the month before", Mark::Bar, Emphasis::Context, ticks.collect())
        }
        None => figure,
    }
}

/// Pay by the day, and how it goes on by the forecast, with what a day may cost.
#[must_use]
pub fn ahead(it: &Ahead, outlook: &Outlook, currency: &str) -> Figure {
    let known: Vec<(NaiveDate, f64)> = it.known.iter().map(|(day, cents)| (*day, units(*cents))).collect();
    let question = "What will the next 30 days cost in pay?";
    let figure = chart("ahead", "Pay by the day, and the next 30 days", question, ("Pay", currency), &known, outlook);
    let Axis::Days(days) = &figure.x else { return figure };
    let budget: Vec<Option<f64>> = days
        .iter()
        .map(|day| {
            let month = *day - Days::new(u64::from(day.day0()));
            it.budget_a_day.iter().find(|(of, _)| *of == month).map(|(_, cents)| units(*cents))
        })
        .collect();
    if budget.iter().all(Option::is_none) {
        return figure;
    }
    figure.with("Budget, evenly", Mark::Line, Emphasis::Context, budget)
}
