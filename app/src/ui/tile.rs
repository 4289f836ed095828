//! Big numbers: each with its period and what it is compared with.

use leptos::prelude::*;
use muster::charts::Unit;

/// A change: an arrow, the number with its sign, a word for those who see neither. Between shares it is said in points.
#[component]
pub fn Delta(value: f64, unit: Unit, #[prop(optional)] lower_is_better: bool) -> impl IntoView {
    changed(value, unit.change(value), unit.change(0.0), lower_is_better)
}

/// By how many per cent something grew, said like a [`Delta`].
#[component]
pub fn Growth(percent: f64, #[prop(optional)] lower_is_better: bool) -> impl IntoView {
    changed(percent, Unit::growth(percent), Unit::growth(0.0), lower_is_better)
}

fn changed(value: f64, text: String, nothing: String, lower_is_better: bool) -> impl IntoView {
    let same = text == nothing;
    let better = (value > 0.0) != lower_is_better;
    let (class, arrow, word) = match (same, better) {
        (true, _) => ("same", "■", "unchanged"),
        (_, true) => ("better", if value > 0.0 { "▲" } else { "▼" }, "better"),
        (_, false) => ("worse", if value > 0.0 { "▲" } else { "▼" }, "worse"),
    };
    view! {
        <span class=format!("delta delta-{class}")>
            <span class="delta-arrow" aria-hidden="true">{arrow}</span>
            {text}
            <span class="sr-only">", "{word}</span>
        </span>
    }
}

/// Characters that fit into the narrowest tile at full size.
const LONG: usize = 11;

/// A number people come for.
#[component]
pub fn Tile(
    #[prop(into)] label: String,
    /// The number, formatted.
    #[prop(into)]
    value: String,
    /// What it counts, said small after it.
    #[prop(optional, into)]
    unit: String,
    /// The days it is about.
    #[prop(into)]
    period: String,
    /// A [`Delta`] or a word, and what it is compared with.
    #[prop(optional)]
    children: Option<Children>,
    /// What must be said, such as that the sample is small.
    #[prop(optional, into)]
    note: String,
    /// The name under which live events tell a newer number.
    #[prop(optional, into)]
    live: String,
) -> impl IntoView {
    // Twenty million with cents would break in the middle.
    let class = if value.chars().count() > LONG { "tile-value tile-value-long" } else { "tile-value" };
    let value =
        if live.is_empty() { value.into_any() } else { view! { <span data-live=live>{value}</span> }.into_any() };
    view! {
        <div class="tile">
            <p class="tile-label">{label}</p>
            <p class=class>{value}{(!unit.is_empty()).then(|| view! { <span class="tile-unit">" "{unit}</span> })}</p>
            {children.map(|children| view! { <p class="tile-compared">{children()}</p> })}
            <p class="tile-period">{period}</p>
            {(!note.is_empty()).then(|| view! { <p class="tile-note">{note}</p> })}
        </div>
    }
}
