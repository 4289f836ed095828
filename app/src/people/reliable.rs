//! Who can be relied on: the better half at most, so that nobody is last.

use leptos::prelude::*;
use muster::charts::Unit;
use muster::scoring::Unranked;
use muster::workforce::{Reliable, Scoped};

use super::page::Shown;
use crate::ui::{Card, Details, EmptyState, fmt};

pub(super) fn card(shown: &Shown, scoped: &Scoped) -> impl IntoView + use<> {
    let it = &scoped.reliable;
    let lead = format!("{}, {}, at least five scheduled shifts.", shown.period(), shown.whose());
    let ranked = fmt::count(it.ranked as i64, "person was ranked", "people were ranked");
    let body = if let Some(why) = it.unranked {
        let why = match why {
            Unranked::FewToCompare => "Fewer than five people had shifts.",
            Unranked::NoMoreThanChance => "People differ no more than chance would make them.",
        };
        view! { <EmptyState title="No ranking"><p>{why}</p></EmptyState> }.into_any()
    } else if shown.names {
        let entries: Vec<_> = it.people.iter().map(|one| entry(one, shown)).collect();
        view! { <ol class="performers">{entries}</ol><p class="people-note">{ranked}", "{it.too_few_shifts}" had fewer than five shifts."</p> }.into_any()
    } else {
        view! {
            <EmptyState title="Not shown without names">
                <p>{ranked}". Only HR sees who can be relied on most."</p>
            </EmptyState>
        }
        .into_any()
    };
    view! {
        <Card id="reliable" title="Most reliable" lead=lead>
            {body}
            <Details summary="How are they chosen?">
                <p>"By the share of scheduled shifts that somebody came to, on time. Few shifts say little, so each share is drawn towards everybody’s: the fewer the shifts, the more. "
                    "The interval holds the true share with 90 % probability; where two overlap, the order may be chance. Never more than the better half is listed, and nobody is listed as last."</p>
            </Details>
        </Card>
    }
}

fn entry(one: &Reliable, shown: &Shown) -> impl IntoView + use<> {
    let name = shown.it.reliable.get(&one.worker).cloned().unwrap_or_default();
    let percent = |value: f64| Unit::Percent.value(value);
    let shifts = format!("{} of {} on time", one.on_time.hit, fmt::count(one.on_time.of, "shift", "shifts"));
    view! {
        <li class="performer">
            <span class="performer-name">{name}</span>
            <span class="performer-score">{percent(one.ranked.score)}</span>
            <span class="performer-why">{shifts}" · 90 % interval "{percent(one.ranked.low)}" – "{percent(one.ranked.high)}</span>
        </li>
    }
}
