//! The charts of orders and money. Heights are the only place where an amount is not exact; the tables beside them are.

use super::customers::Customers;
use super::filter::Grain;
use super::orders::Orders;
use super::revenue::Revenue;
use super::sums::{Stretch, height};
use crate::charts::{Axis, Emphasis, Figure, Mark, Unit};

fn over(id: &str, title: &str, question: &str, unit: Unit, grain: Grain, parts: &[Stretch]) -> Figure {
    let axis = Axis::Days(parts.iter().map(|part| part.first).collect());
    Figure::new(id, title, question, unit, axis).with_places(match grain {
        Grain::Day => "Day",
        Grain::Week => "Week from",
        Grain::Month => "Month from",
    })
}

/// Gross and net revenue over the period.
#[must_use]
pub fn revenue(it: &Revenue, currency: &str) -> Figure {
    let unit = Unit::Count(currency.to_owned());
    let value = |of: fn(&Stretch) -> f64| it.parts.iter().map(|part| Some(of(part))).collect();
    over("revenue", "Revenue", "How does revenue go?", unit, it.grain, &it.parts)
        .with("Net", Mark::Area, Emphasis::Main, value(|part| height(part.sums.net())))
        .with("Gross", Mark::Line, Emphasis::Context, value(|part| height(part.sums.gross)))
}

/// Orders over the period.
#[must_use]
pub fn volume(it: &Orders) -> Figure {
    let value = |of: fn(&Stretch) -> i64| it.parts.iter().map(|part| Some(of(part) as f64)).collect();
    let unit = Unit::Count("orders".into());
    over("volume", "Orders", "How many orders come?", unit, it.grain, &it.parts)
        .with("Placed", Mark::Bar, Emphasis::Main, value(|part| part.sums.orders))
        .with(
            "Cancelled or rejected",
            Mark::Line,
            Emphasis::Context,
            value(|part| part.sums.cancelled + part.sums.rejected),
        )
}

/// New customers over the period.
#[must_use]
pub fn newcomers(it: &Customers) -> Figure {
    let value = |of: fn(&Stretch) -> i64| it.parts.iter().map(|part| Some(of(part) as f64)).collect();
    let unit = Unit::Count("customers".into());
    over("newcomers", "New customers", "How many customers come for the first time?", unit, it.grain, &it.parts).with(
        "New",
        Mark::Bar,
        Emphasis::Main,
        value(|part| part.sums.new_customers),
    )
}
