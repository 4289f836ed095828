//! Who left, after how long and why; and how long people stay.

use leptos::prelude::*;
use muster::workforce::{Scoped, Survival, figures};

use super::page::Shown;
use crate::ui::{Card, ChartFigure, Details, EmptyState, fmt};

pub(super) fn card(shown: &Shown, scoped: &Scoped) -> impl IntoView + use<> {
    let it = &scoped.leaving;
    let lead = format!("Twelve months to {}, {}.", fmt::day_and_year(shown.it.asked.period.last), shown.whose());
    let curve = match &it.survival {
        Some(survival) => curve(survival, shown, scoped).into_any(),
        None => view! {
            <EmptyState title="No curve yet">
                <p>"It takes five people who left."</p>
            </EmptyState>
        }
        .into_any(),
    };
    let told = it.in_year >= muster::workforce::FEWEST;
    let bars = if told {
        let tenure =
            figures::leavers("left-tenure", "Left, by tenure", "After how long did people leave?", &it.by_tenure);
        let reasons = figures::leavers("left-reasons", "Left, by reason", "Why did people leave?", &it.by_reason);
        view! { <ChartFigure figure=tenure/><ChartFigure figure=reasons/> }.into_any()
    } else {
        let title = if it.in_year == 0 { "Nobody left" } else { "Fewer than five people left" };
        view! { <EmptyState title=title><p>"Reasons are told of five people and more."</p></EmptyState> }.into_any()
    };
    view! {
        <Card id="leaving" title="Leaving and staying" lead=lead>
            <div class="columns">
                <div class="stack">{curve}</div>
                <div class="stack">{bars}</div>
            </div>
        </Card>
    }
}

fn curve(survival: &Survival, shown: &Shown, scoped: &Scoped) -> impl IntoView + use<> {
    let year = survival.share_at(365).map(|share| {
        let interval = survival.step_at(365).and_then(|step| step.interval).map(|(low, high)| {
            format!(" (95 % interval {}–{} %)", fmt::number(100.0 * low, 0), fmt::number(100.0 * high, 0))
        });
        format!("{} % stay longer than a year{}. ", fmt::number(100.0 * share, 0), interval.unwrap_or_default())
    });
    let median = match survival.median() {
        Some(days) => format!("Half have left after {}.", fmt::count(i64::from(days), "day", "days")),
        None => "More than half stay as long as anybody was seen.".into(),
    };
    let since = scoped.leaving.since.map(|since| format!(", on record since {}", fmt::day_and_year(since)));
    let sample = format!(
        "{} of {} left up to {}{}.",
        fmt::number(survival.left as f64, 0),
        fmt::count(survival.n as i64, "person", "people"),
        fmt::day_and_year(shown.it.asked.period.last),
        since.unwrap_or_default()
    );
    view! {
        <p class="people-said">{year}{median}" "{sample}</p>
        <ChartFigure figure=figures::staying(survival)/>
        <Details summary="How the curve is made">
            <p>"Kaplan–Meier: at each tenure the share of those then here who left is taken off. People who are still here count for as long as they have been; who was here before the records began counts from then on. "
                "The interval is Greenwood’s, on the log(−log) scale. Tenures at which fewer than five people were seen are left out."</p>
        </Details>
    }
}
