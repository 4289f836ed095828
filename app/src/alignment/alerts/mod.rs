//! Alerts on `/alignment` and `/alignment/alerts`: what is open, what somebody does about it, what was.

pub(crate) mod api;
mod card;
mod fns;
mod history;

pub(super) use card::card;
pub use history::HistoryPage;

use leptos::prelude::*;
use muster::alignment::alerts::Severity;

/// The page of what was.
pub(crate) const HISTORY: &str = "/alignment/alerts";

/// A shape and a word, never a colour alone.
pub(super) fn light(severity: Severity) -> impl IntoView + use<> {
    let (look, shape) = match severity {
        Severity::Critical => ("off", "■"),
        Severity::Broken => ("off", "✕"),
        Severity::Warning => ("watch", "▲"),
        Severity::NoData => ("none", "○"),
    };
    view! { <span class=format!("light light-{look}")><span aria-hidden="true">{shape}" "</span>{severity.label()}</span> }
}
