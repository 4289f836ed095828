//! How something is shared: how many have how much, how uneven that is, and whether it becomes more even.

use leptos::prelude::*;
use muster::workforce::{Scoped, Share, Sharing, figures};

use super::page::Shown;
use super::{address, tiles};
use crate::ui::{Card, ChartFigure, Details, EmptyState, fmt};

pub(super) fn card(shown: &Shown, scoped: &Scoped) -> impl IntoView + use<> {
    let share = shown.it.asked.share;
    let choices: Vec<_> = Share::ALL
        .iter()
        .map(|other| {
            let href =
                address::link(address::PATH, &address::with(address::of_order(&shown.filter), "share", other.code()));
            let current = (*other == share).then_some("true");
            view! { <a class="choice" href=format!("{href}#sharing-card") aria-current=current>{other.label()}</a> }
        })
        .collect();
    let body = scoped.part.sharing(share).map(|sharing| body(sharing, scoped));
    let lead = format!("{}, {}.", shown.period(), shown.whose());
    view! {
        <Card id="sharing-card" title="How work is shared" lead=lead>
            <nav class="choices people-choices" aria-label="What is shared">{choices}</nav>
            {body}
            <Details summary="What the Gini coefficient says">
                <p>"0: everybody has the same. Towards 1: one person has it all. It is the mean difference between any two people, over twice the mean: Σ|xᵢ − xⱼ| / (2n²x̄), uncorrected. "
                    "Only people employed on every day of the period count, on leave or not. Part-time and full-time are not told apart: unequal is not always unfair."</p>
            </Details>
        </Card>
    }
}

fn body(sharing: &Sharing, scoped: &Scoped) -> impl IntoView + use<> {
    let Some([low, middle, high]) = sharing.quartiles else {
        return view! {
            <EmptyState title="Too few people">
                <p>"Fewer than five people were employed on every day of these weeks."</p>
            </EmptyState>
        }
        .into_any();
    };
    let share = sharing.share;
    let unit = figures::unit(share);
    let value = |value: f64| unit.value(value);
    let before = scoped.part.gini_before[share as usize];
    let partly = if sharing.partly > 0 {
        let who = fmt::count(sharing.partly as i64, "person came or left", "people came or left");
        format!(" {who} in between and are not counted here.")
    } else {
        String::new()
    };
    let uneven = match sharing.gini {
        Some(gini) => format!("Gini {}, before {}.", fmt::number(gini, 2), tiles::gini(before)),
        None => "There was nothing to share, so nothing to judge.".into(),
    };
    let said = format!(
        "{uneven} Of {} employed the whole time, half have between {} and {} {}, the middle one {}.{partly}",
        fmt::count(sharing.n as i64, "person", "people"),
        value(low),
        value(high),
        unit.name(),
        value(middle)
    );
    let points: Vec<_> = scoped.trend.iter().map(|point| (point.last, point.gini[share as usize])).collect();
    view! {
        <p class="people-said" id="sharing-said">{said}</p>
        <div class="columns">
            <div class="stack"><ChartFigure figure=figures::histogram(sharing)/></div>
            <div class="stack"><ChartFigure figure=figures::trend(share, &points)/></div>
        </div>
    }
    .into_any()
}
