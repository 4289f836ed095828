//! The period of a page: quick choices as links, exact days in a plain form. The address is the state.

use chrono::NaiveDate;
use leptos::prelude::*;

use super::fmt;

/// The period shown, quick choices of the trend's length, and a form for exact days.
#[component]
pub fn FilterBar(
    /// The page's own address.
    #[prop(into)]
    action: String,
    /// The first day judged.
    from: NaiveDate,
    /// The last day judged.
    to: NaiveDate,
    /// Days of the trend that is shown; the choice that equals it is marked.
    days: u32,
    /// Lengths to choose from.
    choices: Vec<u32>,
    /// Whether `from` and `to` were asked for, so that quick choices keep them.
    #[prop(optional)]
    chosen: bool,
    /// More fields of the form.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let kept = if chosen { format!("&from={from}&to={to}") } else { String::new() };
    let links = choices
        .into_iter()
        .map(|choice| {
            let href = format!("{action}?days={choice}{kept}");
            let current = (choice == days).then_some("true");
            view! { <a class="choice" href=href aria-current=current>{choice}" days"</a> }
        })
        .collect_view();
    view! {
        <div class="filter-bar">
            <nav class="choices" aria-label="Length of the trend">{links}</nav>
            <details class="filters">
                <summary><span class="filters-word">"Period"</span>" "{fmt::period(from, to)}</summary>
                <form method="get" action=action class="filter-form">
                    <input type="hidden" name="days" value=days.to_string()/>
                    <label class="field">"From"<input type="date" name="from" value=from.to_string()/></label>
                    <label class="field">"To"<input type="date" name="to" value=to.to_string()/></label>
                    {children.map(|children| children())}
                    <button class="button" type="submit">"Show"</button>
                </form>
            </details>
        </div>
    }
}
