//! The tiles: each with its sample, the period before, and the way to what it is made of.

use leptos::prelude::*;
use muster::charts::Unit;
use muster::workforce::{Among, Portion, Scoped, Share, Standing};

use super::address;
use super::page::Shown;
use crate::ui::{Tile, fmt};

/// A share as per cent.
pub(super) fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "n/a".into(), |share| Unit::Percent.value(100.0 * share))
}

/// A Gini coefficient: two decimals.
pub(super) fn gini(gini: Option<f64>) -> String {
    gini.map_or_else(|| "n/a".into(), |gini| fmt::number(gini, 2))
}

fn people(n: usize) -> String {
    fmt::count(n as i64, "person", "people")
}

pub(super) fn tiles(shown: &Shown, scoped: &Scoped) -> impl IntoView + use<> {
    let part = &scoped.part;
    let hours = part.sharing(Share::Hours);
    let was = |text: String| format!("{text} in the {} before", weeks(shown));
    let of = |among: Among, what: &str| {
        (percent(among.now), was(percent(among.before)), format!("{}, {what}", people(among.people)))
    };
    let (utilization, utilization_was, utilization_of) =
        of(part.portion(Portion::Utilization), "with a contract on record; leave counts as contracted");
    let (accepted, accepted_was, accepted_of) = of(part.portion(Portion::Accepted), "who answered an offer");
    let (on_time, on_time_was, on_time_of) = of(part.portion(Portion::OnTime), "who came to a shift");
    let period = shown.period();
    let sites = "#sites";
    let (uneven, uneven_was) = (gini(hours.and_then(|it| it.gini)), was(gini(part.gini_before[Share::Hours as usize])));
    let whole = format!("{} employed the whole time", people(hours.map_or(0, |it| it.n)));
    view! {
        <section class="tiles" aria-label="In short">
            <Tile
                label="Gini of hours"
                value=uneven
                period=period.clone()
                note=whole
            >
                <span class="people-line">{uneven_was}</span>
                <a class="people-line" href="#sharing-card">"How hours are shared"</a>
            </Tile>
            <Tile label="Utilization" value=utilization period=period.clone() note=utilization_of>
                <span class="people-line">{utilization_was}</span>
                <a class="people-line" href=sites>"Utilization by site"</a>
            </Tile>
            <Tile label="Offers accepted" value=accepted period=period.clone() note=accepted_of>
                <span class="people-line">{accepted_was}</span>
                <a class="people-line" href=sites>"Offers by site"</a>
            </Tile>
            <Tile label="On time" value=on_time period=period.clone() note=on_time_of>
                <span class="people-line">{on_time_was}</span>
                <a class="people-line" href=sites>"On time by site"</a>
            </Tile>
            {certified(shown)}
            {left(shown, scoped)}
        </section>
    }
}

fn weeks(shown: &Shown) -> String {
    fmt::count((shown.it.asked.period.days() / 7) as i64, "week", "weeks")
}

fn certified(shown: &Shown) -> impl IntoView + use<> {
    let it = shown.it.certified;
    let count = |standing| fmt::number(it.of(standing) as f64, 0);
    let expired = address::link(
        address::PATH,
        &address::with(address::of_filter(&shown.filter), "certs", Standing::Expired.code()),
    );
    let value = if it.total() > 0 { percent(Some(it.held() as f64 / it.total() as f64)) } else { "n/a".into() };
    let note = format!(
        "{} of {} required certifications",
        fmt::number(it.held() as f64, 0),
        fmt::number(it.total() as f64, 0)
    );
    let said = format!(
        "{} expired, {} never held, {} within 14 days",
        count(Standing::Expired),
        count(Standing::Missing),
        count(Standing::Days14)
    );
    view! {
        <Tile label="Certifications held" value=value period="Today" note=note>
            <span class="people-line">{said}</span>
            <a class="people-line" href=format!("{expired}#certifications")>"Which have expired"</a>
        </Tile>
    }
}

fn left(shown: &Shown, scoped: &Scoped) -> impl IntoView + use<> {
    let leaving = &scoped.leaving;
    let value = |n: usize| {
        if (1..muster::workforce::FEWEST).contains(&n) { "under 5".to_owned() } else { fmt::number(n as f64, 0) }
    };
    let year = format!("{} in twelve months", value(leaving.in_year));
    view! {
        <Tile label="People who left" value=value(leaving.in_period) period=shown.period() note=format!("{} here at its end", people(leaving.here))>
            <span class="people-line">{year}</span>
            <a class="people-line" href="#leaving">"After how long, and why"</a>
        </Tile>
    }
}
