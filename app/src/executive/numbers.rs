//! The six tiles, and the table that one of them opens: the lines it is the sum of.

use leptos::prelude::*;
use muster::charts::Unit;
use muster::executive::{Amount, BigNumber, Health, HealthBand, Kind, Light, Line, Place};

use super::address;
use super::page::Shown;
use crate::ui::{Card, Column, DataTable, Delta, EmptyState, Spark, Tile, fmt};

/// Names on a page of parts.
const MOST: usize = 200;

fn label(kind: Kind) -> &'static str {
    match kind {
        Kind::CostSaved => "Cost saved this month",
        Kind::HoursSaved => "Hours saved this week",
        Kind::Compliance => "Compliance rate",
        Kind::FillRate => "Fill rate",
        Kind::ActiveWorkers => "Active workers this week",
        Kind::CustomerHealth => "Customer health",
    }
}

fn light(light: Light) -> impl IntoView + use<> {
    view! {
        <span class=format!("light light-{}", light.code())>
            <span aria-hidden="true">{light.shape()}" "</span>{light.word()}
        </span>
    }
}

pub(super) fn tiles(shown: &Shown) -> impl IntoView + use<> {
    let tiles = shown.it.numbers.iter().map(|number| tile(number, shown)).collect_view();
    view! {
        <section class="tiles" aria-label="The six numbers">{tiles}</section>
        {baselines(shown)}
    }
}

fn tile(number: &BigNumber, shown: &Shown) -> impl IntoView + use<> {
    let (kind, currency) = (number.kind, shown.currency.as_str());
    let unit = kind.unit(currency);
    let name = if unit == Unit::Percent { String::new() } else { unit.name().to_owned() };
    let before = match (number.now.value(), number.before.value()) {
        (Some(now), Some(before)) => {
            let change = kind.shown(now - before);
            let was = kind.text(Some(before), currency);
            let period = fmt::period(number.previous_period.first, number.previous_period.last);
            view! { <Delta value=change unit=unit.clone()/>" from "{was}" ("{period}")" }.into_any()
        }
        (Some(_), None) => "Nothing to compare with".into_any(),
        (None, _) => kind.nothing().into_any(),
    };
    let target = match number.target {
        // Rounded they look the same, and the light would seem wrong.
        Some(target) if just_under(number, target, currency) => {
            format!(", just under the target {}", kind.text(Some(target), currency))
        }
        Some(target) => format!(", target {}", kind.text(Some(target), currency)),
        None if number.light.is_none() => "no target".into(),
        None => String::new(),
    };
    let lit = number.light.map(light);
    let spark = (kind == Kind::FillRate).then(|| last_week(shown));
    let open = address::link(address::PATH, &address::with(address::of_order(&shown.filter), "show", kind.code()));
    view! {
        <Tile
            label=label(kind)
            value=kind.text(number.now.value(), currency)
            unit=name
            period=fmt::period(number.period.first, number.period.last)
            note=number.sample()
        >
            <span class="executive-line">{lit}{target}</span>
            <span class="executive-line">{before}</span>
            {spark}
            <a class="executive-line" href=format!("{open}#parts") aria-label=format!("What it is made of: {}", label(kind))>
                "What it is made of"
            </a>
        </Tile>
    }
}

fn just_under(number: &BigNumber, target: f64, currency: &str) -> bool {
    let text = |value| number.kind.text(Some(value), currency);
    number.now.value().is_some_and(|now| now < target && text(now) == text(target))
}

fn last_week(shown: &Shown) -> impl IntoView + use<> {
    let points: Vec<Option<f64>> =
        shown.it.fill_days.iter().map(|(_, share)| share.map(|share| 100.0 * share)).collect();
    let known = || points.iter().flatten();
    let label = match (known().next(), known().next_back()) {
        (Some(first), Some(last)) => format!(
            "Fill rate of the last seven days: from {} to {}",
            Unit::Percent.value(*first),
            Unit::Percent.value(*last)
        ),
        _ => "No shift in the last seven days".into(),
    };
    view! { <span class="executive-spark"><Spark points label=label/>"last 7 days"</span> }
}

fn baselines(shown: &Shown) -> impl IntoView + use<> {
    let it = shown.it.baselines;
    let rate = match it.planner_rate_cents {
        Some(cents) => {
            let of = if it.planner_rate_is_set { "set" } else { "the mean of your workers’ rates" };
            format!("an hour of planning costs {} {} ({of})", fmt::number(cents as f64 / 100.0, 2), shown.currency)
        }
        None => "what an hour of planning costs is not known".into(),
    };
    let manual = match it.manual_extra_percent {
        Some(percent) => format!("a roster made by hand costs {} more (set)", Unit::Percent.value(percent)),
        None => "what a roster costs by hand is measured for each site from those that were made so".into(),
    };
    let say = format!(
        "Savings are measured against planning by hand: {} hours for a roster, {} minutes with Muster; {rate}; {manual}.",
        fmt::number(it.manual_hours, 1),
        it.target_minutes
    );
    view! { <p class="executive-baselines" id="baselines">{say}</p> }
}

/// What the number that was asked for is the sum of.
pub(super) fn parts(shown: &Shown) -> Option<impl IntoView + use<>> {
    let kind = shown.it.asked.show?;
    let number = shown.it.numbers.iter().find(|number| number.kind == kind)?;
    let currency = shown.currency.as_str();
    let unit = kind.unit(currency);
    let of_clients = kind == Kind::CustomerHealth;
    let mut columns = vec![
        Column::text("name", if of_clients { "Client" } else { "Site" }),
        Column::number("now", &format!("{} ({})", label(kind), unit.name())),
        Column::number("before", &format!("Before ({})", unit.name())),
        Column::number("change", "Change"),
    ];
    columns.extend(of_clients.then(|| Column::text("made_of", "Made of")));
    let total = lines_total(number);
    let rows: Vec<Vec<AnyView>> =
        std::iter::once(&total).chain(number.lines.iter().take(MOST)).map(|line| row(kind, line, shown)).collect();
    let lead = format!(
        "{}, compared with {}. {}",
        fmt::period(number.period.first, number.period.last),
        fmt::period(number.previous_period.first, number.previous_period.last),
        if of_clients {
            "Health: fill 35, work in time 25, satisfaction 20, trend 20; a part without data drops out. 70 and more is healthy, under 40 churning."
        } else {
            "The first line is the number above."
        }
    );
    let more = (number.lines.len() > MOST).then(|| {
        view! { <p class="executive-more">{MOST}" of "{number.lines.len()}" shown"</p> }
    });
    let body = if number.lines.is_empty() {
        view! { <EmptyState title=kind.nothing()/> }.into_any()
    } else {
        view! { <DataTable caption=format!("{} by {}", label(kind), if of_clients { "client" } else { "site" }) columns rows/>{more} }.into_any()
    };
    Some(view! {
        <div class="executive-part">
            <Card id="parts" title=format!("{}: what it is made of", label(kind)) lead=lead>{body}</Card>
        </div>
    })
}

fn lines_total(number: &BigNumber) -> Line {
    Line { place: None, name: "All together".into(), now: number.now.clone(), before: number.before.clone() }
}

fn row(kind: Kind, line: &Line, shown: &Shown) -> Vec<AnyView> {
    let currency = shown.currency.as_str();
    let value = |amount: &Amount| match amount {
        Amount::Share(rate) | Amount::People(rate) if rate.of > 0 => {
            let n = format!("{} of {}", fmt::number(rate.hit as f64, 0), fmt::number(rate.of as f64, 0));
            if kind == Kind::ActiveWorkers { n } else { format!("{} ({n})", kind.text(amount.value(), currency)) }
        }
        _ => kind.text(amount.value(), currency),
    };
    let change = line.now.value().zip(line.before.value()).map_or_else(
        || "n/a".into_any(),
        |(now, before)| view! { <Delta value=kind.shown(now - before) unit=kind.unit(currency)/> }.into_any(),
    );
    let name = match line.place.and_then(Place::site) {
        Some(site) => {
            let href = address::link(&format!("/team/{site}"), &address::of_period(&shown.filter));
            view! { <a href=href>{line.name.clone()}</a> }.into_any()
        }
        None => line.name.clone().into_any(),
    };
    let mut cells = vec![name, value(&line.now).into_any(), value(&line.before).into_any(), change];
    if let Amount::Health(facts) = &line.now {
        cells.push(made_of(&Health::of(&facts.0, &facts.1)).into_any());
    }
    cells
}

fn made_of(health: &Health) -> String {
    let parts = [
        ("fill", health.fill),
        ("in time", health.sla),
        ("satisfaction", health.satisfaction),
        ("trend", health.trend),
    ];
    let said: Vec<String> =
        parts.into_iter().filter_map(|(name, part)| Some(format!("{name} {}", fmt::points(part?)))).collect();
    let band = health.score().map_or("no data", |score| HealthBand::of(score).word());
    if said.is_empty() { band.into() } else { format!("{band}: {}", said.join(", ")) }
}

#[cfg(test)]
mod tests {
    use muster::metrics::Period;
    use muster::units::Rate;

    use super::*;

    #[test]
    fn what_looks_like_the_target_and_is_less_is_said_to_be_just_under() {
        let day: chrono::NaiveDate = "2026-11-21".parse().expect("a date");
        let period = Period { first: day, last: day };
        let filled = |hit| {
            let now = Amount::Share(Rate { hit, of: 78_597 });
            let (before, target) = (Amount::Share(Rate::default()), Some(0.95));
            let number = BigNumber {
                kind: Kind::FillRate,
                period,
                previous_period: period,
                lines: Vec::new(),
                now,
                before,
                target,
                light: None,
            };
            just_under(&number, 0.95, "ZAR")
        };
        // 94.957 %, which reads 95.0 %; 94.9 %; 95.0002 %.
        assert_eq!([filled(74_633), filled(74_588), filled(74_668)], [true, false, false]);
    }
}
