//! The next 30 days: the forecast, its bands, how likely the budget is passed, and how good it was so far.

use leptos::prelude::*;
use muster::finance::{Ahead, MonthEnd, figures};
use muster::models::forecast::{Forecast, Verdict};

use super::look::{Look, Shown, month_name};
use crate::ui::{Card, ChartFigure, Details, EmptyState, Notice, NoticeKind, fmt};

/// The card of the month that runs; nothing for one that is over.
pub(super) fn card(shown: &Shown) -> impl IntoView + use<> {
    let open = shown.it.course.over < shown.it.course.days;
    let running = shown.look.caller.today().format("%Y-%m").to_string() == shown.it.month.format("%Y-%m").to_string();
    (open && running).then(|| {
        let lead = "Pay by the day, continued by several methods; their mean, in which each counts by how near it came before. The bands come from its own past errors.";
        let body = match &shown.it.ahead {
            None => early().into_any(),
            Some(ahead) => body(shown, ahead).into_any(),
        };
        view! { <Card id="ahead-card" title="The next 30 days" lead=lead>{body}</Card> }
    })
}

fn early() -> impl IntoView + use<> {
    view! {
        <EmptyState title="No forecast yet">
            <p>"It is made each morning at six from at least eight weeks of days that had a cost."</p>
        </EmptyState>
    }
}

/// Why there is none to see, though one was made.
pub(crate) fn withheld(forecast: &Forecast) -> impl IntoView + use<> {
    let why = match &forecast.verdict {
        Some(verdict) => verdict.words.clone(),
        None => "It is judged on the own past on Sundays at three, and shown from then on if it was better than the same day of the week before.".into(),
    };
    view! { <EmptyState title="No forecast is shown"><p>{why}</p></EmptyState> }
}

fn body(shown: &Shown, ahead: &Ahead) -> impl IntoView + use<> {
    let Some(outlook) = &ahead.forecast.outlook else { return withheld(&ahead.forecast).into_any() };
    let look = &shown.look;
    let month = ahead.month.map(|end| month(look, shown, end));
    let figure = figures::ahead(ahead, outlook, look.currency());
    let quality = ahead.forecast.verdict.as_ref().map(quality);
    view! {
        {month}
        <ChartFigure figure=figure/>
        {quality}
    }
    .into_any()
}

fn month(look: &Look, shown: &Shown, end: MonthEnd) -> impl IntoView + use<> {
    let budget = shown.it.total.budget.map(|budget| look.money(budget.total()));
    let within = match end.bands {
        // Of few past totals the wider band is not wider than what was ever seen.
        [Some(of_80), of_95] if of_95.is_none_or(|of_95| of_95 == of_80) => {
            format!(" (80 %: {} to {})", look.money(of_80.0), look.money(of_80.1))
        }
        [Some(of_80), Some(of_95)] => format!(
            " (80 %: {} to {}; 95 %: {} to {})",
            look.money(of_80.0),
            look.money(of_80.1),
            look.money(of_95.0),
            look.money(of_95.1)
        ),
        _ => " (too few past totals for a band)".into(),
    };
    let said = format!(
        "By the forecast {} comes to {} {}{within}, other costs than pay at their mean day.",
        month_name(shown.it.month),
        look.money(end.total),
        look.currency()
    );
    let chance = match (end.chance_over, budget) {
        (Some(chance), Some(budget)) => {
            let words = format!("The chance that it passes the budget of {budget} is {}.", whole_percent(chance));
            if end.alarming() {
                let words = format!("More likely than not the month costs more than its budget. {words}");
                view! { <Notice kind=NoticeKind::Warning><p>{words}</p></Notice> }.into_any()
            } else {
                view! { <p>{words}</p> }.into_any()
            }
        }
        (None, Some(_)) => {
            view! { <p>"How likely the budget is passed cannot be said: too few of the sites have one, or too few past totals are known."</p> }.into_any()
        }
        _ => view! { <p>"There is no budget to compare with."</p> }.into_any(),
    };
    view! { <p>{said}</p> {chance} }
}

/// `63 %`, never the certainty of `0 %` or `100 %`.
fn whole_percent(share: f64) -> String {
    match (100.0 * share).round() {
        low if low < 1.0 => "under 1\u{a0}%".into(),
        high if high > 99.0 => "over 99\u{a0}%".into(),
        percent => format!("{percent:.0}\u{a0}%"),
    }
}

/// How good it was: figures beside those of the simple answer.
pub(crate) fn quality(verdict: &Verdict) -> impl IntoView + use<> {
    let number = |value: Option<f64>| value.map_or_else(|| "n/a".into(), |value| format!("{value:.2}"));
    let share = |value: Option<f64>| value.map_or_else(|| "n/a".into(), |value| format!("{:.1}\u{a0}%", 100.0 * value));
    let judged = format!(
        "Tried on the own past through {}: {} of 30 days each, in {}. It was made of what was known before, then compared with what came.",
        fmt::day(verdict.through),
        fmt::count(verdict.windows as i64, "window", "windows"),
        fmt::count(verdict.series as i64, "series", "series")
    );
    let off = format!(
        "How far a day was off, in usual changes from week to week: {}; the same day of the week before was off by {}. The total of 30 days was off by {}.",
        number(verdict.mase[0]),
        number(verdict.mase[1]),
        share(verdict.total_error)
    );
    let held = format!(
        "Its 80 % band held {} of the days, its 95 % band {}.",
        share(verdict.coverage[0]),
        share(verdict.coverage[1])
    );
    let words = verdict.words.clone();
    view! {
        <Details summary="How good is this forecast?">
            <p>{judged}</p>
            <p>{off}</p>
            <p>{held}</p>
            <p>{words}</p>
        </Details>
    }
}

#[cfg(test)]
mod tests {
    use super::whole_percent;

    #[test]
    fn nothing_is_certain() {
        for (share, said) in
            [(0.0, "under 1\u{a0}%"), (0.634, "63\u{a0}%"), (0.999, "over 99\u{a0}%"), (0.99, "99\u{a0}%")]
        {
            assert_eq!(whole_percent(share), said);
        }
    }
}
