//! A moment as people say it, with the exact one on hover.

use chrono::{DateTime, FixedOffset, Utc};
use leptos::prelude::*;

use super::fmt;

/// `2 days ago`; the exact moment, in the offset given, on hover and for machines.
#[component]
pub fn Ago(at: DateTime<FixedOffset>, now: DateTime<Utc>) -> impl IntoView {
    let exact = format!("{}, {} {}", fmt::day_and_year(at.date_naive()), at.format("%H:%M"), at.format("%:z"));
    view! { <time datetime=at.to_rfc3339() title=exact>{fmt::ago(at, now)}</time> }
}
