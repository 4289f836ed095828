//! What a team has earned.

use leptos::prelude::*;
use muster::recognition::{AwardCount, TeamAward, Tier};

use super::{COUNTED_DAYS, People, TeamThanks};
use crate::ui::{Card, EmptyState, fmt};

/// The sign of a tier, and the word for it.
#[must_use]
pub fn tier(tier: Tier) -> (&'static str, &'static str) {
    match tier {
        Tier::Bronze => ("B", "bronze"),
        Tier::Silver => ("S", "silver"),
        Tier::Gold => ("G", "gold"),
    }
}

/// The latest achievements of the site's people with the numbers that earned them; without names, how often each was
/// earned.
pub fn awards_card(it: &TeamThanks) -> impl IntoView + use<> {
    let (lead, rows): (String, Vec<AnyView>) = match &it.people {
        People::Named { awards, .. } => {
            ("The latest of this team, with what earned them.".into(), awards.iter().map(named).collect())
        }
        People::Counted(counts) => (
            format!("How often they were earned in the last {COUNTED_DAYS} days."),
            counts.iter().map(counted).collect(),
        ),
    };
    let list = if rows.is_empty() {
        view! {
            <EmptyState title="None earned yet"><p>"Achievements are judged each night, when a week, month or quarter is over."</p></EmptyState>
        }
        .into_any()
    } else {
        view! { <ul class="awards">{rows}</ul> }.into_any()
    };
    view! { <Card id="achievements" title="Achievements" lead=lead>{list}</Card> }
}

fn named(it: &TeamAward) -> AnyView {
    let (sign, word) = tier(it.tier);
    let head = format!("{word}, {}", fmt::day_and_year(it.earned_on));
    row(sign, format!("{}: {}", it.who, it.name), head, format!("{}.", it.evidence))
}

fn counted(it: &AwardCount) -> AnyView {
    let (sign, word) = tier(it.tier);
    row(sign, it.name.clone(), word.into(), format!("Earned {}.", fmt::count(it.times, "time", "times")))
}

fn row(sign: &'static str, name: String, when: String, why: String) -> AnyView {
    view! {
        <li>
            <span class="award-sign earned" aria-hidden="true">{sign}</span>
            <div>
                <p><span class="award-name">{name}</span>" "<span class="entry-when">{when}</span></p>
                <p class="award-why">{why}</p>
            </div>
        </li>
    }
    .into_any()
}
