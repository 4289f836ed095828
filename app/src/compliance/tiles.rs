//! The numbers: each leads to the list it is the sum of.

use leptos::prelude::*;
use muster::charts::Unit;
use muster::compliance::{OLD_DAYS, Section, Standing, TARGET, hours_of};
use muster::units::Rate;

use super::address;
use super::page::Shown;
use crate::ui::{Delta, Tile, fmt};

fn percent(rate: Rate) -> String {
    fmt::percent(rate.hit, rate.of)
}

fn count(n: i64) -> String {
    fmt::number(n as f64, 0)
}

/// A sign and a word for how a number stands.
fn light(good: Option<bool>, (yes, no): (&'static str, &'static str)) -> impl IntoView + use<> {
    let (class, sign, word) = match good {
        Some(true) => ("light-on", "●", yes),
        Some(false) => ("light-off", "▲", no),
        None => ("light-none", "–", "nothing to judge"),
    };
    view! { <span class=format!("light {class}")><span aria-hidden="true">{sign}" "</span>{word}</span> }
}

fn change(now: Rate, before: Rate, lower_is_better: bool) -> AnyView {
    match now.value().zip(before.value()) {
        Some((now, was)) => view! {
            <Delta value=100.0 * (now - was) unit=Unit::Percent lower_is_better=lower_is_better/>
            " from "{percent(before)}" the period before"
        }
        .into_any(),
        None => "Nothing to compare with".into_any(),
    }
}

pub(super) fn tiles(shown: &Shown) -> impl IntoView + use<> {
    view! {
        <section class="tiles" id="figures" aria-label="Compliance in numbers">
            {alerts(shown)} {required(shown)} {to_act_on(shown)} {rosters(shown)} {hours(shown)} {incidents(shown)} {trail(shown)}
        </section>
    }
}

fn open(shown: &Shown, section: Section, what: &'static str) -> impl IntoView + use<> {
    let href = format!("{}#list", address::link(address::PATH, &address::shown(&shown.filter, section)));
    view! { <a class="compliance-line" href=href aria-label=format!("Show: {what}")>"Show"</a> }
}

fn period(shown: &Shown) -> String {
    fmt::period(shown.it.asked.period.first, shown.it.asked.period.last)
}

fn alerts(shown: &Shown) -> impl IntoView + use<> {
    let n = shown.it.alerts.total;
    let opens = open(shown, Section::Alerts, "alerts");
    view! {
        <Tile label="Alerts" value=count(n) period="Planned shifts from today on" note="missing or run out on the day of a planned shift">
            <span class="compliance-line">{light(Some(n == 0), ("none", "to be seen to"))}</span>
            {opens}
        </Tile>
    }
}

fn required(shown: &Shown) -> impl IntoView + use<> {
    let rate = shown.it.matrix.total().in_order();
    let opens = open(shown, Section::Matrix, "certifications and training by site");
    view! {
        <Tile
            label="Required and in order"
            value=percent(rate)
            period="today"
            note=format!("{} of {} required", count(rate.hit), count(rate.of))
        >
            <span class="compliance-line">
                {light((rate.of > 0).then_some(rate.hit == rate.of), ("complete", "not complete"))}", target 100\u{a0}%"
            </span>
            {opens}
        </Tile>
    }
}

fn to_act_on(shown: &Shown) -> impl IntoView + use<> {
    let counts = shown.it.matrix.total();
    let note = format!(
        "{} missing, {} expired, {} end in 30 days or less",
        count(counts.of(Standing::Missing)),
        count(counts.of(Standing::Expired)),
        count(counts.of(Standing::Within14) + counts.of(Standing::Within30))
    );
    let opens = open(shown, Section::People, "what is to be acted on");
    view! {
        <Tile label="To act on" value=count(counts.to_act_on()) period="today and the next 90 days" note=note>
            {opens}
        </Tile>
    }
}

fn rosters(shown: &Shown) -> impl IntoView + use<> {
    let (now, before) = shown.it.rosters;
    let changed = change(now, before, false);
    view! {
        <Tile
            label="Compliance rate"
            value=percent(now)
            period=period(shown)
            note=format!("{} of {} rosters without a breach", count(now.hit), count(now.of))
        >
            <span class="compliance-line">
                {light(now.value().map(|share| share >= TARGET), ("on target", "below target"))}
                ", target "{Unit::Percent.value(100.0 * TARGET)}
            </span>
            <span class="compliance-line">{changed}</span>
        </Tile>
    }
}

fn hours(shown: &Shown) -> impl IntoView + use<> {
    let (_, hours, _) = hours_of(&shown.it.hours);
    let opens = open(shown, Section::Hours, "working time");
    let changed = change(hours, shown.it.hours_before, true);
    view! {
        <Tile
            label="Working time broken"
            value=percent(hours)
            period=period(shown)
            note=format!("{} of {} shifts", count(hours.hit), count(hours.of))
        >
            <span class="compliance-line">{changed}</span>
            {opens}
        </Tile>
    }
}

fn incidents(shown: &Shown) -> impl IntoView + use<> {
    let open_now: i64 = shown.it.incidents.iter().map(|site| site.open).sum();
    let oldest = shown.it.incidents.iter().filter_map(|site| site.oldest).min();
    let note = match oldest {
        Some(day) => {
            let age = (shown.it.asked.today - day).num_days();
            let old = if age > OLD_DAYS { ": long" } else { "" };
            format!("the oldest for {}{old}", fmt::count(age, "day", "days"))
        }
        None => "none is open".into(),
    };
    let reported: i64 = shown.it.incidents.iter().map(|site| site.reported).sum();
    let opens = open(shown, Section::Incidents, "incidents");
    let said = format!("{} reported, {}", count(reported), period(shown));
    view! {
        <Tile label="Incidents open" value=count(open_now) period="now" note=note>
            <span class="compliance-line">{said}</span>
            {opens}
        </Tile>
    }
}

fn trail(shown: &Shown) -> impl IntoView + use<> {
    let rate = shown.it.written();
    let opens = open(shown, Section::Trail, "the audit trail");
    view! {
        <Tile
            label="Changes written down"
            value=percent(rate)
            period=period(shown)
            note=format!("{} of {} changes have a row in the audit log", count(rate.hit), count(rate.of))
        >
            <span class="compliance-line">
                {light((rate.of > 0).then_some(rate.hit == rate.of), ("complete", "gaps"))}", must be 100\u{a0}%"
            </span>
            {opens}
        </Tile>
    }
}
