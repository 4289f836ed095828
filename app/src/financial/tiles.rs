//! The numbers finance comes for, each with what it is compared with.

use leptos::prelude::*;
use muster::charts::Unit;
use muster::operations::measures::Costs;

use super::look::{Look, Shown, light};
use crate::ui::{Growth, Tile, fmt};

/// `12.50 above the budget`
fn beside(look: &Look, cents: i64, what: &str) -> String {
    match cents {
        0 => format!("exactly {what}"),
        1.. => format!("{} above {what}", look.money(cents)),
        _ => format!("{} below {what}", look.money(-cents)),
    }
}

pub(super) fn tiles(shown: &Shown) -> impl IntoView + use<> {
    view! {
        <section class="tiles" id="figures" aria-label="The month in money">
            {spent(shown)} {expected(shown)} {budget(shown)} {per_shift(shown)}
        </section>
    }
}

fn spent(shown: &Shown) -> impl IntoView + use<> {
    let (look, total) = (&shown.look, &shown.it.total);
    let spent = total.actual.total();
    let note = match (total.difference, total.to_date) {
        (Some(difference), Some(_)) => beside(look, difference, "the budget to date"),
        _ => "no budget to compare with".into(),
    };
    let before = shown.it.before.map(Costs::total).filter(|before| *before > 0);
    let compared = match before {
        Some(before) => {
            let change = 100.0 * (spent - before) as f64 / before as f64;
            let was = format!(" from {} on the same days of the month before", look.money(before));
            view! { <Growth percent=change lower_is_better=true/> {was} }.into_any()
        }
        None => "n/a: nothing was spent in the month before".into_any(),
    };
    view! {
        <Tile label="Spent" value=look.money(spent) unit=look.currency().to_owned() period=look.period() note=note>{compared}</Tile>
    }
}

fn expected(shown: &Shown) -> impl IntoView + use<> {
    let (look, it) = (&shown.look, &shown.it);
    let (total, course) = (&it.total, it.course);
    let closed = course.over == course.days;
    let (label, period) = match closed {
        true => ("The month cost", "all its days are over".to_owned()),
        false => (
            "Expected for the month",
            format!("{} of {} days over, {} more planned", course.over, course.days, course.planned),
        ),
    };
    let stands = light(total.light());
    let against = match total.against {
        Some(against) => beside(look, against, "the budget"),
        None => "no budget to compare with".into(),
    };
    let rate = match total.run_rate.filter(|_| !closed) {
        Some(rate) => format!("{} at the mean day so far", look.money(rate)),
        None => String::new(),
    };
    let note = if closed || total.planned.unfilled == 0 {
        rate
    } else {
        let unfilled = fmt::count(total.planned.unfilled, "planned shift has", "planned shifts have");
        format!("{rate}; {unfilled} nobody yet and are in no amount")
    };
    view! {
        <Tile label=label value=look.some_money(total.expected) unit=look.currency().to_owned() period=period note=note>
            {stands}", "{against}
        </Tile>
    }
}

fn budget(shown: &Shown) -> impl IntoView + use<> {
    let (look, it) = (&shown.look, &shown.it);
    let budget = it.total.budget.map(Costs::total);
    let with = it.lines.iter().filter(|line| line.budget.is_some()).count();
    let note = match budget {
        Some(_) => format!("of {} of {}", with, fmt::count(it.lines.len() as i64, "site", "sites")),
        None => "none was given for this month".into(),
    };
    let left = budget.map(|budget| {
        let left = budget - it.total.actual.total();
        if left >= 0 {
            format!("{} left", look.money(left))
        } else {
            format!("{} more than that is spent", look.money(-left))
        }
    });
    view! {
        <Tile label="Budget of the month" value=look.some_money(budget) unit=look.currency().to_owned() period=super::look::month_name(it.month) note=note>
            {left}
        </Tile>
    }
}

fn per_shift(shown: &Shown) -> impl IntoView + use<> {
    let (look, total) = (&shown.look, &shown.it.total);
    let pay = total.actual.pay();
    let extra = (pay > 0).then(|| {
        let share = Unit::Percent.value(100.0 * total.actual.overtime as f64 / pay as f64);
        format!("{share} of pay is overtime, {}", look.money(total.actual.overtime))
    });
    view! {
        <Tile
            label="Pay per shift"
            value=look.some_money(total.per_shift())
            unit=look.currency().to_owned()
            period=look.period()
            note=format!("{} paid", fmt::count(total.shifts, "shift", "shifts"))
        >
            {extra}
        </Tile>
    }
}
